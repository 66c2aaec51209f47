import { FieldDoesNotExist, FieldError, ValueError } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import { makeCol } from "../expressions/col.ts";
import { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelClass } from "../models/types.ts";
import { closeMatches } from "../util/close-matches.ts";
import { repr } from "../util/repr.ts";
import { joinTable, unrefAlias } from "./aliases.ts";
import { INNER, Join } from "./joins.ts";
import type { JoinInfo, PathField, PathInfo } from "./path.ts";
import type { Query } from "./query.ts";

/** Names such as `author__name__startswith`, resolved on the models to joins, columns and lookups. */

/** A path in `exclude()` crosses a relation to many rows. */
export class MultiJoin extends Error {
  readonly level: number;
  readonly namesWithPath: NamesWithPath;

  constructor(level: number, namesWithPath: NamesWithPath) {
    super("multi-valued join");
    this.level = level;
    this.namesWithPath = namesWithPath;
  }
}

export type NamesWithPath = readonly (readonly [name: string, path: readonly PathInfo[]])[];

export interface ResolvedPath {
  readonly path: readonly PathInfo[];
  readonly finalField: Field;
  readonly targets: readonly Field[];
  readonly rest: readonly string[];
}

/** The names that a path may begin with, for error messages. */
export function choices(query: Query, opts: Options | null, ...more: Iterable<string>[]): string {
  const names = new Set(opts?.fieldChoices() ?? []);
  const all = [...names, ...query.annotationSelect.keys(), ...query.filteredRelations.keys()];
  for (const list of more) all.push(...list);
  return all.sort().join(", ");
}

/**
 * Follows names from a model as far as they are fields and relations.
 *
 * @throws MultiJoin where `allowMany` is false and the path leads to many rows
 */
export function namesToPath(
  query: Query,
  names: readonly string[],
  start: Options,
  { allowMany = true, failOnMissing = false }: { allowMany?: boolean; failOnMissing?: boolean } = {},
): ResolvedPath {
  const path: PathInfo[] = [];
  const namesWithPath: (readonly [string, PathInfo[]])[] = [];
  let opts: Options | null = start;
  let finalField: Field | undefined;
  let targets: readonly Field[] = [];
  let pos = -1;
  for (const original of names) {
    pos++;
    const current: readonly [string, PathInfo[]] = [original, []];
    const name = original === "pk" && opts !== null ? opts.pk.name : original;
    let field: PathField | undefined = opts?.findField(name) as PathField | undefined;
    let filteredRelation = null;
    if (field === undefined) {
      const annotation = query.annotationSelect.get(name);
      if (annotation !== undefined) {
        field = annotation.outputField as unknown as PathField;
      } else if (pos === 0 && query.filteredRelations.has(name) && opts !== null) {
        filteredRelation = query.filteredRelations.get(name) ?? null;
        const { relationName } = filteredRelation as { relationName: string };
        if (relationName.includes("__")) {
          const inner = namesToPath(query, relationName.split("__"), opts, { allowMany, failOnMissing });
          path.push(...inner.path.slice(0, -1));
          field = inner.finalField as unknown as PathField;
        } else {
          field = opts.getField(relationName) as PathField;
        }
      }
    }
    if (field === undefined) {
      pos--;
      if (pos === -1 || failOnMissing) {
        throw new FieldError(
          `Cannot resolve keyword '${name}' into field. Choices are: ${choices(query, opts)}`,
        );
      }
      break;
    }
    if (field.isRelation && !field.relatedModel) {
      throw new FieldError(
        `Field '${name}' does not generate an automatic reverse relation and therefore cannot be used for reverse querying. If it is a GenericForeignKey, consider adding a GenericRelation.`,
      );
    }
    // The type of an annotation may belong to no model.
    const isFree = field instanceof Field && !field.bound;
    const model = isFree ? null : ((field as { model?: ModelClass }).model?._meta?.concreteModel ?? null);
    if (opts !== null && model !== null && model !== opts.model) {
      const toParent: readonly PathInfo[] = opts.getPathToParent(model) as readonly PathInfo[];
      const last = toParent[toParent.length - 1];
      if (last !== undefined) {
        path.push(...toParent);
        current[1].push(...toParent);
        opts = last.toOpts;
      }
    }
    if (field.getPathInfo !== undefined) {
      const infos: readonly PathInfo[] = field.getPathInfo(filteredRelation);
      if (!allowMany) {
        const many = infos.findIndex((info) => info.m2m);
        if (many >= 0) {
          current[1].push(...infos.slice(0, many + 1));
          namesWithPath.push(current);
          throw new MultiJoin(pos + 1, namesWithPath);
        }
      }
      const last = infos[infos.length - 1] as PathInfo;
      path.push(...infos);
      finalField = last.joinField as unknown as Field;
      opts = last.toOpts;
      targets = last.targetFields;
      current[1].push(...infos);
      namesWithPath.push(current);
    } else {
      finalField = field as unknown as Field;
      targets = [finalField];
      if (failOnMissing && pos + 1 !== names.length) {
        throw new FieldError(
          `Cannot resolve keyword ${repr(names[pos + 1])} into field. Join on '${name}' not permitted.`,
        );
      }
      break;
    }
  }
  return { path, finalField: finalField as Field, targets, rest: names.slice(pos + 1) };
}

/** Joins all tables of a path. Names behind the last field are transforms. */
export function setupJoins(
  query: Query,
  names: readonly string[],
  start: Options,
  startAlias: string,
  { canReuse = null, allowMany = true }: { canReuse?: Set<string> | null; allowMany?: boolean } = {},
): JoinInfo {
  let resolved: ResolvedPath | undefined;
  let transforms: readonly string[] = [];
  let lastError: FieldError | undefined;
  for (let pivot = names.length; pivot > 0; pivot--) {
    try {
      resolved = namesToPath(query, names.slice(0, pivot), start, { allowMany, failOnMissing: true });
    } catch (error) {
      if (!(error instanceof FieldError) || pivot === 1) throw error;
      // The shortest path that still fails names the culprit best.
      lastError = error;
      continue;
    }
    transforms = names.slice(pivot);
    break;
  }
  if (resolved === undefined) throw new FieldError(`Cannot resolve '${names.join("__")}' into field.`);
  const { path, finalField, targets } = resolved;
  let alias = startAlias;
  let opts = start;
  const joins = [alias];
  for (const info of path) {
    opts = info.toOpts;
    const join = new Join({
      tableName: opts.dbTable,
      parentAlias: alias,
      tableAlias: info.filteredRelation?.alias ?? null,
      joinType: INNER,
      joinField: info.joinField,
      nullable: info.direct ? info.joinField.null === true : true,
      filteredRelation: info.filteredRelation,
    });
    alias = joinTable(query, join, info.m2m ? canReuse : null);
    joins.push(alias);
    if (info.filteredRelation !== null && canReuse !== null) canReuse.add(alias);
  }
  return {
    finalField,
    targets,
    opts,
    joins,
    path,
    hasTransforms: transforms.length > 0,
    transform(field, fieldAlias) {
      let expression: Expression = makeCol(query.aliasCols ? fieldAlias : null, field);
      for (const name of transforms) {
        try {
          expression = tryTransform(expression, name);
        } catch (error) {
          if (error instanceof FieldError && finalField instanceof Field && lastError !== undefined)
            throw lastError;
          throw error;
        }
      }
      return expression;
    },
  };
}

/** Leaves out joins whose column the table before them has as well: `box__id` is `box_id`. */
export function trimJoins(
  query: Query,
  targets: readonly Field[],
  joins: readonly string[],
  path: readonly PathInfo[],
): { targets: readonly Field[]; alias: string; joins: readonly string[] } {
  const kept = [...joins];
  let current = targets;
  for (let i = path.length - 1; i >= 0; i--) {
    const info = path[i] as PathInfo;
    if (kept.length === 1 || !info.direct || info.filteredRelation !== null) break;
    const pairs = info.joinField.getJoiningFields();
    const bases: Field[] = [];
    for (const target of current) {
      const pair = pairs.find(([, rhs]) => rhs.column === target.column);
      if (pair !== undefined) bases.push(pair[0]);
    }
    if (bases.length !== current.length) break;
    current = bases;
    unrefAlias(query, kept.pop() as string);
  }
  return { targets: current, alias: kept[kept.length - 1] as string, joins: kept };
}

type TransformClass = new (lhs: Expression) => Expression;

/** Applies a transform by name; the error names close matches. */
export function tryTransform(
  lhs: Expression,
  name: string,
  lookups: readonly string[] | null = null,
): Expression {
  const transform = lhs.getTransform(name) as TransformClass | undefined | null;
  if (transform) return new transform(lhs);
  const field = lhs.outputField;
  const close = closeMatches(name, [...field.getLookups().keys()]);
  const suggestion = close.length > 0 ? `, perhaps you meant ${close.join(" or ")}?` : ".";
  const unsupported = lookups === null ? name : lookups.slice(lookups.indexOf(name)).join("__");
  throw new FieldError(
    `Unsupported lookup '${unsupported}' for ${field.constructor.name} or join on the field not permitted${suggestion}`,
  );
}

/** The first annotation that begins the path, and the names behind it. */
export function refsAnnotation(
  parts: readonly string[],
  annotations: ReadonlyMap<string, Expression>,
): { name: string; rest: readonly string[] } | null {
  for (let n = 1; n <= parts.length; n++) {
    const name = parts.slice(0, n).join("__");
    if (annotations.has(name)) return { name, rest: parts.slice(n) };
  }
  return null;
}

export function unknownField(opts: Options, name: string): FieldDoesNotExist {
  return new FieldDoesNotExist(`${opts.objectName} has no field named '${name}'`);
}

export function assertFieldNames(
  names: readonly unknown[],
  method: string,
): asserts names is readonly string[] {
  for (const name of names) {
    if (typeof name !== "string") throw new ValueError(`${method} takes names of fields, not ${repr(name)}.`);
  }
}

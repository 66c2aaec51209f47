import { EmptyResultSet, FieldError, FullResultSet } from "../../../errors.ts";
import type { Expression } from "../../../expressions/base.ts";
import { Col, ColPairs, makeCol } from "../../../expressions/col.ts";
import { Value } from "../../../expressions/value.ts";
import type { Field } from "../../../fields/field.ts";
import type { Options } from "../../../models/options.ts";
import type { ModelClass } from "../../../models/types.ts";

import { setupJoins } from "../../../query/names.ts";
import { joinParentModel } from "../../../query/parents.ts";
import type { RelatedTree } from "../../../query/query.ts";
import { filteredKey, type SelectMask, selectMask } from "../../../query/select.ts";
import { raw, type Sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";

export interface SelectEntry {
  readonly expression: Expression;
  readonly sql: Sql;
  readonly alias: string | null;
}

/** How a related object is put in the caches of both sides. */
export interface RelatedSetters {
  /** Under which name the parent keeps the object; `null`: it keeps none. */
  readonly local: string | null;
  /** Under which name the object keeps the parent; `null`: it keeps none. */
  readonly remote: string | null;
  /** The parent has the object as a plain attribute, as a filtered relation does. */
  readonly attribute: boolean;
}

/** Which selected columns make which object, with its related objects: Django's `klass_info`. */
export interface ClassInfo {
  readonly model: ModelClass;
  fields: number[];
  readonly related: RelatedClassInfo[];
}

export interface RelatedClassInfo extends ClassInfo {
  readonly field: RelationField;
  readonly reverse: boolean;
  readonly setters: RelatedSetters;
  /** The object takes the columns of its parent's table from the parent. As in Django, a proxy is no parent. */
  readonly fromParent: boolean;
}

/** A relation field, as far as selecting looks at it. */
export interface RelationField extends Field {
  readonly remoteField: RemoteField;
  relatedQueryName(): string;
}

interface RemoteField {
  readonly model: ModelClass;
  readonly accessorName: string;
  readonly parentLink?: boolean;
  readonly cacheName?: string;
}

interface ReverseRelation {
  readonly name: string;
  readonly field: RelationField;
  readonly relatedModel: ModelClass;
  readonly manyToMany: boolean;
}

/** Resolves what is selected; sets `select`, `classInfo` and `annotationPositions` of the compiler. */
export function selectList(compiler: Compiler, withColAliases: boolean): void {
  const { query } = compiler;
  const mask = selectMask(query);
  const columns = query.defaultCols ? defaultColumns(compiler, mask) : query.select;
  const entries: (readonly [alias: string | null, expression: Expression])[] = [];
  const fields: number[] = [];
  if (query.selected === null) {
    for (const [alias, extra] of query.extraSelect) entries.push([alias, query.extraExpression(extra)]);
    for (const column of columns) {
      fields.push(entries.length);
      entries.push([null, column]);
    }
    for (const [alias, annotation] of query.annotationSelect) entries.push([alias, annotation]);
  } else {
    for (const [alias, item] of query.selected) {
      if (typeof item === "number") {
        fields.push(entries.length);
        const column = columns[item] as Expression;
        entries.push([column instanceof ColPairs ? null : alias, column]);
      } else if (typeof item === "string") {
        entries.push([alias, query.annotations.get(item) as Expression]);
      } else {
        entries.push([alias, item]);
      }
    }
  }
  const positions = new Map<string, number>();
  const list: [expression: Expression, alias: string | null][] = [];
  entries.forEach(([alias, expression], i) => {
    if (alias !== null) positions.set(alias, i);
    list.push([expression, alias]);
  });
  compiler.classInfo = fields.length > 0 ? { model: query.model, fields, related: [] } : null;
  if (query.selectRelated !== false && compiler.classInfo !== null) {
    const tree = query.selectRelated === true ? null : query.selectRelated;
    const scope: Scope = { opts: query.opts, alias: query.getInitialAlias(), depth: 1, tree, mask };
    compiler.classInfo.related.push(...relatedSelections(compiler, list, scope));
    addParentColumns(compiler.classInfo);
  }
  compiler.annotationPositions = positions;
  let number = 0;
  compiler.select = list.map(([expression, alias]) => ({
    expression,
    sql: selectedSql(compiler, expression),
    alias: alias === null && withColAliases ? `col${++number}` : alias,
  }));
}

function selectedSql(compiler: Compiler, expression: Expression): Sql {
  try {
    return expression.selectFormat(compiler, compiler.compile(expression));
  } catch (error) {
    if (error instanceof FullResultSet) return compiler.compile(new Value(true));
    if (!(error instanceof EmptyResultSet)) throw error;
    const empty = expression.emptyResultSetValue;
    return empty === undefined ? raw("0") : compiler.compile(new Value(empty));
  }
}

interface ColumnOptions {
  readonly startAlias?: string;
  readonly opts?: Options;
  readonly fromParent?: ModelClass;
}

/** The columns of a model, those of its parents included, as far as they are not deferred. */
export function defaultColumns(
  compiler: Compiler,
  mask: SelectMask,
  options: ColumnOptions = {},
): Expression[] {
  const { query } = compiler;
  const { opts = query.opts, fromParent } = options;
  const startAlias = options.startAlias ?? query.getInitialAlias();
  const seen = new Map<ModelClass | null, string>([[null, startAlias]]);
  const wanted = new Set<object>();
  for (const key of mask.keys()) {
    wanted.add(key);
    for (const part of (key as Field).compositeFields ?? []) wanted.add(part);
  }
  const result: Expression[] = [];
  for (const field of opts.concreteFields) {
    const declared = (field.model as ModelClass)._meta.concreteModel;
    const model = declared === opts.model ? null : declared;
    if (fromParent !== undefined && model !== null && isSubclass(fromParent, model)) continue;
    if (mask.size > 0 && !wanted.has(field)) continue;
    result.push(makeCol(joinParentModel(query, opts, model, startAlias, seen), field));
  }
  return result;
}

function isSubclass(model: ModelClass, parent: ModelClass): boolean {
  const { concreteModel } = model._meta;
  const target = parent._meta.concreteModel;
  return concreteModel === target || concreteModel._meta.allParents.some((ancestor) => ancestor === target);
}

interface Scope {
  readonly opts: Options;
  readonly alias: string;
  readonly depth: number;
  /** The relations asked for; `null`: all that must have an object. */
  readonly tree: RelatedTree | null;
  readonly mask: SelectMask;
}

function relatedSelections(
  compiler: Compiler,
  list: [expression: Expression, alias: string | null][],
  scope: Scope,
): RelatedClassInfo[] {
  const { query } = compiler;
  const { opts, alias, depth, tree, mask } = scope;
  if (tree === null && depth > query.maxDepth) return [];
  const result: RelatedClassInfo[] = [];
  const found = new Set<string>();

  const add = (
    info: RelatedClassInfo,
    join: string,
    sub: SelectMask,
    next: RelatedTree | null,
    fromParent?: ModelClass,
  ) => {
    result.push(info);
    const columns = defaultColumns(compiler, sub, {
      startAlias: join,
      opts: info.model._meta,
      ...(fromParent === undefined ? {} : { fromParent }),
    });
    for (const column of columns) {
      info.fields.push(list.length);
      list.push([column, null]);
    }
    info.related.push(
      ...relatedSelections(compiler, list, {
        opts: info.model._meta,
        alias: join,
        depth: depth + 1,
        tree: next,
        mask: sub,
      }),
    );
  };
  const joinTo = (name: string) => {
    const info = setupJoins(query, [name], opts, alias);
    return { info, join: info.joins[info.joins.length - 1] as string };
  };

  for (const entry of opts.fields) {
    const field = entry as RelationField;
    found.add(field.name);
    const next = tree === null ? null : (tree[field.name] ?? {});
    if (tree !== null && !field.isRelation && field.name in tree) {
      throw new FieldError(
        `Non-relational field given in select_related: '${field.name}'. Choices are: ${relatedChoices(compiler, opts) || "(none)"}`,
      );
    }
    if (!descends(field, tree, mask, false)) continue;
    const { model } = field.remoteField;
    const { join } = joinTo(field.name);
    add(
      {
        model,
        field,
        reverse: false,
        fields: [],
        related: [],
        setters: {
          local: field.name,
          remote: field.unique ? reverseCacheName(field) : null,
          attribute: false,
        },
        fromParent: false,
      },
      join,
      mask.get(field) ?? new Map(),
      next,
    );
  }
  if (tree === null) return result;

  for (const reverse of opts.relatedObjects as unknown as ReverseRelation[]) {
    if (!reverse.field.unique || reverse.manyToMany || !descends(reverse, tree, mask, true)) continue;
    const name = reverse.field.relatedQueryName();
    found.add(name);
    const model = reverse.relatedModel;
    const { join } = joinTo(name);
    const fromParent = model !== opts.model && model._meta.isSubclassOf(opts);
    add(
      {
        model,
        field: reverse.field,
        reverse: true,
        fields: [],
        related: [],
        setters: { local: reverseCacheName(reverse.field), remote: reverse.field.name, attribute: false },
        fromParent,
      },
      join,
      mask.get(reverse) ?? new Map(),
      tree[name] ?? {},
      opts.model,
    );
  }
  if (depth === 1) {
    for (const name of Object.keys(tree)) {
      if (!query.filteredRelations.has(name)) continue;
      found.add(name);
      const { info, join } = joinTo(name);
      const field = info.finalField as RelationField;
      const { model } = info.opts;
      add(
        {
          model: model as ModelClass,
          field,
          reverse: true,
          fields: [],
          related: [],
          setters: {
            local: name,
            remote: info.joins.length <= 2 ? remoteName(field) : null,
            attribute: true,
          },
          fromParent: model !== opts.model && info.opts.isSubclassOf(opts),
        },
        join,
        mask.get(filteredKey(name, field)) ?? new Map(),
        tree[name] ?? {},
        opts.model as ModelClass,
      );
    }
  }
  const unknown = Object.keys(tree).filter((name) => !found.has(name));
  if (unknown.length > 0) {
    throw new FieldError(
      `Invalid field name(s) given in select_related: ${unknown.map((name) => `'${name}'`).join(", ")}. Choices are: ${relatedChoices(compiler, opts) || "(none)"}`,
    );
  }
  return result;
}

/** Under which name the target of a one-to-one relation keeps the object that refers to it. */
function reverseCacheName(field: RelationField): string {
  return field.remoteField.cacheName ?? field.remoteField.accessorName;
}

function remoteName(field: RelationField): string | null {
  const remote = (field as { remoteField?: RemoteField; field?: { name: string } }).field;
  return remote?.name ?? (field.remoteField === undefined ? null : reverseCacheName(field));
}

function relatedChoices(compiler: Compiler, opts: Options): string {
  const direct = opts.fields.filter((field) => field.isRelation).map((field) => field.name);
  const reverse = (opts.relatedObjects as unknown as ReverseRelation[])
    .filter((relation) => relation.field.unique)
    .map((relation) => relation.field.relatedQueryName());
  return [...direct, ...reverse, ...compiler.query.filteredRelations.keys()].join(", ");
}

/** Whether selectRelated follows a relation. */
function descends(
  field: RelationField | ReverseRelation,
  tree: RelatedTree | null,
  mask: SelectMask,
  reverse: boolean,
): boolean {
  const own = reverse ? (field as ReverseRelation).field : (field as RelationField);
  if (!own.remoteField) return false;
  if (own.remoteField.parentLink === true && !reverse) return false;
  const name = reverse ? own.relatedQueryName() : own.name;
  if (tree !== null && !(name in tree)) return false;
  if (tree === null && own.null) return false;
  if (tree !== null && mask.size > 0 && name in tree && !mask.has(field)) {
    const model = reverse ? own.remoteField.model : (own.model as ModelClass);
    throw new FieldError(
      `Field ${model._meta.objectName}.${name} cannot be both deferred and traversed using select_related at the same time.`,
    );
  }
  return true;
}

/** An object of a child model takes its parent's columns from those of the parent. */
function addParentColumns(info: ClassInfo): void {
  for (const related of info.related) {
    if (related.fromParent) related.fields = [...info.fields, ...related.fields];
    addParentColumns(related);
  }
}

export function columnField(expression: Expression): Field | null {
  return expression instanceof Col ? expression.target : null;
}

import { FieldError } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import { type Col, ColPairs } from "../expressions/col.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { repr } from "../util/repr.ts";
import { initialAlias } from "./aliases.ts";
import { checkAlias } from "./check-alias.ts";
import { choices, MultiJoin, namesToPath, setupJoins, trimJoins } from "./names.ts";
import type { Query, RelatedTree } from "./query.ts";

/** What a query selects: the columns of `values()`, deferred fields, related objects. */

export function addFields(query: Query, names: Iterable<string>, allowMany = true): void {
  const alias = initialAlias(query);
  const columns: Expression[] = [];
  for (const name of names) {
    try {
      const info = setupJoins(query, name.split("__"), query.opts, alias, { allowMany });
      const trimmed = trimJoins(query, info.targets, info.joins, info.path);
      if (trimmed.targets.length > 1) {
        const cols = trimmed.targets.map((target) => info.transform(target, trimmed.alias)) as Col[];
        columns.push(
          new ColPairs(
            query.aliasCols ? trimmed.alias : null,
            cols.map((col) => col.target),
            cols.map((col) => col.outputField),
            info.finalField,
          ),
        );
      } else {
        columns.push(info.transform(trimmed.targets[0] as Field, trimmed.alias));
      }
    } catch (error) {
      if (error instanceof MultiJoin) throw new FieldError(`Invalid field name: '${name}'`);
      if (!(error instanceof FieldError) || name.includes("__")) throw error;
      throw new FieldError(
        `Cannot resolve keyword ${repr(name)} into field. Choices are: ${choices(query, query.opts, query.extra.keys())}`,
      );
    }
  }
  if (columns.length > 0) query.setSelect(columns);
}

/** The columns, annotations and extra SQL of `values()` and `valuesList()`. */
export function setValues(query: Query, names: readonly string[]): void {
  query.selectRelated = false;
  query.deferredLoading = [new Set(), true];
  query.clearSelectFields();
  let fieldNames: string[] = [];
  let selected: Map<string, number | string | Expression> | null = null;
  if (names.length > 0) {
    for (const name of names) checkAlias(name);
    selected = new Map();
    if (query.extra.size === 0 && query.annotations.size === 0) {
      fieldNames = [...names];
      for (const [i, name] of names.entries()) selected.set(name, i);
      query.setExtraMask([]);
    } else {
      query.defaultCols = false;
      const extraNames: string[] = [];
      const annotationNames: string[] = [];
      const annotationSelect = query.annotationSelect;
      const extraSelect = query.extraSelect;
      for (const name of names) {
        const extra = extraSelect.get(name);
        if (extra !== undefined) {
          extraNames.push(name);
          selected.set(name, query.extraExpression(extra));
        } else if (annotationSelect.has(name)) {
          annotationNames.push(name);
          selected.set(name, name);
        } else if (query.annotations.has(name)) {
          throw new FieldError(`Cannot select the '${name}' alias. Use annotate() to promote it.`);
        } else {
          if (annotationSelect.size > 0) namesToPath(query, name.split("__"), query.opts);
          selected.set(name, fieldNames.length);
          fieldNames.push(name);
        }
      }
      query.setExtraMask(extraNames);
      query.setAnnotationMask(annotationNames);
    }
  } else {
    fieldNames = query.opts.concreteFields.map((field) => field.attname);
  }
  if (query.groupBy === true) {
    addFields(
      query,
      query.opts.concreteFields.map((field) => field.attname),
      false,
    );
    query.setGroupBy(false);
    query.clearSelectFields();
  } else if (query.groupBy !== null) {
    query.groupBy = query.groupBy.map((expression) => {
      const refs = (expression as { refs?: string }).refs;
      return refs !== undefined && !selected?.has(refs)
        ? (query.annotations.get(refs) as Expression)
        : expression;
    });
  }
  query.valuesSelect = fieldNames;
  addFields(query, fieldNames, true);
  query.selected = selected;
}

export function addSelectRelated(query: Query, names: readonly string[]): void {
  const tree: RelatedTree = typeof query.selectRelated === "boolean" ? {} : copyTree(query.selectRelated);
  for (const name of names) {
    let at = tree;
    for (const part of name.split("__")) at = at[part] ??= {};
  }
  query.selectRelated = tree;
}

function copyTree(tree: RelatedTree): RelatedTree {
  return Object.fromEntries(Object.entries(tree).map(([name, sub]) => [name, copyTree(sub)]));
}

// ---- only() and defer()

export function addDeferred(query: Query, names: readonly string[]): void {
  const [existing, defer] = query.deferredLoading;
  if (defer) {
    query.deferredLoading = [new Set([...existing, ...names]), true];
    return;
  }
  const left = [...existing].filter((name) => !names.includes(name));
  if (left.length > 0) {
    query.deferredLoading = [new Set(left), false];
    return;
  }
  const more = names.filter((name) => !existing.has(name));
  query.deferredLoading = [new Set(more), true];
}

export function addImmediate(query: Query, names: readonly string[]): void {
  const [existing, defer] = query.deferredLoading;
  const wanted = new Set(names.map((name) => (name === "pk" ? query.opts.pk.name : name)));
  query.deferredLoading = [
    defer ? new Set([...wanted].filter((name) => !existing.has(name))) : wanted,
    false,
  ];
}

/** A field or reverse relation as a key of a {@link SelectMask}. */
export type MaskKey = object;

/** The fields that are loaded, with those of related objects under their relation. Empty: all. */
export type SelectMask = Map<MaskKey, SelectMask>;

interface NameTree extends Map<string, NameTree> {}

export function selectMask(query: Query): SelectMask {
  const [names, defer] = query.deferredLoading;
  if (names.size === 0) return new Map();
  const tree: NameTree = new Map();
  for (const name of names) {
    let at = tree;
    for (const part of name.split("__")) {
      let next = at.get(part);
      if (next === undefined) {
        next = new Map();
        at.set(part, next);
      }
      at = next;
    }
  }
  return defer ? deferMask(query, query.opts, tree, new Map()) : onlyMask(query.opts, tree, new Map());
}

interface MaskField {
  readonly name: string;
  readonly attname?: string;
  readonly isRelation: boolean;
  readonly manyToMany?: boolean;
  readonly relatedModel?: { _meta: Options };
  readonly remoteField?: { model: { _meta: Options } };
}

function subMask(mask: SelectMask, key: MaskKey): SelectMask {
  let sub = mask.get(key);
  if (sub === undefined) {
    sub = new Map();
    mask.set(key, sub);
  }
  return sub;
}

function deferMask(query: Query, opts: Options, names: NameTree, mask: SelectMask): SelectMask {
  subMask(mask, opts.pk);
  const left = new Map(names);
  for (const entry of [...opts.concreteFields, ...opts.relatedObjects]) {
    const field = entry as unknown as MaskField;
    const byName = left.get(field.name);
    left.delete(field.name);
    const byAttname = field.attname === undefined ? undefined : left.get(field.attname);
    if (field.attname !== undefined) left.delete(field.attname);
    if (byName === undefined && byAttname === undefined) {
      subMask(mask, field);
    } else if (byName !== undefined && byName.size > 0) {
      if (!field.isRelation) throw new FieldError([...byName.keys()][0] as string);
      if (field.manyToMany) continue;
      deferMask(
        query,
        (field.relatedModel as { _meta: Options })._meta.concreteModel._meta,
        byName,
        subMask(mask, field),
      );
    }
  }
  for (const [name, sub] of left) {
    const filtered = query.filteredRelations.get(name);
    if (filtered === undefined) {
      opts.getField(name);
      continue;
    }
    const relation = opts.getField(filtered.relationName) as unknown as MaskField;
    deferMask(
      query,
      (relation.relatedModel as { _meta: Options })._meta.concreteModel._meta,
      sub,
      subMask(mask, filteredKey(name, relation)),
    );
  }
  return mask;
}

const filteredKeys = new WeakMap<object, Map<string, object>>();

/** The key of a filtered relation in a mask: its name and the relation. */
export function filteredKey(name: string, relation: object): object {
  let keys = filteredKeys.get(relation);
  if (keys === undefined) {
    keys = new Map();
    filteredKeys.set(relation, keys);
  }
  let key = keys.get(name);
  if (key === undefined) {
    key = {};
    keys.set(name, key);
  }
  return key;
}

function onlyMask(opts: Options, names: NameTree, mask: SelectMask): SelectMask {
  subMask(mask, opts.pk);
  for (const [name, sub] of names) {
    const field = opts.getField(name) as unknown as MaskField;
    const fieldMask = subMask(mask, field);
    if (sub.size === 0) continue;
    if (!field.isRelation) throw new FieldError([...sub.keys()][0] as string);
    const target = (field.remoteField?.model ?? field.relatedModel) as { _meta: Options };
    onlyMask(target._meta.concreteModel._meta, sub, fieldMask);
  }
  return mask;
}

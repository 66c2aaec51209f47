/** `inBulk()`: the rows of a queryset by the value of a unique field. */
import { connections } from "../connections.ts";
import { ArgumentTypeError, NotSupportedError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { hooks } from "../models/hooks.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { loadDeferred } from "./deferred.ts";
import type { ReadableQuerySet } from "./fetch.ts";

/** How keys and values are got from the rows of `queryset`. */
interface Keyed {
  readonly queryset: ReadableQuerySet;
  keyOf(row: unknown): unknown;
  valueOf(row: unknown): unknown;
}

/** Rows by the value of a unique field. */
export function* inBulk(
  queryset: ReadableQuerySet,
  ids: Iterable<unknown> | null,
  fieldName: string,
): Task<Map<unknown, unknown>> {
  const { query, model } = queryset;
  if (query.isSliced) throw new ArgumentTypeError("Cannot use 'limit' or 'offset' with inBulk().");
  const opts = model._meta;
  const isUnique = () =>
    (opts.getField(fieldName) as Field).unique ||
    opts.totalUniqueConstraints.some(({ fields = [] }) => fields.length === 1 && fields[0] === fieldName) ||
    (query.distinctFields.length === 1 && query.distinctFields[0] === fieldName);
  if (fieldName !== "pk" && !isUnique()) {
    throw new ValueError(`inBulk()'s field_name must be a unique field but ${repr(fieldName)} isn't.`);
  }
  const keyed = keyedBy(queryset, fieldName);
  const rows: unknown[] = [];
  if (ids === null) {
    rows.push(...(yield* keyed.queryset.fetch()));
  } else {
    if (typeof ids[Symbol.iterator] !== "function")
      throw new ArgumentTypeError(`inBulk() takes a list of keys, not ${repr(ids)}.`);
    const keys = [...ids];
    const perKey = fieldName === "pk" ? opts.pkFields.length : 1;
    const most = Math.floor((connections.features(queryset.db).maxQueryParams ?? 0) / perKey) || keys.length;
    for (let i = 0; i < keys.length; i += most) {
      const batch = keyed.queryset.filterWith([{ [`${fieldName}__in`]: keys.slice(i, i + most) }]);
      rows.push(...(yield* batch.fetch()));
    }
  }
  if (fieldName !== "pk" && queryset.shape.rows === "model")
    yield* loadKeys(rows as ModelInstance[], opts.getField(fieldName) as Field);
  if (fieldName === "pk" && opts.pkFields.length > 1) {
    // Equal keys are not the same array; the last row of a key counts.
    const byKey = new Map(rows.map((row) => [(keyed.keyOf(row) as unknown[]).map(String).join("\0"), row]));
    return new Map([...byKey.values()].map((row) => [keyed.keyOf(row), keyed.valueOf(row)]));
  }
  return new Map(rows.map((row) => [keyed.keyOf(row), keyed.valueOf(row)]));
}

const itself = (row: unknown) => row;

/** After `values()` and its like the key is asked for, too; the rows keep what they had. */
function keyedBy(queryset: ReadableQuerySet, fieldName: string): Keyed {
  const kind = queryset.shape.rows;
  const keyOfObject = (row: unknown) => (row as Readonly<Record<string, unknown>>)[fieldName];
  if (kind === "model") return { queryset, keyOf: keyOfObject, valueOf: itself };
  const names = queryset.query.columnNames;
  const at = names.indexOf(fieldName);
  if (at < 0) return withKey(queryset, fieldName, names);
  if (kind === "flat") return { queryset, keyOf: itself, valueOf: itself };
  const keyOf = kind === "values" ? keyOfObject : (row: unknown) => (row as readonly unknown[])[at];
  return { queryset, keyOf, valueOf: itself };
}

function withKey(queryset: ReadableQuerySet, fieldName: string, names: readonly string[]): Keyed {
  const kind = queryset.shape.rows;
  const { combinator } = queryset.query;
  // The parts have their columns already.
  if (combinator !== null)
    throw new NotSupportedError(`inBulk() after ${combinator}() needs ${repr(fieldName)} among the values.`);
  if (kind === "values") {
    return {
      queryset: queryset.values(fieldName, ...names),
      keyOf: (row) => (row as Readonly<Record<string, unknown>>)[fieldName],
      valueOf: (row) => {
        const { [fieldName]: _key, ...others } = row as Readonly<Record<string, unknown>>;
        return others;
      },
    };
  }
  const keyOf = (row: unknown) => (row as readonly unknown[])[0];
  // Rows with names keep the key as their first value, as in Django.
  if (kind === "named")
    return { queryset: queryset.valuesList(fieldName, ...names, { named: true }), keyOf, valueOf: itself };
  return {
    queryset: queryset.valuesList(fieldName, ...names),
    keyOf,
    valueOf: (row) =>
      kind === "flat" ? (row as readonly unknown[])[1] : (row as readonly unknown[]).slice(1),
  };
}

/** Loads what is asked for as the key of each object: a deferred column, or a related object. */
function* loadKeys(objects: readonly ModelInstance[], field: Field): Task<void> {
  yield* loadDeferred(objects, [field]);
  if (!(field instanceof ForeignObject)) return;
  for (const object of objects) {
    if (field.getCachedValue(object) === undefined && object[field.attname] !== null)
      field.setCachedValue(object, yield* hooks.fetchRelated(object, field));
  }
}

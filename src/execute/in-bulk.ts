/** `inBulk()`: the objects of a queryset by the value of a unique field. */
import { connections } from "../connections.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { hooks } from "../models/hooks.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { loadDeferred } from "./deferred.ts";
import type { ReadableQuerySet } from "./fetch.ts";

/** Objects by the value of a unique field. */
export function* inBulk(
  queryset: ReadableQuerySet,
  ids: Iterable<unknown> | null,
  fieldName: string,
): Task<Map<unknown, unknown>> {
  const { query, model } = queryset;
  if (query.isSliced) throw new ArgumentTypeError("Cannot use 'limit' or 'offset' with inBulk().");
  if (queryset.shape.rows !== "model") {
    throw new ArgumentTypeError("inBulk() cannot be used with values() or valuesList().");
  }
  const opts = model._meta;
  const isUnique = () =>
    (opts.getField(fieldName) as Field).unique ||
    opts.totalUniqueConstraints.some(({ fields = [] }) => fields.length === 1 && fields[0] === fieldName) ||
    (query.distinctFields.length === 1 && query.distinctFields[0] === fieldName);
  if (fieldName !== "pk" && !isUnique()) {
    throw new ValueError(`inBulk()'s field_name must be a unique field but ${repr(fieldName)} isn't.`);
  }
  const objects: ModelInstance[] = [];
  if (ids === null) {
    objects.push(...((yield* queryset.fetch()) as ModelInstance[]));
  } else {
    if (typeof ids[Symbol.iterator] !== "function")
      throw new ArgumentTypeError(`inBulk() takes a list of keys, not ${repr(ids)}.`);
    const keys = [...ids];
    const perKey = fieldName === "pk" ? opts.pkFields.length : 1;
    const most = Math.floor((connections.features(queryset.db).maxQueryParams ?? 0) / perKey) || keys.length;
    for (let i = 0; i < keys.length; i += most) {
      const batch = queryset.filterWith([{ [`${fieldName}__in`]: keys.slice(i, i + most) }]);
      objects.push(...((yield* batch.fetch()) as ModelInstance[]));
    }
  }
  if (fieldName !== "pk") yield* loadKeys(objects, opts.getField(fieldName) as Field);
  if (fieldName === "pk" && opts.pkFields.length > 1) {
    // Equal keys are not the same array; the last row of a key counts.
    const byKey = new Map(objects.map((object) => [(object.pk as unknown[]).map(String).join("\0"), object]));
    return new Map([...byKey.values()].map((object) => [object.pk, object]));
  }
  return new Map(objects.map((object) => [object[fieldName], object]));
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

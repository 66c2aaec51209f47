import type { ModelInstance } from "../../models/types.ts";

/**
 * A loaded relation of an instance, kept in `instance._state.fieldsCache`.
 *
 * `key` is what the foreign key held when the object was cached (`null` for an assigned object that is not
 * saved yet). The columns are plain properties, so nobody is told when `pizza.box_id` changes: the entry is
 * stale when the foreign key no longer holds `key`. Relations without a column of their own have no key.
 */
export class CachedRelation {
  readonly value: unknown;
  readonly key: unknown;

  constructor(value: unknown, key: unknown = undefined) {
    this.value = value;
    this.key = key;
  }
}

/** A field or relation whose loaded object is kept on the instance. */
export interface CachingField {
  readonly cacheName: string;
  /** What the foreign key holds now; `undefined` where there is none or it is not loaded. */
  cacheKey(instance: ModelInstance): unknown;
}

/** The cached object, `null` for a relation known to be empty, `undefined` when it is not loaded. */
export function getCachedValue(
  field: CachingField,
  instance: ModelInstance,
): ModelInstance | null | undefined {
  const cache = instance._state.fieldsCache;
  if (cache === null) return undefined;
  const entry = cache[field.cacheName];
  if (entry === undefined) return undefined;
  if (entry.key !== undefined) {
    const key = field.cacheKey(instance);
    if (key !== undefined && !sameKey(entry.key, key)) return undefined;
  }
  return entry.value as ModelInstance | null;
}

/** Keeps `value`; `key` is what the foreign key held when it was loaded, now if left out. */
export function setCachedValue(
  field: CachingField,
  instance: ModelInstance,
  value: ModelInstance | null,
  key: unknown = field.cacheKey(instance),
): void {
  const state = instance._state;
  state.fieldsCache ??= {};
  state.fieldsCache[field.cacheName] = new CachedRelation(value, key);
}

export function deleteCachedValue(field: CachingField, instance: ModelInstance): void {
  const cache = instance._state.fieldsCache;
  if (cache !== null) delete cache[field.cacheName];
}

function sameKey(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => item === b[i]);
}

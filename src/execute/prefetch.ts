import { ArgumentTypeError, ObjectDoesNotExist, ValueError } from "../errors.ts";
import type { ModelInstance } from "../models/types.ts";
import { Prefetch } from "../query/prefetch.ts";
import { relatedKey } from "../query/related-key.ts";
import type { Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import type { ReadableQuerySet } from "./fetch.ts";
import { PrefetchedRows } from "./prefetched-rows.ts";
import { type Prefetcher, prefetcherOf } from "./prefetchers.ts";

/** A path to prefetch; its parts are those of the relations, but the last may have another name (`toAttr`). */
interface Lookup {
  readonly through: readonly string[];
  readonly to: readonly string[];
  readonly queryset: ReadableQuerySet | null;
  readonly querysets: readonly ReadableQuerySet[];
  readonly isAttribute: boolean;
}

const pathOf = (parts: readonly string[], level: number) => parts.slice(0, level + 1).join("__");

function toLookup(given: string | Prefetch, prefix: readonly string[] = []): Lookup {
  const prefetch = typeof given === "string" ? new Prefetch(given) : given;
  if (!(prefetch instanceof Prefetch))
    throw new ArgumentTypeError(`Prefetching takes names and Prefetch objects, not ${repr(given)}.`);
  return {
    through: [...prefix, ...prefetch.prefetchThrough.split("__")],
    to: [...prefix, ...prefetch.prefetchTo.split("__")],
    queryset: prefetch.queryset as ReadableQuerySet | null,
    querysets: prefetch.querysets as readonly ReadableQuerySet[],
    isAttribute: prefetch.toAttr !== null,
  };
}

/**
 * Loads related objects of many instances, with one query for each relation.
 *
 * @throws ValueError for a lookup that was seen before with another queryset, or that names no relation
 *
 * Django: QuerySet API reference, `prefetch_related_objects()`.
 */
export function* prefetchRelatedObjects(
  instances: readonly ModelInstance[],
  lookups: readonly (string | Prefetch)[],
): Task<void> {
  if (instances.length === 0) return;
  const done = new Map<string, readonly ModelInstance[]>();
  const automatic = new Set<Lookup>();
  const followed = new Set<unknown>();
  const queue = lookups.map((lookup) => toLookup(lookup));
  for (let lookup = queue.shift(); lookup !== undefined; lookup = queue.shift()) {
    const whole = lookup.to.join("__");
    if (done.has(whole)) {
      if (lookup.queryset !== null) {
        throw new ValueError(
          `'${whole}' lookup was already seen with a different queryset. You may need to adjust the ordering of your lookups.`,
        );
      }
      continue;
    }
    let objects: readonly ModelInstance[] = instances;
    for (const [level, name] of lookup.through.entries()) {
      const [firstObject] = objects;
      if (firstObject === undefined) break;
      const path = pathOf(lookup.to, level);
      const known = done.get(path);
      if (known !== undefined) {
        objects = known;
        continue;
      }
      if (typeof firstObject !== "object" || !("_state" in firstObject)) break;
      const isLeaf = level === lookup.through.length - 1;
      const toAttr = lookup.to[level] as string;
      const next: ModelInstance[] = [];
      const found: (string | Prefetch)[] = [];
      let fetched = false;
      let seen = false;
      const groups = byModel(objects);
      for (const group of groups) {
        const [first] = group as [ModelInstance];
        const prefetcher = prefetcherOf(first, name);
        // Behind a generic foreign key not every model need have the relation.
        if (prefetcher === null && !(name in first) && groups.some(([other]) => name in (other as object)))
          continue;
        if (prefetcher === null) checkAttribute(first, name, lookup, isLeaf);
        const isFetched = (object: ModelInstance) =>
          toAttr !== name ? Object.hasOwn(object, toAttr) : (prefetcher as Prefetcher).isFetched(object);
        const missing = prefetcher === null ? [] : group.filter((object) => !isFetched(object));
        if (prefetcher !== null && missing.length > 0) {
          const { related, more } = yield* oneLevel(missing, prefetcher, lookup, level);
          next.push(...related);
          found.push(...more);
          fetched = true;
          seen ||= followed.has(prefetcher.relation);
          followed.add(prefetcher.relation);
        } else {
          next.push(...group.flatMap((object) => loadedObjects(object, name, toAttr, prefetcher)));
        }
      }
      objects = next;
      if (fetched && !(done.has(path) && automatic.has(lookup) && seen)) {
        done.set(path, next);
        const inner = found.map((given) => toLookup(given, lookup.to.slice(0, level + 1)));
        for (const added of inner) automatic.add(added);
        queue.unshift(...inner);
      }
    }
  }
}

/** The objects of each model by themselves; of one model in all but a few cases. */
function byModel(objects: readonly ModelInstance[]): readonly (readonly ModelInstance[])[] {
  const [first] = objects as readonly [ModelInstance];
  if (objects.every((object) => object._meta === first._meta)) return [objects];
  const groups = new Map<unknown, ModelInstance[]>();
  for (const object of objects) {
    const group = groups.get(object._meta);
    if (group === undefined) groups.set(object._meta, [object]);
    else group.push(object);
  }
  return [...groups.values()];
}

function checkAttribute(object: ModelInstance, name: string, lookup: Lookup, isLeaf: boolean): void {
  const through = lookup.through.join("__");
  if (!(name in object)) {
    throw new ArgumentTypeError(
      `Cannot find '${name}' on ${object._meta.objectName} object, '${through}' is an invalid parameter to prefetchRelated()`,
    );
  }
  if (isLeaf) {
    throw new ValueError(
      `'${through}' does not resolve to an item that supports prefetching - this is an invalid parameter to prefetchRelated().`,
    );
  }
}

/** What an earlier level, or an earlier query, has loaded already. */
function loadedObjects(
  object: ModelInstance,
  name: string,
  toAttr: string,
  prefetcher: Prefetcher | null,
): readonly ModelInstance[] {
  const rows = object._state.prefetched?.get(name);
  if (toAttr === name && rows instanceof PrefetchedRows) return rows.rows as readonly ModelInstance[];
  let value: unknown;
  try {
    value = toAttr === name && prefetcher !== null ? prefetcher.cached(object) : object[toAttr];
  } catch (error) {
    if (error instanceof ObjectDoesNotExist) return [];
    throw error;
  }
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as ModelInstance[]) : [value as ModelInstance];
}

function* oneLevel(
  instances: readonly ModelInstance[],
  prefetcher: Prefetcher,
  lookup: Lookup,
  level: number,
): Task<{ related: readonly ModelInstance[]; more: readonly (string | Prefetch)[] }> {
  const isLeaf = level === lookup.through.length - 1;
  const custom = isLeaf ? lookup.queryset : null;
  const { objects, keys, more } = yield* prefetcher.load(instances, custom, isLeaf ? lookup.querysets : []);
  const byKey = new Map<unknown, ModelInstance[]>();
  objects.forEach((object, i) => {
    const key = relatedKey(keys[i] as readonly unknown[]);
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [object]);
    else list.push(object);
  });
  const toAttr = lookup.to[level] as string;
  const asAttribute = isLeaf && lookup.isAttribute && toAttr !== lookup.through[level];
  if (asAttribute) checkToAttr(instances[0] as ModelInstance, toAttr);
  // As in Django: the related manager's queryset cannot be made of a slice; a list can.
  if (!asAttribute && !prefetcher.single && custom?.query.isSliced) {
    throw new ArgumentTypeError("Cannot filter a query once a slice has been taken.");
  }
  for (const instance of instances) {
    const values = byKey.get(relatedKey(prefetcher.keyOf(instance))) ?? [];
    if (asAttribute) instance[toAttr] = prefetcher.single ? (values[0] ?? null) : values;
    else if (prefetcher.single) prefetcher.keep(instance, values[0] ?? null);
    else keepRows(instance, prefetcher.cacheName, new PrefetchedRows(values, custom));
  }
  return { related: objects, more };
}

function keepRows(instance: ModelInstance, name: string, rows: PrefetchedRows): void {
  instance._state.prefetched ??= new Map();
  instance._state.prefetched.set(name, rows);
}

function checkToAttr(instance: ModelInstance, toAttr: string): void {
  const { _meta: opts } = instance;
  if (opts.findField(toAttr) === undefined) return;
  throw new ValueError(`to_attr=${toAttr} conflicts with a field on the ${opts.objectName} model.`);
}

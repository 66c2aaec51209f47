import { ValueError } from "../errors.ts";
import { loadDeferred } from "../execute/deferred.ts";
import type { ReadableQuerySet } from "../execute/fetch.ts";
import { type Loaded, onDatabase, type Prefetcher, run, withModeOf } from "../execute/prefetchers.ts";
import { baseQuerySet } from "../execute/querysets.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { Q } from "../query/q.ts";
import { dbLike } from "../router.ts";
import type { Task } from "../task.ts";
import { contentTypes } from "./base.ts";
import { contentTypeIdOf } from "./expression.ts";
import type { GenericForeignKey } from "./foreign-key.ts";
import type { GenericRelation } from "./relation.ts";
import { getForIds, getForModel, modelOfType } from "./tasks.ts";

/** How a generic foreign key is loaded for many instances: with one query for each model that they refer to. */
export function genericPrefetcher(field: GenericForeignKey): Prefetcher {
  const typeOf = (instance: ModelInstance) => instance[field.contentTypeKey.attname];
  const idOf = (instance: ModelInstance) => instance[field.objectIdField.attname];
  return {
    relation: field,
    single: true,
    cacheName: field.cacheName,
    isFetched: (instance) => field.isCached(instance),
    cached: (instance) => field.getCachedValue(instance),
    keep: (instance, value) => field.setCachedValue(instance, value),
    keyOf: (instance) => [typeOf(instance), String(idOf(instance))],
    *load(instances, _custom, querysets): Task<Loaded> {
      const [first] = instances as readonly [ModelInstance];
      yield* loadDeferred(instances, [field.contentTypeKey, field.objectIdField]);
      const custom = new Map<unknown, ReadableQuerySet>();
      for (const queryset of querysets) {
        const opts = field.forConcreteModel ? queryset.model._meta.concreteOpts : queryset.model._meta;
        const { id } = yield* getForModel(queryset.db, opts);
        if (custom.has(id)) throw new ValueError("Only one queryset is allowed for each content type.");
        custom.set(id, queryset);
      }
      const keysOfTypes = new Map<unknown, Set<unknown>>();
      for (const instance of instances) {
        const [type, id] = [typeOf(instance), idOf(instance)];
        if (type == null || id == null) continue;
        const known = keysOfTypes.get(type);
        if (known === undefined) keysOfTypes.set(type, new Set([id]));
        else known.add(id);
      }
      const plain = [...keysOfTypes.keys()].filter((type) => !custom.has(type));
      const types = yield* getForIds(dbLike(first, contentTypes.model), plain);
      const objects: ModelInstance[] = [];
      const keys: (readonly unknown[])[] = [];
      for (const [type, ids] of keysOfTypes) {
        const row = types.get(type);
        const opts = row === undefined ? null : modelOfType(row);
        const source =
          custom.get(type) ?? (opts === null ? null : baseQuerySet(opts, dbLike(first, opts.model)));
        // What has no model any more cannot be loaded.
        if (source === null) continue;
        const rows = withModeOf(source.filter({ pk__in: [...ids] }), first);
        for (const object of (yield* rows.fetch()) as readonly ModelInstance[]) {
          objects.push(object);
          keys.push([type, String(object.pk)]);
        }
      }
      return { objects, keys, more: [] };
    },
  };
}

/** How a generic relation is loaded for many instances: with one query. */
export function relationPrefetcher(field: GenericRelation): Prefetcher {
  const { contentTypeField, objectIdField, forConcreteModel } = field;
  const optsOf = (instance: ModelInstance): Options =>
    forConcreteModel ? instance._meta.concreteOpts : instance._meta;
  return {
    relation: field,
    single: false,
    cacheName: field.name,
    isFetched: (instance) => instance._state.prefetched?.has(field.name) ?? false,
    cached: () => undefined,
    keep() {},
    keyOf: (instance) => [optsOf(instance).labelLower, instance.pk],
    *load(instances, custom, querysets): Task<Loaded> {
      if (querysets.length > 1) {
        throw new ValueError("A relation to one model is prefetched with one queryset.");
      }
      const target = field.remoteField.model;
      const source = custom ?? (target._defaultManager as unknown as ReadableQuerySet);
      const queryset = onDatabase(source, instances);
      const groups = new Map<Options, ModelInstance[]>();
      for (const instance of instances) {
        const group = groups.get(optsOf(instance));
        if (group === undefined) groups.set(optsOf(instance), [instance]);
        else group.push(instance);
      }
      const conditions = [...groups.values()].map((group) =>
        Q.of([
          {
            [contentTypeField]: contentTypeIdOf(group[0] as ModelInstance, forConcreteModel),
            [`${objectIdField}__in`]: group.map(({ pk }) => pk),
          },
        ]),
      );
      const { objects, more } = yield* run(
        queryset.filter(conditions.reduce((one, other) => one.or(other))) as ReadableQuerySet,
      );
      const pk = (instances[0] as ModelInstance)._meta.pk;
      const id = target._meta.getField(objectIdField) as Field;
      const key = target._meta.getField(contentTypeField) as Field;
      const type = key.attname;
      yield* loadDeferred(objects, [id, key]);
      const labels = yield* labelsOf(objects, type, [...groups.keys()], queryset.db);
      const keys = objects.map((object) => [labels(object[type]), pk.toPython(object[id.attname])]);
      return { objects, keys, more };
    },
  };
}

/** The labels of content types by their ids; where all instances are of one model, nothing need be asked. */
function* labelsOf(
  objects: readonly ModelInstance[],
  attname: string,
  models: readonly Options[],
  alias: string,
): Task<(id: unknown) => string | undefined> {
  if (models.length === 1) return () => (models[0] as Options).labelLower;
  const types = yield* getForIds(alias, [...new Set(objects.map((object) => object[attname]))]);
  return (id) => {
    const type = types.get(id);
    return type === undefined ? undefined : modelOfType(type)?.labelLower;
  };
}

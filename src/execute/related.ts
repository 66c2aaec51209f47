import { ObjectDoesNotExist } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ManyToOneRel } from "../fields/related/rel.ts";
import type { ModelInstance } from "../models/types.ts";
import { relatedKey } from "../query/related-key.ts";
import type { Task } from "../task.ts";
import { getOne } from "./fetch.ts";
import { prefetchRelatedObjects } from "./prefetch.ts";
import { withModeOf } from "./prefetchers.ts";
import { baseQuerySet } from "./querysets.ts";

/** Loads the object that a foreign key refers to. Throws the target's `DoesNotExist`. */
export function* fetchRelated(instance: ModelInstance, field: ForeignObject): Task<ModelInstance> {
  const rows = withModeOf(
    baseQuerySet(field.remoteField.opts, null).about({ instance, cacheName: field.name }),
    instance,
  );
  const args: unknown[] = [field.getReverseRelatedFilter(instance)];
  const extra = field.getExtraDescriptorFilter(instance);
  if (extra !== null) args.push(extra);
  return (yield* getOne(rows, args)) as ModelInstance;
}

/** Loads the object that refers to an instance in a one-to-one relation; `null` for none. */
export function* fetchReverse(instance: ModelInstance, rel: ManyToOneRel): Task<ModelInstance | null> {
  const { field } = rel;
  const rows = withModeOf(
    baseQuerySet(rel.relatedOpts, null).about({ instance, cacheName: rel.cacheName }),
    instance,
  );
  try {
    return (yield* getOne(rows, [field.getForwardRelatedFilter(instance)])) as ModelInstance;
  } catch (error) {
    if (error instanceof ObjectDoesNotExist) return null;
    throw error;
  }
}

/** Loads a relation of several instances at once, for `FETCH_PEERS`. */
export function fetchMany(instances: readonly ModelInstance[], name: string): Task<void> {
  return prefetchRelatedObjects(instances, [name]);
}

/** Loads a deferred column of several instances at once; an instance whose row is gone goes without. */
export function* fetchColumn(instances: readonly ModelInstance[], field: Field): Task<void> {
  const [first] = instances as readonly [ModelInstance];
  const byKey = new Map(instances.map((instance) => [relatedKey(keyOf(instance)), instance]));
  const keys = instances.map(({ pk }) => pk);
  const rows = baseQuerySet(first._meta, null)
    .about({ instance: first })
    .filter({ pk__in: keys })
    .valuesList("pk", field.attname);
  for (const [pk, value] of (yield* rows.fetch()) as readonly (readonly [unknown, unknown])[]) {
    const instance = byKey.get(relatedKey(Array.isArray(pk) ? pk : [pk]));
    if (instance !== undefined) instance[field.attname] = value;
  }
}

function keyOf({ pk }: ModelInstance): readonly unknown[] {
  return Array.isArray(pk) ? pk : [pk];
}

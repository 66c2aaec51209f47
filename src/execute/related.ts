import { ObjectDoesNotExist } from "../errors.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ManyToOneRel } from "../fields/related/rel.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { getOne } from "./fetch.ts";
import { baseQuerySet } from "./querysets.ts";

/** Loads the object that a foreign key refers to. Throws the target's `DoesNotExist`. */
export function* fetchRelated(instance: ModelInstance, field: ForeignObject): Task<ModelInstance> {
  const rows = baseQuerySet(field.remoteField.opts, instance._state.db);
  const args: unknown[] = [field.getReverseRelatedFilter(instance)];
  const extra = field.getExtraDescriptorFilter(instance);
  if (extra !== null) args.push(extra);
  return (yield* getOne(rows, args)) as ModelInstance;
}

/** Loads the object that refers to an instance in a one-to-one relation; `null` for none. */
export function* fetchReverse(instance: ModelInstance, rel: ManyToOneRel): Task<ModelInstance | null> {
  const { field } = rel;
  const rows = baseQuerySet(rel.relatedOpts, instance._state.db);
  try {
    return (yield* getOne(rows, [field.getForwardRelatedFilter(instance)])) as ModelInstance;
  } catch (error) {
    if (error instanceof ObjectDoesNotExist) return null;
    throw error;
  }
}

/** Columns that instances were read without, loaded where a task is about to read them: async code cannot wait there. */

import type { Field } from "../fields/field.ts";
import { columnFetcher } from "../models/deferred.ts";
import { FETCH_ONE } from "../models/fetch-modes.ts";
import { hooks } from "../models/hooks.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";

/** Loads those of the fields that are deferred, in the fetch mode of each instance. */
export function* loadDeferred(instances: readonly ModelInstance[], fields: readonly Field[]): Task<void> {
  for (const field of fields) {
    // A key is always there, if under the name of another model's.
    if (field.primaryKey) continue;
    for (const instance of instances) {
      if (!isDeferred(instance, field)) continue;
      const { fetchMode } = instance._state;
      if (fetchMode === FETCH_ONE) yield* hooks.refresh(instance, { fields: [field.attname] });
      else yield* fetchMode.fetch(columnFetcher(field), instance);
    }
  }
}

function isDeferred(instance: ModelInstance, { attname }: Field): boolean {
  return (
    !Object.hasOwn(instance, attname) && instance._meta.concreteFields.some((f) => f.attname === attname)
  );
}

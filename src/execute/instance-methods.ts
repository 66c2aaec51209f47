import type { SaveOptions } from "../models/hooks.ts";
import { isOverridden } from "../models/instances.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Mode, Task } from "../task.ts";
import { deleteInstance } from "./delete.ts";
import { save } from "./save.ts";

/** Calls an instance's own `save()`: a class may have its own version of it, in either colour. */
export function saveInstance(instance: ModelInstance, mode: Mode, options: SaveOptions): Task<void> {
  if (mode === "async" && isOverridden(instance, "asave")) return call(instance, "asave", options);
  if (isOverridden(instance, "save")) return call(instance, "save", options);
  return save(instance, options);
}

/** Calls an instance's own `delete()`, in either colour. */
export function* deleteByItself(instance: ModelInstance, mode: Mode): Task<void> {
  if (mode === "async" && isOverridden(instance, "adelete")) yield* call(instance, "adelete", {});
  else if (isOverridden(instance, "delete")) yield* call(instance, "delete", {});
  else yield* deleteInstance(instance, {});
}

/** Whether the class leaves saving to the library. */
export function savesPlainly(instance: ModelInstance): boolean {
  return !isOverridden(instance, "save") && !isOverridden(instance, "asave");
}

function* call(instance: ModelInstance, name: string, options: object): Task<void> {
  const method = instance[name] as (options: object) => unknown;
  const value = method.call(instance, options);
  if (value != null && typeof (value as { then?: unknown }).then === "function") {
    yield { kind: "wait", value, what: `'${name}' of ${instance._meta.label}` };
  }
}

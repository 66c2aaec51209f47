/** Natural keys: what identifies an object across databases. Django: "Natural keys". */
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Mode, Task } from "../task.ts";

type Method = (...args: readonly unknown[]) => unknown;

/** Whether the objects of a model know a natural key. */
export function hasNaturalKey(opts: Options): boolean {
  return typeof opts.model.prototype.naturalKey === "function";
}

/** The natural key of an object. */
export function* naturalKey(instance: ModelInstance): Task<readonly unknown[]> {
  const value = (instance.naturalKey as Method).call(instance);
  const what = `naturalKey() of ${instance._meta.label}`;
  return (yield { kind: "wait", value, what }) as readonly unknown[];
}

/** Whether objects of a model can be found by a natural key. */
export function findsByNaturalKey(opts: Options): boolean {
  const manager = opts.defaultManager("sync") as unknown as { getByNaturalKey?: unknown };
  return typeof manager.getByNaturalKey === "function";
}

/** The object of a natural key. Throws the model's `DoesNotExist`. */
export function* getByNaturalKey(
  opts: Options,
  mode: Mode,
  using: string,
  key: readonly unknown[],
): Task<ModelInstance> {
  const manager = opts.defaultManager(mode) as unknown as { using(alias: string): Record<string, Method> };
  const value = (manager.using(using) as { getByNaturalKey: Method }).getByNaturalKey(...key);
  const what = `getByNaturalKey() of ${opts.label}`;
  return (yield { kind: "wait", value, what }) as ModelInstance;
}

/** The labels that a model wants to be dumped before it, besides those that its relations tell. */
export function naturalKeyDependencies(opts: Options): readonly string[] {
  const { naturalKeyDependencies: labels } = opts.model as unknown as { naturalKeyDependencies?: unknown };
  return Array.isArray(labels) ? (labels as string[]) : [];
}

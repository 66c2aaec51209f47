import {
  type DeleteOptions,
  hooks,
  type RefreshOptions,
  type SaveBaseOptions,
  type SaveOptions,
} from "./hooks.ts";
import { isOverridden, markLibraryMethods } from "./instances.ts";
import { autoManagerProperty } from "./managers.ts";
import type { ModelInstance } from "./types.ts";
import { cleanFieldsTask, type FullCleanOptions, fullCleanTask } from "./validation.ts";

type Exclude = { exclude?: Iterable<string> | undefined };

/**
 * The class's own `save()` for `asave()`, where it has one and no `asave()` of its own: who overrides the one means
 * both, as in Django, whose async methods call the sync ones. `null` where the library's method is to run.
 */
function own(instance: ModelInstance, name: string, options: object): Promise<never> | null {
  if (!isOverridden(instance, name) || isOverridden(instance, `a${name}`)) return null;
  const method = instance[name] as (options: object) => never;
  return new Promise((resolve) => resolve(method.call(instance, options)));
}

/** What `AsyncMixin` adds to instances. */
const methods = {
  asave(this: ModelInstance, options: SaveOptions = {}): Promise<void> {
    return own(this, "save", options) ?? hooks.runAsync(hooks.save(this, options));
  },
  asaveBase(this: ModelInstance, options: SaveBaseOptions = {}) {
    return hooks.runAsync(hooks.saveBase(this, options));
  },
  adelete(this: ModelInstance, options: DeleteOptions = {}) {
    return own(this, "delete", options) ?? hooks.runAsync(hooks.delete(this, options));
  },
  arefreshFromDb(this: ModelInstance, options: RefreshOptions = {}) {
    return own(this, "refreshFromDb", options) ?? hooks.runAsync(hooks.refresh(this, options));
  },
  acleanFields(this: ModelInstance, { exclude }: Exclude = {}) {
    return hooks.runAsync(cleanFieldsTask(this, new Set(exclude)));
  },
  avalidateUnique(this: ModelInstance, { exclude }: Exclude = {}) {
    return hooks.runAsync(hooks.validateUnique(this, new Set(exclude)));
  },
  avalidateConstraints(this: ModelInstance, { exclude }: Exclude = {}) {
    return hooks.runAsync(hooks.validateConstraints(this, new Set(exclude)));
  },
  afullClean(this: ModelInstance, options: FullCleanOptions = {}) {
    return hooks.runAsync(fullCleanTask(this, options));
  },
};
markLibraryMethods(methods);

/** The names of the async half's methods: no field may be called so. */
export const ASYNC_NAMES: readonly string[] = Object.keys(methods);

export const ASYNC_METHODS: PropertyDescriptorMap = Object.fromEntries(
  Object.entries(methods).map(([name, value]) => [
    name,
    { configurable: true, enumerable: false, writable: true, value },
  ]),
);

/** What `AsyncMixin` adds to the class. */
export const ASYNC_STATICS: PropertyDescriptorMap = { aobjects: autoManagerProperty("aobjects", "async") };

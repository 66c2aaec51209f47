import { ArgumentTypeError } from "../errors.ts";
import type { Mode } from "../task.ts";
import { hooks } from "./hooks.ts";
import { MANAGER_GETTERS } from "./model-managers.ts";
import type { Options } from "./options.ts";
import type { Manager, ModelClass } from "./types.ts";

/** A class that defines a property of this name replaces the inherited accessor by it. */
function overriding(name: string) {
  return function (this: object, value: unknown): void {
    Object.defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value });
  };
}

/** `objects` and `aobjects`: each class gets its own manager on first use, which makes it known as the model's class. */
export function autoManagerProperty(name: string, mode: Mode): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: false,
    get(this: ModelClass) {
      const opts = this._meta;
      if (opts.abstract)
        throw new ArgumentTypeError(`Manager isn't available; ${opts.objectName} is abstract`);
      opts.adopt(this);
      return opts.managers.auto(mode);
    },
    set: overriding(name),
  };
}

/** The managers of the meta, in one colour: `published`, `apublished`. */
export function installManagers(Class: ModelClass, opts: Options, mode: Mode): void {
  for (const [name, refine] of Object.entries(opts.meta.managers ?? {})) {
    let manager: Manager | null = null;
    const get = function (this: ModelClass): Manager {
      opts.adopt(this);
      if (manager === null || manager.model !== opts.model)
        manager = hooks.makeManager(opts.model, mode, refine);
      return manager;
    };
    MANAGER_GETTERS.add(get);
    const property = mode === "async" ? `a${name}` : name;
    Object.defineProperty(Class, property, {
      configurable: true,
      enumerable: false,
      get,
      set: overriding(property),
    });
  }
}

/** The managers that the parent's class has as static properties, for the child's class. */
export function inheritManagers(Child: ModelClass, opts: Options, parent: Options): void {
  const Parent = parent.model as unknown as Record<string, Manager>;
  for (const name of parent.managers.names) {
    const get = function (this: ModelClass): Manager {
      opts.adopt(this);
      const manager = Parent[name] as Manager;
      return opts.managers.bind(manager, manager.mode);
    };
    MANAGER_GETTERS.add(get);
    Object.defineProperty(Child, name, { configurable: true, enumerable: false, get, set: overriding(name) });
  }
}

/** The static members of every model that have to do with managers and queries. */
export const MANAGER_STATICS: PropertyDescriptorMap = {
  objects: autoManagerProperty("objects", "sync"),
  _defaultManager: {
    configurable: true,
    get(this: ModelClass) {
      this._meta.adopt(this);
      return this._meta.defaultManager("sync");
    },
  },
  _baseManager: {
    configurable: true,
    get(this: ModelClass) {
      this._meta.adopt(this);
      return this._meta.baseManager("sync");
    },
  },
  Q: {
    configurable: true,
    writable: true,
    value: (...args: unknown[]) => hooks.makeQ(args),
  },
  OuterRef: {
    configurable: true,
    writable: true,
    value: (path: string) => hooks.makeOuterRef(path),
  },
};

import { ValueError } from "../errors.ts";
import type { Mode } from "../task.ts";
import { hooks } from "./hooks.ts";
import type { Options } from "./options.ts";
import type { Manager } from "./types.ts";

/** The static getters that stand for managers: of a meta, or inherited from another model's class. */
export const MANAGER_GETTERS = new WeakSet<object>();

/** The managers of one model: what its class has as static properties, in both colours. */
export class ModelManagers {
  readonly #opts: Options;
  #auto: Partial<Record<Mode, Manager>> = {};
  #base: Partial<Record<Mode, Manager>> = {};
  readonly #bound = new WeakMap<Manager, Partial<Record<Mode, Manager>>>();

  constructor(opts: Options) {
    this.#opts = opts;
  }

  /** Called when another class becomes the model's. */
  forget(): void {
    this.#auto = {};
    this.#base = {};
  }

  /** The automatic `objects` or `aobjects`. */
  auto(mode: Mode): Manager {
    const known = this.#auto[mode];
    if (known !== undefined) return known;
    const manager = hooks.makeManager(this.#opts.model, mode);
    this.#auto[mode] = manager;
    return manager;
  }

  /** `manager` for this model, in a colour. */
  bind(manager: Manager, mode: Mode): Manager {
    const { model } = this.#opts;
    if (manager.model === model && manager.mode === mode) return manager;
    const known = this.#bound.get(manager) ?? {};
    this.#bound.set(manager, known);
    let bound = known[mode];
    if (bound === undefined || bound.model !== model) {
      bound = hooks.bindManager(manager, model, mode);
      known[mode] = bound;
    }
    return bound;
  }

  /** The manager of that name. Throws `ValueError` when there is none. */
  named(name: string, mode: Mode): Manager {
    const model = this.#opts.model as unknown as Record<string, unknown>;
    // A class that has an `aobjects` of its own means it for the async colour of `objects`.
    const async = mode === "async" ? model[`a${name}`] : undefined;
    if (hooks.isManager(async) && async.mode === "async" && async !== this.#auto.async)
      return this.bind(async, mode);
    const manager = model[name];
    if (manager === this.#auto[mode] && manager !== undefined) return manager as Manager;
    if (hooks.isManager(manager) && manager !== this.#auto.sync) return this.bind(manager, mode);
    if (name === "objects") return this.auto(mode);
    throw new ValueError(`${this.#opts.objectName} has no manager named '${name}'`);
  }

  /** The names of the managers of the class, and of those it extends, but for the automatic ones. */
  get names(): string[] {
    const names = new Set<string>();
    for (
      let cls: object | null = this.#opts.model;
      cls !== null && "_meta" in cls;
      cls = Object.getPrototypeOf(cls)
    ) {
      for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(cls))) {
        if (hooks.isManager(property.value) || MANAGER_GETTERS.has(property.get as object)) names.add(name);
      }
    }
    return [...names];
  }

  get #hasOwn(): boolean {
    return Object.values(Object.getOwnPropertyDescriptors(this.#opts.model)).some((property) =>
      hooks.isManager(property.value),
    );
  }

  /** The name of the default manager: Django's rules, with `objects` as the first that every model has. */
  get defaultName(): string {
    const { defaultManagerName, meta, base } = this.#opts;
    if (defaultManagerName !== null) return defaultManagerName;
    const [first] = Object.keys(meta.managers ?? {});
    if (first !== undefined) return first;
    if (base !== null && !this.#hasOwn) return base.managers.defaultName;
    return "objects";
  }

  defaultManager(mode: Mode): Manager {
    return this.named(this.defaultName, mode);
  }

  baseManager(mode: Mode): Manager {
    for (let opts: Options | null = this.#opts; opts !== null; opts = opts.base) {
      if (opts.baseManagerName !== null) return this.named(opts.baseManagerName, mode);
    }
    const known = this.#base[mode];
    if (known !== undefined) return known;
    const manager = hooks.makeManager(this.#opts.model, mode);
    this.#base[mode] = manager;
    return manager;
  }
}

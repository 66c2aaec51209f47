import type { Field } from "../fields/field.ts";
import { FETCH_ONE, type Fetcher } from "./fetch-modes.ts";
import { hooks } from "./hooks.ts";
import type { Options } from "./options.ts";
import type { ModelClass, ModelInstance } from "./types.ts";

const prototypes = new WeakMap<ModelClass, Map<string, object>>();
const constructors = new WeakMap<object, new () => unknown>();

/**
 * A prototype for instances that lack some columns: reading one loads it, assigning makes it a plain property.
 *
 * The instance has no own property for them, so `getDeferredFields()` sees what is missing.
 */
export function deferredPrototype(model: ModelClass, attnames: readonly string[]): object {
  let known = prototypes.get(model);
  if (known === undefined) {
    known = new Map();
    prototypes.set(model, known);
  }
  const key = attnames.join(",");
  let prototype = known.get(key);
  if (prototype === undefined) {
    prototype = Object.create(model.prototype as object) as object;
    for (const attname of attnames) Object.defineProperty(prototype, attname, loader(model._meta, attname));
    known.set(key, prototype);
  }
  return prototype;
}

/**
 * A `new.target` that makes instances with {@link deferredPrototype}:
 * `Reflect.construct(model, [RAW], deferredTarget(model, ["bio"]))`.
 */
export function deferredTarget(model: ModelClass, attnames: readonly string[]): new () => unknown {
  const prototype = deferredPrototype(model, attnames);
  let target = constructors.get(prototype);
  if (target === undefined) {
    target = function deferred() {} as unknown as new () => unknown;
    (target as unknown as { prototype: object }).prototype = prototype;
    Object.defineProperty(target, "_meta", { value: model._meta });
    constructors.set(prototype, target);
  }
  return target;
}

const fetchers = new WeakMap<Field, Fetcher>();

/** Loads a deferred column. */
export function columnFetcher(field: Field): Fetcher {
  let fetcher = fetchers.get(field);
  if (fetcher === undefined) {
    fetcher = {
      name: field.name,
      isFetched: (instance) => Object.hasOwn(instance, field.attname),
      fetchOne: (instance) => hooks.refresh(instance, { fields: [field.attname] }),
      fetchMany: (instances) => hooks.fetchColumn(instances, field),
    };
    fetchers.set(field, fetcher);
  }
  return fetcher;
}

function loader(opts: Options, attname: string): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: false,
    get(this: ModelInstance) {
      const field = opts.getField(attname);
      if (field.generated && this.pk == null) {
        throw new TypeError("Cannot read a generated field from an unsaved model.");
      }
      const inherited = fromParent(this, opts, attname);
      if (inherited !== undefined) return inherited;
      const { fetchMode } = this._state;
      if (fetchMode === FETCH_ONE) {
        this.refreshFromDb({ fields: [attname] });
      } else {
        const spelling = `await ${opts.modelName}.arefreshFromDb({ fields: ["${attname}"] })`;
        hooks.runSync(fetchMode.fetch(columnFetcher(field as Field), this), spelling);
      }
      // A refresh that brought nothing must not ask again and again.
      return Object.hasOwn(this, attname) ? this[attname] : undefined;
    },
    set(this: ModelInstance, value: unknown) {
      Object.defineProperty(this, attname, { configurable: true, enumerable: true, writable: true, value });
    },
  };
}

/** A child's link to its parent holds the parent's key, which is here under another name. */
function fromParent(instance: ModelInstance, opts: Options, attname: string): unknown {
  const field = opts.getField(attname);
  if (!field.primaryKey) return undefined;
  const link = opts.getAncestorLink(field.opts as Options);
  if (link == null || link.attname === attname || !Object.hasOwn(instance, link.attname)) return undefined;
  const value = instance[link.attname];
  instance[attname] = value;
  return value;
}

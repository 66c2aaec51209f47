import { ImproperlyConfigured } from "../errors.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import { ASYNC_METHODS, ASYNC_STATICS } from "./async-half.ts";
import { BaseModel } from "./base.ts";
import { constant, defineErrors, rename } from "./class-parts.ts";
import type { FieldDeclarations } from "./declare.ts";
import { installAsync } from "./descriptors.ts";
import { addFields, inheritedMeta, inheritOptions, withoutAbstract } from "./inheritance.ts";
import { inheritManagers, installManagers, MANAGER_STATICS } from "./managers.ts";
import type { InternalMeta, ModelMeta } from "./meta.ts";
import { Options } from "./options.ts";
import { prepare } from "./prepare.ts";
import { connectRelations, connectThrough } from "./relations.ts";
import { classPrepared } from "./signals.ts";
import type { ModelClass } from "./types.ts";

/**
 * Declares a model with the sync half only: `objects`, `save`, `box`.
 *
 * @param label `"app.Model"`
 * @param fields the fields by name
 * @param meta Django's `class Meta`
 * @throws ImproperlyConfigured for names that cannot be
 */
export function SyncModel(label: string, fields: FieldDeclarations = {}, meta?: ModelMeta): ModelClass {
  return makeModel(label, fields, meta, BaseModel as unknown as ModelClass);
}

/**
 * Declares a model with both halves: `AsyncMixin(SyncModel(...))`.
 *
 * @example
 * class Pizza extends Model("shop.Pizza", {
 *   name: CharField({ maxLength: 50 }),
 *   box: ForeignKey("shop.Box", { null: true, onDelete: SET_NULL }),
 * }, { ordering: ["name"] }) {}
 *
 * Django: "Models".
 */
export function Model(label: string, fields: FieldDeclarations = {}, meta?: ModelMeta): ModelClass {
  return AsyncMixin(SyncModel(label, fields, meta));
}

/**
 * Adds the async half to a model: `aobjects`, `asave`, `adelete`, `arefreshFromDb`, and the `a` relations.
 *
 * @example
 * class Pizza extends AsyncMixin(SyncModel("shop.Pizza", { name: CharField({ maxLength: 50 }) })) {}
 */
export function AsyncMixin<B extends ModelClass>(Base: B): B {
  const opts = Base._meta;
  const Mixed = class extends (Base as ModelClass) {} as unknown as B;
  rename(Mixed, opts.objectName);
  Object.defineProperties(Mixed.prototype, ASYNC_METHODS);
  Object.defineProperty(Mixed.prototype, "then", NOT_THENABLE);
  Object.defineProperties(Mixed, ASYNC_STATICS);
  installManagers(Mixed, opts, "async");
  // Relations of the parents, too, where they have no async half to inherit.
  for (let o: Options | null = opts; o !== null && (o === opts || !o.hasAsync); o = o.base) {
    o.asyncPrototypes.push(Mixed.prototype);
    installAsync(Mixed.prototype, o);
  }
  opts.hasAsync = true;
  checkAsyncNames(opts);
  opts.rebase(Mixed);
  return Mixed;
}

/**
 * A promise that resolves to an object first looks whether it has a `then`. Found here as undefined, it need not be
 * looked for on all prototypes below: that is a twentieth of an awaited point read.
 */
const NOT_THENABLE: PropertyDescriptor = { value: undefined, writable: true, configurable: true };

/** `box` and a field `abox` cannot live together. */
function checkAsyncNames(opts: Options): void {
  for (const field of [...opts.fields, ...opts.manyToMany]) {
    for (const name of [field.name, field.attname]) {
      const other = opts.asyncAccessors.has(name) ? opts.findField(name.slice(1)) : undefined;
      if (other === undefined) continue;
      throw new ImproperlyConfigured(
        `The field '${field.name}' of '${opts.label}' clashes with the async accessor of '${other.name}'.`,
      );
    }
  }
}

/** Makes the class of a model that extends `Parent`: the root of all models, or another model. */
export function makeModel(
  label: string,
  declared: FieldDeclarations,
  meta: InternalMeta | undefined,
  Parent: ModelClass,
): ModelClass {
  const parent = (Parent as { _meta?: Options })._meta ?? null;
  parent?.adopt(Parent);
  const opts = new Options(label, { apps: parent?.apps, ...(meta ?? inheritedMeta(parent)) });
  const Base = class extends Parent {} as ModelClass;
  rename(Base, opts.objectName);
  opts.rootClass = Base;
  opts.baseClass = Base;
  opts.base = parent;
  if (parent?.hasAsync) {
    opts.hasAsync = true;
    opts.asyncPrototypes.push(Base.prototype);
  }
  constant(Base, "_meta", opts);
  constant(Base.prototype, "_meta", opts);
  constant(Base, "label", opts.label);
  constant(
    Base,
    "fields",
    Object.freeze(parent?.abstract ? { ...Parent.fields, ...declared } : { ...declared }),
  );
  constant(Base, "meta", Object.freeze(withoutAbstract(opts.meta)));
  if (!opts.abstract) defineErrors(Base, parent === null || parent.abstract ? null : parent.model);
  if (parent !== null) {
    inheritOptions(opts, parent);
    inheritManagers(Base, opts, parent);
  }
  installManagers(Base, opts, "sync");
  if (opts.hasAsync) installManagers(Base, opts, "async");
  addFields(opts, declared);
  if (!opts.abstract) {
    prepare(opts);
    opts.apps.checkLabel(opts);
    for (const field of opts.localManyToMany) connectThrough(opts, field as ManyToManyField, makeThrough);
    opts.apps.register(opts);
    connectRelations(opts);
    if (classPrepared.hasListeners(Base)) classPrepared.send(Base, {});
  }
  return Base;
}

/** The automatic intermediate models have both halves, as the models they serve. */
function makeThrough(label: string, fields: FieldDeclarations, meta: InternalMeta): ModelClass {
  return AsyncMixin(makeModel(label, fields, meta, BaseModel as unknown as ModelClass));
}

function extend(
  this: ModelClass,
  label: string,
  fields: FieldDeclarations = {},
  meta?: ModelMeta,
): ModelClass {
  return makeModel(label, fields, meta, this);
}

/**
 * `Place.extend("app.Restaurant", {...}, meta)`: a model that inherits from this one. From an abstract model it
 * takes the fields into its own table; with `{ proxy: true }` it is another class for the same table; else its
 * table refers to the parent's (multi-table inheritance).
 */
Object.defineProperty(BaseModel, "extend", { configurable: true, writable: true, value: extend });
Object.defineProperties(BaseModel, MANAGER_STATICS);

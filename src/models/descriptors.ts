import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { PrivateRelation } from "../fields/private.ts";
import { setCachedValue } from "../fields/related/cache.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { ManyToManyRel, ManyToOneRel } from "../fields/related/rel.ts";
import { allowRelation, dbForWrite } from "../router.ts";
import type { Mode, Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { columnFetcher } from "./deferred.ts";
import { type Fetcher, shareFetch } from "./fetch-modes.ts";
import { hooks } from "./hooks.ts";
import type { Options } from "./options.ts";
import type { ErrorClass, ModelInstance } from "./types.ts";

/** Defines an accessor for both colours: `name` in the sync half, `aname` in the async one. */
export function defineAccessor(
  opts: Options,
  name: string,
  accessor: PropertyDescriptor,
  asyncAccessor: PropertyDescriptor,
): void {
  Object.defineProperty(opts.rootClass.prototype, name, {
    configurable: true,
    enumerable: false,
    ...accessor,
  });
  opts.asyncAccessors.set(`a${name}`, { configurable: true, enumerable: false, ...asyncAccessor });
  for (const prototype of opts.asyncPrototypes) installAsync(prototype, opts);
}

/** Gives a prototype of the async half the `a` relations of a model. */
export function installAsync(prototype: object, opts: Options): void {
  for (const [name, accessor] of opts.asyncAccessors) Object.defineProperty(prototype, name, accessor);
}

function spelling(instance: ModelInstance, name: string): string {
  return `await ${instance._meta.modelName}.a${name}\`, or \`selectRelated("${name}")`;
}

// -------------------------------------------------------------------- forward: foreign keys, one-to-one

/** `pizza.box`, `pizza.abox`. */
export function installForward(opts: Options, field: ForeignObject): void {
  const { name } = field;
  const fetcher = forwardFetcher(field);
  defineAccessor(
    opts,
    name,
    {
      get(this: ModelInstance) {
        const cached = field.getCachedValue(this);
        const value =
          cached !== undefined
            ? cached
            : hooks.runSync(loadForward(this, field, fetcher), spelling(this, name));
        return required(field, value);
      },
      set(this: ModelInstance, value: unknown) {
        assignForward(this, field, value);
      },
    },
    {
      async get(this: ModelInstance) {
        const cached = field.getCachedValue(this);
        if (cached !== undefined) return required(field, cached);
        const load = () => hooks.runAsync(loadForward(this, field, fetcher));
        return required(field, await shareFetch(this, fetcher, () => field.getCachedValue(this), load));
      },
    } as PropertyDescriptor,
  );
}

function required(field: ForeignObject, value: ModelInstance | null): ModelInstance | null {
  if (value === null && !field.null) {
    throw relatedDoesNotExist(
      field.remoteField.opts,
      `${(field.opts as Options).objectName} has no ${field.name}.`,
    );
  }
  return value;
}

const errorClasses = new WeakMap<ErrorClass, ErrorClass>();

/** An error that is the model's own `DoesNotExist`. */
function relatedDoesNotExist(opts: Options, message: string): Error {
  const base = opts.model.DoesNotExist;
  let cls = errorClasses.get(base);
  if (cls === undefined) {
    cls = class RelatedObjectDoesNotExist extends base {};
    errorClasses.set(base, cls);
  }
  return new cls(message);
}

function forwardFetcher(field: ForeignObject): Fetcher {
  return {
    name: field.name,
    isFetched: (instance) => field.isCached(instance),
    *fetchOne(instance) {
      const key = field.cacheKey(instance);
      const related = yield* hooks.fetchRelated(instance, field);
      if (!field.remoteField.multiple) field.remoteField.setCachedValue(related, instance);
      setCachedValue(field, instance, related, key);
    },
    fetchMany: (instances) => hooks.fetchMany(instances, field.name),
  };
}

/** Loads the object that a foreign key refers to, as the instance's fetch mode says, and keeps it. */
export function* loadForward(
  instance: ModelInstance,
  field: ForeignObject,
  fetcher: Fetcher = forwardFetcher(field),
): Task<ModelInstance | null> {
  for (const local of field.localRelatedFields) {
    if (!isLoaded(instance, local)) yield* instance._state.fetchMode.fetch(columnFetcher(local), instance);
  }
  const key = field.cacheKey(instance);
  let related: ModelInstance | null = null;
  if (field.getLocalRelatedValue(instance).every((value) => value != null)) {
    const link = instance._meta.getAncestorLink(field.opts as Options);
    const ancestor = link?.getCachedValue(instance);
    if (ancestor) related = field.getCachedValue(ancestor) ?? null;
    if (related === null) {
      related = parentOf(instance, field);
      if (related === null) {
        yield* instance._state.fetchMode.fetch(fetcher, instance);
        // Also where the foreign key was changed meanwhile: this is what it was asked for.
        return (instance._state.fieldsCache?.[field.cacheName]?.value ?? null) as ModelInstance | null;
      }
      if (!field.remoteField.multiple) field.remoteField.setCachedValue(related, instance);
    }
  }
  setCachedValue(field, instance, related, key);
  return related;
}

function isLoaded(instance: ModelInstance, field: Field): boolean {
  return Object.hasOwn(instance, field.attname);
}

/** The parent of a child model's instance: its columns are already here. */
function parentOf(instance: ModelInstance, field: ForeignObject): ModelInstance | null {
  const { remoteField } = field;
  if (!remoteField.parentLink) return null;
  const columns = remoteField.opts.concreteFields;
  if (!columns.every((column) => isLoaded(instance, column))) return null;
  const attnames = columns.map((column) => column.attname);
  const { adding, db, fetchMode } = instance._state;
  const parent = remoteField.model.fromDb(
    db as string,
    attnames,
    attnames.map((attname) => instance[attname]),
  );
  parent._state.adding = adding;
  if (fetchMode !== parent._state.fetchMode) parent._state.fetchMode = fetchMode;
  return parent;
}

/** Shares the database between two objects that become related. */
function shareDatabase(instance: ModelInstance, value: ModelInstance): void {
  instance._state.db ??= dbForWrite(instance._meta.model, value);
  value._state.db ??= dbForWrite(value._meta.model, instance);
  if (!allowRelation(value, instance)) {
    throw new ValueError(
      `Cannot assign "${repr(value)}": the current database router prevents this relation.`,
    );
  }
}

function assignForward(instance: ModelInstance, field: ForeignObject, value: unknown): void {
  const { remoteField } = field;
  if (value === null) {
    // The former object of a one-to-one relation must not go on pointing here.
    const former = field.getCachedValue(instance);
    if (former != null && !remoteField.multiple) remoteField.setCachedValue(former, null);
    for (const local of field.localRelatedFields) instance[local.attname] = null;
    field.setCachedValue(instance, null);
  } else {
    if (!(value instanceof remoteField.opts.concreteOpts.rootClass)) {
      throw new ValueError(
        `Cannot assign "${repr(value)}": "${instance._meta.objectName}.${field.name}" must be a ` +
          `"${remoteField.opts.objectName}" instance.`,
      );
    }
    const related = value as ModelInstance;
    shareDatabase(instance, related);
    for (const [local, foreign] of field.relatedFields) instance[local.attname] = related[foreign.attname];
    field.setCachedValue(instance, related);
    if (!remoteField.multiple) remoteField.setCachedValue(related, instance);
  }
  if (field.primaryKey && remoteField.parentLink) assignParentKeys(instance, value as ModelInstance | null);
}

/** The primary keys that a child inherits are those of the parent that it is given. */
function assignParentKeys(instance: ModelInstance, parent: ModelInstance | null): void {
  for (const field of instance._meta.concreteFields) {
    if (!field.primaryKey || field.remoteField === null) continue;
    const { attname } = (field as unknown as ForeignObject).remoteField.opts.pk;
    instance[attname] = parent === null ? null : parent[attname];
  }
}

// -------------------------------------------------------------------- the way back of a one-to-one relation

/** `price.pizza`, `price.apizza`. */
export function installReverseOneToOne(opts: Options, rel: ManyToOneRel): void {
  const name = rel.accessorName as string;
  const fetcher = reverseFetcher(rel, name);
  const found = (instance: ModelInstance, value: ModelInstance | null): ModelInstance => {
    if (value === null)
      throw relatedDoesNotExist(rel.relatedOpts, `${instance._meta.objectName} has no ${name}.`);
    return value;
  };
  defineAccessor(
    opts,
    name,
    {
      get(this: ModelInstance) {
        const cached = rel.getCachedValue(this);
        return found(
          this,
          cached !== undefined
            ? cached
            : hooks.runSync(loadReverse(this, rel, fetcher), spelling(this, name)),
        );
      },
      set(this: ModelInstance, value: unknown) {
        assignReverse(this, rel, value);
      },
    },
    {
      async get(this: ModelInstance) {
        const cached = rel.getCachedValue(this);
        if (cached !== undefined) return found(this, cached);
        const load = () => hooks.runAsync(loadReverse(this, rel, fetcher));
        return found(this, await shareFetch(this, fetcher, () => rel.getCachedValue(this), load));
      },
    } as PropertyDescriptor,
  );
}

function reverseFetcher(rel: ManyToOneRel, name: string): Fetcher {
  return {
    name: rel.name,
    isFetched: (instance) => rel.isCached(instance),
    *fetchOne(instance) {
      const related = yield* hooks.fetchReverse(instance, rel);
      if (related !== null) rel.field.setCachedValue(related, instance);
      rel.setCachedValue(instance, related);
    },
    fetchMany: (instances) => hooks.fetchMany(instances.filter(isPkSet), name),
  };
}

/** Loads the object that refers to the instance, as its fetch mode says, and keeps it on both. */
function* loadReverse(
  instance: ModelInstance,
  rel: ManyToOneRel,
  fetcher: Fetcher,
): Task<ModelInstance | null> {
  if (isPkSet(instance)) {
    yield* instance._state.fetchMode.fetch(fetcher, instance);
    return rel.getCachedValue(instance) ?? null;
  }
  rel.setCachedValue(instance, null);
  return null;
}

function assignReverse(instance: ModelInstance, rel: ManyToOneRel, value: unknown): void {
  if (value === null) {
    const former = rel.getCachedValue(instance);
    if (former == null) return;
    rel.deleteCachedValue(instance);
    former[rel.field.name] = null;
    return;
  }
  if (!(value instanceof rel.relatedOpts.rootClass)) {
    throw new ValueError(
      `Cannot assign "${repr(value)}": "${instance._meta.objectName}.${rel.accessorName}" must be a ` +
        `"${rel.relatedOpts.objectName}" instance.`,
    );
  }
  const related = value as ModelInstance;
  shareDatabase(instance, related);
  for (const [local, foreign] of rel.field.relatedFields) related[local.attname] = instance[foreign.attname];
  rel.setCachedValue(instance, related);
  rel.field.setCachedValue(related, instance);
}

/** Whether an instance has a primary key: every part of a composite one. */
export function isPkSet(instance: ModelInstance): boolean {
  const { pk } = instance;
  return Array.isArray(pk) ? pk.every((part) => part != null) : pk != null;
}

// -------------------------------------------------------------------- many sides

type ManyRelation = ManyToOneRel | ManyToManyRel | ManyToManyField | PrivateRelation;

/** `box.pizza_set`, `pizza.toppings`, and their `a` forms. `side` names it in the error of an assignment. */
export function installMany(opts: Options, name: string, relation: ManyRelation, side: string): void {
  const accessor = (mode: Mode): PropertyDescriptor => ({
    get(this: ModelInstance) {
      return hooks.makeRelatedManager(this, relation, mode);
    },
    set() {
      throw new ArgumentTypeError(
        `Direct assignment to the ${side} is prohibited. Use ${mode === "async" ? "a" : ""}${name}.set() instead.`,
      );
    },
  });
  defineAccessor(opts, name, accessor("sync"), accessor("async"));
}

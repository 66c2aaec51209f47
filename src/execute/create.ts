import { connections } from "../connections.ts";
import {
  ArgumentTypeError,
  FieldDoesNotExist,
  FieldError,
  IntegrityError,
  ObjectDoesNotExist,
  ValueError,
} from "../errors.ts";
import { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { isPlainObject } from "../query/q.ts";
import { atomically, type Mode, type Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";
import { repr } from "../util/repr.ts";
import { getOne } from "./fetch.ts";
import { givingWay } from "./give-way.ts";
import { saveInstance, savesPlainly } from "./instance-methods.ts";
import { forWrite, type WritableQuerySet, writeDb } from "./querysets.ts";
import { insertNew } from "./save.ts";

type Values = Readonly<Record<string, unknown>>;

/** Makes an instance and inserts it. */
export function* create(queryset: WritableQuerySet, values: Values): Task<ModelInstance> {
  const { model, mode } = queryset;
  if (values != null && !isPlainObject(values))
    throw new ArgumentTypeError(`create() takes an object of fields and values, not ${repr(values)}.`);
  const db = writeDb(queryset);
  checkReverse(model, values);
  const instance = new model(values);
  yield* insertInstance(instance, db, mode);
  if (queryset.fetching !== null) instance._state.fetchMode = queryset.fetching;
  return instance;
}

/** Inserts a new object by its own `save()`. */
function insertInstance(instance: ModelInstance, using: string, mode: Mode): Task<void> {
  return savesPlainly(instance)
    ? insertNew(instance, using)
    : saveInstance(instance, mode, { forceInsert: true, using });
}

/** The other side of a one-to-one relation is no column here. */
function checkReverse(model: ModelClass, values: Values): void {
  const reverse = model._meta.reverseOneToOneFieldNames;
  if (reverse.size === 0) return;
  const wrong = Object.keys(values).filter((name) => reverse.has(name));
  if (wrong.length > 0) {
    throw new ValueError(`The following fields do not exist in this model: ${wrong.join(", ")}`);
  }
}

export interface GetOrCreateOptions {
  readonly defaults?: Values | undefined;
}

export interface UpdateOrCreateOptions extends GetOrCreateOptions {
  readonly createDefaults?: Values | undefined;
}

type Found = [object: ModelInstance, created: boolean];

/**
 * The object for which the conditions hold, made of them and of `defaults` when there is none.
 *
 * @throws MultipleObjectsReturned; FieldError for `defaults` that are no fields
 */
export function* getOrCreate(
  queryset: WritableQuerySet,
  lookups: Values,
  options: GetOrCreateOptions = {},
): Task<Found> {
  checkOptions("getOrCreate", options, ["defaults"]);
  return yield* find(forWrite(queryset), lookups, options.defaults ?? {});
}

function* find(queryset: WritableQuerySet, lookups: Values, defaults: Values): Task<Found> {
  const found = yield* getOrNull(queryset, lookups);
  if (found !== null) return [found, false];
  const params = modelParams(queryset.model, lookups, defaults);
  try {
    const made = yield* atomically(writeDb(queryset), function* (): Task<ModelInstance> {
      return yield* create(queryset, yield* resolveCallables(params));
    });
    return [made, true];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    // Someone else made it meanwhile.
    const other = yield* getOrNull(queryset, lookups);
    if (other === null) throw error;
    return [other, false];
  }
}

function* getOrNull(queryset: WritableQuerySet, lookups: Values): Task<ModelInstance | null> {
  try {
    return (yield* getOne(queryset, [lookups])) as ModelInstance;
  } catch (error) {
    if (error instanceof ObjectDoesNotExist && error instanceof queryset.model.DoesNotExist) return null;
    throw error;
  }
}

/** The values of a new object: conditions that are plain fields, and the defaults. */
function modelParams(model: ModelClass, lookups: Values, defaults: Values): Values {
  const params: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(lookups)) if (!name.includes("__")) params[name] = value;
  Object.assign(params, defaults);
  const opts = model._meta;
  const invalid = Object.keys(params).filter((name) => !isField(opts, name) && !isSettable(model, name));
  if (invalid.length > 0) {
    throw new FieldError(
      `Invalid field name(s) for model ${opts.objectName}: '${invalid.sort().join("', '")}'.`,
    );
  }
  return params;
}

function isField(opts: Options, name: string): boolean {
  try {
    opts.getField(name);
    return true;
  } catch (error) {
    if (error instanceof FieldDoesNotExist) return false;
    throw error;
  }
}

/** A property of the class that can be assigned. */
function isSettable(model: ModelClass, name: string): boolean {
  for (let proto: object | null = model.prototype; proto !== null && proto !== Object.prototype; ) {
    const property = Object.getOwnPropertyDescriptor(proto, name);
    if (property !== undefined) return property.set !== undefined;
    proto = Object.getPrototypeOf(proto) as object | null;
  }
  return false;
}

/** Values that are functions are called now, when they are needed. */
export function* resolveCallables(values: Values): Task<Values> {
  const resolved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "function") {
      resolved[name] = value;
      continue;
    }
    const made: unknown = value();
    resolved[name] = isPromise(made)
      ? yield { kind: "wait", value: made, what: `the default of '${name}'` }
      : made;
  }
  return resolved;
}

function isPromise(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/**
 * Updates the object for which the conditions hold with `defaults`, or makes one of them (or of `createDefaults`).
 *
 * @throws MultipleObjectsReturned
 */
export function* updateOrCreate(
  queryset: WritableQuerySet,
  lookups: Values,
  options: UpdateOrCreateOptions = {},
): Task<Found> {
  checkOptions("updateOrCreate", options, ["createDefaults", "defaults"]);
  const { defaults = {}, createDefaults = defaults } = options;
  const rows = forWrite(queryset);
  const db = writeDb(rows);
  return yield* givingWay(db, queryset.mode, (told) =>
    atomically(db, function* (): Task<Found> {
      try {
        return yield* update(rows, lookups, defaults, createDefaults);
      } catch (error) {
        told(error);
        throw error;
      }
    }),
  );
}

function* update(
  rows: WritableQuerySet,
  lookups: Values,
  defaults: Values,
  createDefaults: Values,
): Task<Found> {
  const { model, mode } = rows;
  const db = writeDb(rows);
  const locked = connections.features(db).hasSelectForUpdate ? rows.selectForUpdate() : rows;
  const [object, created] = yield* find(locked, lookups, createDefaults);
  if (created) return [object, true];
  const values = yield* resolveCallables(defaults);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      throw new ArgumentTypeError(`'${model._meta.objectName}.${name}' is undefined. Use null for NULL.`);
    }
    object[name] = value;
  }
  yield* saveInstance(object, mode, { using: db, ...updatedFields(model._meta, Object.keys(defaults)) });
  return [object, false];
}

/** The fields to save: those given, and those that fill themselves in; all when one is no column. */
function updatedFields(opts: Options, names: readonly string[]): { updateFields?: Set<string> } {
  const known = opts.nonPkConcreteFieldNames;
  if (!names.every((name) => known.has(name))) return {};
  const updateFields = new Set(names);
  const pks = new Set<Field>(opts.pkFields);
  for (const field of opts.localConcreteFields) {
    if (!pks.has(field) && fillsItself(field)) updateFields.add(field.name).add(field.attname);
  }
  return { updateFields };
}

function fillsItself(field: Field): boolean {
  return field.preSave !== Field.prototype.preSave;
}

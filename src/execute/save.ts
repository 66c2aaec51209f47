import { ArgumentTypeError, ValueError } from "../errors.ts";
import { Max } from "../expressions/aggregates.ts";
import { Value } from "../expressions/value.ts";
import { ExpressionWrapper } from "../expressions/wrapper.ts";
import type { Field } from "../fields/field.ts";
import { IntegerField } from "../fields/index.ts";
import { deleteCachedValue } from "../fields/related/cache.ts";
import { Coalesce } from "../functions/comparison.ts";
import { hooks, type SaveOptions } from "../models/hooks.ts";
import type { Options } from "../models/options.ts";
import { postSave, preSave } from "../models/signals.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { dbForWrite, sameData } from "../router.ts";
import { atomically, type RunResult, type Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";
import { repr } from "../util/repr.ts";
import { aggregate, exists } from "./fetch.ts";
import { insertPlan } from "./insert.ts";
import { prepareRelatedFields } from "./prepare-relations.ts";
import { baseQuerySet } from "./querysets.ts";
import { type Change, updateFields } from "./update.ts";
import { type WriteModel, writeModel } from "./write-model.ts";

const OPTIONS = ["forceInsert", "forceUpdate", "updateFields", "using"];

/** What one `save()` is to do. */
interface Saving {
  /** The values go into the instance's own table as they are, as the loading of fixtures needs it. */
  readonly raw: boolean;
  readonly using: string;
  readonly forceInsert: readonly Options[];
  readonly forceUpdate: boolean;
  readonly updateFields: ReadonlySet<string> | null;
}

/** The alias that an instance is written to when none is named. */
export function writeAlias(instance: ModelInstance, using: string | null | undefined): string {
  return using ?? dbForWrite(instance._meta.model, instance);
}

/**
 * Saves an instance: INSERT for a new one, UPDATE for one from the database.
 *
 * @throws ArgumentTypeError, ValueError for options that do not fit; DatabaseError when a forced update matched no row
 */
export function* save(instance: ModelInstance, options: SaveOptions): Task<void> {
  prepareRelatedFields(instance, "save");
  const { forceInsert = false, forceUpdate = false } = options;
  checkOptions("save", options, OPTIONS);
  const using = writeAlias(instance, options.using);
  let only = options.updateFields == null ? null : new Set(options.updateFields);
  if (forceInsert !== false && (forceUpdate || (only !== null && only.size > 0))) {
    throw new ValueError("Cannot force both insert and updating in model saving.");
  }
  const state = instance._state;
  if (only !== null) {
    if (only.size === 0) return;
    checkUpdateFields(instance._meta, only);
  } else if (!state.adding && forceInsert === false && sameData(using, state.db)) {
    only = loadedOnly(instance);
  }
  yield* saveParts(instance, {
    raw: false,
    using,
    forceInsert: forcedModels(instance._meta, forceInsert),
    forceUpdate,
    updateFields: only,
  });
}

/** An INSERT of a new object with all checks of `save()`: what `create()` does. */
export function* insertNew(instance: ModelInstance, using: string): Task<void> {
  prepareRelatedFields(instance, "save");
  yield* saveParts(instance, {
    raw: false,
    using,
    forceInsert: [instance._meta],
    forceUpdate: false,
    updateFields: null,
  });
}

function checkUpdateFields(opts: Options, names: ReadonlySet<string>): void {
  const known = opts.nonPkConcreteFieldNames;
  const wrong = [...names].filter((name) => !known.has(name));
  if (wrong.length === 0) return;
  throw new ValueError(
    "The following fields do not exist in this model, are m2m fields, primary keys, or are non-concrete fields: " +
      wrong.join(", "),
  );
}

/** The loaded columns of an instance that lacks some; `null` when it lacks none. */
function loadedOnly(instance: ModelInstance): Set<string> | null {
  const opts = instance._meta;
  let deferred = false;
  for (const field of opts.concreteFields) {
    if (!field.generated && !Object.hasOwn(instance, field.attname)) deferred = true;
  }
  if (!deferred) return null;
  const pks = new Set<Field>(opts.pkFields);
  const loaded = opts.concreteFields.filter(
    (field) => !pks.has(field) && (field.generated || Object.hasOwn(instance, field.attname)),
  );
  return loaded.length > 0 ? new Set(loaded.map((field) => field.attname)) : null;
}

const NONE: readonly Options[] = [];

/** The models whose tables get a new row in any case. */
function forcedModels(opts: Options, forceInsert: boolean | readonly ModelClass[]): readonly Options[] {
  if (forceInsert === false) return NONE;
  if (forceInsert === true) return [opts];
  if (!Array.isArray(forceInsert)) throw new ArgumentTypeError("forceInsert must be a bool or tuple.");
  return forceInsert.map((member: unknown) => {
    const meta = typeof member === "function" ? (member as { _meta?: Options })._meta : undefined;
    if (meta === undefined) {
      throw new ArgumentTypeError(`Invalid forceInsert member. ${repr(member)} must be a model subclass.`);
    }
    if (!opts.isSubclassOf(meta)) {
      throw new ArgumentTypeError(
        `Invalid forceInsert member. ${meta.objectName} must be a base of ${opts.objectName}.`,
      );
    }
    return meta;
  });
}

/**
 * The part of saving that comes after the checks: Django's `save_base()`.
 *
 * @param options `raw`: only the instance's own table is written, with the values as they are
 */
export function* saveBase(
  instance: ModelInstance,
  options: SaveOptions & { raw?: boolean | undefined },
): Task<void> {
  const { raw = false, forceInsert = false, forceUpdate = false, updateFields: only } = options;
  yield* saveParts(instance, {
    raw,
    using: writeAlias(instance, options.using),
    forceInsert: forcedModels(instance._meta, forceInsert),
    forceUpdate,
    updateFields: only == null ? null : new Set(only),
  });
}

function* saveParts(instance: ModelInstance, saving: Saving): Task<void> {
  const origin = instance._meta;
  const opts = origin.concreteOpts;
  const { using, raw } = saving;
  const sender = origin.model;
  const signals = opts.autoCreated === null;
  if (signals && preSave.hasListeners(sender)) {
    yield* preSave.sendTask(sender, { instance, raw, using, updateFields: saving.updateFields });
  }
  let updated: boolean;
  if (opts.parentLinks.size > 0 && !raw) {
    updated = yield* atomically(using, () => saveWithParents(instance, opts, saving), { savepoint: false });
  } else {
    try {
      updated = yield* saveTable(instance, writeModel(opts), saving, saving.forceInsert.length > 0);
    } catch (error) {
      yield { kind: "break", alias: using, error };
      throw error;
    }
  }
  const state = instance._state;
  state.db = using;
  state.adding = false;
  if (signals && postSave.hasListeners(sender)) {
    yield* postSave.sendTask(sender, {
      instance,
      raw,
      using,
      updateFields: saving.updateFields,
      created: !updated,
    });
  }
}

function* saveWithParents(instance: ModelInstance, opts: Options, saving: Saving): Task<boolean> {
  const inserted = yield* saveParents(instance, opts, saving, new Map());
  return yield* saveTable(instance, writeModel(opts), saving, saving.forceInsert.length > 0 || inserted);
}

/** Saves the rows of the parents; says whether one of them is new. */
function* saveParents(
  instance: ModelInstance,
  opts: Options,
  saving: Saving,
  done: Map<Options, boolean>,
): Task<boolean> {
  let inserted = false;
  for (const [parent, link] of opts.parentLinks) {
    const { attname } = parent.pk;
    if (link !== null && instance[attname] == null && instance[link.attname] != null) {
      instance[attname] = instance[link.attname];
    }
    const before = done.get(parent);
    if (before === undefined) {
      const parentInserted = yield* saveParents(instance, parent, saving, done);
      const forced = saving.forceInsert.some((model) => parent.isSubclassOf(model));
      const updated = yield* saveTable(
        instance,
        writeModel(parent),
        { ...saving, forceUpdate: false },
        parentInserted || forced,
      );
      if (!updated) inserted = true;
      done.set(parent, updated);
    } else if (!before) {
      inserted = true;
    }
    if (link !== null) {
      instance[link.attname] = instance[attname];
      // A parent that was read before may be another one now.
      deleteCachedValue(link, instance);
    }
  }
  return inserted;
}

function hasPk(instance: ModelInstance, opts: Options): boolean {
  return opts.pkFields.every((field) => instance[field.attname] != null);
}

/** Saves the row of one table: whether there was one to update. */
function* saveTable(
  instance: ModelInstance,
  model: WriteModel,
  saving: Saving,
  force: boolean,
): Task<boolean> {
  const { opts, pkAttname } = model;
  const { raw, using, forceUpdate, updateFields: only } = saving;
  let pkSet = pkAttname === null ? hasPk(instance, opts) : instance[pkAttname] != null;
  if (!pkSet) {
    instance[opts.pk.attname] = opts.pk.getPkValueOnSave(instance);
    pkSet = pkAttname === null ? hasPk(instance, opts) : instance[pkAttname] != null;
    if (!pkSet && (forceUpdate || only !== null)) {
      throw new ValueError("Cannot force an update in save() with no primary key.");
    }
  }
  const insertOnly = force || (!raw && !forceUpdate && model.pkHasDefault && instance._state.adding);
  if (pkSet && !insertOnly) {
    const updated = yield* updateRow(instance, model, saving);
    if (updated) return true;
    if (forceUpdate) throw new opts.model.NotUpdated("Forced update did not affect any rows.");
    if (only !== null) throw new opts.model.NotUpdated("Save with updateFields did not affect any rows.");
  }
  if (opts.orderWithRespectTo !== null) yield* takePlace(instance, opts, using);
  if (!instance._state.adding) yield* loadDeferred(instance, model.withPk);
  const plan = raw
    ? insertPlan(opts, using, pkSet ? model.withPk : model.withoutPk, model.returning, true)
    : model.insert(using, pkSet);
  yield* plan.runOne(using, instance);
  return false;
}

/** What is written as a whole must be loaded. */
function* loadDeferred(instance: ModelInstance, fields: readonly Field[]): Task<void> {
  const missing = fields.filter((field) => !Object.hasOwn(instance, field.attname));
  if (missing.length > 0) yield* hooks.refresh(instance, { fields: missing.map((field) => field.attname) });
}

/** Updates the row; says whether there is one. */
function* updateRow(
  instance: ModelInstance,
  model: WriteModel,
  { raw, using, forceUpdate, updateFields: only }: Saving,
): Task<boolean> {
  const fields =
    only === null
      ? model.updatable
      : model.updatable.filter((field) => only.has(field.name) || only.has(field.attname));
  // Also of an instance that is saved as a whole: into another database, or because it has nothing but its key.
  if (fields.some((field) => !Object.hasOwn(instance, field.attname))) yield* loadDeferred(instance, fields);
  const checkFirst = instance._meta.selectOnSave && only === null && !forceUpdate;
  if (fields.length > 0 && !checkFirst && model.plainManager && !raw) {
    const plan = model.update(using, fields);
    const params = plan.bind(instance);
    if (params !== null) {
      return ((yield { kind: "run", alias: using, sql: plan.sql, params }) as RunResult).changes > 0;
    }
  }
  const row = baseQuerySet(model.opts, using).filterWith([{ pk: pkOf(instance, model.opts) }]);
  if (fields.length === 0) return only !== null || (yield* exists(row));
  if (checkFirst && !(yield* exists(row))) return false;
  const changes = fields.map(
    (field): Change => [field, raw ? instance[field.attname] : field.preSave(instance, false)],
  );
  return (yield* updateFields(row, changes)) > 0 || (checkFirst && (yield* exists(row)));
}

function pkOf(instance: ModelInstance, opts: Options): unknown {
  const { pkFields } = opts;
  return opts.isCompositePk
    ? pkFields.map((field) => instance[field.attname])
    : instance[(pkFields[0] as Field).attname];
}

const place = new IntegerField({});

/** A new object of an ordered list comes last. */
function* takePlace(instance: ModelInstance, opts: Options, using: string): Task<void> {
  const field = opts.orderWithRespectTo as unknown as Field;
  const siblings = baseQuerySet(opts, using).filterWith([field.getFilterKwargsForObject(instance)]);
  const next = new ExpressionWrapper(new Max("_order").add(new Value(1)), { outputField: place });
  const { _order__max } = yield* aggregate(siblings, [{ _order__max: new Coalesce(next, new Value(0)) }]);
  instance._order = _order__max;
}

import { connections } from "../connections.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { Options } from "../models/options.ts";
import { type M2mEvent, m2mChanged } from "../models/signals.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { modelOf } from "../query/instances.ts";
import { Q } from "../query/q.ts";
import { relatedKey } from "../query/related-key.ts";
import { allowRelation, dbForWrite } from "../router.ts";
import { atomically, type Mode, type Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { bulkCreate } from "./bulk.ts";
import {
  create,
  type GetOrCreateOptions,
  getOrCreate,
  resolveCallables,
  type UpdateOrCreateOptions,
  updateOrCreate,
} from "./create.ts";
import { deleteRows } from "./delete.ts";
import { objectsOf } from "./many-to-one.ts";
import { defaultQuerySet, type WritableQuerySet } from "./querysets.ts";

type Values = Readonly<Record<string, unknown>>;

/** One side of a many-to-many relation, for one object on the other side: what its manager gives to tasks. */
export interface ManyToManySide {
  readonly instance: ModelInstance;
  readonly model: ModelClass;
  readonly mode: Mode;
  readonly throughOpts: Options;
  /** The foreign keys of the table between: to the object, and to the related ones. */
  readonly sourceField: ForeignKey;
  readonly targetField: ForeignKey;
  readonly fromOtherSide: boolean;
  readonly symmetrical: boolean;
  /** What the foreign key to the object holds. */
  readonly sourceValue: unknown;
  source(): WritableQuerySet;
  related(): WritableQuerySet;
  removePrefetched(): void;
}

export interface ThroughOptions {
  readonly throughDefaults?: Values | null | undefined;
}

/** Keys, each once. */
type Keys = Map<unknown, unknown>;

function throughAlias({ throughOpts, instance }: ManyToManySide): string {
  return dbForWrite(throughOpts.model, instance);
}

function isInstance(side: ManyToManySide, object: unknown): object is ModelInstance {
  return object instanceof side.model._meta.rootClass;
}

function* notify(
  side: ManyToManySide,
  action: M2mEvent["action"],
  pkSet: ReadonlySet<unknown> | null,
  using: string,
): Task<void> {
  const sender = side.throughOpts.model;
  if (!m2mChanged.hasListeners(sender)) return;
  const { instance, fromOtherSide: reverse, model } = side;
  yield* m2mChanged.sendTask(sender, { instance, action, reverse, model, pkSet, using });
}

/** Relates objects or keys; those that are related already are left alone. */
export function* addToMany(
  side: ManyToManySide,
  objects: readonly unknown[],
  options: ThroughOptions,
): Task<void> {
  side.removePrefetched();
  const { sourceField, targetField } = side;
  yield* atomically(
    throughAlias(side),
    function* (): Task<void> {
      yield* addItems(side, sourceField, targetField, objects, options.throughDefaults ?? {});
      // A relation that holds both ways has a row for each.
      if (side.symmetrical)
        yield* addItems(side, targetField, sourceField, objects, options.throughDefaults ?? {});
    },
    { savepoint: false },
  );
}

function* addItems(
  side: ManyToManySide,
  source: ForeignKey,
  target: ForeignKey,
  objects: readonly unknown[],
  throughDefaults: Values,
): Task<void> {
  if (objects.length === 0) return;
  const defaults = yield* resolveCallables(throughDefaults);
  const keys = targetKeys(side, target, objects);
  const db = throughAlias(side);
  const { throughOpts: opts } = side;
  const through = opts.model;
  const ignoreConflicts = opts.autoCreated !== null && connections.features(db).supportsIgnoreConflicts;
  const signals = (side.fromOtherSide || source === side.sourceField) && m2mChanged.hasListeners(through);
  const rowsOf = (values: Iterable<unknown>, more: Values) =>
    [...values].map(
      (value) => new through({ ...more, [source.attname]: side.sourceValue, [target.attname]: value }),
    );
  if (ignoreConflicts && !signals) {
    yield* bulkCreate(defaultQuerySet(opts, db), rowsOf(keys.values(), {}), { ignoreConflicts });
    return;
  }
  const related = defaultQuerySet(opts, db)
    .valuesList(target.name, { flat: true })
    .filter({ [source.name]: side.sourceValue, [`${target.name}__in`]: [...keys.values()] });
  for (const value of yield* related.fetch()) keys.delete(relatedKey([value]));
  const pkSet = new Set(keys.values());
  yield* atomically(
    db,
    function* (): Task<void> {
      if (signals) yield* notify(side, "pre_add", pkSet, db);
      yield* bulkCreate(defaultQuerySet(opts, db), rowsOf(keys.values(), defaults), { ignoreConflicts });
      if (signals) yield* notify(side, "post_add", pkSet, db);
    },
    { savepoint: false },
  );
}

/** What a foreign key of the table between holds for these objects and keys. */
function targetKeys(side: ManyToManySide, target: ForeignKey, objects: readonly unknown[]): Keys {
  const keys: Keys = new Map();
  for (const object of objects) {
    let value: unknown;
    if (isInstance(side, object)) {
      if (!allowRelation(object, side.instance)) {
        throw new ValueError(
          `Cannot add "${repr(object)}": instance is on database "${side.instance._state.db ?? "None"}", value is on ` +
            `database "${object._state.db ?? "None"}"`,
        );
      }
      [value] = target.getForeignRelatedValue(object);
      if (value == null) {
        throw new ValueError(`Cannot add "${repr(object)}": the value for field "${target.name}" is None`);
      }
    } else if (modelOf(object) !== undefined) {
      throw new ArgumentTypeError(`'${side.model._meta.objectName}' instance expected, got ${repr(object)}`);
    } else {
      value = keyOf(target, object);
    }
    keys.set(relatedKey([value]), value);
  }
  return inOrder(keys);
}

/** Keys in their order: transactions that relate the same objects then lock them in the same order. */
function inOrder(keys: Keys): Keys {
  const sorted = [...keys].sort(([, a], [, b]) =>
    (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0,
  );
  return new Map(sorted);
}

function keyOf(target: ForeignKey, value: unknown): unknown {
  if (value === undefined) throw new ArgumentTypeError(`undefined is neither an object nor a key.`);
  return target.getPrepValue(value);
}

/** Ends the relation to these objects or keys. */
export function* removeFromMany(side: ManyToManySide, objects: readonly unknown[]): Task<void> {
  side.removePrefetched();
  if (objects.length === 0) return;
  const { targetField } = side;
  const keys: Keys = new Map();
  for (const object of objects) {
    if (object === undefined) throw new ArgumentTypeError("undefined is neither an object nor a key.");
    const value = isInstance(side, object) ? targetField.getForeignRelatedValue(object)[0] : object;
    keys.set(relatedKey([value]), value);
  }
  const db = throughAlias(side);
  const pkSet = new Set(keys.values());
  yield* atomically(
    db,
    function* (): Task<void> {
      yield* notify(side, "pre_remove", pkSet, db);
      const source = side.source();
      const old = [...keys.values()];
      const removed = hasFilters(source)
        ? source.using(db).filter({ [`${targetField.targetField.attname}__in`]: old })
        : old;
      yield* deleteRows(defaultQuerySet(side.throughOpts, db).filterWith([removeFilters(side, removed)]));
      yield* notify(side, "post_remove", pkSet, db);
    },
    { savepoint: false },
  );
}

function hasFilters(queryset: WritableQuerySet): boolean {
  return !queryset.query.where.isEmpty;
}

/** The rows of the table between that lead to the removed objects; `null`: all. */
function removeFilters(side: ManyToManySide, removed: unknown): Q {
  const { sourceField, targetField, sourceValue } = side;
  const direction = (from: ForeignKey, to: ForeignKey) =>
    Q.of([{ [from.name]: sourceValue, ...(removed === null ? {} : { [`${to.name}__in`]: removed }) }]);
  const forward = direction(sourceField, targetField);
  return side.symmetrical ? forward.or(direction(targetField, sourceField)) : forward;
}

/** Ends all relations. */
export function* clearMany(side: ManyToManySide): Task<void> {
  const db = throughAlias(side);
  yield* atomically(
    db,
    function* (): Task<void> {
      yield* notify(side, "pre_clear", null, db);
      side.removePrefetched();
      const source = side.source();
      const removed = hasFilters(source) ? source.using(db) : null;
      yield* deleteRows(defaultQuerySet(side.throughOpts, db).filterWith([removeFilters(side, removed)]));
      yield* notify(side, "post_clear", null, db);
    },
    { savepoint: false },
  );
}

/** Relates exactly these objects or keys. */
export function* setMany(
  side: ManyToManySide,
  given: unknown,
  { clear = false, throughDefaults }: ThroughOptions & { readonly clear?: boolean | undefined },
): Task<void> {
  const objects = yield* objectsOf(given);
  const db = throughAlias(side);
  const { targetField } = side;
  yield* atomically(
    db,
    function* (): Task<void> {
      if (clear) {
        yield* clearMany(side);
        yield* addToMany(side, objects, { throughDefaults });
        return;
      }
      const related = side.related().using(db).valuesList(targetField.targetField.attname, { flat: true });
      const old = new Map((yield* related.fetch()).map((value) => [relatedKey([value]), value]));
      const added = objects.filter((object) => {
        const value = isInstance(side, object)
          ? targetField.getForeignRelatedValue(object)[0]
          : keyOf(targetField, object);
        return !old.delete(relatedKey([value]));
      });
      yield* removeFromMany(side, [...old.values()]);
      yield* addToMany(side, added, { throughDefaults });
    },
    { savepoint: false },
  );
}

function instanceAlias({ instance }: ManyToManySide): string {
  return dbForWrite(instance._meta.model, instance);
}

export function* createInMany(
  side: ManyToManySide,
  values: Values,
  options: ThroughOptions,
): Task<ModelInstance> {
  const object = yield* create(side.source().using(instanceAlias(side)), values);
  yield* addToMany(side, [object], options);
  return object;
}

export function* getOrCreateInMany(
  side: ManyToManySide,
  lookups: Values,
  { throughDefaults, ...options }: GetOrCreateOptions & ThroughOptions,
): Task<[ModelInstance, boolean]> {
  const [object, created] = yield* getOrCreate(side.related().using(instanceAlias(side)), lookups, options);
  if (created) yield* addToMany(side, [object], { throughDefaults });
  return [object, created];
}

export function* updateOrCreateInMany(
  side: ManyToManySide,
  lookups: Values,
  { throughDefaults, ...options }: UpdateOrCreateOptions & ThroughOptions,
): Task<[ModelInstance, boolean]> {
  const [object, created] = yield* updateOrCreate(
    side.related().using(instanceAlias(side)),
    lookups,
    options,
  );
  if (created) yield* addToMany(side, [object], { throughDefaults });
  return [object, created];
}

import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import { identityOf } from "../models/base.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { relatedKey } from "../query/related-key.ts";
import { dbForWrite, sameData } from "../router.ts";
import { atomically, type Mode, type Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import {
  create,
  type GetOrCreateOptions,
  getOrCreate,
  type UpdateOrCreateOptions,
  updateOrCreate,
} from "./create.ts";
import { saveInstance } from "./instance-methods.ts";
import { baseQuerySet, type WritableQuerySet } from "./querysets.ts";
import { updateRows } from "./update.ts";

type Values = Readonly<Record<string, unknown>>;

/** The many side of a many-to-one relation, for one object on the other side: what its manager gives to tasks. */
export interface ManyToOneSide {
  readonly instance: ModelInstance;
  readonly field: ForeignObject;
  readonly model: ModelClass;
  readonly mode: Mode;
  /** All objects of the model that its default manager shows. */
  source(): WritableQuerySet;
  /** Those that belong to the object. */
  related(): WritableQuerySet;
  removePrefetched(): void;
}

export interface BulkOptions {
  readonly bulk?: boolean | undefined;
}

/** What the objects refer to must be set. */
export function checkForeignValue(side: ManyToOneSide): void {
  for (const { attname } of side.field.foreignRelatedFields) {
    if (side.instance[attname] == null) {
      throw new ValueError(
        `"${repr(side.instance)}" needs to have a value for field "${attname}" before this relationship can be used.`,
      );
    }
  }
}

function writeAlias({ model, instance }: ManyToOneSide): string {
  return dbForWrite(model, instance);
}

export function checkInstance(model: ModelClass, object: unknown): asserts object is ModelInstance {
  if (!(object instanceof model._meta.rootClass)) {
    throw new ArgumentTypeError(`'${model._meta.objectName}' instance expected, got ${repr(object)}`);
  }
}

/** The objects of an argument that may be a queryset of either colour. */
export function* objectsOf(given: unknown): Task<readonly unknown[]> {
  if (typeof given === "object" && given !== null) {
    const { fetch } = given as { fetch?: () => Task<readonly unknown[]> };
    if (typeof fetch === "function") return [...(yield* fetch.call(given))];
    const { all } = given as { all?: () => WritableQuerySet };
    if (typeof all === "function") return [...(yield* all.call(given).fetch())];
  }
  if (typeof (given as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== "function") {
    throw new ArgumentTypeError(`A list of objects is needed, not ${repr(given)}.`);
  }
  return [...(given as Iterable<unknown>)];
}

/** Makes saved objects related with one statement, or saves each of them. */
export function* addToOne(
  side: ManyToOneSide,
  objects: readonly unknown[],
  options: BulkOptions,
): Task<void> {
  checkForeignValue(side);
  side.removePrefetched();
  const { field, instance, model, mode } = side;
  const db = writeAlias(side);
  const relate = (object: unknown): ModelInstance => {
    checkInstance(model, object);
    object[field.name] = instance;
    return object;
  };
  if (options.bulk === false) {
    yield* atomically(
      db,
      function* (): Task<void> {
        for (const object of objects) yield* saveInstance(relate(object), mode, {});
      },
      { savepoint: false },
    );
    return;
  }
  const pks: unknown[] = [];
  for (const given of objects) {
    const object = relate(given);
    if (object._state.adding || !sameData(object._state.db, db)) {
      throw new ValueError(
        `${repr(object)} instance isn't saved. Use { bulk: false } or save the object first.`,
      );
    }
    pks.push(object.pk);
  }
  yield* updateRows(baseQuerySet(model, db).filterWith([{ pk__in: pks }]), { [field.name]: instance });
}

/** A relation that cannot be null cannot end. */
function checkNullable({ field, model }: ManyToOneSide, method: string): void {
  if (field.null) return;
  throw new ArgumentTypeError(
    `${method}() needs a relation that can be null: '${model._meta.objectName}.${field.name}' cannot.`,
  );
}

/** Ends the relation of these objects. */
export function* removeFromOne(
  side: ManyToOneSide,
  objects: readonly unknown[],
  options: BulkOptions,
): Task<void> {
  checkNullable(side, "remove");
  if (objects.length === 0) return;
  checkForeignValue(side);
  const { field, instance, model } = side;
  const own = relatedKey(field.getForeignRelatedValue(instance));
  const pks = new Map<unknown, unknown>();
  for (const object of objects) {
    checkInstance(model, object);
    if (relatedKey(field.getLocalRelatedValue(object)) !== own) {
      throw new field.remoteField.model.DoesNotExist(`${repr(object)} is not related to ${repr(instance)}.`);
    }
    pks.set(identityOf(object), object.pk);
  }
  const rows = side.related().filterWith([{ pk__in: [...pks.values()] }]);
  yield* endRelation(side, () => rows, options);
}

/** Ends all relations. */
export function* clearOne(side: ManyToOneSide, options: BulkOptions): Task<void> {
  checkNullable(side, "clear");
  checkForeignValue(side);
  yield* endRelation(side, () => side.related(), options);
}

function* endRelation(side: ManyToOneSide, rowsOf: () => WritableQuerySet, options: BulkOptions): Task<void> {
  side.removePrefetched();
  const { field, mode } = side;
  const db = writeAlias(side);
  const rows = rowsOf().using(db);
  if (options.bulk !== false) {
    yield* updateRows(rows, { [field.name]: null });
    return;
  }
  yield* atomically(
    db,
    function* (): Task<void> {
      for (const object of (yield* rows.fetch()) as readonly ModelInstance[]) {
        object[field.name] = null;
        yield* saveInstance(object, mode, { updateFields: [field.name] });
      }
    },
    { savepoint: false },
  );
}

/** Makes exactly these objects related. */
export function* setToOne(
  side: ManyToOneSide,
  given: unknown,
  { bulk, clear = false }: BulkOptions & { readonly clear?: boolean | undefined },
): Task<void> {
  checkForeignValue(side);
  // Read before anything is cleared: it may be a queryset of these very objects.
  const objects = yield* objectsOf(given);
  const { field } = side;
  if (!field.null) {
    yield* addToOne(side, objects, { bulk });
    return;
  }
  const db = writeAlias(side);
  yield* atomically(
    db,
    function* (): Task<void> {
      if (clear) {
        yield* clearOne(side, { bulk });
        yield* addToOne(side, objects, { bulk });
        return;
      }
      const before = (yield* side.related().using(db).fetch()) as readonly ModelInstance[];
      const old = new Map(before.map((object) => [identityOf(object), object]));
      const added = objects.filter((object) => !old.delete(identity(object)));
      yield* removeFromOne(side, [...old.values()], { bulk });
      yield* addToOne(side, added, { bulk });
    },
    { savepoint: false },
  );
}

function identity(object: unknown): string {
  if (typeof object !== "object" || object === null || !("_meta" in object)) return "";
  const instance = object as ModelInstance;
  return instance.pk == null ? "" : identityOf(instance);
}

export function* createInOne(side: ManyToOneSide, values: Values): Task<ModelInstance> {
  checkForeignValue(side);
  side.removePrefetched();
  const rows = side.source().using(writeAlias(side));
  return yield* create(rows, { ...values, [side.field.name]: side.instance });
}

export function* getOrCreateInOne(
  side: ManyToOneSide,
  lookups: Values,
  options: GetOrCreateOptions | undefined,
): Task<[ModelInstance, boolean]> {
  checkForeignValue(side);
  const rows = side.related().using(writeAlias(side));
  return yield* getOrCreate(rows, { ...lookups, [side.field.name]: side.instance }, options);
}

export function* updateOrCreateInOne(
  side: ManyToOneSide,
  lookups: Values,
  options: UpdateOrCreateOptions | undefined,
): Task<[ModelInstance, boolean]> {
  checkForeignValue(side);
  const rows = side.related().using(writeAlias(side));
  return yield* updateOrCreate(rows, { ...lookups, [side.field.name]: side.instance }, options);
}

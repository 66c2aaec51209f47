/** What generic related managers write. */
import { ValueError } from "../errors.ts";
import {
  create,
  type GetOrCreateOptions,
  getOrCreate,
  type UpdateOrCreateOptions,
  updateOrCreate,
} from "../execute/create.ts";
import { deleteRows } from "../execute/delete.ts";
import { deleteByItself, saveInstance } from "../execute/instance-methods.ts";
import { type BulkOptions, checkInstance, objectsOf } from "../execute/many-to-one.ts";
import { baseQuerySet, type WritableQuerySet } from "../execute/querysets.ts";
import { updateRows } from "../execute/update.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { dbForWrite, sameData } from "../router.ts";
import { atomically, type Mode, type Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import type { GenericRelation } from "./relation.ts";
import { getForModel } from "./tasks.ts";

type Values = Readonly<Record<string, unknown>>;

/** What a generic related manager gives to tasks. */
export interface GenericSide {
  readonly instance: ModelInstance;
  readonly field: GenericRelation;
  readonly model: ModelClass;
  readonly mode: Mode;
  /** All objects of the model that its default manager shows. */
  source(): WritableQuerySet;
  /** Those that refer to the object. */
  related(): WritableQuerySet;
  removePrefetched(): void;
}

function writeAlias({ model, instance }: GenericSide): string {
  return dbForWrite(model, instance);
}

/** What an object that refers to the instance holds. */
function* reference(side: GenericSide): Task<Values> {
  const { instance, field } = side;
  const opts = field.forConcreteModel ? instance._meta.concreteOpts : instance._meta;
  const type = yield* getForModel(instance._state.db ?? writeAlias(side), opts);
  return { [field.contentTypeField]: type, [field.objectIdField]: instance.pk };
}

export function* addGeneric(
  side: GenericSide,
  objects: readonly unknown[],
  options: BulkOptions,
): Task<void> {
  side.removePrefetched();
  const { model, mode } = side;
  const db = writeAlias(side);
  const values = yield* reference(side);
  const refer = (object: unknown): ModelInstance => {
    checkInstance(model, object);
    return Object.assign(object, values);
  };
  if (options.bulk === false) {
    yield* atomically(
      db,
      function* (): Task<void> {
        for (const object of objects) yield* saveInstance(refer(object), mode, {});
      },
      { savepoint: false },
    );
    return;
  }
  const pks: unknown[] = [];
  for (const given of objects) {
    checkInstance(model, given);
    if (given._state.adding || !sameData(given._state.db, db)) {
      throw new ValueError(
        `${repr(given)} instance isn't saved. Use { bulk: false } or save the object first.`,
      );
    }
    pks.push(refer(given).pk);
  }
  yield* updateRows(baseQuerySet(model, db).filterWith([{ pk__in: pks }]), values);
}

export function* removeGeneric(
  side: GenericSide,
  objects: readonly unknown[],
  options: BulkOptions,
): Task<void> {
  if (objects.length === 0) return;
  for (const object of objects) checkInstance(side.model, object);
  const pks = (objects as readonly ModelInstance[]).map(({ pk }) => pk);
  side.removePrefetched();
  yield* deleteAll(side, side.related().filterWith([{ pk__in: pks }]), options);
}

export function* clearGeneric(side: GenericSide, options: BulkOptions): Task<void> {
  side.removePrefetched();
  yield* deleteAll(side, side.related(), options);
}

function* deleteAll(side: GenericSide, related: WritableQuerySet, { bulk }: BulkOptions): Task<void> {
  const db = writeAlias(side);
  const rows = related.using(db);
  if (bulk !== false) {
    yield* deleteRows(rows);
    return;
  }
  yield* atomically(
    db,
    function* (): Task<void> {
      for (const object of (yield* rows.fetch()) as readonly ModelInstance[]) {
        yield* deleteByItself(object, side.mode);
      }
    },
    { savepoint: false },
  );
}

export function* setGeneric(
  side: GenericSide,
  given: unknown,
  { bulk, clear = false }: BulkOptions & { readonly clear?: boolean | undefined },
): Task<void> {
  // Read before anything is cleared: it may be a queryset of these very objects.
  const objects = yield* objectsOf(given);
  const db = writeAlias(side);
  yield* atomically(
    db,
    function* (): Task<void> {
      if (clear) {
        yield* clearGeneric(side, { bulk: true });
        yield* addGeneric(side, objects, { bulk });
        return;
      }
      const before = (yield* side.related().using(db).fetch()) as readonly ModelInstance[];
      const old = new Set(before);
      const added: unknown[] = [];
      for (const object of objects) {
        const same = [...old].find((one) => one.equals(object));
        if (same === undefined) added.push(object);
        else old.delete(same);
      }
      yield* removeGeneric(side, [...old], {});
      yield* addGeneric(side, added, { bulk });
    },
    { savepoint: false },
  );
}

export function* createGeneric(side: GenericSide, values: Values): Task<ModelInstance> {
  side.removePrefetched();
  const rows = side.source().using(writeAlias(side));
  return yield* create(rows, { ...values, ...(yield* reference(side)) });
}

export function* getOrCreateGeneric(
  side: GenericSide,
  lookups: Values,
  options: GetOrCreateOptions | undefined,
): Task<[ModelInstance, boolean]> {
  const rows = side.related().using(writeAlias(side));
  return yield* getOrCreate(rows, { ...lookups, ...(yield* reference(side)) }, options);
}

export function* updateOrCreateGeneric(
  side: GenericSide,
  lookups: Values,
  options: UpdateOrCreateOptions | undefined,
): Task<[ModelInstance, boolean]> {
  const rows = side.related().using(writeAlias(side));
  return yield* updateOrCreate(rows, { ...lookups, ...(yield* reference(side)) }, options);
}

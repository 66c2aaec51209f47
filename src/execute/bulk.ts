import type { OnConflict } from "../backends/base/operations.ts";
import { connections } from "../connections.ts";
import { ArgumentTypeError, NotSupportedError, ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { Case, When } from "../expressions/case.ts";
import { DatabaseDefault } from "../expressions/database-default.ts";
import { Value } from "../expressions/value.ts";
import type { Field } from "../fields/field.ts";
import { isExpression } from "../fields/hooks.ts";
import { Cast } from "../functions/comparison.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { Q } from "../query/q.ts";
import { atomically, type Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";
import { repr } from "../util/repr.ts";
import { CaseByKey } from "./case-by-key.ts";
import { isPkSet } from "./fetch.ts";
import { type InsertConflict, insertPlan } from "./insert.ts";
import { prepareRelatedFields } from "./prepare-relations.ts";
import { type OnProgress, report } from "./progress.ts";
import { forWrite, type WritableQuerySet, writeDb } from "./querysets.ts";
import { updateRows } from "./update.ts";
import { writeModel } from "./write-model.ts";

export interface BulkCreateOptions {
  /** Rows per statement; as many as the database takes when left out. */
  readonly batchSize?: number | null | undefined;
  readonly ignoreConflicts?: boolean | undefined;
  readonly updateConflicts?: boolean | undefined;
  readonly updateFields?: readonly string[] | null | undefined;
  readonly uniqueFields?: readonly string[] | null | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface BulkUpdateOptions {
  readonly batchSize?: number | null | undefined;
  readonly onProgress?: OnProgress | undefined;
}

const CREATE_OPTIONS = [
  "batchSize",
  "ignoreConflicts",
  "onProgress",
  "uniqueFields",
  "updateConflicts",
  "updateFields",
];
const UPDATE_OPTIONS = ["batchSize", "onProgress"];

function iterable(method: string, objects: Iterable<unknown>): Iterable<unknown> {
  if (
    typeof (objects as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] === "function"
  )
    return objects;
  throw new ArgumentTypeError(`${method}() takes a list of objects, not ${repr(objects)}.`);
}

function checkBatchSize(batchSize: number | null | undefined): void {
  if (batchSize == null) return;
  if (typeof batchSize !== "number") throw new ArgumentTypeError("Batch size must be a positive integer.");
  if (!Number.isInteger(batchSize) || batchSize <= 0)
    throw new ValueError("Batch size must be a positive integer.");
}

/**
 * Inserts many instances with few statements, without signals and without their own `save()`.
 *
 * @returns the instances, with their keys where the database gives them
 * @throws ValueError for options that do not fit, and for models with parents in other tables
 */
export function* bulkCreate(
  queryset: WritableQuerySet,
  objects: Iterable<unknown>,
  options: BulkCreateOptions = {},
): Task<ModelInstance[]> {
  checkOptions("bulkCreate", options, CREATE_OPTIONS);
  const db = writeDb(queryset);
  const opts = queryset.model._meta;
  checkBatchSize(options.batchSize);
  for (const parent of opts.allParents) {
    if (parent._meta.concreteOpts !== opts.concreteOpts) {
      throw new ValueError("Can't bulk create a multi-table inherited model");
    }
  }
  const instances = [...iterable("bulkCreate", objects)] as ModelInstance[];
  if (instances.length === 0) return instances;
  const conflict = conflictOf(opts, db, options);
  const { withPk, withoutPk } = prepareAll(instances, opts, db);
  const batchSize = options.batchSize ?? null;
  yield* atomically(
    db,
    function* (): Task<void> {
      const model = writeModel(opts.concreteOpts);
      const total = instances.length;
      const { onProgress } = options;
      if (withPk.length > 0) {
        const told = (done: number) => report(onProgress, done, total);
        yield* insertAll(withPk, opts, db, model.withPk, batchSize, conflict, told);
      }
      if (withoutPk.length > 0) {
        const told = (done: number) => report(onProgress, withPk.length + done, total);
        yield* insertAll(withoutPk, opts, db, model.withoutPk, batchSize, conflict, told);
      }
    },
    { savepoint: false },
  );
  return instances;
}

function prepareAll(
  instances: readonly ModelInstance[],
  opts: Options,
  db: string,
): { withPk: readonly ModelInstance[]; withoutPk: readonly ModelInstance[] } {
  const { supportsDefaultKeywordInBulkInsert } = connections.features(db);
  const defaults = supportsDefaultKeywordInBulkInsert
    ? []
    : opts.fields.filter((field) => field.hasDbDefault());
  const withPk: ModelInstance[] = [];
  const withoutPk: ModelInstance[] = [];
  for (const instance of instances) {
    if (!(instance instanceof opts.concreteOpts.rootClass)) {
      throw new ArgumentTypeError(
        `bulkCreate() takes instances of ${opts.objectName}, not ${repr(instance)}.`,
      );
    }
    let pkSet = isPkSet(instance);
    if (!pkSet) {
      const made: unknown = opts.pk.getPkValueOnSave(instance);
      if (made !== null) {
        instance.pk = made;
        pkSet = isPkSet(instance);
      }
    }
    for (const field of defaults) {
      if (instance[field.attname] instanceof DatabaseDefault)
        instance[field.attname] = field.dbDefaultExpression;
    }
    prepareRelatedFields(instance, "bulkCreate");
    (pkSet ? withPk : withoutPk).push(instance);
  }
  return { withPk, withoutPk };
}

function* insertAll(
  instances: readonly ModelInstance[],
  opts: Options,
  db: string,
  fields: readonly Field[],
  batchSize: number | null,
  conflict: InsertConflict,
  progress: (done: number) => Task<void>,
): Task<void> {
  const { ops, features } = connections.get(db);
  const most = Math.max(ops.bulkBatchSize(fields.length, instances.length), 1);
  const size = batchSize === null ? most : Math.min(batchSize, most);
  const returns = features.canReturnRowsFromBulkInsert && conflict.onConflict !== "ignore";
  const returning = returns ? opts.concreteOpts.dbReturningFields : [];
  const plan = insertPlan(opts.concreteOpts, db, fields, returning, false, conflict);
  for (let start = 0; start < instances.length; start += size) {
    const end = Math.min(start + size, instances.length);
    const rows = yield* plan.run(db, instances, start, end);
    for (let i = start; i < end; i++) {
      const instance = instances[i] as ModelInstance;
      const row = rows[i - start];
      if (row !== undefined) plan.assign(instance, row);
      instance._state.adding = false;
      instance._state.db = db;
    }
    yield* progress(end);
  }
}

function conflictOf(opts: Options, db: string, options: BulkCreateOptions): InsertConflict {
  const { ignoreConflicts = false, updateConflicts = false } = options;
  const field = (name: string) => opts.getField(name) as Field;
  const uniqueNames = options.uniqueFields ?? [];
  const uniqueFields = uniqueNames.map((name) => (name === "pk" ? opts.pk : field(name)));
  const updateFields = (options.updateFields ?? []).map(field);
  const onConflict = checkConflict(opts, db, {
    ignoreConflicts,
    updateConflicts,
    updateFields,
    uniqueFields,
  });
  return { onConflict, updateFields, uniqueFields: uniqueFields.flatMap((f) => f.compositeFields ?? [f]) };
}

function checkConflict(
  opts: Options,
  db: string,
  given: {
    ignoreConflicts: boolean;
    updateConflicts: boolean;
    updateFields: readonly Field[];
    uniqueFields: readonly Field[];
  },
): OnConflict {
  const { updateFields, uniqueFields } = given;
  if (given.ignoreConflicts && given.updateConflicts) {
    throw new ValueError("ignoreConflicts and updateConflicts are mutually exclusive.");
  }
  const features = connections.features(db);
  if (given.ignoreConflicts) {
    if (!features.supportsIgnoreConflicts) {
      throw new NotSupportedError("This database backend does not support ignoring conflicts.");
    }
    return "ignore";
  }
  if (!given.updateConflicts) return null;
  if (!features.supportsUpdateConflicts) {
    throw new NotSupportedError("This database backend does not support updating conflicts.");
  }
  if (updateFields.length === 0) {
    throw new ValueError(
      "Fields that will be updated when a row insertion fails on conflicts must be provided.",
    );
  }
  if (uniqueFields.length > 0 && !features.supportsUpdateConflictsWithTarget) {
    throw new NotSupportedError(
      "This database backend does not support updating conflicts with specifying unique fields that can trigger " +
        "the upsert.",
    );
  }
  if (uniqueFields.length === 0 && features.supportsUpdateConflictsWithTarget) {
    throw new ValueError("Unique fields that can trigger the upsert must be provided.");
  }
  const unusable = (field: Field) => (!field.concrete && field.compositeFields == null) || field.manyToMany;
  if (updateFields.some((field) => unusable(field) || !field.concrete)) {
    throw new ValueError("bulkCreate() can only be used with concrete fields in updateFields.");
  }
  if (updateFields.some((field) => opts.pkFields.includes(field))) {
    throw new ValueError("bulkCreate() cannot be used with primary keys in updateFields.");
  }
  if (uniqueFields.some(unusable)) {
    throw new ValueError("bulkCreate() can only be used with concrete fields in uniqueFields.");
  }
  return "update";
}

/**
 * Updates some fields of many instances with few statements.
 *
 * @returns how many rows matched
 * @throws ValueError without fields, for keys, and for instances without a key
 */
export function* bulkUpdate(
  queryset: WritableQuerySet,
  objects: Iterable<unknown>,
  names: readonly string[],
  options: BulkUpdateOptions = {},
): Task<number> {
  checkOptions("bulkUpdate", options, UPDATE_OPTIONS);
  checkBatchSize(options.batchSize);
  if (!Array.isArray(names))
    throw new ArgumentTypeError(`bulkUpdate() takes a list of the names of fields, not ${repr(names)}.`);
  if (names.length === 0) throw new ValueError("Field names must be given to bulkUpdate().");
  const instances = [...iterable("bulkUpdate", objects)] as ModelInstance[];
  const { objectName, concreteOpts } = queryset.model._meta;
  for (const instance of instances as readonly unknown[]) {
    if (!(instance instanceof concreteOpts.rootClass))
      throw new ArgumentTypeError(`bulkUpdate() takes instances of ${objectName}, not ${repr(instance)}.`);
  }
  if (!instances.every((instance) => isPkSet(instance))) {
    throw new ValueError("All bulkUpdate() objects must have a primary key set.");
  }
  const rows = forWrite(queryset);
  const db = writeDb(rows);
  const opts = queryset.model._meta;
  const fields = names.map((name) => opts.getField(name) as Field);
  if (fields.some((field) => !field.concrete || field.manyToMany)) {
    throw new ValueError("bulkUpdate() can only be used with concrete fields.");
  }
  const keys = new Set<Field>(opts.pkFields);
  for (const parent of opts.allParents) for (const field of parent._meta.pkFields) keys.add(field);
  if (fields.some((field) => keys.has(field))) {
    throw new ValueError("bulkUpdate() cannot be used with primary key fields.");
  }
  if (instances.length === 0) return 0;
  for (const instance of instances) prepareRelatedFields(instance, "bulkUpdate", fields);
  const { ops, features } = connections.get(db);
  const keyWidth = 2 * opts.pkFields.length;
  const most = Math.max(ops.bulkBatchSize(keyWidth + fields.length, instances.length), 1);
  const size = options.batchSize == null ? most : Math.min(options.batchSize, most);
  return yield* atomically(
    db,
    function* (): Task<number> {
      let updated = 0;
      for (let i = 0; i < instances.length; i += size) {
        const batch = instances.slice(i, i + size);
        const pks = batch.map((instance) => instance.pk);
        const values: Record<string, Expression> = {};
        for (const field of fields) {
          const value = valueByKey(batch, pks, field, opts.isCompositePk);
          values[field.attname] = features.requiresCastedCaseInUpdates ? new Cast(value, field) : value;
        }
        updated += yield* updateRows(rows.filterWith([{ pk__in: pks }]), values);
        yield* report(options.onProgress, i + batch.length, instances.length);
      }
      return updated;
    },
    { savepoint: false },
  );
}

/** The new value of a field, as an expression of the row's key. */
function valueByKey(
  batch: readonly ModelInstance[],
  pks: readonly unknown[],
  field: Field,
  isComposite: boolean,
): Expression {
  const values = batch.map((instance) => {
    const value = instance[field.attname];
    if (value === undefined) {
      throw new ArgumentTypeError(
        `'${field.opts?.objectName}.${field.attname}' is undefined. Use null for NULL.`,
      );
    }
    return value;
  });
  if (!isComposite && !values.some(isExpression)) return new CaseByKey(pks, values, field);
  const whens = values.map((value, i) => {
    const then = value instanceof Expression ? value : new Value(value, { outputField: field });
    return new When(Q.of([{ pk: pks[i] }]), { then });
  });
  return new Case(...whens, { outputField: field });
}

import { blockOn, currentBlock } from "../backends/base/transaction.ts";
import { connections } from "../connections.ts";
import {
  ArgumentTypeError,
  FieldError,
  IndexError,
  NotImplementedError,
  NotSupportedError,
  TransactionManagementError,
  ValueError,
} from "../errors.ts";
import { Count } from "../expressions/aggregates.ts";
import { Expression } from "../expressions/base.ts";
import { linkPeers } from "../models/fetch-modes.ts";
import { type Asked, lazyLoads } from "../models/lazy-loads.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { aggregation } from "../query/aggregation.ts";
import { namedExpressions } from "../query/chain/arguments.ts";
import type { QuerySetChain } from "../query/chain/chain.ts";
import { modelOf } from "../query/instances.ts";
import { addOrdering } from "../query/ordering.ts";
import { type BoundPlan, type Plan, planFor } from "../query/plan.ts";
import { isPlainObject, Q } from "../query/q.ts";
import type { Query } from "../query/query.ts";
import { relatedKey } from "../query/related-key.ts";
import type { GetShape, Shape, Step } from "../query/shape.ts";
import { Bound } from "../sql/bound.ts";
import { Capture } from "../sql/node.ts";
import type { Question, Rows, RowsOp, Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { declaredRows } from "./declared-types.ts";

/** Tasks that read: each asks one question of a queryset. */

/** More rows than one are enough for `get()` to know; Django's MAX_GET_RESULTS. */
const GET_ROWS = 21;

/** What tasks need of a queryset; `derive` gives one of another shape. */
export interface ReadableQuerySet extends QuerySetChain {
  readonly db: string;
  /** The rows, once they were fetched. */
  readonly results: readonly unknown[] | null;
  derive(step: Step): this;
  filterWith(args: readonly unknown[]): this;
  slice(start: number | null, stop: number | null): this;
  fetch(): Task<readonly unknown[]>;
}

export function boundPlan(shape: Shape, alias: string, bindings: readonly unknown[]): BoundPlan {
  try {
    const bound = planFor(shape, connections.ops(alias), bindings);
    if (bound.plan.locks === true) checkLocking(alias);
    return bound;
  } catch (error) {
    // Which relations `of` may name, and what the database can do, is of no interest then.
    const refused = error instanceof FieldError || error instanceof NotSupportedError;
    if (refused && shape.query.selectForUpdate !== null && connections.features(alias).hasSelectForUpdate)
      checkLocking(alias);
    throw error;
  }
}

/** Locking rows makes sense only until the end of a transaction. */
function checkLocking(alias: string): void {
  if (blockOn(alias, currentBlock()) === null) {
    throw new TransactionManagementError("selectForUpdate cannot be used outside of a transaction.");
  }
}

export function rowsOp(alias: string, { plan, params }: BoundPlan): RowsOp {
  return { kind: "rows", alias, sql: plan.sql as string, params, bigints: plan.bigints };
}

/** All rows of a queryset, as instances or whatever it asks for. */
export function* fetchRows(queryset: ReadableQuerySet): Task<unknown[]> {
  const { db } = queryset;
  const bound = boundPlan(queryset.shape, db, queryset.bindings);
  if (bound.plan.sql === null) return [];
  tellLoading(queryset, "rows");
  const rows =
    bound.plan.untyped.length > 0 ? yield* declaredRows(db, bound) : ((yield rowsOp(db, bound)) as Rows);
  const results = readRows(queryset, db, bound, rows);
  if (queryset.known.length > 0) setKnownRelated(queryset, results as ModelInstance[]);
  return results;
}

/** What the queryset makes of a driver's rows; instances learn its fetch mode. */
export function readRows(
  { fetching, hint, shape }: ReadableQuerySet,
  db: string,
  { plan }: BoundPlan,
  rows: Rows,
  peers?: WeakRef<ModelInstance>[],
): unknown[] {
  const results = plan.read(rows, db, fetching);
  if (shape.rows !== "model") return results;
  if (fetching?.trackPeers) linkPeers(results as ModelInstance[], peers);
  lazyLoads?.fetched(results as ModelInstance[], hint, peers);
  return results;
}

/** For the N+1 detector: related objects are asked for. */
function tellLoading(queryset: ReadableQuerySet, asked: Asked): void {
  const { hint } = queryset;
  if (lazyLoads !== null && hint !== null) lazyLoads.loading(hint, asked, queryset);
}

/** Rows of a related manager know the object that they belong to. */
export function setKnownRelated(queryset: QuerySetChain, results: readonly ModelInstance[]): void {
  if (queryset.shape.rows !== "model") return;
  for (const { field, objects } of queryset.known) {
    for (const instance of results) {
      if (field.isCached(instance)) continue;
      const object = objects.get(relatedKey(field.getLocalRelatedValue(instance)));
      if (object !== undefined) instance[field.name] = object;
    }
  }
}

/** The one row for which the conditions hold. */
export function* getOne(queryset: ReadableQuerySet, args: readonly unknown[]): Task<unknown> {
  const { combinator } = queryset.query;
  if (combinator !== null && args.length > 0) {
    throw new NotSupportedError(
      `Calling QuerySet.get(...) with filters after ${combinator}() is not supported.`,
    );
  }
  const filtered = args.length === 0 ? queryset : queryset.filterWith(args);
  const rows = yield* limitedForGet(filtered).fetch();
  return rows.length === 1 ? rows[0] : notOne(queryset.model, rows);
}

function notOne(model: ModelClass, rows: readonly unknown[]): never {
  const name = model._meta.objectName;
  if (rows.length === 0) throw new model.DoesNotExist(`${name} matching query does not exist.`);
  const count = rows.length < GET_ROWS ? String(rows.length) : `more than ${GET_ROWS - 1}`;
  throw new model.MultipleObjectsReturned(`get() returned more than one ${name} -- it returned ${count}!`);
}

function limitedForGet(queryset: ReadableQuerySet): ReadableQuerySet {
  if (queryset.query.isSliced) return queryset.slice(0, GET_ROWS);
  return queryset.derive(queryset.shape.step("get", queryset.bindings, [], limitQuery));
}

function limitQuery(query: Query): void {
  if (query.distinctFields.length === 0) {
    query.clearOrdering({ force: true, clearDefault: false });
    addOrdering(query, []);
  }
  query.setLimits(null, GET_ROWS);
}

/** `get({ name: value })`: one statement, whose rows are to be one. */
interface QuickGet extends Question<unknown> {
  readonly model: ModelClass;
  readonly read: Plan["read"];
}

function answerGet(this: QuickGet, rows: Rows): unknown {
  const results = this.read(rows, this.alias);
  return results.length === 1 ? results[0] : notOne(this.model, results);
}

/**
 * `get({ name: value })` on a plain queryset, without any step that is not needed. `null`: this is no such call.
 */
export function quickGet(queryset: ReadableQuerySet, lookups: unknown): Question<unknown> | null {
  if (queryset.prefetches.length > 0 || queryset.known.length > 0 || queryset.fetching !== null) return null;
  if (!isPlainObject(lookups)) return null;
  let name: string | null = null;
  for (const key in lookups) {
    if (name !== null) return null;
    name = key;
  }
  if (name === null) return null;
  const value = lookups[name];
  if (typeof value !== "number" && typeof value !== "string" && typeof value !== "bigint") return null;
  const known = queryset.shape.gets.get(name) ?? shapeForGet(queryset, name, lookups);
  if (known === null) return null;
  const { db: alias, model } = queryset;
  const { plan, params } = boundPlan(known.shape, alias, known.shape.prepared(queryset.bindings, [value]));
  const { sql, bigints, read } = plan;
  if (sql === null) return null;
  const { single } = known;
  // A literal: the engine never forgets its layout, as it does those of classes without instances.
  const question: QuickGet = {
    kind: "rows",
    alias,
    sql,
    params,
    bigints,
    single,
    model,
    read,
    answer: answerGet,
  };
  return question;
}

function shapeForGet(
  queryset: ReadableQuerySet,
  name: string,
  lookups: Readonly<Record<string, unknown>>,
): GetShape | null {
  const { query, model } = queryset;
  if (query.isSliced || query.combinator !== null || query.selectForUpdate !== null) return null;
  const { shape } = queryset.shape.step(
    `get:${name}`,
    queryset.bindings,
    Object.values(lookups),
    (clone, cursor) => {
      clone.addQ(Q.of([lookups]).template(cursor));
      limitQuery(clone);
    },
  );
  const { managed, pkFields } = model._meta;
  const [pk] = pkFields;
  const byKey = pkFields.length === 1 && ["pk", pk?.name, pk?.attname].includes(name);
  // A view, or a table of others, may say of a column that it is a key when it is none.
  const known: GetShape = { shape, single: byKey && managed && shape.query.aliasMap.size === 1 };
  queryset.shape.gets.set(name, known);
  return known;
}

/** The row at an index, from the end where it is negative; throws IndexError beyond the ends. */
export function* rowAt(queryset: ReadableQuerySet, index: number): Task<unknown> {
  if (!Number.isInteger(index)) {
    throw new ArgumentTypeError(`QuerySet indices must be integers or slices, not ${repr(index)}.`);
  }
  const all = queryset.results ?? (index < 0 ? yield* queryset.fetch() : null);
  const rows = all ?? (yield* queryset.slice(index, index + 1).fetch());
  const at = all === null ? 0 : index < 0 ? rows.length + index : index;
  if (at < 0 || at >= rows.length) throw new IndexError(`The queryset has no row at index ${index}.`);
  return rows[at];
}

/** The first row of a queryset that has an order, or `null`. */
export function* first(ordered: ReadableQuerySet): Task<unknown> {
  const rows = yield* ordered.slice(0, 1).fetch();
  return rows.length > 0 ? rows[0] : null;
}

/** The first row in the order of the given fields, or of `Meta.getLatestBy`. */
export function* earliest(queryset: ReadableQuerySet, given: readonly unknown[]): Task<unknown> {
  const { getLatestBy } = queryset.model._meta;
  const order = given.length > 0 ? given : getLatestBy === null ? null : [getLatestBy].flat();
  if (order === null) {
    throw new ValueError(
      "earliest() and latest() require either fields as positional arguments or 'getLatestBy' in the model's Meta.",
    );
  }
  const sink = new Capture();
  sink.text("earliest:");
  const wrong = order.filter((item) => typeof item !== "string" && !(item instanceof Expression));
  if (wrong.length > 0) throw new FieldError(`Invalid orderBy arguments: ${repr(wrong)}`);
  for (const item of order) {
    if (typeof item === "string") sink.text(`'${item}'`);
    else sink.value(item);
  }
  const ordering = queryset.shape.step(sink.key, queryset.bindings, sink.values, (query, cursor) => {
    query.clearOrdering({ force: true });
    addOrdering(
      query,
      order.map((item) => (typeof item === "string" ? item : cursor.value(item))),
    );
  });
  return yield* getOne(queryset.derive(ordering).slice(0, 1), []);
}

/** The values of aggregates over the rows, by name. */
export function* aggregate(
  queryset: ReadableQuerySet,
  args: readonly unknown[],
): Task<Record<string, unknown>> {
  if (queryset.query.distinctFields.length > 0) {
    throw new NotImplementedError("aggregate() + distinct(fields) not implemented.");
  }
  const aggregates = namedExpressions(args, "aggregate") as Map<string, Expression>;
  if (aggregates.size === 0) return {};
  const sink = new Capture();
  sink.text("A:");
  for (const [name, expression] of aggregates) {
    sink.text(`${name}=`);
    expression.capture(sink);
    sink.text(",");
  }
  const step = queryset.shape.step(
    sink.key,
    queryset.bindings,
    sink.values,
    (query, cursor) => {
      const templates = new Map<string, Expression>();
      for (const [name, expression] of aggregates) templates.set(name, expression.template(cursor));
      return aggregation(query, templates);
    },
    "tuple",
  );
  const values = yield* oneRow(step, queryset.db);
  return Object.fromEntries(
    [...step.shape.query.annotationSelect.keys()].map((name, i) => [name, values[i]]),
  );
}

/** The values of a query that gives one row; where nothing need be asked, its known values. */
function* oneRow({ shape, values }: Step, alias: string): Task<readonly unknown[]> {
  const bound = boundPlan(shape, alias, values);
  if (bound.plan.sql !== null) {
    const rows = (yield rowsOp(alias, bound)) as Rows;
    // No row: what is left of the aggregates aggregates nothing, as with a filter that nothing passes.
    const [row] = bound.plan.read(rows, alias);
    if (row !== undefined) return row as unknown[];
  }
  return [...shape.query.annotationSelect.values()].map(({ emptyResultSetValue: empty }) =>
    empty instanceof Bound && empty.slot >= 0
      ? values[empty.slot]
      : empty instanceof Bound
        ? empty.value
        : empty,
  );
}

export function* count(queryset: ReadableQuerySet): Task<number> {
  if (queryset.results !== null) return queryset.results.length;
  tellLoading(queryset, "count");
  const step = queryset.shape.step(
    "count",
    queryset.bindings,
    [],
    (query) => aggregation(query, new Map([["__count", new Count("*")]])),
    "tuple",
  );
  const [value] = yield* oneRow(step, queryset.db);
  return value as number;
}

export function* exists(queryset: ReadableQuerySet): Task<boolean> {
  if (queryset.results !== null) return queryset.results.length > 0;
  tellLoading(queryset, "exists");
  const step = queryset.shape.step("exists", queryset.bindings, [], (query) => query.exists(), "tuple");
  const { db } = queryset;
  const bound = boundPlan(step.shape, db, step.values);
  if (bound.plan.sql === null) return false;
  const rows = (yield rowsOp(db, bound)) as Rows;
  return rows.length > 0;
}

/** Whether an object is among the rows. */
export function* contains(queryset: ReadableQuerySet, object: unknown): Task<boolean> {
  const { combinator } = queryset.query;
  if (combinator !== null) {
    throw new NotSupportedError(`Calling QuerySet.contains() after ${combinator}() is not supported.`);
  }
  if (queryset.fields !== null) {
    throw new ArgumentTypeError("Cannot call QuerySet.contains() after .values() or .valuesList().");
  }
  const model = modelOf(object);
  if (model === undefined) throw new ArgumentTypeError("'obj' must be a model instance.");
  if (model._meta.concreteModel !== queryset.model._meta.concreteModel) return false;
  const instance = object as ModelInstance;
  if (!isPkSet(instance)) throw new ValueError("QuerySet.contains() cannot be used on unsaved objects.");
  if (queryset.results !== null) {
    return (queryset.results as ModelInstance[]).some((other) => other.equals(instance));
  }
  return yield* exists(queryset.filterWith([{ pk: instance.pk }]));
}

export function isPkSet(instance: ModelInstance): boolean {
  const { pk } = instance;
  if (Array.isArray(pk)) return pk.every((part) => part !== null && part !== undefined);
  return pk !== null && pk !== undefined;
}

/** How the database would run the query. */
export function* explain(
  queryset: ReadableQuerySet,
  { format = null, ...options }: Readonly<Record<string, unknown>> & { format?: string | null },
): Task<string> {
  for (const name of Object.keys(options)) {
    if (!/^[\w-]+$/.test(name) || name.includes("--"))
      throw new ValueError(`Invalid option name: ${repr(name)}.`);
  }
  const step = queryset.shape.step(
    `explain:${format}${JSON.stringify(options)}`,
    queryset.bindings,
    [],
    (query) => {
      query.explain = { format, options };
    },
    "tuple",
  );
  const { db } = queryset;
  const bound = boundPlan(step.shape, db, step.values);
  if (bound.plan.sql === null) return "";
  const rows = (yield rowsOp(db, bound)) as Rows;
  return rows.map((row) => row.map(String).join(" ")).join("\n");
}

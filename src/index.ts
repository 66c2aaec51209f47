/** asgimod: Django's ORM for Node.js. */
import "./install.ts";
import * as loading from "./execute/prefetch-objects.ts";
import * as expressions from "./expressions/factories.ts";
import { Model as makeModel, SyncModel as makeSyncModel, AsyncMixin as mixAsync } from "./models/factory.ts";
import * as modes from "./models/fetch-modes.ts";
import * as queries from "./query/factories.ts";
import type * as types from "./types/index.ts";

export { FieldError } from "./errors.ts";
export type * from "./types/index.ts";
export type { Validator } from "./types/index.ts";

export const Model: types.ModelFactory = makeModel as unknown as types.ModelFactory;
export const SyncModel: types.ModelFactory = makeSyncModel as unknown as types.ModelFactory;
export const AsyncMixin: <B>(Base: B) => B = mixAsync as unknown as <B>(Base: B) => B;

/** Loads a missing value for the one object on which it is read: the default. Django: "Fetch modes". */
export const FETCH_ONE: types.FetchMode = modes.FETCH_ONE;
/** Loads a missing value for all objects of the queryset, with one query. Django: "Fetch modes". */
export const FETCH_PEERS: types.FetchMode = modes.FETCH_PEERS;
/** Reading a missing value throws `FieldFetchBlocked`. Django: "Fetch modes". */
export const FETCH_RAISE: types.FetchMode = modes.FETCH_RAISE;
export const prefetchRelatedObjects: types.PrefetchRelatedObjects<void> = loading.prefetchRelatedObjects;
/** {@link prefetchRelatedObjects} as a promise. */
export const aprefetchRelatedObjects: types.PrefetchRelatedObjects<Promise<void>> =
  loading.aprefetchRelatedObjects;

export * from "./fields/factories.ts";
export { Field } from "./fields/field.ts";
export * from "./fields/related/factories.ts";
export {
  CASCADE,
  DO_NOTHING,
  PROTECT,
  RESTRICT,
  SET,
  SET_DEFAULT,
  SET_NULL,
} from "./fields/related/on-delete.ts";
export { Deferrable } from "./models/constraints.ts";
export { CheckConstraint, Index, UniqueConstraint } from "./models/meta-factories.ts";

// Queries.
export const F: types.FFactory = expressions.F as unknown as types.FFactory;
export const Q: types.QFactory = queries.Q as unknown as types.QFactory;
export const Value: types.ValueFactory = expressions.Value as unknown as types.ValueFactory;
export const Prefetch: types.PrefetchFactory = queries.Prefetch as unknown as types.PrefetchFactory;
export const { FilteredRelation } = queries;
export const { Case, When, Func, Window, RowRange, ValueRange, WindowFrameExclusion } = expressions;
export const { OuterRef, Subquery, Exists, ExpressionWrapper, RawSQL, OrderBy } = expressions;
export type { Compiler } from "./backends/base/compiler/compiler.ts";
export { Expression } from "./expressions/base.ts";
export { joinSql, raw as rawSql, Sql, sql } from "./sql/sql.ts";

// Aggregates.
export const Count: types.CountFactory = expressions.Count as unknown as types.CountFactory;
export const Sum: types.SumFactory = expressions.Sum as unknown as types.SumFactory;
export const Avg: types.AvgFactory = expressions.Avg as unknown as types.AvgFactory;
export const Min: types.MinFactory = expressions.Min as unknown as types.MinFactory;
export const Max: types.MaxFactory = expressions.Max as unknown as types.MaxFactory;
export const AnyValue: types.AnyValueFactory = expressions.AnyValue as unknown as types.AnyValueFactory;
export const StdDev: types.StdDevFactory = expressions.StdDev as unknown as types.StdDevFactory;
export const Variance: types.VarianceFactory = expressions.Variance as unknown as types.VarianceFactory;
export const StringAgg: types.StringAggFactory = expressions.StringAgg as unknown as types.StringAggFactory;
export { Temporal } from "temporal-polyfill";
// Settings, connections, transactions.
export { connections, onQuery, type QueryEvent } from "./connections.ts";
export * from "./errors.ts";
export { Aggregate } from "./expressions/aggregates.ts";
export * from "./functions/factories.ts";
export * from "./lookups/factories.ts";
export * from "./models/signals.ts";
export { createTables, createTablesSync, dropTables, dropTablesSync } from "./schema.ts";
export { configure, defineConfig } from "./settings.ts";
export { countQueries } from "./testing/queries.ts";
export {
  aatomic,
  aonCommit,
  asavepoint,
  asavepointCommit,
  asavepointRollback,
  atomic,
  getRollback,
  inAtomicBlock,
  onCommit,
  savepoint,
  savepointCommit,
  savepointRollback,
  setRollback,
} from "./transaction.ts";
export { setClock } from "./util/clock.ts";
export { Decimal } from "./util/decimal.ts";
export { microseconds, withMicroseconds } from "./util/microseconds.ts";
export { override as overrideTimeZone, timezone } from "./util/timezone.ts";
export { ValidationError } from "./validators/validation-error.ts";
export * from "./validators/validators.ts";

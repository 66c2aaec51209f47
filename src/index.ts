/** asgimod: Django's ORM for Node.js. */
import "./install.ts";

export { Temporal } from "temporal-polyfill";
// Expressions, aggregates, functions and lookups.
export type { Compiler } from "./backends/base/compiler/compiler.ts";
// Settings, connections, transactions.
export {
  connections,
  type OnQueryOptions,
  onQuery,
  type QueryEvent,
  type StatementKind,
} from "./connections.ts";
export * from "./errors.ts";
export { FieldError } from "./errors.ts";
export * from "./functions/factories.ts";
export * from "./lookups/factories.ts";
export * from "./models/signals.ts";
export * from "./namespace.ts";
export * as models from "./namespace.ts";
// Also names of types below; these are the ones that are meant.
export { Expression, Field, Prefetch, Q } from "./namespace.ts";
export { detectNPlusOne, type NPlusOne, type NPlusOneOptions } from "./observability/n-plus-one.ts";
export { type ReplicaOptions, ReplicaRouter, type ReplicaTaskOptions } from "./replicas.ts";
export { createTables, createTablesSync, dropTables, dropTablesSync } from "./schema.ts";
export { configure, defineConfig, type SlowQueryOptions } from "./settings.ts";
export { joinSql, raw as rawSql, Sql, sql } from "./sql/sql.ts";
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
  withSignal,
} from "./transaction.ts";
export type * from "./types/index.ts";
export type { Validator } from "./types/index.ts";
export { setClock } from "./util/clock.ts";
export { Decimal } from "./util/decimal.ts";
export { microseconds, withMicroseconds } from "./util/microseconds.ts";
export { override as overrideTimeZone, timezone } from "./util/timezone.ts";
export { NON_FIELD_ERRORS, ValidationError } from "./validators/validation-error.ts";
export * from "./validators/validators.ts";

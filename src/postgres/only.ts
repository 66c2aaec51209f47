import type { HasValues } from "../backends/base/values.ts";
import { PostgresqlValues } from "../backends/postgresql/values.ts";
import { NotSupportedError } from "../errors.ts";

/** Throws NotSupportedError where a database has no such thing: all of it is PostgreSQL's. */
export function onlyOnPostgresql(ops: HasValues, what: string): void {
  if (ops.values instanceof PostgresqlValues) return;
  throw new NotSupportedError(`${what} is only supported on PostgreSQL.`);
}

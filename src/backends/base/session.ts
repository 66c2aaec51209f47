/** What a driver gives: a session with the database, and cursors in it. */

import type { Mode, OpenOp, Rows, RowsOp, RunOp, RunResult } from "../../task.ts";
import type { Maybe } from "../../util/promise.ts";

/** What a session wants to know of an operation. */
export type RowsStatement = Pick<RowsOp, "sql" | "params" | "bigints" | "single">;
export type RunStatement = Pick<RunOp, "sql" | "params" | "input">;
export type OpenStatement = Pick<OpenOp, "sql" | "params" | "bigints" | "whole">;

/**
 * One session with the database, in either colour. When `signal` is aborted, a driver that can stop a statement does so;
 * the promise then rejects with the signal's reason, once the server has answered.
 */
export interface Session {
  rows(statement: RowsStatement, mode: Mode, signal: AbortSignal | null): Maybe<Rows>;
  run(statement: RunStatement, mode: Mode, signal: AbortSignal | null): Maybe<RunResult>;
  open(statement: OpenStatement, mode: Mode, signal: AbortSignal | null): Maybe<SessionCursor>;
  /** The transaction has failed on the server, which will roll it back whatever is asked. */
  readonly transactionFailed?: boolean;
}

export interface SessionCursor {
  /** It has all rows, and needs its session no more. */
  readonly detached?: boolean;
  /** The names of the columns, as the database gives them. */
  readonly columns: readonly string[];
  /** The types that the tables declare for them, where values do not tell it (`valuesNeedDeclaredTypes`). */
  readonly types?: readonly (string | null)[];
  /** At most `count` rows; fewer mean that the end is reached. */
  fetch(count: number, mode: Mode, signal: AbortSignal | null): Maybe<Rows>;
  close(mode: Mode): Maybe<void>;
}

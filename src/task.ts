/**
 * One core, two colours.
 *
 * An operation on the database is written once, as a generator that yields {@link Op}s and receives
 * their results. {@link runSync} and {@link runAsync} (in `execute/run.ts`) drive it.
 * Yield once per query or chunk, never per row.
 */

/** Rows as the driver gave them: one array per row, in the order of the selected columns. */
export type Rows = unknown[][];

/** What a statement without rows reports. */
export interface RunResult {
  /** Rows changed. */
  changes: number;
  /** The key of the last inserted row, where the database reports one. */
  lastInsertId: number | bigint;
}

/** A statement that gives rows. `bigints`: integers come as `bigint`, because a column may exceed 2^53. */
export interface RowsOp {
  readonly kind: "rows";
  readonly alias: string;
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly bigints?: boolean;
  /** A write that returns rows (`INSERT ... RETURNING`). */
  readonly write?: boolean;
  /** There is one row at most: a driver may have a shorter way then. */
  readonly single?: boolean;
}

/** A statement that gives no rows. Receives a {@link RunResult}. */
export interface RunOp {
  readonly kind: "run";
  readonly alias: string;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** What the statement reads from the program: `COPY ... FROM STDIN`, on PostgreSQL in async mode. */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** Opens a cursor. Receives a {@link Cursor}. */
export interface OpenOp {
  readonly kind: "open";
  readonly alias: string;
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly bigints?: boolean;
  readonly chunkSize: number;
  /** All rows will be read at once. */
  readonly whole?: boolean;
}

/** Reads the next chunk of a cursor. Receives {@link Rows}, empty at the end. */
export interface FetchOp {
  readonly kind: "fetch";
  readonly alias: string;
  readonly cursor: Cursor;
}

/** Closes a cursor early. */
export interface CloseOp {
  readonly kind: "close";
  readonly alias: string;
  readonly cursor: Cursor;
}

/** Enters an atomic block (transaction or savepoint). Receives a block to leave again. */
export interface EnterOp {
  readonly kind: "enter";
  readonly alias: string;
  readonly savepoint: boolean;
  readonly durable: boolean;
  readonly isolation?: IsolationLevel;
  readonly readOnly?: boolean;
  readonly deferrable?: boolean;
}

/** What a transaction sees of others that run at the same time; SQL's names. */
export type IsolationLevel = "read uncommitted" | "read committed" | "repeatable read" | "serializable";

/** Leaves an atomic block: commits, or rolls back when `failed`. */
export interface LeaveOp {
  readonly kind: "leave";
  readonly alias: string;
  readonly block: unknown;
  readonly failed: boolean;
}

/** Marks the open transaction of the alias, if there is one, as broken by `error`: it can only roll back. */
export interface BreakOp {
  readonly kind: "break";
  readonly alias: string;
  readonly error: unknown;
}

/** Waits for a user's callback that may be async. In sync mode a promise is an error. */
export interface WaitOp {
  readonly kind: "wait";
  readonly value: unknown;
  /** What gave the promise, for the error in sync mode: `"receiver 'audit' of preSave"`. */
  readonly what: string;
}

export interface Cursor {
  /** Opaque to everyone but the backend that opened it. */
  readonly handle: unknown;
}

export type Op = RowsOp | RunOp | OpenOp | FetchOp | CloseOp | EnterOp | LeaveOp | BreakOp | WaitOp;

/** An operation: yields database work, receives its results, returns `T`. */
export type Task<T> = Generator<Op, T, unknown>;

/** A task of one query, without the cost of a generator: what is asked, and what is made of the rows. */
export interface Question<T> extends RowsOp {
  answer(rows: Rows): T;
}

/** The colour of an API: `objects` is sync, `aobjects` async. */
export type Mode = "sync" | "async";

/** What an operation of that colour returns. */
export type Result<M extends Mode, T> = { sync: T; async: Promise<T> }[M];

/** Runs `body` inside an atomic block of its own; commits, or rolls back when `body` throws. */
export function* atomically<T>(
  alias: string,
  body: () => Task<T>,
  { savepoint = true, durable = false }: { savepoint?: boolean; durable?: boolean } = {},
): Task<T> {
  const block = yield { kind: "enter", alias, savepoint, durable };
  let value: T;
  try {
    value = yield* body();
  } catch (error) {
    yield { kind: "leave", alias, block, failed: true };
    throw error;
  }
  yield { kind: "leave", alias, block, failed: false };
  return value;
}

/**
 * Runs `body`; an error of it breaks the transaction in which it happens. Like an atomic block without a
 * savepoint, but opens no transaction where there is none (`mark_for_rollback_on_error` in Django).
 */
export function* markForRollbackOnError<T>(alias: string, body: () => Task<T>): Task<T> {
  try {
    return yield* body();
  } catch (error) {
    yield { kind: "break", alias, error };
    throw error;
  }
}

/** What SQLite reports, as the errors of this library: the classes are those of Python's `sqlite3`. */

import {
  AsgimodError,
  DatabaseError,
  DataError,
  IntegrityError,
  InterfaceError,
  OperationalError,
  ProgrammingError,
} from "../../errors.ts";

/** An SQL function of ours failed. Python's `sqlite3` hides why; here the reason is the `cause`. */
export class SqlFunctionError extends Error {
  override readonly name: string = "SqlFunctionError";
}

/** A result that is out of range, Python's `OverflowError`. It leaves an SQL function as this text of SQLite. */
export class PythonOverflow extends RangeError {
  override readonly name: string = "PythonOverflow";
}

/** What an SQL function of ours throws for an error within. */
export function functionFailed(cause: unknown): SqlFunctionError {
  const overflow = cause instanceof PythonOverflow;
  return new SqlFunctionError(overflow ? TOO_BIG : "user-defined function raised exception", { cause });
}

const TOO_BIG = "string or blob too big";

const CLASSES: Readonly<Record<number, typeof DatabaseError>> = {
  1: OperationalError, // ERROR
  3: OperationalError, // PERM
  4: OperationalError, // ABORT
  5: OperationalError, // BUSY
  6: OperationalError, // LOCKED
  8: OperationalError, // READONLY
  9: OperationalError, // INTERRUPT
  10: OperationalError, // IOERR
  13: OperationalError, // FULL
  14: OperationalError, // CANTOPEN
  15: OperationalError, // PROTOCOL
  17: OperationalError, // SCHEMA
  18: DataError, // TOOBIG
  19: IntegrityError, // CONSTRAINT
  20: IntegrityError, // MISMATCH
  25: ProgrammingError, // RANGE: the number of parameters
};

/** The primary result codes by the name that `better-sqlite3` gives. */
const CODES: Readonly<Record<string, number>> = {
  ERROR: 1,
  PERM: 3,
  ABORT: 4,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  INTERRUPT: 9,
  IOERR: 10,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  SCHEMA: 17,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  RANGE: 25,
};

interface DriverError {
  readonly message: string;
  readonly code?: unknown;
  readonly errcode?: unknown;
  readonly name?: unknown;
}

/** The primary result code of a driver's error, null where it is no error of SQLite. */
export function resultCode(error: unknown): number | null {
  if (error === null || typeof error !== "object") return null;
  const { code, errcode } = error as DriverError;
  if (typeof errcode === "number") return errcode & 0xff;
  const match = typeof code === "string" ? /^SQLITE_([A-Z]+)/.exec(code) : null;
  return match === null ? null : (CODES[match[1] as string] ?? null);
}

/**
 * The error of ours for what a driver threw while it ran `sql`. The driver's error is the `cause`; it is
 * given the statement as its property `sql`.
 */
export function wrapSqliteError(error: unknown, sql: string): unknown {
  if (error instanceof AsgimodError || !(error instanceof Error)) return error;
  noteSql(error, sql);
  const primary = resultCode(error);
  if (primary === null) return wrapOther(error);
  const { message } = error;
  const wrapped = new (CLASSES[primary] ?? DatabaseError)(message, { cause: error });
  if (wrapped instanceof IntegrityError) {
    const constraint = constraintOf(message);
    if (constraint !== null) wrapped.constraint = constraint;
  }
  return wrapped;
}

/** What is no error of SQLite itself: our functions failed, or the driver refused the call. */
function wrapOther(error: Error): unknown {
  const { message, name } = error;
  const { code } = error as DriverError;
  const options = { cause: error };
  if (name === "SqlFunctionError") {
    return message === TOO_BIG ? new DataError(message, options) : new OperationalError(message, options);
  }
  if (code === "ERR_OUT_OF_RANGE" || /too (?:large to bind|big)/.test(message))
    return new DataError(message, options);
  if (code === "ERR_INVALID_STATE" || /not open/.test(message)) {
    return new InterfaceError("Cannot operate on a closed database.", options);
  }
  const refused =
    code === "ERR_INVALID_ARG_TYPE" ||
    name === "RangeError" ||
    // On the way to a worker.
    name === "DataCloneError" ||
    /can only bind/.test(message);
  return refused ? new ProgrammingError(message, options) : error;
}

/** The constraint or columns that SQLite names: `CHECK constraint failed: name`, `UNIQUE constraint failed: t.a, t.b`. */
function constraintOf(message: string): string | null {
  const match = /constraint failed: (?:index '(.+)'|(.+))$/s.exec(message);
  return match === null ? null : (match[1] ?? match[2] ?? null);
}

function noteSql(error: Error, sql: string): void {
  if (Object.hasOwn(error, "sql") || !Object.isExtensible(error)) return;
  Object.defineProperty(error, "sql", { value: sql, enumerable: true, configurable: true });
}

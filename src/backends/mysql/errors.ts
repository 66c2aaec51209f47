/** What the server and the driver report, as the errors of this library, by number as Python's driver does. */

import {
  AsgimodError,
  DatabaseError,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from "../../errors.ts";
import { noteStatement, wrapLost } from "../base/server/driver-errors.ts";
import type { ServerError } from "./commands.ts";

type ErrorClass = typeof DatabaseError;

const BY_CLASS: readonly (readonly [ErrorClass, readonly number[]])[] = [
  [
    ProgrammingError,
    [
      1007, // the database exists
      1064, // syntax
      1102, // name of a database
      1103, // name of a table
      1110, // a column twice
      1111, // use of an aggregate
      1112,
      1113, // a table without columns
      1146, // no such table
      1149, // syntax
      1179, // not in a transaction
    ],
  ],
  [
    DataError,
    [
      1230, // no default
      1263, // NULL for NOT NULL
      1264, // out of range
      1265, // truncated
      1406, // too long
      1441, // overflow of a datetime
      1171, // NULL in a primary key
    ],
  ],
  [
    IntegrityError,
    [
      1048, // NULL in a column that has none
      1062, // duplicate
      1169, // duplicate
      1215, // foreign key
      1216, // no such row
      1217, // the row is referred to
      1364, // no default
      1451, // the row is referred to
      1452, // no such row
      1557, // duplicate by a cascade
      1586, // duplicate
      1690, // out of range of a column without sign
      1761,
      1762,
      3819, // check
      4025, // check
    ],
  ],
  [
    NotSupportedError,
    [
      1196, // not rolled back: tables without transactions
      1235, // not supported yet
      1286, // storage engine
      1289, // feature disabled
    ],
  ],
];

const CLASSES: ReadonlyMap<number, ErrorClass> = new Map(
  BY_CLASS.flatMap(([type, numbers]) => numbers.map((number) => [number, type] as const)),
);

function classOf(errno: number): ErrorClass {
  return CLASSES.get(errno) ?? (errno < 1000 ? InternalError : OperationalError);
}

/** Told by its properties: from another thread it comes as another class of this name. */
function isServerError(error: unknown): error is ServerError {
  const { errno, sqlState } = error as Partial<ServerError>;
  return error instanceof Error && typeof errno === "number" && typeof sqlState === "string";
}

/** The number of the server's error that led to `error`; null for any other error. */
export function errorNumber(error: unknown): number | null {
  if (isServerError(error)) return error.errno;
  return error instanceof DatabaseError ? errorNumber(error.cause) : null;
}

/** Where messages name the constraint that was violated. */
const CONSTRAINT = /for key '(?:[^']*\.)?([^'.]+)'|CONSTRAINT [`']([^`']+)[`']|constraint '([^']+)'/i;

/**
 * The error of ours for what happened while `sql` ran. The server's error, with `errno` and `sqlState`, is the `cause`;
 * it is given the statement as its property `sql`.
 */
export function wrapMysqlError(error: unknown, sql: string): unknown {
  if (error instanceof AsgimodError || !(error instanceof Error)) return error;
  if (!isServerError(error)) return wrapOther(error);
  noteStatement(error, sql);
  const wrapped = new (classOf(error.errno))(error.message, { cause: error });
  if (wrapped instanceof IntegrityError) {
    const match = CONSTRAINT.exec(error.message);
    const constraint = match?.[1] ?? match?.[2] ?? match?.[3];
    if (constraint !== undefined) wrapped.constraint = constraint;
  }
  return wrapped;
}

const LOST =
  /Connection lost|Connection was closed|closed state|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT|EHOSTUNREACH|SSL|PROTOCOL_/;

/** The connection could not be made, or was lost; or the driver has refused to sign in. */
function wrapOther(error: Error): unknown {
  const { errno, sqlMessage } = error as { errno?: unknown; sqlMessage?: unknown };
  if (typeof sqlMessage === "string" && typeof errno === "number") {
    return new (classOf(errno))(sqlMessage, { cause: error });
  }
  return wrapLost(error, LOST);
}

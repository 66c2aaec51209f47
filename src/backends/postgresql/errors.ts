/** What the server and the driver report, as the errors of this library, by SQLSTATE as Python's driver does. */

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

type ErrorClass = typeof DatabaseError;

/** By the first two characters of the SQLSTATE. */
const CLASSES: Readonly<Record<string, ErrorClass>> = {
  "08": OperationalError, // connection
  "0A": NotSupportedError,
  "20": ProgrammingError,
  "21": ProgrammingError, // cardinality
  "22": DataError,
  "23": IntegrityError,
  "24": InternalError, // state of a cursor
  "25": InternalError, // state of the transaction
  "26": ProgrammingError, // name of a statement
  "27": OperationalError,
  "28": OperationalError, // authorization
  "2B": InternalError,
  "2D": InternalError,
  "2F": OperationalError,
  "34": ProgrammingError, // name of a cursor
  "38": OperationalError,
  "39": OperationalError,
  "3B": OperationalError,
  "3D": ProgrammingError,
  "3F": ProgrammingError,
  "40": OperationalError, // serialization failure, deadlock
  "42": ProgrammingError, // syntax, names, rights
  "44": ProgrammingError,
  "53": OperationalError, // resources
  "54": OperationalError,
  "55": OperationalError,
  "57": OperationalError, // cancelled, shut down
  "58": OperationalError,
  F0: OperationalError,
  HV: OperationalError,
  P0: ProgrammingError, // PL/pgSQL
  XX: InternalError,
};

/** The connection could not be made, or was lost. */
const LOST =
  /Connection terminated|connection error|was closed|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT|EHOSTUNREACH|timeout expired|SSL|TLS|_CERT|CERT_|UNABLE_TO_/;

interface ServerError {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly constraint?: unknown;
}

/** The SQLSTATE of the server's error that led to `error`; null for any other error. */
export function sqlState(error: unknown): string | null {
  if (error === null || typeof error !== "object") return null;
  const { code } = error as ServerError;
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && "severity" in error) return code;
  return error instanceof DatabaseError ? sqlState(error.cause) : null;
}

/**
 * The error of ours for what the driver threw while it ran `sql`. The driver's error, with the server's fields, is
 * the `cause`; it is given the statement as its property `sql`.
 */
export function wrapPostgresqlError(error: unknown, sql: string): unknown {
  if (error instanceof AsgimodError || !(error instanceof Error)) return error;
  const state = sqlState(error);
  if (state === null) return wrapLost(error, LOST);
  noteStatement(error, sql);
  const { detail, constraint } = error as ServerError;
  const message = typeof detail === "string" ? `${error.message}\nDETAIL:  ${detail}` : error.message;
  const wrapped = new (CLASSES[state.slice(0, 2)] ?? DatabaseError)(message, { cause: error });
  if (wrapped instanceof IntegrityError && typeof constraint === "string") wrapped.constraint = constraint;
  return wrapped;
}

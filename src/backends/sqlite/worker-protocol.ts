/** What the host and the worker of a database tell each other. */

import { ArgumentTypeError, ImproperlyConfigured, ProgrammingError } from "../../errors.ts";
import type { OpenOptions } from "./session.ts";

/** Asks the worker for something; answered in the order of asking. */
export interface Request {
  /** 0: nobody waits for an answer. */
  readonly id: number;
  /** The caller's thread sleeps until the answer is on the sync port. */
  readonly sync: boolean;
  readonly work: Work;
}

export type Work =
  | { readonly kind: "session"; readonly session: number; readonly options: OpenOptions }
  | {
      readonly kind: "rows";
      readonly session: number;
      readonly sql: string;
      readonly params: readonly unknown[];
      readonly bigints: boolean;
    }
  | {
      readonly kind: "run";
      readonly session: number;
      readonly sql: string;
      readonly params: readonly unknown[];
    }
  | {
      readonly kind: "open";
      readonly session: number;
      readonly cursor: number;
      readonly sql: string;
      readonly params: readonly unknown[];
      readonly bigints: boolean;
    }
  | { readonly kind: "fetch"; readonly cursor: number; readonly count: number }
  | { readonly kind: "detach"; readonly cursor: number }
  | { readonly kind: "closeCursor"; readonly cursor: number }
  | { readonly kind: "closeSession"; readonly session: number }
  | { readonly kind: "exit" };

/** What the host is told of a cursor that was opened. */
export interface OpenedCursor {
  readonly columns: readonly string[];
  readonly types: readonly (string | null)[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: PlainError;
}

/** An error as data: classes do not survive the way between threads. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly cause: PlainError | undefined;
}

/** What a worker is started with. */
export interface WorkerStart {
  /** Set to 1 and notified when the answer to a sync request is on the port. */
  readonly signal: SharedArrayBuffer;
  readonly port: import("node:worker_threads").MessagePort;
}

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), stack: undefined, properties: {}, cause: undefined };
  }
  const properties: Record<string, unknown> = {};
  for (const key of ["code", "errcode", "errstr"]) {
    if (key in error) properties[key] = (error as unknown as Record<string, unknown>)[key];
  }
  const { name, message, stack, cause } = error;
  return { name, message, stack, properties, cause: cause === undefined ? undefined : toPlainError(cause) };
}

/** Errors of this library that come out of a session. */
const OWN: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = {
  programming_error: ProgrammingError,
  improperly_configured: ImproperlyConfigured,
  type_error: ArgumentTypeError,
};

export function fromPlainError({ name, message, stack, properties, cause }: PlainError): Error {
  const options = cause === undefined ? {} : { cause: fromPlainError(cause) };
  const Own = OWN[String(properties["code"])];
  if (Own !== undefined) return new Own(message, options);
  const error = new Error(message, options);
  Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, properties);
}

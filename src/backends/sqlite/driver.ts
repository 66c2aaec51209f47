/**
 * The little that this backend asks of an SQLite library. `node:sqlite` is the default; `better-sqlite3` is
 * taken where Node.js has none, or where the settings say so.
 */

import { ArgumentTypeError, ImproperlyConfigured } from "../../errors.ts";
import type { Rows, RunResult } from "../../task.ts";
import { betterSqlite3 } from "./driver-better-sqlite3.ts";
import { nodeSqlite } from "./driver-node.ts";

export type DriverName = "node:sqlite" | "better-sqlite3";

export interface SqliteDriver {
  readonly name: DriverName;
  open(path: string, options: { readOnly: boolean }): DriverDatabase;
}

/** An open database. */
export interface DriverDatabase {
  prepare(sql: string): DriverStatement;
  /** Runs statements without parameters or results, for settings. */
  exec(sql: string): void;
  /** Registers an SQL function. Integers arrive as `bigint` when `bigints` is set; a `bigint` result is an integer. */
  function(name: string, options: FunctionOptions, implementation: (...args: never[]) => unknown): void;
  /** Registers an aggregate over one argument. */
  aggregate(name: string, implementation: AggregateImplementation): void;
  close(): void;
}

export interface FunctionOptions {
  readonly args: number;
  readonly deterministic: boolean;
  readonly bigints: boolean;
}

export interface AggregateImplementation {
  start(): unknown[];
  step(values: unknown[], value: unknown): unknown[];
  result(values: unknown[]): unknown;
}

/** A prepared statement. Rows are arrays; parameters have passed {@link checkParams}. */
export interface DriverStatement {
  all(params: readonly unknown[], bigints: boolean): Rows;
  /** The first row, of a statement that has one at most. */
  one(params: readonly unknown[], bigints: boolean): Rows;
  run(params: readonly unknown[]): RunResult;
  /** The names of the columns. */
  columns(): string[];
  /** The types that the tables declare for the columns; null for what is computed. */
  types(): (string | null)[];
  /** Rows one by one. */
  iterate(params: readonly unknown[], bigints: boolean): Iterator<unknown[]>;
}

/**
 * Keeps out what a driver would take for something else: an object in the first place are named parameters
 * to `node:sqlite`. Values come adapted: a `number` is bound as a floating-point number, a `bigint` as an
 * integer, as both drivers do; which of the two a value is, its field knows.
 */
export function checkParams(params: readonly unknown[]): readonly unknown[] {
  const first = params[0];
  if (typeof first === "object" && first !== null && !(first instanceof Uint8Array))
    throw unsupported(first, 0);
  if (first === undefined && params.length > 0) throw unsupported(first, 0);
  return params;
}

function unsupported(value: unknown, index: number): ArgumentTypeError {
  const type =
    value === undefined
      ? "undefined"
      : typeof value === "object"
        ? (value?.constructor?.name ?? "object")
        : typeof value;
  return new ArgumentTypeError(`Error binding parameter ${index + 1}: type '${type}' is not supported.`);
}

const DRIVERS: Readonly<Record<DriverName, () => SqliteDriver | null>> = {
  "node:sqlite": nodeSqlite,
  "better-sqlite3": betterSqlite3,
};

/**
 * The driver of that name, or the best there is.
 *
 * @throws ImproperlyConfigured when there is none, saying what to install
 */
export function findDriver(name?: DriverName): SqliteDriver {
  if (name !== undefined) {
    if (!Object.hasOwn(DRIVERS, name)) {
      throw new ImproperlyConfigured(
        `SQLite has no driver '${name}'. Choices are: ${Object.keys(DRIVERS).join(", ")}.`,
      );
    }
    const driver = DRIVERS[name]();
    if (driver === null) throw new ImproperlyConfigured(MISSING[name]);
    return driver;
  }
  const driver = nodeSqlite() ?? betterSqlite3();
  if (driver === null) {
    throw new ImproperlyConfigured(
      "No SQLite driver: this Node.js has no node:sqlite, and the package better-sqlite3 is not installed. " +
        "Use Node.js 22.18 or newer, or run `npm install better-sqlite3`.",
    );
  }
  return driver;
}

const MISSING: Readonly<Record<DriverName, string>> = {
  "node:sqlite":
    "This Node.js has no node:sqlite that fits. Use Node.js 22.18 or newer, or the driver 'better-sqlite3'.",
  "better-sqlite3":
    "The driver 'better-sqlite3' is not installed. Run `npm install better-sqlite3`, or leave the setting " +
    "`driver` out to use Node.js's own SQLite.",
};

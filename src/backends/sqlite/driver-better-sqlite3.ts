/** The driver on the package `better-sqlite3`, an optional peer. */

import { createRequire } from "node:module";
import type { Rows, RunResult } from "../../task.ts";
import type {
  AggregateImplementation,
  DriverDatabase,
  DriverStatement,
  FunctionOptions,
  SqliteDriver,
} from "./driver.ts";
import { narrowIntegers } from "./driver-node.ts";

/** The part of the package's API that is used here. */
interface PackageDatabase {
  prepare(sql: string): PackageStatement;
  exec(sql: string): unknown;
  function(name: string, options: object, fn: (...args: never[]) => unknown): unknown;
  aggregate(name: string, options: object): unknown;
  close(): unknown;
}

interface PackageStatement {
  readonly reader: boolean;
  readonly readonly: boolean;
  raw(toggle: boolean): PackageStatement;
  safeIntegers(toggle: boolean): PackageStatement;
  all(params: readonly unknown[]): Rows;
  columns(): { readonly name: string; readonly type: string | null }[];
  run(params: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
}

export type PackageConstructor = new (
  path: string,
  options: { readonly: boolean; timeout: number },
) => PackageDatabase;

let driver: SqliteDriver | null | undefined;

/** The driver; null where the package is not installed. */
export function betterSqlite3(): SqliteDriver | null {
  if (driver === undefined) {
    const constructor = loadPackage();
    driver = constructor === null ? null : betterSqlite3Driver(constructor);
  }
  return driver;
}

/** The driver on the package's class. */
export function betterSqlite3Driver(constructor: PackageConstructor): SqliteDriver {
  return {
    name: "better-sqlite3",
    open: (path, { readOnly }) =>
      new BetterDatabase(new constructor(path, { readonly: readOnly, timeout: 5_000 })),
  };
}

/** Looks for the package where this library is installed and where the program runs. */
function loadPackage(): PackageConstructor | null {
  for (const from of [import.meta.url, `${process.cwd()}/package.json`]) {
    try {
      return createRequire(from)("better-sqlite3") as PackageConstructor;
    } catch (error) {
      // Installed but not loadable (its native part was built for another Node.js): the reason must be seen.
      if ((error as { code?: unknown }).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return null;
}

class BetterDatabase implements DriverDatabase {
  readonly #db: PackageDatabase;

  constructor(db: PackageDatabase) {
    this.#db = db;
  }

  prepare(sql: string): DriverStatement {
    return new BetterStatement(this.#db.prepare(sql));
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  function(
    name: string,
    { deterministic, bigints }: FunctionOptions,
    fn: (...args: never[]) => unknown,
  ): void {
    this.#db.function(name, { deterministic, safeIntegers: bigints }, fn);
  }

  aggregate(name: string, { start, step, result }: AggregateImplementation): void {
    this.#db.aggregate(name, { start, step, result, safeIntegers: true });
  }

  close(): void {
    this.#db.close();
  }
}

class BetterStatement implements DriverStatement {
  readonly #statement: PackageStatement;
  readonly #reader: boolean;
  #bigints = false;

  constructor(statement: PackageStatement) {
    this.#statement = statement;
    this.#reader = statement.reader;
    if (this.#reader) statement.raw(true);
  }

  columns(): string[] {
    return this.#statement.columns().map(({ name }) => name);
  }

  types(): (string | null)[] {
    return this.#statement.columns().map(({ type }) => type);
  }

  all(params: readonly unknown[], bigints: boolean): Rows {
    if (!this.#reader) {
      this.run(params);
      return [];
    }
    // What writes cannot be run a second time, as below.
    const exact = bigints || !this.#statement.readonly;
    if (exact !== this.#bigints) this.#read(exact);
    const rows = this.#statement.all(params);
    if (exact) return bigints ? rows : narrowIntegers(rows);
    if (!rows.some(mayBeRounded)) return rows;
    // This package rounds integers beyond 2^53 silently; read them again.
    this.#read(true);
    return narrowIntegers(this.#statement.all(params));
  }

  /** This package is no faster with a single row. */
  one(params: readonly unknown[], bigints: boolean): Rows {
    return this.all(params, bigints);
  }

  run(params: readonly unknown[]): RunResult {
    if (this.#reader) {
      this.#statement.all(params);
      return { changes: 0, lastInsertId: 0 };
    }
    const { changes, lastInsertRowid } = this.#statement.run(params);
    return { changes, lastInsertId: lastInsertRowid };
  }

  /**
   * The package allows nothing else on the connection while it iterates, which the callers of a cursor may
   * well do. So all rows are read at once; what is kept flat is what is made of them.
   */
  iterate(params: readonly unknown[], bigints: boolean): Iterator<unknown[]> {
    return this.all(params, bigints).values();
  }

  #read(bigints: boolean): void {
    this.#statement.safeIntegers(bigints);
    this.#bigints = bigints;
  }
}

function mayBeRounded(row: readonly unknown[]): boolean {
  return row.some(
    (value) => typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value),
  );
}

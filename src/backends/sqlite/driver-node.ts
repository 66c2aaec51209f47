/** The driver on Node.js's own SQLite. */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { NotSupportedError, ProgrammingError } from "../../errors.ts";
import type { Rows, RunResult } from "../../task.ts";
import type {
  AggregateImplementation,
  DriverDatabase,
  DriverStatement,
  FunctionOptions,
  SqliteDriver,
} from "./driver.ts";

type Module = typeof import("node:sqlite");

let driver: SqliteDriver | null | undefined;

/** The driver; null where this Node.js has no SQLite with array rows (before 22.18). */
export function nodeSqlite(): SqliteDriver | null {
  if (driver === undefined) {
    const module = loadModule();
    const usable =
      typeof module?.StatementSync?.prototype.setReturnArrays === "function" &&
      typeof module.DatabaseSync.prototype.aggregate === "function";
    cuts = usable && cutsTexts(module);
    driver = usable
      ? { name: "node:sqlite", open: (path, { readOnly }) => new NodeDatabase(module, path, readOnly) }
      : null;
  }
  return driver;
}

/**
 * Node.js 22 cuts the texts that it reads at the character U+0000. What could not be read again is not written.
 */
function cutsTexts(module: Module): boolean {
  const db = new module.DatabaseSync(":memory:");
  try {
    return (db.prepare("SELECT 'a' || char(0) || 'b' AS text").get() as { text: string }).text.length < 3;
  } finally {
    db.close();
  }
}

/** Whether this driver does; asked when it is loaded. */
let cuts = false;

function checkTexts(params: readonly unknown[]): void {
  for (const param of params) {
    if (typeof param !== "string" || !param.includes("\0")) continue;
    throw new NotSupportedError(
      "A text with the character U+0000 cannot be kept: the SQLite of Node.js 22 cuts it off there when it reads. Use " +
        "Node.js 24, or better-sqlite3.",
    );
  }
}

/** Loads the module without the warning that it is experimental, which says nothing to a user of this one. */
function loadModule(): Module | undefined {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!/SQLite is an experimental feature/.test(String(warning))) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule?.("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

class NodeDatabase implements DriverDatabase {
  readonly #db: DatabaseSync;

  constructor(module: Module, path: string, readOnly: boolean) {
    this.#db = new module.DatabaseSync(path, { readOnly, enableForeignKeyConstraints: true });
  }

  prepare(sql: string): DriverStatement {
    return new NodeStatement(this.#db.prepare(sql), sql);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  function(
    name: string,
    { args, ...options }: FunctionOptions,
    implementation: (...args: never[]) => unknown,
  ): void {
    // The driver takes the number of arguments from the function.
    if (implementation.length !== args) throw new TypeError(`${name} must take ${args} arguments`);
    this.#db.function(
      name,
      { deterministic: options.deterministic, useBigIntArguments: options.bigints },
      implementation as (...args: unknown[]) => SQLInputValue,
    );
  }

  aggregate(name: string, { start, step, result }: AggregateImplementation): void {
    this.#db.aggregate(name, {
      useBigIntArguments: true,
      start: start as unknown as () => SQLInputValue,
      step: (values: unknown, value: unknown) => step(values as unknown[], value) as unknown as SQLInputValue,
      result: (values: unknown) => result(values as unknown[]) as SQLInputValue,
    } as Parameters<DatabaseSync["aggregate"]>[1]);
  }

  close(): void {
    this.#db.close();
  }
}

class NodeStatement implements DriverStatement {
  readonly #statement: StatementSync;
  readonly #sql: string;
  /** How many parameters it takes; -1 where they have numbers or names. */
  readonly #expected: number;
  #bigints = false;

  constructor(statement: StatementSync, sql: string) {
    this.#statement = statement;
    this.#sql = sql;
    this.#expected = countPlaceholders(sql);
    statement.setReturnArrays(true);
  }

  columns(): string[] {
    return this.#statement.columns().map(({ name }) => name);
  }

  types(): (string | null)[] {
    return this.#statement.columns().map(({ type }) => type);
  }

  all(params: readonly unknown[], bigints: boolean): Rows {
    const statement = this.#statement;
    if (params.length !== this.#expected) this.#checkCount(params);
    if (cuts) checkTexts(params);
    if (bigints !== this.#bigints) this.#read(bigints);
    try {
      return (params.length === 1
        ? statement.all(params[0] as SQLInputValue)
        : statement.all(...(params as SQLInputValue[]))) as unknown as Rows;
    } catch (error) {
      // An integer beyond 2^53, for instance a sum, in a read that did not expect one.
      if (bigints || (error as { code?: unknown }).code !== "ERR_OUT_OF_RANGE" || !READS.test(this.#sql))
        throw error;
      this.#read(true);
      return narrowIntegers(statement.all(...(params as SQLInputValue[])) as unknown as Rows);
    }
  }

  one(params: readonly unknown[], bigints: boolean): Rows {
    if (params.length !== 1 || this.#expected !== 1 || cuts) return this.all(params, bigints);
    if (bigints !== this.#bigints) this.#read(bigints);
    let row: unknown[] | undefined;
    try {
      row = this.#statement.get(params[0] as SQLInputValue) as unknown as unknown[] | undefined;
    } catch {
      return this.all(params, bigints);
    }
    return row === undefined ? [] : [row];
  }

  run(params: readonly unknown[]): RunResult {
    if (params.length !== this.#expected) this.#checkCount(params);
    if (cuts) checkTexts(params);
    if (this.#bigints) this.#read(false);
    const { changes, lastInsertRowid } = this.#statement.run(...(params as SQLInputValue[]));
    return { changes: changes as number, lastInsertId: lastInsertRowid };
  }

  iterate(params: readonly unknown[], bigints: boolean): Iterator<unknown[]> {
    if (params.length !== this.#expected) this.#checkCount(params);
    if (cuts) checkTexts(params);
    if (bigints !== this.#bigints) this.#read(bigints);
    return this.#statement.iterate(...(params as SQLInputValue[])) as unknown as Iterator<unknown[]>;
  }

  /** The driver would take parameters that are missing for NULL. */
  #checkCount(params: readonly unknown[]): void {
    if (this.#expected < 0) return;
    throw new ProgrammingError(
      `Incorrect number of bindings supplied. The current statement uses ${this.#expected}, and there are ` +
        `${params.length} supplied.`,
    );
  }

  #read(bigints: boolean): void {
    this.#statement.setReadBigInts(bigints);
    this.#bigints = bigints;
  }
}

/** Texts, quoted names, comments, and what may be a parameter. */
const TOKENS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[:@$][\p{L}_]/gu;

/** How many `?` a statement has; -1 where a parameter has a number or a name. */
export function countPlaceholders(sql: string): number {
  let count = 0;
  if (!/[?:@$]/.test(sql)) return 0;
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token === "?") count += 1;
    else if (/^[?:@$]/.test(token)) return -1;
  }
  return count;
}

/** Statements that can be run a second time. */
const READS = /^[\s(]*(?:SELECT|VALUES|PRAGMA|EXPLAIN)\b/i;

/** Integers become numbers again where that loses nothing. */
export function narrowIntegers(rows: Rows): Rows {
  for (const row of rows) {
    for (let i = 0; i < row.length; i += 1) {
      const value = row[i];
      if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) row[i] = Number(value);
    }
  }
  return rows;
}

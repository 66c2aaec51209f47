/** Rows on MySQL and MariaDB: kept in a database beside, and copied back where they have changed. */
import { withLiterals } from "../../src/backends/mysql/literals.ts";
import { compareRowsByKey, Store, storedValue, type Table } from "./data.ts";
import type { DecodeContext } from "./expressions.ts";
import type { DataFile, TableChange } from "./format.ts";
import { MysqlScript } from "./server.ts";

/** A row as texts, by which rows are compared, and as values. */
interface Row {
  readonly texts: readonly unknown[];
  readonly values: readonly unknown[];
}

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

export class MysqlStore extends Store {
  readonly #database: string;
  /** Speaks to the server apart from the library, so that its session can have modes of its own. */
  readonly #script: MysqlScript;
  readonly #checksums = new Map<string, string>();
  readonly #nextKeys = new Map<string, string>();

  private constructor(connection: unknown, database: string, script: MysqlScript) {
    super(connection);
    this.#database = database;
    this.#script = script;
  }

  static async open(connection: unknown, url: string): Promise<MysqlStore> {
    const script = await MysqlScript.open(url);
    // Some rows refer to later ones.
    await script.run("SET foreign_key_checks = 0, innodb_lock_wait_timeout = 3, time_zone = '+00:00'");
    return new MysqlStore(connection, new URL(url).pathname.slice(1), script);
  }

  get #backup(): string {
    return quote(`${this.#database}_backup`);
  }

  override async load(data: DataFile, context: DecodeContext): Promise<void> {
    const { ops } = this.connection;
    // Which of equal rows comes first hangs on the plan, and the plan on statistics of rows that come and go.
    for (const { dbTable } of this.tables.filter((table) => table.app === data.app)) {
      await this.#script.run(`ALTER TABLE ${quote(dbTable)} STATS_AUTO_RECALC = 0`);
    }
    for (const { model, rows } of data.tables) {
      const table = this.tables.find((candidate) => candidate.app === data.app && candidate.name === model);
      if (!table) continue;
      for (const row of rows) {
        const names = Object.keys(row);
        const fields = names.map((name) => {
          const field = table.fields.find((candidate) => candidate.attname === name);
          if (!field) throw new Error(`${model} has no column for ${name}`);
          return field;
        });
        const values = fields.map((field, i) => storedValue(field, row[names[i] as string], ops, context));
        const columns = fields.map((field) => quote(field.column)).join(", ");
        const marks = fields.map(() => "?").join(", ");
        await this.#script.run(
          withLiterals(`INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${marks})`, values),
        );
      }
    }
  }

  override async remember(): Promise<void> {
    // The statistics are those of these rows, however often the server would have taken them until now.
    await this.#script.run(`ANALYZE TABLE ${this.tables.map(({ dbTable }) => quote(dbTable)).join(", ")}`);
    await this.#script.run(`DROP DATABASE IF EXISTS ${this.#backup}`);
    await this.#script.run(`CREATE DATABASE ${this.#backup} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    for (const { dbTable } of this.tables) {
      const copy = `${this.#backup}.${quote(dbTable)}`;
      await this.#script.run(`CREATE TABLE ${copy} AS SELECT * FROM ${quote(dbTable)}`);
    }
    for (const [name, next] of await this.#nextKeysNow()) this.#nextKeys.set(name, next);
    for (const app of new Set(this.tables.map((table) => table.app))) {
      for (const [name, checksum] of await this.#checksumsOf(app)) this.#checksums.set(name, checksum);
    }
  }

  /** The automatic keys that come next, by table. */
  async #nextKeysNow(): Promise<Map<string, string>> {
    const rows = await this.#script.rows(
      `SELECT table_name, auto_increment FROM information_schema.tables
        WHERE table_schema = '${this.#database}' AND auto_increment IS NOT NULL`,
    );
    return new Map(rows.map(([name, next]) => [String(name), String(next)]));
  }

  /** What tells whether the rows of a table are the same. */
  async #checksumsOf(app: string): Promise<Map<string, string>> {
    const own = this.tables.filter((table) => table.app === app);
    const names = own.map(({ dbTable }) => quote(dbTable)).join(", ");
    const rows = await this.#script.rows(`CHECKSUM TABLE ${names}`);
    return new Map(rows.map(([name, sum]) => [String(name).replace(/^[^.]*\./, ""), String(sum)]));
  }

  async #changed(app: string): Promise<Table[]> {
    const now = await this.#checksumsOf(app);
    return this.tables.filter(
      (table) => table.app === app && now.get(table.dbTable) !== this.#checksums.get(table.dbTable),
    );
  }

  override async reset(app: string): Promise<void> {
    for (const { dbTable, fields } of await this.#changed(app)) {
      const columns = fields
        .filter((field) => !field.generated)
        .map((field) => quote(field.column))
        .join(", ");
      await this.#script.run(`DELETE FROM ${quote(dbTable)}`);
      await this.#script.run(
        `INSERT INTO ${quote(dbTable)} (${columns}) SELECT ${columns} FROM ${this.#backup}.${quote(dbTable)}`,
      );
    }
    const now = await this.#nextKeysNow();
    for (const { dbTable } of this.tables.filter((table) => table.app === app)) {
      const next = this.#nextKeys.get(dbTable);
      if (next !== undefined && now.get(dbTable) !== next) {
        await this.#script.run(`ALTER TABLE ${quote(dbTable)} AUTO_INCREMENT = ${next}`);
      }
    }
  }

  override async difference(app: string): Promise<Record<string, TableChange>> {
    const state: Record<string, TableChange> = {};
    for (const table of await this.#changed(app)) {
      const before = await this.#read(table, `${this.#backup}.${quote(table.dbTable)}`);
      const after = await this.#read(table, quote(table.dbTable));
      const change = compareRowsByKey(
        table,
        before.map(({ texts }) => texts),
        after.map(({ texts }) => texts),
        (row, side) => ((side === "before" ? before : after)[row] as Row).values,
        this.connection.ops,
      );
      if (Object.keys(change).length > 0) state[table.name] = change;
    }
    return state;
  }

  async #read(table: Table, from: string): Promise<Row[]> {
    const columns = table.fields.map((field) => quote(field.column));
    const texts = columns.map((column) => `HEX(CAST(${column} AS BINARY))`);
    this.busy = true;
    try {
      const sql = `SELECT ${[...texts, ...columns].join(", ")} FROM ${from}`;
      const op = { kind: "rows", alias: "default", sql, params: [], bigints: true };
      const rows = (await this.connection.execute(op, "async", null)) as unknown[][];
      return rows.map((row) => ({
        texts: row.slice(0, columns.length),
        values: row.slice(columns.length),
      }));
    } finally {
      this.busy = false;
    }
  }

  override async dump(app: string): Promise<Map<string, readonly unknown[][]>> {
    const result = new Map<string, readonly unknown[][]>();
    for (const table of this.tables.filter((candidate) => candidate.app === app)) {
      const rows = await this.#read(table, quote(table.dbTable));
      result.set(
        table.dbTable,
        rows.map(({ texts }) => [...texts]),
      );
    }
    return result;
  }

  override async close(): Promise<void> {
    await this.#script.run(`DROP DATABASE IF EXISTS ${this.#backup}`);
    await this.#script.end();
  }
}

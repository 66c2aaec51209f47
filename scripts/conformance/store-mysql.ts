/** Rows on MySQL and MariaDB: kept in a database beside, and copied back where they have changed. */
import { withLiterals } from "../../src/backends/mysql/literals.ts";
import type { DecodeContext } from "./expressions.ts";
import type { DataFile } from "./format.ts";
import { MysqlScript } from "./server.ts";
import { storedFields, type Table } from "./store.ts";
import { ServerStore } from "./store-server.ts";

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

export class MysqlStore extends ServerStore {
  readonly #database: string;
  /** Speaks to the server apart from the library, so that its session can have modes of its own. */
  readonly #script: MysqlScript;
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

  protected override quote(name: string): string {
    return quote(name);
  }

  protected override asText(column: string): string {
    return `HEX(CAST(${column} AS BINARY))`;
  }

  protected override copyOf({ dbTable }: Table): string {
    return `${this.#backup}.${quote(dbTable)}`;
  }

  get #backup(): string {
    return quote(`${this.#database}_backup`);
  }

  override async load(data: DataFile, context: DecodeContext): Promise<void> {
    // Which of equal rows comes first hangs on the plan, and the plan on statistics of rows that come and go.
    for (const { dbTable } of this.tablesOf(data.app)) {
      await this.#script.run(`ALTER TABLE ${quote(dbTable)} STATS_AUTO_RECALC = 0`);
    }
    for (const { table, fields, values } of this.newRows(data, context)) {
      const columns = fields.map((field) => quote(field.column)).join(", ");
      const marks = fields.map(() => "?").join(", ");
      await this.#script.run(
        withLiterals(`INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${marks})`, values),
      );
    }
  }

  override async remember(): Promise<void> {
    // The statistics are those of these rows, however often the server would have taken them until now.
    await this.#script.run(`ANALYZE TABLE ${this.tables.map(({ dbTable }) => quote(dbTable)).join(", ")}`);
    await this.#script.run(`DROP DATABASE IF EXISTS ${this.#backup}`);
    await this.#script.run(`CREATE DATABASE ${this.#backup} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    for (const table of this.tables) {
      await this.#script.run(`CREATE TABLE ${this.copyOf(table)} AS SELECT * FROM ${quote(table.dbTable)}`);
    }
    for (const [name, next] of await this.#nextKeysNow()) this.#nextKeys.set(name, next);
    await this.rememberChecksums();
  }

  /** The automatic keys that come next, by table. */
  async #nextKeysNow(): Promise<Map<string, string>> {
    const rows = await this.#script.rows(
      `SELECT table_name, auto_increment FROM information_schema.tables
        WHERE table_schema = '${this.#database}' AND auto_increment IS NOT NULL`,
    );
    return new Map(rows.map(([name, next]) => [String(name), String(next)]));
  }

  protected override async checksums(tables: readonly Table[]): Promise<ReadonlyMap<string, string>> {
    const names = tables.map(({ dbTable }) => quote(dbTable)).join(", ");
    const rows = await this.#script.rows(`CHECKSUM TABLE ${names}`);
    return new Map(rows.map(([name, sum]) => [String(name).replace(/^[^.]*\./, ""), String(sum)]));
  }

  override async reset(app: string): Promise<void> {
    for (const table of await this.changed(app)) {
      const name = quote(table.dbTable);
      const columns = storedFields(table).map((field) => quote(field.column));
      await this.#script.run(`DELETE FROM ${name}`);
      await this.#script.run(
        `INSERT INTO ${name} (${columns.join(", ")}) SELECT ${columns.join(", ")} FROM ${this.copyOf(table)}`,
      );
    }
    const now = await this.#nextKeysNow();
    for (const { dbTable } of this.tablesOf(app)) {
      const next = this.#nextKeys.get(dbTable);
      if (next !== undefined && now.get(dbTable) !== next) {
        await this.#script.run(`ALTER TABLE ${quote(dbTable)} AUTO_INCREMENT = ${next}`);
      }
    }
  }

  override async close(): Promise<void> {
    await this.#script.run(`DROP DATABASE IF EXISTS ${this.#backup}`);
    await this.#script.end();
  }
}

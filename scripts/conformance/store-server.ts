/** Rows on a server: copied to tables beside, and copied back where they have changed. */
import type { TableChange } from "./format.ts";
import { compareRowsByKey } from "./state.ts";
import { Store, type Table } from "./store.ts";

/** A row as texts, by which rows are compared, and as values. */
interface Row {
  readonly texts: readonly unknown[];
  readonly values: readonly unknown[];
}

export abstract class ServerStore extends Store {
  readonly #checksums = new Map<string, string>();

  protected abstract quote(name: string): string;
  /** A column as a text, whatever its type. */
  protected abstract asText(column: string): string;
  /** Where the copy of a table is. */
  protected abstract copyOf(table: Table): string;
  /** By table what tells whether its rows are the same. */
  protected abstract checksums(tables: readonly Table[]): Promise<ReadonlyMap<string, string>>;

  /** Rows by way of the library's connection, in its session. */
  protected async rows(sql: string): Promise<unknown[][]> {
    this.busy = true;
    try {
      const op = { kind: "rows", alias: "default", sql, params: [], bigints: true };
      return (await this.connection.execute(op, "async", null)) as unknown[][];
    } finally {
      this.busy = false;
    }
  }

  protected async rememberChecksums(): Promise<void> {
    for (const [name, checksum] of await this.checksums(this.tables)) this.#checksums.set(name, checksum);
  }

  /** The tables of an app whose rows are not those that it started from. */
  protected async changed(app: string): Promise<Table[]> {
    const tables = this.tablesOf(app);
    const now = await this.checksums(tables);
    return tables.filter(({ dbTable }) => now.get(dbTable) !== this.#checksums.get(dbTable));
  }

  override async difference(app: string): Promise<Record<string, TableChange>> {
    const state: Record<string, TableChange> = {};
    for (const table of await this.changed(app)) {
      const before = await this.#read(table, this.copyOf(table));
      const after = await this.#read(table, this.quote(table.dbTable));
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
    const columns = table.fields.map((field) => this.quote(field.column));
    const texts = columns.map((column) => this.asText(column));
    const rows = await this.rows(`SELECT ${[...texts, ...columns].join(", ")} FROM ${from}`);
    return rows.map((row) => ({ texts: row.slice(0, columns.length), values: row.slice(columns.length) }));
  }

  override async dump(app: string): Promise<ReadonlyMap<string, readonly unknown[][]>> {
    const result = new Map<string, readonly unknown[][]>();
    for (const table of this.tablesOf(app)) {
      const rows = await this.#read(table, this.quote(table.dbTable));
      result.set(
        table.dbTable,
        rows.map(({ texts }) => [...texts]),
      );
    }
    return result;
  }
}

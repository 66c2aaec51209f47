/** Rows on PostgreSQL: kept beside the tables in a schema of their own, and copied back where they have changed. */
import { compareRowsByKey, quote, Store, storedValue, type Table } from "./data.ts";
import type { DecodeContext } from "./expressions.ts";
import type { DataFile, TableChange } from "./format.ts";

const BACKUP = "conformance_backup";

interface Sequence {
  readonly table: string;
  readonly name: string;
  readonly value: number;
  readonly called: boolean;
}

/** A row as texts, by which rows are compared, and as values. */
interface Row {
  readonly texts: readonly unknown[];
  readonly values: readonly unknown[];
}

export class PostgresqlStore extends Store {
  readonly #hashes = new Map<string, string>();
  #sequences: readonly Sequence[] = [];

  async #execute(op: Record<string, unknown>): Promise<unknown[][]> {
    this.busy = true;
    try {
      return (await this.connection.execute(
        { alias: "default", params: [], ...op },
        "async",
        null,
      )) as unknown[][];
    } finally {
      this.busy = false;
    }
  }

  async #rows(sql: string): Promise<unknown[][]> {
    return this.#execute({ kind: "rows", sql, bigints: true });
  }

  async #run(sql: string, params: readonly unknown[] = []): Promise<void> {
    await this.#execute({ kind: "run", sql, params });
  }

  override async load(data: DataFile, context: DecodeContext): Promise<void> {
    const { ops } = this.connection;
    // Some rows refer to later ones, and there is no transaction here. One statement after the other has the same session.
    await this.#run("SET session_replication_role = replica");
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
        const marks = fields.map((_, i) => `$${i + 1}`).join(", ");
        await this.#run(`INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${marks})`, values);
      }
    }
    await this.#run("RESET session_replication_role");
  }

  override async remember(): Promise<void> {
    const sequences = await this.#rows(
      `SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname)
         FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
        WHERE a.attidentity <> '' AND t.relnamespace = 'public'::regnamespace`,
    );
    const known: Sequence[] = [];
    for (const [table, column, name] of sequences as string[][]) {
      const [[max] = []] = await this.#rows(
        `SELECT MAX(${quote(column as string)}) FROM ${quote(table as string)}`,
      );
      const called = max !== null;
      const value = called ? Math.max(1, Number(max)) : 1;
      known.push({ table: table as string, name: name as string, value, called });
    }
    this.#sequences = known;
    await this.#run(`CREATE SCHEMA ${BACKUP}`);
    for (const { dbTable } of this.tables) {
      await this.#run(`CREATE TABLE ${BACKUP}.${quote(dbTable)} AS TABLE ${quote(dbTable)}`);
    }
    await this.#run(known.map(restart).join(";") || "SELECT 1");
    for (const app of new Set(this.tables.map((table) => table.app))) {
      for (const [name, hash] of await this.#hashOf(app)) this.#hashes.set(name, hash);
    }
  }

  /** What tells whether the rows of a table are the same. */
  async #hashOf(app: string): Promise<Map<string, string>> {
    const own = this.tables.filter((table) => table.app === app);
    const parts = own.map(
      ({ dbTable }, i) =>
        `SELECT ${i}, COUNT(*) || ':' || COALESCE(SUM(HASHTEXTEXTENDED(whole_row::text, 0)), 0) FROM ${quote(dbTable)} whole_row`,
    );
    const rows = await this.#rows(parts.join(" UNION ALL "));
    return new Map(rows.map(([i, hash]) => [(own[Number(i)] as Table).dbTable, String(hash)]));
  }

  async #changed(app: string): Promise<Table[]> {
    const now = await this.#hashOf(app);
    return this.tables.filter(
      (table) => table.app === app && now.get(table.dbTable) !== this.#hashes.get(table.dbTable),
    );
  }

  override async reset(app: string): Promise<void> {
    const changed = await this.#changed(app);
    const own = new Set(this.tables.filter((table) => table.app === app).map(({ dbTable }) => dbTable));
    const statements = ["SET LOCAL lock_timeout = 3000", "SET LOCAL session_replication_role = replica"];
    for (const { dbTable } of changed) statements.push(`DELETE FROM ${quote(dbTable)}`);
    for (const { dbTable, fields } of changed) {
      const columns = fields
        .filter((field) => !field.generated)
        .map((field) => quote(field.column))
        .join(", ");
      statements.push(
        `INSERT INTO ${quote(dbTable)} (${columns}) SELECT ${columns} FROM ${BACKUP}.${quote(dbTable)}`,
      );
    }
    statements.push(...this.#sequences.filter(({ table }) => own.has(table)).map(restart));
    await this.#run(`BEGIN;${statements.join(";")};COMMIT`);
  }

  override async difference(app: string): Promise<Record<string, TableChange>> {
    const state: Record<string, TableChange> = {};
    for (const table of await this.#changed(app)) {
      const before = await this.#read(table, `${BACKUP}.${quote(table.dbTable)}`);
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
    const list = [...columns.map((column) => `${column}::text`), ...columns].join(", ");
    const rows = await this.#rows(`SELECT ${list} FROM ${from}`);
    return rows.map((row) => ({ texts: row.slice(0, columns.length), values: row.slice(columns.length) }));
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
}

function restart({ name, value, called }: Sequence): string {
  return `SELECT setval('${name.replaceAll("'", "''")}', ${value}, ${called})`;
}

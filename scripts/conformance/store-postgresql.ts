/** Rows on PostgreSQL: kept beside the tables in a schema of their own, and copied back where they have changed. */
import type { DecodeContext } from "./expressions.ts";
import type { DataFile } from "./format.ts";
import { storedFields, type Table } from "./store.ts";
import { ServerStore } from "./store-server.ts";

const BACKUP = "conformance_backup";

interface Sequence {
  readonly table: string;
  readonly name: string;
  readonly value: number;
  readonly called: boolean;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export class PostgresqlStore extends ServerStore {
  #sequences: readonly Sequence[] = [];

  protected override quote(name: string): string {
    return quote(name);
  }

  protected override asText(column: string): string {
    return `${column}::text`;
  }

  protected override copyOf({ dbTable }: Table): string {
    return `${BACKUP}.${quote(dbTable)}`;
  }

  async #run(sql: string, params: readonly unknown[] = []): Promise<void> {
    this.busy = true;
    try {
      await this.connection.execute({ kind: "run", alias: "default", sql, params }, "async", null);
    } finally {
      this.busy = false;
    }
  }

  override async load(data: DataFile, context: DecodeContext): Promise<void> {
    // Some rows refer to later ones, and there is no transaction here. One statement after the other has the same session.
    await this.#run("SET session_replication_role = replica");
    for (const { table, fields, values } of this.newRows(data, context)) {
      const columns = fields.map((field) => quote(field.column)).join(", ");
      const marks = fields.map((_, i) => `$${i + 1}`).join(", ");
      await this.#run(`INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${marks})`, values);
    }
    await this.#run("RESET session_replication_role");
  }

  override async remember(): Promise<void> {
    const sequences = await this.rows(
      `SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname)
         FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
        WHERE a.attidentity <> '' AND t.relnamespace = 'public'::regnamespace`,
    );
    const known: Sequence[] = [];
    for (const [table, column, name] of sequences as string[][]) {
      const [[max] = []] = await this.rows(
        `SELECT MAX(${quote(column as string)}) FROM ${quote(table as string)}`,
      );
      const called = max !== null;
      const value = called ? Math.max(1, Number(max)) : 1;
      known.push({ table: table as string, name: name as string, value, called });
    }
    this.#sequences = known;
    await this.#run(`CREATE SCHEMA ${BACKUP}`);
    for (const table of this.tables) {
      await this.#run(`CREATE TABLE ${this.copyOf(table)} AS TABLE ${quote(table.dbTable)}`);
    }
    await this.#run(known.map(restart).join(";") || "SELECT 1");
    await this.rememberChecksums();
  }

  protected override async checksums(tables: readonly Table[]): Promise<ReadonlyMap<string, string>> {
    const parts = tables.map(
      ({ dbTable }, i) =>
        `SELECT ${i}, COUNT(*) || ':' || COALESCE(SUM(HASHTEXTEXTENDED(whole_row::text, 0)), 0) FROM ${quote(dbTable)} whole_row`,
    );
    const rows = await this.rows(parts.join(" UNION ALL "));
    return new Map(rows.map(([i, hash]) => [(tables[Number(i)] as Table).dbTable, String(hash)]));
  }

  override async reset(app: string): Promise<void> {
    const changed = await this.changed(app);
    const own = new Set(this.tablesOf(app).map(({ dbTable }) => dbTable));
    const statements = ["SET LOCAL lock_timeout = 3000", "SET LOCAL session_replication_role = replica"];
    for (const { dbTable } of changed) statements.push(`DELETE FROM ${quote(dbTable)}`);
    for (const table of changed) {
      const columns = storedFields(table)
        .map((field) => quote(field.column))
        .join(", ");
      statements.push(
        `INSERT INTO ${quote(table.dbTable)} (${columns}) SELECT ${columns} FROM ${this.copyOf(table)}`,
      );
    }
    statements.push(...this.#sequences.filter(({ table }) => own.has(table)).map(restart));
    await this.#run(`BEGIN;${statements.join(";")};COMMIT`);
  }
}

function restart({ name, value, called }: Sequence): string {
  return `SELECT setval('${name.replaceAll("'", "''")}', ${value}, ${called})`;
}

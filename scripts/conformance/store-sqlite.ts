/** Rows on SQLite: kept here, and written back where they have changed. */
import type { DecodeContext } from "./expressions.ts";
import type { DataFile, TableChange } from "./format.ts";
import { compareRowsByKey, keyOf } from "./state.ts";
import { Store, storedFields, type Table } from "./store.ts";

type RawRow = unknown[];

interface TableCopy {
  readonly key: string;
  readonly rows: readonly RawRow[];
}

const SEQUENCES = "sqlite_sequence";

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Node.js 22 binds no bytes as NULL when they came from the database. */
function withBytes(param: unknown): unknown {
  return param instanceof Uint8Array && param.length === 0 ? new Uint8Array(new ArrayBuffer(8), 0, 0) : param;
}

export class SqliteStore extends Store {
  readonly #original = new Map<string, TableCopy>();
  #changes = "";

  #query(sql: string, params: readonly unknown[] = []): RawRow[] {
    return this.#execute({ kind: "rows", alias: "default", sql, params, bigints: true }) as RawRow[];
  }

  #run(sql: string, params: readonly unknown[] = []): void {
    this.#execute({ kind: "run", alias: "default", sql, params: params.map(withBytes) });
  }

  #execute(op: Record<string, unknown>): unknown {
    this.busy = true;
    try {
      return this.connection.execute(op, "sync", null);
    } finally {
      this.busy = false;
    }
  }

  get version(): string {
    return String(this.#query("SELECT sqlite_version()")[0]?.[0]);
  }

  /** Ends a transaction that a case has left open, if there is one. */
  rollback(): void {
    try {
      this.#run("ROLLBACK");
    } catch {}
  }

  override load(data: DataFile, context: DecodeContext): void {
    this.#run("BEGIN");
    this.#run("PRAGMA defer_foreign_keys = ON");
    for (const { table, fields, values } of this.newRows(data, context)) {
      const columns = fields.map((field) => quote(field.column)).join(", ");
      const marks = fields.map(() => "?").join(", ");
      this.#run(`INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${marks})`, values);
    }
    this.#run("COMMIT");
  }

  override dump(app: string): ReadonlyMap<string, readonly RawRow[]> {
    return new Map(this.tablesOf(app).map((table) => [table.dbTable, this.#copy(table).rows]));
  }

  override remember(): void {
    for (const table of this.tables) this.#original.set(table.dbTable, this.#copy(table));
    const rows = this.#query(`SELECT name, seq FROM ${SEQUENCES} ORDER BY name`);
    this.#original.set(SEQUENCES, { key: keyOf(rows), rows });
    this.#changes = this.#totalChanges();
  }

  /** Moves with every change; an ignored INSERT changes no row but takes an automatic key. */
  #totalChanges(): string {
    return keyOf(this.#query(`SELECT total_changes(), (SELECT total(seq) FROM ${SEQUENCES})`));
  }

  #copy(table: Table): TableCopy {
    const columns = table.fields.map((field) => quote(field.column)).join(", ");
    const rows = this.#query(`SELECT ${columns} FROM ${quote(table.dbTable)} ORDER BY rowid`);
    return { key: keyOf(rows), rows };
  }

  /** The tables of an app whose rows are not those that it started from. */
  #changed(app: string): [Table, TableCopy][] {
    if (this.#totalChanges() === this.#changes) return [];
    return this.tablesOf(app)
      .map((table) => [table, this.#copy(table)] as [Table, TableCopy])
      .filter(([table, copy]) => copy.key !== this.#original.get(table.dbTable)?.key);
  }

  override reset(app: string): void {
    if (this.#totalChanges() === this.#changes) return;
    const changed = this.#changed(app);
    this.#run("BEGIN");
    this.#run("PRAGMA defer_foreign_keys = ON");
    for (const [table] of changed) {
      const stored = storedFields(table);
      this.#run(`DELETE FROM ${quote(table.dbTable)}`);
      const columns = stored.map((field) => quote(field.column)).join(", ");
      const insert = `INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${stored.map(() => "?").join(", ")})`;
      const places = stored.map((field) => table.fields.indexOf(field));
      for (const row of this.#original.get(table.dbTable)?.rows ?? []) {
        this.#run(
          insert,
          places.map((place) => row[place]),
        );
      }
    }
    this.#run(`DELETE FROM ${SEQUENCES}`);
    for (const row of this.#original.get(SEQUENCES)?.rows ?? []) {
      this.#run(`INSERT INTO ${SEQUENCES} (name, seq) VALUES (?, ?)`, row);
    }
    this.#run("COMMIT");
    this.#changes = this.#totalChanges();
  }

  override difference(app: string): Record<string, TableChange> {
    const state: Record<string, TableChange> = {};
    for (const [table, copy] of this.#changed(app)) {
      const before = this.#original.get(table.dbTable)?.rows ?? [];
      const change = compareRowsByKey(
        table,
        before,
        copy.rows,
        (row, side) => (side === "before" ? before : copy.rows)[row] as RawRow,
        this.connection.ops,
      );
      if (Object.keys(change).length > 0) state[table.name] = change;
    }
    return state;
  }
}

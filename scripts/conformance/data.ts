/** Tables and rows of a directory: creating, loading as given, reading back, resetting. */
import { compareUnordered } from "./compare.ts";
import { type DecodeContext, decode } from "./expressions.ts";
import { type DataFile, formOf, isRecord, type Schema, type TableChange } from "./format.ts";
import { encode } from "./instances.ts";
import type { ModelSet } from "./models.ts";
import { hasOrdered, pythonJson } from "./ordered-json.ts";

export interface FieldLike {
  readonly name: string;
  readonly attname: string;
  readonly column: string;
  readonly generated?: boolean;
  readonly internalType: string;
  getPrepValue(value: unknown): unknown;
  getDbPrepSave(value: unknown, ops: unknown): unknown;
  fromDb(ops: unknown): ((value: unknown) => unknown) | null;
}

interface OptionsLike {
  readonly dbTable: string;
  readonly localConcreteFields: readonly FieldLike[];
  readonly pkFields: readonly FieldLike[];
  getField(name: string): { remoteField: { through: { _meta: OptionsLike } } };
}

interface Execute {
  readonly ops: unknown;
  execute(op: Record<string, unknown>, mode: "sync" | "async", block: null): unknown;
  close(): unknown;
}

export interface Table {
  /** The name in `data.json` and `state`: `Pizza`, `Pizza_toppings`. */
  readonly name: string;
  readonly app: string;
  readonly dbTable: string;
  readonly fields: readonly FieldLike[];
  readonly pk: readonly FieldLike[];
}

type RawRow = unknown[];

interface TableCopy {
  readonly key: string;
  readonly rows: readonly RawRow[];
}

const SEQUENCES = "sqlite_sequence";

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function keyOf(rows: readonly RawRow[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === "bigint"
      ? `${value}n`
      : value instanceof Uint8Array
        ? Buffer.from(value).toString("hex")
        : value,
  );
}

/** The database under test, spoken to directly and not through the ORM. */
/** Node.js 22 binds no bytes as NULL when they came from the database. */
function withBytes(param: unknown): unknown {
  return param instanceof Uint8Array && param.length === 0 ? new Uint8Array(new ArrayBuffer(8), 0, 0) : param;
}

export class Store {
  protected readonly connection: Execute;
  protected readonly tables: Table[] = [];
  readonly #original = new Map<string, TableCopy>();
  #changes = "";
  /** While it sends statements of its own: they do not count. */
  busy = false;

  constructor(connection: unknown) {
    this.connection = connection as Execute;
  }

  query(sql: string, params: readonly unknown[] = []): RawRow[] {
    return this.#execute({ kind: "rows", alias: "default", sql, params, bigints: true }) as RawRow[];
  }

  run(sql: string, params: readonly unknown[] = []): void {
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

  /** Learns the tables of an app from its models, its many-to-many tables included. */
  addApp(schema: Schema, models: ModelSet): void {
    for (const model of schema.models) {
      const built = models.models.get(`${schema.app}.${model.name}`);
      if (!built) continue;
      const opts = (built.cls as unknown as { _meta: OptionsLike & { proxy?: boolean } })._meta;
      if (opts.proxy) continue;
      this.#addTable(schema.app, model.name, opts);
      for (const field of model.fields) {
        if (field.type !== "ManyToManyField" || field.kwargs["through"] !== undefined) continue;
        this.#addTable(
          schema.app,
          `${model.name}_${field.name}`,
          opts.getField(field.name).remoteField.through._meta,
        );
      }
    }
  }

  #addTable(app: string, name: string, opts: OptionsLike): void {
    this.tables.push({
      name,
      app,
      dbTable: opts.dbTable,
      fields: opts.localConcreteFields,
      pk: opts.pkFields,
    });
  }

  /** Inserts the rows exactly as given, in one transaction, and restarts the automatic keys. */
  load(data: DataFile, context: DecodeContext): void | Promise<void> {
    const { ops } = this.connection;
    this.run("BEGIN");
    this.run("PRAGMA defer_foreign_keys = ON");
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
        const values = fields.map((field, index) =>
          storedValue(field, row[names[index] as string], ops, context),
        );
        const columns = fields.map((field) => quote(field.column)).join(", ");
        const marks = fields.map(() => "?").join(", ");
        this.run(`INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${marks})`, values);
      }
    }
    this.run("COMMIT");
  }

  /** The stored rows of an app's tables as they are, by table. */
  dump(app: string): Map<string, readonly RawRow[]> | Promise<Map<string, readonly RawRow[]>> {
    const own = this.tables.filter((table) => table.app === app);
    return new Map(own.map((table) => [table.dbTable, this.#copy(table).rows]));
  }

  /** Remembers the present rows as those that every case starts from. */
  remember(): void | Promise<void> {
    for (const table of this.tables) this.#original.set(table.dbTable, this.#copy(table));
    const rows = this.query(`SELECT name, seq FROM ${SEQUENCES} ORDER BY name`);
    this.#original.set(SEQUENCES, { key: keyOf(rows), rows });
    this.#changes = this.#totalChanges();
  }

  /** Moves with every change; an ignored INSERT changes no row but takes an automatic key. */
  #totalChanges(): string {
    return keyOf(this.query(`SELECT total_changes(), (SELECT total(seq) FROM ${SEQUENCES})`));
  }

  #copy(table: Table): TableCopy {
    const columns = table.fields.map((field) => quote(field.column)).join(", ");
    const rows = this.query(`SELECT ${columns} FROM ${quote(table.dbTable)} ORDER BY rowid`);
    return { key: keyOf(rows), rows };
  }

  /** The tables of an app whose rows are not those that it started from. */
  #changed(app: string): [Table, TableCopy][] {
    if (this.#totalChanges() === this.#changes) return [];
    return this.tables
      .filter((table) => table.app === app)
      .map((table) => [table, this.#copy(table)] as [Table, TableCopy])
      .filter(([table, copy]) => copy.key !== this.#original.get(table.dbTable)?.key);
  }

  /** Puts the rows and automatic keys of an app back to where every case starts. */
  reset(app: string): void | Promise<void> {
    if (this.#totalChanges() === this.#changes) return;
    const changed = this.#changed(app);
    this.run("BEGIN");
    this.run("PRAGMA defer_foreign_keys = ON");
    for (const [table] of changed) {
      const stored = table.fields.filter((field) => !field.generated);
      this.run(`DELETE FROM ${quote(table.dbTable)}`);
      const columns = stored.map((field) => quote(field.column)).join(", ");
      const insert = `INSERT INTO ${quote(table.dbTable)} (${columns}) VALUES (${stored.map(() => "?").join(", ")})`;
      const places = stored.map((field) => table.fields.indexOf(field));
      for (const row of this.#original.get(table.dbTable)?.rows ?? []) {
        this.run(
          insert,
          places.map((place) => row[place]),
        );
      }
    }
    this.run(`DELETE FROM ${SEQUENCES}`);
    for (const row of this.#original.get(SEQUENCES)?.rows ?? []) {
      this.run(`INSERT INTO ${SEQUENCES} (name, seq) VALUES (?, ?)`, row);
    }
    this.run("COMMIT");
    this.#changes = this.#totalChanges();
  }

  /** Nothing more is asked of the store. */
  close(): void | Promise<void> {}

  /** What differs in an app's tables from where the case started, in the form of `state`. */
  difference(app: string): Record<string, TableChange> | Promise<Record<string, TableChange>> {
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

/**
 * The difference of a table's rows, in the form of `state`. Rows are told apart by `before` and `after`; `read` gives
 * the values of one, by its place.
 */
export function compareRowsByKey(
  table: Table,
  before: readonly (readonly unknown[])[],
  after: readonly (readonly unknown[])[],
  read: (row: number, side: "before" | "after") => readonly unknown[],
  ops: unknown,
): TableChange {
  const places = table.pk.map((field) => table.fields.findIndex((other) => other.attname === field.attname));
  const keyed = (rows: readonly (readonly unknown[])[]) =>
    new Map(rows.map((row, i) => [keyOf([places.map((place) => row[place])]), i]));
  const old = keyed(before);
  const now = keyed(after);
  const added: Record<string, unknown>[] = [];
  const changed: { pk: unknown; fields: Record<string, unknown> }[] = [];
  const removed: unknown[] = [];
  for (const [key, i] of now) {
    const former = old.get(key);
    const row = read(i, "after");
    if (former === undefined) {
      added.push(decodeRow(table, row, () => true, ops));
      continue;
    }
    const [left, right] = [before[former] ?? [], after[i] ?? []];
    if (keyOf([[...left]]) === keyOf([[...right]])) continue;
    const differs = (place: number) => keyOf([[left[place]]]) !== keyOf([[right[place]]]);
    changed.push({ pk: decodeKey(table, places, row, ops), fields: decodeRow(table, row, differs, ops) });
  }
  for (const [key, i] of old) {
    if (!now.has(key)) removed.push(decodeKey(table, places, read(i, "before"), ops));
  }
  return {
    ...(added.length > 0 && { added }),
    ...(removed.length > 0 && { removed }),
    ...(changed.length > 0 && { changed }),
  };
}

function decodeKey(table: Table, places: readonly number[], row: readonly unknown[], ops: unknown): unknown {
  const parts = places.map((place) => decodeValue(table.fields[place] as FieldLike, row[place], ops));
  return parts.length === 1 ? parts[0] : { $tuple: parts };
}

function decodeRow(
  table: Table,
  row: readonly unknown[],
  wanted: (place: number) => boolean,
  ops: unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    table.fields.flatMap((field, place) =>
      wanted(place) ? [[field.attname, decodeValue(field, row[place], ops)]] : [],
    ),
  );
}

function decodeValue(field: FieldLike, stored: unknown, ops: unknown): unknown {
  if (stored === null) return null;
  const plain = typeof stored === "bigint" && Number.isSafeInteger(Number(stored)) ? Number(stored) : stored;
  if (field.internalType === "JSONField" && plain === "null") return { $json_null: true };
  const convert = field.fromDb(ops);
  try {
    return encode(convert ? convert(plain) : plain, { toAttr: new Set() });
  } catch (error) {
    return { $unreadable: error instanceof Error ? error.name : "Error" };
  }
}

export function storedValue(field: FieldLike, given: unknown, ops: unknown, context: DecodeContext): unknown {
  if (formOf(given) === "$json_null") return "null";
  if (field.internalType === "JSONField" && hasOrdered(given)) return pythonJson(given);
  const value = decode(given, context);
  return value === null ? null : field.getDbPrepSave(value, ops);
}

/**
 * Compares the state that Django left with ours, or gives null. `anyKeys`: rows were added out of a set, so that which
 * of them got which automatic key says nothing.
 */
export function compareState(
  expected: Record<string, unknown>,
  got: Record<string, TableChange>,
  anyKeys = false,
): string | null {
  if (formOf(expected) === "$unreadable") return null;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const left = expected[name];
    const right = got[name];
    if (formOf(left) === "$unreadable") continue;
    if (!isRecord(left)) return `state.${name}: not expected to change, got ${JSON.stringify(right)}`;
    if (right === undefined) return `state.${name}: not changed, expected ${JSON.stringify(left)}`;
    for (const part of ["added", "removed", "changed"] as const) {
      const difference = compareUnordered(
        (left[part] ?? []) as unknown[],
        (right[part] ?? []) as unknown[],
        `state.${name}.${part}`,
      );
      if (difference && part === "added" && anyKeys && sameButKeys(left[part], right[part])) continue;
      if (difference) return difference;
    }
  }
  return null;
}

/** Whether added rows are the same but for which of them has which `id`. */
function sameButKeys(expected: unknown, got: unknown): boolean {
  if (!Array.isArray(expected) || !Array.isArray(got)) return false;
  const bare = (rows: readonly Record<string, unknown>[]) => rows.map(({ id, ...row }) => row);
  return compareUnordered(bare(expected), bare(got), "") === null;
}

/** Tables and rows of a directory: loading as given, reading back, resetting. Each database has a store of its own. */
import { type DecodeContext, decode } from "./expressions.ts";
import { type DataFile, formOf, type Schema, type TableChange } from "./format.ts";
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

/** A row to insert: exactly what is given. */
export interface NewRow {
  readonly table: Table;
  readonly fields: readonly FieldLike[];
  readonly values: readonly unknown[];
}

/** The database under test, spoken to directly and not through the ORM. */
export abstract class Store {
  protected readonly connection: Execute;
  protected readonly tables: Table[] = [];
  /** While it sends statements of its own: they do not count. */
  busy = false;

  constructor(connection: unknown) {
    this.connection = connection as Execute;
  }

  /** Inserts the rows exactly as given. */
  abstract load(data: DataFile, context: DecodeContext): void | Promise<void>;

  /** Remembers the present rows as those that every case starts from. */
  abstract remember(): void | Promise<void>;

  /** Puts the rows and automatic keys of an app back to where every case starts. */
  abstract reset(app: string): void | Promise<void>;

  /** What differs in an app's tables from where the case started, in the form of `state`. */
  abstract difference(app: string): Record<string, TableChange> | Promise<Record<string, TableChange>>;

  /** The stored rows of an app's tables as they are, by table. */
  abstract dump(
    app: string,
  ): ReadonlyMap<string, readonly unknown[][]> | Promise<ReadonlyMap<string, readonly unknown[][]>>;

  /** Nothing more is asked of the store. */
  close(): void | Promise<void> {}

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

  protected tablesOf(app: string): Table[] {
    return this.tables.filter((table) => table.app === app);
  }

  /** The rows of a file for the tables that there are. */
  protected *newRows(data: DataFile, context: DecodeContext): Generator<NewRow> {
    for (const { model, rows } of data.tables) {
      const table = this.tables.find((candidate) => candidate.app === data.app && candidate.name === model);
      if (!table) continue;
      for (const row of rows) {
        const fields = Object.keys(row).map((name) => {
          const field = table.fields.find((candidate) => candidate.attname === name);
          if (!field) throw new Error(`${model} has no column for ${name}`);
          return field;
        });
        const values = fields.map((field) => this.#storedValue(field, row[field.attname], context));
        yield { table, fields, values };
      }
    }
  }

  #storedValue(field: FieldLike, given: unknown, context: DecodeContext): unknown {
    if (formOf(given) === "$json_null") return "null";
    if (field.internalType === "JSONField" && hasOrdered(given)) return pythonJson(given);
    const value = decode(given, context);
    return value === null ? null : field.getDbPrepSave(value, this.connection.ops);
  }
}

/** The columns that can be written. */
export function storedFields(table: Table): FieldLike[] {
  return table.fields.filter((field) => !field.generated);
}

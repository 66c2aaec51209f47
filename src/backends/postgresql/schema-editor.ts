import type { Field } from "../../fields/field.ts";
import type { Options } from "../../models/options.ts";
import { createIndexName } from "../base/naming.ts";
import { BaseSchemaEditor, registerSchemaEditor } from "../base/schema-editor.ts";
import { OID, TYPE_NAMES, Typed } from "./types.ts";

/** PostgreSQL: indexes for `LIKE` beside those of text columns, comments, literals with their types. */
export class PostgresqlSchemaEditor extends BaseSchemaEditor {
  protected override fieldIndexesSql(opts: Options, field: Field): string[] {
    const like = this.likeIndexSql(opts, field);
    const indexes = super.fieldIndexesSql(opts, field);
    return like === null ? indexes : [...indexes, like];
  }

  /** Outside of the C locale an index serves `LIKE 'x%'` only with an operator class of its own. */
  private likeIndexSql(opts: Options, field: Field): string | null {
    const { type, collation } = field.dbParameters(this.ops);
    if (type === null || (!field.dbIndex && !field.unique) || collation) return null;
    const base = /^(varchar|text)/.exec(type)?.[1];
    if (base === undefined || type.includes("[")) return null;
    const name = createIndexName(opts.dbTable, [field.column], this.ops.maxNameLength, "_like");
    return this.createIndexSql(
      opts.dbTable,
      {
        name,
        columns: [this.quote(field.column)],
        condition: null,
        include: [],
        opclasses: [`${base}_pattern_ops`],
        nullsDistinct: null,
        method: null,
        storageParameters: [],
      },
      false,
    );
  }

  protected override methodSql(method: string): string {
    return ` USING ${method}`;
  }

  protected override commentsSql(opts: Options): string[] {
    const table = this.quote(opts.dbTable);
    const statements: string[] = [];
    const tableComment = (opts as { dbTableComment?: string }).dbTableComment;
    if (tableComment) statements.push(`COMMENT ON TABLE ${table} IS ${this.quoteValue(tableComment)}`);
    for (const field of opts.localFields) {
      if (!field.dbComment) continue;
      const column = `${table}.${this.quote(field.column)}`;
      statements.push(`COMMENT ON COLUMN ${column} IS ${this.quoteValue(field.dbComment)}`);
    }
    return statements;
  }

  override quoteValue(value: unknown): string {
    if (typeof value === "boolean") return String(value);
    // Whole floats are of another type here.
    if (typeof value === "number" && Number.isInteger(value)) return value.toFixed(0);
    if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'::bytea`;
    if (!(value instanceof Typed)) return super.quoteValue(value);
    if (value.oid === OID.numeric && /^-?[\d.]+$/.test(value.text)) return value.text;
    const type = TYPE_NAMES[value.oid];
    return type === undefined ? super.quoteValue(value.text) : `${super.quoteValue(value.text)}::${type}`;
  }
}

registerSchemaEditor("postgresql", PostgresqlSchemaEditor);

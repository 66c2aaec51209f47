import type { Field } from "../../fields/field.ts";
import type { Options } from "../../models/options.ts";
import { foreignKeyName } from "../base/naming.ts";
import { BaseSchemaEditor, registerSchemaEditor } from "../base/schema-editor.ts";
import type { MysqlFeatures } from "./features.ts";
import { literal } from "./literals.ts";

/** Types whose columns cannot have an index, and whose defaults are expressions. */
const LIMITED = /^(?:tiny|medium|long)?(?:blob|text)$|^json$/;

/** MySQL and MariaDB: foreign keys bring their index, comments stand in the definition, and nothing is deferrable. */
export class MysqlSchemaEditor extends BaseSchemaEditor {
  override createForeignKeySql(table: string, column: string, toTable: string, toColumn: string): string {
    const name = foreignKeyName(table, column, toTable, toColumn, this.ops.maxNameLength);
    return (
      `ALTER TABLE ${this.quote(table)} ADD CONSTRAINT ${this.quote(name)} FOREIGN KEY (${this.quote(column)}) ` +
      `REFERENCES ${this.quote(toTable)} (${this.quote(toColumn)})`
    );
  }

  /** A table that is referred to cannot be dropped, not even beside those that refer to it: the references go first. */
  override deleteModel(opts: Options): void {
    super.deleteModel(opts);
    const ifExists = this.isMariadb ? "IF EXISTS " : "";
    for (const field of opts.localFields) {
      if (!this.hasConstraint(field)) continue;
      const { targetField } = field as Field & { targetField: Field };
      const { dbTable } = targetField.opts as Options;
      const name = foreignKeyName(
        opts.dbTable,
        field.column,
        dbTable,
        targetField.column,
        this.ops.maxNameLength,
      );
      this.statements.unshift(
        `ALTER TABLE ${this.quote(opts.dbTable)} DROP FOREIGN KEY ${ifExists}${this.quote(name)}`,
      );
    }
  }

  private get isMariadb(): boolean {
    return (this.features as MysqlFeatures).server.mariadb;
  }

  private hasConstraint(field: Field): boolean {
    return field.remoteField !== null && (field as { dbConstraint?: boolean }).dbConstraint === true;
  }

  protected override fieldIndexesSql(opts: Options, field: Field): string[] {
    if (this.hasConstraint(field) || this.isLimited(field)) return [];
    return super.fieldIndexesSql(opts, field);
  }

  private isLimited(field: Field): boolean {
    return LIMITED.test(field.dbType(this.ops)?.toLowerCase() ?? "");
  }

  override tableNamesSql(): string {
    return "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()";
  }

  protected override commentSql(comment: string): string {
    return `COMMENT ${this.quoteValue(comment)}`;
  }

  protected override commentsSql(opts: Options): string[] {
    const { dbTableComment } = opts as { dbTableComment?: string };
    if (!dbTableComment) return [];
    return [`ALTER TABLE ${this.quote(opts.dbTable)} COMMENT = ${this.quoteValue(dbTableComment)}`];
  }

  protected override collateSql(collation: string): string {
    return `COLLATE ${this.quote(collation)}`;
  }

  /** MySQL takes a default of a long text only as an expression. */
  protected override defaultSql(opts: Options, field: Field): string {
    const text = super.defaultSql(opts, field);
    return this.isMariadb || !this.isLimited(field) || text.startsWith("(") ? text : `(${text})`;
  }

  override quoteValue(value: unknown): string {
    return literal(value);
  }
}

registerSchemaEditor("mysql", MysqlSchemaEditor);

import { BaseSchemaEditor, registerSchemaEditor } from "../base/schema-editor.ts";

/** SQLite knows no `ALTER TABLE ... ADD CONSTRAINT`: references stand in the columns, unique constraints are indexes. */
export class SqliteSchemaEditor extends BaseSchemaEditor {
  override dropTableSql(table: string): string {
    return `DROP TABLE ${this.quote(table)}`;
  }

  override tableNamesSql(): string {
    return "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'";
  }

  /** Django leaves the name without quotes here; one that needs them gets them. */
  protected override collateSql(collation: string): string {
    return /^\w+$/.test(collation) ? `COLLATE ${collation}` : super.collateSql(collation);
  }

  protected override inlineForeignKeySql(toTable: string, toColumn: string, onDelete: string): string {
    return `REFERENCES ${this.quote(toTable)} (${this.quote(toColumn)})${onDelete} DEFERRABLE INITIALLY DEFERRED`;
  }

  protected override createUniqueSql(table: string, name: string, columns: readonly string[]): string {
    const quoted = columns.map((column) => this.quote(column)).join(", ");
    return `CREATE UNIQUE INDEX ${this.quote(name)} ON ${this.quote(table)} (${quoted})`;
  }
}

registerSchemaEditor("sqlite", SqliteSchemaEditor);

/** Creating and dropping tables: the statements of `CREATE TABLE`, indexes and constraints, as Django writes them. */

import { NotSupportedError, ValueError } from "../../errors.ts";
import type { Expression } from "../../expressions/base.ts";
import { F } from "../../expressions/f.ts";
import { OpClass } from "../../expressions/op-class.ts";
import { OrderBy } from "../../expressions/order-by.ts";
import type { Field } from "../../fields/field.ts";
import type { CompositePrimaryKey, GeneratedField } from "../../fields/generated.ts";
import { isExpression } from "../../fields/hooks.ts";
import { DatabaseOnDelete } from "../../fields/related/on-delete.ts";
import { Collate } from "../../functions/comparison.ts";
import {
  type BaseConstraint,
  CheckConstraint,
  type Deferrable,
  UniqueConstraint,
} from "../../models/constraints.ts";
import type { Index } from "../../models/indexes.ts";
import type { Options } from "../../models/options.ts";
import { Param, type Sql } from "../../sql/sql.ts";
import { floatRepr, repr } from "../../util/repr.ts";
import type { DatabaseFeatures } from "./features.ts";
import { createIndexName, foreignKeyName, uniqueName } from "./naming.ts";
import type { DatabaseOperations } from "./operations.ts";

/**
 * Compiles a condition (`Q`) or an expression on a model's own columns, without the table in front of their names.
 * The parameters of the result become literals.
 */
export type CompileCondition = (opts: Options, expression: unknown) => Sql;

/** What an index or unique constraint is made of, in the database's terms. */
interface IndexParts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly condition: string | null;
  readonly include: readonly string[];
  readonly opclasses: readonly string[];
  readonly nullsDistinct: boolean | null;
  readonly method: string | null;
  readonly storageParameters: readonly string[];
}

/** A foreign key as the schema sees it. */
type ForeignKeyField = Field & {
  readonly dbConstraint: boolean;
  readonly targetField: Field;
  readonly remoteField: { readonly onDelete: unknown };
};

type ManyToMany = Field & { readonly remoteField: { readonly throughMeta: Options } };

/**
 * Collects the statements that create models. Indexes and some constraints come after all tables:
 * take `statements`, then `deferred`.
 *
 * @example
 * const editor = new SqliteSchemaEditor(ops, features, compileCondition);
 * editor.createModel(Pizza._meta);
 * [...editor.statements, ...editor.deferred]; // CREATE TABLE ..., CREATE INDEX ...
 */
export class BaseSchemaEditor {
  readonly ops: DatabaseOperations;
  readonly features: DatabaseFeatures;
  readonly compileCondition: CompileCondition;
  readonly statements: string[] = [];
  readonly deferred: string[] = [];

  constructor(ops: DatabaseOperations, features: DatabaseFeatures, compileCondition: CompileCondition) {
    this.ops = ops;
    this.features = features;
    this.compileCondition = compileCondition;
  }

  protected quote(name: string): string {
    return this.ops.quoteName(name);
  }

  private quoteAll(names: readonly string[]): string {
    return names.map((name) => this.quote(name)).join(", ");
  }

  // ---------------------------------------------------------------- tables

  /** Adds the statements for a model's table, its indexes, and the tables of its many-to-many relations. */
  createModel(opts: Options): void {
    this.statements.push(this.tableSql(opts));
    this.deferred.push(...this.commentsSql(opts), ...this.modelIndexesSql(opts));
    for (const through of this.automaticThroughs(opts)) this.createModel(through);
  }

  /** Adds the statements that drop a model's table, and those of its many-to-many relations. */
  deleteModel(opts: Options): void {
    for (const through of this.automaticThroughs(opts)) this.deleteModel(through);
    this.statements.push(this.dropTableSql(opts.dbTable));
  }

  dropTableSql(table: string): string {
    return `DROP TABLE ${this.quote(table)} CASCADE`;
  }

  /** A query for the names of the tables that exist. */
  tableNamesSql(): string {
    return "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()";
  }

  private automaticThroughs(opts: Options): Options[] {
    return opts.localManyToMany
      .map((field) => (field as unknown as ManyToMany).remoteField.throughMeta)
      .filter((through) => through.autoCreated !== null);
  }

  /** `CREATE TABLE`; what the table needs later goes to `deferred`. */
  tableSql(opts: Options): string {
    for (const names of opts.uniqueTogether) {
      const columns = this.columnsOf(opts, names);
      const name = uniqueName(opts.dbTable, columns, this.ops.maxNameLength);
      this.deferred.push(this.createUniqueSql(opts.dbTable, name, columns, null));
    }
    const definitions: string[] = [];
    for (const field of opts.localFields) {
      const column = this.columnSql(opts, field);
      if (column !== null) definitions.push(`${this.quote(field.column)} ${column}`);
    }
    for (const constraint of opts.constraints as unknown as readonly BaseConstraint[]) {
      const inline = this.constraintSql(opts, constraint);
      if (inline !== null) definitions.push(inline);
    }
    const pk = opts.pk as Field | undefined;
    if (pk?.internalType === "CompositePrimaryKey" && pk.opts === opts) {
      definitions.push(`PRIMARY KEY (${this.quoteAll((pk as CompositePrimaryKey).columns)})`);
    }
    return `CREATE TABLE ${this.quote(opts.dbTable)} (${definitions.join(", ")})`;
  }

  // ---------------------------------------------------------------- columns

  /** A column's definition, without its name; `null` for a field that has no column. */
  columnSql(opts: Options, field: Field): string | null {
    const { type, check, collation } = field.dbParameters(this.ops);
    if (type === null) return null;
    const parts = [type];
    if (collation) parts.push(this.collateSql(collation));
    if (this.features.supportsCommentsInline && field.dbComment) parts.push(this.commentSql(field.dbComment));
    if (field.hasDbDefault()) parts.push(`DEFAULT ${this.defaultSql(opts, field)}`);
    if (field.generated) parts.push(this.generatedSql(opts, field as GeneratedField));
    else if (!field.null) parts.push("NOT NULL");
    else if (!this.features.impliedColumnNull) parts.push("NULL");
    if (field.primaryKey) parts.push("PRIMARY KEY");
    else if (field.unique) parts.push("UNIQUE");
    if (check !== null) parts.push(`CHECK (${check})`);
    const suffix = field.dbTypeSuffix(this.ops);
    if (suffix !== null) parts.push(suffix);
    const reference = this.foreignKeySql(opts, field);
    if (reference !== null) parts.push(reference);
    return parts.join(" ");
  }

  /** The literal or the expression of a `DEFAULT`. */
  protected defaultSql(opts: Options, field: Field): string {
    // A value that needs more than its literal is an expression here.
    const given = field.placeholder === undefined ? field.dbDefault : field.dbDefaultExpression;
    if (!isExpression(given)) return this.quoteValue(field.getDbPrepSave(given, this.ops));
    const text = this.inlined(this.compileCondition(opts, given));
    const literal = given.constructor.name === "Value";
    return literal ? text : `(${text})`;
  }

  protected generatedSql(opts: Options, field: GeneratedField): string {
    const text = this.inlined(this.compileCondition(opts, field.expression));
    return `GENERATED ALWAYS AS (${text}) ${field.dbPersist ? "STORED" : "VIRTUAL"}`;
  }

  protected collateSql(collation: string): string {
    return `COLLATE ${this.quote(collation)}`;
  }

  protected commentSql(_comment: string): string {
    return "";
  }

  /** Statements for comments, where they are not part of the table's. */
  protected commentsSql(_opts: Options): string[] {
    return [];
  }

  private foreignKeySql(opts: Options, field: Field): string | null {
    if (!this.features.supportsForeignKeys || field.remoteField === null) return null;
    const { dbConstraint, targetField } = field as ForeignKeyField;
    if (!dbConstraint) return null;
    const toTable = (targetField.opts as Options).dbTable;
    const { column } = targetField;
    const onDelete = this.onDeleteSql(opts, field);
    const inline = this.inlineForeignKeySql(toTable, column, onDelete);
    if (inline === null) {
      this.deferred.push(this.createForeignKeySql(opts.dbTable, field.column, toTable, column, onDelete));
    }
    return inline;
  }

  /** What the database does to the rows that refer to a deleted one. */
  private onDeleteSql(opts: Options, field: Field): string {
    const { onDelete } = (field as ForeignKeyField).remoteField;
    if (!(onDelete instanceof DatabaseOnDelete)) return "";
    const { supportsOnDeleteDbCascade, supportsOnDeleteDbNull, supportsOnDeleteDbDefault } = this.features;
    const supported = {
      CASCADE: supportsOnDeleteDbCascade,
      "SET NULL": supportsOnDeleteDbNull,
      "SET DEFAULT": supportsOnDeleteDbDefault,
    };
    if (!supported[onDelete.operation]) {
      throw new NotSupportedError(
        `${opts.label}.${field.name}: the database does not support ${onDelete}. Change onDelete to ` +
          `${onDelete.name.slice("DB_".length)}.`,
      );
    }
    return ` ON DELETE ${onDelete.operation}`;
  }

  /** The reference inside a column's definition; `null` where it is a statement of its own. */
  protected inlineForeignKeySql(_toTable: string, _toColumn: string, _onDelete: string): string | null {
    return null;
  }

  /** `onDelete`: empty, or `" ON DELETE CASCADE"` and the like. */
  createForeignKeySql(
    table: string,
    column: string,
    toTable: string,
    toColumn: string,
    onDelete: string = "",
  ): string {
    const name = foreignKeyName(table, column, toTable, toColumn, this.ops.maxNameLength);
    return (
      `ALTER TABLE ${this.quote(table)} ADD CONSTRAINT ${this.quote(name)} FOREIGN KEY (${this.quote(column)}) ` +
      `REFERENCES ${this.quote(toTable)} (${this.quote(toColumn)})${onDelete} DEFERRABLE INITIALLY DEFERRED`
    );
  }

  // ---------------------------------------------------------------- constraints

  /** A constraint's part of `CREATE TABLE`; `null` when it is a statement of its own, or not supported. */
  constraintSql(opts: Options, constraint: BaseConstraint): string | null {
    const text = this.constraintBody(opts, constraint);
    return text === null ? null : `CONSTRAINT ${this.quote(constraint.name)} ${text}`;
  }

  private constraintBody(opts: Options, constraint: BaseConstraint): string | null {
    if (constraint instanceof CheckConstraint) {
      if (!this.features.supportsTableCheckConstraints) return null;
      return `CHECK (${this.inlined(this.compileCondition(opts, constraint.condition))})`;
    }
    if (constraint.definitionSql !== undefined) return constraint.definitionSql(opts, this);
    if (!(constraint instanceof UniqueConstraint)) {
      throw new ValueError(`Constraint '${constraint.name}' is of a kind that this database does not know.`);
    }
    if (!this.uniqueSupported(constraint)) return null;
    const { condition, include, opclasses, expressions, nullsDistinct } = constraint;
    const plain =
      condition === null && expressions.length === 0 && include.length === 0 && opclasses.length === 0;
    const columns = this.columnsOf(opts, constraint.fields);
    if (plain && nullsDistinct === null) {
      return `UNIQUE (${this.quoteAll(columns)})${this.deferrableSql(constraint.deferrable)}`;
    }
    this.deferred.push(
      plain
        ? this.createUniqueSql(opts.dbTable, constraint.name, columns, nullsDistinct)
        : this.createIndexSql(
            opts.dbTable,
            { ...PLAIN, ...this.indexParts(opts, constraint), nullsDistinct },
            true,
          ),
    );
    return null;
  }

  private uniqueSupported(constraint: UniqueConstraint): boolean {
    const { features } = this;
    return (
      (constraint.condition === null || features.supportsPartialIndexes) &&
      (constraint.deferrable === null || features.supportsDeferrableUniqueConstraints) &&
      (constraint.include.length === 0 || features.supportsCoveringIndexes) &&
      (constraint.expressions.length === 0 || features.supportsExpressionIndexes) &&
      (constraint.nullsDistinct === null || features.supportsNullsDistinctUniqueConstraints)
    );
  }

  deferrableSql(deferrable: Deferrable | null): string {
    return deferrable === null ? "" : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
  }

  /** A unique constraint of plain columns, as a statement. */
  protected createUniqueSql(
    table: string,
    name: string,
    columns: readonly string[],
    nullsDistinct: boolean | null,
  ): string {
    const nulls = this.nullsDistinctSql(nullsDistinct);
    return `ALTER TABLE ${this.quote(table)} ADD CONSTRAINT ${this.quote(name)} UNIQUE${nulls} (${this.quoteAll(columns)})`;
  }

  protected nullsDistinctSql(nullsDistinct: boolean | null): string {
    if (nullsDistinct === null) return "";
    return nullsDistinct ? " NULLS DISTINCT" : " NULLS NOT DISTINCT";
  }

  // ---------------------------------------------------------------- indexes

  /** The indexes of a model: those of its fields, and those of its meta. */
  modelIndexesSql(opts: Options): string[] {
    if (!opts.managed || opts.proxy) return [];
    const fields = opts.localFields.flatMap((field) => this.fieldIndexesSql(opts, field));
    const indexes = (opts.indexes as unknown as readonly Index[])
      .filter((index) => !index.containsExpressions || this.features.supportsExpressionIndexes)
      .map((index) => this.addIndexSql(opts, index));
    return [...fields, ...indexes];
  }

  protected fieldIndexesSql(opts: Options, field: Field): string[] {
    if (!field.dbIndex || field.unique) return [];
    const columns = [this.quote(field.column)];
    const name = createIndexName(opts.dbTable, [field.column], this.ops.maxNameLength);
    return [this.createIndexSql(opts.dbTable, { ...PLAIN, name, columns }, false)];
  }

  /** `CREATE INDEX` of an index in the meta. */
  addIndexSql(opts: Options, index: Index): string {
    const { method, storageParameters } = index;
    const parts = { ...this.indexParts(opts, index), nullsDistinct: null, method, storageParameters };
    return this.createIndexSql(opts.dbTable, parts, false);
  }

  private indexParts(
    opts: Options,
    index: Index | UniqueConstraint,
  ): Omit<IndexParts, "nullsDistinct" | "method" | "storageParameters"> {
    const { name, condition, opclasses, expressions } = index;
    const orders =
      "fieldsOrders" in index ? index.fieldsOrders : index.fields.map((field) => [field, ""] as const);
    const ordered = this.features.supportsIndexColumnOrdering;
    return {
      name,
      opclasses,
      columns:
        expressions.length > 0
          ? expressions.map((expression) => this.indexExpression(opts, expression as Expression))
          : orders.map(([field, order]) => {
              const column = this.quote((opts.getField(field) as Field).column);
              return ordered && order !== "" ? `${column} ${order}` : column;
            }),
      include: this.columnsOf(opts, index.include),
      condition: condition === null ? null : this.conditionSql(opts, condition),
    };
  }

  conditionSql(opts: Options, condition: unknown): string {
    return this.inlined(this.compileCondition(opts, condition));
  }

  includeSql(opts: Options, names: readonly string[]): string {
    return names.length === 0 ? "" : ` INCLUDE (${this.quoteAll(this.columnsOf(opts, names))})`;
  }

  /** How an index is kept, where the database has several ways. */
  protected methodSql(method: string): string {
    throw new NotSupportedError(
      `Indexes of the kind '${method}' are not supported on this database backend.`,
    );
  }

  /** An expression in an index: in parentheses unless it is a column; order, operator class and collation outside of them. */
  indexExpression(opts: Options, given: Expression): string {
    const wrappers: Expression[] = [];
    let root = given;
    while (
      root instanceof OrderBy ||
      root instanceof OpClass ||
      (root instanceof Collate && !this.features.collateAsIndexExpression)
    ) {
      if (wrappers.some((wrapper) => wrapper.constructor === root.constructor)) {
        throw new ValueError(
          "Multiple references to OrderBy, OpClass, Collate can't be used in an indexed expression.",
        );
      }
      wrappers.push(root);
      root = root.sources()[0] as Expression;
    }
    let text = this.inlined(this.compileCondition(opts, root));
    const isColumn = root instanceof F && !root.name.includes("__");
    if (!isColumn) text = `(${text})`;
    const collate = wrappers.find((wrapper) => wrapper instanceof Collate);
    if (collate !== undefined)
      text = `${text} COLLATE ${this.quote(String((collate as unknown as { extra: Record<string, unknown> }).extra.collation))}`;
    const opclass = wrappers.find((wrapper) => wrapper instanceof OpClass);
    if (opclass !== undefined) text = `${text} ${opclass.opclass}`;
    const order = wrappers.find((wrapper) => wrapper instanceof OrderBy);
    if (order === undefined) return text;
    const nulls = order.nullsFirst ? " NULLS FIRST" : order.nullsLast ? " NULLS LAST" : "";
    return `${text} ${order.descending ? "DESC" : "ASC"}${this.features.supportsOrderByNullsModifier ? nulls : ""}`;
  }

  protected createIndexSql(table: string, parts: IndexParts, unique: boolean): string {
    const columns = parts.columns.map((column, i) => {
      const opclass = parts.opclasses[i];
      return opclass ? `${column} ${opclass}` : column;
    });
    const include = parts.include.length > 0 && this.features.supportsCoveringIndexes;
    return (
      `CREATE ${unique ? "UNIQUE " : ""}INDEX ${this.quote(parts.name)} ON ${this.quote(table)}${parts.method === null ? "" : this.methodSql(parts.method)} (${columns.join(", ")})` +
      (include ? ` INCLUDE (${this.quoteAll(parts.include)})` : "") +
      (parts.storageParameters.length > 0 ? ` WITH (${parts.storageParameters.join(", ")})` : "") +
      this.nullsDistinctSql(parts.nullsDistinct) +
      (parts.condition === null || !this.features.supportsPartialIndexes ? "" : ` WHERE ${parts.condition}`)
    );
  }

  // ---------------------------------------------------------------- values

  protected columnsOf(opts: Options, names: readonly string[]): string[] {
    return names.map((name) => (opts.getField(name) as Field).column);
  }

  /** SQL with its parameters as literals, because definitions take none. */
  protected inlined(sql: Sql): string {
    return sql.parts.map((part) => (part instanceof Param ? this.quoteValue(literal(part)) : part)).join("");
  }

  /**
   * A value of the driver as a literal.
   *
   * @throws {ValueError} for a value that has no literal.
   */
  quoteValue(value: unknown): string {
    switch (typeof value) {
      case "bigint":
        return value.toString();
      case "number":
        return floatRepr(value);
      case "boolean":
        return value ? "1" : "0";
      case "string":
        return `'${value.replaceAll("'", "''")}'`;
      default:
        if (value === null) return "NULL";
        if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString("hex")}'`;
        throw new ValueError(`Cannot quote parameter value ${repr(value)} of type ${typeof value}`);
    }
  }
}

type SchemaEditorClass = new (...args: ConstructorParameters<typeof BaseSchemaEditor>) => BaseSchemaEditor;

const editors = new Map<string, SchemaEditorClass>();

/** Makes a backend's schema editor known by the backend's vendor. */
export function registerSchemaEditor(vendor: string, cls: SchemaEditorClass): void {
  editors.set(vendor, cls);
}

/** The schema editor class of a vendor. @throws {NotSupportedError} when there is none. */
export function schemaEditorOf(vendor: string): SchemaEditorClass {
  const found = editors.get(vendor);
  if (found === undefined) throw new NotSupportedError(`The backend '${vendor}' cannot create tables.`);
  return found;
}

const PLAIN = {
  condition: null,
  include: [],
  opclasses: [],
  nullsDistinct: null,
  method: null,
  storageParameters: [],
};

function literal(param: Param): unknown {
  if (param.slot >= 0) throw new ValueError("A definition cannot depend on a query's values.");
  const value = typeof param.value === "function" ? (param.value as () => unknown)() : param.value;
  return param.adapt === null ? value : param.adapt(value);
}

import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import type { ConverterOptions } from "../backends/base/values.ts";
import { FieldError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { type Capture, type Cursor, Node } from "../sql/node.ts";
import type { Sql } from "../sql/sql.ts";
import { commonField } from "./common-field.ts";
import { classKey, fieldKey } from "./keys.ts";

/** How an expression is resolved against a query: Django's arguments of `resolve_expression`. */
export interface ResolveOptions {
  readonly allowJoins?: boolean;
  /** Aliases that may be reused for multi-valued joins; `null`: all of them. */
  readonly reuse?: Set<string> | null;
  /** The expression is an aggregate over the whole query. */
  readonly summarize?: boolean;
  readonly forSave?: boolean;
}

/** A resolved part of a query: an expression, a lookup, a condition tree, a subquery. */
export type Source = Expression | null;

/**
 * The base of everything that stands for a value in a query.
 *
 * Expressions are immutable: what changes one returns a copy. A subclass says what it is made of
 * (`sources`, `withSources`), what tells its SQL apart besides these (`shapeKey`), and its SQL (`asSql`).
 *
 * Django: Query Expressions, "Writing your own Query Expressions".
 */
export abstract class Expression extends Node {
  // Installed by `combinable.ts`, which needs the classes that build on this one.
  declare readonly add: (other: unknown) => Expression;
  declare readonly sub: (other: unknown) => Expression;
  declare readonly mul: (other: unknown) => Expression;
  declare readonly div: (other: unknown) => Expression;
  declare readonly mod: (other: unknown) => Expression;
  declare readonly pow: (other: unknown) => Expression;
  declare readonly neg: () => Expression;
  declare readonly bitand: (other: unknown) => Expression;
  declare readonly bitor: (other: unknown) => Expression;
  declare readonly bitxor: (other: unknown) => Expression;
  declare readonly bitleftshift: (other: unknown) => Expression;
  declare readonly bitrightshift: (other: unknown) => Expression;

  /** The type of the value, when it is always the same; `null`: that of the sources. */
  static readonly outputField: Field | null = null;

  /** May stand in `filter()`. */
  get filterable(): boolean {
    return true;
  }

  /** May stand in a `Window`. */
  get windowCompatible(): boolean {
    return false;
  }

  /** Yields several rows' worth of values for one row (set-returning). */
  get setReturning(): boolean {
    return false;
  }

  /**
   * Has a part in what a `UniqueConstraint` compares when it validates an object. One that has none, as the direction of an
   * index, stands around one other expression, which is compared in its place.
   */
  get constraintValidationCompatible(): boolean {
    return true;
  }

  /** What is compared in validation. Throws ValueError where that is not one expression. */
  getExpressionForValidation(): Expression {
    if (this.constraintValidationCompatible) return this;
    const [source, ...more] = this.sources();
    if (source == null || more.length > 0) {
      throw new ValueError(
        "Expressions with constraintValidationCompatible set to false must have only one source expression.",
      );
    }
    return source.getExpressionForValidation();
  }

  get allowsCompositeExpressions(): boolean {
    return false;
  }

  /** What the expression is when its rows are known to be none: a value (or the `Bound` that stands for it), or `undefined` where that is not known. */
  get emptyResultSetValue(): unknown {
    return undefined;
  }

  /** The expressions that this one is made of. */
  sources(): readonly Source[] {
    return [];
  }

  /** A copy made of other expressions, in the order of {@link sources}. */
  withSources(_sources: readonly Source[]): Expression {
    return this;
  }

  /** What tells this expression's SQL from that of another of its class with the same sources. */
  shapeKey(): string {
    return "";
  }

  override capture(sink: Capture): void {
    sink.text(`${classKey(this)}${this.shapeKey()}(`);
    for (const source of this.sources()) {
      if (source === null) sink.text("-");
      else source.capture(sink);
      sink.text(",");
    }
    sink.text(this.explicitOutputField === null ? ")" : `):${fieldKey(this.explicitOutputField)}`);
  }

  override template(cursor: Cursor): Expression {
    return this.mapSources((source) => source.template(cursor) as Expression);
  }

  /** A copy with each source replaced. */
  mapSources(replace: (source: Expression) => Source): this {
    const sources = this.sources();
    if (sources.length === 0) return this;
    return this.withSources(sources.map((source) => (source === null ? null : replace(source)))) as this;
  }

  protected copy(changes: object): this {
    return Object.assign(
      Object.create(Object.getPrototypeOf(this) as object),
      this,
      UNCACHED,
      changes,
    ) as this;
  }

  /** Names become columns, strings fields; errors name the culprit. */
  resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    return this.mapSources((source) => source.resolveExpression(query, options));
  }

  /** The SQL and its parameters. */
  abstract asSql(compiler: Compiler): Sql;
  /** Takes the place of {@link asSql} on SQLite. Django: `as_vendor()`. */
  asSqlite?(compiler: Compiler): Sql;
  /** Takes the place of {@link asSql} on PostgreSQL. */
  asPostgresql?(compiler: Compiler): Sql;
  /** Takes the place of {@link asSql} on MySQL and MariaDB. */
  asMysql?(compiler: Compiler): Sql;

  /** Adapts the SQL for a place in the select list. */
  selectFormat(compiler: Compiler, sql: Sql): Sql {
    // What has no known type cannot be read.
    return this.outputField.selectFormat?.(compiler, sql) ?? sql;
  }

  // ---- type of the value

  explicitOutputField: Field | null = null;
  private cachedOutputField: Field | null | undefined = undefined;

  /** The field whose values this expression gives. Throws FieldError where that is not known. */
  get outputField(): Field {
    const field = this.outputFieldOrNull;
    if (field === null)
      throw new OutputFieldIsNoneError("Cannot resolve expression type, unknown output_field");
    return field;
  }

  get outputFieldOrNull(): Field | null {
    if (this.cachedOutputField === undefined) {
      this.cachedOutputField = this.explicitOutputField ?? this.resolveOutputField();
    }
    return this.cachedOutputField;
  }

  /** Infers the output field: that of the sources, which must agree. */
  protected resolveOutputField(): Field | null {
    const own = (this.constructor as typeof Expression).outputField;
    return own ?? commonField(this.sources().map((source) => source?.outputFieldOrNull ?? null));
  }

  /** Gives boolean values, so that it may stand alone in `filter()`. */
  get conditional(): boolean {
    return !this.isUndecided && this.outputFieldOrNull?.internalType === "BooleanField";
  }

  /** What it gives depends on a name that is not resolved yet. */
  get isUndecided(): boolean {
    if (
      this.explicitOutputField !== null ||
      (this.constructor as typeof Expression).outputField !== null ||
      this.resolveOutputField !== Expression.prototype.resolveOutputField
    ) {
      return false;
    }
    return this.sources().some((source) => source?.isUndecided === true);
  }

  /** Converts the database's value, which is never NULL, to JavaScript's; `null`: nothing to do. */
  converter(ops: DatabaseOperations, options: ConverterOptions = {}): ((value: unknown) => unknown) | null {
    return this.outputFieldOrNull?.fromDb(ops, { ...options, column: false }) ?? null;
  }

  getLookup(name: string): unknown {
    return this.outputField.getLookup(name);
  }

  getTransform(name: string): unknown {
    return this.outputField.getTransform(name);
  }

  // ---- what it contains

  get containsAggregate(): boolean {
    return this.sources().some((source) => source?.containsAggregate === true);
  }

  get containsOverClause(): boolean {
    return this.sources().some((source) => source?.containsOverClause === true);
  }

  get containsColumnReferences(): boolean {
    return this.sources().some((source) => source?.containsColumnReferences === true);
  }

  get containsSubquery(): boolean {
    return this.sources().some((source) => source !== null && (source.isSubquery || source.containsSubquery));
  }

  get containsSetReturning(): boolean {
    return this.setReturning || this.sources().some((source) => source?.containsSetReturning === true);
  }

  get isSubquery(): boolean {
    return false;
  }

  /** Is a `Q`, or what became of one. */
  get isConditionTree(): boolean {
    return false;
  }

  /** Is a `Query` itself, standing for its rows. */
  get isQuery(): boolean {
    return false;
  }

  /** The names of annotations that it refers to. */
  getRefs(): Set<string> {
    const refs = new Set<string>();
    for (const source of this.sources()) {
      if (source !== null) for (const ref of source.getRefs()) refs.add(ref);
    }
    return refs;
  }

  /** Columns of the outer queries that a subquery inside refers to. */
  getExternalCols(): Expression[] {
    return this.sources().flatMap((source) => source?.getExternalCols() ?? []);
  }

  getGroupByCols(): Expression[] {
    if (!this.containsAggregate) return [this];
    return this.sources().flatMap((source) => source?.getGroupByCols() ?? []);
  }

  *flatten(): Generator<Expression> {
    yield this;
    for (const source of this.sources()) if (source !== null) yield* source.flatten();
  }

  // ---- rewriting

  /** A copy with table aliases renamed. */
  relabeledClone(changes: ReadonlyMap<string, string>): Expression {
    return this.mapSources((source) => source.relabeledClone(changes));
  }

  /** A copy with some expressions replaced by others. */
  replaceExpressions(replacements: ReadonlyMap<string, Expression>): Expression {
    if (replacements.size === 0) return this;
    const replacement = replacements.get(this.identity);
    if (replacement !== undefined) return replacement;
    return this.mapSources((source) => source.replaceExpressions(replacements));
  }

  /** A copy whose values begin `by` slots later. */
  shifted(by: number): Expression {
    return by === 0 ? this : this.mapSources((source) => source.shifted(by));
  }

  /** A copy, prefixed so that it can be inside another query. */
  prefixReferences(prefix: string): Expression {
    return this.mapSources((source) => source.prefixReferences(prefix));
  }

  /** Equal identities mean equal expressions. */
  get identity(): string {
    const field = this.explicitOutputField === null ? "" : `:${fieldKey(this.explicitOutputField)}`;
    return `${classKey(this)}${this.shapeKey()}(${this.sources()
      .map((source) => (source === null ? "-" : source.identity))
      .join(",")})${field}`;
  }
}

const UNCACHED = { cachedOutputField: undefined };

/** Django's `OutputFieldIsNoneError`: the type of an expression is not known. */
export class OutputFieldIsNoneError extends FieldError {}

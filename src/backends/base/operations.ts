import { NotSupportedError, ValueError } from "../../errors.ts";
import type { Expression } from "../../expressions/base.ts";
import type { Field } from "../../fields/field.ts";
import { dynamic, EMPTY, fill, joinSql, type Param, raw, type Sql, sql } from "../../sql/sql.ts";
import { getCurrent } from "../../util/timezone.ts";
import type { Compiler } from "./compiler/compiler.ts";
import type { TransactionKind } from "./connection.ts";
import type { DatabaseFeatures } from "./features.ts";
import type { ValueAdapters } from "./values.ts";

/** A class of expressions, as the key of a dialect's overrides. */
export type ExpressionClass = abstract new (...args: never[]) => Expression;

/** How one class of expressions is written in a dialect, where that differs from `asSql`. */
export type Override = (node: never, compiler: Compiler) => Sql;

export type OnConflict = "ignore" | "update" | null;

/** How a lookup's operator stands around its right side; `%(rhs)s` is the value. */
export type OperatorTable = Readonly<Record<string, string>>;

/** Lookups that compare texts, and can be asked of columns of other types too. */
export const TEXT_LOOKUPS: ReadonlySet<string> = new Set([
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
  "regex",
  "iregex",
]);

/**
 * What is written differently from database to database: Django's `DatabaseOperations`, in fragments of SQL.
 *
 * The base class writes standard SQL; a backend overrides what differs.
 */
export abstract class DatabaseOperations {
  abstract readonly vendor: string;
  /** The method of an expression that takes the place of its `asSql` here. */
  abstract readonly ownSqlMethod: "asSqlite" | "asPostgresql" | "asMysql";
  /** The product's name, for messages. */
  abstract readonly displayName: string;
  /** The alias of the database. */
  alias = "";
  readonly features: DatabaseFeatures;
  /** Column types and conversion of values. */
  abstract readonly values: ValueAdapters;
  /** Expressions that this database writes in its own way. */
  abstract readonly overrides: ReadonlyMap<ExpressionClass, Override>;
  /** What `? / ?` stands for; the n-th parameter from 1. */
  placeholder(_n: number): string {
    return "?";
  }

  /**
   * A parameter that stands in several places has one number, so that the same expression in GROUP BY and in ORDER BY
   * is the same to the server.
   */
  readonly numbersParameters: boolean = false;

  constructor(features: DatabaseFeatures) {
    this.features = features;
  }

  // ---- names

  quoteName(name: string): string {
    if (name.startsWith('"') && name.endsWith('"')) return name;
    return `"${name.replaceAll('"', '""')}"`;
  }

  get maxNameLength(): number | null {
    return null;
  }

  // ---- transactions

  /**
   * The statements that begin a transaction.
   *
   * @throws NotSupportedError for what the database cannot give, naming what it can
   */
  startTransactionSql(kind: TransactionKind): readonly string[] {
    const { isolation, readOnly, deferrable } = kind;
    const { isolationLevels, supportsReadOnlyTransactions, supportsDeferrableTransactions } = this.features;
    if (isolation !== undefined && !isolationLevels.has(isolation)) {
      throw new NotSupportedError(
        `This database has no isolation level '${isolation}'. Choices are: ${[...isolationLevels].join(", ")}.`,
      );
    }
    if (readOnly !== undefined && !supportsReadOnlyTransactions)
      throw new NotSupportedError("This database has no read-only transactions.");
    if (deferrable !== undefined && !supportsDeferrableTransactions)
      throw new NotSupportedError("This database has no deferrable transactions.");
    return this.beginSql(kind);
  }

  /** {@link startTransactionSql} for what the database has. */
  protected beginSql(_kind: TransactionKind): readonly string[] {
    return ["BEGIN"];
  }

  // ---- lookups

  abstract readonly operators: OperatorTable;
  /** Operators for a right side that is an expression, which must be escaped in SQL. */
  abstract readonly patternOperators: OperatorTable;
  /** Escapes a pattern's special characters in SQL; `%(rhs)s` is the expression. */
  abstract readonly patternEscape: string;

  operatorSql(lookupName: string, rhs: Sql): Sql {
    const template = this.operators[lookupName];
    if (template === undefined)
      throw new NotSupportedError(`This database has no operator for '${lookupName}'.`);
    return fill(template, { rhs });
  }

  patternSql(lookupName: string, rhs: Sql): Sql {
    const template = this.patternOperators[lookupName];
    if (template === undefined)
      throw new NotSupportedError(`This database has no pattern operator for '${lookupName}'.`);
    return fill(template, { rhs: fill(this.patternEscape, { rhs }) });
  }

  lookupCast(_lookupName: string, _internalType: string, inner: Sql): Sql {
    return inner;
  }

  fieldCastSql(_dbType: string | null, _internalType: string, inner: Sql): Sql {
    return inner;
  }

  prepForLikeQuery(value: string): string {
    return value.replaceAll("\\", "\\\\").replaceAll("%", "\\%").replaceAll("_", "\\_");
  }

  prepForIexactQuery(value: string): string {
    return this.prepForLikeQuery(value);
  }

  /** `lhs REGEXP rhs` or its like, where it is no operator. */
  regexSql(lookupName: string, lhs: Sql, rhs: Sql): Sql {
    return sql`${lhs} ${this.operatorSql(lookupName, rhs)}`;
  }

  conditionalExpressionSupportedInWhereClause(_expression: Expression): boolean {
    return true;
  }

  // ---- expressions

  /** Throws NotSupportedError for expressions that the database cannot compute. */
  checkExpressionSupport(_expression: Expression): void {}

  combineExpression(connector: string, operands: readonly Sql[]): Sql {
    return joinSql(operands, ` ${connector === "%%" ? "%" : connector} `);
  }

  combineDurationExpression(connector: string, operands: readonly Sql[]): Sql {
    return this.combineExpression(connector, operands);
  }

  formatForDurationArithmetic(_inner: Sql): Sql {
    throw new NotSupportedError("This database has no arithmetic of durations.");
  }

  subtractTemporals(_internalType: string, lhs: Sql, rhs: Sql): Sql {
    return sql`(${lhs} - ${rhs})`;
  }

  unificationCastSql(_field: Field, inner: Sql): Sql {
    return inner;
  }

  /** An index in a JSON path; a negative one counts from the end. */
  jsonPathIndex(index: number): string {
    if (index < 0 && !this.features.supportsJsonNegativeIndexing) {
      throw new NotSupportedError(
        "Using negative JSON array indices is not supported on this database backend.",
      );
    }
    return `[${index}]`;
  }

  /** A parameter that is the text of a JSON document, as the value that is extracted from one. */
  jsonParameterSql(param: Sql): Sql {
    return param;
  }

  /** A parameter that is the text of a JSON document, where it is compared with a document, or with a key's value. */
  jsonExactSql(param: Param, _withKey: boolean): Sql {
    return sql`${param}`;
  }

  adaptUnknownValue(value: unknown): unknown {
    return this.values.adaptUnknown(value);
  }

  // ---- dates and times; `tzname`: in that time zone

  abstract dateExtractSql(lookupType: string, inner: Sql): Sql;
  abstract dateTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql;
  abstract datetimeCastDateSql(inner: Sql, tzname: Sql | null): Sql;
  abstract datetimeCastTimeSql(inner: Sql, tzname: Sql | null): Sql;
  abstract datetimeExtractSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql;
  abstract datetimeTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql;
  abstract timeTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql;

  timeExtractSql(lookupType: string, inner: Sql): Sql {
    return this.dateExtractSql(lookupType, inner);
  }

  /** The current time zone, asked at each run. */
  currentTimezoneSql(): Sql {
    return sql`${dynamic(() => getCurrent())}`;
  }

  // ---- statements

  get noLimitValue(): number | bigint | null {
    return null;
  }

  limitOffsetSql(limit: Sql | null, offset: Sql | null): Sql {
    const unlimited = offset !== null && this.noLimitValue !== null ? raw(String(this.noLimitValue)) : null;
    const rows = limit ?? unlimited;
    const parts: Sql[] = [];
    if (rows !== null) parts.push(sql`LIMIT ${rows}`);
    if (offset !== null) parts.push(sql`OFFSET ${offset}`);
    return joinSql(parts, " ");
  }

  /** `DISTINCT`, or `DISTINCT ON (...)`. */
  distinctSql(fields: readonly Sql[]): Sql {
    if (fields.length > 0)
      throw new NotSupportedError("DISTINCT ON fields is not supported by this database backend");
    return raw("DISTINCT");
  }

  forUpdateSql(options: { nowait: boolean; skipLocked: boolean; of: readonly Sql[]; noKey: boolean }): Sql {
    const of = options.of.length > 0 ? sql` OF ${joinSql(options.of, ", ")}` : EMPTY;
    return sql`FOR${raw(options.noKey ? " NO KEY" : "")} UPDATE${of}${raw(options.nowait ? " NOWAIT" : options.skipLocked ? " SKIP LOCKED" : "")}`;
  }

  forceNoOrdering(): readonly Sql[] {
    return [];
  }

  forceGroupBy(): readonly Sql[] {
    return [];
  }

  readonly setOperators: Readonly<Record<string, string>> = {
    union: "UNION",
    intersection: "INTERSECT",
    difference: "EXCEPT",
  };

  explainQueryPrefix(format: string | null, options: Readonly<Record<string, unknown>>): string {
    if (format) {
      const supported = [...this.features.supportedExplainFormats];
      if (!this.features.supportedExplainFormats.has(format.toUpperCase())) {
        const allowed =
          supported.length > 0
            ? ` Allowed formats: ${supported.sort().join(", ")}`
            : ` ${this.displayName} does not support any formats.`;
        throw new ValueError(`${format.toUpperCase()} is not a recognized format.${allowed}`);
      }
    }
    if (Object.keys(options).length > 0)
      throw new ValueError(`Unknown options: ${Object.keys(options).sort().join(", ")}`);
    return "EXPLAIN";
  }

  insertStatement(_onConflict: OnConflict): string {
    return "INSERT INTO";
  }

  onConflictSuffixSql(
    _onConflict: OnConflict,
    _updateColumns: readonly string[],
    _uniqueColumns: readonly string[],
  ): string {
    return "";
  }

  /** `RETURNING` the columns of the inserted or updated rows. */
  returningSql(table: string, columns: readonly string[]): string {
    return `RETURNING ${columns.map((column) => `${this.quoteName(table)}.${this.quoteName(column)}`).join(", ")}`;
  }

  /** The value that lets the database choose an automatic key. */
  get pkDefaultValue(): string {
    return "DEFAULT";
  }

  /** How many rows fit into one statement of so many fields. */
  bulkBatchSize(_fieldCount: number, rows: number): number {
    return rows;
  }

  get maxInListSize(): number | null {
    return this.features.maxInListSize;
  }

  // ---- whole tables

  /** Statements after which rows of this transaction may refer to rows that come later; none where they may anyway. */
  readonly disableConstraintChecksSql: readonly string[] = [];
  /** Statements that end this again. */
  readonly enableConstraintChecksSql: readonly string[] = [];
  /** Statements that fail where a row refers to nothing; null: the rows have to be looked at. */
  readonly checkConstraintsSql: readonly string[] | null = null;

  /** The query that lets automatic keys go on after the largest one; null where they do so by themselves. */
  sequenceResetSql(_table: string, _column: string): string | null {
    return null;
  }

  // ---- window frames

  windowFrameValue(value: number | null): string {
    throw new NotSupportedError(`Window frame ${value} is not supported.`);
  }

  windowFrameStart(start: number | null): string {
    if (start === null) return "UNBOUNDED PRECEDING";
    if (start < 0) return `${-start} PRECEDING`;
    return start === 0 ? "CURRENT ROW" : `${start} FOLLOWING`;
  }

  windowFrameEnd(end: number | null): string {
    if (end === null) return "UNBOUNDED FOLLOWING";
    if (end < 0) return `${-end} PRECEDING`;
    return end === 0 ? "CURRENT ROW" : `${end} FOLLOWING`;
  }
}

/** The final text of a statement: placeholders written as the dialect writes them. */
export function renderText(fragment: Sql, ops: DatabaseOperations): string {
  let text = "";
  let n = 0;
  for (const part of fragment.parts) text += typeof part === "string" ? part : ops.placeholder(++n);
  return text;
}

/** The final text of a statement with the parameters that it needs, in their order. */
export function rendered(
  fragment: Sql,
  ops: DatabaseOperations,
): { readonly text: string; readonly params: readonly Param[] } {
  if (!ops.numbersParameters) return { text: renderText(fragment, ops), params: fragment.params };
  const numbers = new Map<Param, number>();
  let text = "";
  for (const part of fragment.parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    let n = numbers.get(part);
    if (n === undefined) {
      n = numbers.size + 1;
      numbers.set(part, n);
    }
    text += ops.placeholder(n);
  }
  return { text, params: [...numbers.keys()] };
}

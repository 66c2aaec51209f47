import { DatabaseError, FieldError, NotSupportedError } from "../../errors.ts";
import { Aggregate, Avg, StdDev, Sum, Variance } from "../../expressions/aggregates.ts";
import type { Expression } from "../../expressions/base.ts";
import { CONSTANT, constant, EMPTY, type Param, raw, type Sql, sql } from "../../sql/sql.ts";
import type { DatabaseFeatures } from "../base/features.ts";
import {
  DatabaseOperations,
  type ExpressionClass,
  type OnConflict,
  type OperatorTable,
  type Override,
} from "../base/operations.ts";
import { overrides } from "./overrides.ts";
import { SqliteValues } from "./values.ts";

const like = "LIKE %(rhs)s ESCAPE '\\'";

/** What SQLite writes differently. Functions named `django_...` are registered on the connection (`functions.ts`). */
export class SqliteOperations extends DatabaseOperations {
  readonly vendor = "sqlite";
  readonly ownSqlMethod = "asSqlite";
  readonly displayName = "SQLite";
  readonly values: SqliteValues;
  readonly overrides: ReadonlyMap<ExpressionClass, Override> = new Map(overrides);

  constructor(features: DatabaseFeatures) {
    super(features);
    this.values = new SqliteValues();
  }

  readonly operators: OperatorTable = {
    exact: "= %(rhs)s",
    iexact: like,
    contains: like,
    icontains: like,
    regex: "REGEXP %(rhs)s",
    iregex: "REGEXP '(?i)' || %(rhs)s",
    gt: "> %(rhs)s",
    gte: ">= %(rhs)s",
    lt: "< %(rhs)s",
    lte: "<= %(rhs)s",
    startswith: like,
    endswith: like,
    istartswith: like,
    iendswith: like,
  };

  readonly patternEscape = "REPLACE(REPLACE(REPLACE(%(rhs)s, '\\', '\\\\'), '%%', '\\%%'), '_', '\\_')";

  readonly patternOperators: OperatorTable = {
    contains: "LIKE '%%' || %(rhs)s || '%%' ESCAPE '\\'",
    icontains: "LIKE '%%' || UPPER(%(rhs)s) || '%%' ESCAPE '\\'",
    startswith: "LIKE %(rhs)s || '%%' ESCAPE '\\'",
    istartswith: "LIKE UPPER(%(rhs)s) || '%%' ESCAPE '\\'",
    endswith: "LIKE '%%' || %(rhs)s ESCAPE '\\'",
    iendswith: "LIKE '%%' || UPPER(%(rhs)s) ESCAPE '\\'",
  };

  override checkExpressionSupport(expression: Expression): void {
    if (!(expression instanceof Aggregate)) return;
    if (
      isArithmetic(expression) &&
      expression.sources().some((source) => source !== null && isTemporal(source))
    ) {
      throw new NotSupportedError(
        "You cannot use Sum, Avg, StdDev, and Variance aggregations on date/time fields in sqlite3 since date/time is saved as text.",
      );
    }
    if (expression.distinct && expression.expressions.length > 1) {
      throw new NotSupportedError(
        "SQLite doesn't support DISTINCT on aggregate functions accepting multiple arguments.",
      );
    }
  }

  override combineExpression(connector: string, operands: readonly Sql[]): Sql {
    const [lhs = EMPTY, rhs = EMPTY] = operands;
    if (connector === "^") return sql`POWER(${lhs},${rhs})`;
    if (connector === "#") return sql`BITXOR(${lhs},${rhs})`;
    return super.combineExpression(connector, operands);
  }

  override combineDurationExpression(connector: string, operands: readonly Sql[]): Sql {
    const [lhs = EMPTY, rhs = EMPTY] = operands;
    if (!"+-*/".includes(connector))
      throw new DatabaseError(`Invalid connector for timedelta: ${connector}.`);
    return sql`django_format_dtdelta(${raw(`'${connector}'`)}, ${lhs}, ${rhs})`;
  }

  override formatForDurationArithmetic(inner: Sql): Sql {
    return inner;
  }

  override subtractTemporals(internalType: string, lhs: Sql, rhs: Sql): Sql {
    return sql`${raw(internalType === "TimeField" ? "django_time_diff" : "django_timestamp_diff")}(${lhs}, ${rhs})`;
  }

  override jsonPathIndex(index: number): string {
    return index < 0 ? `[#${index}]` : super.jsonPathIndex(index);
  }

  override jsonParameterSql(param: Sql): Sql {
    return sql`JSON_EXTRACT(${param}, '$')`;
  }

  override jsonExactSql(param: Param, withKey: boolean): Sql {
    if (!withKey) return sql`${param}`;
    // Texts of these stand for themselves, as the left side gives them.
    if (param.slot === CONSTANT) {
      const value = param.adapt === null ? param.value : param.adapt(param.value);
      if (value === "null" || value === "true" || value === "false") return sql`${param}`;
    }
    return this.jsonParameterSql(sql`${param}`);
  }

  /** The time zone asked for, and that of the stored values. */
  private zones(tzname: Sql | null): Sql {
    return tzname === null ? raw("NULL, NULL") : sql`${tzname}, ${constant("UTC")}`;
  }

  private part(lookupType: string): Sql {
    return sql`${constant(lookupType.toLowerCase())}`;
  }

  override dateExtractSql(lookupType: string, inner: Sql): Sql {
    return sql`django_date_extract(${this.part(lookupType)}, ${inner})`;
  }

  override dateTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return sql`django_date_trunc(${this.part(lookupType)}, ${inner}, ${this.zones(tzname)})`;
  }

  override timeTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return sql`django_time_trunc(${this.part(lookupType)}, ${inner}, ${this.zones(tzname)})`;
  }

  override datetimeCastDateSql(inner: Sql, tzname: Sql | null): Sql {
    return sql`django_datetime_cast_date(${inner}, ${this.zones(tzname)})`;
  }

  override datetimeCastTimeSql(inner: Sql, tzname: Sql | null): Sql {
    return sql`django_datetime_cast_time(${inner}, ${this.zones(tzname)})`;
  }

  override datetimeExtractSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return sql`django_datetime_extract(${this.part(lookupType)}, ${inner}, ${this.zones(tzname)})`;
  }

  override datetimeTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return sql`django_datetime_trunc(${this.part(lookupType)}, ${inner}, ${this.zones(tzname)})`;
  }

  override timeExtractSql(lookupType: string, inner: Sql): Sql {
    return sql`django_time_extract(${this.part(lookupType)}, ${inner})`;
  }

  override get noLimitValue(): number {
    return -1;
  }

  override get pkDefaultValue(): string {
    return "NULL";
  }

  override explainQueryPrefix(format: string | null, options: Readonly<Record<string, unknown>>): string {
    return `${super.explainQueryPrefix(format, options)} QUERY PLAN`;
  }

  /** Ends by itself with the transaction. */
  override readonly disableConstraintChecksSql = ["PRAGMA defer_foreign_keys = ON"];

  override insertStatement(onConflict: OnConflict): string {
    return onConflict === "ignore" ? "INSERT OR IGNORE INTO" : super.insertStatement(onConflict);
  }

  override onConflictSuffixSql(
    onConflict: OnConflict,
    updateColumns: readonly string[],
    uniqueColumns: readonly string[],
  ): string {
    if (onConflict !== "update") return "";
    const quote = (column: string) => this.quoteName(column);
    const sets = updateColumns.map((column) => `${quote(column)} = EXCLUDED.${quote(column)}`);
    return `ON CONFLICT(${uniqueColumns.map(quote).join(", ")}) DO UPDATE SET ${sets.join(", ")}`;
  }

  override bulkBatchSize(fieldCount: number, rows: number): number {
    if (fieldCount === 1) return 500;
    if (fieldCount > 1) return Math.floor((this.features.maxQueryParams ?? rows) / fieldCount);
    return rows;
  }
}

function isArithmetic(expression: Expression): boolean {
  return [Sum, Avg, StdDev, Variance].some((aggregate) => expression instanceof aggregate);
}

function isTemporal(expression: Expression): boolean {
  try {
    return ["DateField", "DateTimeField", "TimeField"].includes(
      expression.outputFieldOrNull?.internalType ?? "",
    );
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}

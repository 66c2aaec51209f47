import { ValueError } from "../../errors.ts";
import type { Field } from "../../fields/field.ts";
import { dynamic, joinSql, raw, type Sql, sql } from "../../sql/sql.ts";
import { getCurrent } from "../../util/timezone.ts";
import type { TransactionKind } from "../base/connection.ts";
import type { DatabaseFeatures } from "../base/features.ts";
import {
  DatabaseOperations,
  type ExpressionClass,
  type OnConflict,
  type OperatorTable,
  type Override,
  TEXT_LOOKUPS,
} from "../base/operations.ts";
import { overrides } from "./overrides.ts";
import { PostgresqlValues } from "./values.ts";

const CASELESS = new Set(["iexact", "icontains", "istartswith", "iendswith"]);

/** A literal of unknown type has no way back from `text` to these. */
const UNIFIED = new Set(["GenericIPAddressField", "TimeField", "UUIDField"]);

const EXPLAIN_OPTIONS = new Set([
  "ANALYZE",
  "BUFFERS",
  "COSTS",
  "GENERIC_PLAN",
  "MEMORY",
  "SETTINGS",
  "SERIALIZE",
  "SUMMARY",
  "TIMING",
  "VERBOSE",
  "WAL",
]);

/** The most parameters of a statement: the protocol counts them in 16 bits. */
const MOST_PARAMS = 65_535;

/** What PostgreSQL writes differently. */
export class PostgresqlOperations extends DatabaseOperations {
  readonly vendor = "postgresql";
  readonly ownSqlMethod = "asPostgresql";
  readonly displayName = "PostgreSQL";
  readonly values: PostgresqlValues;
  readonly overrides: ReadonlyMap<ExpressionClass, Override> = new Map(overrides);
  override readonly numbersParameters = true;
  /** One parameter for all: the same expression in several clauses is the same to the server. */
  readonly #timezone: Sql = sql`${dynamic(() => offsetZone(getCurrent()))}`;

  constructor(features: DatabaseFeatures) {
    super(features);
    this.values = new PostgresqlValues();
  }

  override placeholder(n: number): string {
    return `$${n}`;
  }

  override get maxNameLength(): number {
    return 63;
  }

  protected override beginSql({ isolation, readOnly, deferrable }: TransactionKind): readonly string[] {
    const modes: string[] = [];
    if (isolation !== undefined) modes.push(`ISOLATION LEVEL ${isolation.toUpperCase()}`);
    if (readOnly !== undefined) modes.push(readOnly ? "READ ONLY" : "READ WRITE");
    if (deferrable !== undefined) modes.push(deferrable ? "DEFERRABLE" : "NOT DEFERRABLE");
    return [["BEGIN", ...modes].join(" ")];
  }

  readonly operators: OperatorTable = {
    exact: "= %(rhs)s",
    iexact: "= UPPER(%(rhs)s)",
    contains: "LIKE %(rhs)s",
    icontains: "LIKE UPPER(%(rhs)s)",
    regex: "~ %(rhs)s",
    iregex: "~* %(rhs)s",
    gt: "> %(rhs)s",
    gte: ">= %(rhs)s",
    lt: "< %(rhs)s",
    lte: "<= %(rhs)s",
    startswith: "LIKE %(rhs)s",
    endswith: "LIKE %(rhs)s",
    istartswith: "LIKE UPPER(%(rhs)s)",
    iendswith: "LIKE UPPER(%(rhs)s)",
  };

  readonly patternEscape =
    "REPLACE(REPLACE(REPLACE(%(rhs)s, E'\\\\', E'\\\\\\\\'), E'%%', E'\\\\%%'), E'_', E'\\\\_')";

  readonly patternOperators: OperatorTable = {
    contains: "LIKE '%%' || %(rhs)s || '%%'",
    icontains: "LIKE '%%' || UPPER(%(rhs)s) || '%%'",
    startswith: "LIKE %(rhs)s || '%%'",
    istartswith: "LIKE UPPER(%(rhs)s) || '%%'",
    endswith: "LIKE '%%' || %(rhs)s",
    iendswith: "LIKE '%%' || UPPER(%(rhs)s)",
  };

  override lookupCast(lookupName: string, internalType: string, inner: Sql): Sql {
    if (!TEXT_LOOKUPS.has(lookupName)) return inner;
    const text = internalType === "GenericIPAddressField" ? sql`HOST(${inner})` : sql`${inner}::text`;
    return CASELESS.has(lookupName) ? sql`UPPER(${text})` : text;
  }

  override prepForIexactQuery(value: string): string {
    return value;
  }

  override unificationCastSql(field: Field, inner: Sql): Sql {
    if (!UNIFIED.has(field.internalType)) return inner;
    return sql`CAST(${inner} AS ${raw((field.dbType(this) as string).replace(/\(.*/, ""))})`;
  }

  /** The distance of two days is a number here. */
  override subtractTemporals(internalType: string, lhs: Sql, rhs: Sql): Sql {
    if (internalType === "DateField") return sql`(interval '1 day' * (${lhs} - ${rhs}))`;
    return super.subtractTemporals(internalType, lhs, rhs);
  }

  // ---- dates and times

  override currentTimezoneSql(): Sql {
    return this.#timezone;
  }

  private inZone(inner: Sql, tzname: Sql | null): Sql {
    return tzname === null ? inner : sql`${inner} AT TIME ZONE ${tzname}`;
  }

  override dateExtractSql(lookupType: string, inner: Sql): Sql {
    switch (lookupType) {
      case "week_day":
        return sql`EXTRACT(DOW FROM ${inner}) + 1`;
      case "iso_week_day":
        return sql`EXTRACT(ISODOW FROM ${inner})`;
      case "iso_year":
        return sql`EXTRACT(ISOYEAR FROM ${inner})`;
      default:
        return sql`EXTRACT(${unit(lookupType.toUpperCase())} FROM ${inner})`;
    }
  }

  override dateTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return sql`DATE_TRUNC('${unit(lookupType)}', ${this.inZone(inner, tzname)})`;
  }

  override timeTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return sql`${this.dateTruncSql(lookupType, inner, tzname)}::time`;
  }

  override datetimeCastDateSql(inner: Sql, tzname: Sql | null): Sql {
    return sql`(${this.inZone(inner, tzname)})::date`;
  }

  override datetimeCastTimeSql(inner: Sql, tzname: Sql | null): Sql {
    return sql`(${this.inZone(inner, tzname)})::time`;
  }

  override datetimeExtractSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return this.timeExtractSql(lookupType, this.inZone(inner, tzname));
  }

  override datetimeTruncSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return this.dateTruncSql(lookupType, inner, tzname);
  }

  /** Without the fraction of the second. */
  override timeExtractSql(lookupType: string, inner: Sql): Sql {
    if (lookupType === "second") return sql`EXTRACT(SECOND FROM DATE_TRUNC('second', ${inner}))`;
    return this.dateExtractSql(lookupType, inner);
  }

  // ---- statements

  override distinctSql(fields: readonly Sql[]): Sql {
    return fields.length > 0 ? sql`DISTINCT ON (${joinSql(fields, ", ")})` : raw("DISTINCT");
  }

  override explainQueryPrefix(format: string | null, options: Readonly<Record<string, unknown>>): string {
    const parts: string[] = [];
    const unknown: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(options)) {
      const option = name.toUpperCase();
      if (option === "SERIALIZE" && typeof value === "string" && /^(?:text|binary)$/i.test(value)) {
        parts.push(`SERIALIZE ${value.toUpperCase()}`);
      } else if (EXPLAIN_OPTIONS.has(option)) {
        parts.push(`${option} ${value ? "true" : "false"}`);
      } else {
        unknown[option] = value;
      }
    }
    const prefix = super.explainQueryPrefix(format, {});
    if (Object.keys(unknown).length > 0)
      throw new ValueError(`Unknown options: ${Object.keys(unknown).sort().join(", ")}`);
    if (format) parts.push(`FORMAT ${format}`);
    return parts.length > 0 ? `${prefix} (${parts.join(", ")})` : prefix;
  }

  override onConflictSuffixSql(
    onConflict: OnConflict,
    updateColumns: readonly string[],
    uniqueColumns: readonly string[],
  ): string {
    if (onConflict === "ignore") return "ON CONFLICT DO NOTHING";
    if (onConflict !== "update") return "";
    const quote = (column: string) => this.quoteName(column);
    const sets = updateColumns.map((column) => `${quote(column)} = EXCLUDED.${quote(column)}`);
    return `ON CONFLICT(${uniqueColumns.map(quote).join(", ")}) DO UPDATE SET ${sets.join(", ")}`;
  }

  override readonly checkConstraintsSql = ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"];

  override sequenceResetSql(table: string, column: string): string {
    const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
    const [name, key] = [this.quoteName(table), this.quoteName(column)];
    return (
      `SELECT setval(pg_get_serial_sequence(${literal(name)}, ${literal(column)}), ` +
      `coalesce(max(${key}), 1), max(${key}) IS NOT null) FROM ${name}`
    );
  }

  override bulkBatchSize(fieldCount: number, rows: number): number {
    return fieldCount > 0 ? Math.min(rows, Math.floor(MOST_PARAMS / fieldCount)) : rows;
  }
}

/** A unit of time is part of the SQL's text, so it must be a word. */
function unit(lookupType: string): Sql {
  if (!/^[A-Za-z_]+$/.test(lookupType)) throw new ValueError(`Invalid lookup type: '${lookupType}'`);
  return raw(lookupType);
}

/** `UTC+2` is east of Greenwich to people and west of it to PostgreSQL. */
function offsetZone(name: string): string {
  const match = /^([+-])(\d\d:?\d\d)$/.exec(name);
  if (match !== null) return `${match[1] === "+" ? "-" : "+"}${match[2]}`;
  const named = /^(.*?)([+-])(\d\d:?\d\d)$/.exec(name);
  return named === null ? name : `${named[1]}${named[2] === "+" ? "-" : "+"}${named[3]}`;
}

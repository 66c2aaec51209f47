import { ValueError } from "../../errors.ts";
import type { Expression } from "../../expressions/base.ts";
import { Exists } from "../../expressions/subquery.ts";
import { ExpressionWrapper } from "../../expressions/wrapper.ts";
import { Lookup } from "../../lookups/lookup.ts";
import { constant, DYNAMIC, dynamic, EMPTY, joinSql, type Param, raw, type Sql, sql } from "../../sql/sql.ts";
import { getCurrent } from "../../util/timezone.ts";
import type { TransactionKind } from "../base/connection.ts";
import {
  DatabaseOperations,
  type ExpressionClass,
  type OnConflict,
  type OperatorTable,
  type Override,
  TEXT_LOOKUPS,
} from "../base/operations.ts";
import { isFrom, type MysqlFeatures } from "./features.ts";
import { overrides } from "./overrides.ts";
import { MysqlValues } from "./values.ts";

/** 2 ** 64 - 1: MySQL's manual recommends it where there is no limit. */
const NO_LIMIT = 18446744073709551615n;

const DATE_FORMATS: Readonly<Record<string, string>> = { year: "%Y-01-01", month: "%Y-%m-01" };

const TIME_FORMATS: Readonly<Record<string, string>> = {
  hour: "%H:00:00",
  minute: "%H:%i:00",
  second: "%H:%i:%s",
};

const DATETIME_FORMATS: Readonly<Record<string, string>> = {
  year: "%Y-01-01 00:00:00",
  month: "%Y-%m-01 00:00:00",
  day: "%Y-%m-%d 00:00:00",
  hour: "%Y-%m-%d %H:00:00",
  minute: "%Y-%m-%d %H:%i:00",
  second: "%Y-%m-%d %H:%i:%s",
};

/** What MySQL and MariaDB write differently. */
export class MysqlOperations extends DatabaseOperations {
  readonly vendor = "mysql";
  readonly ownSqlMethod = "asMysql";
  readonly displayName = "MySQL or MariaDB";
  override readonly features: MysqlFeatures;
  readonly values: MysqlValues;
  readonly overrides: ReadonlyMap<ExpressionClass, Override>;

  constructor(features: MysqlFeatures) {
    super(features);
    this.features = features;
    this.values = new MysqlValues(features);
    this.overrides = new Map(overrides(features.server));
  }

  override quoteName(name: string): string {
    if (name.startsWith("`") && name.endsWith("`")) return name;
    return `\`${name.replaceAll("`", "``")}\``;
  }

  override get maxNameLength(): number {
    return 64;
  }

  /** The level counts for the next transaction of the session only. */
  protected override beginSql({ isolation, readOnly }: TransactionKind): readonly string[] {
    const mode = readOnly === undefined ? "" : readOnly ? " READ ONLY" : " READ WRITE";
    const begin = `START TRANSACTION${mode}`;
    return isolation === undefined
      ? [begin]
      : [`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`, begin];
  }

  // ---- lookups

  readonly operators: OperatorTable = {
    exact: "= %(rhs)s",
    iexact: "LIKE %(rhs)s",
    contains: "LIKE BINARY %(rhs)s",
    icontains: "LIKE %(rhs)s",
    regex: "REGEXP BINARY %(rhs)s",
    iregex: "REGEXP %(rhs)s",
    gt: "> %(rhs)s",
    gte: ">= %(rhs)s",
    lt: "< %(rhs)s",
    lte: "<= %(rhs)s",
    startswith: "LIKE BINARY %(rhs)s",
    endswith: "LIKE BINARY %(rhs)s",
    istartswith: "LIKE %(rhs)s",
    iendswith: "LIKE %(rhs)s",
  };

  readonly patternEscape = "REPLACE(REPLACE(REPLACE(%(rhs)s, '\\\\', '\\\\\\\\'), '%%', '\\%%'), '_', '\\_')";

  readonly patternOperators: OperatorTable = {
    contains: "LIKE BINARY CONCAT('%%', %(rhs)s, '%%')",
    icontains: "LIKE CONCAT('%%', %(rhs)s, '%%')",
    startswith: "LIKE BINARY CONCAT(%(rhs)s, '%%')",
    istartswith: "LIKE CONCAT(%(rhs)s, '%%')",
    endswith: "LIKE BINARY CONCAT('%%', %(rhs)s)",
    iendswith: "LIKE CONCAT('%%', %(rhs)s)",
  };

  /** MySQL has functions instead of operators that know of upper and lower case. */
  override regexSql(lookupName: string, lhs: Sql, rhs: Sql): Sql {
    if (this.features.server.mariadb) return super.regexSql(lookupName, lhs, rhs);
    return sql`REGEXP_LIKE(${lhs}, ${rhs}, ${raw(lookupName === "regex" ? "'c'" : "'i'")})`;
  }

  override lookupCast(lookupName: string, internalType: string, inner: Sql): Sql {
    if (internalType !== "JSONField") return inner;
    // A text sees the document without quotes.
    return this.features.server.mariadb || TEXT_LOOKUPS.has(lookupName) ? sql`JSON_UNQUOTE(${inner})` : inner;
  }

  /** Indexes of booleans are used only when they are compared with a boolean. */
  override conditionalExpressionSupportedInWhereClause(expression: Expression): boolean {
    if (expression instanceof Exists || expression instanceof Lookup) return true;
    if (expression instanceof ExpressionWrapper && expression.conditional) {
      return this.conditionalExpressionSupportedInWhereClause(expression.expression);
    }
    return !expression.conditional;
  }

  // ---- expressions

  override combineExpression(connector: string, operands: readonly Sql[]): Sql {
    const [lhs = EMPTY, rhs = EMPTY] = operands;
    switch (connector) {
      case "^":
        return sql`POW(${joinSql(operands, ",")})`;
      // Bits give a number without sign.
      case "&":
      case "|":
      case "<<":
        return sql`CONVERT(${joinSql(operands, connector)}, SIGNED)`;
      case "#":
        return sql`CONVERT(${joinSql(operands, "^")}, SIGNED)`;
      case ">>":
        return sql`FLOOR(${lhs} / POW(2, ${rhs}))`;
      default:
        return super.combineExpression(connector, operands);
    }
  }

  override formatForDurationArithmetic(inner: Sql): Sql {
    return sql`INTERVAL ${inner} MICROSECOND`;
  }

  override subtractTemporals(internalType: string, lhs: Sql, rhs: Sql): Sql {
    if (internalType !== "TimeField") return sql`TIMESTAMPDIFF(MICROSECOND, ${rhs}, ${lhs})`;
    // MariaDB's seconds have a fraction, MySQL's have none.
    if (this.features.server.mariadb) {
      return sql`CAST((TIME_TO_SEC(${lhs}) - TIME_TO_SEC(${rhs})) * 1000000 AS SIGNED)`;
    }
    const microseconds = (time: Sql) => sql`(TIME_TO_SEC(${time}) * 1000000 + MICROSECOND(${time}))`;
    return sql`(${microseconds(lhs)} - ${microseconds(rhs)})`;
  }

  override jsonParameterSql(param: Sql): Sql {
    const value = sql`JSON_EXTRACT(${param}, '$')`;
    return this.features.server.mariadb ? sql`JSON_UNQUOTE(${value})` : value;
  }

  override jsonExactSql(param: Param): Sql {
    return sql`JSON_EXTRACT(${param}, '$')`;
  }

  // ---- dates and times

  /** UTC has no name that every server knows: the zones may not be installed. */
  private inZone(inner: Sql, tzname: Sql | null): Sql {
    const zone = tzname?.params[0];
    if (zone === undefined) return inner;
    if (zone.slot === DYNAMIC) return sql`CONVERT_TZ(${inner}, ${CURRENT_SOURCE}, ${CURRENT_TARGET})`;
    const name = String(zone.value);
    return sql`CONVERT_TZ(${inner}, ${constant(sourceZone(name))}, ${constant(targetZone(name))})`;
  }

  override dateExtractSql(lookupType: string, inner: Sql): Sql {
    switch (lookupType) {
      case "week_day":
        return sql`DAYOFWEEK(${inner})`;
      case "iso_week_day":
        return sql`WEEKDAY(${inner}) + 1`;
      case "week":
        return sql`WEEK(${inner}, 3)`;
      case "iso_year":
        return sql`TRUNCATE(YEARWEEK(${inner}, 3), -2) / 100`;
      default:
        if (!/^[A-Z_]+$/i.test(lookupType)) throw new ValueError(`Invalid lookup type: '${lookupType}'`);
        return sql`EXTRACT(${raw(lookupType.toUpperCase())} FROM ${inner})`;
    }
  }

  override dateTruncSql(lookupType: string, given: Sql, tzname: Sql | null): Sql {
    const inner = this.inZone(given, tzname);
    const format = DATE_FORMATS[lookupType];
    if (format !== undefined) return sql`CAST(DATE_FORMAT(${inner}, ${constant(format)}) AS DATE)`;
    if (lookupType === "quarter") return quarterStart(inner);
    if (lookupType === "week") return sql`DATE_SUB(${inner}, INTERVAL WEEKDAY(${inner}) DAY)`;
    return sql`DATE(${inner})`;
  }

  override datetimeCastDateSql(inner: Sql, tzname: Sql | null): Sql {
    return sql`DATE(${this.inZone(inner, tzname)})`;
  }

  override datetimeCastTimeSql(inner: Sql, tzname: Sql | null): Sql {
    return sql`TIME(${this.inZone(inner, tzname)})`;
  }

  override datetimeExtractSql(lookupType: string, inner: Sql, tzname: Sql | null): Sql {
    return this.dateExtractSql(lookupType, this.inZone(inner, tzname));
  }

  override datetimeTruncSql(lookupType: string, given: Sql, tzname: Sql | null): Sql {
    const inner = this.inZone(given, tzname);
    const cast = (value: Sql, format: string) =>
      sql`CAST(DATE_FORMAT(${value}, ${constant(format)}) AS DATETIME)`;
    if (lookupType === "quarter") return cast(quarterStart(inner), "%Y-%m-01 00:00:00");
    if (lookupType === "week") {
      return cast(sql`DATE_SUB(${inner}, INTERVAL WEEKDAY(${inner}) DAY)`, "%Y-%m-%d 00:00:00");
    }
    const format = DATETIME_FORMATS[lookupType];
    return format === undefined ? inner : cast(inner, format);
  }

  override timeTruncSql(lookupType: string, given: Sql, tzname: Sql | null): Sql {
    const inner = this.inZone(given, tzname);
    const format = TIME_FORMATS[lookupType];
    if (format === undefined) return sql`TIME(${inner})`;
    return sql`CAST(DATE_FORMAT(${inner}, ${constant(format)}) AS TIME)`;
  }

  // ---- statements

  override get noLimitValue(): bigint {
    return NO_LIMIT;
  }

  override get pkDefaultValue(): string {
    return "NULL";
  }

  /** Else rows are sorted by what they are grouped by. */
  override forceNoOrdering(): readonly Sql[] {
    return [raw("NULL")];
  }

  override explainQueryPrefix(given: string | null, options: Readonly<Record<string, unknown>>): string {
    const { server, supportedExplainFormats } = this.features;
    const { analyze = false, ...others } = options;
    let format = given;
    if (format?.toUpperCase() === "TEXT") format = "TRADITIONAL";
    else if (!format && supportedExplainFormats.has("TREE")) format = "TREE";
    let prefix = super.explainQueryPrefix(format, others);
    const analyzing = Boolean(analyze) && (server.mariadb || isFrom(server.version, 8, 0, 18));
    if (analyzing) prefix = server.mariadb ? "ANALYZE" : `${prefix} ANALYZE`;
    return format && !(analyzing && !server.mariadb) ? `${prefix} FORMAT=${format}` : prefix;
  }

  override insertStatement(onConflict: OnConflict): string {
    return onConflict === "ignore" ? "INSERT IGNORE INTO" : super.insertStatement(onConflict);
  }

  override readonly disableConstraintChecksSql = ["SET foreign_key_checks = 0"];
  override readonly enableConstraintChecksSql = ["SET foreign_key_checks = 1"];

  override onConflictSuffixSql(onConflict: OnConflict, updateColumns: readonly string[]): string {
    if (onConflict !== "update") return "";
    const { server } = this.features;
    const aliased = !server.mariadb && isFrom(server.version, 8, 0, 19);
    const sets = updateColumns.map((name) => {
      const column = this.quoteName(name);
      if (aliased) return `${column} = new.${column}`;
      return `${column} = ${server.mariadb ? "VALUE" : "VALUES"}(${column})`;
    });
    return `${aliased ? "AS new " : ""}ON DUPLICATE KEY UPDATE ${sets.join(", ")}`;
  }
}

/** UTC as an offset. */
const UTC = "+00:00";

/** The zone of the columns, when they are looked at in another one. */
function sourceZone(name: string): string {
  return name === "UTC" ? UTC : "UTC";
}

/** A zone as the server knows it: of a name with an offset the offset. */
function targetZone(name: string): string {
  if (name === "UTC") return UTC;
  const match = /^(.*?)([+-])(\d\d):?(\d\d)$/.exec(name);
  return match === null ? name : `${match[2]}${match[3]}:${match[4]}`;
}

/** One parameter for all: the same expression in several clauses is the same. */
const CURRENT_SOURCE = dynamic(() => sourceZone(getCurrent()));
const CURRENT_TARGET = dynamic(() => targetZone(getCurrent()));

function quarterStart(inner: Sql): Sql {
  return sql`MAKEDATE(YEAR(${inner}), 1) + INTERVAL QUARTER(${inner}) QUARTER - INTERVAL 1 QUARTER`;
}

import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import { ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { DATE, DATETIME } from "../expressions/types.ts";
import { DateTimeField } from "../fields/index.ts";
import { type Adapt, type Sql, sql } from "../sql/sql.ts";
import { instantOf } from "../util/civil.ts";
import { Temporal } from "../util/temporal.ts";
import { getCurrent } from "../util/timezone.ts";
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from "./comparison.ts";
import type { Lookup } from "./lookup.ts";
import type { Transform } from "./transform.ts";

/*
 * A year is compared through its first and last moment, so that an index on the column can be used.
 */

interface Bounds {
  readonly first: Adapt;
  readonly last: Adapt;
}

function checkedYear(year: number): number {
  if (!(year >= 1 && year <= 9999)) throw new ValueError(`year ${year} is out of range`);
  return year;
}

/** The Monday of the first ISO week of a year. */
function isoYearStart(year: number): Temporal.PlainDate {
  const fourth = new Temporal.PlainDate(year, 1, 4);
  return fourth.subtract({ days: fourth.dayOfWeek - 1 });
}

/** The first and last day of a year. */
function days(value: unknown, iso: boolean): [first: Temporal.PlainDate, last: Temporal.PlainDate] {
  const year = checkedYear(Number(value));
  if (!iso) return [new Temporal.PlainDate(year, 1, 1), new Temporal.PlainDate(year, 12, 31)];
  checkedYear(year + 1);
  return [isoYearStart(year), isoYearStart(year + 1).subtract({ days: 1 })];
}

function midnight({ year, month, day }: Temporal.PlainDate): Date {
  return instantOf({ year, month, day, hour: 0, minute: 0, second: 0, microsecond: 0 }, getCurrent());
}

function endOfDay({ year, month, day }: Temporal.PlainDate): Date {
  return instantOf(
    { year, month, day, hour: 23, minute: 59, second: 59, microsecond: 999_999 },
    getCurrent(),
  );
}

function boundsOf(field: unknown, iso: boolean, ops: DatabaseOperations): Bounds {
  if (field instanceof DateTimeField) {
    return {
      first: (year) => DATETIME.getDbPrepValue(midnight(days(year, iso)[0]), ops),
      last: (year) => DATETIME.getDbPrepValue(endOfDay(days(year, iso)[1]), ops),
    };
  }
  return {
    first: (year) => DATE.getDbPrepValue(days(year, iso)[0], ops),
    last: (year) => DATE.getDbPrepValue(days(year, iso)[1], ops),
  };
}

type YearLookup = Lookup & {
  /** The comparison of the column with the year's bounds. */
  compareBounds(first: Sql, last: Sql): Sql;
};

/** The comparison of the year's column with the bounds; `null` where the right side is SQL. */
function withBounds(
  lookup: YearLookup,
  compiler: Compiler,
  compileLhs: (lhs: Expression) => Sql,
): Sql | null {
  if (lookup.rhs instanceof Expression || lookup.bilateralTransforms.length > 0) return null;
  const extract = lookup.lhs as Transform;
  // Around window functions the year is a column of the inner query: there is no date left.
  if (extract.lhs === undefined) return null;
  const { first, last } = boundsOf(extract.lhs.outputField, extract.lookupName === "iso_year", compiler.ops);
  const { bound } = lookup;
  const lhs = compileLhs(extract.lhs);
  return sql`${lhs} ${lookup.compareBounds(sql`${bound.param(first)}`, sql`${bound.param(last)}`)}`;
}

export class YearExact extends Exact {
  compareBounds(first: Sql, last: Sql): Sql {
    return sql`BETWEEN ${first} AND ${last}`;
  }

  override asSql(compiler: Compiler): Sql {
    return withBounds(this, compiler, (lhs) => this.processLhs(compiler, lhs)) ?? super.asSql(compiler);
  }
}

export class YearGt extends GreaterThan {
  compareBounds(_first: Sql, last: Sql): Sql {
    return sql`> ${last}`;
  }

  override asSql(compiler: Compiler): Sql {
    return withBounds(this, compiler, (lhs) => this.processLhs(compiler, lhs)) ?? super.asSql(compiler);
  }
}

export class YearGte extends GreaterThanOrEqual {
  compareBounds(first: Sql): Sql {
    return sql`>= ${first}`;
  }

  override asSql(compiler: Compiler): Sql {
    return withBounds(this, compiler, (lhs) => this.processLhs(compiler, lhs)) ?? super.asSql(compiler);
  }
}

export class YearLt extends LessThan {
  compareBounds(first: Sql): Sql {
    return sql`< ${first}`;
  }

  override asSql(compiler: Compiler): Sql {
    return withBounds(this, compiler, (lhs) => this.processLhs(compiler, lhs)) ?? super.asSql(compiler);
  }
}

export class YearLte extends LessThanOrEqual {
  compareBounds(_first: Sql, last: Sql): Sql {
    return sql`<= ${last}`;
  }

  override asSql(compiler: Compiler): Sql {
    return withBounds(this, compiler, (lhs) => this.processLhs(compiler, lhs)) ?? super.asSql(compiler);
  }
}

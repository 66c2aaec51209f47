import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { Expression, ResolveOptions } from "../expressions/base.ts";
import { Func, isOptions } from "../expressions/func.ts";
import { DATE, DATETIME, INTEGER, TIME } from "../expressions/types.ts";
import type { Field } from "../fields/field.ts";
import { DateField, DateTimeField, DurationField, TimeField } from "../fields/index.ts";
import { Transform } from "../lookups/transform.ts";
import type { Query } from "../query/query.ts";
import { constant, type Sql, sql } from "../sql/sql.ts";
import { instantOf, localTimeOf } from "../util/civil.ts";
import { subMilliseconds } from "../util/microseconds.ts";
import { repr } from "../util/repr.ts";
import { Temporal } from "../util/temporal.ts";
import { getCurrent } from "../util/timezone.ts";

/*
 * Django: Database Functions, "Date functions".
 */

/** Keyword arguments of the functions of dates. */
export interface DateFunctionOptions {
  readonly outputField?: Field | null | undefined;
  /** The time zone in which an instant is looked at; the current one when omitted. */
  readonly tzinfo?: string | null | undefined;
  readonly [extra: string]: unknown;
}

type Given = { readonly options: DateFunctionOptions; readonly positional: readonly unknown[] };

function given(args: readonly unknown[]): Given {
  const last = args.at(-1);
  return isOptions(last)
    ? { options: last as DateFunctionOptions, positional: args.slice(0, -1) }
    : { options: {}, positional: args };
}

/** A function that looks at an instant in a time zone. */
abstract class TimezoneFunction extends Transform {
  /** The zone asked for; `null`: the current one, asked at each run. */
  get tzinfo(): string | null {
    return (this.extra["tzinfo"] as string | undefined) ?? null;
  }

  protected timezoneSql(compiler: Compiler): Sql {
    const { tzinfo } = this;
    return tzinfo === null ? compiler.ops.currentTimezoneSql() : sql`${constant(tzinfo)}`;
  }
}

/** Leaves out what was not given, so that it does not make another shape. */
function extras(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  );
}

const TIME_PARTS = new Set(["hour", "minute", "second"]);
const NOT_OF_DURATIONS = new Set([
  "year",
  "iso_year",
  "month",
  "week",
  "week_day",
  "iso_week_day",
  "quarter",
]);

/**
 * A part of a date or time as a number: `Extract("start", "year")`, `Extract("start", "hour", { tzinfo: "Asia/Tokyo" })`.
 *
 * Django: Database Functions, `Extract`.
 */
export class Extract extends TimezoneFunction {
  static override readonly outputField: Field = INTEGER;
  static override readonly arity: number | null = null;

  constructor(...args: readonly unknown[]) {
    const { options, positional } = given(args);
    const { tzinfo = null, lookupName: named = null, ...rest } = options;
    const [expression, second = named] = positional;
    const kind = (new.target as typeof Extract).lookupName ?? second;
    if (kind === null) throw new ValueError("lookupName must be provided");
    if (typeof kind !== "string")
      throw new ArgumentTypeError(`lookupName is the name of a part of a date, not ${repr(kind)}.`);
    super(expression, { ...rest, ...extras({ kind, tzinfo }) });
  }

  override get lookupName(): string {
    return this.extra["kind"] as string;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options) as this;
    const field = resolved.lhs.outputFieldOrNull;
    if (field === null) return resolved;
    const { lookupName } = this;
    if (!isTemporal(field)) {
      throw new ValueError(
        "Extract input expression must be DateField, DateTimeField, TimeField, or DurationField.",
      );
    }
    // A time of a day alone is most likely a mistake.
    if (isDate(field) && TIME_PARTS.has(lookupName)) {
      throw new ValueError(`Cannot extract time component '${lookupName}' from DateField '${field.name}'.`);
    }
    if (field instanceof DurationField && NOT_OF_DURATIONS.has(lookupName)) {
      throw new ValueError(`Cannot extract component '${lookupName}' from DurationField '${field.name}'.`);
    }
    return resolved;
  }

  override asSql(compiler: Compiler): Sql {
    const inner = compiler.compile(this.lhs);
    const field = this.lhs.outputField;
    const { lookupName } = this;
    if (field instanceof DateTimeField) {
      return compiler.ops.datetimeExtractSql(lookupName, inner, this.timezoneSql(compiler));
    }
    if (this.tzinfo !== null) throw new ValueError("tzinfo can only be used with DateTimeField.");
    if (field instanceof DateField) return compiler.ops.dateExtractSql(lookupName, inner);
    if (field instanceof DurationField && !compiler.features.hasNativeDurationField) {
      throw new ValueError("Extract requires native DurationField database support.");
    }
    return compiler.ops.timeExtractSql(lookupName, inner);
  }
}

function isTemporal(field: Field): boolean {
  return (
    field instanceof DateField ||
    field instanceof DateTimeField ||
    field instanceof TimeField ||
    field instanceof DurationField
  );
}

/** A date without time. */
function isDate(field: Field): boolean {
  return field instanceof DateField && !(field instanceof DateTimeField);
}

export class ExtractYear extends Extract {
  static override readonly lookupName: string = "year";
}

/** The year of the ISO week. */
export class ExtractIsoYear extends Extract {
  static override readonly lookupName: string = "iso_year";
}

export class ExtractMonth extends Extract {
  static override readonly lookupName: string = "month";
}

export class ExtractDay extends Extract {
  static override readonly lookupName: string = "day";
}

/** The ISO week, 1 to 53; weeks begin on Monday. */
export class ExtractWeek extends Extract {
  static override readonly lookupName: string = "week";
}

/** 1 (Sunday) to 7 (Saturday). */
export class ExtractWeekDay extends Extract {
  static override readonly lookupName: string = "week_day";
}

/** 1 (Monday) to 7 (Sunday). */
export class ExtractIsoWeekDay extends Extract {
  static override readonly lookupName: string = "iso_week_day";
}

/** 1 to 4. */
export class ExtractQuarter extends Extract {
  static override readonly lookupName: string = "quarter";
}

export class ExtractHour extends Extract {
  static override readonly lookupName: string = "hour";
}

export class ExtractMinute extends Extract {
  static override readonly lookupName: string = "minute";
}

export class ExtractSecond extends Extract {
  static override readonly lookupName: string = "second";
}

/** The time at which the query runs. Django: `Now`. */
export class Now extends Func {
  static override readonly template: string = "CURRENT_TIMESTAMP";
  static override readonly arity: number = 0;
  static override readonly outputField: Field = DATETIME;
}

const DATE_KINDS = new Set(["year", "quarter", "month", "week", "day", "date"]);

/** Cuts off what is finer than a unit. */
export abstract class TruncBase extends TimezoneFunction {
  static override readonly arity: number | null = null;
  /** The unit. */
  static readonly kind: string | null = null;

  constructor(...args: readonly unknown[]) {
    const { options, positional } = given(args);
    const { tzinfo = null, ...rest } = options;
    super(...positional, { ...rest, ...extras({ tzinfo }) });
  }

  get kind(): string {
    return (this.constructor as typeof TruncBase).kind as string;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options) as this;
    const field = resolved.lhs.outputField;
    if (!(field instanceof DateField || field instanceof DateTimeField || field instanceof TimeField)) {
      throw new ArgumentTypeError(
        `${repr((field as Field).name)} isn't a DateField, TimeField, or DateTimeField.`,
      );
    }
    const output = resolved.outputField;
    if (!(output instanceof DateField || output instanceof DateTimeField || output instanceof TimeField)) {
      throw new ValueError("outputField must be either DateField, TimeField, or DateTimeField");
    }
    this.checkUnit(field, output);
    return resolved;
  }

  /** Instants of days or of times of day are most likely a mistake. */
  private checkUnit(field: Field, output: Field): void {
    const explicit = this.class.outputField !== null || field.constructor !== output.constructor;
    const target = explicit ? output.constructor.name : "DateTimeField";
    const { kind } = this;
    if (isDate(field) && (output instanceof DateTimeField || TIME_PARTS.has(kind) || kind === "time")) {
      throw new ValueError(`Cannot truncate DateField '${field.name}' to ${target}.`);
    }
    if (field instanceof TimeField && (output instanceof DateTimeField || DATE_KINDS.has(kind))) {
      throw new ValueError(`Cannot truncate TimeField '${field.name}' to ${target}.`);
    }
  }

  override asSql(compiler: Compiler): Sql {
    const inner = compiler.compile(this.lhs);
    let timezone: Sql | null = null;
    if (this.lhs.outputField instanceof DateTimeField) timezone = this.timezoneSql(compiler);
    else if (this.tzinfo !== null) throw new ValueError("tzinfo can only be used with DateTimeField.");
    const { outputField, kind } = this;
    if (outputField instanceof DateTimeField) return compiler.ops.datetimeTruncSql(kind, inner, timezone);
    if (outputField instanceof DateField) return compiler.ops.dateTruncSql(kind, inner, timezone);
    if (outputField instanceof TimeField) return compiler.ops.timeTruncSql(kind, inner, timezone);
    throw new ValueError("Trunc only valid on DateField, TimeField, or DateTimeField.");
  }

  /** The database gives clock and calendar of the zone, without saying which. */
  override converter(ops: DatabaseOperations): ((value: unknown) => unknown) | null {
    const read = super.converter(ops);
    const { outputField, tzinfo } = this;
    if (!(outputField instanceof DateTimeField)) {
      const part = outputField instanceof TimeField ? timeOf : dayOf;
      return read === null ? part : (value) => part(read(value));
    }
    const inZone = (value: unknown) => {
      const date = read === null ? value : read(value);
      const zone = tzinfo ?? getCurrent();
      return date instanceof Date && zone !== "UTC" ? instantOf(localTimeOf(date, "UTC"), zone) : date;
    };
    if (ops.features.hasZoneinfoDatabase) return inZone;
    // A server that does not know the zone answers NULL.
    const orMissing = (value: unknown) => {
      if (value !== null) return inZone(value);
      throw new ValueError(
        "Database returned an invalid datetime value. Are time zone definitions for your database installed?",
      );
    };
    return Object.assign(orMissing, { takesNull: true });
  }
}

/** The day of a timestamp: a database may cut units of dates off of timestamps. */
function dayOf(value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  return new Temporal.PlainDate(value.getUTCFullYear(), value.getUTCMonth() + 1, value.getUTCDate());
}

function timeOf(value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  return new Temporal.PlainTime(
    value.getUTCHours(),
    value.getUTCMinutes(),
    value.getUTCSeconds(),
    value.getUTCMilliseconds(),
    subMilliseconds(value),
  );
}

/**
 * Cuts off what is finer than a unit: `Trunc("start", "month")`, with another type `{ outputField: DateField() }`.
 *
 * Django: Database Functions, `Trunc`.
 */
export class Trunc extends TruncBase {
  constructor(...args: readonly unknown[]) {
    const { options, positional } = given(args);
    const { kind: named, ...rest } = options;
    const [expression, kind = named, outputField, tzinfo] = positional;
    super(expression, { ...rest, kind, ...extras({ outputField, tzinfo }) });
  }

  override get kind(): string {
    return this.extra["kind"] as string;
  }
}

export class TruncYear extends TruncBase {
  static override readonly kind: string = "year";
}

export class TruncQuarter extends TruncBase {
  static override readonly kind: string = "quarter";
}

export class TruncMonth extends TruncBase {
  static override readonly kind: string = "month";
}

/** To the midnight on which the week's Monday begins. */
export class TruncWeek extends TruncBase {
  static override readonly kind: string = "week";
}

export class TruncDay extends TruncBase {
  static override readonly kind: string = "day";
}

/** The day of an instant. */
export class TruncDate extends TruncBase {
  static override readonly kind: string = "date";
  static override readonly lookupName: string = "date";
  static override readonly outputField: Field = DATE;

  override asSql(compiler: Compiler): Sql {
    return compiler.ops.datetimeCastDateSql(compiler.compile(this.lhs), this.timezoneSql(compiler));
  }
}

/** The time of day of an instant. */
export class TruncTime extends TruncBase {
  static override readonly kind: string = "time";
  static override readonly lookupName: string = "time";
  static override readonly outputField: Field = TIME;

  override asSql(compiler: Compiler): Sql {
    return compiler.ops.datetimeCastTimeSql(compiler.compile(this.lhs), this.timezoneSql(compiler));
  }
}

export class TruncHour extends TruncBase {
  static override readonly kind: string = "hour";
}

export class TruncMinute extends TruncBase {
  static override readonly kind: string = "minute";
}

export class TruncSecond extends TruncBase {
  static override readonly kind: string = "second";
}

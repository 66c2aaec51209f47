/** Fields of dates, times and durations. */

import { ArgumentTypeError, ValueError } from "../errors.ts";
import { instantOf, localTimeOf } from "../util/civil.ts";
import { now } from "../util/clock.ts";
import { durationString, parseDate, parseDateTime, parseDuration, parseTime } from "../util/dates.ts";
import { dateOf, microseconds } from "../util/microseconds.ts";
import { repr, str } from "../util/repr.ts";
import {
  isDate,
  isDuration,
  isInstant,
  isPlainDate,
  isPlainDateTime,
  isPlainTime,
  isZonedDateTime,
  Temporal,
} from "../util/temporal.ts";
import { getDefault } from "../util/timezone.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";

export interface AutoNowOptions extends FieldOptions {
  /** Set to the present at every save. */
  autoNow?: boolean | undefined;
  /** Set to the present when the object is made. */
  autoNowAdd?: boolean | undefined;
}

/** What the fields of dates and times have in common: they can fill themselves in. */
abstract class TemporalField extends Field {
  readonly autoNow: boolean;
  readonly autoNowAdd: boolean;

  constructor(options: AutoNowOptions = {}) {
    const { autoNow = false, autoNowAdd = false } = options;
    super(autoNow || autoNowAdd ? { ...options, editable: false, blank: true } : options);
    this.autoNow = autoNow;
    this.autoNowAdd = autoNowAdd;
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  /** The present, as the field holds it. */
  protected abstract present(): unknown;

  override preSave(instance: Record<string, unknown>, add: boolean): unknown {
    if (!this.autoNow && !(this.autoNowAdd && add)) return super.preSave(instance, add);
    const value = this.present();
    instance[this.attname] = value;
    return value;
  }

  override valueToString(object: Readonly<Record<string, unknown>>): string {
    const value = this.valueFromObject(object);
    return value == null ? "" : str(value);
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(this.defined(value));
  }

  /** Reads a text; the code names the error of one that looks right but does not exist. */
  protected read<T>(value: unknown, parse: (text: string) => T | null, code: string): T | null {
    if (typeof value !== "string") {
      throw new ArgumentTypeError(
        `Field '${this.name}' expected ${this.internalType.slice(0, -5)} or a text but got ${repr(value)}.`,
      );
    }
    try {
      return parse(value);
    } catch (error) {
      if (error instanceof ValueError) return this.fail(code, { value });
      throw error;
    }
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.autoNow) kwargs.autoNow = true;
    if (this.autoNowAdd) kwargs.autoNowAdd = true;
    if (this.autoNow || this.autoNowAdd) {
      delete kwargs.editable;
      delete kwargs.blank;
    }
    return { type, kwargs };
  }
}

/** The instant of a `Date`, `Temporal.Instant` or `Temporal.ZonedDateTime`; `null` for anything else. */
function instant(value: unknown): Date | null {
  if (isDate(value)) return value;
  if (!isInstant(value) && !isZonedDateTime(value)) return null;
  const us = (isInstant(value) ? value : value.toInstant()).epochNanoseconds / 1000n;
  return dateOf(value.epochMilliseconds, Number(((us % 1000n) + 1000n) % 1000n));
}

/** A day: a `Temporal.PlainDate`. */
export class DateField extends TemporalField {
  override get internalType(): string {
    return "DateField";
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return {
      ...super.defaultErrorMessages,
      invalid: "“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format.",
      invalid_date: "“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date.",
    };
  }

  protected override present(): unknown {
    return dayOf(now());
  }

  /** An instant counts as its day in the default time zone. */
  override toPython(value: unknown): unknown {
    if (value === null || isPlainDate(value)) return value;
    if (isPlainDateTime(value)) return value.toPlainDate();
    const at = instant(value);
    if (at !== null) return Number.isNaN(at.getTime()) ? this.fail("invalid", { value }) : dayOf(at);
    return this.read(value, parseDate, "invalid_date") ?? this.fail("invalid", { value });
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptDate(prepared as Temporal.PlainDate);
  }
}

function dayOf(date: Date): Temporal.PlainDate {
  const { year, month, day } = localTimeOf(date, getDefault());
  return new Temporal.PlainDate(year, month, day);
}

/** An instant: a `Date`, stored in UTC. Microseconds survive a round trip: see `microseconds()`. */
export class DateTimeField extends DateField {
  override get internalType(): string {
    return "DateTimeField";
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    const format = "YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]";
    return {
      ...super.defaultErrorMessages,
      invalid: `“%(value)s” value has an invalid format. It must be in ${format} format.`,
      invalid_date: "“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date.",
      invalid_datetime: `“%(value)s” value has the correct format (${format}) but it is an invalid date/time.`,
    };
  }

  protected override present(): unknown {
    return now();
  }

  /** What has no offset is in the default time zone; a day is its midnight. */
  override toPython(value: unknown): unknown {
    if (value === null) return null;
    const at = instant(value);
    if (at !== null) return Number.isNaN(at.getTime()) ? this.fail("invalid", { value }) : at;
    if (isPlainDate(value)) return midnight(value);
    if (isPlainDateTime(value)) {
      return instantOf(
        { ...parts(value), microsecond: value.millisecond * 1000 + value.microsecond },
        getDefault(),
      );
    }
    const parsed = this.read(value, parseDateTime, "invalid_datetime");
    if (parsed !== null) {
      if (parsed.offset === null) return instantOf(parsed, getDefault());
      const utc = instantOf(parsed, "UTC");
      return dateOf(utc.getTime() - parsed.offset * 1000, microseconds(utc) % 1000);
    }
    const day = this.read(value, parseDate, "invalid_date");
    return day === null ? this.fail("invalid", { value }) : midnight(day);
  }

  override valueToString(object: Readonly<Record<string, unknown>>): string {
    const value = this.valueFromObject(object);
    return value == null ? "" : str(value).replace(" ", "T");
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptDateTime(prepared as Date);
  }
}

function parts({ year, month, day, hour, minute, second }: Temporal.PlainDateTime) {
  return { year, month, day, hour, minute, second };
}

function midnight({ year, month, day }: Temporal.PlainDate): Date {
  return instantOf({ year, month, day, hour: 0, minute: 0, second: 0, microsecond: 0 }, getDefault());
}

/** A time of day: a `Temporal.PlainTime`. */
export class TimeField extends TemporalField {
  override get internalType(): string {
    return "TimeField";
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    const format = "HH:MM[:ss[.uuuuuu]]";
    return {
      ...super.defaultErrorMessages,
      invalid: `“%(value)s” value has an invalid format. It must be in ${format} format.`,
      invalid_time: `“%(value)s” value has the correct format (${format}) but it is an invalid time.`,
    };
  }

  protected override present(): unknown {
    return timeOf(now(), getDefault());
  }

  /** Of an instant its time in UTC counts. */
  override toPython(value: unknown): unknown {
    if (value === null || isPlainTime(value)) return value;
    if (isPlainDateTime(value)) return value.toPlainTime();
    const at = instant(value);
    if (at !== null) return Number.isNaN(at.getTime()) ? this.fail("invalid", { value }) : timeOf(at, "UTC");
    return this.read(value, parseTime, "invalid_time") ?? this.fail("invalid", { value });
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptTime(prepared as Temporal.PlainTime);
  }
}

function timeOf(date: Date, zone: string): Temporal.PlainTime {
  const { hour, minute, second, microsecond } = localTimeOf(date, zone);
  return new Temporal.PlainTime(hour, minute, second, Math.floor(microsecond / 1000), microsecond % 1000);
}

/** A length of time: a `Temporal.Duration` without months and years. Stored in microseconds. */
export class DurationField extends Field {
  override get internalType(): string {
    return "DurationField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  /** Three hundred years are more microseconds than a `number` counts. */
  override get wantsBigInt(): boolean {
    return true;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return {
      ...super.defaultErrorMessages,
      invalid: "“%(value)s” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format.",
    };
  }

  override toPython(value: unknown): unknown {
    if (value === null || isDuration(value)) return value;
    if (typeof value !== "string") {
      throw new ArgumentTypeError(
        `Field '${this.name}' expected a Duration or a text but got ${repr(value)}.`,
      );
    }
    return parseDuration(value) ?? this.fail("invalid", { value });
  }

  override valueToString(object: Readonly<Record<string, unknown>>): string {
    const value = this.valueFromObject(object);
    return value == null ? "" : durationString(value as Temporal.Duration);
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(this.defined(value));
  }

  /** An empty text is no duration, although Django's parser takes it for none at all. */
  override getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    return value === "" ? this.fail("invalid", { value }) : super.getDbPrepSave(value, ops);
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptDuration(prepared as Temporal.Duration);
  }
}

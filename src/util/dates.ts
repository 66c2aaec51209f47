/**
 * Texts of dates, times and durations: reading what users and databases write, and writing what Python writes.
 *
 * The readers of database rows are written by hand: they run once per cell.
 */

import { ValueError } from "../errors.ts";
import { type LocalTime, utc } from "./civil.ts";
import { asciiDigits } from "./digits.ts";
import { dateOf, subMilliseconds } from "./microseconds.ts";
import { remembering } from "./remember.ts";
import { Temporal } from "./temporal.ts";

// ---------------------------------------------------------------- writing

/** `2020-01-31`, the year in four digits. @throws {ValueError} for years that Python and SQL lack. */
export function isoDate(date: { year: number; month: number; day: number }): string {
  checkYear(date.year);
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

/** `10:00:00`, with six digits of a fraction when there is one. */
export function isoTime(time: Temporal.PlainTime): string {
  const us = time.millisecond * 1000 + time.microsecond;
  const text = `${pad(time.hour, 2)}:${pad(time.minute, 2)}:${pad(time.second, 2)}`;
  return us === 0 ? text : `${text}.${pad(us, 6)}`;
}

/** `2020-01-31 10:00:00` in UTC, with six digits of a fraction when there is one. */
export function isoDateTime(date: Date): string {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year)) throw new ValueError("Invalid Date");
  checkYear(year);
  const us = date.getUTCMilliseconds() * 1000 + subMilliseconds(date);
  const day = `${year > 999 ? year : pad(year, 4)}-${TWO[date.getUTCMonth() + 1]}-${TWO[date.getUTCDate()]}`;
  const time = `${TWO[date.getUTCHours()]}:${TWO[date.getUTCMinutes()]}:${TWO[date.getUTCSeconds()]}`;
  return us === 0 ? `${day} ${time}` : `${day} ${time}.${pad(us, 6)}`;
}

/** `00` to `99` */
const TWO: readonly string[] = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));

function checkYear(year: number): void {
  if (!(year >= 1 && year <= 9999)) throw new ValueError(`year ${year} is out of range`);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

const US = { day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n, ms: 1000n };

/** The length of a duration in microseconds; what is finer is cut off. @throws {ValueError} for months and years. */
export function durationMicroseconds(duration: Temporal.Duration): bigint {
  if (duration.years !== 0 || duration.months !== 0) {
    throw new ValueError(`${duration} has months or years, whose length is not fixed`);
  }
  return (
    BigInt(duration.weeks * 7 + duration.days) * US.day +
    BigInt(duration.hours) * US.hour +
    BigInt(duration.minutes) * US.minute +
    BigInt(duration.seconds) * US.second +
    BigInt(duration.milliseconds) * US.ms +
    BigInt(duration.microseconds) +
    BigInt(duration.nanoseconds) / 1000n
  );
}

/** A duration of days, hours, minutes, seconds and fractions, all of one sign. */
export function durationFromMicroseconds(us: number | bigint): Temporal.Duration {
  if (typeof us === "bigint") {
    const days = us / US.day;
    return balanced(Number(days), Number(us - days * US.day));
  }
  const days = Math.trunc(us / 86_400_000_000);
  return balanced(days, us - days * 86_400_000_000);
}

function balanced(days: number, rest: number): Temporal.Duration {
  const hours = Math.trunc(rest / 3_600_000_000);
  const minutes = Math.trunc(rest / 60_000_000) % 60;
  const seconds = Math.trunc(rest / 1_000_000) % 60;
  const milliseconds = Math.trunc(rest / 1000) % 1000;
  // Adding zero turns -0 into 0, which inspection would show.
  return new Temporal.Duration(
    0,
    0,
    0,
    days + 0,
    hours + 0,
    minutes + 0,
    seconds + 0,
    milliseconds + 0,
    (rest % 1000) + 0,
  );
}

/** A duration as days (which alone can be negative), seconds and microseconds: Python's `timedelta`. */
export function timedelta(duration: Temporal.Duration): {
  days: bigint;
  seconds: number;
  microseconds: number;
} {
  const total = durationMicroseconds(duration);
  const rest = ((total % US.day) + US.day) % US.day;
  return {
    days: (total - rest) / US.day,
    seconds: Number(rest / US.second),
    microseconds: Number(rest % US.second),
  };
}

function clock(seconds: number): [hours: string, minutes: string, seconds: string] {
  return [pad(Math.floor(seconds / 3600), 2), pad(Math.floor(seconds / 60) % 60, 2), pad(seconds % 60, 2)];
}

/** `1 02:03:04.000005`, which {@link parseDuration} reads: Django's `duration_string()`. */
export function durationString(duration: Temporal.Duration): string {
  const { days, seconds, microseconds } = timedelta(duration);
  const fraction = microseconds === 0 ? "" : `.${pad(microseconds, 6)}`;
  return `${days === 0n ? "" : `${days} `}${clock(seconds).join(":")}${fraction}`;
}

/** `P1DT02H03M04.000005S`, a minus in front of a negative one: Django's `duration_iso_string()`. */
export function durationIsoString(duration: Temporal.Duration): string {
  const negative = durationMicroseconds(duration) < 0n;
  const { days, seconds, microseconds } = timedelta(negative ? duration.negated() : duration);
  const [h, m, s] = clock(seconds);
  const fraction = microseconds === 0 ? "" : `.${pad(microseconds, 6)}`;
  return `${negative ? "-" : ""}P${days}DT${h}H${m}M${s}${fraction}S`;
}

// ---------------------------------------------------------------- reading what users write

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const BASIC_DATE = /^(\d{4})(\d\d)(\d\d)$/;
const WEEK_DATE = /^(\d{4})-?W(\d\d)(?:-?([1-7]))?$/;
const TIME =
  /^T?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,12}))?)?(?:\s*(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?))?$/;
const BASIC_TIME = /^T?(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d{1,12}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
/** The forms that Django's messages name: what has one of them, but does not exist, gets an error that says so. */
const USUAL_TIME = /^\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.,]\d{1,12})?)?$/;
const USUAL_DATE_TIME =
  /^\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.,]\d{1,12})?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?)?$/;
const DATE_PART = /^(\d{4}-\d{1,2}-\d{1,2}|\d{8}|\d{4}-?W\d\d(?:-?[1-7])?)(?:(.)(.+))?$/su;

/**
 * Reads a date: `2020-01-31`, and the other ISO forms.
 *
 * @returns `null` when the text is no date at all.
 * @throws {ValueError} when it looks like one but does not exist (`2020-02-30`).
 */
export function parseDate(text: string): Temporal.PlainDate | null {
  const match = DATE.exec(text);
  if (match !== null) return plainDate(Number(match[1]), Number(match[2]), Number(match[3]));
  return orNull(() => {
    const basic = BASIC_DATE.exec(text);
    if (basic !== null) return plainDate(Number(basic[1]), Number(basic[2]), Number(basic[3]));
    const week = WEEK_DATE.exec(text);
    if (week === null) return null;
    const fourth = plainDate(Number(week[1]), 1, 4);
    const number = Number(week[2]);
    const day = fourth.add({ days: (number - 1) * 7 + Number(week[3] ?? 1) - fourth.dayOfWeek });
    return day.weekOfYear === number ? day : null;
  });
}

/** In all but the usual form a value that does not exist is no value at all. */
function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) return null;
    throw error;
  }
}

function plainDate(year: number, month: number, day: number): Temporal.PlainDate {
  if (year < 1) throw new ValueError(`year ${year} is out of range`);
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    throw new ValueError("day is out of range for month");
  }
}

/** Reads a time of day: `10:00`, `10:00:00.5`. Result and errors as of {@link parseDate}. */
export function parseTime(text: string): Temporal.PlainTime | null {
  const time = USUAL_TIME.test(text) ? clockTime(text) : orNull(() => clockTime(text));
  return time === null ? null : plainTime(time);
}

interface ClockTime {
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
  /** Seconds east of UTC; `null` when the text does not say. */
  offset: number | null;
}

function clockTime(text: string): ClockTime | null {
  const match = TIME.exec(text) ?? BASIC_TIME.exec(text);
  if (match === null) return null;
  const time = {
    hour: Number(match[1]),
    minute: Number(match[2] ?? 0),
    second: Number(match[3] ?? 0),
    microsecond: Number((match[4] ?? "").slice(0, 6).padEnd(6, "0")),
    offset: match[5] === undefined ? null : offsetSeconds(match[5]),
  };
  if (time.hour > 23 || time.minute > 59 || time.second > 59) throw new ValueError("time is out of range");
  return time;
}

function offsetSeconds(text: string): number {
  if (text === "Z") return 0;
  const digits = text.slice(1).replaceAll(":", "");
  const seconds =
    Number(digits.slice(0, 2)) * 3600 +
    Number(digits.slice(2, 4) || 0) * 60 +
    Number(digits.slice(4, 6) || 0);
  if (seconds >= 86_400) throw new ValueError("offset must be less than a day");
  return text.startsWith("-") ? -seconds : seconds;
}

function plainTime({ hour, minute, second, microsecond }: ClockTime): Temporal.PlainTime {
  return new Temporal.PlainTime(hour, minute, second, Math.floor(microsecond / 1000), microsecond % 1000);
}

/** A date and time as read: an offset makes it an instant. */
export interface ParsedDateTime extends LocalTime {
  /** Seconds east of UTC; `null` when the text does not say. */
  offset: number | null;
}

/** Reads a date with a time. A date alone is its midnight. Result and errors as of {@link parseDate}. */
export function parseDateTime(text: string): ParsedDateTime | null {
  return USUAL_DATE_TIME.test(text) ? dateTime(text) : orNull(() => dateTime(text));
}

function dateTime(text: string): ParsedDateTime | null {
  const match = DATE_PART.exec(text);
  if (match === null) return null;
  const time = match[3] === undefined ? MIDNIGHT : clockTime(match[3]);
  if (time === null) return null;
  const date = parseDate(match[1] as string);
  if (date === null) return null;
  return { year: date.year, month: date.month, day: date.day, ...time };
}

const MIDNIGHT: ClockTime = { hour: 0, minute: 0, second: 0, microsecond: 0, offset: null };

const CLOCK_DURATION =
  /^(?:(-?\d+) (?:days?,? ?)?)?([-+]?)(?:(?:(\d+):(?=\d+:\d+))?(?:(\d+):)?(\d+)(?:[.,](\d{1,12}))?)?$/;
/** No time of day: then the days must be named. Nothing at all is no time. */
const DAYS_ALONE = /^(?:-?\d+ days? ?)?$/;
/** A plus stands only before hours, minutes and seconds. */
const CLOCK_PLUS = /^[^+]*(?:\+\d+:\d\d:\d\d(?:\.\d{1,6})?)?$/;
const ISO_DURATION =
  /^([-+]?)P(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

/**
 * Reads a duration: `[DD] [[HH:]MM:]ss[.uuuuuu]`, ISO 8601 (`P4DT1H`), PostgreSQL's (`3 days 04:05:06`).
 *
 * @returns `null` when the text is no duration.
 */
export function parseDuration(text: string): Temporal.Duration | null {
  const us = durationText(asciiDigits(text));
  return us === null ? null : durationFromMicroseconds(us);
}

function durationText(text: string): bigint | null {
  const iso = ISO_DURATION.exec(text);
  if (iso !== null) {
    const units = [US.day, US.hour, US.minute, US.second];
    const total = units.reduce((sum, unit, i) => sum + fraction(iso[i + 2], unit), 0n);
    return iso[1] === "-" ? -total : total;
  }
  const match = CLOCK_DURATION.exec(text);
  if (match === null || !(match[5] === undefined ? DAYS_ALONE : CLOCK_PLUS).test(text)) return null;
  const days = BigInt(match[1] ?? 0) * US.day;
  const time =
    BigInt(match[3] ?? 0) * US.hour +
    BigInt(match[4] ?? 0) * US.minute +
    BigInt(match[5] ?? 0) * US.second +
    BigInt((match[6] ?? "").slice(0, 6).padEnd(6, "0"));
  return match[2] === "-" ? days - time : days + time;
}

/** `1.5` hours in microseconds, rounded. */
function fraction(text: string | undefined, unit: bigint): bigint {
  if (text === undefined) return 0n;
  const [whole, part = ""] = text.replace(",", ".").split(".") as [string, string?];
  const scale = 10n ** BigInt(part.length);
  const value = BigInt(whole + part) * unit;
  return (value + scale / 2n) / scale;
}

// ---------------------------------------------------------------- reading database rows

/** Two digits at a place, or a number far below zero when they are none. */
function two(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48;
  const b = text.charCodeAt(at + 1) - 48;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -10_000;
}

/** The microseconds after a point: up to six digits, from a place to the end. -1 when something else is there. */
function fractionAt(text: string, from: number): number {
  const end = text.length;
  let value = 0;
  let scale = 100_000;
  for (let i = from; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value += digit * scale;
    scale = scale === 1 ? 0 : scale / 10;
  }
  return value;
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC. Every other form goes through {@link parseDateTime}; `null` if that fails. */
export function readDateTime(text: string): Date | null {
  const length = text.length;
  if ((length === 19 || (length > 20 && text.charCodeAt(19) === 46)) && text.charCodeAt(4) === 45) {
    const year = two(text, 0) * 100 + two(text, 2);
    const month = two(text, 5);
    const day = two(text, 8);
    const hour = two(text, 11);
    const minute = two(text, 14);
    const second = two(text, 17);
    const us = length === 19 ? 0 : fractionAt(text, 20);
    const valid =
      year > 0 && month > 0 && month <= 12 && day > 0 && day <= 28 + (day > 28 ? extraDays(year, month) : 0);
    if (
      valid &&
      hour >= 0 &&
      hour < 24 &&
      minute >= 0 &&
      minute < 60 &&
      second >= 0 &&
      second < 60 &&
      us >= 0
    ) {
      const ms = Math.floor(us / 1000);
      return dateOf(utc(year, month, day, hour, minute, second) + ms, us - ms * 1000);
    }
  }
  const parsed = parseDateTime(text);
  if (parsed === null) return null;
  const ms = Math.floor(parsed.microsecond / 1000);
  const time = utc(parsed.year, parsed.month, parsed.day, parsed.hour, parsed.minute, parsed.second);
  return dateOf(time - (parsed.offset ?? 0) * 1000 + ms, parsed.microsecond % 1000);
}

/** How many days a month has beyond 28. */
function extraDays(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 2 : 3;
}

/** A date of a row. `null` when the text is none. */
export const readDate: (text: string) => Temporal.PlainDate | null = remembering(parseDate);

/** A time of a row. `null` when the text is none. */
export const readTime: (text: string) => Temporal.PlainTime | null = remembering(parseTime);

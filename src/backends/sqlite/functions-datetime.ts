/**
 * SQLite keeps dates, times and datetimes as text. These functions take them apart, as the functions of the
 * same names do that Django registers: a text that is no date gives NULL, a misuse is an error.
 */

import { isZone, offsetAt, offsetOfLocal } from "../../util/zone-offset.ts";
import { PythonOverflow } from "./errors.ts";

/** A point on the calendar; `micros` of the day, null for a date alone. */
interface Moment {
  readonly days: number;
  readonly micros: number | null;
}

/** The text is no date or time: NULL, where Django catches `ValueError` and `TypeError`. */
class Unreadable extends Error {}

const DAY_SECONDS = 86_400;
const SECOND = 1_000_000;
const DAY = DAY_SECONDS * SECOND;
const MIN_DAYS = -719_162; // 0001-01-01
const MAX_DAYS = 2_932_896; // 9999-12-31
const MAX_DELTA_DAYS = 999_999_999;

// Calendar. ------------------------------------------------------------------------------------------

function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const part = Math.floor((5 * dayOfYear + 2) / 153);
  const month = part + (part < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * part + 2) / 5) + 1,
  };
}

/** Monday is 1, Sunday is 7. */
function isoWeekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

function isoWeek(days: number): { year: number; week: number } {
  // The week belongs to the year of its Thursday.
  const thursday = days - isoWeekday(days) + 4;
  const { year } = civil(thursday);
  return { year, week: Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1 };
}

const two = (value: number): string => String(value).padStart(2, "0");

function dateText(days: number): string {
  const { year, month, day } = civil(days);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

function timeText(micros: number): string {
  const seconds = Math.floor(micros / SECOND);
  const fraction = micros % SECOND;
  const text = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, "0")}`;
}

function momentText({ days, micros }: Moment): string {
  return micros === null ? dateText(days) : `${dateText(days)} ${timeText(micros)}`;
}

// Reading. -------------------------------------------------------------------------------------------

/** An integer as Python's `int()` reads it. */
function integer(text: string | undefined): number {
  if (text === undefined || !/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text)) throw new Unreadable("no integer");
  return Number(text.replaceAll("_", ""));
}

function readDate(text: string): number {
  const parts = text.split("-");
  if (parts.length !== 3) throw new Unreadable("no date");
  return checkedDate(integer(parts[0]), integer(parts[1]), integer(parts[2]));
}

function checkedDate(year: number, month: number, day: number): number {
  if (year < 1 || year > 9_999 || month < 1 || month > 12 || day < 1 || day > 31)
    throw new Unreadable("no date");
  const days = daysOf(year, month, day);
  if (civil(days).month !== month) throw new Unreadable("no date");
  return days;
}

function checkedTime(hour: number, minute: number, secondText: string): number {
  const dot = secondText.split(".");
  if (dot.length > 2) throw new Unreadable("no time");
  const second = integer(dot[0]);
  const micros = integer(`${dot[1] ?? "0"}000000`.slice(0, 6));
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || micros < 0) {
    throw new Unreadable("no time");
  }
  return ((hour * 60 + minute) * 60 + second) * SECOND + micros;
}

/** A time of day; null for an empty text. */
function readTime(value: unknown): number | null {
  if (typeof value !== "string") throw new TypeError("a time must be text");
  if (value === "") return null;
  const parts = value.split(":");
  if (parts.length !== 3) throw new Unreadable("no time");
  return checkedTime(integer(parts[0]), integer(parts[1]), parts[2] as string);
}

/** A datetime, or a date where there is no space; null for an empty text. An offset at the end is cut off. */
function readTimestamp(value: unknown): Moment | null {
  if (typeof value !== "string") throw new Unreadable("no text");
  if (value === "") return null;
  if (!value.includes(" ")) return { days: readDate(value), micros: null };
  const [date, time, ...more] = value.trim().split(/\s+/);
  if (date === undefined || time === undefined || more.length > 0) throw new Unreadable("no datetime");
  const sign = time.includes("-") ? "-" : "+";
  const dates = date.split("-");
  const times = (time.split(sign)[0] as string).split(":");
  if (times[2] === undefined || dates.length < 3) throw new RangeError("the datetime lacks a part");
  // Seconds and their fraction are cut apart before anything is read, the date is read before the time.
  const numbers = [dates[0], dates[1], dates[2], times[0], times[1]].map(integer) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    days: checkedDate(numbers[0], numbers[1], numbers[2]),
    micros: checkedTime(numbers[3], numbers[4], times[2]),
  };
}

/** The zone of a name such as `UTC+03:00`: the zone's own name and the seconds to shift. */
function splitZone(name: string): { zone: string; shift: number } {
  const match = /^(.*)([+-])(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(name) ?? /^(.*)([+-])(\d{2})$/.exec(name);
  if (match === null || isZone(name)) return { zone: name, shift: 0 };
  const shift = Number(match[3]) * 3_600 + Number(match[4] ?? 0) * 60;
  return { zone: match[1] as string, shift: match[2] === "+" ? shift : -shift };
}

/** The value in the zone `zone`, when it is stored in `stored`. NULL for what is no datetime. */
function parse(value: unknown, zone: unknown = null, stored: unknown = null): Moment | null {
  if (value === null) return null;
  let moment: Moment | null;
  try {
    moment = readTimestamp(value);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
  const converts = typeof zone === "string" && zone !== stored;
  if (!stored && !converts) return moment;
  if (moment === null || moment.micros === null) throw new TypeError("a date has no time zone");
  if (!converts) return moment;
  if (typeof stored !== "string" || stored === "") throw new TypeError("the datetime has no time zone");
  const { zone: name, shift } = splitZone(zone);
  let local = moment.days * DAY_SECONDS + Math.floor(moment.micros / SECOND) + shift;
  const instant = local - offsetOfLocal(stored, local);
  local = instant + offsetAt(name || stored, instant);
  return checkRange({
    days: Math.floor(local / DAY_SECONDS),
    micros: (((local % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS) * SECOND + (moment.micros % SECOND),
  });
}

function checkRange(moment: Moment): Moment {
  if (moment.days < MIN_DAYS || moment.days > MAX_DAYS) throw new PythonOverflow("date value out of range");
  return moment;
}

function micros(moment: Moment): number {
  if (moment.micros === null) throw new TypeError("a date has no time of day");
  return moment.micros;
}

// The functions. -------------------------------------------------------------------------------------

/** Truncates days to the start of a period; null where `lookup` is none of days. */
function truncDays(lookup: unknown, days: number): number | null {
  const { year, month } = civil(days);
  switch (lookup) {
    case "year":
      return daysOf(year, 1, 1);
    case "quarter":
      return daysOf(year, month - ((month - 1) % 3), 1);
    case "month":
      return daysOf(year, month, 1);
    case "week":
      return checkRange({ days: days - isoWeekday(days) + 1, micros: null }).days;
    case "day":
      return days;
    default:
      return null;
  }
}

/** Truncates a time of day; null where `lookup` is none of times. */
function truncMicros(lookup: unknown, value: number): number | null {
  const unit = { hour: 3_600 * SECOND, minute: 60 * SECOND, second: SECOND }[String(lookup)];
  return unit === undefined ? null : value - (value % unit);
}

function unsupported(lookup: unknown): RangeError {
  return new RangeError(`Unsupported lookup type: '${String(lookup)}'`);
}

export function dateTrunc(lookup: unknown, value: unknown, zone: unknown, stored: unknown): string | null {
  const moment = parse(value, zone, stored);
  if (moment === null) return null;
  const days = truncDays(lookup, moment.days);
  if (days === null) throw unsupported(lookup);
  return dateText(days);
}

export function timeTrunc(lookup: unknown, value: unknown, zone: unknown, stored: unknown): string | null {
  if (value === null) return null;
  const moment = parse(value, zone, stored);
  let time: number | null;
  try {
    time = moment === null ? readTime(value) : micros(moment);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
  const truncated = time === null ? null : truncMicros(lookup, time);
  if (truncated === null) throw unsupported(lookup);
  return timeText(truncated);
}

export function datetimeTrunc(
  lookup: unknown,
  value: unknown,
  zone: unknown,
  stored: unknown,
): string | null {
  const moment = parse(value, zone, stored);
  if (moment === null) return null;
  const days = truncDays(lookup, moment.days);
  if (days !== null) return `${dateText(days)} 00:00:00`;
  const truncated = truncMicros(lookup, micros(moment));
  if (truncated === null) throw unsupported(lookup);
  return `${dateText(moment.days)} ${timeText(truncated)}`;
}

export function datetimeCastDate(value: unknown, zone: unknown, stored: unknown): string | null {
  const moment = parse(value, zone, stored);
  if (moment !== null && moment.micros === null) throw new TypeError("a date has no date()");
  return moment === null ? null : dateText(moment.days);
}

export function datetimeCastTime(value: unknown, zone: unknown, stored: unknown): string | null {
  const moment = parse(value, zone, stored);
  return moment === null ? null : timeText(micros(moment));
}

export function dateExtract(lookup: unknown, value: unknown): bigint | null {
  return datetimeExtract(lookup, value, null, null);
}

export function datetimeExtract(
  lookup: unknown,
  value: unknown,
  zone: unknown,
  stored: unknown,
): bigint | null {
  const moment = parse(value, zone, stored);
  return moment === null ? null : BigInt(extract(lookup, moment));
}

function extract(lookup: unknown, moment: Moment): number {
  const { days } = moment;
  const { year, month, day } = civil(days);
  switch (lookup) {
    case "year":
      return year;
    case "iso_year":
      return isoWeek(days).year;
    case "quarter":
      return Math.ceil(month / 3);
    case "month":
      return month;
    case "week":
      return isoWeek(days).week;
    case "day":
      return day;
    case "week_day":
      return (isoWeekday(days) % 7) + 1;
    case "iso_week_day":
      return isoWeekday(days);
    default:
      return extractTime(lookup, micros(moment));
  }
}

function extractTime(lookup: unknown, time: number): number {
  switch (lookup) {
    case "hour":
      return Math.floor(time / (3_600 * SECOND));
    case "minute":
      return Math.floor(time / (60 * SECOND)) % 60;
    case "second":
      return Math.floor(time / SECOND) % 60;
    case "microsecond":
      return time % SECOND;
    default:
      throw unsupported(lookup);
  }
}

export function timeExtract(lookup: unknown, value: unknown): bigint | null {
  if (value === null) return null;
  let time: number | null;
  try {
    time = readTime(value);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
  if (time === null) throw new TypeError("an empty text has no time");
  return BigInt(extractTime(lookup, time));
}

/** Microseconds between two times of day. */
export function timeDiff(left: unknown, right: unknown): bigint | null {
  if (left === null || right === null) return null;
  const [a, b] = [readTime(left), readTime(right)];
  if (a === null || b === null) throw new TypeError("an empty text has no time");
  return BigInt(a - b);
}

/** Microseconds between two datetimes, or two dates. */
export function timestampDiff(left: unknown, right: unknown): bigint | null {
  if (left === null || right === null) return null;
  const [a, b] = [readTimestamp(left), readTimestamp(right)];
  if (a === null || b === null) throw new TypeError("an empty text has no time");
  return difference(a, b);
}

function difference(a: Moment, b: Moment): bigint {
  if ((a.micros === null) !== (b.micros === null))
    throw new TypeError("a date and a datetime have no difference");
  return BigInt(a.days - b.days) * BigInt(DAY) + BigInt((a.micros ?? 0) - (b.micros ?? 0));
}

/**
 * `lhs + rhs` and so on, where an operand is a datetime, a date, or a duration in microseconds. Sums and
 * differences are texts as Python prints them: a datetime, or `1 day, 0:00:01`.
 */
export function formatDtdelta(
  connector: unknown,
  lhs: unknown,
  rhs: unknown,
): string | bigint | number | null {
  if (connector === null || lhs === null || rhs === null) return null;
  if (typeof connector !== "string") throw new TypeError("the connector must be text");
  const sign = connector.trim();
  if (sign !== "+" && sign !== "-") return scale(sign, lhs, rhs);
  let left: bigint | Moment | null;
  let right: bigint | Moment | null;
  try {
    left = typeof lhs === "bigint" ? checkDelta(lhs) : readTimestamp(lhs);
    right = typeof rhs === "bigint" ? checkDelta(rhs) : readTimestamp(rhs);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
  if (left === null || right === null) throw new TypeError("an empty text is no datetime");
  if (typeof left === "bigint" && typeof right === "bigint") {
    return deltaText(checkDelta(sign === "+" ? left + right : left - right));
  }
  if (typeof right === "bigint") {
    // From a date, Python takes the duration's whole days, counted downwards before the sign is turned.
    const whole = (left as Moment).micros === null ? right - modulo(right, BigInt(DAY)) : right;
    return momentText(shift(left as Moment, sign === "+" ? right : -whole));
  }
  if (typeof left === "bigint") {
    if (sign === "-") throw new TypeError("a datetime cannot be taken from a duration");
    return momentText(shift(right, left));
  }
  if (sign === "+") throw new TypeError("two datetimes cannot be added");
  return deltaText(difference(left, right));
}

function scale(sign: string, lhs: unknown, rhs: unknown): bigint | number {
  if (typeof lhs === "bigint" && typeof rhs === "bigint" && sign === "*") {
    const product = lhs * rhs;
    if (BigInt.asIntN(64, product) !== product) throw new PythonOverflow("int too large to convert");
    return product;
  }
  if (!isNumber(lhs) || !isNumber(rhs)) throw new TypeError("no numbers");
  if (sign === "*") return Number(lhs) * Number(rhs);
  if (Number(rhs) === 0) throw new RangeError("division by zero");
  return Number(lhs) / Number(rhs);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function shift(moment: Moment, delta: bigint): Moment {
  const day = BigInt(DAY);
  // A date moves by whole days, counted downwards.
  const total = BigInt(moment.micros ?? 0) + delta;
  const rest = modulo(total, day);
  const days = moment.days + Number((total - rest) / day);
  return checkRange({ days, micros: moment.micros === null ? null : Number(rest) });
}

function modulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}

function checkDelta(delta: bigint): bigint {
  const days = delta / BigInt(DAY);
  if (days > MAX_DELTA_DAYS || days < -MAX_DELTA_DAYS) throw new PythonOverflow("days out of range");
  return delta;
}

/** A duration as Python prints it: `-1 day, 23:59:59.999999`. */
function deltaText(delta: bigint): string {
  const day = BigInt(DAY);
  const rest = modulo(delta, day);
  const days = (delta - rest) / day;
  const time = timeText(Number(rest)).replace(/^0(?=\d:)/, "");
  if (days === 0n) return time;
  return `${days} day${days === 1n || days === -1n ? "" : "s"}, ${time}`;
}

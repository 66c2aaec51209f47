/** Clock and calendar: what they say at an instant, and the instant at which they say so. */

import { dateOf, subMilliseconds } from "./microseconds.ts";
import { Temporal } from "./temporal.ts";

/** What clock and calendar say. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 to 999999 */
  microsecond: number;
}

/** The instant at which clock and calendar of a zone say so. A time that occurs twice counts as the earlier. */
export function instantOf(local: LocalTime, zone: string): Date {
  const { year, month, day, hour, minute, second, microsecond } = local;
  const millisecond = Math.floor(microsecond / 1000);
  const rest = microsecond % 1000;
  if (zone === "UTC") return dateOf(utc(year, month, day, hour, minute, second) + millisecond, rest);
  const zoned = new Temporal.PlainDateTime(
    year,
    month,
    day,
    hour,
    minute,
    second,
    millisecond,
  ).toZonedDateTime(zoneId(zone));
  return dateOf(zoned.epochMilliseconds, rest);
}

/** What clock and calendar of a zone say at an instant. */
export function localTimeOf(date: Date, zone: string): LocalTime {
  const rest = subMilliseconds(date);
  if (zone === "UTC") {
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      microsecond: date.getUTCMilliseconds() * 1000 + rest,
    };
  }
  const zoned = Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zoneId(zone));
  const { year, month, day, hour, minute, second, millisecond } = zoned;
  return { year, month, day, hour, minute, second, microsecond: millisecond * 1000 + rest };
}

/** `UTC+03:00` is the offset alone to Temporal. */
function zoneId(zone: string): string {
  return /^UTC[+-]/.test(zone) ? zone.slice(3) : zone;
}

/** Milliseconds since 1970 of a UTC time. `Date.UTC` takes years below 100 for 19xx. */
export function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (
    (era * 146_097 + dayOfEra - 719_468) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000
  );
}

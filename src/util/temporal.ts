/** Temporal, native where the runtime has it, and checks that know values of either origin. */

import { Temporal } from "temporal-polyfill";

export { Temporal };

function tag(value: unknown): unknown {
  return typeof value === "object" && value !== null
    ? (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
    : undefined;
}

export function isPlainDate(value: unknown): value is Temporal.PlainDate {
  return tag(value) === "Temporal.PlainDate";
}

export function isPlainTime(value: unknown): value is Temporal.PlainTime {
  return tag(value) === "Temporal.PlainTime";
}

export function isPlainDateTime(value: unknown): value is Temporal.PlainDateTime {
  return tag(value) === "Temporal.PlainDateTime";
}

export function isDuration(value: unknown): value is Temporal.Duration {
  return tag(value) === "Temporal.Duration";
}

export function isInstant(value: unknown): value is Temporal.Instant {
  return tag(value) === "Temporal.Instant";
}

export function isZonedDateTime(value: unknown): value is Temporal.ZonedDateTime {
  return tag(value) === "Temporal.ZonedDateTime";
}

/** A `Date` of this realm or another. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || Object.prototype.toString.call(value) === "[object Date]";
}

/** Order and equality of values as Python sees them: across number kinds, and by value for dates and decimals. */

import { durationMicroseconds } from "./dates.ts";
import { Decimal, isDecimal } from "./decimal.ts";
import { epochMicroseconds } from "./microseconds.ts";
import { isDate, isDuration, isPlainDate, isPlainTime, Temporal } from "./temporal.ts";

/**
 * Below, equal or above: -1, 0, 1.
 *
 * @returns `NaN` when two values have no order.
 */
export function compareValues(a: unknown, b: unknown): number {
  if (isDecimal(a) || isDecimal(b)) {
    return isNumeric(a) && isNumeric(b) ? new Decimal(a as Decimal).cmp(b as Decimal) : Number.NaN;
  }
  if (isDate(a) && isDate(b)) return order(epochMicroseconds(a), epochMicroseconds(b));
  if (isPlainDate(a) && isPlainDate(b)) return Temporal.PlainDate.compare(a, b);
  if (isPlainTime(a) && isPlainTime(b)) return Temporal.PlainTime.compare(a, b);
  if (isDuration(a) && isDuration(b)) return order(durationMicroseconds(a), durationMicroseconds(b));
  if (isNumeric(a) && isNumeric(b)) return order(a as number, b as number);
  if (typeof a === "string" && typeof b === "string") return order(a, b);
  return Number.NaN;
}

/** Equal by value: numbers of any kind, dates, decimals, bytes, lists and plain objects in depth. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || a === undefined || b === undefined) return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  if (compareValues(a, b) === 0) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" || isDecimal(value)
  );
}

function order<T extends number | bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN;
}

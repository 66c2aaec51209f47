/** Values between their JSON forms and the library's, and texts by which values are compared with Python's. */
import { Decimal } from "../../src/util/decimal.ts";
import { loads } from "../../src/util/json.ts";
import { microseconds, withMicroseconds } from "../../src/util/microseconds.ts";
import { Temporal } from "../../src/util/temporal.ts";
import { durationOf, microsecondsOfDuration } from "../conformance/values.ts";
import { type Encoded, hexOf } from "./generate.ts";

/** The value that users of the library would write. */
export function decode(encoded: Encoded): unknown {
  if (typeof encoded !== "object" || encoded === null) return encoded;
  const [[form, inner]] = Object.entries(encoded) as [[string, string]];
  switch (form) {
    case "$int":
      return Number.isSafeInteger(Number(inner)) ? Number(inner) : BigInt(inner);
    case "$float":
      return Buffer.from(inner, "hex").readDoubleBE();
    case "$decimal":
      return new Decimal(inner);
    case "$date":
      return Temporal.PlainDate.from(inner);
    case "$time":
      return Temporal.PlainTime.from(inner);
    case "$datetime":
      return dateOf(inner);
    case "$duration":
      return durationOf(BigInt(inner));
    case "$bytes":
      return new Uint8Array(Buffer.from(inner, "hex"));
    case "$uuid":
      return inner;
    case "$json":
      return loads(inner);
    default:
      throw new Error(`the form ${form} is not known here`);
  }
}

function dateOf(text: string): Date {
  const fraction = /\.(\d{6})/.exec(text)?.[1] ?? "000000";
  return withMicroseconds(new Date(text), Number(fraction));
}

/** As `json.dumps` of Python writes it: ASCII alone. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text that is the same for the same value: `canonical()` of django_values.py. */
export function canonical(value: unknown): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "bigint":
      return `int ${value}`;
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? `int ${value}` : `float ${hexOf(value)}`;
    case "string":
      return `text ${quoted(value)}`;
    default:
  }
  if (value instanceof Decimal) return `decimal ${value.isFinite() ? value.toFixed() : value}`;
  if (value instanceof Date) {
    const whole = BigInt(Math.floor(value.getTime() / 1000)) * 1_000_000n;
    return `instant ${whole + BigInt(microseconds(value))}`;
  }
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (value instanceof Temporal.PlainDate) return `date ${value}`;
  if (value instanceof Temporal.PlainTime) return `time ${value.toString({ fractionalSecondDigits: 6 })}`;
  if (value instanceof Temporal.Duration) return `duration ${microsecondsOfDuration(value)}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(", ")}]`;
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${quoted(key)}: ${canonical(item)}`).join(", ")}}`;
}

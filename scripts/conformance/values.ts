/** Scalars between the JSON forms of the format and the library's JavaScript values. */
import { Decimal } from "../../src/util/decimal.ts";
import { rawJson } from "../../src/util/json.ts";
import { fromEpochMicroseconds, microseconds } from "../../src/util/microseconds.ts";
import { Temporal } from "../../src/util/temporal.ts";
import { instantOf } from "./compare.ts";

const MICROSECONDS_A_DAY = 86_400_000_000n;

/** Decodes a scalar form; undefined when `form` is not a scalar. */
export function decodeScalar(form: string, inner: unknown): unknown {
  const text = String(inner);
  switch (form) {
    case "$decimal":
      return new Decimal(text);
    case "$bigint":
      return BigInt(text);
    case "$float":
      return decodeFloat(text);
    case "$rawjson":
      return rawJson(text);
    case "$date":
      return Temporal.PlainDate.from(text);
    case "$time":
      return Temporal.PlainTime.from(text);
    case "$datetime":
      return decodeDateTime(text);
    case "$duration_us":
      return durationOf(BigInt(text));
    case "$uuid":
      return text;
    case "$bytes":
      return new Uint8Array(Buffer.from(text, "base64"));
    case "$tz":
      return text;
    default:
      return undefined;
  }
}

function decodeFloat(text: string): number {
  if (text === "nan") return Number.NaN;
  if (text === "inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** An aware datetime becomes a `Date` with its microseconds. A naive one is read in the default zone, UTC, as Django does. */
function decodeDateTime(text: string): Date {
  const instant = instantOf(text) ?? instantOf(`${text}Z`);
  if (instant === undefined) throw new Error(`not a datetime: ${text}`);
  return fromEpochMicroseconds(instant);
}

/** A duration as days, seconds and microseconds, so that each part is a safe integer. */
export function durationOf(total: bigint): Temporal.Duration {
  const days = total / MICROSECONDS_A_DAY;
  const rest = total % MICROSECONDS_A_DAY;
  return Temporal.Duration.from({
    days: Number(days),
    seconds: Number(rest / 1_000_000n),
    microseconds: Number(rest % 1_000_000n),
  });
}

/** The length of a duration in microseconds; a day counts 24 hours. */
export function microsecondsOfDuration(value: Temporal.Duration): bigint {
  const hours = BigInt(value.weeks) * 168n + BigInt(value.days) * 24n + BigInt(value.hours);
  const seconds = hours * 3600n + BigInt(value.minutes) * 60n + BigInt(value.seconds);
  return (
    seconds * 1_000_000n +
    BigInt(value.milliseconds) * 1000n +
    BigInt(value.microseconds) +
    BigInt(value.nanoseconds) / 1000n
  );
}

function isoInstant(value: Date): string {
  const whole = value.toISOString().replace(/\.\d+Z$/, "");
  return `${whole}.${String(microseconds(value)).padStart(6, "0")}Z`;
}

function tagOf(value: object): string {
  return (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "";
}

/** Encodes a scalar of the library; undefined when the value is none. */
export function encodeScalar(value: unknown): {} | null | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isNaN(value)) return { $float: "nan" };
      if (Object.is(value, -0)) return { $float: "-0" };
      if (!Number.isFinite(value)) return { $float: value > 0 ? "inf" : "-inf" };
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $bigint: String(value) };
    default:
  }
  if (value === null) return null;
  if (value instanceof Decimal) return { $decimal: value.toString() };
  if (value instanceof Date) return { $datetime: isoInstant(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value !== "object") return undefined;
  switch (tagOf(value)) {
    case "Temporal.PlainDate":
      return { $date: String(value) };
    case "Temporal.PlainTime":
      return { $time: String(value) };
    case "Temporal.PlainDateTime":
      return { $datetime: String(value) };
    case "Temporal.Instant":
      return { $datetime: String(value) };
    case "Temporal.Duration": {
      const total = microsecondsOfDuration(value as Temporal.Duration);
      return { $duration_us: Number.isSafeInteger(Number(total)) ? Number(total) : String(total) };
    }
    default:
      return undefined;
  }
}

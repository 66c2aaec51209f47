/** Values as Django's messages show them: Python's `repr()` and `str()`. */

import { inspect } from "node:util";
import { localTimeOf } from "./civil.ts";
import { isoDate, isoDateTime, isoTime, timedelta } from "./dates.ts";
import { Decimal } from "./decimal.ts";
import { isDate, isDuration, isPlainDate, isPlainDateTime, isPlainTime, type Temporal } from "./temporal.ts";

/**
 * A value as Python's `repr()` shows it.
 *
 * @example
 * repr("it's"); // "it's" in double quotes
 * repr(null); // None
 * repr([1, true, "a"]); // [1, True, 'a']
 */
export function repr(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return numberText(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "True" : "False";
    case "function":
      return value.name === "" ? "<function>" : `<function ${value.name}>`;
    case "object":
      return value === null ? "None" : objectRepr(value);
    default:
      return String(value);
  }
}

/** A value as Python's `str()` shows it, and as `%(value)s` shows it in a message. */
export function str(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return repr(value);
  if (value instanceof Decimal) return value.text;
  if (value instanceof Uint8Array) return repr(value);
  if (isDate(value)) return Number.isNaN(value.getTime()) ? "Invalid Date" : `${isoDateTime(value)}+00:00`;
  if (isPlainDate(value)) return isoDate(value);
  if (isPlainTime(value)) return isoTime(value);
  if (isDuration(value)) return durationText(value);
  if (isPlainDateTime(value)) return value.toString().replace("T", " ");
  const own = ownText(value);
  return own ?? repr(value);
}

/** A number as Python prints it: whole numbers as `int`, the others as `float`. */
export function numberText(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatRepr(value);
}

/** Python's `repr()` of a float: `0.1`, `1e-07`, `1e+16`, `2.0`, `nan`, `inf`. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const magnitude = Math.abs(value);
  if (value === 0 || (magnitude >= 1e-4 && magnitude < 1e16)) {
    const text = String(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = mark;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (char === mark || char === "\\") out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else if (char === "\t") out += "\\t";
    else if (code < 32 || (code >= 0x7f && code <= 0xa0) || code === 0xad) out += `\\x${hex(code, 2)}`;
    else if ((code >= 0xd800 && code <= 0xdfff) || code === 0x2028 || code === 0x2029)
      out += `\\u${hex(code, 4)}`;
    else out += char;
  }
  return out + mark;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

function bytesRepr(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) {
    if (byte === 0x27 || byte === 0x5c) out += `\\${String.fromCharCode(byte)}`;
    else if (byte === 10) out += "\\n";
    else if (byte === 13) out += "\\r";
    else if (byte === 9) out += "\\t";
    else out += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${hex(byte, 2)}`;
  }
  return `b'${out}'`;
}

function objectRepr(value: object): string {
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value instanceof Decimal) return `Decimal('${value.text}')`;
  if (value instanceof Uint8Array) return bytesRepr(value);
  if (value instanceof Set) return value.size === 0 ? "set()" : `{${[...value].map(repr).join(", ")}}`;
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${repr(k)}: ${repr(v)}`).join(", ")}}`;
  if (isDate(value)) return dateTimeRepr(value);
  if (isPlainDate(value)) return `datetime.date(${value.year}, ${value.month}, ${value.day})`;
  if (isPlainTime(value)) {
    const us = value.millisecond * 1000 + value.microsecond;
    return `datetime.time(${clock(value.hour, value.minute, value.second, us)})`;
  }
  if (isDuration(value)) return durationRepr(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return `{${Object.entries(value)
      .map(([k, v]) => `${repr(k)}: ${repr(v)}`)
      .join(", ")}}`;
  }
  if (inspect.custom in value) return inspect(value);
  const own = ownText(value);
  return own ?? `<${value.constructor?.name ?? "object"} object>`;
}

/** What an object of a class says of itself, when it says anything. */
function ownText(value: object): string | null {
  const method = (value as { toString?: unknown }).toString;
  if (typeof method !== "function" || method === Object.prototype.toString || Array.isArray(value))
    return null;
  return String(value);
}

function clock(hour: number, minute: number, second: number, us: number): string {
  const parts = [hour, minute];
  if (second !== 0 || us !== 0) parts.push(second);
  if (us !== 0) parts.push(us);
  return parts.join(", ");
}

function dateTimeRepr(value: Date): string {
  if (Number.isNaN(value.getTime())) return "Invalid Date";
  const { year, month, day, hour, minute, second, microsecond } = localTimeOf(value, "UTC");
  const parts = `${year}, ${month}, ${day}, ${clock(hour, minute, second, microsecond)}`;
  return `datetime.datetime(${parts}, tzinfo=datetime.timezone.utc)`;
}

function durationRepr(value: Temporal.Duration): string {
  const delta = timedelta(value);
  const parts: string[] = [];
  if (delta.days !== 0n) parts.push(`days=${delta.days}`);
  if (delta.seconds !== 0) parts.push(`seconds=${delta.seconds}`);
  if (delta.microseconds !== 0) parts.push(`microseconds=${delta.microseconds}`);
  return `datetime.timedelta(${parts.length === 0 ? "0" : parts.join(", ")})`;
}

function durationText(value: Temporal.Duration): string {
  const { days, seconds, microseconds: us } = timedelta(value);
  const pad = (n: number) => String(n).padStart(2, "0");
  const time = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  const fraction = us === 0 ? "" : `.${String(us).padStart(6, "0")}`;
  const front = days === 0n ? "" : `${days} day${days === 1n || days === -1n ? "" : "s"}, `;
  return `${front}${time}${fraction}`;
}

/** JSON as Django's encoder writes it, and reading what Python takes for JSON. */
import { ArgumentTypeError } from "../errors.ts";
import { durationIsoString, isoDate, isoTime } from "../util/dates.ts";
import { Decimal } from "../util/decimal.ts";
import { isRawJson, loads } from "../util/json.ts";
import { floatRepr, str } from "../util/repr.ts";
import { isDate, isDuration, isPlainDate, isPlainTime } from "../util/temporal.ts";
import { Float } from "./plain.ts";

export interface JsonStyle {
  /** Spaces per level; no line breaks when `null`. */
  readonly indent: number | null;
  /** What stands between members. */
  readonly separator: string;
}

function number(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return floatRepr(value);
}

function float(value: number): string {
  return Number.isFinite(value) ? floatRepr(value) : number(value);
}

/** Fractions of a second end after the milliseconds. */
function milliseconds(text: string): string {
  return text.replace(/(\.\d{3})\d{3}/, "$1");
}

/** A value that has no form in JSON, as a text. */
function textOf(value: object): string | null {
  if (value instanceof Decimal) return value.text;
  if (isDate(value))
    return milliseconds(
      str(value)
        .replace(" ", "T")
        .replace(/\+00:00$/, "Z"),
    );
  if (isPlainDate(value)) return isoDate(value);
  if (isPlainTime(value)) return milliseconds(isoTime(value));
  if (isDuration(value)) return durationIsoString(value);
  return null;
}

function members(value: object): (readonly [string | null, unknown])[] | null {
  if (Array.isArray(value)) return value.map((item) => [null, item] as const);
  if (value instanceof Map) return [...value].map(([key, member]) => [String(key), member] as const);
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain ? Object.entries(value) : null;
}

/**
 * A value as JSON: Django's `DjangoJSONEncoder` with `ensure_ascii=False`.
 *
 * @throws {ArgumentTypeError} for what has no form
 */
export function jsonText(value: unknown, style: JsonStyle, level = 0): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return number(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "true" : "false";
    case "object":
      break;
    default:
      throw new ArgumentTypeError(`Object of type ${typeof value} is not JSON serializable`);
  }
  if (value === null) return "null";
  if (value instanceof Float) return float(value.value);
  const text = textOf(value);
  return text === null ? container(value, style, level) : JSON.stringify(text);
}

function container(value: object, style: JsonStyle, level: number): string {
  if (isRawJson(value)) return value.rawJSON;
  const list = members(value);
  if (list === null) {
    const { toJSON } = value as { toJSON?: () => unknown };
    if (typeof toJSON === "function") return jsonText(toJSON.call(value), style, level);
    throw new ArgumentTypeError(`Object of type ${value.constructor.name} is not JSON serializable`);
  }
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (list.length === 0) return `${open}${close}`;
  const { indent, separator } = style;
  const line = (depth: number) => (indent === null ? "" : `\n${" ".repeat(indent * depth)}`);
  const parts = list.map(([key, member]) => {
    const text = jsonText(member, style, level + 1);
    return key === null ? text : `${JSON.stringify(key)}: ${text}`;
  });
  return `${open}${line(level + 1)}${parts.join(`${separator}${line(level + 1)}`)}${line(level)}${close}`;
}

// ---------------------------------------------------------------- reading

/** Numbers that Python reads in JSON, and JSON does not have. */
const SPECIAL = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs;
const MARK = "\u{e000}python:";

/**
 * Reads JSON as Python does: `NaN` and `Infinity` are numbers.
 *
 * @throws {SyntaxError} when it is none
 */
export function readJson(text: string): unknown {
  if (!/\b(?:NaN|Infinity)\b/.test(text)) return loads(text);
  const marked = text.replace(SPECIAL, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`));
  return loads(marked, (_, value) =>
    typeof value === "string" && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
  );
}

/** JSON as Python's `json` writes it, so that stored documents are the same bytes; and reading without rounding. */

import { ArgumentTypeError } from "../errors.ts";
import { floatRepr } from "./repr.ts";

export type Replacer = (this: unknown, key: string, value: unknown) => unknown;

/** A replacer of `JSON.parse`, which tells the text of a string, a number, a boolean or `null` besides. */
export type Reviver = (this: unknown, key: string, value: unknown, context: ReviverContext) => unknown;

export interface ReviverContext {
  readonly source?: string;
}

/** What `JSON.rawJSON` gives: a string, a number, a boolean or `null` as it is to be written. */
export interface RawJson {
  readonly rawJSON: string;
}

const { isRawJSON } = JSON as typeof JSON & { isRawJSON(value: unknown): boolean };

/** Is this what `JSON.rawJSON` gave? */
export function isRawJson(value: object): value is RawJson {
  return Object.getPrototypeOf(value) === null && isRawJSON(value);
}

/** What `JSON.rawJSON` gives for a text. */
export function rawJson(text: string): RawJson {
  return (JSON as typeof JSON & { rawJSON(text: string): RawJson }).rawJSON(text);
}

/**
 * A document as Python's `json.dumps` writes it: `, ` and `: ` between, ASCII only, floats by Python's rules.
 *
 * Objects with `toJSON` are asked; a `bigint` is written as a number, `JSON.rawJSON("5.0")` as it is. A `Map` is
 * written as an object in its own order: plain objects move keys such as `"1"` to the front.
 *
 * @param replacer - as of `JSON.stringify`: gives what to write instead of a value.
 * @throws {ArgumentTypeError} for `undefined`, functions, symbols, sets, bytes and circular structures.
 * @example
 * dumps({ a: [1, 2.5, "é"] }); // {"a": [1, 2.5, "\u00e9"]}
 */
export function dumps(value: unknown, replacer?: Replacer): string {
  return write("", value, { "": value }, replacer, new Set());
}

function write(
  key: string,
  given: unknown,
  holder: object,
  replacer: Replacer | undefined,
  open: Set<object>,
): string {
  let value = given;
  if (typeof value === "object" && value !== null) {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") value = toJSON.call(value, key);
  }
  if (replacer !== undefined) value = replacer.call(holder, key, value);
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return number(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : container(value, replacer, open);
    default:
      throw new ArgumentTypeError(`Object of type ${typeof value} is not JSON serializable`);
  }
}

function container(value: object, replacer: Replacer | undefined, open: Set<object>): string {
  if (isRawJson(value)) return value.rawJSON;
  if (open.has(value)) throw new ArgumentTypeError("Circular reference detected");
  open.add(value);
  let text: string;
  if (Array.isArray(value)) {
    text = `[${value.map((item, i) => write(String(i), item, value, replacer, open)).join(", ")}]`;
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    const isMap = value instanceof Map;
    if (!isMap && prototype !== Object.prototype && prototype !== null && !plainAcrossRealms(prototype)) {
      const name = value.constructor?.name ?? "object";
      throw new ArgumentTypeError(`Object of type ${name} is not JSON serializable`);
    }
    const members = (isMap ? mapEntries(value) : Object.entries(value)).map(
      ([key, member]) => `${quoted(key)}: ${write(key, member, value, replacer, open)}`,
    );
    text = `{${members.join(", ")}}`;
  }
  open.delete(value);
  return text;
}

function mapEntries(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return [...map].map(([key, value]) => {
    if (typeof key !== "string") throw new ArgumentTypeError("keys must be texts");
    return [key, value];
  });
}

/** Is this the `Object.prototype` of another realm (a worker, a `vm` context)? */
function plainAcrossRealms(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "hasOwnProperty");
}

function number(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return floatRepr(value);
}

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const SHORT: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    const code = text.charCodeAt(i);
    out += SHORT[char] ?? (code >= 32 && code < 127 ? char : `\\u${code.toString(16).padStart(4, "0")}`);
  }
  return `${out}"`;
}

/** Sixteen digits in a row, below which no integer is rounded. */
const LONG_NUMBER = /\d{16}/;

/**
 * Reads JSON. An integer that a `number` would round is a `bigint`.
 *
 * @param reviver - as of `JSON.parse`.
 * @throws {SyntaxError} when the text is no JSON.
 */
export function loads(text: string, reviver?: Reviver): unknown {
  if (reviver === undefined && !LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, function (this: unknown, key: string, value: unknown, context?: ReviverContext) {
    let read = value;
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      const source = context?.source;
      if (source !== undefined && /^-?\d+$/.test(source)) read = BigInt(source);
    }
    return reviver === undefined ? read : reviver.call(this, key, read, context as ReviverContext);
  });
}

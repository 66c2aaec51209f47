/**
 * PostgreSQL's types by their numbers (OIDs): how a parameter says what it is, and how the texts of a row become
 * values.
 *
 * Parameters have the types that the literals of Python's driver have in Django's statements: integers the smallest
 * that holds them, texts none at all, so that the server finds their type where they stand.
 */

import { ArgumentTypeError, DataError } from "../../errors.ts";
import { registerCrossing } from "../../sync/values.ts";
import { durationFromMicroseconds, readDate, readDateTime, readTime } from "../../util/dates.ts";
import { Decimal } from "../../util/decimal.ts";
import { remembering } from "../../util/remember.ts";

export const OID = {
  unknown: 0,
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  json: 114,
  float8: 701,
  inet: 869,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
  int4range: 3904,
  numrange: 3906,
  tstzrange: 3910,
  daterange: 3912,
  int8range: 3926,
} as const;

/** The type of arrays of texts. */
export const TEXT_ARRAY = 1009;

/** The type of the arrays of a type. */
const ARRAY_OF: Readonly<Record<number, number>> = {
  [OID.bool]: 1000,
  [OID.bytea]: 1001,
  [OID.int4]: 1007,
  [OID.text]: TEXT_ARRAY,
  [OID.int8]: 1016,
  [OID.float8]: 1022,
  [OID.inet]: 1041,
  [OID.date]: 1182,
  [OID.time]: 1183,
  [OID.timestamp]: 1115,
  [OID.timestamptz]: 1185,
  [OID.interval]: 1187,
  [OID.numeric]: 1231,
  [OID.uuid]: 2951,
  [OID.jsonb]: 3807,
  [OID.int4range]: 3905,
  [OID.numrange]: 3907,
  [OID.tstzrange]: 3911,
  [OID.daterange]: 3913,
  [OID.int8range]: 3927,
};

/** The names of the types that parameters have, for literals. */
export const TYPE_NAMES: Readonly<Record<number, string>> = {
  [OID.inet]: "inet",
  [OID.date]: "date",
  [OID.time]: "time",
  [OID.timestamp]: "timestamp",
  [OID.timestamptz]: "timestamptz",
  [OID.interval]: "interval",
  [OID.numeric]: "numeric",
  [OID.float8]: "float8",
  [OID.uuid]: "uuid",
  [OID.jsonb]: "jsonb",
  [OID.int4range]: "int4range",
  [OID.numrange]: "numrange",
  [OID.tstzrange]: "tstzrange",
  [OID.daterange]: "daterange",
  [OID.int8range]: "int8range",
};

/** A parameter as the server reads it, with its type. */
export class Typed {
  readonly oid: number;
  readonly text: string;

  constructor(oid: number, text: string) {
    this.oid = oid;
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

registerCrossing(
  "postgresql.Typed",
  Typed,
  ({ oid, text }): [number, string] => [oid, text],
  (data) => new Typed(...data),
);

/** What the driver sends: a text, bytes, or NULL. */
export type Wire = string | Buffer | null;

const INT4_MAX = 2147483647;
const INT8_MAX = 9223372036854775807n;

/** The type of a parameter. Throws ArgumentTypeError for what is none. */
export function oidOf(value: unknown): number {
  switch (typeof value) {
    case "string":
      return OID.unknown;
    case "number":
      if (!Number.isInteger(value)) return Number.isFinite(value) ? OID.numeric : OID.float8;
      if (value <= INT4_MAX && value >= -INT4_MAX - 1) return OID.int4;
      return Number.isSafeInteger(value) ? OID.int8 : OID.numeric;
    case "bigint":
      if (value <= INT4_MAX && value >= -INT4_MAX - 1) return OID.int4;
      return value <= INT8_MAX && value >= -INT8_MAX - 1n ? OID.int8 : OID.numeric;
    case "boolean":
      return OID.bool;
    default:
  }
  if (value === null) return OID.unknown;
  if (value instanceof Typed) return value.oid;
  if (value instanceof Uint8Array) return OID.bytea;
  if (Array.isArray(value)) return arrayOf(value).oid;
  const type = value === undefined ? "undefined" : ((value as object).constructor?.name ?? "object");
  throw new ArgumentTypeError(`A parameter of type '${type}' is not supported.`);
}

/** A parameter as it is sent. */
export function wireOf(value: unknown): Wire {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return value ? "t" : "f";
    case "number":
    case "bigint":
      return String(value);
    default:
  }
  if (value === null) return null;
  if (value instanceof Typed) return value.text;
  if (Array.isArray(value)) return arrayOf(value).text;
  const bytes = value as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A list of adapted values as one parameter: an array. A list of lists is an array of more dimensions. */
export function arrayOf(items: readonly unknown[]): Typed {
  const { text, oid: found } = arrayText(items);
  // One plan serves lists of small and of large integers.
  const oid = found === OID.int4 ? OID.int8 : found;
  return new Typed(oid === OID.unknown ? OID.unknown : (ARRAY_OF[oid] ?? OID.unknown), text);
}

/** `{1,NULL,"x",{...}}`, and the type of its members. */
function arrayText(items: readonly unknown[]): { text: string; oid: number } {
  let oid: number = OID.unknown;
  const parts: string[] = [];
  for (const item of items) {
    const inner = Array.isArray(item) ? arrayText(item) : null;
    const own = inner === null ? oidOf(item) : inner.oid;
    if (own !== oid && own !== OID.unknown) oid = oid === OID.unknown ? own : wider(oid, own);
    parts.push(item === null ? "NULL" : inner === null ? elementText(item) : inner.text);
  }
  return { text: `{${parts.join()}}`, oid };
}

const NUMBERS: readonly number[] = [OID.int4, OID.int8, OID.numeric, OID.float8];

/** The type that holds values of both types. */
function wider(a: number, b: number): number {
  const rank = Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b));
  return NUMBERS.includes(a) && NUMBERS.includes(b) ? (NUMBERS[rank] as number) : OID.unknown;
}

/** What would be taken for a part of the array, or for NULL. */
const NEEDS_QUOTES = /^$|["{}\\,\s]|^null$/i;

function elementText(item: unknown): string {
  const wire = wireOf(item) as string | Buffer;
  const text = typeof wire === "string" ? wire : `\\x${wire.toString("hex")}`;
  if (!NEEDS_QUOTES.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A list of texts as an array of texts. */
export function textArray(items: readonly string[]): Typed {
  return new Typed(TEXT_ARRAY, arrayOf(items).text);
}

// ---------------------------------------------------------------- rows

export type Reader = ((text: string) => unknown) | null;

function readBool(text: string): boolean {
  return text === "t";
}

function readInt8(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** A value that JavaScript or Python has none for: `infinity`, years before Christ. */
function outOfRange(text: string, what: string): never {
  throw new DataError(`${what} out of range: '${text}'.`);
}

function readDateText(text: string): unknown {
  return (text.length === 10 ? readDate(text) : null) ?? outOfRange(text, "date");
}

function readTimestamp(text: string): unknown {
  return (text.endsWith("C") ? null : readDateTime(text)) ?? outOfRange(text, "timestamp");
}

/** The session is in UTC: the offset is always `+00`. */
function readTimestamptz(text: string): unknown {
  const end = text.length - 3;
  if (text.charCodeAt(end) !== 43) return outOfRange(text, "timestamp");
  return readDateTime(text.slice(0, end)) ?? outOfRange(text, "timestamp");
}

const INTERVAL =
  /^(?:(-?\d+) years? ?)?(?:(-?\d+) mons? ?)?(?:(-?\d+) days? ?)?(?:([-+])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;

/** Years count 365 days and months 30, as in Python's driver. */
const readInterval = remembering((text: string): unknown => {
  const match = INTERVAL.exec(text.replaceAll("+", ""));
  if (match === null) return outOfRange(text, "interval");
  const part = (i: number) => BigInt(match[i] ?? 0);
  const days = part(1) * 365n + part(2) * 30n + part(3);
  const seconds = part(5) * 3600n + part(6) * 60n + part(7);
  const time = seconds * 1_000_000n + BigInt((match[8] ?? "").padEnd(6, "0"));
  const us = days * 86_400_000_000n + (match[4] === "-" ? -time : time);
  return durationFromMicroseconds(
    us <= Number.MAX_SAFE_INTEGER && us >= -Number.MAX_SAFE_INTEGER ? Number(us) : us,
  );
});

function readBytea(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

const readNumeric = remembering((text: string): Decimal => new Decimal(text));

const READERS: Readonly<Record<number, Reader>> = {
  [OID.bool]: readBool,
  [OID.bytea]: readBytea,
  [OID.int8]: readInt8,
  21: Number,
  [OID.int4]: Number,
  26: Number,
  700: Number,
  [OID.float8]: Number,
  [OID.numeric]: readNumeric,
  [OID.date]: readDateText,
  [OID.time]: readTime,
  [OID.timestamp]: readTimestamp,
  [OID.timestamptz]: readTimestamptz,
  [OID.interval]: readInterval,
};

/** Types of arrays with the type of their members. */
const MEMBERS: ReadonlyMap<number, number> = new Map([
  ...Object.entries(ARRAY_OF).map(([member, array]) => [array, Number(member)] as const),
  [1005, 21],
  [1015, OID.text],
  [1021, 700],
]);

/** What reads the values of a type; `null` where the text is the value. */
export function readerOf(oid: number, bigints: boolean): Reader {
  if (oid === OID.int8 && bigints) return BigInt;
  const reader = READERS[oid];
  if (reader !== undefined) return reader;
  const member = MEMBERS.get(oid);
  if (member === undefined) return null;
  const read = readerOf(member, bigints);
  return (text) => readArray(text, read);
}

/** The values of an array's text: `{1,NULL,"a b",{...}}`. */
export function readArray(text: string, read: Reader): unknown[] {
  // Bounds other than 1 stand in front: `[0:2]={...}`.
  let at = text.indexOf("{") + 1;
  const list = (): unknown[] => {
    const items: unknown[] = [];
    while (text[at] !== "}") {
      if (text[at] === ",") at++;
      items.push(item());
    }
    at++;
    return items;
  };
  const item = (): unknown => {
    if (text[at] === "{") {
      at++;
      return list();
    }
    let value = "";
    if (text[at] === '"') {
      at++;
      while (text[at] !== '"') {
        if (text[at] === "\\") at++;
        value += text[at++];
      }
      at++;
    } else {
      while (text[at] !== "," && text[at] !== "}") value += text[at++];
      if (value === "NULL") return null;
    }
    return read === null ? value : read(value);
  };
  return list();
}

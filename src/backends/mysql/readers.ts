/**
 * The values of rows: texts as simple statements give them, and the binary form of cursors. Both give the same values,
 * of the types that Python's driver gives: numbers, decimals, dates, texts, bytes.
 */

import { ValueError } from "../../errors.ts";
import { utc } from "../../util/civil.ts";
import { parseDate, readDateTime } from "../../util/dates.ts";
import { Decimal } from "../../util/decimal.ts";
import { dateOf } from "../../util/microseconds.ts";
import { remembering } from "../../util/remember.ts";
import { Temporal } from "../../util/temporal.ts";

/** Types of columns by their numbers in the protocol. */
const TYPE = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  newdate: 14,
  timestamp2: 17,
  datetime2: 18,
  time2: 19,
  newdecimal: 246,
} as const;

const BINARY_CHARSET = 63;
const UNSIGNED = 32;

export interface Column {
  readonly name: string;
  readonly type: number;
  readonly charset: number;
  readonly flags: number;
}

/** Gives the value of the text between two places of a buffer. */
export type TextReader = (buffer: Buffer, start: number, end: number) => unknown;

function readInteger(buffer: Buffer, start: number, end: number): number | bigint {
  if (end - start > 15) {
    const text = buffer.toString("latin1", start, end);
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }
  const negative = buffer[start] === 45;
  let value = 0;
  for (let i = negative ? start + 1 : start; i < end; i++) value = value * 10 + (buffer[i] as number) - 48;
  return negative ? -value : value;
}

function readBigint(buffer: Buffer, start: number, end: number): bigint {
  return BigInt(end - start > 15 ? buffer.toString("latin1", start, end) : readInteger(buffer, start, end));
}

function readFloat(buffer: Buffer, start: number, end: number): number {
  return Number(buffer.toString("latin1", start, end));
}

/** Six zeros behind the point make an exponent in Python's form; all other texts of the server are in it. */
const SMALL = /^-?0\.000000/;

function readDecimal(buffer: Buffer, start: number, end: number): Decimal {
  const text = buffer.toString("latin1", start, end);
  return SMALL.test(text) ? new Decimal(text) : Decimal.fromText(text);
}

/** A date that is none (`0000-00-00`) is NULL, as in Python's driver. */
const dateOfText = remembering((text: string): Temporal.PlainDate | null => {
  try {
    return parseDate(text);
  } catch (error) {
    if (error instanceof ValueError) return null;
    throw error;
  }
});

function readDate(buffer: Buffer, start: number, end: number): unknown {
  return dateOfText(buffer.toString("latin1", start, end));
}

function two(buffer: Buffer, at: number): number {
  return (buffer[at] as number) * 10 + (buffer[at + 1] as number) - 528;
}

/** `2024-01-15 12:00:00` or `2024-01-15 12:00:00.123456`, read where it stands; all others with care. */
function readInstant(buffer: Buffer, start: number, end: number): unknown {
  const month = two(buffer, start + 5);
  const day = two(buffer, start + 8);
  const plain = end - start === 19 || end - start === 26;
  if (!plain || month === 0 || day === 0 || day > 28) return readRareInstant(buffer, start, end);
  const year = two(buffer, start) * 100 + two(buffer, start + 2);
  if (year === 0) return null;
  const hour = two(buffer, start + 11);
  const time = utc(year, month, day, hour, two(buffer, start + 14), two(buffer, start + 17));
  if (end - start === 19) return dateOf(time, 0);
  const us = two(buffer, start + 20) * 10_000 + two(buffer, start + 22) * 100 + two(buffer, start + 24);
  const ms = Math.trunc(us / 1000);
  return dateOf(time + ms, us - ms * 1000);
}

function readRareInstant(buffer: Buffer, start: number, end: number): unknown {
  try {
    return readDateTime(buffer.toString("latin1", start, end));
  } catch (error) {
    if (error instanceof ValueError) return null;
    throw error;
  }
}

const TIME = /^(-?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

/** Times are times of a day here; what is longer, or negative, has no place in it. */
const timeOfText = remembering((text: string): Temporal.PlainTime => {
  const match = TIME.exec(text);
  if (match === null) throw new ValueError(`'${text}' is no time.`);
  const hour = Number(match[2]);
  if (match[1] !== "" || hour > 23) throw new ValueError("hour must be in 0..23");
  const us = Number((match[5] ?? "").padEnd(6, "0"));
  return new Temporal.PlainTime(hour, Number(match[3]), Number(match[4]), Math.trunc(us / 1000), us % 1000);
});

function readTime(buffer: Buffer, start: number, end: number): Temporal.PlainTime {
  return timeOfText(buffer.toString("latin1", start, end));
}

function readText(buffer: Buffer, start: number, end: number): string {
  return buffer.toString("utf8", start, end);
}

function readBytes(buffer: Buffer, start: number, end: number): Uint8Array {
  return new Uint8Array(buffer.subarray(start, end));
}

const TEXT_READERS: Readonly<Record<number, TextReader>> = {
  [TYPE.decimal]: readDecimal,
  [TYPE.tiny]: readInteger,
  [TYPE.short]: readInteger,
  [TYPE.long]: readInteger,
  [TYPE.float]: readFloat,
  [TYPE.double]: readFloat,
  [TYPE.timestamp]: readInstant,
  [TYPE.longlong]: readInteger,
  [TYPE.int24]: readInteger,
  [TYPE.date]: readDate,
  [TYPE.time]: readTime,
  [TYPE.datetime]: readInstant,
  [TYPE.year]: readInteger,
  [TYPE.newdate]: readDate,
  [TYPE.timestamp2]: readInstant,
  [TYPE.datetime2]: readInstant,
  [TYPE.time2]: readTime,
  [TYPE.newdecimal]: readDecimal,
};

/** JSON of MySQL is of the binary character set, but a text. */
const JSON_TYPE = 245;

/** What reads the texts of a column. `bigints`: integers of 64 bits come as `bigint`. */
export function textReader({ type, charset }: Column, bigints: boolean): TextReader {
  if (type === TYPE.longlong && bigints) return readBigint;
  const known = TEXT_READERS[type];
  if (known !== undefined) return known;
  return charset === BINARY_CHARSET && type !== JSON_TYPE ? readBytes : readText;
}

// ---------------------------------------------------------------- rows

/** Where the next value is; moves on while a row is read. */
export interface Position {
  buffer: Buffer;
  at: number;
}

/** A number that says how long something is; -1 stands for NULL. */
export function readLength(position: Position): number {
  const { buffer } = position;
  const first = buffer[position.at++] as number;
  if (first < 251) return first;
  if (first === 251) return -1;
  const size = first === 252 ? 2 : first === 253 ? 3 : 8;
  const { at } = position;
  position.at += size;
  return size === 8 ? Number(buffer.readBigUInt64LE(at)) : buffer.readUIntLE(at, size);
}

/** Reads the row at a position. */
export type RowReader = (position: Position) => unknown[];

type Factory = (length: typeof readLength, ...readers: readonly TextReader[]) => RowReader;

/** Readers of rows by the types of their columns. */
const rowReaders = new Map<string, RowReader>();
const MOST_ROW_READERS = 1_000;

/**
 * What reads rows of texts with these columns: straight-line code, which the engine knows well because it reads these
 * types only.
 */
export function textRowReader(columns: readonly Column[], bigints: boolean): RowReader {
  const key = columns.map(({ type, charset }) => `${type}.${charset}`).join() + (bigints ? "n" : "");
  let known = rowReaders.get(key);
  if (known === undefined) {
    if (rowReaders.size >= MOST_ROW_READERS) rowReaders.clear();
    known = makeRowReader(columns, bigints, key);
    rowReaders.set(key, known);
  }
  return known;
}

function makeRowReader(columns: readonly Column[], bigints: boolean, key: string): RowReader {
  const cells = columns.map(
    (_, i) => `n = b[p];
  if (n < 251) p++;
  else { position.at = p; n = length(position); p = position.at; }
  const v${i} = n < 0 ? null : r${i}(b, p, p + n);
  if (n > 0) p += n;`,
  );
  const source = `// ${key}
return (position) => {
  const b = position.buffer;
  let p = position.at;
  let n;
  ${cells.join("\n  ")}
  return [${columns.map((_, i) => `v${i}`).join()}];
};`;
  const names = columns.map((_, i) => `r${i}`);
  const factory = new Function("length", ...names, source) as Factory;
  return factory(readLength, ...columns.map((column) => textReader(column, bigints)));
}

// ---------------------------------------------------------------- the binary form

/** Reads the value at a position and moves behind it. */
export type BinaryReader = (position: Position) => unknown;

function integer(size: number, unsigned: boolean): BinaryReader {
  return (position) => {
    const { buffer, at } = position;
    position.at += size;
    return unsigned ? buffer.readUIntLE(at, size) : buffer.readIntLE(at, size);
  };
}

function longlong(unsigned: boolean, bigints: boolean): BinaryReader {
  return (position) => {
    const { buffer, at } = position;
    position.at += 8;
    const value = unsigned ? buffer.readBigUInt64LE(at) : buffer.readBigInt64LE(at);
    if (bigints) return value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  };
}

/** As many digits as the server writes of a float of four bytes. */
function binaryFloat(position: Position): number {
  const { buffer, at } = position;
  position.at += 4;
  return Number(buffer.readFloatLE(at).toPrecision(6));
}

function binaryDouble(position: Position): number {
  const { buffer, at } = position;
  position.at += 8;
  return buffer.readDoubleLE(at);
}

/** Year, month and so on of a date; what is zero may be left out. */
function parts({ buffer, at }: Position, length: number): number[] {
  return [
    length > 1 ? buffer.readUInt16LE(at) : 0,
    length > 2 ? buffer.readUInt8(at + 2) : 0,
    length > 3 ? buffer.readUInt8(at + 3) : 0,
    length > 4 ? buffer.readUInt8(at + 4) : 0,
    length > 5 ? buffer.readUInt8(at + 5) : 0,
    length > 6 ? buffer.readUInt8(at + 6) : 0,
    length > 7 ? buffer.readUInt32LE(at + 7) : 0,
  ];
}

function binaryInstant(position: Position): Date | null {
  const length = position.buffer[position.at++] as number;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, us = 0] = parts(position, length);
  position.at += length;
  if (year === 0 || month === 0 || day === 0) return null;
  return dateOf(utc(year, month, day, hour, minute, second) + Math.trunc(us / 1000), us % 1000);
}

function binaryDate(position: Position): Temporal.PlainDate | null {
  const length = position.buffer[position.at++] as number;
  const [year = 0, month = 0, day = 0] = parts(position, length);
  position.at += length;
  return year === 0 || month === 0 || day === 0 ? null : new Temporal.PlainDate(year, month, day);
}

function binaryTime(position: Position): Temporal.PlainTime {
  const { buffer } = position;
  const length = buffer[position.at++] as number;
  const { at } = position;
  position.at += length;
  if (length === 0) return new Temporal.PlainTime();
  const us = length > 8 ? buffer.readUInt32LE(at + 8) : 0;
  if (buffer[at] !== 0 || buffer.readUInt32LE(at + 1) !== 0) throw new ValueError("hour must be in 0..23");
  const [hour, minute, second] = [buffer[at + 5], buffer[at + 6], buffer[at + 7]];
  return new Temporal.PlainTime(hour, minute, second, Math.trunc(us / 1000), us % 1000);
}

function lengthCoded(read: TextReader): BinaryReader {
  return (position) => {
    const length = readLength(position);
    const start = position.at;
    position.at += length;
    return read(position.buffer, start, position.at);
  };
}

const BINARY_READERS: Readonly<Record<number, BinaryReader>> = {
  [TYPE.float]: binaryFloat,
  [TYPE.double]: binaryDouble,
  [TYPE.timestamp]: binaryInstant,
  [TYPE.date]: binaryDate,
  [TYPE.time]: binaryTime,
  [TYPE.datetime]: binaryInstant,
  [TYPE.newdate]: binaryDate,
};

const INTEGER_SIZES: Readonly<Record<number, number>> = {
  [TYPE.tiny]: 1,
  [TYPE.short]: 2,
  [TYPE.year]: 2,
  [TYPE.long]: 4,
  [TYPE.int24]: 4,
};

/** What reads the values of a column in the binary form. */
export function binaryReader(column: Column, bigints: boolean): BinaryReader {
  const { type, flags } = column;
  const unsigned = (flags & UNSIGNED) !== 0;
  const size = INTEGER_SIZES[type];
  if (size !== undefined) return integer(size, unsigned);
  if (type === TYPE.longlong) return longlong(unsigned, bigints);
  return BINARY_READERS[type] ?? lengthCoded(textReader(column, bigints));
}

/** The values of a row in the binary form; the position is at its header. */
export function readBinaryRow(position: Position, readers: readonly BinaryReader[]): unknown[] {
  const { buffer } = position;
  const bitmap = position.at + 1;
  position.at = bitmap + ((readers.length + 9) >> 3);
  const row = new Array<unknown>(readers.length);
  for (let i = 0; i < readers.length; i++) {
    const bit = i + 2;
    const isNull = ((buffer[bitmap + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0;
    row[i] = isNull ? null : (readers[i] as BinaryReader)(position);
  }
  return row;
}

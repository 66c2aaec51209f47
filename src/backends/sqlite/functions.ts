/**
 * The SQL functions that SQLite lacks and Django's queries use, registered on every connection as Django
 * registers its own: the same names, the same answers, an error where Python raises one.
 */

import { createHash, randomBytes } from "node:crypto";
import { pythonRegex } from "../../util/python-regex.ts";
import type { AggregateImplementation, DriverDatabase } from "./driver.ts";
import { functionFailed, PythonOverflow, SqlFunctionError } from "./errors.ts";
import {
  dateExtract,
  dateTrunc,
  datetimeCastDate,
  datetimeCastTime,
  datetimeExtract,
  datetimeTrunc,
  formatDtdelta,
  timeDiff,
  timeExtract,
  timestampDiff,
  timeTrunc,
} from "./functions-datetime.ts";

/** Arguments are text, bytes, null, `bigint` for integers and `number` for floating-point numbers. */
type Implementation = (...args: unknown[]) => unknown;
/** Name, number of arguments, implementation. */
type Entry = readonly [name: string, args: 0 | 1 | 2 | 3 | 4, implementation: Implementation];

// Arguments, as Python's functions take them. --------------------------------------------------------

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("the argument must be text");
  return value;
}

function whole(value: unknown): number {
  if (typeof value !== "bigint") throw new TypeError("the argument must be an integer");
  return Number(value);
}

function bigint(value: unknown): bigint {
  if (typeof value !== "bigint") throw new TypeError("the argument must be an integer");
  return value;
}

function float(value: unknown): number {
  if (typeof value !== "bigint" && typeof value !== "number") throw new TypeError("must be real number");
  return Number(value);
}

/** The function gives NULL when any argument is NULL. */
function strict(implementation: Implementation): Implementation {
  return (...args) => (args.includes(null) ? null : implementation(...args));
}

// Text. ----------------------------------------------------------------------------------------------

function repeated(value: string, count: number): string {
  const size = value.length * Math.max(0, count);
  if (size > 500_000_000) throw new PythonOverflow("the text becomes too long");
  return value.repeat(Math.max(0, count));
}

/** Python's `chars[:end]`. */
function head(chars: string[], end: number): string {
  return chars.slice(0, end).join("");
}

function lpad(value: unknown, length: unknown, fill: unknown): string {
  const chars = Array.from(text(value));
  const size = whole(length);
  const missing = size - chars.length;
  if (missing <= 0) return head(chars, size);
  return head(Array.from(repeated(text(fill), size)), missing) + text(value);
}

function rpad(value: unknown, length: unknown, fill: unknown): string {
  const size = whole(length);
  return head(Array.from(text(value) + repeated(text(fill), size)), size);
}

function hash(algorithm: string): Implementation {
  return strict((value) => createHash(algorithm).update(text(value), "utf8").digest("hex"));
}

function regexp(pattern: unknown, value: unknown): bigint {
  return pythonRegex(text(pattern)).test(typeof value === "string" ? value : pythonText(value)) ? 1n : 0n;
}

/** A value as Python's `str()` writes it. */
function pythonText(value: unknown): string {
  if (value instanceof Uint8Array) return `b'${Buffer.from(value).toString("latin1")}'`;
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return value > 0 ? "inf" : value < 0 ? "-inf" : "nan";
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return Object.is(value, -0) ? "-0.0" : `${value}.0`;
  // Python turns to exponents earlier than JavaScript, and writes them with two digits.
  const shown = Math.abs(value) >= 1e16 || Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return shown.replace(/e([+-])(\d)$/, "e$10$2");
}

// UUIDs, as they are stored: without dashes. ----------------------------------------------------------

function uuid(version: number, fill: (bytes: Buffer) => void): string {
  const bytes = randomBytes(16);
  fill(bytes);
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString("hex");
}

// Numbers. -------------------------------------------------------------------------------------------

function sign(value: unknown): bigint {
  const number = float(value);
  return number > 0 ? 1n : number < 0 ? -1n : 0n;
}

function cot(value: unknown): number {
  const tangent = Math.tan(float(value));
  if (tangent === 0) throw new RangeError("division by zero");
  return 1 / tangent;
}

/** A function of numbers that is an error, not NaN or infinity, where Python's `math` raises one. */
function math(implementation: (...args: number[]) => number): Implementation {
  return strict((...args) => {
    const numbers = args.map(float);
    const result = implementation(...numbers);
    if (!Number.isFinite(result) && numbers.every(Number.isFinite)) throw new RangeError("math domain error");
    return result;
  });
}

/** `CEILING` and `FLOOR` give integers. */
function rounding(round: (value: number) => number): Implementation {
  return strict((value) => (typeof value === "bigint" ? value : BigInt(round(float(value)))));
}

function power(base: unknown, exponent: unknown): unknown {
  if (typeof base === "bigint" && typeof exponent === "bigint" && exponent >= 0n) return base ** exponent;
  return math((x, y) => x ** y)(base, exponent);
}

/** For an SQLite that was built without them. */
const MATH: readonly Entry[] = [
  ["ACOS", 1, math(Math.acos)],
  ["ASIN", 1, math(Math.asin)],
  ["ATAN", 1, math(Math.atan)],
  ["ATAN2", 2, math(Math.atan2)],
  ["CEILING", 1, rounding(Math.ceil)],
  ["COS", 1, math(Math.cos)],
  ["DEGREES", 1, math((x) => (x * 180) / Math.PI)],
  ["EXP", 1, math(Math.exp)],
  ["FLOOR", 1, rounding(Math.floor)],
  ["LN", 1, math(Math.log)],
  ["LOG", 2, math((base, x) => Math.log(x) / Math.log(base))],
  ["MOD", 2, math((x, y) => x % y)],
  ["PI", 0, () => Math.PI],
  ["POWER", 2, strict(power)],
  ["RADIANS", 1, math((x) => (x * Math.PI) / 180)],
  ["SIN", 1, math(Math.sin)],
  ["SQRT", 1, math(Math.sqrt)],
  ["TAN", 1, math(Math.tan)],
];

const FUNCTIONS: readonly Entry[] = [
  ["django_date_extract", 2, dateExtract],
  ["django_date_trunc", 4, dateTrunc],
  ["django_datetime_cast_date", 3, datetimeCastDate],
  ["django_datetime_cast_time", 3, datetimeCastTime],
  ["django_datetime_extract", 4, datetimeExtract],
  ["django_datetime_trunc", 4, datetimeTrunc],
  ["django_time_extract", 2, timeExtract],
  ["django_time_trunc", 4, timeTrunc],
  ["django_time_diff", 2, timeDiff],
  ["django_timestamp_diff", 2, timestampDiff],
  ["django_format_dtdelta", 3, formatDtdelta],
  ["regexp", 2, strict(regexp)],
  ["BITXOR", 2, strict((x, y) => bigint(x) ^ bigint(y))],
  ["COT", 1, strict(cot)],
  ["LPAD", 3, strict(lpad)],
  ["MD5", 1, hash("md5")],
  ["REPEAT", 2, strict((value, count) => repeated(text(value), whole(count)))],
  ["REVERSE", 1, strict((value) => Array.from(text(value)).reverse().join(""))],
  ["RPAD", 3, strict(rpad)],
  ["SHA1", 1, hash("sha1")],
  ["SHA224", 1, hash("sha224")],
  ["SHA256", 1, hash("sha256")],
  ["SHA384", 1, hash("sha384")],
  ["SHA512", 1, hash("sha512")],
  ["SIGN", 1, strict(sign)],
];

const VOLATILE: readonly Entry[] = [
  // SQLite's RANDOM() gives integers of the whole range.
  ["RAND", 0, () => Math.random()],
  ["UUIDV4", 0, () => uuid(4, () => {})],
  ["UUIDV7", 0, () => uuid(7, (bytes) => bytes.writeUIntBE(Date.now(), 0, 6))],
];

// Aggregates. ----------------------------------------------------------------------------------------

/** A sum whose rounding errors are carried along. */
function preciseSum(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** The variance; `sample` divides by one less, and needs two values then. */
function variance(values: readonly unknown[], sample: boolean): number {
  const divisor = sample ? values.length - 1 : values.length;
  if (divisor < 1) throw new RangeError("too few values");
  const numbers = values.map(float);
  const mean = preciseSum(numbers) / numbers.length;
  const error = preciseSum(numbers.map((value) => value - mean)) / numbers.length;
  return preciseSum(numbers.map((value) => (value - mean - error) ** 2)) / divisor;
}

/** The standard deviation, also of numbers whose squares are too large. */
function deviation(values: readonly unknown[], sample: boolean): number {
  const plain = Math.sqrt(variance(values, sample));
  const numbers = values.map(float);
  if (Number.isFinite(plain) || !numbers.every(Number.isFinite)) return plain;
  const largest = Math.max(...numbers.map(Math.abs));
  return (
    Math.sqrt(
      variance(
        numbers.map((value) => value / largest),
        sample,
      ),
    ) * largest
  );
}

const AGGREGATES: Readonly<Record<string, (values: readonly unknown[]) => unknown>> = {
  STDDEV_POP: (values) => deviation(values, false),
  STDDEV_SAMP: (values) => deviation(values, true),
  VAR_POP: (values) => variance(values, false),
  VAR_SAMP: (values) => variance(values, true),
  ANY_VALUE: (values) => values[0],
};

function aggregate(finish: (values: readonly unknown[]) => unknown): AggregateImplementation {
  return {
    start: () => [],
    step: (values, value) => {
      values.push(value);
      return values;
    },
    result: (values) => {
      if (values.length === 0) return null;
      try {
        return finish(values);
      } catch (cause) {
        throw new SqlFunctionError("user-defined aggregate's 'finalize' method raised error", { cause });
      }
    },
  };
}

// Registration. --------------------------------------------------------------------------------------

/** Drivers take the number of arguments from the function, so each number has its wrapper. */
const WRAPPERS: readonly ((fn: Implementation) => Implementation)[] = [
  (fn) => fn,
  (fn) => (a) => {
    try {
      return fn(a);
    } catch (error) {
      throw functionFailed(error);
    }
  },
  (fn) => (a, b) => {
    try {
      return fn(a, b);
    } catch (error) {
      throw functionFailed(error);
    }
  },
  (fn) => (a, b, c) => {
    try {
      return fn(a, b, c);
    } catch (error) {
      throw functionFailed(error);
    }
  },
  (fn) => (a, b, c, d) => {
    try {
      return fn(a, b, c, d);
    } catch (error) {
      throw functionFailed(error);
    }
  },
];

function wrap(entries: readonly Entry[]): readonly Entry[] {
  return entries.map(([name, args, fn]) => [name, args, (WRAPPERS[args] as (typeof WRAPPERS)[0])(fn)]);
}

const WRAPPED = wrap(FUNCTIONS);
const WRAPPED_MATH = wrap(MATH);
const AGGREGATORS = Object.entries(AGGREGATES).map(([name, finish]) => [name, aggregate(finish)] as const);

/** Registers the functions on a new connection. */
export function registerFunctions(db: DriverDatabase): void {
  const register = (entries: readonly Entry[], deterministic: boolean) => {
    for (const [name, args, fn] of entries) db.function(name, { args, deterministic, bigints: true }, fn);
  };
  register(WRAPPED, true);
  register(VOLATILE, false);
  if (!hasMathFunctions(db)) register(WRAPPED_MATH, true);
  for (const [name, implementation] of AGGREGATORS) db.aggregate(name, implementation);
}

function hasMathFunctions(db: DriverDatabase): boolean {
  const sql = "SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')";
  return Number(db.prepare(sql).all([], false)[0]?.[0]) === 1;
}

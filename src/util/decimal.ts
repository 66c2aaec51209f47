/**
 * Decimal numbers that keep their scale: `9.90` stays `9.90`, as in Python's `decimal` and in every SQL database.
 *
 * A value is a coefficient and a power of ten, both exact. The text is the identity of a value, and the only thing
 * that a row from the database pays for: coefficient and exponent are parsed when somebody calculates.
 */

import { inspect } from "node:util";

/** What can become a {@link Decimal}. Objects count by their `toString()`, so decimals of other libraries fit. */
export type DecimalValue = string | number | bigint | Decimal | { toString(): string; toFixed(): string };

export type RoundingMode = "halfEven" | "halfUp" | "down" | "up" | "floor" | "ceil";

/** Significant digits of a result that cannot be exact (division, roots), and the limit of all others. */
const PRECISION = 28;

const NUMBER = /^([+-])?(?=\d|\.\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Texts that are printed as they are read: six zeros behind the point make an exponent. */
const CANONICAL = /^-?(?:0(?!\.000000)|[1-9]\d*)(?:\.\d+)?$/;
const SPECIAL = /^([+-])?(?:(inf(?:inity)?)|(s?nan)\d*)$/i;

/** A finite value: `(negative ? -1 : 1) * int * 10 ** exp`. */
interface Parts {
  readonly negative: boolean;
  readonly int: bigint;
  readonly exp: number;
}

/** Makes a value of checked parts; set by the class, which alone can reach its private part. */
let wrap: (parts: Parts) => Decimal;

/** Says to the constructor that a text is canonical already. */
const TRUSTED = Symbol("trusted");

/**
 * An exact decimal number.
 *
 * Sums, differences and products keep the scale (`9.90 + 0.1` is `10.00`); results have at most 28 significant
 * digits, rounded half to even, as Python's default context does. Values never change.
 *
 * @example
 * const price = new Decimal("9.90");
 * price.mul(3).toString(); // "29.70"
 * price.eq("9.9"); // true
 * @throws {SyntaxError} when a text is no number. A `number` counts as its shortest text (`0.1` is `0.1`).
 */
export class Decimal {
  /** The value as Python prints it: `9.90`, `1E+3`, `NaN`. Equal numbers of other scale have other texts. */
  readonly text: string;
  #parts: Parts | null = null;

  constructor(value: DecimalValue, trusted?: symbol) {
    if (trusted === TRUSTED) {
      this.text = value as string;
      return;
    }
    if (value instanceof Decimal) {
      this.text = value.text;
      this.#parts = value.#parts;
      return;
    }
    if (value === null || value === undefined || typeof value === "boolean") {
      throw new SyntaxError(`Not a decimal number: ${String(value)}`);
    }
    let source = String(value);
    if (CANONICAL.test(source)) {
      this.text = source;
      return;
    }
    source = source.trim().replaceAll("_", "");
    const special = SPECIAL.exec(source);
    if (special !== null) {
      this.text = (special[1] === "-" ? "-" : "") + (special[2] !== undefined ? "Infinity" : "NaN");
      return;
    }
    const parts = parse(source);
    if (parts === null) throw new SyntaxError(`Not a decimal number: ${inspect(String(value))}`);
    this.#parts = parts;
    this.text = print(parts);
  }

  /**
   * Wraps a text that is canonical: an optional minus, digits, a point and digits, no exponent, no needless zeros in
   * front. Nothing is checked: this is for readers of database rows.
   */
  static fromText(text: string): Decimal {
    return new Decimal(text, TRUSTED);
  }

  /** A value from its coefficient and its power of ten: `Decimal.of(990n, -2)` is `9.90`. */
  static of(coefficient: bigint, exponent: number): Decimal {
    return wrap(signed(coefficient, exponent));
  }

  /** The exact binary value of a float, as Python's `Decimal(0.1)`: `0.1000000000000000055511151231257827...` */
  static exactly(value: number): Decimal {
    if (!Number.isFinite(value)) return new Decimal(value);
    let scale = 0;
    let rest = value;
    while (!Number.isInteger(rest)) {
      rest *= 2;
      scale += 1;
    }
    // rest / 2**scale == rest * 5**scale / 10**scale
    const int = BigInt(Math.abs(rest)) * 5n ** BigInt(scale);
    return wrap({ negative: value < 0 || Object.is(value, -0), int, exp: -scale });
  }

  /** Sign, coefficient and exponent of a finite value. Throws for `NaN` and `Infinity`. */
  get #finite(): Parts {
    if (this.#parts !== null) return this.#parts;
    const parts = parse(this.text);
    if (parts === null) throw new RangeError(`${this.text} has no digits`);
    this.#parts = parts;
    return parts;
  }

  /** The coefficient without sign: `990n` of `-9.90`. */
  get coefficient(): bigint {
    return this.#finite.int;
  }

  /** The power of ten of the coefficient: `-2` of `9.90`, `3` of `1E+3`. */
  get exponent(): number {
    return this.#finite.exp;
  }

  isNaN(): boolean {
    return this.text === "NaN" || this.text === "-NaN";
  }

  isFinite(): boolean {
    const last = this.text.charCodeAt(this.text.length - 1);
    return last >= 48 && last <= 57;
  }

  isZero(): boolean {
    return this.isFinite() && this.#finite.int === 0n;
  }

  isNegative(): boolean {
    return this.text.startsWith("-");
  }

  isInteger(): boolean {
    if (!this.isFinite()) return false;
    const { int, exp } = this.#finite;
    return exp >= 0 || int % pow10(-exp) === 0n;
  }

  /** How many digits stand behind the point: 2 of `9.90`, 0 of `1E+3`. */
  decimalPlaces(): number {
    return Math.max(0, -this.#finite.exp);
  }

  /** How many digits the coefficient has: 3 of `9.90`. */
  precision(): number {
    return digits(this.#finite.int);
  }

  add(other: DecimalValue): Decimal {
    const b = of(other);
    if (!this.isFinite() || !b.isFinite()) return viaNumber(this.toNumber() + b.toNumber());
    const x = this.#finite;
    const y = b.#finite;
    const exp = Math.min(x.exp, y.exp);
    const sum = toSigned(x, exp) + toSigned(y, exp);
    if (sum === 0n) return wrap({ negative: x.negative && y.negative, int: 0n, exp });
    return wrap(limit(signed(sum, exp)));
  }

  sub(other: DecimalValue): Decimal {
    const b = of(other);
    if (!b.isFinite()) return viaNumber(this.toNumber() - b.toNumber());
    const y = b.#finite;
    return this.add(wrap({ ...y, negative: !y.negative }));
  }

  mul(other: DecimalValue): Decimal {
    const b = of(other);
    if (!this.isFinite() || !b.isFinite()) return viaNumber(this.toNumber() * b.toNumber());
    const x = this.#finite;
    const y = b.#finite;
    return wrap(limit({ negative: x.negative !== y.negative, int: x.int * y.int, exp: x.exp + y.exp }));
  }

  /** @throws {RangeError} for a division by zero. */
  div(other: DecimalValue): Decimal {
    const b = of(other);
    if (!this.isFinite() || !b.isFinite()) return viaNumber(this.toNumber() / b.toNumber());
    const x = this.#finite;
    const y = b.#finite;
    if (y.int === 0n) throw new RangeError("Division by zero");
    const negative = x.negative !== y.negative;
    const ideal = x.exp - y.exp;
    if (x.int === 0n) return wrap({ negative, int: 0n, exp: ideal });
    const shift = Math.max(0, digits(y.int) - digits(x.int) + PRECISION + 1);
    const numerator = x.int * pow10(shift);
    let int = numerator / y.int;
    let exp = ideal - shift;
    if (numerator % y.int !== 0n) {
      // A one in the last place keeps a later rounding from seeing a tie that is none.
      if (int % 5n === 0n) int += 1n;
    } else {
      while (exp < ideal && int % 10n === 0n) {
        int /= 10n;
        exp += 1;
      }
    }
    return wrap(limit({ negative, int, exp }));
  }

  /** The remainder, with the sign of this value: `-7 % 3` is `-1`. */
  mod(other: DecimalValue): Decimal {
    const b = of(other);
    if (!this.isFinite() || !b.isFinite()) return viaNumber(this.toNumber() % b.toNumber());
    const x = this.#finite;
    const y = b.#finite;
    if (y.int === 0n) throw new RangeError("Division by zero");
    const exp = Math.min(x.exp, y.exp);
    const int = (x.int * pow10(x.exp - exp)) % (y.int * pow10(y.exp - exp));
    return wrap(limit({ negative: x.negative, int, exp }));
  }

  /** @param exponent - an integer; a negative one divides. */
  pow(exponent: number): Decimal {
    if (!Number.isInteger(exponent)) throw new RangeError("The exponent must be an integer");
    if (!this.isFinite()) return viaNumber(this.toNumber() ** exponent);
    const x = this.#finite;
    const n = Math.abs(exponent);
    const power = { negative: x.negative && n % 2 === 1, int: x.int ** BigInt(n), exp: x.exp * n };
    return exponent < 0 ? new Decimal(1).div(wrap(power)) : wrap(limit(power));
  }

  /** The square root, exact or to 28 digits. */
  sqrt(): Decimal {
    if (!this.isFinite()) return viaNumber(Math.sqrt(this.toNumber()));
    const { negative, int, exp } = this.#finite;
    if (negative && int !== 0n) throw new RangeError("The square root of a negative number");
    const ideal = Math.floor(exp / 2);
    if (int === 0n) return wrap({ negative, int, exp: ideal });
    let shift = Math.max(0, 2 * (PRECISION + 1) - digits(int));
    if ((exp - shift) % 2 !== 0) shift += 1;
    const scaled = int * pow10(shift);
    let root = integerRoot(scaled);
    let rootExp = (exp - shift) / 2;
    if (root * root === scaled) {
      while (rootExp < ideal && root % 10n === 0n) {
        root /= 10n;
        rootExp += 1;
      }
    } else if (root % 5n === 0n) root += 1n;
    return wrap(limit({ negative: false, int: root, exp: rootExp }));
  }

  neg(): Decimal {
    if (!this.isFinite()) return viaNumber(-this.toNumber());
    const parts = this.#finite;
    return wrap({ ...parts, negative: parts.int !== 0n && !parts.negative });
  }

  abs(): Decimal {
    return this.isNegative() ? new Decimal(this.text.slice(1)) : this;
  }

  /** Below, equal or above: -1, 0, 1. `NaN` when either is not a number. */
  cmp(other: DecimalValue): number {
    const b = of(other);
    if (this.text === b.text) return this.isNaN() ? Number.NaN : 0;
    if (!this.isFinite() || !b.isFinite()) {
      const x = this.toNumber();
      const y = b.toNumber();
      return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
    }
    return compare(this.#finite, b.#finite);
  }

  /** Equal as numbers: `9.90` equals `9.9`. */
  eq(other: DecimalValue): boolean {
    return this.cmp(other) === 0;
  }

  lt(other: DecimalValue): boolean {
    return this.cmp(other) < 0;
  }

  lte(other: DecimalValue): boolean {
    return this.cmp(other) <= 0;
  }

  gt(other: DecimalValue): boolean {
    return this.cmp(other) > 0;
  }

  gte(other: DecimalValue): boolean {
    return this.cmp(other) >= 0;
  }

  /** This value with exactly `places` digits behind the point (negative: before it), rounded. */
  quantize(places: number, mode: RoundingMode = "halfEven"): Decimal {
    return wrap(rescale(this.#finite, -places, mode));
  }

  /** This value with at most `precision` significant digits. */
  toPrecision(precision: number, mode: RoundingMode = "halfEven"): Decimal {
    return wrap(limit(this.#finite, precision, mode));
  }

  floor(): Decimal {
    return this.quantize(0, "floor");
  }

  ceil(): Decimal {
    return this.quantize(0, "ceil");
  }

  trunc(): Decimal {
    return this.quantize(0, "down");
  }

  round(places = 0, mode: RoundingMode = "halfEven"): Decimal {
    return this.quantize(places, mode);
  }

  /** Without trailing zeros: `9.90` becomes `9.9`, `100` becomes `1E+2`. */
  normalize(): Decimal {
    let { negative, int, exp } = this.#finite;
    if (int === 0n) return wrap({ negative, int, exp: 0 });
    while (int % 10n === 0n) {
      int /= 10n;
      exp += 1;
    }
    return wrap({ negative, int, exp });
  }

  /** Python's text: the scale is kept, `1E+3` and `1E-7` have exponents. */
  toString(): string {
    return this.text;
  }

  /** All digits, never an exponent; with `places` rounded to as many digits behind the point. */
  toFixed(places?: number, mode: RoundingMode = "halfEven"): string {
    if (!this.isFinite()) return this.text;
    return plain(places === undefined ? this.#finite : rescale(this.#finite, -places, mode));
  }

  /** The nearest float. */
  toNumber(): number {
    return Number(this.text);
  }

  /** The part before the point. */
  toBigInt(): bigint {
    const { negative, int } = rescale(this.#finite, 0, "down");
    return negative ? -int : int;
  }

  /** A text, because a JSON number would be read as a float. */
  toJSON(): string {
    return this.text;
  }

  /** `a < b` and `+a` work on numbers, texts and template strings on {@link toString}. */
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? this.toNumber() : this.text;
  }

  [inspect.custom](): string {
    return `Decimal('${this.text}')`;
  }

  static {
    wrap = (parts) => {
      const result = new Decimal(print(parts), TRUSTED);
      result.#parts = parts;
      return result;
    };
  }
}

/** Is this a {@link Decimal}, or a decimal of another library that has the same text form? */
export function isDecimal(value: unknown): value is DecimalValue & object {
  return (
    value instanceof Decimal ||
    (typeof value === "object" &&
      value !== null &&
      typeof (value as { toFixed?: unknown }).toFixed === "function" &&
      typeof (value as { toDecimalPlaces?: unknown }).toDecimalPlaces === "function")
  );
}

function of(value: DecimalValue): Decimal {
  return value instanceof Decimal ? value : new Decimal(value);
}

/** Operations with `NaN` or `Infinity` give one of them again, and floats know which. */
function viaNumber(value: number): Decimal {
  return new Decimal(String(value));
}

function parse(text: string): Parts | null {
  const match = NUMBER.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? "";
  const exp = Number(match[4] ?? 0) - fraction.length;
  if (!Number.isSafeInteger(exp)) return null;
  return { negative: match[1] === "-", int: BigInt(`${match[2]}${fraction}`), exp };
}

function signed(value: bigint, exp: number): Parts {
  return { negative: value < 0n, int: value < 0n ? -value : value, exp };
}

/** The signed coefficient at a smaller or equal exponent. */
function toSigned(parts: Parts, exp: number): bigint {
  const int = parts.int * pow10(parts.exp - exp);
  return parts.negative ? -int : int;
}

function pow10(n: number): bigint {
  return 10n ** BigInt(n);
}

function digits(int: bigint): number {
  return int.toString().length;
}

function compare(x: Parts, y: Parts): number {
  if (x.int === 0n && y.int === 0n) return 0;
  const sign = (parts: Parts) => (parts.int === 0n ? 0 : parts.negative ? -1 : 1);
  if (sign(x) !== sign(y)) return sign(x) < sign(y) ? -1 : 1;
  // Magnitudes first: 1E+999999 must not be written out.
  const magnitude = digits(x.int) + x.exp - (digits(y.int) + y.exp);
  if (magnitude !== 0) return magnitude < 0 === !x.negative ? -1 : 1;
  const exp = Math.min(x.exp, y.exp);
  const a = toSigned(x, exp);
  const b = toSigned(y, exp);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rounds to an exponent; a lower exponent pads with zeros. */
function rescale(parts: Parts, exp: number, mode: RoundingMode): Parts {
  if (parts.exp >= exp) return { ...parts, int: parts.int * pow10(parts.exp - exp), exp };
  const drop = exp - parts.exp;
  if (drop > digits(parts.int) + 1) {
    const up = parts.int !== 0n && roundsUp(mode, parts.negative, false, -1);
    return { ...parts, int: up ? 1n : 0n, exp };
  }
  const unit = pow10(drop);
  const int = parts.int / unit;
  const rest = parts.int % unit;
  if (rest === 0n) return { ...parts, int, exp };
  const half = rest * 2n - unit;
  const up = roundsUp(mode, parts.negative, int % 2n === 1n, half < 0n ? -1 : half > 0n ? 1 : 0);
  return { ...parts, int: up ? int + 1n : int, exp };
}

/** Does a non-zero rest round away from zero? `half`: below, at or above the middle. */
function roundsUp(mode: RoundingMode, negative: boolean, odd: boolean, half: number): boolean {
  switch (mode) {
    case "halfEven":
      return half > 0 || (half === 0 && odd);
    case "halfUp":
      return half >= 0;
    case "down":
      return false;
    case "up":
      return true;
    case "floor":
      return negative;
    case "ceil":
      return !negative;
  }
}

/** Rounds to a number of significant digits, where there are more. */
function limit(parts: Parts, precision = PRECISION, mode: RoundingMode = "halfEven"): Parts {
  const excess = digits(parts.int) - precision;
  if (excess <= 0) return parts;
  const rounded = rescale(parts, parts.exp + excess, mode);
  // 9.99 to two digits is 10.0: one digit too many again.
  return digits(rounded.int) > precision ? rescale(rounded, rounded.exp + 1, mode) : rounded;
}

function integerRoot(value: bigint): bigint {
  let x = pow10(Math.ceil(digits(value) / 2));
  for (;;) {
    const next = (x + value / x) / 2n;
    if (next >= x) return x;
    x = next;
  }
}

/** Python's text of a value. */
function print(parts: Parts): string {
  const { negative, exp } = parts;
  const text = parts.int.toString();
  const sign = negative ? "-" : "";
  const leading = text.length + exp; // digits in front of the point
  if (exp <= 0 && leading > -6) return sign + place(text, exp);
  const mantissa = text.length > 1 ? `${text[0]}.${text.slice(1)}` : text;
  const power = leading - 1;
  return `${sign}${mantissa}E${power < 0 ? "" : "+"}${power}`;
}

function plain({ negative, int, exp }: Parts): string {
  const text = int.toString();
  const body = exp > 0 ? (int === 0n ? "0" : text + "0".repeat(exp)) : place(text, exp);
  return negative ? `-${body}` : body;
}

/** Digits with a point `-exp` places from the right. */
function place(text: string, exp: number): string {
  if (exp === 0) return text;
  const point = text.length + exp;
  return point > 0 ? `${text.slice(0, point)}.${text.slice(point)}` : `0.${"0".repeat(-point)}${text}`;
}

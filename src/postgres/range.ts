import { inspect } from "node:util";
import { ValueError } from "../errors.ts";
import { compareValues, sameValue } from "../util/compare.ts";
import { str } from "../util/repr.ts";

/** Whether the ends of a range belong to it: `[` and `]` if so, `(` and `)` if not. */
export type Bounds = "[)" | "[]" | "(]" | "()";

const BOUNDS: readonly string[] = ["[)", "[]", "(]", "()"];

/**
 * All values between two.
 *
 * PostgreSQL itself writes ranges of whole numbers and of days as `[)`: `new Range(1, 3, "[]")` comes back as `[1, 4)`.
 *
 * @example
 * new Range(1, 5).contains(5); // false
 * new Range(null, 5); // everything below 5
 * Range.empty();
 *
 * Django: django.contrib.postgres, "Range Fields"; psycopg's `Range`.
 */
export class Range<T> {
  /** The first value; `null` where it has no beginning. Also `null` for the empty range. */
  readonly lower: T | null;
  /** The last value, or the one behind it; `null` where it has no end. */
  readonly upper: T | null;
  /** `null` for the empty range. */
  readonly bounds: Bounds | null;

  /**
   * @param bounds whether the ends belong to it; `"[)"`: the lower one does, the upper one does not
   * @throws {ValueError} for other bounds
   */
  constructor(lower: T | null = null, upper: T | null = null, bounds: Bounds = "[)") {
    if (!BOUNDS.includes(bounds)) throw new ValueError(`bound flags not valid: '${String(bounds)}'`);
    this.lower = lower;
    this.upper = upper;
    this.bounds = bounds;
  }

  /** The range that holds nothing. */
  static empty<T = never>(): Range<T> {
    return Object.assign(Object.create(Range.prototype) as Range<T>, {
      lower: null,
      upper: null,
      bounds: null,
    });
  }

  /** It holds nothing. */
  get isEmpty(): boolean {
    return this.bounds === null;
  }

  /** It has no beginning. */
  get lowerInf(): boolean {
    return this.bounds !== null && this.lower === null;
  }

  /** It has no end. */
  get upperInf(): boolean {
    return this.bounds !== null && this.upper === null;
  }

  /** The lower end belongs to it. */
  get lowerInc(): boolean {
    return this.lower !== null && this.bounds?.[0] === "[";
  }

  /** The upper end belongs to it. */
  get upperInc(): boolean {
    return this.upper !== null && this.bounds?.[1] === "]";
  }

  /** Whether the value lies in it. */
  contains(value: T): boolean {
    if (this.bounds === null) return false;
    if (this.lower !== null) {
      const order = compareValues(value, this.lower);
      if (this.lowerInc ? !(order >= 0) : !(order > 0)) return false;
    }
    if (this.upper === null) return true;
    const order = compareValues(value, this.upper);
    return this.upperInc ? order <= 0 : order < 0;
  }

  /** The same ends and bounds. */
  equals(other: unknown): boolean {
    return (
      other instanceof Range &&
      this.bounds === other.bounds &&
      sameValue([this.lower, this.upper], [other.lower, other.upper])
    );
  }

  /** As PostgreSQL writes it: `[1, 5)`, `(, 5]`, `empty`. */
  toString(): string {
    if (this.bounds === null) return "empty";
    const text = (end: T | null) => (end === null ? "" : str(end));
    return `${this.bounds[0]}${text(this.lower)}, ${text(this.upper)}${this.bounds[1]}`;
  }

  /** As Django serializes it. */
  toJSON(): object {
    if (this.bounds === null) return { empty: true };
    return { bounds: this.bounds, lower: this.lower, upper: this.upper };
  }

  [inspect.custom](): string {
    return `Range ${this.toString()}`;
  }
}

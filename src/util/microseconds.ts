/**
 * Microseconds on a `Date`, which itself holds milliseconds only.
 *
 * The rest below a millisecond rides on the object as a private field: it shows in no inspection, comparison or copy,
 * and it is forgotten as soon as the date's time is changed.
 */

class Identity {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: puts a private field on an object that exists already
    return object;
  }
}

class Stamp extends Identity {
  #rest: number;
  #time: number;

  constructor(date: Date, rest: number) {
    super(date);
    this.#rest = rest;
    this.#time = date.getTime();
  }

  static put(date: Date, rest: number): void {
    if (#rest in date) {
      const stamp = date as unknown as Stamp;
      stamp.#rest = rest;
      stamp.#time = date.getTime();
    } else if (rest !== 0) new Stamp(date, rest);
  }

  static get(date: Date): number {
    if (!(#rest in date)) return 0;
    const stamp = date as unknown as Stamp;
    return stamp.#time === date.getTime() ? stamp.#rest : 0;
  }
}

/** The microseconds below the millisecond: 456 of `...00.123456Z`. */
export function subMilliseconds(date: Date): number {
  return Stamp.get(date);
}

/**
 * The microseconds of a date within its second, 0 to 999999; Python's `datetime.microsecond`.
 *
 * @example
 * microseconds(pizza.created); // 123456
 */
export function microseconds(date: Date): number {
  const time = date.getTime();
  return (((time % 1000) + 1000) % 1000) * 1000 + Stamp.get(date);
}

/**
 * A new date with other microseconds within its second.
 *
 * @param us - 0 to 999999.
 * @example
 * withMicroseconds(new Date("2024-01-15T12:00:00Z"), 123456); // 12:00:00.123456
 */
export function withMicroseconds(date: Date, us: number): Date {
  if (!Number.isInteger(us) || us < 0 || us > 999_999) {
    throw new RangeError("microseconds must be an integer from 0 to 999999");
  }
  const second = Math.floor(date.getTime() / 1000) * 1000;
  return dateOf(second + Math.floor(us / 1000), us % 1000);
}

/** A date from milliseconds since 1970 and the microseconds (0 to 999) below them. */
export function dateOf(milliseconds: number, rest: number): Date {
  const date = new Date(milliseconds);
  if (rest !== 0) Stamp.put(date, rest);
  return date;
}

/** Microseconds since 1970. */
export function epochMicroseconds(date: Date): bigint {
  return BigInt(date.getTime()) * 1000n + BigInt(Stamp.get(date));
}

/** A date from microseconds since 1970. */
export function fromEpochMicroseconds(us: bigint): Date {
  const rest = Number(((us % 1000n) + 1000n) % 1000n);
  return dateOf(Number((us - BigInt(rest)) / 1000n), rest);
}

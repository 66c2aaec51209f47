/**
 * Lookups by field family: the name of a lookup -> the value that it takes.
 *
 * Three symbol keys carry the rest, so that `keyof` a family and `string` are its lookups:
 * {@link out} is the value of a column of that family, {@link transforms} leads to the family of a transform,
 * {@link hidden} holds lookups that work but are not suggested by the editor.
 */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../util/decimal.ts";

declare const out: unique symbol;
declare const transforms: unique symbol;
declare const hidden: unique symbol;

/** The keys described above; import them with `import type`. */
export type OutKey = typeof out;
export type TransformsKey = typeof transforms;
export type HiddenKey = typeof hidden;

declare const row: unique symbol;
declare const model: unique symbol;

/**
 * A queryset of either colour used as the right side of a lookup: `SELECT ... WHERE x IN (subquery)`.
 *
 * It does not mention rows: the compiler would try to infer the arguments of `values` from them.
 */
export interface AnySubquery {
  readonly [model]: unknown;
}

/** A queryset of model `M`, of either colour. */
export interface SubqueryOn<M> {
  readonly [model]: M;
}

/** A queryset of either colour with its rows. */
export interface SubqueryLike<M, Row> {
  readonly [model]: M;
  readonly [row]: Row;
}

/** The rows of a queryset. */
export type RowOf<Q> = Q extends { readonly [row]: infer Row } ? Row : never;

/** What `__in` takes: a list, a set or a queryset. */
export type InValue<T> = readonly T[] | ReadonlySet<T> | AnySubquery;

/** Lookups of every field. */
export interface BaseLookups<T> {
  exact: T;
  in: InValue<T>;
  isnull: boolean;
}

/**
 * Lookups of values that have an order.
 *
 * @example `Price.objects.filter({ amount__gte: "5" })`
 */
export interface OrderedLookups<T> extends BaseLookups<T> {
  gt: T;
  gte: T;
  lt: T;
  lte: T;
  range: readonly [T, T];
}

/** The lookups that compare as text. */
export interface PatternLookups<T> {
  iexact: T | null;
  contains: T;
  icontains: T;
  startswith: T;
  istartswith: T;
  endswith: T;
  iendswith: T;
  regex: string;
  iregex: string;
}

/**
 * Transforms of text, to which users add their own: the name of a transform -> the family of what it gives.
 *
 * @example `interface TextTransforms { length: NumberLookups } // filter({ name__length__gt: 3 }), values("name__length")`
 */
export interface TextTransforms {}

/**
 * Lookups of text.
 *
 * @example `Pizza.objects.filter({ name__istartswith: "m" })`
 */
export interface TextLookups<T = string> extends OrderedLookups<T>, PatternLookups<string> {
  readonly [out]: T;
  readonly [transforms]: TextTransforms;
}

/**
 * Transforms of numbers: see {@link TextTransforms}.
 *
 * @example `interface NumberTransforms<T, Out> { abs: NumberLookups<T, Out> }`
 */
// biome-ignore lint/correctness/noUnusedVariables: for what users declare here
export interface NumberTransforms<T, Out> {}

/**
 * Lookups of numbers. Text lookups work on the digits, as in Django; the editor does not suggest them.
 *
 * @example `Book.objects.filter({ pages__range: [100, 200] })`
 */
export interface NumberLookups<T = number, Out = T> extends OrderedLookups<T> {
  readonly [out]: Out;
  readonly [transforms]: NumberTransforms<T, Out>;
  readonly [hidden]: PatternLookups<T | string>;
}

/** Lookups of booleans. */
export interface BooleanLookups extends BaseLookups<boolean> {
  readonly [out]: boolean;
}

/** The parts of a date, as numbers. */
export interface DateParts<N = number> {
  year: N;
  iso_year: N;
  quarter: N;
  month: N;
  week: N;
  week_day: N;
  iso_week_day: N;
  day: N;
}

/** The parts of a time, as numbers. */
export interface TimeParts<N = number> {
  hour: N;
  minute: N;
  second: N;
}

/** The transforms of a {@link DateLookups}. */
export interface DateTransforms extends DateParts<NumberLookups> {}

/**
 * Lookups of a date.
 *
 * @example `Book.objects.filter({ published__year__gte: 2000 })`
 */
export interface DateLookups<T = Temporal.PlainDate | string> extends OrderedLookups<T>, DateParts {
  readonly [out]: Temporal.PlainDate;
  readonly [transforms]: DateTransforms;
}

/** The transforms of a {@link TimeLookups}. */
export interface TimeTransforms extends TimeParts<NumberLookups> {}

/**
 * Lookups of a time of day.
 *
 * @example `Shift.objects.filter({ starts__hour__lt: 12 })`
 */
export interface TimeLookups<T = Temporal.PlainTime | string> extends OrderedLookups<T>, TimeParts {
  readonly [out]: Temporal.PlainTime;
  readonly [transforms]: TimeTransforms;
}

/** The transforms of a {@link DateTimeLookups}. */
export interface DateTimeTransforms extends DateParts<NumberLookups>, TimeParts<NumberLookups> {
  date: DateLookups;
  time: TimeLookups;
}

/**
 * Lookups of an instant.
 *
 * @example `Order.objects.filter({ created__date: "2024-01-15", created__time__gte: "12:00" })`
 */
export interface DateTimeLookups<T = Date | string> extends OrderedLookups<T>, DateParts, TimeParts {
  date: Temporal.PlainDate | string;
  time: Temporal.PlainTime | string;
  readonly [out]: Date;
  readonly [transforms]: DateTimeTransforms;
}

/** Transforms of durations: see {@link TextTransforms}. */
export interface DurationTransforms {}

/** Lookups of a duration. */
export interface DurationLookups<T = Temporal.Duration | string> extends OrderedLookups<T> {
  readonly [out]: Temporal.Duration;
  readonly [transforms]: DurationTransforms;
}

/** Lookups of a decimal. */
export interface DecimalLookups extends NumberLookups<Decimal | string | number, Decimal> {}

/** Lookups of binary data. */
export interface BinaryLookups extends BaseLookups<Uint8Array> {
  readonly [out]: Uint8Array;
}

/** What `JSON.rawJSON` gives. An interface, as one is no object with any key. */
interface RawJson {
  readonly rawJSON: string;
}

/** A value that JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | RawJson
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * Lookups of JSON. Any other segment is a key or an index of the value: see `JsonPath`.
 *
 * @example `Dog.objects.filter({ data__owner__name: "Bob", data__has_key: "breed" })`
 */
export interface JsonLookups<T = unknown> extends BaseLookups<T | JsonValue> {
  contains: JsonValue;
  contained_by: JsonValue;
  has_key: string | number;
  has_keys: readonly (string | number)[];
  has_any_keys: readonly (string | number)[];
  readonly [out]: T;
  readonly [hidden]: OrderedLookups<JsonValue> & Omit<PatternLookups<string>, "contains">;
  readonly [json]: T;
}
declare const json: unique symbol;
/** The key under which a JSON family carries the type of its value. */
export type JsonKey = typeof json;

/**
 * The family for a plain value type: of an annotation, of a JSON key.
 *
 * @example `FamilyOf<string | null>` is `TextLookups<string>`
 */
export type FamilyOf<T> = [NonNullable<T>] extends [never]
  ? BaseLookups<null>
  : NonNullable<T> extends string
    ? TextLookups<NonNullable<T>>
    : NonNullable<T> extends number
      ? NumberLookups<NonNullable<T>>
      : NonNullable<T> extends boolean
        ? BooleanLookups
        : NonNullable<T> extends bigint
          ? NumberLookups<number | bigint, bigint>
          : NonNullable<T> extends Decimal
            ? DecimalLookups
            : NonNullable<T> extends Date
              ? DateTimeLookups
              : NonNullable<T> extends Temporal.PlainDate
                ? DateLookups
                : NonNullable<T> extends Temporal.PlainTime
                  ? TimeLookups
                  : NonNullable<T> extends Temporal.Duration
                    ? DurationLookups
                    : NonNullable<T> extends Uint8Array
                      ? BinaryLookups
                      : AnyLookups;

/** The family of a value whose type is not known: every lookup, any value. */
export interface AnyLookups extends OrderedLookups<unknown>, PatternLookups<unknown> {
  readonly [out]: unknown;
}

/** The types of the fields of PostgreSQL, and of their lookups. */
import type { Temporal } from "temporal-polyfill";
import type {
  AnyExpression,
  AnyField,
  AnySubquery,
  BaseLookups,
  BooleanLookups,
  DateLookups,
  DateTimeLookups,
  DecimalLookups,
  Empty,
  Exactly,
  Field,
  FieldOptions,
  FlagsOf,
  HiddenKey,
  LookupOwner,
  NullOf,
  NumberLookups,
  OptionalOf,
  OrderedLookups,
  OutKey,
  TextLookups,
  TransformsKey,
  types,
} from "../../types/index.ts";
import type { Decimal } from "../../util/decimal.ts";
import type { Bounds, Range } from "../range.ts";

// ---------------------------------------------------------------- arrays

/** What an array of `F` holds. */
export type ItemOf<F extends AnyField> =
  | F[typeof types]["out"]
  | (F[typeof types]["null"] extends true ? null : never);

/** What is taken as an item of an array of `F`. */
export type ItemInOf<F extends AnyField> = F[typeof types]["in"] | null;

/** The lookups of the item at a place: those of the base field, of a value that may be missing. */
export type ItemFamily<L, Out> = Omit<L, OutKey> & { readonly [K in OutKey]: Out | null };

/** A list of values and expressions. */
export type Items<In> = readonly (In | AnyExpression)[];

/**
 * Lookups of an array.
 *
 * @example `Post.objects.filter({ tags__contains: ["django"], tags__len__gte: 2, tags__0: "news", tags__0_2__overlap: ["a"] })`
 */
export type ArrayLookups<In, Out, L> = OrderedLookups<readonly In[]> & {
  /** The array has all of these items. */
  contains: Items<In>;
  /** The array has none but these items. */
  contained_by: Items<In>;
  /** The array has one of these items. */
  overlap: Items<In> | AnySubquery;
  /** The number of items. */
  len: number;
  /** The item at a place. */
  [place: `${number}`]: In;
  /** The items from a place to before another one. */
  [slice: `${number}_${number}`]: readonly In[];
} & { readonly [K in OutKey]: Out[] } & {
  readonly [K in TransformsKey]: {
    len: NumberLookups;
    [place: `${number}`]: ItemFamily<L, Out>;
    [slice: `${number}_${number}`]: ArrayLookups<In, Out, L>;
  };
};

/** Options of `ArrayField`. */
export interface ArrayOptions<In> extends FieldOptions<readonly In[]> {
  /** The most items; checked in validation. */
  size?: number;
}

/**
 * A list of values of another field: `text[]`.
 *
 * @param baseField the field of the items; an `ArrayField` for lists of lists
 * @param options `size`: the most items, checked in validation
 * @example `tags: ArrayField(CharField({ maxLength: 20 }), { default: () => [] }) // string[]`
 */
export type ArrayFieldFactory = <B extends Field, const O extends ArrayOptions<ItemInOf<B>> = Empty>(
  baseField: B,
  options?: Exactly<O, keyof ArrayOptions<ItemInOf<B>>>,
) => Field<
  ItemOf<B>[],
  readonly ItemInOf<B>[],
  NullOf<O>,
  OptionalOf<O>,
  ArrayLookups<ItemInOf<B>, ItemOf<B>, B[typeof types]["lookups"]>,
  FlagsOf<O>
>;

// ---------------------------------------------------------------- maps

/** What an `HStoreField` holds. */
export type StringMap = Record<string, string | null>;

/** What an `HStoreField` takes: other values become texts. */
export type StringMapIn = Readonly<Record<string, string | number | bigint | boolean | null>>;

/**
 * Lookups of a map. Any other segment is a key.
 *
 * @example `Dog.objects.filter({ data__breed: "collie", data__has_key: "owner" })`
 */
export type HStoreLookups = BaseLookups<StringMapIn> & {
  /** The map has these pairs. */
  contains: StringMapIn;
  /** The map has no other pairs. */
  contained_by: StringMapIn;
  has_key: string;
  /** All of these keys. */
  has_keys: readonly string[];
  /** One of these keys. */
  has_any_keys: readonly string[];
  /** The keys as an array. */
  keys: readonly string[];
  /** The values as an array. */
  values: readonly (string | null)[];
} & { readonly [K in OutKey]: StringMap } & {
  // Keys, and what is behind them: not among the names, or the editor would offer no lookup.
  readonly [K in HiddenKey]: Readonly<Record<string, unknown>>;
} & {
  readonly [K in TransformsKey]: {
    keys: ArrayLookups<string | null, string, TextLookups>;
    values: ArrayLookups<string | null, string | null, TextLookups>;
    [key: string]: unknown;
  };
};

/** A map of texts to texts: `hstore`. */
export type HStoreFieldFactory = <const O extends FieldOptions<StringMapIn> = Empty>(
  options?: Exactly<O, keyof FieldOptions<StringMapIn>>,
) => Field<StringMap, StringMapIn, NullOf<O>, OptionalOf<O>, HStoreLookups, FlagsOf<O>>;

// ---------------------------------------------------------------- ranges

/** What is taken for a range: one, or its two ends; `null` for an end that is open. */
export type RangeIn<In> = Range<In> | readonly [lower: In | null, upper: In | null];

/**
 * Lookups of a range.
 *
 * @example `Event.objects.filter({ ages__contains: 21, ages__overlap: new Range(10, 20), ages__startswith__gte: 5 })`
 */
export type RangeLookups<In, Out, L> = OrderedLookups<RangeIn<In>> & {
  /** The range has this value, or all of another range. */
  contains: In | RangeIn<In>;
  contained_by: RangeIn<In>;
  /** The ranges have values in common. */
  overlap: RangeIn<In>;
  /** All of the range is below another one. */
  fully_lt: RangeIn<In>;
  /** All of the range is above another one. */
  fully_gt: RangeIn<In>;
  /** No part of the range is below another one. */
  not_lt: RangeIn<In>;
  /** No part of the range is above another one. */
  not_gt: RangeIn<In>;
  /** One range begins where the other one ends. */
  adjacent_to: RangeIn<In>;
  /** The lower end. */
  startswith: In;
  /** The upper end. */
  endswith: In;
  isempty: boolean;
  lower_inc: boolean;
  lower_inf: boolean;
  upper_inc: boolean;
  upper_inf: boolean;
} & { readonly [K in OutKey]: Range<Out> } & {
  readonly [K in TransformsKey]: {
    startswith: ItemFamily<L, Out>;
    endswith: ItemFamily<L, Out>;
    isempty: BooleanLookups;
    lower_inc: BooleanLookups;
    lower_inf: BooleanLookups;
    upper_inc: BooleanLookups;
    upper_inf: BooleanLookups;
  };
};

/** A column of ranges. */
type RangeColumn<In, Out, L, O> = Field<
  Range<Out>,
  RangeIn<In>,
  NullOf<O>,
  OptionalOf<O>,
  RangeLookups<In, Out, L>,
  FlagsOf<O>
>;

/** Options of ranges of decimals and of instants. */
export interface ContinuousRangeOptions<In> extends FieldOptions<RangeIn<In>> {
  /** The bounds of ranges that are given as two ends; `"[)"` by default. */
  defaultBounds?: Bounds;
}

/** A range of whole numbers: `int4range`. */
export type IntegerRangeFieldFactory = <const O extends FieldOptions<RangeIn<number>> = Empty>(
  options?: Exactly<O, keyof FieldOptions<RangeIn<number>>>,
) => RangeColumn<number, number, NumberLookups, O>;

/** A range of large whole numbers: `int8range`. */
export type BigIntegerRangeFieldFactory = <const O extends FieldOptions<RangeIn<bigint | number>> = Empty>(
  options?: Exactly<O, keyof FieldOptions<RangeIn<bigint | number>>>,
) => RangeColumn<bigint | number, bigint, NumberLookups<bigint | number, bigint>, O>;

/** What is taken as a decimal. */
type DecimalIn = Decimal | string | number;

/** A range of decimals: `numrange`. */
export type DecimalRangeFieldFactory = <const O extends ContinuousRangeOptions<DecimalIn> = Empty>(
  options?: Exactly<O, keyof ContinuousRangeOptions<DecimalIn>>,
) => RangeColumn<DecimalIn, Decimal, DecimalLookups, O>;

/** A range of instants: `tstzrange`. */
export type DateTimeRangeFieldFactory = <const O extends ContinuousRangeOptions<Date | string> = Empty>(
  options?: Exactly<O, keyof ContinuousRangeOptions<Date | string>>,
) => RangeColumn<Date | string, Date, DateTimeLookups, O>;

/** What is taken as a day. */
type DayIn = Temporal.PlainDate | string;

/** A range of days: `daterange`. */
export type DateRangeFieldFactory = <const O extends FieldOptions<RangeIn<DayIn>> = Empty>(
  options?: Exactly<O, keyof FieldOptions<RangeIn<DayIn>>>,
) => RangeColumn<DayIn, Temporal.PlainDate, DateLookups, O>;

/** A factory to which lookups can be added. */
export type Registrable<F> = F & LookupOwner;

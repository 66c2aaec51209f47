/** The signatures of the factories for columns: `CharField({ maxLength: 50 })`. Django: "Field types". */
import type { Temporal } from "temporal-polyfill";
import type { Decimal, DecimalValue } from "../util/decimal.ts";
import type {
  BinaryOptions,
  CharOptions,
  ColumnOf,
  Columns,
  DateColumnOf,
  DateOptions,
  DecimalOptions,
  Field,
  FieldOptions,
  FlagsOf,
  GenericIPAddressOptions,
  JSONOptions,
  NumberColumn,
  SlugOptions,
  TextColumn,
  TextOptions,
  UUIDOptions,
} from "./fields.ts";
import type {
  BinaryLookups,
  BooleanLookups,
  DateLookups,
  DateTimeLookups,
  DecimalLookups,
  DurationLookups,
  JsonLookups,
  NumberLookups,
  TextLookups,
  TimeLookups,
} from "./lookups.ts";
import type { Empty } from "./queryset.ts";
import type { Exactly } from "./util.ts";

/** A key that the database counts. */
type AutoColumn<O> = Field<number, number, false, true, NumberLookups<number, number>, FlagsOf<O> | "auto">;

/**
 * Text of a limited length. `VARCHAR(n)`.
 *
 * @example
 * ```ts
 * CharField({ maxLength: 50 });
 * CharField({ maxLength: 1, choices: [["S", "Small"], ["L", "Large"]], default: "S" }); // "S" | "L"
 * ```
 */
export type CharFieldFactory = <const O extends CharOptions = Empty>(
  options?: Exactly<O, keyof CharOptions>,
) => TextColumn<O>;

/** Text of any length. `TEXT`. */
export type TextFieldFactory = <const O extends TextOptions = Empty>(
  options?: Exactly<O, keyof TextOptions>,
) => TextColumn<O>;

/** Letters, digits, hyphens and underscores; 50 characters and indexed by default. */
export type SlugFieldFactory = <const O extends SlugOptions = Empty>(
  options?: Exactly<O, keyof SlugOptions>,
) => TextColumn<O>;

/** An address of e-mail; 254 characters by default. */
export type EmailFieldFactory = CharFieldFactory;

/** A URL; 200 characters by default. */
export type URLFieldFactory = CharFieldFactory;

/** A UUID as text with dashes. */
export type UUIDFieldFactory = <const O extends UUIDOptions = Empty>(
  options?: Exactly<O, keyof UUIDOptions>,
) => ColumnOf<O, Columns<string, string, TextLookups<string>>>;

/** An IPv4 or IPv6 address as text. */
export type GenericIPAddressFieldFactory = <const O extends GenericIPAddressOptions = Empty>(
  options?: Exactly<O, keyof GenericIPAddressOptions>,
) => ColumnOf<O, Columns<string, string, TextLookups<string>>>;

/** A whole number of 32 bits. Also `PositiveIntegerField`, `SmallIntegerField`, `PositiveSmallIntegerField`. */
export type IntegerFieldFactory = <const O extends FieldOptions<number> = Empty>(
  options?: Exactly<O, keyof FieldOptions<number>>,
) => NumberColumn<O>;

/** A whole number of 64 bits: a `bigint`. Also `PositiveBigIntegerField`. */
export type BigIntegerFieldFactory = <const O extends FieldOptions<bigint | number> = Empty>(
  options?: Exactly<O, keyof FieldOptions<bigint | number>>,
) => ColumnOf<O, Columns<bigint, bigint | number, NumberLookups<bigint | number, bigint>>>;

/** A key that the database counts. Also `BigAutoField` (the default `id`) and `SmallAutoField`. */
export type AutoFieldFactory = <const O extends FieldOptions<number> = Empty>(
  options?: Exactly<O, keyof FieldOptions<number>>,
) => AutoColumn<O>;

/** `true` or `false`. */
export type BooleanFieldFactory = <const O extends FieldOptions<boolean> = Empty>(
  options?: Exactly<O, keyof FieldOptions<boolean>>,
) => ColumnOf<O, Columns<boolean, boolean, BooleanLookups>>;

/** A floating-point number. */
export type FloatFieldFactory = IntegerFieldFactory;

/**
 * A decimal number, never a float.
 *
 * @example `DecimalField({ maxDigits: 10, decimalPlaces: 2 }) // 9.90`
 */
export type DecimalFieldFactory = <const O extends DecimalOptions<DecimalValue>>(
  options: Exactly<O, keyof DecimalOptions<DecimalValue>>,
) => ColumnOf<O, Columns<Decimal, Decimal | string | number, DecimalLookups>>;

type DateColumns<Flag extends string> = Columns<
  Temporal.PlainDate,
  Temporal.PlainDate | string,
  DateLookups<Temporal.PlainDate | string>,
  Flag
>;
type TimeColumns<Flag extends string = never> = Columns<
  Temporal.PlainTime,
  Temporal.PlainTime | string,
  TimeLookups<Temporal.PlainTime | string>,
  Flag
>;
type DateTimeColumns<Flag extends string> = Columns<
  Date,
  Date | string,
  DateTimeLookups<Date | string>,
  Flag
>;

/** A date: `Temporal.PlainDate`; text such as `"2024-01-15"` is taken too. */
export type DateFieldFactory = <const O extends DateOptions<Temporal.PlainDate | string> = Empty>(
  options?: Exactly<O, keyof DateOptions<Temporal.PlainDate | string>>,
) => DateColumnOf<O, DateColumns<"date">, DateColumns<"date" | "fixed">>;

/** A time of day: `Temporal.PlainTime`; text such as `"12:30"` is taken too. */
export type TimeFieldFactory = <const O extends DateOptions<Temporal.PlainTime | string> = Empty>(
  options?: Exactly<O, keyof DateOptions<Temporal.PlainTime | string>>,
) => DateColumnOf<O, TimeColumns, TimeColumns<"fixed">>;

/** An instant: a `Date`; ISO text is taken too. */
export type DateTimeFieldFactory = <const O extends DateOptions<Date | string> = Empty>(
  options?: Exactly<O, keyof DateOptions<Date | string>>,
) => DateColumnOf<O, DateTimeColumns<"date">, DateTimeColumns<"date" | "fixed">>;

/** A length of time: `Temporal.Duration`; ISO text such as `"PT1H"` is taken too. */
export type DurationFieldFactory = <const O extends FieldOptions<Temporal.Duration | string> = Empty>(
  options?: Exactly<O, keyof FieldOptions<Temporal.Duration | string>>,
) => ColumnOf<
  O,
  Columns<Temporal.Duration, Temporal.Duration | string, DurationLookups<Temporal.Duration | string>>
>;

/** Bytes are nothing that people write, unless `editable: true` says so. */
type EditableFlag<O> = O extends { readonly editable: true } ? never : "fixed";

/** Bytes. */
export type BinaryFieldFactory = <const O extends BinaryOptions = Empty>(
  options?: Exactly<O, keyof BinaryOptions>,
) => ColumnOf<O, Columns<Uint8Array, Uint8Array, BinaryLookups, EditableFlag<O>>>;

/**
 * A value of JSON. `JSONField<T>()` types it, and the paths into it.
 *
 * @example
 * ```ts
 * data: JSONField<{ owner: { name: string } }>(); // filter({ data__owner__name: "Bob" })
 * ```
 */
export interface JSONFieldFactory {
  <T = unknown>(
    options?: JSONOptions<NoInfer<T>> & { null?: false; default?: never; dbDefault?: never },
  ): Field<T, T, false, false, JsonLookups<T>, never>;
  <T = unknown>(
    options: JSONOptions<NoInfer<T>> & { null?: false } & ({ default: unknown } | { dbDefault: unknown }),
  ): Field<T, T, false, true, JsonLookups<T>, never>;
  <T = unknown>(
    options: JSONOptions<NoInfer<T>> & { null: true },
  ): Field<T, T, true, true, JsonLookups<T>, never>;
}

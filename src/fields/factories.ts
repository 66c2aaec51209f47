/** The public factories of fields: `CharField({ maxLength: 50 })`, without `new`. Their types are in `src/types/`. */

import type * as types from "../types/index.ts";
import type { Field as FieldClass } from "./field.ts";
import * as classes from "./index.ts";

/** Calls of a class without `new`; lookups are registered on the class. */
function factory<F>(cls: new (options: never) => FieldClass): F & types.LookupOwner {
  const Class = cls as new (options: object) => FieldClass;
  const owner = cls as unknown as typeof FieldClass;
  const make = (options?: object) => new Class(options ?? {});
  return Object.assign(make, {
    registerLookup: owner.registerLookup.bind(owner),
    unregisterLookup: owner.unregisterLookup.bind(owner),
  }) as unknown as F & types.LookupOwner;
}

/**
 * A key of four bytes that the database counts, a `number`. `integer`; `serial` elsewhere.
 *
 * @example
 * id: AutoField({ primaryKey: true })
 * Django: `AutoField`.
 */
export const AutoField: types.AutoFieldFactory & types.LookupOwner = factory(classes.AutoField);
/**
 * A key of eight bytes that the database counts, a `number`: what a model without a primary key gets as `id`.
 *
 * @example
 * id: BigAutoField({ primaryKey: true })
 * Django: `BigAutoField`.
 */
export const BigAutoField: types.AutoFieldFactory & types.LookupOwner = factory(classes.BigAutoField);
/**
 * A key of two bytes that the database counts, a `number`.
 *
 * @example
 * id: SmallAutoField({ primaryKey: true })
 * Django: `SmallAutoField`.
 */
export const SmallAutoField: types.AutoFieldFactory & types.LookupOwner = factory(classes.SmallAutoField);
/**
 * `true` or `false`. `bool`.
 *
 * @example
 * active: BooleanField({ default: true })
 * Django: `BooleanField`.
 */
export const BooleanField: types.BooleanFieldFactory & types.LookupOwner = factory(classes.BooleanField);
/**
 * A text of at most `maxLength` characters. `varchar(maxLength)`.
 *
 * @example
 * name: CharField({ maxLength: 50 })
 * size: CharField({ maxLength: 1, choices: [["S", "Small"], ["L", "Large"]] }) // typed "S" | "L"
 * Django: `CharField`.
 */
export const CharField: types.CharFieldFactory & types.LookupOwner = factory(classes.CharField);
/**
 * A text of any length. `text`.
 *
 * @example
 * body: TextField({ blank: true, default: "" })
 * Django: `TextField`.
 */
export const TextField: types.TextFieldFactory & types.LookupOwner = factory(classes.TextField);
/**
 * A name for URLs: letters, digits, underscores, hyphens. Indexed, `varchar(50)` by default.
 *
 * @example
 * slug: SlugField({ unique: true })
 * Django: `SlugField`.
 */
export const SlugField: types.SlugFieldFactory & types.LookupOwner = factory(classes.SlugField);
/**
 * An e-mail address. `varchar(254)` by default.
 *
 * @example
 * email: EmailField({ null: true })
 * Django: `EmailField`.
 */
export const EmailField: types.EmailFieldFactory & types.LookupOwner = factory(classes.EmailField);
/**
 * A URL. `varchar(200)` by default.
 *
 * @example
 * home: URLField({ blank: true })
 * Django: `URLField`.
 */
export const URLField: types.URLFieldFactory & types.LookupOwner = factory(classes.URLField);
/**
 * A whole number of four bytes. `integer`.
 *
 * @example
 * pages: IntegerField({ default: 0 })
 * Django: `IntegerField`.
 */
export const IntegerField: types.IntegerFieldFactory & types.LookupOwner = factory(classes.IntegerField);
/**
 * A whole number of two bytes. `smallint`.
 *
 * @example
 * level: SmallIntegerField()
 * Django: `SmallIntegerField`.
 */
export const SmallIntegerField: types.IntegerFieldFactory & types.LookupOwner = factory(
  classes.SmallIntegerField,
);
/**
 * A whole number of eight bytes: a `bigint`; a `number` is taken, too. `bigint`.
 *
 * @example
 * views: BigIntegerField({ default: 0n })
 * Django: `BigIntegerField`.
 */
export const BigIntegerField: types.BigIntegerFieldFactory & types.LookupOwner = factory(
  classes.BigIntegerField,
);
/**
 * A whole number of four bytes, from 0. `integer` with a check.
 *
 * @example
 * count: PositiveIntegerField({ default: 0 })
 * Django: `PositiveIntegerField`.
 */
export const PositiveIntegerField: types.IntegerFieldFactory & types.LookupOwner = factory(
  classes.PositiveIntegerField,
);
/**
 * A whole number of two bytes, from 0. `smallint` with a check.
 *
 * @example
 * stars: PositiveSmallIntegerField()
 * Django: `PositiveSmallIntegerField`.
 */
export const PositiveSmallIntegerField: types.IntegerFieldFactory & types.LookupOwner = factory(
  classes.PositiveSmallIntegerField,
);
/**
 * A whole number of eight bytes, from 0: a `bigint`. `bigint` with a check.
 *
 * @example
 * bytes: PositiveBigIntegerField()
 * Django: `PositiveBigIntegerField`.
 */
export const PositiveBigIntegerField: types.BigIntegerFieldFactory & types.LookupOwner = factory(
  classes.PositiveBigIntegerField,
);
/**
 * A float of eight bytes. `real`; `double precision` elsewhere.
 *
 * @example
 * rating: FloatField({ null: true })
 * Django: `FloatField`.
 */
export const FloatField: types.FloatFieldFactory & types.LookupOwner = factory(classes.FloatField);
/**
 * An exact number: a `Decimal`, never a float. Takes texts and numbers, too. `decimal`.
 *
 * @example
 * price: DecimalField({ maxDigits: 10, decimalPlaces: 2 })
 * Django: `DecimalField`.
 */
export const DecimalField: types.DecimalFieldFactory & types.LookupOwner = factory(classes.DecimalField);
/**
 * A day: a `Temporal.PlainDate`; ISO text is taken, too. `date`.
 *
 * @example
 * born: DateField({ null: true })
 * Django: `DateField`.
 */
export const DateField: types.DateFieldFactory & types.LookupOwner = factory(classes.DateField);
/**
 * A time of day: a `Temporal.PlainTime`; text such as `"12:30"` is taken, too. `time`.
 *
 * @example
 * opens: TimeField()
 * Django: `TimeField`.
 */
export const TimeField: types.TimeFieldFactory & types.LookupOwner = factory(classes.TimeField);
/**
 * An instant: a `Date`, stored in UTC; ISO text is taken, too. Microseconds survive a round trip. `datetime`.
 *
 * @example
 * created: DateTimeField({ autoNowAdd: true })
 * Django: `DateTimeField`.
 */
export const DateTimeField: types.DateTimeFieldFactory & types.LookupOwner = factory(classes.DateTimeField);
/**
 * A length of time: a `Temporal.Duration` without months and years, stored in microseconds. `bigint`.
 *
 * @example
 * length: DurationField()
 * Django: `DurationField`.
 */
export const DurationField: types.DurationFieldFactory & types.LookupOwner = factory(classes.DurationField);
/**
 * A UUID: a text in lower case with dashes. `char(32)`.
 *
 * @example
 * id: UUIDField({ primaryKey: true, default: () => crypto.randomUUID() })
 * Django: `UUIDField`.
 */
export const UUIDField: types.UUIDFieldFactory & types.LookupOwner = factory(classes.UUIDField);
/**
 * Bytes: a `Uint8Array`. `BLOB`.
 *
 * @example
 * data: BinaryField()
 * Django: `BinaryField`.
 */
export const BinaryField: types.BinaryFieldFactory & types.LookupOwner = factory(classes.BinaryField);
/**
 * A JSON document. `null` is NULL; integers beyond 2^53 come back as `bigint`. `text` with a check.
 *
 * @example
 * prefs: JSONField<{ theme: string }>({ default: () => ({ theme: "dark" }) })
 * Django: `JSONField`.
 */
export const JSONField: types.JSONFieldFactory & types.LookupOwner = factory(classes.JSONField);
/**
 * An IPv4 or IPv6 address: a text, IPv6 in its canonical form. `char(39)`.
 *
 * @example
 * from: GenericIPAddressField({ protocol: "IPv4" })
 * Django: `GenericIPAddressField`.
 */
export const GenericIPAddressField: types.GenericIPAddressFieldFactory & types.LookupOwner = factory(
  classes.GenericIPAddressField,
);

export interface GeneratedFieldOptions<F> {
  /** What the column holds, in terms of the model's other columns. */
  expression: unknown;
  /** The field that the column is like: it gives type and lookups. */
  outputField: F;
  /** `true`: computed when a row is written, and stored. `false`: computed when it is read. */
  dbPersist: boolean;
  dbColumn?: string;
  verboseName?: string;
  helpText?: string;
  unique?: boolean;
  dbIndex?: boolean;
  null?: boolean;
}

/**
 * A column that the database computes.
 *
 * @example
 * total: GeneratedField({ expression: F("price").mul(F("count")), outputField: IntegerField(), dbPersist: true })
 * // "total" integer GENERATED ALWAYS AS (("price" * "count")) STORED
 * @throws ValueError without `dbPersist`.
 * Django: `GeneratedField`.
 */
export function GeneratedField<Out, In, Null extends boolean, Optional extends boolean, Lookups>(
  options: GeneratedFieldOptions<types.Field<Out, In, Null, Optional, Lookups>>,
): types.Field<Out, In, Null, true, Lookups, "fixed"> {
  return new classes.GeneratedField(options as never) as never;
}

/**
 * A primary key of several columns; it must be the field `pk`. Its value is the list of theirs.
 *
 * @example
 * pk: CompositePrimaryKey("content_id", "number") // PRIMARY KEY ("content_id", "number")
 * @throws ValueError for fewer than two names, or one twice.
 * Django: `CompositePrimaryKey`.
 */
export function CompositePrimaryKey<const Names extends readonly [string, string, ...string[]]>(
  ...names: Names
): types.Field<unknown[], readonly unknown[], false, true, unknown, "pk" | "fixed"> {
  return new classes.CompositePrimaryKey(...names) as never;
}

/**
 * Makes the factory of a field class of your own.
 *
 * @typeParam Out - what instances hold.
 * @typeParam In - what may be assigned and compared with.
 * @typeParam Lookups - the values of the lookups by their names.
 * @example
 * const ColorField = customField<Color, Color | string, { exact: Color | string; redder: string }>(ColorColumn);
 * color: ColorField({ null: true })
 * Django: "How to create custom model fields".
 */
export function customField<Out, In = Out, Lookups = { exact: In; in: readonly In[]; isnull: boolean }>(
  cls: new (options: never) => FieldClass,
): (<const O extends types.FieldOptions<In> & { maxLength?: number } = types.Empty>(
  options?: O,
) => types.Field<Out, In, types.NullOf<O>, types.OptionalOf<O>, Lookups, types.FlagsOf<O>>) &
  types.LookupOwner {
  return factory(cls);
}

/** The public factories of fields: `CharField({ maxLength: 50 })`, without `new`. Their types are in `src/types/`. */

import type * as types from "../types/index.ts";
import type { Field as FieldClass } from "./field.ts";
import * as classes from "./index.ts";

/** Calls of a class without `new`. */
function factory<F>(cls: new (options: never) => unknown): F {
  const Class = cls as new (options: object) => unknown;
  return ((options?: object) => new Class(options ?? {})) as F;
}

export const AutoField: types.AutoFieldFactory = factory(classes.AutoField);
export const BigAutoField: types.AutoFieldFactory = factory(classes.BigAutoField);
export const SmallAutoField: types.AutoFieldFactory = factory(classes.SmallAutoField);
export const BooleanField: types.BooleanFieldFactory = factory(classes.BooleanField);
export const CharField: types.CharFieldFactory = factory(classes.CharField);
export const TextField: types.TextFieldFactory = factory(classes.TextField);
export const SlugField: types.SlugFieldFactory = factory(classes.SlugField);
export const EmailField: types.EmailFieldFactory = factory(classes.EmailField);
export const URLField: types.URLFieldFactory = factory(classes.URLField);
export const IntegerField: types.IntegerFieldFactory = factory(classes.IntegerField);
export const SmallIntegerField: types.IntegerFieldFactory = factory(classes.SmallIntegerField);
export const BigIntegerField: types.BigIntegerFieldFactory = factory(classes.BigIntegerField);
export const PositiveIntegerField: types.IntegerFieldFactory = factory(classes.PositiveIntegerField);
export const PositiveSmallIntegerField: types.IntegerFieldFactory = factory(
  classes.PositiveSmallIntegerField,
);
export const PositiveBigIntegerField: types.BigIntegerFieldFactory = factory(classes.PositiveBigIntegerField);
export const FloatField: types.FloatFieldFactory = factory(classes.FloatField);
export const DecimalField: types.DecimalFieldFactory = factory(classes.DecimalField);
export const DateField: types.DateFieldFactory = factory(classes.DateField);
export const TimeField: types.TimeFieldFactory = factory(classes.TimeField);
export const DateTimeField: types.DateTimeFieldFactory = factory(classes.DateTimeField);
export const DurationField: types.DurationFieldFactory = factory(classes.DurationField);
export const UUIDField: types.UUIDFieldFactory = factory(classes.UUIDField);
export const BinaryField: types.BinaryFieldFactory = factory(classes.BinaryField);
export const JSONField: types.JSONFieldFactory = factory(classes.JSONField);
export const GenericIPAddressField: types.GenericIPAddressFieldFactory = factory(
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
): types.Field<Out, In, Null, true, Lookups, never> {
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
): types.Field<unknown[], readonly unknown[], false, true, unknown, "pk"> {
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
): <const O extends types.FieldOptions<In> & { maxLength?: number } = types.Empty>(
  options?: O,
) => types.Field<Out, In, types.NullOf<O>, types.OptionalOf<O>, Lookups, types.FlagsOf<O>> {
  return factory(cls);
}

/** The public factories of PostgreSQL's fields, without `new`. */
import type * as types from "../types/fields.ts";
import * as array from "./array.ts";
import { fieldFactory as factory } from "./field-factory.ts";
import * as hstore from "./hstore.ts";
import * as ranges from "./ranges.ts";

/**
 * A list of values of another field: `varchar(20)[]`.
 *
 * @throws TypeError where the items would be relations
 * @example
 * ```ts
 * tags: ArrayField(CharField({ maxLength: 20 }), { size: 5, default: () => [] }) // string[]
 * board: ArrayField(ArrayField(IntegerField())) // number[][]
 * ```
 * Django: `ArrayField`.
 */
export const ArrayField: types.Registrable<types.ArrayFieldFactory> = factory(array.ArrayField);

/**
 * A map of texts to texts or `null`: a plain object, `hstore`. The database needs the extension: `createExtension("hstore")`.
 *
 * @example `data: HStoreField({ default: () => ({}) })`
 * Django: `HStoreField`.
 */
export const HStoreField: types.Registrable<types.HStoreFieldFactory> = factory(hstore.HStoreField);

/**
 * A range of whole numbers: a `Range<number>`, `int4range`. Two ends are taken, too: `[1, 5]` is 1 to 4.
 *
 * @example `ages: IntegerRangeField({ null: true })`
 * Django: `IntegerRangeField`.
 */
export const IntegerRangeField: types.Registrable<types.IntegerRangeFieldFactory> = factory(
  ranges.IntegerRangeField,
);

/** A range of large whole numbers: a `Range<bigint>`, `int8range`. Django: `BigIntegerRangeField`. */
export const BigIntegerRangeField: types.Registrable<types.BigIntegerRangeFieldFactory> = factory(
  ranges.BigIntegerRangeField,
);

/** A range of decimals: a `Range<Decimal>`, `numrange`. Django: `DecimalRangeField`. */
export const DecimalRangeField: types.Registrable<types.DecimalRangeFieldFactory> = factory(
  ranges.DecimalRangeField,
);

/**
 * A range of instants: a `Range<Date>`, `tstzrange`.
 *
 * @example `open: DateTimeRangeField({ defaultBounds: "[]" })`
 * Django: `DateTimeRangeField`.
 */
export const DateTimeRangeField: types.Registrable<types.DateTimeRangeFieldFactory> = factory(
  ranges.DateTimeRangeField,
);

/** A range of days: a `Range<Temporal.PlainDate>`, `daterange`. Django: `DateRangeField`. */
export const DateRangeField: types.Registrable<types.DateRangeFieldFactory> = factory(ranges.DateRangeField);

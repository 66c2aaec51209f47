/** The public factories of fields: `CharField({ maxLength: 50 })`, without `new`. */

import * as classes from "./index.ts";

function factory<O extends object, F>(cls: new (options: O) => F): (options?: O) => F {
  return (options) => new cls(options ?? ({} as O));
}

export const AutoField = factory(classes.AutoField);
export const BigAutoField = factory(classes.BigAutoField);
export const SmallAutoField = factory(classes.SmallAutoField);
export const BooleanField = factory(classes.BooleanField);
export const CharField = factory(classes.CharField);
export const TextField = factory(classes.TextField);
export const SlugField = factory(classes.SlugField);
export const EmailField = factory(classes.EmailField);
export const URLField = factory(classes.URLField);
export const IntegerField = factory(classes.IntegerField);
export const SmallIntegerField = factory(classes.SmallIntegerField);
export const BigIntegerField = factory(classes.BigIntegerField);
export const PositiveIntegerField = factory(classes.PositiveIntegerField);
export const PositiveSmallIntegerField = factory(classes.PositiveSmallIntegerField);
export const PositiveBigIntegerField = factory(classes.PositiveBigIntegerField);
export const FloatField = factory(classes.FloatField);
export const DecimalField = factory(classes.DecimalField);
export const DateField = factory(classes.DateField);
export const TimeField = factory(classes.TimeField);
export const DateTimeField = factory(classes.DateTimeField);
export const DurationField = factory(classes.DurationField);
export const UUIDField = factory(classes.UUIDField);
export const BinaryField = factory(classes.BinaryField);
export const JSONField = factory(classes.JSONField);
export const GenericIPAddressField = factory(classes.GenericIPAddressField);
export const GeneratedField = factory(classes.GeneratedField);

/** A primary key of several columns: `pk: CompositePrimaryKey("content_id", "number")`. */
export function CompositePrimaryKey(
  ...names: ConstructorParameters<typeof classes.CompositePrimaryKey>
): classes.CompositePrimaryKey {
  return new classes.CompositePrimaryKey(...names);
}

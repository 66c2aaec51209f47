/** The field classes, without the relations. */

export type { Choice, ChoicesOption } from "./choices.ts";
export { DateField, DateTimeField, DurationField, TimeField } from "./dates.ts";
export { Field, type FieldOps, type FieldOptions } from "./field.ts";
export { CompositePrimaryKey, GeneratedField } from "./generated.ts";
export {
  AutoField,
  BigAutoField,
  BigIntegerField,
  IntegerField,
  PositiveBigIntegerField,
  PositiveIntegerField,
  PositiveSmallIntegerField,
  SmallAutoField,
  SmallIntegerField,
} from "./integers.ts";
export { JSONField } from "./json.ts";
export type { RegisteredLookup } from "./lookup-registry.ts";
export { BinaryField, BooleanField, GenericIPAddressField, UUIDField } from "./misc.ts";
export { DecimalField, FloatField } from "./numbers.ts";
export { CharField, EmailField, SlugField, TextField, URLField } from "./text.ts";

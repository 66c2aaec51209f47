/**
 * Field instances for the types of expressions. They are shared: a field without a model is only a type.
 */
import {
  BooleanField,
  CharField,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  type Field,
  FloatField,
  IntegerField,
  JSONField,
  TextField,
  TimeField,
} from "../fields/index.ts";

export const BOOLEAN: Field = new BooleanField({});
export const CHAR: Field = new CharField({});
export const DATE: Field = new DateField({});
export const DATETIME: Field = new DateTimeField({});
export const DECIMAL: Field = new DecimalField({});
export const DURATION: Field = new DurationField({});
export const FLOAT: Field = new FloatField({});
export const INTEGER: Field = new IntegerField({});
export const JSON_TYPE: Field = new JSONField({});
export const TEXT: Field = new TextField({});
export const TIME: Field = new TimeField({});

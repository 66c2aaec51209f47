import { Temporal } from "temporal-polyfill";
import {
  BigIntegerField,
  BinaryField,
  BooleanField,
  CharField,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  type Field,
  FloatField,
  IntegerField,
  TimeField,
} from "../fields/index.ts";
import { Decimal } from "../util/decimal.ts";

/** One letter for the type of a JavaScript value: part of the shape key, and what its field is inferred from. */
export type Kind = "n" | "s" | "i" | "I" | "f" | "b" | "D" | "t" | "d" | "h" | "u" | "x" | "?";

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "string":
      return "s";
    case "number":
      return Number.isInteger(value) ? "i" : "f";
    case "bigint":
      return "I";
    case "boolean":
      return "b";
    default:
  }
  if (value === null) return "n";
  if (value instanceof Decimal) return "D";
  if (value instanceof Date) return "t";
  if (value instanceof Temporal.PlainDate) return "d";
  if (value instanceof Temporal.PlainTime) return "h";
  if (value instanceof Temporal.Duration) return "u";
  if (value instanceof Uint8Array) return "x";
  return "?";
}

const fields = new Map<Kind, Field>();
const makers: Partial<Record<Kind, () => Field>> = {
  s: () => new CharField({}),
  i: () => new IntegerField({}),
  I: () => new BigIntegerField({}),
  f: () => new FloatField({}),
  b: () => new BooleanField({}),
  D: () => new DecimalField({}),
  t: () => new DateTimeField({}),
  d: () => new DateField({}),
  h: () => new TimeField({}),
  u: () => new DurationField({}),
  x: () => new BinaryField({}),
};

/** The field that Django's `Value` infers for a value of this kind; `null` where it infers none. */
export function fieldOfKind(kind: Kind): Field | null {
  const made = fields.get(kind);
  if (made !== undefined) return made;
  const make = makers[kind];
  if (make === undefined) return null;
  const field = make();
  fields.set(kind, field);
  return field;
}

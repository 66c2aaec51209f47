/** Records as plain data: what the formats of JSON and YAML write. Django: the "python" serializer. */
import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "../models/types.ts";
import { Decimal } from "../util/decimal.ts";
import { isDate, isPlainDate, isPlainTime } from "../util/temporal.ts";
import { fileName, valueField } from "./names.ts";
import type { ObjectRecord, RecordField, Reference } from "./record.ts";

/** A float, which is written as one also where it is whole: `2.0`. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** An object in a file, in the order in which it is written. */
export interface PlainObject {
  readonly model: string;
  readonly pk?: unknown;
  readonly fields: ReadonlyMap<string, unknown>;
}

/** Values that the formats have forms for; all others are written as the field's text. */
function isProtected(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== "object") return typeof value !== "string";
  return value instanceof Decimal || isDate(value) || isPlainDate(value) || isPlainTime(value);
}

/** The value of a field of an object; that of a composite key is a list. */
export function plainValue(instance: ModelInstance, field: Field): unknown {
  const { compositeFields } = field;
  if (compositeFields !== null) return compositeFields.map((part) => plainValue(instance, part));
  const value = field.valueFromObject(instance);
  if (!isProtected(value)) return field.valueToString(instance);
  if (typeof value === "number" && valueField(field).internalType === "FloatField") return new Float(value);
  return value ?? null;
}

function plainReference(reference: Reference): unknown {
  if ("natural" in reference) return reference.natural;
  const { object } = reference;
  return plainValue(object, object._meta.pk);
}

function plainField(instance: ModelInstance, entry: RecordField): unknown {
  if (entry.kind === "many") return entry.references.map(plainReference);
  if (entry.kind === "relation" && entry.natural !== null) return entry.natural;
  return plainValue(instance, entry.field);
}

export function plainObject({ instance, opts, withPk, fields }: ObjectRecord): PlainObject {
  return {
    model: opts.labelLower,
    ...(withPk ? { pk: plainValue(instance, opts.pk) } : {}),
    fields: new Map(fields.map((entry) => [fileName(entry.field), plainField(instance, entry)])),
  };
}

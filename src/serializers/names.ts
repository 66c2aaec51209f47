/** The names of fields in Django's files, where `createdAt` is `created_at`. */
import type { Field } from "../fields/field.ts";
import type { AnyField, Options } from "../models/options.ts";
import { columnName } from "../util/case.ts";

/** The name of a field in a file: Django's spelling of it. */
export function fileName(field: { readonly name: string }): string {
  return columnName(field.name);
}

const known = new WeakMap<Options, { version: number; fields: Map<string, AnyField> }>();

/** The fields of a model, and the relations that lead to it, by the names that files have for them. */
function fieldsOf(opts: Options): Map<string, AnyField> {
  let entry = known.get(opts);
  if (entry === undefined || entry.version !== opts.apps.version) {
    const fields = new Map<string, AnyField>();
    for (const field of opts.getFields()) {
      fields.set(fileName(field), field);
      fields.set(field.name, field);
    }
    entry = { version: opts.apps.version, fields };
    known.set(opts, entry);
  }
  return entry.fields;
}

/** Whether a model has a field of that name. */
export function hasField(opts: Options, name: string): boolean {
  return fieldsOf(opts).has(name);
}

/** The field of a name in a file. Throws `FieldDoesNotExist`. */
export function fieldOfName(opts: Options, name: string): AnyField {
  return fieldsOf(opts).get(name) ?? opts.getField(name);
}

/** The field that a value of `field` is one of: behind foreign keys and generated columns. */
export function valueField(field: Field): Field {
  const { targetField, outputField } = field as { targetField?: Field; outputField?: Field };
  const inner = field.isRelation ? targetField : field.generated ? outputField : undefined;
  return inner === undefined ? field : valueField(inner);
}

/** The fields that people may write, by the keys that schemas have for them. */
import type { Field } from "../fields/field.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import type { Options } from "../models/options.ts";

/** Whether people write values of this field. */
function isWritten(field: Field): boolean {
  if (!field.editable || field.generated || field.isAutoField) return false;
  if (field.manyToMany) return true;
  const rel = field.remoteField as ForeignKey["remoteField"] | null;
  return field.concrete && !(field.isRelation && rel?.parentLink === true);
}

const known = new WeakMap<Options, { version: number; fields: ReadonlyMap<string, Field> }>();

/** The fields of a model by key: the attribute for columns, the name for many-to-many relations. */
export function writtenFields(opts: Options): ReadonlyMap<string, Field> {
  let entry = known.get(opts);
  if (entry === undefined || entry.version !== opts.apps.version) {
    const fields = [...opts.fields, ...(opts.manyToMany as readonly Field[])].filter(isWritten);
    entry = { version: opts.apps.version, fields: new Map(fields.map((field) => [field.attname, field])) };
    known.set(opts, entry);
  }
  return entry.fields;
}

/** Whether a new object may leave the field out. */
export function isOptional(field: Field): boolean {
  if (field.manyToMany || field.null || field.hasDefault() || field.hasDbDefault()) return true;
  return field.blank && field.emptyStringsAllowed;
}

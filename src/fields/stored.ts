/** Values on their way into a column: what a column cannot hold is refused before the database is asked, by name. */

import { DataError } from "../errors.ts";
import { repr } from "../util/repr.ts";
import { ValidationError } from "../validators/validation-error.ts";
import type { Field, FieldOps } from "./field.ts";

/** `Book.title`, for errors. */
export function labelOf(field: Field): string {
  return field.opts === null ? field.name : `${field.opts.objectName}.${field.attname}`;
}

/** An error of a value that is to be saved says of which model and field: those of validation know neither. */
export function namingField(error: unknown, field: Field): unknown {
  if (error instanceof ValidationError && field.opts !== null) {
    const label = labelOf(field);
    if (!error.message.startsWith(label)) error.message = `${label}: ${error.message}`;
  }
  return error;
}

/** A value for an `INSERT` or `UPDATE`, as the driver takes it. @throws what the field says, by name */
export function toStore(field: Field, value: unknown, ops: FieldOps): unknown {
  try {
    return field.getDbPrepSave(value, ops);
  } catch (error) {
    throw namingField(error, field);
  }
}

/** The start of a long text, quoted. */
function shortened(text: string): string {
  return repr(text.length > 50 ? `${text.slice(0, 50)}...` : text);
}

/** A database's words come first, as users know them. */
export function refuse(field: Field, problem: string, value: unknown): never {
  const shown = typeof value === "string" ? shortened(value) : String(value);
  throw new DataError(`${problem}: ${labelOf(field)} got ${shown}`);
}

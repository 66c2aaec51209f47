import { FieldError } from "../errors.ts";
import type { Field } from "../fields/field.ts";

/** The type that all of these are; `null` when there is none. Throws FieldError when they differ. */
export function commonField(fields: readonly (Field | null)[]): Field | null {
  let found: Field | null = null;
  for (const field of fields) {
    if (field === null) continue;
    if (found === null) {
      found = field;
    } else if (found.isKindOf(field)) {
      // Numbers and bigints together are bigints: none of them is lost.
      if (field.wantsBigInt && !found.wantsBigInt) found = field;
    } else {
      throw new FieldError(
        `Expression contains mixed types: ${found.kind.name}, ${field.kind.name}. You must set outputField.`,
      );
    }
  }
  return found;
}

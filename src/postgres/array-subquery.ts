import { Subquery } from "../expressions/subquery.ts";
import type { Field } from "../fields/field.ts";
import { ArrayField } from "./fields/array.ts";

const arrays = new WeakMap<Field, ArrayField>();

/** The field of arrays of another field's values: the same for the same field. */
export function arrayFieldOf(items: Field): ArrayField {
  let field = arrays.get(items);
  if (field === undefined) {
    field = new ArrayField(items);
    arrays.set(items, field);
  }
  return field;
}

/** The rows of a queryset as an array. Django: `ArraySubquery`. */
export class ArraySubquery extends Subquery {
  protected override get defaultTemplate(): string {
    return "ARRAY(%(subquery)s)";
  }

  protected override resolveOutputField(): Field | null {
    const items = this.query.outputFieldOrNull;
    return items === null ? null : arrayFieldOf(items);
  }
}

import { Aggregate } from "../../expressions/aggregates.ts";
import { BOOLEAN, JSON_TYPE } from "../../expressions/types.ts";
import type { Field } from "../../fields/field.ts";
import { arrayFieldOf } from "../array-subquery.ts";

/** The values as an array, NULLs among them. Django: `ArrayAgg`. */
export class ArrayAgg extends Aggregate {
  static override readonly function: string = "ARRAY_AGG";
  static override readonly allowDistinct: boolean = true;
  static override readonly allowOrderBy: boolean = true;
  static override readonly arity: number = 1;

  protected override resolveOutputField(): Field | null {
    const items = this.expressions[0]?.outputFieldOrNull ?? null;
    return items === null ? null : arrayFieldOf(items);
  }
}

/** The values as a JSON array. Django: `JSONBAgg`. */
export class JSONBAgg extends Aggregate {
  static override readonly function: string = "JSONB_AGG";
  static override readonly outputField: Field = JSON_TYPE;
  static override readonly allowDistinct: boolean = true;
  static override readonly allowOrderBy: boolean = true;
  static override readonly arity: number = 1;
}

/** The bits that all values have. Django: `BitAnd`. */
export class BitAnd extends Aggregate {
  static override readonly function: string = "BIT_AND";
  static override readonly arity: number = 1;
}

/** The bits that any value has. Django: `BitOr`. */
export class BitOr extends Aggregate {
  static override readonly function: string = "BIT_OR";
  static override readonly arity: number = 1;
}

/** The bits that an odd number of values have. Django: `BitXor`. */
export class BitXor extends Aggregate {
  static override readonly function: string = "BIT_XOR";
  static override readonly arity: number = 1;
}

/** Whether all values are true. Django: `BoolAnd`. */
export class BoolAnd extends Aggregate {
  static override readonly function: string = "BOOL_AND";
  static override readonly outputField: Field = BOOLEAN;
  static override readonly arity: number = 1;
}

/** Whether any value is true. Django: `BoolOr`. */
export class BoolOr extends Aggregate {
  static override readonly function: string = "BOOL_OR";
  static override readonly outputField: Field = BOOLEAN;
  static override readonly arity: number = 1;
}

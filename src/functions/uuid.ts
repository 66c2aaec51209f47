import { Func } from "../expressions/func.ts";
import type { Field } from "../fields/field.ts";
import { UUIDField } from "../fields/index.ts";

const UUID: Field = new UUIDField({});

/** A random UUID (version 4), another one for each row. Django: `UUID4`. */
export class UUID4 extends Func {
  static override readonly function: string = "UUIDV4";
  static override readonly arity: number = 0;
  static override readonly outputField: Field = UUID;
}

/** A UUID that begins with the time (version 7), another one for each row. Django: `UUID7`. */
export class UUID7 extends Func {
  static override readonly function: string = "UUIDV7";
  static override readonly arity: number = 0;
  static override readonly outputField: Field = UUID;
}

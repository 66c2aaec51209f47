import { Func } from "../expressions/func.ts";
import { DATETIME } from "../expressions/types.ts";
import { type Field, UUIDField } from "../fields/index.ts";

/** A random UUID, another one for each row. Django: `RandomUUID`. */
export class RandomUUID extends Func {
  static override readonly template: string = "GEN_RANDOM_UUID()";
  static override readonly arity: number = 0;
  static override readonly outputField: Field = new UUIDField();
}

/** When the transaction began. Django: `TransactionNow`. */
export class TransactionNow extends Func {
  static override readonly template: string = "CURRENT_TIMESTAMP";
  static override readonly arity: number = 0;
  static override readonly outputField: Field = DATETIME;
}

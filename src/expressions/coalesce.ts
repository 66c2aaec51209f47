import { ValueError } from "../errors.ts";
import { Func, splitOptions } from "./func.ts";

/**
 * The first of its arguments that is not NULL.
 *
 * @example Coalesce("goesBy", "name")   // COALESCE("goes_by", "name")
 *
 * Django: Database Functions, `Coalesce`.
 */
export class Coalesce extends Func {
  static override readonly function: string = "COALESCE";

  constructor(...args: readonly unknown[]) {
    if (splitOptions(args).positional.length < 2) {
      throw new ValueError("Coalesce must take at least two expressions");
    }
    super(...args);
  }

  override get emptyResultSetValue(): unknown {
    for (const expression of this.expressions) {
      const value = expression.emptyResultSetValue;
      // Unknown (`undefined`) or a value.
      if (value !== null) return value;
    }
    return null;
  }
}

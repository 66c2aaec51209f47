import { ValueError } from "../errors.ts";
import { Func, splitOptions } from "../expressions/func.ts";
import { FLOAT, INTEGER } from "../expressions/types.ts";
import type { Field } from "../fields/field.ts";

/*
 * Django: Database Functions, "Window functions". They stand in `Window({ expression: ... })`.
 */

abstract class WindowFunction extends Func {
  static override readonly windowCompatible: boolean = true;
}

/** The share of rows that come before the row or are equal to it. */
export class CumeDist extends WindowFunction {
  static override readonly function: string = "CUME_DIST";
  static override readonly outputField: Field = FLOAT;
}

/** The rank without gaps. */
export class DenseRank extends WindowFunction {
  static override readonly function: string = "DENSE_RANK";
  static override readonly outputField: Field = INTEGER;
}

/** The value of the first row of the frame. */
export class FirstValue extends WindowFunction {
  static override readonly function: string = "FIRST_VALUE";
  static override readonly arity: number = 1;
}

/** The value of the last row of the frame. */
export class LastValue extends WindowFunction {
  static override readonly function: string = "LAST_VALUE";
  static override readonly arity: number = 1;
}

abstract class LagLeadFunction extends WindowFunction {
  constructor(...args: readonly unknown[]) {
    const { positional, options } = splitOptions(args);
    const name = new.target.name;
    const { offset: namedOffset, default: namedDefault, ...rest } = options;
    const [
      expression = null,
      offset = namedOffset === undefined ? 1 : namedOffset,
      otherwise = namedDefault,
    ] = positional;
    if (expression === null) throw new ValueError(`${name} requires a non-null source expression.`);
    if (offset === null || (offset as number) <= 0) {
      throw new ValueError(`${name} requires a positive integer for the offset.`);
    }
    super(expression, offset, ...(otherwise == null ? [] : [otherwise]), rest);
  }

  protected override resolveOutputField(): Field | null {
    return this.expressions[0]?.outputField ?? null;
  }
}

/** The value of a row before: `Lag("closed", { offset: 1, default: 0 })`. */
export class Lag extends LagLeadFunction {
  static override readonly function: string = "LAG";
}

/** The value of a row after: `Lead("closed", { offset: 1, default: 0 })`. */
export class Lead extends LagLeadFunction {
  static override readonly function: string = "LEAD";
}

/** The value of the nth row of the frame: `NthValue("name", { nth: 2 })`. */
export class NthValue extends WindowFunction {
  static override readonly function: string = "NTH_VALUE";

  constructor(...args: readonly unknown[]) {
    const { positional, options } = splitOptions(args);
    const { nth: named, ...rest } = options;
    const [expression = null, nth = named === undefined ? 1 : named] = positional;
    if (expression === null)
      throw new ValueError(`${new.target.name} requires a non-null source expression.`);
    if (nth === null || (nth as number) <= 0) {
      throw new ValueError(`${new.target.name} requires a positive integer as for nth.`);
    }
    super(expression, nth, rest);
  }

  protected override resolveOutputField(): Field | null {
    return this.expressions[0]?.outputField ?? null;
  }
}

/** Spreads the rows over so many buckets: `Ntile({ numBuckets: 4 })`. */
export class Ntile extends WindowFunction {
  static override readonly function: string = "NTILE";
  static override readonly outputField: Field = INTEGER;

  constructor(...args: readonly unknown[]) {
    const { positional, options } = splitOptions(args);
    const { numBuckets: named, ...rest } = options;
    const [buckets = named === undefined ? 1 : named] = positional;
    if ((buckets as number) <= 0) throw new ValueError("numBuckets must be greater than 0.");
    super(buckets, rest);
  }
}

/** The rank in relation to the number of rows, from 0 to 1. */
export class PercentRank extends WindowFunction {
  static override readonly function: string = "PERCENT_RANK";
  static override readonly outputField: Field = FLOAT;
}

/** The rank with gaps. */
export class Rank extends WindowFunction {
  static override readonly function: string = "RANK";
  static override readonly outputField: Field = INTEGER;
}

/** The number of the row, from 1. */
export class RowNumber extends WindowFunction {
  static override readonly function: string = "ROW_NUMBER";
  static override readonly outputField: Field = INTEGER;
}

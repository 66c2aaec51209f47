import type { Expression } from "../expressions/base.ts";
import { Func, isOptions, numericField } from "../expressions/func.ts";
import type { Field } from "../fields/field.ts";
import { Transform } from "../lookups/transform.ts";

/*
 * Django: Database Functions, "Math Functions". The transforms can be registered on fields of numbers.
 */

/** A calculation: of integers it gives floats, of decimals decimals. */
abstract class NumericTransform extends Transform {
  protected override resolveOutputField(): Field | null {
    return numericField(this.sourceFields());
  }
}

abstract class NumericFunc extends Func {
  protected override resolveOutputField(): Field | null {
    return numericField(this.sourceFields());
  }
}

/** The absolute value. */
export class Abs extends Transform {
  static override readonly function: string = "ABS";
  static override readonly lookupName: string = "abs";
}

/** The arccosine, in radians. */
export class ACos extends NumericTransform {
  static override readonly function: string = "ACOS";
  static override readonly lookupName: string = "acos";
}

/** The arcsine, in radians. */
export class ASin extends NumericTransform {
  static override readonly function: string = "ASIN";
  static override readonly lookupName: string = "asin";
}

/** The arctangent, in radians. */
export class ATan extends NumericTransform {
  static override readonly function: string = "ATAN";
  static override readonly lookupName: string = "atan";
}

/** The arctangent of `first / second`, in radians. */
export class ATan2 extends NumericFunc {
  static override readonly function: string = "ATAN2";
  static override readonly arity: number = 2;
}

/** The smallest integer that is not smaller. */
export class Ceil extends Transform {
  static override readonly function: string = "CEILING";
  static override readonly lookupName: string = "ceil";
}

export class Cos extends NumericTransform {
  static override readonly function: string = "COS";
  static override readonly lookupName: string = "cos";
}

/** The cotangent. */
export class Cot extends NumericTransform {
  static override readonly function: string = "COT";
  static override readonly lookupName: string = "cot";
}

/** Radians in degrees. */
export class Degrees extends NumericTransform {
  static override readonly function: string = "DEGREES";
  static override readonly lookupName: string = "degrees";
}

/** e to the power of the argument. */
export class Exp extends NumericTransform {
  static override readonly function: string = "EXP";
  static override readonly lookupName: string = "exp";
}

/** The greatest integer that is not greater. */
export class Floor extends Transform {
  static override readonly function: string = "FLOOR";
  static override readonly lookupName: string = "floor";
}

/** The natural logarithm. */
export class Ln extends NumericTransform {
  static override readonly function: string = "LN";
  static override readonly lookupName: string = "ln";
}

/** The logarithm to a base: `Log(base, number)`. */
export class Log extends NumericFunc {
  static override readonly function: string = "LOG";
  static override readonly arity: number = 2;
}

/** The remainder of a division. */
export class Mod extends NumericFunc {
  static override readonly function: string = "MOD";
  static override readonly arity: number = 2;
}

export class Pi extends NumericFunc {
  static override readonly function: string = "PI";
  static override readonly arity: number = 0;
}

/** The first argument to the power of the second. */
export class Power extends NumericFunc {
  static override readonly function: string = "POWER";
  static override readonly arity: number = 2;
}

/** Degrees in radians. */
export class Radians extends NumericTransform {
  static override readonly function: string = "RADIANS";
  static override readonly lookupName: string = "radians";
}

/** A number from 0 up to 1, not including it. */
export class Random extends NumericFunc {
  static override readonly function: string = "RANDOM";
  static override readonly arity: number = 0;

  override getGroupByCols(): Expression[] {
    return [];
  }
}

/** Rounds to an integer, or to so many digits after the point: `Round("price", { precision: 2 })`. */
export class Round extends Transform {
  static override readonly function: string = "ROUND";
  static override readonly lookupName: string = "round";
  static override readonly arity: number | null = null;

  constructor(expression: unknown, ...rest: readonly unknown[]) {
    const last = rest.at(-1);
    const { precision, ...options } = isOptions(last) ? last : {};
    const given = isOptions(rest[0]) || rest.length === 0 ? (precision ?? 0) : rest[0];
    super(expression, given, options);
  }

  protected override resolveOutputField(): Field | null {
    return this.lhs.outputField;
  }
}

/** -1, 0 or 1. */
export class Sign extends Transform {
  static override readonly function: string = "SIGN";
  static override readonly lookupName: string = "sign";
}

export class Sin extends NumericTransform {
  static override readonly function: string = "SIN";
  static override readonly lookupName: string = "sin";
}

/** The square root. */
export class Sqrt extends NumericTransform {
  static override readonly function: string = "SQRT";
  static override readonly lookupName: string = "sqrt";
}

export class Tan extends NumericTransform {
  static override readonly function: string = "TAN";
  static override readonly lookupName: string = "tan";
}

/** Numbers. Django: Database Functions, "Math functions". */
import type * as types from "../../types/index.ts";
import * as math from "../math.ts";
import { typed } from "./typed.ts";

/**
 * The absolute value.
 *
 * @example `Abs("change")` // ABS("change")
 * Django: `Abs`.
 */
export const Abs: types.SameTypeFunction<"Abs"> & types.PublicClass<typeof math.Abs> = typed(math.Abs);

/**
 * The arccosine, in radians.
 *
 * @example `ACos("x")` // ACOS("x")
 * Django: `ACos`.
 */
export const ACos: types.NumericFunction<"ACos"> & types.PublicClass<typeof math.ACos> = typed(math.ACos);

/**
 * The arcsine, in radians.
 *
 * @example `ASin("x")` // ASIN("x")
 * Django: `ASin`.
 */
export const ASin: types.NumericFunction<"ASin"> & types.PublicClass<typeof math.ASin> = typed(math.ASin);

/**
 * The arctangent, in radians.
 *
 * @example `ATan("x")` // ATAN("x")
 * Django: `ATan`.
 */
export const ATan: types.NumericFunction<"ATan"> & types.PublicClass<typeof math.ATan> = typed(math.ATan);

/**
 * The arctangent of the first argument divided by the second, in radians.
 *
 * @example `ATan2("y", "x")` // ATAN2("y", "x")
 * Django: `ATan2`.
 */
export const ATan2: types.NumericFunction2<"ATan2"> & types.PublicClass<typeof math.ATan2> = typed(
  math.ATan2,
);

/**
 * The smallest whole number that is not smaller.
 *
 * @example `Ceil("x")` // CEILING("x")
 * Django: `Ceil`.
 */
export const Ceil: types.SameTypeFunction<"Ceil"> & types.PublicClass<typeof math.Ceil> = typed(math.Ceil);

/**
 * The cosine of an angle in radians.
 *
 * @example `Cos("x")` // COS("x")
 * Django: `Cos`.
 */
export const Cos: types.NumericFunction<"Cos"> & types.PublicClass<typeof math.Cos> = typed(math.Cos);

/**
 * The cotangent of an angle in radians.
 *
 * @example `Cot("x")` // COT("x")
 * Django: `Cot`.
 */
export const Cot: types.NumericFunction<"Cot"> & types.PublicClass<typeof math.Cot> = typed(math.Cot);

/**
 * Radians in degrees.
 *
 * @example `Degrees("x")` // DEGREES("x")
 * Django: `Degrees`.
 */
export const Degrees: types.NumericFunction<"Degrees"> & types.PublicClass<typeof math.Degrees> = typed(
  math.Degrees,
);

/**
 * e to the power of the argument.
 *
 * @example `Exp("x")` // EXP("x")
 * Django: `Exp`.
 */
export const Exp: types.NumericFunction<"Exp"> & types.PublicClass<typeof math.Exp> = typed(math.Exp);

/**
 * The greatest whole number that is not greater.
 *
 * @example `Floor("x")` // FLOOR("x")
 * Django: `Floor`.
 */
export const Floor: types.SameTypeFunction<"Floor"> & types.PublicClass<typeof math.Floor> = typed(
  math.Floor,
);

/**
 * The natural logarithm.
 *
 * @example `Ln("x")` // LN("x")
 * Django: `Ln`.
 */
export const Ln: types.NumericFunction<"Ln"> & types.PublicClass<typeof math.Ln> = typed(math.Ln);

/**
 * The logarithm to a base, which is the first argument.
 *
 * @example `Log(10, "x")` // LOG(10, "x")
 * Django: `Log`.
 */
export const Log: types.NumericFunction2<"Log"> & types.PublicClass<typeof math.Log> = typed(math.Log);

/**
 * The remainder of a division.
 *
 * @example `Mod("x", 2)` // MOD("x", 2)
 * Django: `Mod`.
 */
export const Mod: types.NumericFunction2<"Mod"> & types.PublicClass<typeof math.Mod> = typed(math.Mod);

/**
 * The number pi.
 *
 * @example `Pi()` // PI()
 * Django: `Pi`.
 */
export const Pi: types.ConstantFunction<number> & types.PublicClass<typeof math.Pi> = typed(math.Pi);

/**
 * The first argument to the power of the second.
 *
 * @example `Power("x", 2)` // POWER("x", 2)
 * Django: `Power`.
 */
export const Power: types.NumericFunction2<"Power"> & types.PublicClass<typeof math.Power> = typed(
  math.Power,
);

/**
 * Degrees in radians.
 *
 * @example `Radians("angle")` // RADIANS("angle")
 * Django: `Radians`.
 */
export const Radians: types.NumericFunction<"Radians"> & types.PublicClass<typeof math.Radians> = typed(
  math.Radians,
);

/**
 * A number from 0 up to 1, not including it, another for each row.
 *
 * @example `Random()`
 * Django: `Random`.
 */
export const Random: types.ConstantFunction<number> & types.PublicClass<typeof math.Random> = typed(
  math.Random,
);

/**
 * Rounds to a whole number, or to so many digits after the point; a negative precision rounds before it.
 *
 * @example `Round("price", { precision: 1 })` // ROUND("price", 1)
 * Django: `Round`.
 */
export const Round: types.RoundFactory & types.PublicClass<typeof math.Round> = typed(math.Round);

/**
 * The sign: -1, 0 or 1.
 *
 * @example `Sign("change")` // SIGN("change")
 * Django: `Sign`.
 */
export const Sign: types.SameTypeFunction<"Sign"> & types.PublicClass<typeof math.Sign> = typed(math.Sign);

/**
 * The sine of an angle in radians.
 *
 * @example `Sin("x")` // SIN("x")
 * Django: `Sin`.
 */
export const Sin: types.NumericFunction<"Sin"> & types.PublicClass<typeof math.Sin> = typed(math.Sin);

/**
 * The square root.
 *
 * @example `Sqrt("x")` // SQRT("x")
 * Django: `Sqrt`.
 */
export const Sqrt: types.NumericFunction<"Sqrt"> & types.PublicClass<typeof math.Sqrt> = typed(math.Sqrt);

/**
 * The tangent of an angle in radians.
 *
 * @example `Tan("x")` // TAN("x")
 * Django: `Tan`.
 */
export const Tan: types.NumericFunction<"Tan"> & types.PublicClass<typeof math.Tan> = typed(math.Tan);

/** Values of drivers that know types: decimals, dates and times come as such. */

import { Decimal } from "../../util/decimal.ts";
import { type Converter, type ConverterOptions, toBigInt, toNumber, ValueAdapters } from "./values.ts";

export class TypedValueAdapters extends ValueAdapters {
  /** The session has made values of the columns' types already; expressions may be of another type. */
  override converter(internalType: string, options: ConverterOptions = {}): Converter | null {
    const ofExpression = options.column === false;
    switch (internalType) {
      case "BigIntegerField":
      case "PositiveBigIntegerField":
        return ofExpression ? (value) => toBigInt(whole(value)) : toBigInt;
      case "FloatField":
        return ofExpression ? toFloat : null;
      case "DecimalField":
        return ofExpression ? toDecimal : null;
      case "DurationField":
        return super.converter(internalType, options);
      default:
        if (internalType.endsWith("IntegerField") && ofExpression) return (value) => toNumber(whole(value));
        if (!internalType.endsWith("IntegerField") && !internalType.endsWith("AutoField")) return null;
        // Of keys Django leaves a sum as it is: a decimal.
        return options.bigints === true || ofExpression ? toNumber : null;
    }
  }
}

/** What `int()` of Python makes of a number. */
function whole(value: unknown): unknown {
  if (typeof value === "number") return Math.trunc(value) + 0;
  if (value instanceof Decimal && value.isFinite()) return BigInt(value.toFixed().replace(/\..*$/, ""));
  if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  return value;
}

function toFloat(value: unknown): unknown {
  return typeof value === "bigint" || typeof value === "string" || value instanceof Decimal
    ? Number(String(value))
    : value;
}

function toDecimal(value: unknown): unknown {
  if (typeof value === "number") return Decimal.exactly(value);
  return typeof value === "bigint" || typeof value === "string" ? new Decimal(value) : value;
}

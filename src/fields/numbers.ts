/** Fields of numbers with a fraction: floats and decimals. */

import type {
  ColumnParameters,
  Converter,
  ConverterOptions,
  ValueAdapters,
} from "../backends/base/values.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import { Decimal, type DecimalValue, isDecimal } from "../util/decimal.ts";
import { asciiDigits } from "../util/digits.ts";
import { floatRepr, repr, str } from "../util/repr.ts";
import { DecimalValidator, type Validator } from "../validators/validators.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";
import { isExpression } from "./hooks.ts";
import { expectedNumber } from "./integers.ts";
import { refuse } from "./stored.ts";

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/i;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;

/** A float from whatever Python's `float()` takes. Errors as of {@link toInteger}. */
function toFloat(value: unknown): number {
  switch (typeof value) {
    case "number":
      return value;
    case "bigint":
    case "boolean":
      return Number(value);
    case "string": {
      const text = asciiDigits(value).trim();
      if (FLOAT.test(text)) return Number(text.replaceAll("_", ""));
      const special = SPECIAL.exec(text);
      if (special === null) throw new ValueError(`could not convert string to float: ${repr(value)}`);
      return special[2] === undefined ? Number.NaN : special[1] === "-" ? -Infinity : Infinity;
    }
    default:
      if (isDecimal(value)) return Number(value.toString());
      if (value instanceof Uint8Array)
        throw new ValueError(`could not convert string to float: ${repr(value)}`);
      throw new ArgumentTypeError(`float() argument must be a string or a number, not ${repr(value)}`);
  }
}

/** A float of eight bytes: a `number`. */
export class FloatField extends Field {
  override get internalType(): string {
    return "FloatField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return { ...super.defaultErrorMessages, invalid: "“%(value)s” value must be a float." };
  }

  override toPython(value: unknown): unknown {
    if (value === null) return null;
    try {
      return toFloat(value);
    } catch {
      return this.fail("invalid", { value });
    }
  }

  override valueToString(object: Readonly<Record<string, unknown>>): string {
    const value = this.valueFromObject(object);
    return typeof value === "number" ? floatRepr(value) : str(value);
  }

  override getPrepValue(value: unknown): unknown {
    if (this.defined(value) === null) return null;
    try {
      return toFloat(value);
    } catch (error) {
      return expectedNumber(error, this.name, value);
    }
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptFloat(prepared as number);
  }
}

export interface DecimalOptions extends FieldOptions {
  /** How many digits in all. */
  maxDigits?: number | null | undefined;
  /** How many of them behind the point. */
  decimalPlaces?: number | null | undefined;
}

function parsed(value: DecimalValue): Decimal | null {
  try {
    return new Decimal(value);
  } catch {
    return null;
  }
}

/** An exact number: a {@link Decimal}, never a float. */
export class DecimalField extends Field {
  readonly maxDigits: number | null;
  readonly decimalPlaces: number | null;

  constructor(options: DecimalOptions = {}) {
    super(options);
    this.maxDigits = options.maxDigits ?? null;
    this.decimalPlaces = options.decimalPlaces ?? null;
  }

  override get internalType(): string {
    return "DecimalField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return { ...super.defaultErrorMessages, invalid: "“%(value)s” value must be a decimal number." };
  }

  override getValidators(values: ValueAdapters): readonly Validator[] {
    return [...super.getValidators(values), DecimalValidator(this.maxDigits, this.decimalPlaces)];
  }

  override toPython(value: unknown): unknown {
    if (value === null) return null;
    const decimal = this.decimal(value);
    return decimal === null || !decimal.isFinite() ? this.fail("invalid", { value }) : decimal;
  }

  private decimal(value: unknown): Decimal | null {
    if (value instanceof Decimal) return value;
    switch (typeof value) {
      case "number":
        if (!Number.isFinite(value)) return null;
        // A float is taken for what it exactly is, to as many digits as the field has.
        return Number.isSafeInteger(value)
          ? new Decimal(BigInt(value))
          : Decimal.exactly(value).toPrecision(this.maxDigits ?? 28);
      case "boolean":
        return new Decimal(value ? 1 : 0);
      case "string":
        return parsed(asciiDigits(value));
      case "bigint":
        break;
      default:
        if (!isDecimal(value)) return null;
    }
    return parsed(value as DecimalValue);
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(this.defined(value));
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    const value = this.toPython(prepared);
    return value === null
      ? null
      : ops.values.adaptDecimal(value as Decimal, this.maxDigits, this.decimalPlaces);
  }

  /** @throws {DataError} for more digits than the column has, where the database refuses them. */
  override getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    const { maxDigits, decimalPlaces } = this;
    const { misfits } = ops.values;
    if (misfits !== null && maxDigits !== null && decimalPlaces !== null && !isExpression(value)) {
      const decimal = this.toPython(this.defined(value)) as Decimal | null;
      if (
        decimal
          ?.abs()
          .quantize(decimalPlaces, "halfUp")
          .gte(`1e${maxDigits - decimalPlaces}`)
      ) {
        refuse(this, misfits.tooLarge(maxDigits, decimalPlaces), decimal);
      }
    }
    return super.getDbPrepSave(value, ops);
  }

  override fromDb(ops: FieldOps, options: ConverterOptions = {}): Converter | null {
    const { maxDigits, decimalPlaces } = this;
    return ops.values.converter("DecimalField", { ...options, maxDigits, decimalPlaces });
  }

  override get columnParameters(): ColumnParameters {
    return { ...super.columnParameters, maxDigits: this.maxDigits, decimalPlaces: this.decimalPlaces };
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.maxDigits !== null) kwargs.maxDigits = this.maxDigits;
    if (this.decimalPlaces !== null) kwargs.decimalPlaces = this.decimalPlaces;
    return { type, kwargs };
  }
}

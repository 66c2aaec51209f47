/** Fields of whole numbers, the automatic keys among them. */

import type { ValueAdapters } from "../backends/base/values.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import { compareValues } from "../util/compare.ts";
import { Decimal } from "../util/decimal.ts";
import { asciiDigits } from "../util/digits.ts";
import { repr } from "../util/repr.ts";
import {
  MaxValueValidator,
  MinValueValidator,
  type NamedValidator,
  type Validator,
} from "../validators/validators.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";
import { isExpression } from "./hooks.ts";
import { labelOf, refuse } from "./stored.ts";

/** Up to here an integer fits every column. */
const SURE = 32767;

const DIGITS = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

/**
 * A whole number from whatever Python's `int()` takes: floats lose their fraction, texts are read.
 *
 * @returns a `bigint` where a `number` would round.
 * @throws {ValueError} for a text or number that is none.
 * @throws {ArgumentTypeError} for anything else.
 */
export function toInteger(value: unknown): number | bigint {
  switch (typeof value) {
    case "number":
      if (Number.isSafeInteger(value)) return value;
      if (!Number.isFinite(value)) throw new ValueError(`cannot convert float ${repr(value)} to integer`);
      return narrow(BigInt(Math.trunc(value)));
    case "bigint":
      return narrow(value);
    case "boolean":
      return value ? 1 : 0;
    case "string": {
      const text = asciiDigits(value);
      if (!DIGITS.test(text)) throw new ValueError(`invalid literal for int() with base 10: ${repr(value)}`);
      return narrow(BigInt(text.trim().replaceAll("_", "").replace(/^\+/, "")));
    }
    default:
      if (value instanceof Decimal && value.isFinite()) return narrow(value.toBigInt());
      if (value instanceof Uint8Array)
        throw new ValueError(`invalid literal for int() with base 10: ${repr(value)}`);
      throw new ArgumentTypeError(`int() argument must be a string or a number, not ${repr(value)}`);
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The error of a value that should be a number, naming the field. */
export function expectedNumber(error: unknown, name: string, value: unknown): never {
  const message = `Field '${name}' expected a number but got ${repr(value)}.`;
  if (error instanceof ValueError) throw new ValueError(message, { cause: error });
  if (error instanceof ArgumentTypeError) throw new ArgumentTypeError(message, { cause: error });
  throw error;
}

/** A whole number of four bytes. */
export class IntegerField extends Field {
  override get internalType(): string {
    return "IntegerField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return { ...super.defaultErrorMessages, invalid: "“%(value)s” value must be an integer." };
  }

  override toPython(value: unknown): unknown {
    if (value === null) return null;
    try {
      return this.fromInteger(toInteger(value));
    } catch (error) {
      if (error instanceof ValueError || error instanceof ArgumentTypeError)
        return this.fail("invalid", { value });
      throw error;
    }
  }

  override getPrepValue(value: unknown): unknown {
    if (this.defined(value) === null) return null;
    try {
      return this.fromInteger(toInteger(value));
    } catch (error) {
      return expectedNumber(error, this.name, value);
    }
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptInteger(prepared as number | bigint, this.internalType);
  }

  /**
   * @throws {ValueError} for a `number` that may have been rounded, and for what a `number` could not give back.
   * @throws {DataError} for what is out of the column's range.
   */
  override getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    if (isExpression(value)) return value;
    const prepared = this.getPrepValue(value);
    if (typeof prepared === "bigint" || (typeof prepared === "number" && Math.abs(prepared) > SURE)) {
      this.checkFit(value, prepared, ops);
    }
    return this.getDbPrepValue(prepared, ops);
  }

  private checkFit(value: unknown, prepared: number | bigint, ops: FieldOps): void {
    const most = ops.values.integerFieldRange(this.internalType)[1];
    if (most !== null && (prepared > most || prepared < -most - 1n)) {
      refuse(this, `${this.wantsBigInt ? "bigint" : "integer"} out of range`, value);
    }
    if (typeof value === "number" && !Number.isSafeInteger(Math.trunc(value))) {
      throw new ValueError(
        `${labelOf(this)} got ${value}: a number beyond 2^53 may have been rounded already. Use a bigint.`,
      );
    }
    if (typeof prepared === "bigint" && !this.wantsBigInt) {
      throw new ValueError(
        `${labelOf(this)} got ${prepared}, which does not fit a number exactly. Use a BigIntegerField for such values.`,
      );
    }
  }

  /** The field's kind of integer. */
  protected fromInteger(value: number | bigint): number | bigint {
    return value;
  }

  /** With the range of the column, unless the user's own limits are narrower. */
  override getValidators(values: ValueAdapters): readonly Validator[] {
    const validators = super.getValidators(values);
    const [min, max] = values.integerFieldRange(this.internalType);
    const limits: Validator[] = [];
    const has = (kind: string, good: (limit: unknown) => boolean) =>
      (validators as readonly Partial<NamedValidator>[]).some(
        ({ kind: other, limitValue: limit }) =>
          other === kind && good(typeof limit === "function" ? (limit as () => unknown)() : limit),
      );
    if (min !== null && !has("MinValueValidator", (limit) => compareValues(limit, min) >= 0)) {
      limits.push(MinValueValidator(min));
    }
    if (max !== null && !has("MaxValueValidator", (limit) => compareValues(limit, max) <= 0)) {
      limits.push(MaxValueValidator(max));
    }
    return [...validators, ...limits];
  }
}

/** A whole number of two bytes. */
export class SmallIntegerField extends IntegerField {
  override get internalType(): string {
    return "SmallIntegerField";
  }
}

/** A whole number of eight bytes: a `bigint`. */
export class BigIntegerField extends IntegerField {
  override get internalType(): string {
    return "BigIntegerField";
  }

  override get wantsBigInt(): boolean {
    return true;
  }

  protected override fromInteger(value: number | bigint): number | bigint {
    return BigInt(value);
  }
}

/** The type of a foreign key's column to a field that is unsigned, where keys need not match. */
function plainType(field: Field, ops: FieldOps, internalType: string): string | null {
  return ops.values.relatedFieldsMatchType
    ? field.dbType(ops)
    : ops.values.dataType(internalType, field.columnParameters);
}

/** A whole number from 0. */
export class PositiveIntegerField extends IntegerField {
  override get internalType(): string {
    return "PositiveIntegerField";
  }

  override relDbType(ops: FieldOps): string | null {
    return plainType(this, ops, "IntegerField");
  }
}

/** A whole number from 0, of two bytes. */
export class PositiveSmallIntegerField extends SmallIntegerField {
  override get internalType(): string {
    return "PositiveSmallIntegerField";
  }

  override relDbType(ops: FieldOps): string | null {
    return plainType(this, ops, "SmallIntegerField");
  }
}

/** A whole number from 0, of eight bytes: a `bigint`. */
export class PositiveBigIntegerField extends BigIntegerField {
  override get internalType(): string {
    return "PositiveBigIntegerField";
  }

  override relDbType(ops: FieldOps): string | null {
    return plainType(this, ops, "BigIntegerField");
  }
}

/** What the automatic keys have in common: the database makes the value. */
abstract class AutoBase extends IntegerField {
  constructor(options: FieldOptions = {}) {
    super({ ...options, blank: true });
  }

  /** The integer field whose type a foreign key to this one has. */
  protected abstract get relatedType(): string;

  override get isAutoField(): boolean {
    return true;
  }

  override isKindOf(other: Field): boolean {
    return (
      super.isKindOf(other) || other.internalType === this.relatedType || other.internalType === "AutoField"
    );
  }

  override get dbReturning(): boolean {
    return true;
  }

  override validate(_value: unknown, _instance: unknown): void {}

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return super.getDbPrepValue(ops.values.validateAutoPk(prepared), ops);
  }

  /** What is only compared with need not be a key. */
  override getDbPrepLookup(prepared: unknown, ops: FieldOps): unknown {
    return super.getDbPrepValue(prepared, ops);
  }

  override relDbType(ops: FieldOps): string | null {
    return ops.values.dataType(this.relatedType, this.columnParameters);
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    delete kwargs.blank;
    kwargs.primaryKey = true;
    return { type, kwargs };
  }
}

/** An automatic key of four bytes. */
export class AutoField extends AutoBase {
  override get internalType(): string {
    return "AutoField";
  }

  protected override get relatedType(): string {
    return "IntegerField";
  }
}

/** An automatic key of eight bytes, a `number`: the default primary key. */
export class BigAutoField extends AutoBase {
  override get internalType(): string {
    return "BigAutoField";
  }

  protected override get relatedType(): string {
    return "BigIntegerField";
  }
}

/** An automatic key of two bytes. */
export class SmallAutoField extends AutoBase {
  override get internalType(): string {
    return "SmallAutoField";
  }

  protected override get relatedType(): string {
    return "SmallIntegerField";
  }
}

/**
 * How values and columns look in a database: column types, the values that the driver takes, and what its values mean.
 *
 * The base class writes standard SQL's forms; a backend overrides what differs.
 */

import { ArgumentTypeError, ValueError } from "../../errors.ts";
import {
  durationFromMicroseconds,
  durationMicroseconds,
  isoDate,
  isoDateTime,
  isoTime,
} from "../../util/dates.ts";
import { Decimal } from "../../util/decimal.ts";
import { dumps, type Replacer } from "../../util/json.ts";
import { remembering } from "../../util/remember.ts";
import {
  isDate,
  isDuration,
  isInstant,
  isPlainDate,
  isPlainDateTime,
  isPlainTime,
  isZonedDateTime,
  type Temporal,
} from "../../util/temporal.ts";

/** What a column's type depends on besides its kind. */
export interface ColumnParameters {
  readonly maxLength?: number | null;
  readonly maxDigits?: number | null;
  readonly decimalPlaces?: number | null;
  readonly column?: string | null;
}

/** What a converter depends on besides the kind of field. */
export interface ConverterOptions {
  /** The value is a plain column, not the result of an expression. */
  column?: boolean | undefined;
  /** Integers arrive as `bigint`. */
  bigints?: boolean | undefined;
  decimalPlaces?: number | null | undefined;
  maxDigits?: number | null | undefined;
}

export type Converter = (value: unknown) => unknown;

/** How a database refuses what does not fit. */
export interface Misfits {
  tooLong(maxLength: number): string;
  tooLarge(maxDigits: number, decimalPlaces: number): string;
  /** The character NUL in texts; `null` where it may be there. */
  readonly nul: string | null;
}

export type ColumnType = string | ((parameters: ColumnParameters) => string);

export class ValueAdapters {
  /** Column types by internal type of the field. */
  readonly dataTypes: Readonly<Record<string, ColumnType>> = {};
  /** What follows `PRIMARY KEY` of such a column. */
  readonly dataTypesSuffix: Readonly<Record<string, string>> = {};
  /** Conditions that a column of such a type must hold; `%(column)s` is the column's name. */
  readonly dataTypeChecks: Readonly<Record<string, string>> = {};
  /** Types for `CAST` where they differ from the column's. */
  readonly castDataTypes: Readonly<Record<string, ColumnType>> = {};
  /** What the database says to texts and decimals that are longer than their column; `null` where it takes them. */
  readonly misfits: Misfits | null = null;
  /** A foreign key has the very type of the key that it refers to, unsigned and all. */
  readonly relatedFieldsMatchType: boolean = false;

  /** The type of a column; `null` for an internal type that is unknown here. */
  dataType(internalType: string, parameters: ColumnParameters): string | null {
    const type = Object.hasOwn(this.dataTypes, internalType) ? this.dataTypes[internalType] : undefined;
    if (type === undefined) return null;
    return typeof type === "string" ? type : type(parameters);
  }

  /** The type in a `CAST`; `null` where it is the column's. */
  castDataType(internalType: string, parameters: ColumnParameters): string | null {
    const type = this.castDataTypes[internalType];
    return typeof type === "function" ? type(parameters) : (type ?? null);
  }

  dataTypeSuffix(internalType: string): string | null {
    return this.dataTypesSuffix[internalType] ?? null;
  }

  dataTypeCheck(internalType: string, column: string): string | null {
    return this.dataTypeChecks[internalType]?.replaceAll("%(column)s", column) ?? null;
  }

  /** The smallest and the largest integer of a column; `null` is no limit. */
  integerFieldRange(internalType: string): readonly [bigint | null, bigint | null] {
    return INTEGER_RANGES[internalType] ?? [null, null];
  }

  // ---- JavaScript to driver

  /** Whether columns of this type are compared with integers as JavaScript has them. */
  comparesPlainNumbers(_internalType: string): boolean {
    return false;
  }

  adaptInteger(value: number | bigint, _internalType: string): unknown {
    return value;
  }

  /** An automatic key that is given. @throws {ValueError} for one that the database cannot have. */
  validateAutoPk(value: unknown): unknown {
    return value;
  }

  /** @throws {ValueError} for years outside 1 to 9999. */
  adaptDate(value: Temporal.PlainDate): unknown {
    return isoDate(value);
  }

  adaptDateTime(value: Date): unknown {
    return `${isoDateTime(value)}+00:00`;
  }

  adaptTime(value: Temporal.PlainTime): unknown {
    return isoTime(value);
  }

  adaptDecimal(
    value: Decimal,
    _maxDigits: number | null = null,
    _decimalPlaces: number | null = null,
  ): unknown {
    return value.toString();
  }

  adaptBoolean(value: boolean): unknown {
    return value;
  }

  /** @param value - the dashed form. */
  adaptUuid(value: string): unknown {
    return value;
  }

  adaptDuration(value: Temporal.Duration): unknown {
    return durationMicroseconds(value);
  }

  adaptBinary(value: Uint8Array): unknown {
    return value;
  }

  adaptIpAddress(value: string): unknown {
    return value === "" ? null : value;
  }

  adaptJson(value: unknown, encoder?: Replacer): unknown {
    return dumps(value, encoder);
  }

  /** A number that may have a fraction. */
  adaptFloat(value: number): unknown {
    return value;
  }

  /**
   * A value whose column is not known: a parameter of raw SQL. It depends on the value's type alone.
   *
   * @throws {ArgumentTypeError} for `undefined` and for values that no column holds.
   */
  adaptUnknown(value: unknown): unknown {
    switch (typeof value) {
      case "string":
      case "bigint":
        return value;
      case "boolean":
        return this.adaptBoolean(value);
      case "number":
        return Number.isSafeInteger(value)
          ? this.adaptInteger(value, "IntegerField")
          : this.adaptFloat(value);
      case "object":
        return value === null ? null : this.adaptObject(value);
      default:
        throw new ArgumentTypeError(`A parameter cannot be ${typeof value}. Use null for NULL.`);
    }
  }

  private adaptObject(value: object): unknown {
    if (isDate(value)) return this.adaptDateTime(value);
    if (value instanceof Decimal) return this.adaptDecimal(value);
    if (value instanceof Uint8Array) return this.adaptBinary(value);
    if (isPlainDate(value)) return this.adaptDate(value);
    if (isPlainTime(value)) return this.adaptTime(value);
    if (isDuration(value)) return this.adaptDuration(value);
    if (isPlainDateTime(value)) return `${isoDate(value)} ${isoTime(value.toPlainTime())}`;
    if (isInstant(value) || isZonedDateTime(value))
      return this.adaptDateTime(new Date(value.epochMilliseconds));
    throw new ArgumentTypeError(`A parameter cannot be of type ${value.constructor?.name ?? "object"}.`);
  }

  // ---- driver to JavaScript

  /** What makes a value of one of a column that the user's own SQL selects, by the type that its table declares. */
  declaredConverter(_type: string | null): Converter | null {
    return null;
  }

  /**
   * What turns a value of the driver, never null, into the field's; `null` where they are the same.
   *
   * @param internalType - of the field: `DateField`, `DecimalField`...
   */
  converter(internalType: string, options: ConverterOptions = {}): Converter | null {
    switch (internalType) {
      case "DurationField":
        return readDuration as Converter;
      case "BigIntegerField":
      case "PositiveBigIntegerField":
        return options.column === false ? (value) => toBigInt(truncated(value)) : toBigInt;
      case "FloatField":
        return options.bigints === true || options.column === false ? toFloat : null;
      default:
        if (!INTEGER_TYPES.has(internalType)) return null;
        if (options.column === false) return (value) => toNumber(truncated(value));
        return options.bigints === true ? toNumber : null;
    }
  }
}

const readDuration = remembering((value: unknown) =>
  durationFromMicroseconds(typeof value === "bigint" ? value : roundedToEven(Number(value))),
);

/** The nearest integer, of two equally near ones the even one: a part of a duration has no half microseconds. */
function roundedToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Ranges by internal type: two, four and eight bytes. */
const INTEGER_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  SmallIntegerField: [-32768n, 32767n],
  IntegerField: [-2147483648n, 2147483647n],
  BigIntegerField: [-9223372036854775808n, 9223372036854775807n],
  PositiveBigIntegerField: [0n, 9223372036854775807n],
  PositiveSmallIntegerField: [0n, 32767n],
  PositiveIntegerField: [0n, 2147483647n],
  SmallAutoField: [-32768n, 32767n],
  AutoField: [-2147483648n, 2147483647n],
  BigAutoField: [-9223372036854775808n, 9223372036854775807n],
};

/** Internal types whose values are integers of type `number`. */
const INTEGER_TYPES: ReadonlySet<string> = new Set([
  "AutoField",
  "BigAutoField",
  "SmallAutoField",
  "IntegerField",
  "SmallIntegerField",
  "PositiveIntegerField",
  "PositiveSmallIntegerField",
]);

/** An integer of the driver as `bigint`; what is none (SQLite columns hold anything) stays as it is. */
export function toBigInt(value: unknown): unknown {
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
}

/** A number of the driver as a float. */
function toFloat(value: unknown): unknown {
  return typeof value === "bigint" || typeof value === "string" ? Number(value) : value;
}

/** What an expression of integers gives: a fraction (`ROUND`, `POWER`) is cut off, as Python's `int()` does. */
function truncated(value: unknown): unknown {
  if (typeof value === "number") return Math.trunc(value) + 0;
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : value;
}

/** An integer as `number`. @throws {ValueError} when a `number` would round it. */
export function toNumber(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new ValueError(`${value} does not fit a number exactly. Use a BigIntegerField for such values.`);
  }
  return number;
}

/** What has {@link ValueAdapters}: a backend's operations. */
export interface HasValues {
  readonly values: ValueAdapters;
}

let ofDefault: () => ValueAdapters = () => new ValueAdapters();

/** The adapters of the default database, for what has no database at hand: validators of a field. */
export function defaultValues(): ValueAdapters {
  return ofDefault();
}

/** Says where the adapters of the default database are; called once, by the connections. */
export function setDefaultValues(source: () => ValueAdapters): void {
  ofDefault = source;
}

/** SQLite's columns and values: those of Django's SQLite backend, byte for byte. */

import { ValueError } from "../../errors.ts";
import { isoDateTime, readDate, readDateTime, readTime } from "../../util/dates.ts";
import { Decimal } from "../../util/decimal.ts";
import { remembering } from "../../util/remember.ts";
import {
  type ColumnParameters,
  type ColumnType,
  type Converter,
  type ConverterOptions,
  ValueAdapters,
} from "../base/values.ts";

function varchar({ maxLength }: ColumnParameters): string {
  return maxLength === null || maxLength === undefined ? "varchar" : `varchar(${maxLength})`;
}

const DATA_TYPES: Readonly<Record<string, ColumnType>> = {
  AutoField: "integer",
  BigAutoField: "integer",
  BinaryField: "BLOB",
  BooleanField: "bool",
  CharField: varchar,
  DateField: "date",
  DateTimeField: "datetime",
  DecimalField: "decimal",
  DurationField: "bigint",
  FloatField: "real",
  IntegerField: "integer",
  BigIntegerField: "bigint",
  GenericIPAddressField: "char(39)",
  JSONField: "text",
  OneToOneField: "integer",
  PositiveBigIntegerField: "bigint unsigned",
  PositiveIntegerField: "integer unsigned",
  PositiveSmallIntegerField: "smallint unsigned",
  SlugField: varchar,
  SmallAutoField: "integer",
  SmallIntegerField: "smallint",
  TextField: "text",
  TimeField: "time",
  UUIDField: "char(32)",
};

/** No bytes, in a buffer that is really there. */
const NO_BYTES = new Uint8Array(new ArrayBuffer(8), 0, 0);

export class SqliteValues extends ValueAdapters {
  override readonly dataTypes: Readonly<Record<string, ColumnType>> = DATA_TYPES;

  override readonly dataTypesSuffix: Readonly<Record<string, string>> = {
    AutoField: "AUTOINCREMENT",
    BigAutoField: "AUTOINCREMENT",
    SmallAutoField: "AUTOINCREMENT",
  };

  override readonly dataTypeChecks: Readonly<Record<string, string>> = {
    PositiveBigIntegerField: '"%(column)s" >= 0',
    JSONField: '(JSON_VALID("%(column)s") OR "%(column)s" IS NULL)',
    PositiveIntegerField: '"%(column)s" >= 0',
    PositiveSmallIntegerField: '"%(column)s" >= 0',
  };

  override readonly castDataTypes: Readonly<Record<string, ColumnType>> = {
    DateField: "TEXT",
    DateTimeField: "TEXT",
  };

  /** Every integer column holds 64 bits. */
  override integerFieldRange(internalType: string): readonly [bigint, bigint] {
    const min = internalType.startsWith("Positive") ? 0n : -9223372036854775808n;
    return [min, 9223372036854775807n];
  }

  /** The affinity of an integer column makes an integer of a whole float. */
  override comparesPlainNumbers(internalType: string): boolean {
    return internalType.endsWith("IntegerField") || internalType.endsWith("AutoField");
  }

  /** As `bigint`: the drivers bind a `number` as a float, which divides and prints otherwise. */
  override adaptInteger(value: number | bigint, _internalType: string): unknown {
    return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
  }

  /** UTC without offset. */
  override adaptDateTime(value: Date): unknown {
    return isoDateTime(value);
  }

  /** Node.js 22 binds no bytes as NULL when they came from the database; bytes of our own it does not. */
  override adaptBinary(value: Uint8Array): unknown {
    return value.length === 0 ? NO_BYTES : value;
  }

  override adaptBoolean(value: boolean): unknown {
    return value ? 1n : 0n;
  }

  /** 32 hex digits. */
  override adaptUuid(value: string): unknown {
    return value.replaceAll("-", "");
  }

  /** What Django has Python's driver do: by the first word of the type. */
  override declaredConverter(type: string | null): Converter | null {
    switch (type?.match(/^[^\s(]*/)?.[0].toLowerCase()) {
      case "bool":
        return (value) => value === 1 || value === 1n;
      case "date":
        return convertDate;
      case "time":
        return convertTime;
      case "datetime":
      case "timestamp":
        return convertDateTime;
      default:
        return null;
    }
  }

  override converter(internalType: string, options: ConverterOptions = {}): Converter | null {
    switch (internalType) {
      case "DateTimeField":
        return convertDateTime;
      case "DateField":
        return convertDate;
      case "TimeField":
        return convertTime;
      case "BooleanField":
        return convertBoolean;
      case "UUIDField":
        return convertUuid;
      case "DecimalField": {
        const places = options.decimalPlaces;
        if (options.column === false || places === null || places === undefined) return convertDecimal;
        return decimalConverter(places, options.maxDigits ?? null);
      }
      default:
        return super.converter(internalType, options);
    }
  }
}

function convertDateTime(value: unknown): unknown {
  return typeof value === "string" ? readDateTime(value) : wrongType(value, "a date and time");
}

function convertDate(value: unknown): unknown {
  return typeof value === "string" ? readDate(value) : wrongType(value, "a date");
}

function convertTime(value: unknown): unknown {
  return typeof value === "string" ? readTime(value) : wrongType(value, "a time");
}

function wrongType(value: unknown, what: string): never {
  throw new ValueError(`The database holds ${String(value)} (${typeof value}) where ${what} was expected.`);
}

function convertBoolean(value: unknown): unknown {
  if (value === 1 || value === 1n) return true;
  return value === 0 || value === 0n ? false : value;
}

function convertUuid(value: unknown): unknown {
  const hex = String(value);
  if (hex.length !== 32) return value;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** SQLite keeps 15 significant digits of a number; digits beyond are noise of the float. */
const DIGITS = 15;

/** Decimals that expressions give: all digits of a float that is exact in 15, else 15 digits, zeros included. */
const convertDecimal = remembering((value: unknown): Decimal => {
  if (typeof value === "number") return rounded(value);
  if (typeof value === "bigint") return new Decimal(value).toPrecision(DIGITS);
  return new Decimal(String(value));
});

/** The text of a float when its shortest form has no exponent and at most 15 digits: then no rounding can change it. */
function shortText(value: number): string | null {
  const text = String(value);
  if (text.length > DIGITS && (text.length > DIGITS + 1 || !/[-.]/.test(text))) return null;
  return text.includes("e") || Object.is(value, -0) ? null : text;
}

function rounded(value: number): Decimal {
  return Decimal.exactly(value).toPrecision(DIGITS);
}

const ZEROS = "0".repeat(64);

/** Decimals of a column: as many places as the column has. */
function decimalConverter(places: number, maxDigits: number | null): Converter {
  return remembering((value: unknown) => {
    if (typeof value === "number") {
      const text = shortText(value);
      if (text !== null) {
        const point = text.indexOf(".");
        const have = point < 0 ? 0 : text.length - point - 1;
        if (have === places) return Decimal.fromText(text);
        if (have < places && places <= ZEROS.length) {
          const zeros = ZEROS.slice(0, places - have);
          return Decimal.fromText(point < 0 ? `${text}.${zeros}` : text + zeros);
        }
      }
    }
    return quantized(convertDecimal(value), places, maxDigits, value);
  });
}

function quantized(decimal: Decimal, places: number, maxDigits: number | null, value: unknown): Decimal {
  const result = decimal.quantize(places);
  if (maxDigits !== null && result.precision() > maxDigits) {
    throw new ValueError(`The database holds ${String(value)}, which has more than ${maxDigits} digits.`);
  }
  return result;
}

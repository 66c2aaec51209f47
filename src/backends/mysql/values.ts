/** MySQL's and MariaDB's columns and values: those of Django's MySQL backend. */

import { ValueError } from "../../errors.ts";
import { isoDateTime, isoTime } from "../../util/dates.ts";
import type { Decimal } from "../../util/decimal.ts";
import type { Temporal } from "../../util/temporal.ts";
import { TypedValueAdapters } from "../base/typed-values.ts";
import type { ColumnParameters, ColumnType, Converter, ConverterOptions } from "../base/values.ts";
import type { MysqlFeatures } from "./features.ts";
import { floatLiteral, Literal } from "./literals.ts";

function varchar({ maxLength }: ColumnParameters): string {
  return `varchar(${maxLength ?? 255})`;
}

const DATA_TYPES: Readonly<Record<string, ColumnType>> = {
  AutoField: "integer AUTO_INCREMENT",
  BigAutoField: "bigint AUTO_INCREMENT",
  BinaryField: "longblob",
  BooleanField: "bool",
  CharField: varchar,
  DateField: "date",
  DateTimeField: "datetime(6)",
  DecimalField: ({ maxDigits, decimalPlaces }) => `numeric(${maxDigits ?? 65}, ${decimalPlaces ?? 0})`,
  DurationField: "bigint",
  FloatField: "double precision",
  IntegerField: "integer",
  BigIntegerField: "bigint",
  GenericIPAddressField: "char(39)",
  JSONField: "json",
  OneToOneField: "integer",
  PositiveBigIntegerField: "bigint UNSIGNED",
  PositiveIntegerField: "integer UNSIGNED",
  PositiveSmallIntegerField: "smallint UNSIGNED",
  SlugField: varchar,
  SmallAutoField: "smallint AUTO_INCREMENT",
  SmallIntegerField: "smallint",
  TextField: "longtext",
  TimeField: "time(6)",
  UUIDField: "char(32)",
};

const CHECKS: Readonly<Record<string, string>> = {
  PositiveBigIntegerField: "`%(column)s` >= 0",
  PositiveIntegerField: "`%(column)s` >= 0",
  PositiveSmallIntegerField: "`%(column)s` >= 0",
};

/** Columns without sign hold twice as much. */
const UNSIGNED: Readonly<Record<string, bigint>> = {
  PositiveSmallIntegerField: 65535n,
  PositiveIntegerField: 4294967295n,
  PositiveBigIntegerField: 18446744073709551615n,
};

export class MysqlValues extends TypedValueAdapters {
  readonly #features: MysqlFeatures;
  override readonly dataTypes: Readonly<Record<string, ColumnType>>;
  override readonly dataTypeChecks: Readonly<Record<string, string>>;
  override readonly relatedFieldsMatchType = true;
  override readonly misfits = {
    tooLong: () => "Data too long for column",
    tooLarge: () => "Out of range value for column",
    nul: null,
  };

  override readonly castDataTypes: Readonly<Record<string, ColumnType>> = {
    AutoField: "signed integer",
    BigAutoField: "signed integer",
    SmallAutoField: "signed integer",
    CharField: ({ maxLength }) => (maxLength == null ? "char" : `char(${maxLength})`),
    DecimalField: ({ maxDigits, decimalPlaces }) =>
      maxDigits == null ? "decimal" : `decimal(${maxDigits}, ${decimalPlaces ?? 0})`,
    TextField: "char",
    IntegerField: "signed integer",
    BigIntegerField: "signed integer",
    SmallIntegerField: "signed integer",
    PositiveBigIntegerField: "unsigned integer",
    PositiveIntegerField: "unsigned integer",
    PositiveSmallIntegerField: "unsigned integer",
    DurationField: "signed integer",
  };

  constructor(features: MysqlFeatures) {
    super();
    this.#features = features;
    this.dataTypes = features.hasNativeUuidField ? { ...DATA_TYPES, UUIDField: "uuid" } : DATA_TYPES;
    this.dataTypeChecks = features.supportsColumnCheckConstraints ? CHECKS : {};
  }

  override integerFieldRange(internalType: string): readonly [bigint | null, bigint | null] {
    const most = UNSIGNED[internalType];
    return most === undefined ? super.integerFieldRange(internalType) : [0n, most];
  }

  override comparesPlainNumbers(internalType: string): boolean {
    return internalType.endsWith("IntegerField") || internalType.endsWith("AutoField");
  }

  /** An automatic key of 0 stands for the next one, unless the server's mode says otherwise. */
  override validateAutoPk(value: unknown): unknown {
    if ((value === 0 || value === 0n) && !this.#features.allowsAutoPk0) {
      throw new ValueError("The database backend does not accept 0 as a value for AutoField.");
    }
    return value;
  }

  /** UTC without offset. */
  override adaptDateTime(value: Date): unknown {
    return isoDateTime(value);
  }

  override adaptTime(value: Temporal.PlainTime): unknown {
    const text = isoTime(value);
    return text.includes(".") ? text : `${text}.000000`;
  }

  /** Exact, as a literal without quotes. */
  override adaptDecimal(value: Decimal): unknown {
    return new Literal(value.toFixed());
  }

  /** A whole float is none of the exact numbers. */
  override adaptFloat(value: number): unknown {
    return typeof value === "number" ? new Literal(floatLiteral(value)) : value;
  }

  override adaptBoolean(value: boolean): unknown {
    return value ? 1 : 0;
  }

  override adaptUuid(value: string): unknown {
    return this.#features.hasNativeUuidField ? value : value.replaceAll("-", "");
  }

  override converter(internalType: string, options: ConverterOptions = {}): Converter | null {
    switch (internalType) {
      case "BooleanField":
        return toBoolean;
      case "UUIDField":
        return toUuid;
      default:
        return super.converter(internalType, options);
    }
  }
}

function toBoolean(value: unknown): unknown {
  if (value === 1 || value === 1n) return true;
  return value === 0 || value === 0n ? false : value;
}

function toUuid(value: unknown): unknown {
  const hex = String(value).replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/i.test(hex)) return value;
  const text = hex.toLowerCase();
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

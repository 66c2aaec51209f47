/** Ranges. Django: django.contrib.postgres, "Range Fields". */
import type { Converter, ConverterOptions } from "../../backends/base/values.ts";
import { OID, readerOf, Typed, wireOf } from "../../backends/postgresql/types.ts";
import { ArgumentTypeError, ValueError } from "../../errors.ts";
import {
  BigIntegerField,
  DateField,
  DateTimeField,
  DecimalField,
  Field,
  type FieldOps,
  type FieldOptions,
  IntegerField,
} from "../../fields/index.ts";
import { onlyOnPostgresql } from "../only.ts";
import { type Bounds, Range } from "../range.ts";
import { jsonText, textOf } from "./serialized.ts";

export interface RangeOptions extends FieldOptions {
  /** For ranges of decimals and of instants: the bounds of a range that is given as a list. `"[)"` by default. */
  defaultBounds?: Bounds | undefined;
}

/** A range of the values of another field. */
export abstract class RangeField extends Field {
  readonly baseField: Field;
  readonly defaultBounds: Bounds;
  /** The number of the type on the server, and that of its ends. */
  abstract readonly oid: number;
  abstract readonly endOid: number;
  protected abstract readonly type: string;

  constructor(options: RangeOptions = {}) {
    super(options);
    this.baseField = this.makeBase();
    if (options.defaultBounds !== undefined && !this.isContinuous) {
      throw new ArgumentTypeError(`Cannot use 'defaultBounds' with ${this.constructor.name}.`);
    }
    this.defaultBounds = options.defaultBounds ?? "[)";
    if (!["[)", "(]", "()", "[]"].includes(this.defaultBounds)) {
      throw new ValueError("defaultBounds must be one of '[)', '(]', '()', or '[]'.");
    }
  }

  protected abstract makeBase(): Field;

  /** Between two values there is always another. */
  protected get isContinuous(): boolean {
    return false;
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  override setAttributesFromName(name: string): void {
    super.setAttributesFromName(name);
    this.baseField.setAttributesFromName(name);
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.defaultBounds !== "[)") kwargs["defaultBounds"] = this.defaultBounds;
    return { type, kwargs };
  }

  /** From a list of its ends, or from a text in JSON, as serialized data has it. */
  override toPython(value: unknown): unknown {
    if (Array.isArray(value)) return new Range(value[0], value[1]);
    if (typeof value !== "string") return value;
    const { lower, upper, bounds, empty } = JSON.parse(value) as Record<string, unknown>;
    if (empty === true) return Range.empty();
    const end = (given: unknown) => (given == null ? null : this.baseField.toPython(given));
    return new Range(end(lower), end(upper), bounds as Bounds | undefined);
  }

  override getPrepValue(value: unknown): unknown {
    const given = this.defined(value);
    if (!Array.isArray(given) && !(given instanceof Range)) return given;
    const range = Array.isArray(given) ? new Range<unknown>(given[0], given[1], this.defaultBounds) : given;
    if (range.bounds === null) return range;
    const end = (each: unknown) => (each == null ? null : this.baseField.getPrepValue(each));
    return new Range(end(range.lower), end(range.upper), range.bounds);
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    if (typeof prepared === "string") return new Typed(this.oid, prepared);
    if (!(prepared instanceof Range)) return prepared;
    onlyOnPostgresql(ops, this.constructor.name);
    if (prepared.bounds === null) return new Typed(this.oid, "empty");
    const [open, close] = prepared.bounds;
    const end = (value: unknown) => (value === null ? "" : quoted(this.endText(value, ops)));
    return new Typed(this.oid, `${open}${end(prepared.lower)},${end(prepared.upper)}${close}`);
  }

  /** A value that may lie in the range, as a parameter of just the type of its ends. */
  endParameter(value: unknown, ops: FieldOps): unknown {
    return value === null ? null : new Typed(this.endOid, this.endText(value, ops));
  }

  private endText(value: unknown, ops: FieldOps): string {
    return String(wireOf(this.baseField.getDbPrepValue(value, ops)));
  }

  override fromDb(ops: FieldOps, options: ConverterOptions = {}): Converter {
    const read = readerOf(this.endOid, this.baseField.wantsBigInt);
    const convert = this.baseField.fromDb(ops, { ...options, bigints: this.baseField.wantsBigInt });
    const end = (text: string | null): unknown => {
      if (text === null) return null;
      const value = read === null ? text : read(text);
      return convert === null ? value : convert(value);
    };
    return (value) => (typeof value === "string" ? readRange(value, end) : value);
  }

  override valueToString(object: Readonly<Record<string, unknown>>): unknown {
    const range = this.valueFromObject(object);
    if (!(range instanceof Range)) return null;
    if (range.bounds === null) return jsonText({ empty: true });
    const end = (value: unknown) => textOf(this.baseField, value);
    return jsonText({ bounds: range.bounds, lower: end(range.lower), upper: end(range.upper) });
  }

  override dbType(ops: FieldOps): string | null {
    onlyOnPostgresql(ops, this.constructor.name);
    return this.type;
  }
}

/** In quotes where it would be taken for a part of the range. */
function quoted(text: string): string {
  return /["\\\s()[\],]/.test(text) ? `"${text}"` : text;
}

const RANGE = /^([[(])(?:"([^"]*)"|([^,]*)),(?:"([^"]*)"|([^\])]*))([\])])$/;

/** The server's form: `[1,5)`, `["2024-01-01 00:00:00+00",)`, `empty`. */
function readRange(text: string, end: (text: string | null) => unknown): Range<unknown> {
  const match = RANGE.exec(text);
  if (match === null) return Range.empty();
  const [, open = "", quotedLower, lower, quotedUpper, upper, close = ""] = match;
  return new Range(
    end((quotedLower ?? lower) || null),
    end((quotedUpper ?? upper) || null),
    `${open}${close}` as Bounds,
  );
}

/** A range of whole numbers: `int4range`. */
export class IntegerRangeField extends RangeField {
  readonly oid: number = OID.int4range;
  readonly endOid: number = OID.int4;
  protected readonly type: string = "int4range";

  protected override makeBase(): Field {
    return new IntegerField();
  }
}

/** A range of large whole numbers: `int8range`. */
export class BigIntegerRangeField extends RangeField {
  readonly oid: number = OID.int8range;
  readonly endOid: number = OID.int8;
  protected readonly type: string = "int8range";

  protected override makeBase(): Field {
    return new BigIntegerField();
  }
}

/** A range of decimals: `numrange`. */
export class DecimalRangeField extends RangeField {
  readonly oid: number = OID.numrange;
  readonly endOid: number = OID.numeric;
  protected readonly type: string = "numrange";

  protected override makeBase(): Field {
    return new DecimalField();
  }

  protected override get isContinuous(): boolean {
    return true;
  }
}

/** A range of instants: `tstzrange`. */
export class DateTimeRangeField extends RangeField {
  readonly oid: number = OID.tstzrange;
  readonly endOid: number = OID.timestamptz;
  protected readonly type: string = "tstzrange";

  protected override makeBase(): Field {
    return new DateTimeField();
  }

  protected override get isContinuous(): boolean {
    return true;
  }
}

/** A range of days: `daterange`. */
export class DateRangeField extends RangeField {
  readonly oid: number = OID.daterange;
  readonly endOid: number = OID.date;
  protected readonly type: string = "daterange";

  protected override makeBase(): Field {
    return new DateField();
  }
}

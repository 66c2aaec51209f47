/** Arrays. Django: django.contrib.postgres, `ArrayField`. */
import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import type { Converter, ConverterOptions } from "../../backends/base/values.ts";
import { arrayOf, readArray, Typed } from "../../backends/postgresql/types.ts";
import type { Expression } from "../../expressions/base.ts";
import { Field, type FieldOps, type FieldOptions } from "../../fields/field.ts";
import type { RegisteredLookup } from "../../fields/lookup-registry.ts";
import { isList, toArray } from "../../sql/node.ts";
import { type Param, raw, type Sql, sql } from "../../sql/sql.ts";
import { interpolate } from "../../util/format.ts";
import { ValidationError } from "../../validators/validation-error.ts";
import type { Validator } from "../../validators/validators.ts";
import { onlyOnPostgresql } from "../only.ts";
import { ArrayMaxLengthValidator } from "../validators.ts";
import { jsonText, textOf } from "./serialized.ts";

export interface ArrayOptions extends FieldOptions {
  /** The most items: checked in validation; the column has it in its type, where PostgreSQL does not enforce it. */
  size?: number | null | undefined;
}

/** A slice or an index of an array; the transforms come later in the order of imports. */
export interface ArrayTransforms {
  index(place: number): RegisteredLookup;
  slice(start: number, end: number | null): RegisteredLookup;
  sliceOf(expression: Expression, start: number, end: number | null): Expression;
}

/** A list of values of another field. */
export class ArrayField extends Field {
  readonly baseField: Field;
  readonly size: number | null;
  readonly dbCollation: string | null;

  static transforms: ArrayTransforms;

  constructor(baseField: Field, options: ArrayOptions = {}) {
    if (!(baseField instanceof Field)) throw new TypeError("ArrayField takes the field of its items first.");
    // Part of the options, as these tell fields apart that belong to no model.
    super({ ...options, baseField } as FieldOptions);
    if (baseField.isRelation) throw new TypeError("Base field for array cannot be a related field.");
    this.baseField = baseField;
    this.size = options.size ?? null;
    this.dbCollation = (baseField as { dbCollation?: string | null }).dbCollation ?? null;
  }

  override get internalType(): string {
    return "ArrayField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  override get wantsBigInt(): boolean {
    return this.baseField.wantsBigInt;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return {
      ...super.defaultErrorMessages,
      item_invalid: "Item %(nth)s in the array did not validate:",
      nested_array_mismatch: "Nested arrays must have the same length.",
    };
  }

  protected override get defaultValidators(): readonly Validator[] {
    return this.size ? [ArrayMaxLengthValidator(this.size) as Validator] : [];
  }

  override setAttributesFromName(name: string): void {
    super.setAttributesFromName(name);
    this.baseField.setAttributesFromName(name);
  }

  override clone(): this {
    const { baseField: _, ...options } = this.options;
    return new ArrayField(this.baseField.clone(), options) as this;
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    return { type, kwargs: { ...kwargs, baseField: this.baseField.clone(), size: this.size } };
  }

  // ---------------------------------------------------------------- validation

  /** From a text in JSON, as serialized data has it. */
  override toPython(value: unknown): unknown {
    if (typeof value !== "string") return value instanceof Set ? [...value] : value;
    return (JSON.parse(value) as unknown[]).map((item) => this.baseField.toPython(item));
  }

  override validate(value: unknown, instance: unknown): void {
    super.validate(value, instance);
    if (!Array.isArray(value)) return;
    this.eachItem(value, (item) => this.baseField.validate(item, instance));
    if (!(this.baseField instanceof ArrayField)) return;
    if (new Set(value.map((item) => (item as unknown[]).length)).size > 1) this.fail("nested_array_mismatch");
  }

  override runValidators(value: unknown): void {
    super.runValidators(value);
    if (!Array.isArray(value)) return;
    this.eachItem(value, (item) => this.baseField.runValidators(item));
  }

  private eachItem(items: readonly unknown[], check: (item: unknown) => void): void {
    for (const [i, item] of items.entries()) {
      try {
        check(item);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        throw prefixed(error, this.errorMessages["item_invalid"] as string, i + 1);
      }
    }
  }

  // ---------------------------------------------------------------- values

  override getPrepValue(value: unknown): unknown {
    if (!isList(this.defined(value))) return value;
    return toArray(value as readonly unknown[]).map((item) =>
      item === null ? null : this.baseField.getPrepValue(item),
    );
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    if (!Array.isArray(prepared)) return prepared;
    onlyOnPostgresql(ops, "ArrayField");
    // The column's type stands in the statement, so that the parameter needs none.
    return new Typed(0, arrayOf(this.adaptItems(prepared, ops)).text);
  }

  private adaptItems(items: readonly unknown[], ops: FieldOps): unknown[] {
    const { baseField } = this;
    return items.map((item) => {
      if (baseField instanceof ArrayField)
        return Array.isArray(item) ? baseField.adaptItems(item, ops) : item;
      return baseField.getDbPrepValue(item, ops);
    });
  }

  /** The session has made a list of the column's text, but for types of extensions. */
  override fromDb(ops: FieldOps, options?: ConverterOptions): Converter | null {
    const convert = this.baseField.fromDb(ops, options);
    const list = (value: unknown) => (typeof value === "string" ? readArray(value, null) : value);
    if (convert === null) return list;
    return (value) => (list(value) as unknown[]).map((item) => (item === null ? null : convert(item)));
  }

  override valueToString(object: Readonly<Record<string, unknown>>): unknown {
    const items = this.valueFromObject(object) as readonly unknown[];
    return jsonText(items.map((item) => textOf(this.baseField, item)));
  }

  override placeholder(param: Param, { ops }: Compiler): Sql {
    return sql`${param}::${raw(this.dbType(ops) as string)}`;
  }

  // ---------------------------------------------------------------- the column

  override dbType(ops: FieldOps): string | null {
    onlyOnPostgresql(ops, "ArrayField");
    return `${this.baseField.dbType(ops)}[${this.size || ""}]`;
  }

  override castDbType(ops: FieldOps): string | null {
    return `${this.baseField.castDbType(ops)}[${this.size || ""}]`;
  }

  override dbParameters(ops: FieldOps): {
    type: string | null;
    check: string | null;
    collation?: string | null;
  } {
    return { ...super.dbParameters(ops), collation: this.dbCollation };
  }

  // ---------------------------------------------------------------- lookups

  /** Besides the registered ones: `0` is the first item, `0_2` the first two. */
  override getTransform(name: string): RegisteredLookup | null {
    const known = super.getTransform(name);
    if (known !== null) return known;
    if (/^-?\d+$/.test(name)) return ArrayField.transforms.index(Number(name) + 1);
    const slice = /^(-?\d+)_(-?\d+)$/.exec(name);
    // PostgreSQL counts from one, and includes the end.
    return slice === null ? null : ArrayField.transforms.slice(Number(slice[1]) + 1, Number(slice[2]));
  }

  /** `F("tags").slice(0, 2)`; `start` counts from one. */
  sliceExpression(expression: Expression, start: number, length: number | null): Expression {
    return ArrayField.transforms.sliceOf(expression, start, length === null ? null : start + length - 1);
  }
}

/** The errors of an item, each with what says which item it is. */
function prefixed(error: ValidationError, prefix: string, nth: number): ValidationError {
  const [only] = error.errorList;
  if (error.errorList.length === 1 && only === error) {
    const message = `${interpolate(prefix, { nth })} ${interpolate(error.template, error.params)}`;
    return new ValidationError(message.replaceAll("%", "%%"), {
      code: "item_invalid",
      params: { ...error.params, nth },
    });
  }
  return new ValidationError(error.errorList.map((each) => prefixed(each, prefix, nth)));
}

/** Columns that the database computes, and keys of several columns. */

import type { ColumnParameters, Converter, ConverterOptions } from "../backends/base/values.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import { sameValue } from "../util/compare.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";
import type { RegisteredLookup } from "./lookup-registry.ts";

export interface GeneratedOptions extends FieldOptions {
  /** What the column holds, in terms of the other columns. */
  expression: unknown;
  /** The field that the column is like. */
  outputField: Field;
  /** `true`: computed when a row is written, and stored. `false`: computed when it is read. */
  dbPersist: boolean;
}

/** A column that the database computes. Django: `GeneratedField`. */
export class GeneratedField extends Field {
  readonly expression: unknown;
  readonly outputField: Field;
  readonly dbPersist: boolean;

  constructor(options: GeneratedOptions) {
    if (options.editable === true) throw new ValueError("GeneratedField cannot be editable.");
    if (options.blank === false) throw new ValueError("GeneratedField must be blank.");
    if (options.default !== undefined) throw new ValueError("GeneratedField cannot have a default.");
    if (options.dbDefault !== undefined)
      throw new ValueError("GeneratedField cannot have a database default.");
    if (typeof options.dbPersist !== "boolean") {
      throw new ValueError("GeneratedField.dbPersist must be True or False.");
    }
    super({ ...options, editable: false, blank: true });
    this.expression = options.expression;
    this.outputField = options.outputField;
    this.dbPersist = options.dbPersist;
  }

  override get generated(): boolean {
    return true;
  }

  override get dbReturning(): boolean {
    return true;
  }

  override get internalType(): string {
    return this.outputField.internalType;
  }

  override get wantsBigInt(): boolean {
    return this.outputField.wantsBigInt;
  }

  override getPrepValue(value: unknown): unknown {
    return this.outputField.getPrepValue(value);
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return this.outputField.getDbPrepValue(prepared, ops);
  }

  override fromDb(ops: FieldOps, options?: ConverterOptions): Converter | null {
    return this.outputField.fromDb(ops, options);
  }

  override get columnParameters(): ColumnParameters {
    return this.outputField.columnParameters;
  }

  override dbType(ops: FieldOps): string | null {
    return this.outputField.dbType(ops);
  }

  override dbParameters(ops: FieldOps): {
    type: string | null;
    check: string | null;
    collation?: string | null;
  } {
    return this.outputField.dbParameters(ops);
  }

  override getLookup(name: string): RegisteredLookup | null {
    return this.outputField.getLookup(name) ?? super.getLookup(name);
  }

  override getTransform(name: string): RegisteredLookup | null {
    return this.outputField.getTransform(name) ?? super.getTransform(name);
  }

  override getLookups(): ReadonlyMap<string, RegisteredLookup> {
    return new Map([...super.getLookups(), ...this.outputField.getLookups()]);
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    delete kwargs.blank;
    delete kwargs.editable;
    const { dbPersist, expression, outputField } = this;
    return { type, kwargs: { ...kwargs, dbPersist, expression, outputField } };
  }
}

/** A primary key of several columns: its value is the list of theirs. Django: `CompositePrimaryKey`. */
export class CompositePrimaryKey extends Field {
  readonly fieldNames: readonly string[];

  constructor(...given: [...names: string[], options: FieldOptions] | string[]) {
    const last = given.at(-1);
    const options: FieldOptions = typeof last === "object" ? last : {};
    const names = (typeof last === "object" ? given.slice(0, -1) : given) as string[];
    if (
      names.length === 0 ||
      names.some((name) => typeof name !== "string") ||
      new Set(names).size !== names.length
    ) {
      throw new ValueError("CompositePrimaryKey args must be unique strings.");
    }
    if (names.length === 1) throw new ValueError("CompositePrimaryKey must include at least two fields.");
    if (options.default !== undefined) throw new ValueError("CompositePrimaryKey cannot have a default.");
    if (options.dbDefault !== undefined)
      throw new ValueError("CompositePrimaryKey cannot have a database default.");
    if (options.dbColumn) throw new ValueError("CompositePrimaryKey cannot have a dbColumn.");
    if (options.editable === true) throw new ValueError("CompositePrimaryKey cannot be editable.");
    if (options.primaryKey === false) throw new ValueError("CompositePrimaryKey must be a primary key.");
    if (options.blank === false) throw new ValueError("CompositePrimaryKey must be blank.");
    super({ ...options, editable: false, primaryKey: true, blank: true });
    this.fieldNames = names;
  }

  override get internalType(): string {
    return "CompositePrimaryKey";
  }

  override getAttnameColumn(): [attname: string, column: string | null] {
    return [this.getAttname(), null];
  }

  /** The fields that make up the key. */
  get fields(): readonly Field[] {
    if (this.opts === null) throw new Error("The key belongs to no model yet.");
    const { opts } = this;
    return this.fieldNames.map((name) => opts.getField(name) as Field);
  }

  override get compositeFields(): readonly Field[] {
    return this.fields;
  }

  get columns(): readonly string[] {
    return this.fields.map((field) => field.column);
  }

  [Symbol.iterator](): Iterator<Field> {
    return this.fields[Symbol.iterator]();
  }

  get length(): number {
    return this.fieldNames.length;
  }

  override dbType(): string | null {
    return null;
  }

  override valueFromObject(object: Readonly<Record<string, unknown>>): unknown {
    return this.fields.map((field) => object[field.attname]);
  }

  override preSave(instance: Record<string, unknown>): unknown {
    return this.valueFromObject(instance);
  }

  /** A JSON list of the parts' texts, which `toPython()` reads. */
  override valueToString(object: Readonly<Record<string, unknown>>): string {
    return `[${this.fields.map((field) => JSON.stringify(field.valueToString(object))).join(", ")}]`;
  }

  override getPkValueOnSave(instance: Readonly<Record<string, unknown>>): unknown {
    return this.fields.map((field) => {
      const value = field.valueFromObject(instance);
      return value === null || value === undefined ? field.getPkValueOnSave(instance) : value;
    });
  }

  override toPython(value: unknown): unknown {
    if (typeof value !== "string") return value;
    const values = JSON.parse(value) as unknown[];
    return this.fields.map((field, i) => field.toPython(values[i]));
  }

  /** @param value - a list with a value for each of the fields. */
  override getPrepValue(value: unknown): unknown {
    if (this.defined(value) === null) return null;
    if (!Array.isArray(value)) throw new ArgumentTypeError(`'${this.name}' must be a list.`);
    const { fields } = this;
    if (value.length !== fields.length)
      throw new ValueError(`'${this.name}' must have ${fields.length} elements.`);
    return fields.map((field, i) => field.getPrepValue(value[i]));
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    if (!Array.isArray(prepared)) return prepared;
    return this.fields.map((field, i) => field.getDbPrepValue(prepared[i], ops));
  }

  override fromDb(): Converter | null {
    return null;
  }

  /** Equal keys, whatever kinds of numbers they are made of. */
  sameKey(a: unknown, b: unknown): boolean {
    return sameValue(a, b);
  }

  override clone(): this {
    return new CompositePrimaryKey(...this.fieldNames, this.options) as this;
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    return { type, args: this.fieldNames, kwargs };
  }
}

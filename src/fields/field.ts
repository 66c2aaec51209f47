import { inspect } from "node:util";
import type { Compiler } from "../backends/base/compiler/compiler.ts";
import {
  type ColumnParameters,
  type Converter,
  type ConverterOptions,
  defaultValues,
  type HasValues,
  type ValueAdapters,
} from "../backends/base/values.ts";
import { ArgumentTypeError } from "../errors.ts";
import type { Options } from "../models/options.ts";
import type { ModelClass } from "../models/types.ts";
import type { Param, Sql } from "../sql/sql.ts";
import { columnName, words } from "../util/case.ts";
import { sameValue } from "../util/compare.ts";
import { isThenable } from "../util/promise.ts";
import { str } from "../util/repr.ts";
import { ValidationError } from "../validators/validation-error.ts";
import type { Validator } from "../validators/validators.ts";
import { type Choice, type ChoicesOption, flatten, normalizeChoices } from "./choices.ts";
import { fieldHooks, isExpression } from "./hooks.ts";
import {
  findLookup,
  lookupsOf,
  type RegisteredLookup,
  registerLookup,
  unregisterLookup,
} from "./lookup-registry.ts";

/** The part of a database's operations that fields use. */
export type FieldOps = HasValues;

/** The options that every field takes. Django: "Field options". */
export interface FieldOptions {
  /** May hold `null`. */
  null?: boolean | undefined;
  /** May be empty in validation. */
  blank?: boolean | undefined;
  /** A value, or a function that gives one for each new object. */
  default?: unknown;
  /** A value or an expression that the database itself fills in. */
  dbDefault?: unknown;
  choices?: ChoicesOption | null | undefined;
  unique?: boolean | undefined;
  dbIndex?: boolean | undefined;
  /** The column, where it is not the field's name. */
  dbColumn?: string | null | undefined;
  dbComment?: string | null | undefined;
  primaryKey?: boolean | undefined;
  editable?: boolean | undefined;
  serialize?: boolean | undefined;
  validators?: readonly Validator[] | undefined;
  errorMessages?: Readonly<Record<string, string>> | null | undefined;
  verboseName?: string | null | undefined;
  helpText?: string | undefined;
  maxLength?: number | null | undefined;
  /** The name of a date field: values must be unique among the objects of its day. */
  uniqueForDate?: string | null | undefined;
  uniqueForMonth?: string | null | undefined;
  uniqueForYear?: string | null | undefined;
  /** The library made the field, not the user. */
  autoCreated?: boolean | undefined;
}

/** What a field takes over into {@link Field.deconstruct} when it differs from the default. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  verboseName: null,
  primaryKey: false,
  maxLength: null,
  unique: false,
  blank: false,
  null: false,
  dbIndex: false,
  editable: true,
  serialize: true,
  uniqueForDate: null,
  uniqueForMonth: null,
  uniqueForYear: null,
  choices: null,
  helpText: "",
  dbColumn: null,
  dbComment: null,
  autoCreated: false,
  errorMessages: null,
};

type Messages = Readonly<Record<string, string>>;

let counter = 0;
let autoCounter = -1;

/**
 * The base of all fields, and of your own.
 *
 * A field of your own extends this class, or the field that it resembles, and overrides what differs:
 * - `internalType`: the field whose column it uses (`"CharField"`), or `dbType()` for a column type of its own;
 * - `fromDb()`: gives the function that makes the attribute's value of a column's value (which is never `null`);
 * - `getPrepValue()`: the value for the column, from whatever users assign or look up;
 * - `toPython()`: the attribute's value from texts and the like, for validation.
 *
 * @example
 * class Point { constructor(readonly x: number, readonly y: number) {} }
 *
 * class PointField extends Field {
 *   override get internalType() { return "TextField"; }
 *   override fromDb() {
 *     return (text: unknown) => new Point(...(String(text).split(",").map(Number) as [number, number]));
 *   }
 *   override getPrepValue(value: unknown) {
 *     return value instanceof Point ? `${value.x},${value.y}` : super.getPrepValue(value);
 *   }
 * }
 *
 * // a lookup of its own: at__north
 * PointField.registerLookup(North);
 *
 * Django: "How to create custom model fields".
 */
export abstract class Field {
  /** The options as given. */
  readonly options: FieldOptions & Readonly<Record<string, unknown>>;
  /** The name in the model; empty until the field belongs to one. */
  name = "";
  /** The attribute that holds the column's value: `box_id` of the field `box`. */
  attname = "";
  /** The column; `null` (against its type) for a field that has none, such as a many-to-many relation. */
  column: string = null as never;
  /** The model that the field belongs to. */
  opts: Options | null = null;
  verboseName: string | null;
  readonly primaryKey: boolean;
  readonly maxLength: number | null;
  readonly blank: boolean;
  readonly null: boolean;
  readonly default: unknown;
  readonly dbDefault: unknown;
  readonly editable: boolean;
  readonly serialize: boolean;
  readonly uniqueForDate: string | null;
  readonly uniqueForMonth: string | null;
  readonly uniqueForYear: string | null;
  readonly helpText: string;
  readonly dbIndex: boolean;
  readonly dbColumn: string | null;
  readonly dbComment: string | null;
  readonly autoCreated: boolean;
  /** Orders fields by their declaration; what the library adds comes first. */
  readonly creationCounter: number;
  remoteField: unknown = null;
  hidden = false;
  readonly #unique: boolean;
  #choices: readonly Choice[] | null | undefined;

  constructor(options: FieldOptions = {}) {
    const given = options as FieldOptions & Readonly<Record<string, unknown>>;
    this.options = given;
    this.verboseName = given.verboseName ?? null;
    this.primaryKey = given.primaryKey ?? false;
    this.maxLength = given.maxLength ?? null;
    this.#unique = given.unique ?? false;
    this.blank = given.blank ?? false;
    this.null = given.null ?? false;
    this.default = given.default;
    this.dbDefault = given.dbDefault;
    this.editable = given.editable ?? true;
    this.serialize = given.serialize ?? true;
    this.uniqueForDate = given.uniqueForDate ?? null;
    this.uniqueForMonth = given.uniqueForMonth ?? null;
    this.uniqueForYear = given.uniqueForYear ?? null;
    this.helpText = given.helpText ?? "";
    this.dbIndex = given.dbIndex ?? false;
    this.dbColumn = given.dbColumn ?? null;
    this.dbComment = given.dbComment ?? null;
    this.autoCreated = given.autoCreated ?? false;
    this.#choices = given.choices === undefined ? null : given.choices === null ? null : undefined;
    this.creationCounter = this.autoCreated ? autoCounter-- : counter++;
  }

  // ---------------------------------------------------------------- what kind of field it is

  /** The field that decides on the column's type and the form of values: Django's `get_internal_type()`. */
  get internalType(): string {
    return this.constructor.name;
  }

  /** The empty text is a value that the column can hold. */
  get emptyStringsAllowed(): boolean {
    return true;
  }

  get isRelation(): boolean {
    return false;
  }

  /** `undefined` for a field that is no relation. */
  get relatedModel(): ModelClass | undefined {
    return undefined;
  }

  get manyToMany(): boolean {
    return false;
  }

  get manyToOne(): boolean {
    return false;
  }

  get oneToMany(): boolean {
    return false;
  }

  get oneToOne(): boolean {
    return false;
  }

  /** The database computes the value. */
  get generated(): boolean {
    return false;
  }

  /** Its values are also values of a field like `other`: what takes both has the type of `other`. */
  isKindOf(other: Field): boolean {
    return this instanceof other.kind;
  }

  /** The class that its values count as. */
  get kind(): typeof Field {
    return this.constructor as typeof Field;
  }

  /** The database numbers the objects by this field. */
  get isAutoField(): boolean {
    return false;
  }

  /** The field has no column and belongs to one model alone: children and proxies get copies. */
  get isPrivate(): boolean {
    return false;
  }

  /** The field has a column. */
  get concrete(): boolean {
    return this.column !== null;
  }

  /** No two objects have the same value; a primary key always is. */
  get unique(): boolean {
    return this.#unique || this.primaryKey;
  }

  /** The database makes the value of a new row, which an `INSERT` gives back. */
  get dbReturning(): boolean {
    return this.hasDbDefault();
  }

  /** The model's class. */
  get model(): ModelClass {
    if (this.opts === null) throw new Error(`The field '${this.name}' belongs to no model yet.`);
    return this.opts.model;
  }

  /** Has the field joined a model? */
  get bound(): boolean {
    return this.opts !== null;
  }

  // ---------------------------------------------------------------- joining a model

  /** Called by the model with the name that the field has in it. */
  setAttributesFromName(name: string): void {
    this.name = this.name || name;
    const [attname, column] = this.getAttnameColumn();
    this.attname = attname;
    this.column = column as string;
    this.verboseName ??= words(this.name);
  }

  getAttname(): string {
    return this.name;
  }

  /** The attribute's name, and the column's: `createdAt` gets the column `created_at`. */
  getAttnameColumn(): [attname: string, column: string | null] {
    const attname = this.getAttname();
    return [attname, this.manyToMany ? null : this.dbColumn || columnName(attname)];
  }

  /** A field with the same options, that belongs to no model. */
  clone(): this {
    return new (this.constructor as new (options: object) => this)(this.options);
  }

  /** What makes an equal field: the class's name and the options that differ from the defaults. */
  deconstruct(): { type: string; args?: readonly unknown[]; kwargs: Record<string, unknown> } {
    const kwargs: Record<string, unknown> = {};
    for (const [name, standard] of Object.entries(DEFAULTS)) {
      const value =
        name === "unique"
          ? this.#unique
          : name === "verboseName"
            ? this.options.verboseName
            : this.kwarg(name);
      if (value !== standard && value !== undefined) kwargs[name] = value;
    }
    if (this.hasDefault()) kwargs.default = this.default;
    if (this.hasDbDefault()) kwargs.dbDefault = this.dbDefault;
    if ((this.options.validators?.length ?? 0) > 0) kwargs.validators = this.options.validators;
    return { type: this.constructor.name, kwargs };
  }

  private kwarg(name: string): unknown {
    if (name === "errorMessages") return this.options.errorMessages;
    return (this as unknown as Record<string, unknown>)[name];
  }

  // ---------------------------------------------------------------- defaults and choices

  hasDefault(): boolean {
    return this.default !== undefined;
  }

  hasDbDefault(): boolean {
    return this.dbDefault !== undefined;
  }

  /** The value of a new object: the default, else what stands for "empty" here. */
  getDefault(): unknown {
    if (this.default !== undefined) return typeof this.default === "function" ? this.default() : this.default;
    if (this.hasDbDefault()) return fieldHooks.databaseDefault(this.dbDefaultExpression, this);
    return !this.emptyStringsAllowed || this.null ? null : "";
  }

  /** The `dbDefault` as an expression. */
  get dbDefaultExpression(): unknown {
    return isExpression(this.dbDefault) ? this.dbDefault : fieldHooks.value(this.dbDefault, this);
  }

  /** A primary key for a new object that has none; `null` leaves it to the database. */
  getPkValueOnSave(_instance: Readonly<Record<string, unknown>>): unknown {
    // Django's rule: a default that counts as false gives none, and without one a text is empty.
    return this.hasDefault() && !this.default ? null : this.getDefault();
  }

  /** Pairs of value and label, groups as pairs of label and choices; `null` when every value is allowed. */
  get choices(): readonly Choice[] | null {
    if (this.#choices !== undefined) return this.#choices;
    const given = this.options.choices as ChoicesOption;
    const choices = normalizeChoices(given);
    // A function is asked each time.
    if (typeof given !== "function") this.#choices = choices;
    return choices;
  }

  /** The choices without their groups; empty when there are none. */
  get flatchoices(): readonly (readonly [value: unknown, label: string])[] {
    return flatten(this.choices ?? []);
  }

  // ---------------------------------------------------------------- validation

  /** The messages of this class, by code; a subclass adds its own. */
  protected get defaultErrorMessages(): Messages {
    return {
      invalid_choice: "Value %(value)r is not a valid choice.",
      null: "This field cannot be null.",
      blank: "This field cannot be blank.",
      unique: "%(model_name)s with this %(field_label)s already exists.",
      unique_for_date: "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s.",
    };
  }

  get errorMessages(): Messages {
    return { ...this.defaultErrorMessages, ...this.options.errorMessages };
  }

  /** Validators of the class, before those of the options. */
  protected get defaultValidators(): readonly Validator[] {
    return [];
  }

  /** All validators. Those of integers depend on the database's ranges; the default database's count here. */
  get validators(): readonly Validator[] {
    return this.getValidators(defaultValues());
  }

  /** All validators, for a database. */
  getValidators(_values: ValueAdapters): readonly Validator[] {
    return [...this.defaultValidators, ...(this.options.validators ?? [])];
  }

  /** What validation takes for empty: `null`, `""`, an empty list, an empty object. */
  isEmpty(value: unknown): boolean {
    if (value === null || value === undefined || value === "") return true;
    if (typeof value !== "object") return false;
    if (Array.isArray(value)) return value.length === 0;
    return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
  }

  /**
   * The attribute's value from a text or another form of it: Django's `to_python`.
   *
   * @throws {ValidationError} when there is none.
   */
  toPython(value: unknown): unknown {
    return value;
  }

  protected fail(code: string, params?: Readonly<Record<string, unknown>>): never {
    throw new ValidationError(this.errorMessages[code] ?? code, { code, params });
  }

  /** @throws {ValidationError} with the errors of all validators. */
  runValidators(value: unknown): void {
    if (this.isEmpty(value)) return;
    const errors: ValidationError[] = [];
    const messages = this.errorMessages;
    for (const validate of this.validators) {
      try {
        (validate as (value: unknown) => void)(value);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        const own = error.validationCode === null ? undefined : messages[error.validationCode];
        errors.push(...(own === undefined ? error : error.withTemplate(own)).errorList);
      }
    }
    if (errors.length > 0) throw new ValidationError(errors);
  }

  /** Checks choices, `null` and `blank`. @throws {ValidationError} */
  validate(value: unknown, _instance: unknown): void {
    if (!this.editable) return;
    if (this.choices !== null && !this.isEmpty(value)) {
      if (this.flatchoices.some(([choice]) => sameValue(choice, value))) return;
      this.fail("invalid_choice", { value });
    }
    if (value === null && !this.null) this.fail("null");
    if (!this.blank && this.isEmpty(value)) this.fail("blank");
  }

  /** Converts and checks a value. @throws {ValidationError} @returns the value to keep. */
  clean(value: unknown, instance: unknown): unknown {
    const converted = this.toPython(this.defined(value));
    this.validate(converted, instance);
    this.runValidators(converted);
    return converted;
  }

  // ---------------------------------------------------------------- values on their way to the database

  /** Refuses `undefined`, which is neither a value nor NULL, and a promise that nobody has awaited. */
  protected defined(value: unknown): unknown {
    if (value !== undefined) {
      if (typeof value === "object" && isThenable(value))
        throw new ArgumentTypeError(`Field '${this.name}' got a promise: await it first.`);
      return value;
    }
    throw new ArgumentTypeError(`Field '${this.name}' got undefined. Use null for NULL.`);
  }

  /**
   * The value in the form that this field compares and stores, the same for all databases.
   *
   * @throws {ArgumentTypeError} for `undefined`, and for values of a type that cannot be meant.
   * @throws {ValueError} for values that do not fit.
   */
  getPrepValue(value: unknown): unknown {
    return this.defined(value);
  }

  /** A prepared value in the form that the database's driver takes. */
  getDbPrepValue(prepared: unknown, _ops: FieldOps): unknown {
    return prepared;
  }

  /** A prepared value that a lookup compares with, as the driver takes it. */
  getDbPrepLookup(prepared: unknown, ops: FieldOps): unknown {
    return this.getDbPrepValue(prepared, ops);
  }

  /** A value for an `INSERT` or `UPDATE`. Expressions pass untouched. */
  getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    if (isExpression(value)) return value;
    return this.getDbPrepValue(this.getPrepValue(value), ops);
  }

  /** The value to save; fields that fill themselves in put it into the instance. */
  preSave(instance: Record<string, unknown>, _add: boolean): unknown {
    return instance[this.attname];
  }

  valueFromObject(object: Readonly<Record<string, unknown>>): unknown {
    return object[this.attname];
  }

  /**
   * The value as serializers write it where a format has no form of its own for it: a text, which `toPython()` reads
   * again. Django: `value_to_string()`.
   */
  valueToString(object: Readonly<Record<string, unknown>>): unknown {
    return str(this.valueFromObject(object));
  }

  getFilterKwargsForObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return { [this.name]: object[this.attname] };
  }

  // ---------------------------------------------------------------- values on their way back

  /**
   * The function that makes the attribute's value of a column's value, which is never `null`; `null` when they are
   * the same.
   *
   * @param options - `column: false` for the result of an expression; `bigints` when integers arrive as `bigint`.
   */
  fromDb(ops: FieldOps, options: ConverterOptions = {}): Converter | null {
    return ops.values.converter(this.internalType, options);
  }

  /** Integers must be read as `bigint`, because a column's may exceed 2^53. */
  get wantsBigInt(): boolean {
    return false;
  }

  // ---------------------------------------------------------------- in SQL

  /** The fields that a composite key is made of; `null` for a field of one column. */
  get compositeFields(): readonly Field[] | null {
    return null;
  }

  /** How a value of this field stands in a statement, where that is not just a parameter. */
  placeholder?(param: Param, compiler: Compiler): Sql;

  /** How a column of this field stands in a select list, where that is not just its name. */
  selectFormat?(compiler: Compiler, sql: Sql): Sql;

  // ---------------------------------------------------------------- the column

  /** What the column's type depends on. */
  get columnParameters(): ColumnParameters {
    return { maxLength: this.maxLength, column: this.column };
  }

  /** The column's type; `null` for a field without column. */
  dbType(ops: FieldOps): string | null {
    return ops.values.dataType(this.internalType, this.columnParameters);
  }

  /** The type of a foreign key's column that refers to this field. */
  relDbType(ops: FieldOps): string | null {
    return this.dbType(ops);
  }

  /** The type in a `CAST`. */
  castDbType(ops: FieldOps): string | null {
    return ops.values.castDataType(this.internalType, this.columnParameters) ?? this.dbType(ops);
  }

  /** The condition that the column must hold, as SQL. */
  dbCheck(ops: FieldOps): string | null {
    return ops.values.dataTypeCheck(this.internalType, this.column);
  }

  dbTypeSuffix(ops: FieldOps): string | null {
    return ops.values.dataTypeSuffix(this.internalType);
  }

  /** The column's type and condition. A field with a collation adds it. */
  dbParameters(ops: FieldOps): { type: string | null; check: string | null; collation?: string | null } {
    return { type: this.dbType(ops), check: this.dbCheck(ops) };
  }

  // ---------------------------------------------------------------- lookups

  /** Teaches all fields of this class a lookup or transform; returns it, so that it can decorate a class. */
  static registerLookup<L extends RegisteredLookup>(lookup: L, name?: string): L {
    return registerLookup(this, lookup, name);
  }

  static unregisterLookup(lookup: RegisteredLookup, name?: string): void {
    unregisterLookup(this, lookup, name);
  }

  /** Teaches this field alone a lookup or transform. */
  registerLookup<L extends RegisteredLookup>(lookup: L, name?: string): L {
    return registerLookup(this, lookup, name);
  }

  unregisterLookup(lookup: RegisteredLookup, name?: string): void {
    unregisterLookup(this, lookup, name);
  }

  /** The lookup of that name; `null` when there is none. */
  getLookup(name: string): RegisteredLookup | null {
    const found = findLookup(this, name);
    return found?.lookupKind === "lookup" ? found : null;
  }

  /** The transform of that name; `null` when there is none. */
  getTransform(name: string): RegisteredLookup | null {
    const found = findLookup(this, name);
    return found?.lookupKind === "transform" ? found : null;
  }

  /** All lookups and transforms by name. */
  getLookups(): ReadonlyMap<string, RegisteredLookup> {
    return lookupsOf(this);
  }

  // ---------------------------------------------------------------- looks

  /** `app.Model.name` */
  toString(): string {
    return this.opts === null ? `<${this.constructor.name}>` : `${this.opts.label}.${this.name}`;
  }

  [inspect.custom](): string {
    return `<${this.constructor.name}${this.name === "" ? "" : `: ${this.opts?.label ?? ""}.${this.name}`}>`;
  }
}

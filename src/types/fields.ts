/** What a field declaration is to the compiler, and the options of the field factories. */
import type { NumberLookups, TextLookups } from "./lookups.ts";
import type { FieldError, Nullable, types } from "./util.ts";

/** What a field carries for the compiler only. */
export interface FieldTypes {
  kind: "column" | "fk" | "o2o" | "m2m" | "generic";
  /** What an instance holds, without `null`. */
  out: unknown;
  /** What a write or a lookup takes, without `null`. */
  in: unknown;
  null: boolean;
  /** `out` and `in`, with `null` where it may be; of columns only. */
  holds: unknown;
  takes: unknown;
  /** May be left out when an object is made. */
  optional: boolean;
  lookups: unknown;
  /** `"pk"`, `"auto"`, `"choices"`, `"date"`, `"fixed"`: what else is known of the field. */
  flags: string;
  /** The same as an object, to be compared with. */
  flagged: unknown;
  /** The label that a relation names. */
  to: string;
  /** The options of a relation, as given. */
  options: unknown;
}

/** Any declaration: a column or a relation. */
export interface AnyField {
  readonly [types]: FieldTypes;
}

/** The fields of a model, as given to `Model(label, fields)`. */
export type Fields = Readonly<Record<string, AnyField>>;

/**
 * A declared column.
 *
 * @example
 * ```ts
 * const name = CharField({ maxLength: 50 }); // Field<string, string, false, false, TextLookups<string>>
 * ```
 */
export interface Field<
  Out = unknown,
  In = Out,
  Null extends boolean = boolean,
  Optional extends boolean = boolean,
  Lookups = unknown,
  Flags extends string = string,
> extends FieldBase {
  readonly [types]: {
    kind: "column";
    out: Out;
    in: In;
    null: Null;
    holds: Nullable<Out, Null>;
    takes: Nullable<In, Null>;
    optional: Optional;
    lookups: Lookups;
    flags: Flags;
    flagged: { [Flag in Flags]: true };
    to: never;
    options: unknown;
  };
}

/**
 * A declared relation.
 *
 * @example
 * ```ts
 * const box = ForeignKey("testapp.Box", { null: true, onDelete: SET_NULL }); // Relation<"testapp.Box", "fk", true, ...>
 * ```
 */
export interface Relation<
  To extends string = string,
  Kind extends "fk" | "o2o" | "m2m" = "fk" | "o2o" | "m2m",
  Null extends boolean = boolean,
  Optional extends boolean = boolean,
  Flags extends string = string,
  Options = unknown,
> extends FieldBase {
  readonly [types]: {
    kind: Kind;
    out: unknown;
    in: unknown;
    null: Null;
    holds: unknown;
    takes: unknown;
    optional: Optional;
    lookups: unknown;
    flags: Flags;
    flagged: { [Flag in Flags]: true };
    to: To;
    options: Options;
  };
}

/** What every declared field has at run time and users may read. */
export interface FieldBase {
  /** The name of the field in its model; empty before the model is made. */
  readonly name: string;
  /** The column, after the model is made. */
  readonly column: string | null;
}

/**
 * A validator: throws a `ValidationError` when the value is not good.
 *
 * @example `const even: Validator<number> = (n) => { if (n % 2) throw new ValidationError("not even"); }`
 */
export type Validator<T = never> = (value: T) => void;

/** One choice: the stored value and its text. */
export type Choice<T> = readonly [value: T, text: string];

/** Choices: pairs, or groups of pairs. */
export type Choices<T> = readonly (Choice<T> | readonly [group: string, choices: readonly Choice<T>[]])[];

/** The options that every column takes. Django: Model field reference, "Field options". */
export interface FieldOptions<T> {
  /** The text that forms and messages use. The default is the name with spaces. */
  verboseName?: string;
  /** Makes the field the primary key. */
  primaryKey?: boolean;
  /** Adds a unique constraint. */
  unique?: boolean;
  /** Allows `NULL` in the column and `null` in the instance. */
  null?: boolean;
  /** Allows an empty value in validation. */
  blank?: boolean;
  /** Adds an index. */
  dbIndex?: boolean;
  /** The value of new objects, or a function that gives it. */
  default?: T | (() => T) | null;
  /** The default that the database itself fills in: a value or an expression. */
  dbDefault?: unknown;
  /** The values that are allowed, with their texts; literal values type the field as their union. */
  choices?: Choices<T>;
  /** The column; the default is the name in snake_case. */
  dbColumn?: string;
  dbComment?: string;
  dbTablespace?: string;
  /** `false` leaves the field out of forms and validation. */
  editable?: boolean;
  serialize?: boolean;
  helpText?: string;
  errorMessages?: Readonly<Record<string, string>>;
  validators?: readonly Validator<T>[];
  /** The name of a date field within whose date, year or month the value must be unique. */
  uniqueForDate?: string;
  uniqueForMonth?: string;
  uniqueForYear?: string;
}

/** Options of text with a length. */
export interface CharOptions extends FieldOptions<string> {
  /** The most characters; required in Django's `CharField` on most databases. */
  maxLength?: number;
  dbCollation?: string;
}

/** Options of `TextField`. */
export interface TextOptions extends FieldOptions<string> {
  maxLength?: number;
  dbCollation?: string;
}

/** Options of `SlugField`. */
export interface SlugOptions extends CharOptions {
  allowUnicode?: boolean;
}

/** Options of `UUIDField`. */
export interface UUIDOptions extends FieldOptions<string> {}

/** Options of `DecimalField`. */
export interface DecimalOptions<T> extends FieldOptions<T> {
  /** The most digits, those after the point included. */
  maxDigits: number;
  /** The digits after the point. */
  decimalPlaces: number;
}

/** Options of date and time fields. */
export interface DateOptions<T> extends FieldOptions<T> {
  /** Sets the field to now at every save. */
  autoNow?: boolean;
  /** Sets the field to now when the object is first saved. */
  autoNowAdd?: boolean;
}

/** Options of `BinaryField`. */
export interface BinaryOptions extends FieldOptions<Uint8Array> {
  maxLength?: number;
}

/** Options of `JSONField`. */
export interface JSONOptions<T> extends FieldOptions<T> {
  /** As the second argument of `JSON.stringify`. */
  encoder?: (key: string, value: unknown) => unknown;
  /** As the second argument of `JSON.parse`; `source` is the text of a number, a string, a boolean or `null`. */
  decoder?: (key: string, value: unknown, context: { readonly source?: string }) => unknown;
}

/** Options of `GenericIPAddressField`. */
export interface GenericIPAddressOptions extends FieldOptions<string> {
  protocol?: "both" | "IPv4" | "IPv6";
  unpackIpv4?: boolean;
}

// What options say. Interfaces by name, because the compiler would copy a literal type at every comparison.
interface Nulls {
  readonly null: true;
}
interface Blank {
  readonly blank: true;
}
interface Key {
  readonly primaryKey: true;
}
interface Chosen {
  readonly choices: unknown;
}
interface Fixed {
  readonly editable: false;
}
interface Defaults {
  readonly default: unknown;
}
interface DatabaseDefaults {
  readonly dbDefault: unknown;
}
interface Now {
  readonly autoNow: true;
}
interface NowAdd {
  readonly autoNowAdd: true;
}

/** Options that a new object may leave the field out with. */
type MayLack = Nulls | Defaults | DatabaseDefaults | Now | NowAdd;

/** `true` where the options say `null: true`. */
export type NullOf<O> = O extends Nulls ? true : false;

/** `true` where a new object may leave the field out: it is nullable, or has a default. */
export type OptionalOf<O> = O extends MayLack ? true : false;

/** As {@link OptionalOf}; text may also be left out where `blank: true` allows an empty one. */
type TextOptionalOf<O> = O extends MayLack | Blank ? true : false;

/** Options that give the field a flag. */
type Flagged = Key | Chosen | Fixed;

/** `"pk"` and `"choices"`, and `"fixed"` for what people do not write, where the options say so. */
export type FlagsOf<O> = O extends Flagged ? FlagsIn<O> : never;
type FlagsIn<O> =
  | (O extends Key ? "pk" : never)
  | (O extends Chosen ? "choices" : never)
  | (O extends Fixed ? "fixed" : never);

/** A column of text, whose `choices` type it. The usual ones have types without parameters, which are made once. */
export type TextColumn<O> = O extends Flagged
  ? ChosenText<O, ChoicesOf<O, string>>
  : O extends Nulls
    ? Field<string, string, true, true, TextLookups<string>, never>
    : O extends MayLack | Blank
      ? Field<string, string, false, true, TextLookups<string>, never>
      : Field<string, string, false, false, TextLookups<string>, never>;

type ChosenText<O, T> = Field<T, T, NullOf<O>, TextOptionalOf<O>, TextLookups<T>, FlagsIn<O>>;

/** A column of numbers, whose `choices` type it. */
export type NumberColumn<O> = O extends Flagged
  ? ChosenNumber<O, ChoicesOf<O, number>>
  : O extends Nulls
    ? Field<number, number, true, true, NumberLookups<number, number>, never>
    : O extends MayLack
      ? Field<number, number, false, true, NumberLookups<number, number>, never>
      : Field<number, number, false, false, NumberLookups<number, number>, never>;

type ChosenNumber<O, T> = Field<T, T, NullOf<O>, OptionalOf<O>, NumberLookups<T>, FlagsIn<O>>;

/**
 * The types of a kind of column: one each for those that must be given, that may be left out, that may be null. They
 * are made once, and options only choose among them. `Flag` is what all of the kind have.
 */
export interface Columns<Out, In, Lookups, Flag extends string = never> {
  given: Field<Out, In, false, false, Lookups, Flag>;
  optional: Field<Out, In, false, true, Lookups, Flag>;
  nullable: Field<Out, In, true, true, Lookups, Flag>;
}

/** Any {@link Columns}. */
interface AnyColumns {
  given: AnyField;
  optional: AnyField;
  nullable: AnyField;
}

/** Any other column: which of `C` the options say. */
export type ColumnOf<O, C extends AnyColumns> = O extends Flagged
  ? FlaggedColumn<O, C["given"][typeof types]>
  : O extends Nulls
    ? C["nullable"]
    : O extends MayLack
      ? C["optional"]
      : C["given"];

type FlaggedColumn<O, T extends FieldTypes> = Field<
  T["out"],
  T["in"],
  NullOf<O>,
  OptionalOf<O>,
  T["lookups"],
  FlagsIn<O> | T["flags"]
>;

/** As {@link ColumnOf}, of a date or time, which may fill itself in: `Fixed` are its columns then. */
export type DateColumnOf<O, C extends AnyColumns, Fixed extends AnyColumns> = O extends Now | NowAdd
  ? ColumnOf<O, Fixed>
  : ColumnOf<O, C>;

/**
 * The value type that `choices` leave: the union of literal values, or `T` where they are not literal.
 *
 * @example `ChoicesOf<{ choices: [["S", "Small"], ["L", "Large"]] }, string>` is `"S" | "L"`
 */
type ChoicesOf<O, T> = O extends { readonly choices: readonly (infer C)[] }
  ? ChoiceValue<C> extends infer V
    ? [V] extends [never]
      ? T
      : V
    : T
  : T;

type ChoiceValue<C> = C extends readonly [infer V, string]
  ? V
  : C extends readonly [string, readonly (readonly [infer V, string])[]]
    ? V
    : never;

/** The message for an option that a relation lacks. */
export type MissingOption<Name extends string> = FieldError<`Missing option '${Name}'`>;

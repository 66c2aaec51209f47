/** The signatures of the database functions. Django: "Database Functions". */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../util/decimal.ts";
import type { Takes } from "./conditions.ts";
import type {
  AnyExpression,
  CallOf,
  Expression,
  Null,
  NullLike,
  Operand,
  Ref,
  Reference,
  RefsOf,
  SymbolOf,
  Widen,
} from "./expressions.ts";
import type { AnyField } from "./fields.ts";
import type { AnySubquery, RowOf } from "./lookups.ts";
import type { Q } from "./q.ts";
import type { SubqueryValue } from "./subqueries.ts";
import type { types } from "./util.ts";

/** What a function takes: a string is a path, an expression or a queryset stands for itself, anything else is a value. */
export type Argument = Operand | AnySubquery | Uint8Array | null;

/** The options of every function, in the last place of a call. Django: `Func()` expressions. */
export interface FuncOptions {
  /** The field whose values the function gives. */
  readonly outputField?: AnyField;
  /** The name of the function in SQL. */
  readonly function?: string;
  /** `%(function)s(%(expressions)s)`, with the names of other options as `%(name)s`. */
  readonly template?: string;
  /** What stands between the arguments: `, ` by default. */
  readonly argJoiner?: string;
  readonly [extra: string]: unknown;
}

/** Only another type for the result. */
export interface OutputOptions {
  /** The field whose values the function gives. */
  readonly outputField?: AnyField;
}

/** The type, still symbolic, of an argument. */
export type ArgSymbol<E> = E extends string
  ? Ref<E>
  : E extends AnyExpression<unknown>
    ? SymbolOf<E>
    : E extends AnySubquery
      ? SubqueryValue<RowOf<E>>
      : Widen<E>;

/** The paths that an argument names. */
export type ArgRefs<E> = E extends string ? E : RefsOf<E>;

/** The arguments of a call without the options behind them. */
export type ArgsOf<P extends readonly unknown[]> = P extends readonly [...infer H, infer L]
  ? L extends Argument
    ? P
    : H
  : P;

/** The symbolic types of a list of arguments. */
export type ArgSymbols<P> = { readonly [I in keyof P]: ArgSymbol<P[I]> };

/** The value type of a field. */
export type OutputOf<F> = F extends AnyField ? F[typeof types]["out"] : unknown;

/** `S`, or the type that an `outputField` among `Options` says: `null` where `S` can be. */
export type TypedBy<Options, S> = [Extract<Options, { readonly outputField: AnyField }>] extends [never]
  ? S
  : Extract<Options, { readonly outputField: AnyField }> extends { readonly outputField: infer F }
    ? NullLike<OutputOf<F>, S>
    : S;

/** What the functions make of the types of their arguments, by the name that `CallOf` carries. */
export interface FunctionResults<Args> {
  coalesce: CoalesceResult<Args>;
  numeric: NumericResult<Member<Args>>;
  plain: Widen<Member<Args>>;
  array: ArrayResult<Args>;
  object: { -readonly [K in keyof Args]: JsonOf<Args[K]> };
  key: KeyResult<Args>;
}

type Member<Args> = Args extends readonly unknown[] ? Args[number] : never;

/** `null` only where every argument can be. */
type CoalesceResult<Args> = Args extends readonly [infer H, ...infer Rest]
  ? unknown extends H
    ? unknown
    : null extends H
      ? NonNullable<H> | CoalesceResult<Rest>
      : H
  : null;

/** Decimals stay decimals; all other numbers give floats. */
type NumericResult<T> = unknown extends T
  ? unknown
  : (Extract<T, Decimal> extends never ? number : Decimal) | Extract<T, null>;

type ArrayResult<Args> = Args extends readonly unknown[]
  ? { -readonly [I in keyof Args]: JsonOf<Args[I]> }
  : never;

/** A value as it comes out of a JSON document: the database decides whether it knows booleans. */
export type JsonOf<T> = unknown extends T
  ? unknown
  : T extends boolean
    ? T | 0 | 1
    : T extends bigint | Decimal
      ? number
      : T extends Date | Temporal.PlainDate | Temporal.PlainTime
        ? string
        : T extends Temporal.Duration
          ? number | string
          : T;

/** The value under a key of a document, or at an index of a list; `null` where it is missing. */
type KeyResult<Args> = Args extends readonly [infer J, infer K]
  ? unknown extends J
    ? unknown
    : K extends keyof NonNullable<J>
      ? NonNullable<J>[K] | null
      : NonNullable<J> extends readonly (infer E)[]
        ? E | null
        : unknown
  : never;

// ---- shapes that many functions share

/** `E` must be something to calculate with: neither a text nor a date. */
type Calculated<E, Name extends string> =
  | ArgRefs<E>
  | Takes<ArgSymbol<E>, number | bigint | boolean | Decimal | Temporal.Duration, Name, "a number">;

/** Text of one argument, such as `Upper`: `null` where the argument is. */
export type TextFunction = <const E extends Argument, const O extends FuncOptions = Record<never, never>>(
  expression: E,
  options?: O,
) => Expression<TypedBy<O, NullLike<string, ArgSymbol<E>>>, ArgRefs<E>>;

/** A whole number about one argument, such as `Length`: `null` where the argument is. */
export type CountingFunction = <const E extends Argument>(
  expression: E,
  options?: FuncOptions,
) => Expression<NullLike<number, ArgSymbol<E>>, ArgRefs<E>>;

/** A calculation with one argument, such as `Sqrt`: a `Decimal` for decimals, otherwise a float. */
export type NumericFunction<Name extends string> = <
  const E extends Argument,
  const O extends FuncOptions = Record<never, never>,
>(
  expression: E,
  options?: O,
) => Expression<TypedBy<O, CallOf<"numeric", readonly [ArgSymbol<E>]>>, Calculated<E, Name>>;

/** A calculation with two arguments, such as `Power`. */
export type NumericFunction2<Name extends string> = <
  const E extends Argument,
  const E2 extends Argument,
  const O extends FuncOptions = Record<never, never>,
>(
  first: E,
  second: E2,
  options?: O,
) => Expression<
  TypedBy<O, CallOf<"numeric", readonly [ArgSymbol<E>, ArgSymbol<E2>]>>,
  Calculated<E, Name> | Calculated<E2, Name>
>;

/** A number of the argument's own type, such as `Abs`. */
export type SameTypeFunction<Name extends string> = <
  const E extends Argument,
  const O extends FuncOptions = Record<never, never>,
>(
  expression: E,
  options?: O,
) => Expression<TypedBy<O, CallOf<"plain", readonly [ArgSymbol<E>]>>, Calculated<E, Name>>;

/** A function without arguments. */
export type ConstantFunction<T> = (options?: FuncOptions) => Expression<T, never>;

/** A function of any number of arguments of one type, such as `Greatest`. */
export type VariadicFunction = <const P extends readonly [Argument, Argument, ...(Argument | FuncOptions)[]]>(
  ...args: P
) => Expression<TypedBy<P[number], ArgSymbol<ArgsOf<P>[number]>>, ArgRefs<ArgsOf<P>[number]>>;

// ---- comparison and conversion

/** See `Cast`. */
export type CastFactory = <
  const E extends Argument,
  const F extends AnyField | { readonly outputField: AnyField },
>(
  expression: E,
  outputField: F,
) => Expression<NullLike<FieldOut<F>, ArgSymbol<E>>, ArgRefs<E>>;

type FieldOut<F> = F extends { readonly outputField: infer Inner } ? OutputOf<Inner> : OutputOf<F>;

/** See `Coalesce`. */
export type CoalesceFactory = <
  const P extends readonly [Argument, Argument, ...(Argument | OutputOptions)[]],
>(
  ...args: P
) => Expression<TypedBy<P[number], CallOf<"coalesce", ArgSymbols<ArgsOf<P>>>>, ArgRefs<ArgsOf<P>[number]>>;

/** See `Collate`. */
export type CollateFactory = <const E extends Argument>(
  expression: E,
  collation: string,
) => Expression<NullLike<string, ArgSymbol<E>>, ArgRefs<E>>;

/** See `NullIf`. */
export type NullIfFactory = <const E extends Argument, const E2 extends Argument>(
  first: E,
  second: E2,
  options?: FuncOptions,
) => Expression<Null<ArgSymbol<E>, "add">, ArgRefs<E> | ArgRefs<E2>>;

/** See `JSONObject`. */
export type JSONObjectFactory = <const T extends Readonly<Record<string, Argument>> = Record<never, never>>(
  fields?: T,
) => Expression<CallOf<"object", { [K in keyof T]: ArgSymbol<T[K]> }>, ArgRefs<T[keyof T]>>;

/** See `JSONArray`. */
export type JSONArrayFactory = <const P extends readonly Argument[]>(
  ...expressions: P
) => Expression<CallOf<"array", ArgSymbols<P>>, ArgRefs<P[number]>>;

/** See `KT`. */
export type KTFactory = <const P extends string>(path: P) => Expression<string | null, P>;

/** See `KeyTransform`. */
export type KeyTransformFactory = <const K extends string | number, const E extends string | AnyExpression>(
  key: K,
  expression: E,
) => Expression<KeySymbol<K, E>, KeyRefs<K, E>>;

/** See `KeyTextTransform`. */
export type KeyTextTransformFactory = <
  const K extends string | number,
  const E extends string | AnyExpression,
>(
  key: K,
  expression: E,
) => Expression<string | null, KeyRefs<K, E>>;

/** A key behind a path is the path with the key. */
type KeySymbol<K extends string | number, E> = E extends string
  ? Ref<`${E}__${K}`>
  : CallOf<"key", readonly [ArgSymbol<E>, K]>;

type KeyRefs<K extends string | number, E> = E extends string ? `${E}__${K}` : ArgRefs<E>;

// ---- dates and times

/** What can be taken apart or cut. */
export type TemporalValue = Date | Temporal.PlainDate | Temporal.PlainTime | Temporal.Duration;

/** Options of functions of dates. */
export interface DateFunctionOptions {
  readonly outputField?: AnyField;
  /** The time zone in which an instant is looked at: `"Asia/Tokyo"`; the current one by default. */
  readonly tzinfo?: string | null;
}

/** The parts that `Extract` knows. */
export type DatePart =
  | "year"
  | "iso_year"
  | "quarter"
  | "month"
  | "week"
  | "week_day"
  | "iso_week_day"
  | "day"
  | "hour"
  | "minute"
  | "second";

/** `E` must be a date or a time. */
type Dated<E, Name extends string> = ArgRefs<E> | Takes<ArgSymbol<E>, TemporalValue, Name>;

/** See `Extract`. */
export type ExtractFactory = <const E extends Argument>(
  expression: E,
  part: DatePart | (string & {}),
  options?: DateFunctionOptions,
) => Expression<NullLike<number, ArgSymbol<E>>, Dated<E, "Extract">>;

/** A part of a date or time, as a number. */
export type ExtractPartFactory<Name extends string> = <const E extends Argument>(
  expression: E,
  options?: DateFunctionOptions,
) => Expression<NullLike<number, ArgSymbol<E>>, Dated<E, Name>>;

/** The units that `Trunc` knows. */
export type TruncKind =
  | "year"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "date"
  | "time"
  | "hour"
  | "minute"
  | "second";

/** See `Trunc`. */
export type TruncFactory = <
  const E extends Argument,
  const O extends DateFunctionOptions = Record<never, never>,
>(
  expression: E,
  kind: TruncKind,
  options?: O,
) => Expression<TypedBy<O, ArgSymbol<E>>, Dated<E, "Trunc">>;

/** A date or time without what is finer than a unit; of the same type, unless `outputField` says another. */
export type TruncUnitFactory<Name extends string> = <
  const E extends Argument,
  const O extends DateFunctionOptions = Record<never, never>,
>(
  expression: E,
  options?: O,
) => Expression<TypedBy<O, ArgSymbol<E>>, Dated<E, Name>>;

/** A date or a time of day of an instant. */
export type TruncToFactory<Name extends string, T> = <const E extends Argument>(
  expression: E,
  options?: DateFunctionOptions,
) => Expression<NullLike<T, ArgSymbol<E>>, Dated<E, Name>>;

// ---- numbers

/** See `Round`. */
export type RoundFactory = <const E extends Argument>(
  expression: E,
  precision?: Argument | { readonly precision?: number },
) => Expression<CallOf<"plain", readonly [ArgSymbol<E>]>, Calculated<E, "Round">>;

// ---- texts

/** See `Concat`. NULL counts as the empty text. */
export type ConcatFactory = <const P extends readonly [Argument, Argument, ...(Argument | OutputOptions)[]]>(
  ...args: P
) => Expression<string, ArgRefs<ArgsOf<P>[number]>>;

/** The first or last characters. */
export type LeftFactory = <const E extends Argument, const L extends number | AnyExpression>(
  expression: E,
  length: L,
) => Expression<NullLike<string, ArgSymbol<E> | ArgSymbol<L>>, ArgRefs<E> | RefsOf<L>>;

/** Fills up to a length. */
export type PadFactory = <
  const E extends Argument,
  const L extends number | AnyExpression | null,
  const T extends AnyExpression = AnyExpression<string> & { readonly [types]: { readonly refs: never } },
>(
  expression: E,
  length: L,
  fillText?: T,
) => Expression<NullLike<string, ArgSymbol<E> | ArgSymbol<L>>, ArgRefs<E> | RefsOf<L> | RefsOf<T>>;

/** See `Repeat`. */
export type RepeatFactory = <const E extends Argument, const N extends number | AnyExpression | null>(
  expression: E,
  number: N,
) => Expression<NullLike<string, ArgSymbol<E> | ArgSymbol<N>>, ArgRefs<E> | RefsOf<N>>;

/** See `Replace`. */
export type ReplaceFactory = <
  const E extends Argument,
  const T extends string | AnyExpression,
  const R extends string | AnyExpression = never,
>(
  expression: E,
  text: T,
  replacement?: R,
) => Expression<
  NullLike<string, ArgSymbol<E> | ArgSymbol<T> | ArgSymbol<R>>,
  ArgRefs<E> | ArgRefs<T> | ArgRefs<R>
>;

/** See `StrIndex`. */
export type StrIndexFactory = <const E extends Argument, const T extends string | AnyExpression>(
  expression: E,
  text: T,
) => Expression<NullLike<number, ArgSymbol<E> | ArgSymbol<T>>, ArgRefs<E> | ArgRefs<T>>;

/** See `Substr`. */
export type SubstrFactory = <
  const E extends Argument,
  const P extends number | AnyExpression,
  const L extends number | AnyExpression | null = never,
>(
  expression: E,
  pos: P,
  length?: L,
) => Expression<
  NullLike<string, ArgSymbol<E> | ArgSymbol<P> | ArgSymbol<Exclude<L, null>>>,
  ArgRefs<E> | RefsOf<P> | RefsOf<L>
>;

// ---- own functions, SQL and types

/**
 * See `Func`. With `outputField` the result is of that type, otherwise of the arguments' own.
 */
export type FuncFactory = <const P extends readonly (Argument | FuncOptions)[]>(
  ...args: P
) => Expression<TypedBy<P[number], ArgSymbol<ArgsOf<P>[number]>>, ArgRefs<ArgsOf<P>[number]>>;

/** See `ExpressionWrapper`. */
export type ExpressionWrapperFactory = <const E extends AnyExpression | Q, const F extends AnyField>(
  expression: E,
  options: { readonly outputField: F },
) => Expression<NullLike<OutputOf<F>, E extends Q ? boolean : SymbolOf<E>>, RefsOf<E>>;

/** See `RawSQL`. */
export type RawSQLFactory = <const O extends OutputOptions = Record<never, never>>(
  sql: string,
  params?: readonly unknown[],
  options?: O,
) => Expression<
  O extends { readonly outputField: infer F extends AnyField } ? OutputOf<F> | null : unknown,
  never
>;

/** An expression of which the compiler knows nothing more: what `new` makes of a class of functions. */
export type UnknownExpression = Expression<unknown, Reference & string>;

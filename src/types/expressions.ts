/** Expressions: what a query can compute, with the type that it gives and the paths that it names. */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../util/decimal.ts";
import type { BadNeed, Conditional, Conditions, Takes } from "./conditions.ts";
import type { AnyField } from "./fields.ts";
import type { JoinedAt, RelationAt } from "./filtered-relations.ts";
import type { FunctionResults } from "./functions.ts";
import type { PathValue } from "./paths.ts";
import type { Q } from "./q.ts";
import type { FieldError, types } from "./util.ts";

declare const symbolic: unique symbol;

/** A type that is known once the model is: of `F("amount")`, of `Sum("amount")`. */
export interface Symbolic {
  readonly [symbolic]: string;
}

/** The type found at a path. */
export interface Ref<P extends string> extends Symbolic {
  readonly [symbolic]: "ref";
  readonly path: P;
}

/** The type that an aggregate makes of its argument's type. */
export interface AggregateOf<Kind extends "sum" | "avg" | "same" | "float", S> extends Symbolic {
  readonly [symbolic]: "aggregate";
  readonly kind: Kind;
  readonly of: S;
}

/** The type of arithmetic between two types. */
export interface Arithmetic<L, R> extends Symbolic {
  readonly [symbolic]: "arithmetic";
  readonly left: L;
  readonly right: R;
}

/** A type with `null` taken away or added. */
export interface Null<S, Change extends "add" | "remove"> extends Symbolic {
  readonly [symbolic]: "null";
  readonly change: Change;
  readonly of: S;
}

/** `T`, with `null` when `S` can be. */
export interface NullLike<T, S> extends Symbolic {
  readonly [symbolic]: "nulllike";
  readonly type: T;
  readonly of: S;
}

/** What a function makes of the types of its arguments: see {@link FunctionResults}. */
export interface CallOf<Name extends keyof FunctionResults<[]>, Args> extends Symbolic {
  readonly [symbolic]: "call";
  readonly name: Name;
  readonly args: Args;
}

declare const need: unique symbol;

/** What an expression needs of the model besides paths that lead somewhere: conditions that hold, operands that fit. */
export interface Need {
  readonly [need]: true;
}

/** What an expression names: paths, and {@link Need}s. */
export type Reference = string | Need;

/** Whatever is an expression, of whichever type, naming whichever paths. */
export interface AnyExpression<S = unknown> {
  readonly [types]: {
    readonly expression: true;
    readonly out: S;
    readonly refs: Reference;
    readonly alias: string;
  };
}

/** What an operator takes beside an expression. */
export type Operand =
  | AnyExpression
  | number
  | bigint
  | string
  | boolean
  | Date
  | Decimal
  | Temporal.PlainDate
  | Temporal.PlainTime
  | Temporal.Duration;

/** The type, still symbolic, of an operand: of an expression, a path or a value. */
export type SymbolOf<E> = E extends { readonly [types]: { readonly out: infer S } } ? S : Widen<E>;

/** As {@link SymbolOf}, where a string is a path. */
export type SymbolAt<E> = E extends string ? (E extends "*" ? number : Ref<E>) : SymbolOf<E>;

/** The paths that an expression names. */
export type RefsOf<E> = E extends {
  readonly [types]: { readonly expression: true; readonly refs: infer R extends Reference };
}
  ? R
  : E extends Q<infer W>
    ? Conditions<W>
    : never;

/** As {@link RefsOf}, where a string is a path. */
export type RefsAt<E> = E extends string ? (E extends "*" ? never : E) : RefsOf<E>;

/** The type without its literal. */
export type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends bigint
        ? bigint
        : T;

/** How `orderBy` places nulls. */
export interface NullsOptions {
  nullsFirst?: boolean;
  nullsLast?: boolean;
}

/**
 * An expression of type `S` that names the paths `Refs`; `Alias` is the name that `annotate` and `aggregate`
 * give it by default. Django: "Query Expressions".
 *
 * @example
 * ```ts
 * const total: Expression<Ref<"price__amount">, "price__amount"> = F("price__amount");
 * ```
 */
export interface Expression<S = unknown, Refs extends Reference = string, Alias extends string = never> {
  readonly [types]: {
    readonly expression: true;
    readonly out: S;
    readonly refs: Refs;
    readonly alias: Alias;
  };
  /** `this + other`. */
  add<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** `this - other`. */
  sub<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** `this * other`. */
  mul<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** `this / other`. */
  div<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** `this % other`. */
  mod<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** `this ^ other`. */
  pow<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** `-this`. */
  neg(): Expression<S, Refs>;
  /** Bitwise and. */
  bitand<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** Bitwise or. */
  bitor<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** Bitwise exclusive or. */
  bitxor<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** The bits of `this` moved to the left. */
  bitleftshift<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** The bits of `this` moved to the right. */
  bitrightshift<O extends Operand>(other: O): Combined<S, Refs, O>;
  /** The condition does not hold, where the expression is one: `F("active").not()`; `~` in Django. */
  not(): Conditional<Refs | Takes<S, boolean, "not()", "a condition">>;
  /** Ascending order by this expression. */
  asc(options?: NullsOptions): OrderByExpression<Refs>;
  /** Descending order by this expression; `F("a").desc({ nullsLast: true })`. */
  desc(options?: NullsOptions): OrderByExpression<Refs>;
}

/** What an operator gives. */
export type Combined<S, Refs extends Reference, O> = Expression<Arithmetic<S, SymbolOf<O>>, Refs | RefsOf<O>>;

/** An expression with a direction, for `orderBy` and `Meta.ordering`. */
export interface OrderByExpression<Refs extends Reference = string> {
  readonly [types]: {
    readonly expression: true;
    readonly out: never;
    readonly refs: Refs;
    readonly alias: never;
  };
  /** Turns the direction round. */
  reverseOrdering(): OrderByExpression<Refs>;
}

/**
 * The type of `S` on model `M` with annotations `A`.
 *
 * @example `Resolve<"testapp.Price", {}, Ref<"amount">>` is `Decimal`
 */
export type Resolve<M, A, S> = S extends Symbolic ? ResolveSymbol<M, A, S> : S;

type ResolveSymbol<M, A, S extends Symbolic> =
  S extends Ref<infer P>
    ? PathValue<M, A, P>
    : S extends AggregateOf<infer Kind, infer Of>
      ? AggregateResult<Kind, Resolve<M, A, Of>>
      : S extends Arithmetic<infer L, infer R>
        ? ArithmeticResult<Resolve<M, A, L>, Resolve<M, A, R>>
        : S extends Null<infer Of, infer Change>
          ? Change extends "add"
            ? Resolve<M, A, Of> | null
            : NonNullable<Resolve<M, A, Of>>
          : S extends NullLike<infer T, infer Of>
            ? T | Extract<Resolve<M, A, Of>, null>
            : S extends CallOf<infer Name, infer Args>
              ? FunctionResults<{ [I in keyof Args]: Resolve<M, A, Args[I]> }>[Name]
              : S extends RelationAt<infer P>
                ? JoinedAt<M, P>
                : never;

/** What an aggregate gives for values of type `T`; always nullable: there may be no rows. */
type AggregateResult<Kind, T> = Kind extends "same"
  ? T | null
  : unknown extends T
    ? unknown
    : NonNullable<T> extends Decimal
      ? Decimal | null
      : NonNullable<T> extends Temporal.Duration
        ? Temporal.Duration | null
        : NonNullable<T> extends bigint
          ? (Kind extends "sum" ? bigint : number) | null
          : number | null;

/** The result of arithmetic: nullable when either side is. */
type ArithmeticResult<L, R> = unknown extends L | R
  ? unknown
  : ArithmeticType<NonNullable<L>, NonNullable<R>> | Extract<L | R, null>;

type ArithmeticType<L, R> = [L, R] extends [number, number]
  ? number
  : [L, R] extends [number | bigint, number | bigint]
    ? bigint
    : [L, R] extends [Decimal | number | bigint, Decimal | number | bigint]
      ? Decimal
      : [L, R] extends [Temporal.Duration, Temporal.Duration | number]
        ? Temporal.Duration
        : [L, R] extends [Date, Temporal.Duration] | [Temporal.Duration, Date]
          ? Date
          : [L, R] extends
                | [Date, Date]
                | [Temporal.PlainDate, Temporal.PlainDate]
                | [Temporal.PlainTime, Temporal.PlainTime]
            ? Temporal.Duration
            : [L, R] extends [Temporal.PlainDate, Temporal.Duration] | [Temporal.Duration, Temporal.PlainDate]
              ? Date
              : [L, R] extends
                    | [Temporal.PlainTime, Temporal.Duration]
                    | [Temporal.Duration, Temporal.PlainTime]
                ? Temporal.PlainTime
                : [L, R] extends [Date, Temporal.PlainDate] | [Temporal.PlainDate, Date]
                  ? Temporal.Duration
                  : unknown;

/** The type that expression `E` gives. */
export type ExpressionValue<M, A, E> = E extends {
  readonly [types]: { readonly expression: true; readonly out: infer S };
}
  ? Resolve<M, A, S>
  : E extends Q
    ? boolean
    : never;

/** The expression itself, or the error for the first path in it that leads nowhere. */
export type CheckedExpression<M, A, E> = [BadRefs<M, A, RefsOf<E>>] extends [never]
  ? E
  : NoInfer<RefErrors<M, A, RefsOf<E>>>;

/**
 * The errors of {@link BadRefs} as one object type: the compiler asks what each type in the place of a value could be
 * at most, and would follow every condition in `BadRefs`.
 */
export type RefErrors<M, A, R> = FieldError<MessageOf<BadRefs<M, A, R>>>;

type MessageOf<E> = E extends FieldError<infer Text> ? Text : never;

/** The errors of those paths that lead nowhere, and of those conditions that cannot be. */
export type BadRefs<M, A, R> = R extends string
  ? string extends R
    ? never
    : PathValue<M, A, R> extends infer V
      ? V extends FieldError<infer Text>
        ? FieldError<Text>
        : never
      : never
  : R extends Need
    ? BadNeed<M, A, R>
    : never;

/** The paths of an object of expressions must be good, and its names free. */
export type CheckedExpressions<M, A, E, Taken> = {
  [K in keyof E]: K extends Taken
    ? K extends "pk"
      ? CheckedExpression<M, A, E[K]>
      : FieldError<`The annotation '${K & string}' conflicts with a field on the model.`>
    : CheckedExpression<M, A, E[K]>;
};

/** The values of an object of expressions. */
export type ExpressionValues<M, A, E> = { [K in keyof E]: ExpressionValue<M, A, E[K]> };

/**
 * Names the value of a field, for use inside a query. Django: "F() expressions".
 *
 * @example `Pizza.objects.filter({ created__lt: F("price__created") })`
 */
export type FFactory = <const P extends string>(path: P) => FieldExpression<P>;

/** What `F` gives: texts and arrays can be cut. */
export interface FieldExpression<P extends string> extends Expression<Ref<P>, P> {
  /**
   * A part of a text or of an array; `F("name").slice(0, 3)` is Python's `F("name")[:3]`.
   *
   * @throws `ValueError` for a negative number; `NotSupportedError` for what is no text and no array
   */
  slice(start: number | null, stop?: number | null): SlicedExpression<P>;
  /** One character of a text; an array with the one item. */
  at(index: number): SlicedExpression<P>;
}

/** A part of a text or of an array: of the type that was there. */
export interface SlicedExpression<P extends string>
  extends Expression<
    CallOf<"plain", readonly [Ref<P>]>,
    P | Takes<Ref<P>, string | readonly unknown[], "A slice", "a text or an array">
  > {
  /** A part of the part. */
  slice(start: number | null, stop?: number | null): SlicedExpression<P>;
  /** One character of the part. */
  at(index: number): SlicedExpression<P>;
}

/**
 * A value as an expression: it is bound as a parameter. Django: "Value() expressions".
 *
 * @example `annotate({ kind: Value("pizza") })`
 */
export interface ValueFactory {
  <T extends Operand | null | Uint8Array | object>(value: T): Expression<Widen<T>, never>;
  /** With a field, the value is what that field gives. */
  <T extends Operand | null | Uint8Array | object, const Field extends AnyField>(
    value: T,
    options: { readonly outputField?: Field },
  ): Expression<T extends null ? null : Field[typeof types]["out"], never>;
}

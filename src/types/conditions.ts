/** Conditions as expressions: `When`, `Case`, the lookup classes, and what they need of the model where they are used. */
import type {
  AnyExpression,
  BadRefs,
  Expression,
  Need,
  Operand,
  Reference,
  RefsOf,
  Resolve,
  SymbolOf,
  Widen,
} from "./expressions.ts";
import type { AnyField } from "./fields.ts";
import type { ArgRefs, ArgSymbol, Argument, TypedBy } from "./functions.ts";
import type { AnySubquery, FamilyOf } from "./lookups.ts";
import type { Q } from "./q.ts";
import type { Empty } from "./queryset.ts";
import type { FieldError } from "./util.ts";
import type { BooleanExpression, LookupValue } from "./where.ts";

declare const conditions: unique symbol;
declare const operand: unique symbol;
declare const takes: unique symbol;

/** The lookups `W` must be good on the model. */
export interface Conditions<W> extends Need {
  readonly [conditions]: W;
}

/** Lookup `Name` of the type `S` must take a `V`. */
export interface Operands<Name, S, V> extends Need {
  readonly [operand]: { readonly name: Name; readonly of: S; readonly value: V };
}

/** The type `S` must be a `T`, which the error calls `What`. */
export interface Takes<S, T, Name extends string, What extends string = "a date or time"> extends Need {
  readonly [takes]: { readonly of: S; readonly type: T; readonly name: Name; readonly what: What };
}

/** The error where a need is not met on model `M` with annotations `A`. */
export type BadNeed<M, A, R extends Need> =
  R extends Conditions<infer W>
    ? BadConditions<M, A, W>
    : R extends Takes<infer S, infer T, infer Name, infer What>
      ? BadArgument<Resolve<M, A, S>, T, Name, What>
      : R extends Operands<infer Name, infer S, infer V>
        ? BadOperand<FamilyOf<Resolve<M, A, S>>, Name, V>
        : never;

type BadArgument<V, T, Name extends string, What extends string> = unknown extends V
  ? never
  : [V] extends [FieldError<string>] // the path has its own error
    ? never
    : [NonNullable<V>] extends [never]
      ? never
      : [Extract<NonNullable<V>, T>] extends [never]
        ? FieldError<`${Name} takes ${What}`>
        : never;

type BadOperand<L, Name, V> = Name extends keyof L
  ? Fits<V, L[Name] | null> extends true
    ? never
    : FieldError<`The lookup '${Name & string}' does not take this value`>
  : never;

type BadConditions<M, A, W> = unknown extends W
  ? never
  : { [K in keyof W]: BadCondition<LookupValue<M, A, K>, M, A, K, W[K]> }[keyof W];

type BadCondition<T, M, A, K, V> = [T] extends [FieldError<infer Text>]
  ? FieldError<Text>
  : [V] extends [AnyExpression]
    ? BadRefs<M, A, RefsOf<V>>
    : Fits<V, T> extends true
      ? never
      : FieldError<`The lookup '${K & string}' does not take this value`>;

/** Whether a value is what a lookup takes. Where the value is known as `string` only, a union of texts will do. */
type Fits<V, T> = unknown extends T
  ? true
  : [V] extends [T]
    ? true
    : [V] extends [AnyExpression]
      ? true
      : V extends readonly (infer E)[]
        ? [Widen<E>] extends [E]
          ? true
          : false
        : [Widen<V>] extends [V]
          ? [V] extends [Widen<T>]
            ? true
            : false
          : false;

/** What may stand as a condition: an object of lookups, a `Q`, or an expression that is true or false. */
export type ConditionLike = Q | BooleanExpression | Readonly<Record<string, unknown>>;

/** What a condition needs of the model. */
export type ConditionRefs<C> =
  C extends AnyExpression<unknown> ? RefsOf<C> : C extends Q<infer W> ? Conditions<W> : Conditions<C>;

/**
 * An expression that is true or false: what `Exists` and the lookup classes give. It may stand alone in `filter`, in
 * `When`, and in an aggregate's `filter`.
 */
export interface Conditional<Refs extends Reference = Reference> extends Expression<boolean, Refs> {
  /** The condition does not hold; `~` in Django. */
  not(): Conditional<Refs>;
  /** Both conditions hold; `&` in Django. */
  and<W>(other: Q<W>): Q<W>;
  and(other: BooleanExpression): Q<Empty>;
  /** At least one holds; `|` in Django. */
  or<W>(other: Q<W>): Q<W>;
  or(other: BooleanExpression): Q<Empty>;
  /** Exactly one holds; `^` in Django. */
  xor<W>(other: Q<W>): Q<W>;
  xor(other: BooleanExpression): Q<Empty>;
}

declare const branch: unique symbol;

/** A condition with its value: what `When` makes, for `Case`. */
export interface Branch<S = unknown, Refs extends Reference = Reference> {
  readonly [branch]: { readonly out: S; readonly refs: Refs };
}

/** See `When`. */
export type WhenFactory = <const C extends ConditionLike, const T extends Argument>(
  condition: C,
  options: { readonly then: T },
) => Branch<ArgSymbol<T>, ConditionRefs<C> | ArgRefs<T>>;

/** The options of `Case`. */
export interface CaseOptions {
  /** The value where no condition holds: a path, an expression or a value; `null` when left out. */
  readonly default?: Argument;
  /** The field whose values the case gives; needed where the branches differ. */
  readonly outputField?: AnyField;
}

type BranchSymbol<B> = B extends Branch<infer S> ? S : never;
type BranchRefs<B> = B extends Branch<unknown, infer R> ? R : never;
type DefaultIn<P> = Extract<P, { readonly default: unknown }>;
type DefaultSymbol<P> = [DefaultIn<P>] extends [never]
  ? null
  : DefaultIn<P> extends { readonly default: infer D }
    ? ArgSymbol<D>
    : never;
type DefaultRefs<P> = DefaultIn<P> extends { readonly default: infer D } ? ArgRefs<D> : never;

/** See `Case`. */
export type CaseFactory = <const P extends readonly (Branch | CaseOptions)[]>(
  ...args: P
) => Expression<
  TypedBy<P[number], BranchSymbol<P[number]> | DefaultSymbol<P[number]>>,
  BranchRefs<P[number]> | DefaultRefs<P[number]>
>;

/** A condition made of a lookup: `GreaterThan(F("a"), F("b"))`. Strings are values here, not paths. */
export type LookupFactory<Name extends string> = <
  const L extends AnyExpression | Operand | null,
  const R extends LookupOperand,
>(
  lhs: L,
  rhs: R,
) => Conditional<RefsOf<L> | OperandRefs<Name, SymbolOf<L>, R>>;

/** What a lookup compares with. */
export type LookupOperand =
  | Argument
  | readonly (Argument | readonly unknown[])[]
  | ReadonlySet<unknown>
  | object;

type OperandRefs<Name, S, R> =
  R extends AnyExpression<unknown>
    ? RefsOf<R>
    : R extends AnySubquery
      ? never
      : R extends readonly unknown[]
        ? Extract<R[number], AnyExpression<unknown>> extends never
          ? Operands<Name, S, R>
          : RefsOf<Extract<R[number], AnyExpression<unknown>>>
        : Operands<Name, S, R>;

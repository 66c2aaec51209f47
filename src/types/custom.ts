/** Functions, aggregates and lookups that users write: classes, and what `callable` makes of them. */
import type { OptionRefs } from "./aggregates.ts";
import type { Conditional, Operands } from "./conditions.ts";
import type {
  AggregateOf,
  AnyExpression,
  CallOf,
  Expression,
  Null,
  NullLike,
  RefsOf,
  SymbolOf,
} from "./expressions.ts";
import type { AnyField } from "./fields.ts";
import type { ArgRefs, ArgSymbol, ArgSymbols, Argument, OutputOf, TypedBy } from "./functions.ts";

/** Any class. */
export type AnyClass = abstract new (...args: never) => unknown;

/** The static side of a class, with `outputField` as field factories make it. */
export type Statics<C> = Omit<C, "outputField"> & { readonly outputField: AnyField | null };

/**
 * A class of expressions as it is exported: to extend, to register, to ask with `instanceof`, and with `new` for an
 * expression of unknown type.
 */
export type PublicClass<C extends AnyClass> = Statics<C> &
  (new (
    ...args: ConstructorParameters<C>
  ) => InstanceType<C> & Expression<unknown, string>);

/** A class that is there to be extended. */
export type BaseClass<C extends AnyClass> = Statics<C> &
  (abstract new (
    ...args: ConstructorParameters<C>
  ) => InstanceType<C>);

/** The arguments of a class's constructor. */
type ArgsOfClass<C> = C extends new (...args: infer A) => unknown ? Readonly<A> : readonly unknown[];

/** The type of the class's own `outputField`, or else the arguments' own. */
type ClassSymbol<C, P extends readonly unknown[]> = C extends {
  readonly outputField: infer F extends AnyField;
}
  ? NullLike<OutputOf<F>, ArgSymbol<P[number]>>
  : CallOf<"plain", ArgSymbols<Extract<P, readonly Argument[]>>>;

/** The first argument of an aggregate is what it is of. */
type AggregateSymbol<C, P extends readonly unknown[]> = C extends {
  readonly outputField: infer F extends AnyField;
}
  ? OutputOf<F> | null
  : AggregateOf<"same", ArgSymbol<P[0]>>;

/** What a call of a class gives. */
export type CallResult<C, P extends readonly unknown[]> = C extends { readonly lookupKind: "lookup" }
  ? Conditional<RefsOf<P[0]> | OwnOperands<C, P[0], P[1]>>
  : C extends { readonly allowDistinct: boolean }
    ? Expression<
        DefaultIn<P[number], TypedBy<P[number], AggregateSymbol<C, P>>>,
        ArgRefs<P[number]> | OptionRefs<P[number]>
      >
    : Expression<TypedBy<P[number], ClassSymbol<C, P>>, ArgRefs<P[number]>>;

/** Not null where a default is among the arguments. */
type DefaultIn<A, S> = [Extract<A, { readonly default: NonNullable<unknown> }>] extends [never]
  ? S
  : Null<S, "remove">;

type OwnOperands<C, L, R> =
  R extends AnyExpression<unknown>
    ? RefsOf<R>
    : C extends { readonly lookupName: infer Name extends string }
      ? string extends Name
        ? never
        : Operands<Name, SymbolOf<L>, R>
      : never;

/** The class itself, which can also be called without `new`, and then has the type of its result. */
export type CallableClass<C> = C & (<const P extends ArgsOfClass<C>>(...args: P) => CallResult<C, P>);

/**
 * Makes a class of functions, aggregates or lookups callable without `new`, and typed as the built-in ones are: the
 * result has the type of the class's `static outputField` (`null` where an argument can be), or else that of the
 * arguments. Strings among the arguments are paths, and are checked where the expression is used.
 *
 * @example
 * ```ts
 * class SoundexFunction extends Func {
 *   static override readonly function = "SOUNDEX";
 *   static override readonly outputField = CharField();
 * }
 * const Soundex = callable(SoundexFunction);
 * Pizza.objects.annotate({ sound: Soundex("name") }); // SOUNDEX("name") AS "sound"; sound: string
 * ```
 */
export type CallableFactory = <C extends new (...args: never) => object>(Class: C) => CallableClass<C>;

/** A lookup or a transform: what extends `Lookup` or `Transform`. */
export interface LookupClass {
  readonly lookupKind: "lookup" | "transform";
  readonly lookupName?: string | null;
}

/** What every field factory has besides: lookups of your own. Django: "Lookup Registration API". */
export interface LookupOwner {
  /**
   * Makes a lookup or a transform known to all fields of the class, and of those that extend it.
   *
   * @param name the name in queries; the class's own `lookupName` by default
   * @throws `TypeError` without a name
   * @example `CharField.registerLookup(NotEqual); // filter({ name__ne: "x" })`
   */
  registerLookup<L extends LookupClass>(lookup: L, name?: string): L;
  /** Takes a lookup away again. */
  unregisterLookup(lookup: LookupClass, name?: string): void;
}

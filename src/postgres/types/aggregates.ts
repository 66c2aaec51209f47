/** The signatures of PostgreSQL's aggregates. */
import type {
  AggregateFactory,
  AggregateOptions,
  AnyExpression,
  AnySubquery,
  BooleanExpression,
  CallOf,
  ConditionRefs,
  DefaultAlias,
  Empty,
  Expression,
  JsonOf,
  OptionRefs,
  Q,
  RefsAt,
  RowOf,
  SymbolAt,
  WithDefault,
} from "../../types/index.ts";

declare module "asgimod" {
  interface FunctionResults<Args> {
    /** The array of a column's values. */
    arrayagg: ArrayAggResult<Args>;
    /** A JSON array of a column's values. */
    jsonbagg: JsonAggResult<Args>;
  }
}

/** See `ArrayAgg`. */
export type ArrayAggResult<Args> = Args extends readonly [infer T] ? T[] | null : never;

/** See `JSONBAgg`. */
export type JsonAggResult<Args> = Args extends readonly [infer T] ? JsonItem<T>[] | null : never;

/** As in any JSON document; booleans are booleans here. */
type JsonItem<T> = T extends boolean ? T : JsonOf<T>;

/** A path or an expression. */
type Term = string | AnyExpression;

/** An aggregate that gives an array. */
type ListAggregate<Name extends "arrayagg" | "jsonbagg"> = <
  const E extends Term,
  const O extends AggregateOptions = Empty,
>(
  expression: E,
  options?: O,
) => Expression<
  WithDefault<O, CallOf<Name, readonly [SymbolAt<E>]>>,
  RefsAt<E> | OptionRefs<O>,
  DefaultAlias<E, Name, O>
>;

/** See `ArrayAgg`. */
export type ArrayAggFactory = ListAggregate<"arrayagg">;

/** See `JSONBAgg`. */
export type JSONBAggFactory = ListAggregate<"jsonbagg">;

/** See `BitAnd`. */
export type BitAndFactory = AggregateFactory<"same", "bitand">;

/** See `BitOr`. */
export type BitOrFactory = AggregateFactory<"same", "bitor">;

/** See `BitXor`. */
export type BitXorFactory = AggregateFactory<"same", "bitxor">;

/** See `BoolAnd` and `BoolOr`; a condition is one, too. */
export type BooleanAggregate<Suffix extends string> = <
  const E extends string | Q | BooleanExpression,
  const O extends AggregateOptions = Empty,
>(
  expression: E,
  options?: O,
) => Expression<
  WithDefault<O, boolean | null>,
  (E extends string ? E : ConditionRefs<E>) | OptionRefs<O>,
  DefaultAlias<E, Suffix, O>
>;

/** An aggregate of pairs of numbers: `y` depends on `x`. */
export type PairAggregate<T = number | null> = <
  const Y extends Term,
  const X extends Term,
  const O extends Pick<AggregateOptions, "filter" | "default"> = Empty,
>(
  y: Y,
  x: X,
  options?: O,
) => Expression<WithDefault<O, T>, RefsAt<Y> | RefsAt<X> | OptionRefs<O>>;

/** See `CovarPop`. */
export type CovarPopFactory = <
  const Y extends Term,
  const X extends Term,
  const O extends Pick<AggregateOptions, "filter" | "default"> & { readonly sample?: boolean } = Empty,
>(
  y: Y,
  x: X,
  options?: O,
) => Expression<WithDefault<O, number | null>, RefsAt<Y> | RefsAt<X> | OptionRefs<O>>;

/** See `ArraySubquery`. */
export type ArraySubqueryFactory = <const Q extends AnySubquery>(
  queryset: Q,
) => Expression<RowValue<RowOf<Q>>[], never>;

/** The one value of a row. */
type RowValue<Row> = Row extends readonly (infer E)[]
  ? E
  : Row extends Readonly<Record<string, infer V>>
    ? V
    : Row;

/** The signatures of the aggregates. Django: "Aggregation functions". */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../util/decimal.ts";
import type { ConditionLike, ConditionRefs, Takes } from "./conditions.ts";
import type {
  AggregateOf,
  AnyExpression,
  Expression,
  Null,
  OrderByExpression,
  RefsAt,
  RefsOf,
  SymbolAt,
} from "./expressions.ts";
import type { AnyField } from "./fields.ts";
import type { TypedBy } from "./functions.ts";
import type { OrderRefs } from "./windows.ts";

/** Options of every aggregate. */
export interface AggregateOptions {
  /** Aggregate only the rows for which this holds: `FILTER (WHERE ...)`; a `Q`, an object of lookups, a condition. */
  filter?: ConditionLike;
  /** Aggregate each value once. */
  distinct?: boolean;
  /** The value where there are no rows, instead of `null`. */
  default?: unknown;
  outputField?: AnyField;
  orderBy?: string | OrderByExpression | readonly (string | OrderByExpression)[];
}

/** The name that an aggregate of a path, and of nothing else, has by default: `price__amount__sum`. */
export type DefaultAlias<E, Suffix extends string, O = unknown> = O extends
  | { readonly filter: unknown }
  | { readonly orderBy: unknown }
  ? never
  : E extends string
    ? E extends "*"
      ? never
      : `${E}__${Suffix}`
    : never;

/** The paths that an aggregate's options name. */
export type OptionRefs<O> =
  | (O extends { readonly filter: infer C } ? ConditionRefs<C> : never)
  | (O extends { readonly orderBy: infer E } ? OrderRefs<E> : never);

/** The type, not null where there is a default. */
export type WithDefault<O, S> = O extends { readonly default: NonNullable<unknown> } ? Null<S, "remove"> : S;

/** What numbers are calculated from: neither texts nor dates. */
type Calculated<Kind, E, Name extends string> = Kind extends "same"
  ? never
  : Takes<SymbolAt<E>, number | bigint | boolean | Decimal | Temporal.Duration, Name, "a number">;

/**
 * An aggregate over a path or an expression; `Name` is for errors.
 *
 * @example `Price.objects.aggregate({ total: Sum("amount") }) // { total: Decimal | null }`
 */
export type AggregateFactory<
  Kind extends "sum" | "avg" | "same" | "float",
  Suffix extends string,
  Name extends string = Suffix,
> = <const E extends string | AnyExpression, const O extends AggregateOptions = Record<never, never>>(
  expression: E,
  options?: O,
) => Expression<
  WithDefault<O, TypedBy<O, AggregateOf<Kind, SymbolAt<E>>>>,
  RefsAt<E> | Calculated<Kind, E, Name> | OptionRefs<O>,
  DefaultAlias<E, Suffix, O>
>;

/**
 * Counts rows, or the values of a path that are not null.
 *
 * @example `Pizza.objects.annotate({ n: Count("toppings", { distinct: true }) }) // n: number`
 */
export type CountFactory = <
  const E extends string | AnyExpression,
  const O extends AggregateOptions = Record<never, never>,
>(
  expression: E,
  options?: O,
) => Expression<number, RefsAt<E> | OptionRefs<O>, DefaultAlias<E, "count", O>>;

/** The sum of the values: `number`, `bigint`, `Decimal` or `Duration` as they are, or `null`. */
export type SumFactory = AggregateFactory<"sum", "sum", "Sum">;
/** The mean of the values. */
export type AvgFactory = AggregateFactory<"avg", "avg", "Avg">;
/** The smallest value. */
export type MinFactory = AggregateFactory<"same", "min">;
/** The largest value. */
export type MaxFactory = AggregateFactory<"same", "max">;
/** Any one of the values. */
export type AnyValueFactory = AggregateFactory<"same", "anyvalue">;
/** The standard deviation; `sample: true` for that of a sample. */
export type StdDevFactory = StatisticFactory<"stddev", "StdDev">;
/** The variance; `sample: true` for that of a sample. */
export type VarianceFactory = StatisticFactory<"variance", "Variance">;

/** See {@link StdDevFactory}. */
export type StatisticFactory<Suffix extends string, Name extends string> = <
  const E extends string | AnyExpression,
  const O extends AggregateOptions & { sample?: boolean } = Record<never, never>,
>(
  expression: E,
  options?: O,
) => Expression<
  WithDefault<O, TypedBy<O, AggregateOf<"avg", SymbolAt<E>>>>,
  RefsAt<E> | Calculated<"avg", E, Name> | OptionRefs<O>,
  DefaultAlias<E, Suffix, O>
>;

/** The values as one text. */
export type StringAggFactory = <
  const E extends string | AnyExpression,
  const O extends AggregateOptions = Record<never, never>,
  const D extends string | AnyExpression = string,
>(
  expression: E,
  delimiter: D,
  options?: O,
) => Expression<WithDefault<O, string | null>, RefsAt<E> | RefsOf<D> | OptionRefs<O>>;

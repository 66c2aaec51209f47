/** Windows: functions over the rows around each row. Django: "Window functions". */
import type {
  AnyExpression,
  Expression,
  Null,
  NullLike,
  OrderByExpression,
  Reference,
  RefsOf,
  SymbolOf,
} from "./expressions.ts";
import type { AnyField } from "./fields.ts";
import type { ArgRefs, ArgSymbol, Argument, OutputOf } from "./functions.ts";
import type { types } from "./util.ts";

/** A function that stands in a `Window` only, such as `RowNumber()`. */
export interface WindowFunction<S = unknown, Refs extends Reference = Reference> {
  readonly [types]: { readonly window: true; readonly out: S; readonly refs: Refs };
}

declare const frame: unique symbol;

/** The rows that the function looks at: what `RowRange` and `ValueRange` make. */
export interface Frame {
  readonly [frame]: true;
}

/** What a frame leaves out. */
export type FrameExclusion = "CURRENT ROW" | "GROUP" | "TIES" | "NO OTHERS";

/** The bounds of a frame: before (negative), at (0) or after the row; `null`, the default, is the very first or last. */
export interface FrameBounds {
  readonly start?: number | null;
  readonly end?: number | null;
  readonly exclusion?: FrameExclusion | null;
}

/** See `RowRange` and `ValueRange`. */
export type FrameFactory = (bounds?: FrameBounds) => Frame;

type Ordering = string | AnyExpression | OrderByExpression;

/** The options of `Window`. */
export interface WindowOptions {
  /** An aggregate, or a window function. */
  readonly expression: AnyExpression | WindowFunction;
  /** Rows that are equal in these paths and expressions are looked at together. */
  readonly partitionBy?: string | AnyExpression | readonly (string | AnyExpression)[] | null;
  /** Paths (`-` before one for descending order) and expressions. */
  readonly orderBy?: Ordering | readonly Ordering[] | null;
  readonly frame?: Frame | null;
  readonly outputField?: AnyField | null;
}

/** The paths of an ordering: without the `-`. */
export type OrderRefs<E> = E extends string
  ? E extends `-${infer P}`
    ? P
    : E
  : E extends readonly unknown[]
    ? OrderRefs<E[number]>
    : RefsOf<E>;

type WindowSymbol<E> = E extends WindowFunction<infer S> ? S : SymbolOf<E>;
type WindowRefs<E> = E extends WindowFunction<unknown, infer R> ? R : RefsOf<E>;

/** The paths of an ordering, where it is given. */
type OrderRefsIn<O> = O extends { readonly orderBy: infer E } ? OrderRefs<E> : never;

/** The paths of a partition, which has no direction. */
type PartitionRefsIn<O> = O extends { readonly partitionBy: infer E }
  ? E extends readonly unknown[]
    ? ArgRefs<E[number]>
    : ArgRefs<E>
  : never;

/** A frame need not hold any row. */
type FramedSymbol<O extends WindowOptions> = O extends {
  readonly frame: Frame;
  readonly expression: FrameValue;
}
  ? Null<WindowSymbol<O["expression"]>, "add">
  : WindowSymbol<O["expression"]>;

/** See `Window`. */
export type WindowFactory = <const O extends WindowOptions>(
  options: O,
) => Expression<
  O extends { readonly outputField: infer F extends AnyField }
    ? NullLike<OutputOf<F>, FramedSymbol<O>>
    : FramedSymbol<O>,
  WindowRefs<O["expression"]> | PartitionRefsIn<O> | OrderRefsIn<O>
>;

/** A window function without arguments. */
export type RankFactory<T = number> = (options?: {
  readonly outputField?: AnyField;
}) => WindowFunction<T, never>;

declare const frameValue: unique symbol;

/** The value of one row of the frame. */
export interface FrameValue<S = unknown, Refs extends Reference = Reference> extends WindowFunction<S, Refs> {
  readonly [frameValue]: true;
}

/** See `FirstValue` and `LastValue`. */
export type FrameValueFactory = <const E extends Argument>(
  expression: E,
) => FrameValue<ArgSymbol<E>, ArgRefs<E>>;

/** The options of `Lag` and `Lead`. */
export interface NeighbourOptions {
  /** How many rows away: 1 by default. */
  readonly offset?: number;
  /** The value where there is no such row: `null` by default. */
  readonly default?: Argument;
}

/** See `Lag` and `Lead`. */
export type NeighbourFactory = <
  const E extends Argument,
  const O extends NeighbourOptions = Record<never, never>,
>(
  expression: E,
  options?: O,
) => WindowFunction<
  O extends { readonly default: infer D extends NonNullable<Argument> }
    ? ArgSymbol<E> | ArgSymbol<D>
    : Null<ArgSymbol<E>, "add">,
  ArgRefs<E> | (O extends { readonly default: infer D } ? ArgRefs<D> : never)
>;

/** See `NthValue`. */
export type NthValueFactory = <const E extends Argument>(
  expression: E,
  options?: { readonly nth?: number },
) => WindowFunction<Null<ArgSymbol<E>, "add">, ArgRefs<E>>;

/** See `Ntile`. */
export type NtileFactory = (
  options?: number | { readonly numBuckets?: number },
) => WindowFunction<number, never>;

/** The options of `OrderBy`. */
export interface OrderByOptions {
  readonly descending?: boolean;
  readonly nullsFirst?: true | null;
  readonly nullsLast?: true | null;
}

/** See `OrderBy`. */
export type OrderByFactory = <const E extends AnyExpression>(
  expression: E,
  options?: OrderByOptions,
) => OrderByExpression<RefsOf<E>>;

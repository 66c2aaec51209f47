/** Querysets of both colours, from one definition. */
import type { Mode } from "../task.ts";
import type { InstanceOf } from "./instances.ts";
import type { SubqueryLike } from "./lookups.ts";
import type { QuerySetChain } from "./queryset-chain.ts";
import type { QuerySetCreate, QuerySetExecute } from "./queryset-execute.ts";

/** No names. */
export type Empty = Record<never, never>;

/**
 * What querysets of both colours have: methods that make a new queryset, and methods that run one.
 *
 * `M` is the model's key (its label), `Row` what a row is, `A` the annotations, `X` the methods that `extend` added.
 */
export interface BaseQuerySet<C extends Mode, M, Row, A, X>
  extends QuerySetChain<C, M, Row, A, X>,
    QuerySetExecute<C, M, Row, A>,
    SubqueryLike<M, Row> {
  /** The alias of the database that the query will use. */
  readonly db: string;
  /** `true` when the query has an order, also by `Meta.ordering`. */
  readonly ordered: boolean;
  /**
   * `true` when the order leaves no two rows in an arbitrary order: it has the primary key, or something else that
   * is unique and not null. Orders by relations, by `extra` and by other expressions than `F` do not count.
   * Django: QuerySet API reference, `totally_ordered`.
   */
  readonly totallyOrdered: boolean;
  /** The SQL of the query, for reading; never run it. */
  toString(): string;
}

/** The first rows have names of their own, so that `noUncheckedIndexedAccess` leaves `qs[0]` alone. */
export interface Indexed<T> {
  readonly 0: T;
  readonly 1: T;
  readonly 2: T;
  readonly [index: number]: T;
}

/**
 * The annotations of a queryset that somebody wrote down, as in `(q: QuerySet<"testapp.Pizza">) => ...`: none are
 * known, and a queryset that has some may be passed.
 */
// biome-ignore lint/suspicious/noExplicitAny: only `any` is related to every other argument; `Known` takes it away again
export type SomeAnnotations = any;

/** The annotations whose names are known. */
export type Known<A> = 0 extends 1 & A ? Empty : A;

/** What sync querysets and managers have. */
export interface SyncQueries<M, Row, A, X> extends BaseQuerySet<"sync", M, Row, A, X>, Indexed<Row> {
  /** Iterates over the rows; they are fetched once and kept. */
  [Symbol.iterator](): Iterator<Row, undefined, unknown>;
}

/** What async querysets and managers have. */
export interface AsyncQueries<M, Row, A, X>
  extends BaseQuerySet<"async", M, Row, A, X>,
    PromiseLike<Row[]>,
    Indexed<Promise<Row>> {
  /** Iterates over the rows; they are fetched once and kept. */
  [Symbol.asyncIterator](): AsyncIterator<Row, undefined, unknown>;
}

/** What only querysets have. */
export interface Extendable<C extends Mode, M, Row, A, X> {
  /**
   * Adds methods of your own, which stay after `filter` and its like.
   *
   * @example
   * ```ts
   * const cheap = Pizza.objects.all().extend({ under(n: string) { return this.filter({ price__amount__lt: n }); } });
   * cheap.filter({ name: "x" }).under("9");
   * ```
   */
  extend<X2 extends object>(
    methods: X2 & ThisType<QuerySetOf<C, M, Row, A, X & X2>>,
  ): QuerySetOf<C, M, Row, A, X & X2>;
}

/**
 * A sync queryset: methods return values, and it is iterable. Django: "QuerySet API reference".
 *
 * @example
 * ```ts
 * const cheap: QuerySet<"testapp.Pizza"> = Pizza.objects.filter({ price__amount__lt: "5" });
 * for (const pizza of cheap) console.log(pizza.name);
 * ```
 */
export interface QuerySet<in out M, out Row = InstanceOf<M>, in out A = SomeAnnotations, out X = Empty>
  extends SyncQueries<M, Row, Known<A>, X>,
    QuerySetCreate<"sync", M, Known<A>>,
    Extendable<"sync", M, Row, Known<A>, X> {
  /** How many rows there are; fetches them. `count()` asks the database to count. */
  readonly length: number;
}

/**
 * An async queryset: methods return promises, it is async iterable, and `await` gives its rows.
 *
 * @example
 * ```ts
 * const cheap: AsyncQuerySet<"testapp.Pizza"> = Pizza.aobjects.filter({ price__amount__lt: "5" });
 * for await (const pizza of cheap) console.log(pizza.name);
 * ```
 */
export interface AsyncQuerySet<in out M, out Row = InstanceOf<M>, in out A = SomeAnnotations, out X = Empty>
  extends AsyncQueries<M, Row, Known<A>, X>,
    QuerySetCreate<"async", M, Known<A>>,
    Extendable<"async", M, Row, Known<A>, X> {}

/**
 * The queryset of a colour, with the methods that `extend` added.
 *
 * @example `QuerySetOf<"async", "testapp.Pizza", Pizza, Empty, Empty>` is `AsyncQuerySet<"testapp.Pizza">`
 */
export type QuerySetOf<C extends Mode, M, Row, A, X> = (C extends "sync"
  ? QuerySet<M, Row, A, X>
  : AsyncQuerySet<M, Row, A, X>) &
  X;

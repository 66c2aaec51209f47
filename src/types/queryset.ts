/** Querysets of both colours, from one definition. */
import type { Mode } from "../task.ts";
import type { InstanceOf } from "./instances.ts";
import type { QuerySetChain } from "./queryset-chain.ts";
import type { QuerySetCreate, QuerySetExecute } from "./queryset-execute.ts";

/** No names. */
export type Empty = Record<never, never>;

/**
 * The annotations of a queryset that somebody wrote down, as in `(q: QuerySet<"testapp.Pizza">) => ...`: none are
 * known, and a queryset that has some may be passed.
 */
// biome-ignore lint/suspicious/noExplicitAny: only `any` is related to every other argument; `Known` takes it away again
export type SomeAnnotations = any;

/** The annotations whose names are known. */
export type Known<A> = 0 extends 1 & A ? Empty : A;

/** The first rows have names of their own, so that `noUncheckedIndexedAccess` leaves `qs[0]` alone. */
export interface Indexed<T> {
  readonly 0: T;
  readonly 1: T;
  readonly 2: T;
  readonly [index: number]: T;
}

/**
 * What sync querysets and managers have: methods that make a new queryset, methods that run one, and rows.
 *
 * `M` is the model's key (its label), `Row` what a row is, `A` the annotations, `X` the methods that `extend` added.
 */
export interface SyncQueries<M, Row, A, X>
  extends QuerySetChain<"sync", M, Row, A, X>,
    QuerySetExecute<"sync", M, Row, A>,
    Indexed<Row> {
  /** Iterates over the rows; they are fetched once and kept. */
  [Symbol.iterator](): Iterator<Row, undefined, unknown>;
}

/** What async querysets and managers have; see {@link SyncQueries}. */
export interface AsyncQueries<M, Row, A, X>
  extends QuerySetChain<"async", M, Row, A, X>,
    QuerySetExecute<"async", M, Row, A>,
    PromiseLike<Row[]>,
    Indexed<Promise<Row>> {
  /** Iterates over the rows; they are fetched once and kept. */
  [Symbol.asyncIterator](): AsyncIterator<Row, undefined, unknown>;
}

/**
 * The `extend` of querysets: adds methods of your own, which stay after `filter` and its like.
 *
 * @example
 * ```ts
 * const cheap = Pizza.objects.all().extend({ under(n: string) { return this.filter({ price__amount__lt: n }); } });
 * cheap.filter({ name: "x" }).under("9");
 * ```
 */
export type Extend<C extends Mode, M, Row, A, X> = <X2 extends object>(
  methods: X2 & ThisType<QuerySetOf<C, M, Row, A, X & X2>>,
) => QuerySetOf<C, M, Row, A, X & X2>;

/**
 * A sync queryset: methods return values, and it is iterable. Django: "QuerySet API reference".
 *
 * @example
 * ```ts
 * const cheap: QuerySet<"testapp.Pizza"> = Pizza.objects.filter({ price__amount__lt: "5" });
 * for (const pizza of cheap) console.log(pizza.name);
 * ```
 */
export interface QuerySet<in out M, out Row = InstanceOf<M>, in out A = SomeAnnotations, out X = unknown>
  extends SyncQueries<M, Row, Known<A>, X>,
    QuerySetCreate<"sync", M, Known<A>> {
  /** Adds methods: see {@link Extend}. */
  readonly extend: Extend<"sync", M, Row, Known<A>, X>;
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
export interface AsyncQuerySet<in out M, out Row = InstanceOf<M>, in out A = SomeAnnotations, out X = unknown>
  extends AsyncQueries<M, Row, Known<A>, X>,
    QuerySetCreate<"async", M, Known<A>> {
  /** Adds methods: see {@link Extend}. */
  readonly extend: Extend<"async", M, Row, Known<A>, X>;
}

/**
 * The queryset of a colour, with the methods that `extend` added.
 *
 * @example `QuerySetOf<"async", "testapp.Pizza", Pizza, Empty, unknown>` is `AsyncQuerySet<"testapp.Pizza">`
 */
export type QuerySetOf<C extends Mode, M, Row, A, X> = (C extends "sync"
  ? QuerySet<M, Row, A, X>
  : AsyncQuerySet<M, Row, A, X>) &
  X;

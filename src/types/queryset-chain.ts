/** The methods that make a new queryset. Django: "Methods that return new QuerySets". */

import type { Temporal } from "temporal-polyfill";
import type { Mode, Result } from "../task.ts";
import type { AnyExpression } from "./expressions.ts";
import type { InstanceOf } from "./instances.ts";
import type { FetchMode } from "./loading.ts";
import type { AnySubquery, SubqueryOn } from "./lookups.ts";
import type { SinglePath } from "./paths.ts";
import type { Prefetch, PrefetchArgs, Prefetched } from "./prefetch.ts";
import type { Q } from "./q.ts";
import type { Empty, Indexed, QuerySetOf } from "./queryset.ts";
import type {
  AnnotationArgs,
  AnnotationsOf,
  Named,
  OrderArgs,
  PathArg,
  PathArgs,
  TakenNames,
  ValuesAnnotations,
  ValuesArgs,
  ValuesListArgs,
  ValuesListOptions,
  ValuesListRow,
  ValuesRow,
} from "./rows.ts";
import type { Later } from "./util.ts";
import type { BooleanExpression, Condition, FirstCondition, Suggested } from "./where.ts";

/** Options of `selectForUpdate`. */
export interface SelectForUpdateOptions<Of extends string = string> {
  /** Fail at once when a row is locked. */
  nowait?: boolean;
  /** Leave locked rows out. */
  skipLocked?: boolean;
  /** Lock only these relations' rows; `"self"` is the model itself. */
  of?: readonly Of[];
  /** Let others refer to the rows. */
  noKey?: boolean;
}

/** Options of `extra`. */
export interface ExtraOptions {
  select?: Readonly<Record<string, string>>;
  selectParams?: readonly unknown[];
  where?: readonly string[];
  params?: readonly unknown[];
  tables?: readonly string[];
  orderBy?: readonly string[];
}

/** Options of `raw`. */
export interface RawOptions {
  /** Column names of the query -> field names. */
  translations?: Readonly<Record<string, string>>;
  using?: string;
}

/** The unit that `dates` cuts to. */
export type DateKind = "year" | "month" | "week" | "day";

/** The unit that `datetimes` cuts to. */
export type DateTimeKind = DateKind | "hour" | "minute" | "second";

/** The rows of `raw`. */
export type RawQuerySet<C extends Mode, Row> = (C extends "sync"
  ? Iterable<Row> & Indexed<Row> & { readonly length: number }
  : AsyncIterable<Row> & Indexed<Promise<Row>> & PromiseLike<Row[]>) & {
  /** All rows, fetched once and kept. */
  eval(): Result<C, Row[]>;
  /**
   * Row `index`; negative numbers count from the end. All rows are fetched for it.
   *
   * @throws `IndexError` when there is no such row
   */
  at(index: number): Result<C, Row>;
  /** Rows `start` to `stop` of all, which are fetched for it. */
  slice(start?: number, stop?: number): Result<C, Row[]>;
  /** The rows one after the other, fetched once and kept. */
  iterator(): C extends "sync" ? Iterator<Row> : AsyncIterator<Row>;
  using(alias: string): RawQuerySet<C, Row>;
  fetchMode(mode: FetchMode): RawQuerySet<C, Row>;
  /** With `null` earlier calls are forgotten. */
  prefetchRelated(
    ...lookups: readonly (string | null | Prefetch<string, unknown, string>)[]
  ): RawQuerySet<C, Row>;
};

/** See {@link "./queryset.ts"!SyncQueries} for the parameters. */
export interface QuerySetChain<C extends Mode, M, Row, A, X> {
  /**
   * The rows for which all conditions hold. Django: QuerySet API reference, `filter()`.
   *
   * @param first an object of lookups, a `Q`, or a condition such as `Exists(...)`; up to three may follow, and
   * any number of `Q`s and conditions
   * @throws `FieldError` for a name or a lookup that does not exist; `ArgumentTypeError` for `undefined`
   * @example
   * ```ts
   * Pizza.objects.filter({ name__startswith: "M", box__name: "large" });
   * // ... INNER JOIN testapp_box ON ... WHERE name LIKE 'M%' ESCAPE '\' AND testapp_box.name = 'large'
   * ```
   */
  filter<W2, W3, W1 = Suggested<M, A>>(
    first?: FirstCondition<M, A, W1>,
    second?: Condition<M, A, W2>,
    third?: Condition<M, A, W3>,
    ...more: readonly (Q | BooleanExpression)[]
  ): QuerySetOf<C, M, Row, A, X>;

  /**
   * The rows for which the conditions do not hold together: `NOT (...)`. Across relations with many rows it is
   * a subquery, as in Django. Django: QuerySet API reference, `exclude()`.
   *
   * @throws as `filter`
   * @example `Pizza.objects.exclude({ name: "Hawaii" }) // WHERE NOT (name = 'Hawaii')`
   */
  exclude<W2, W3, W1 = Suggested<M, A>>(
    first?: FirstCondition<M, A, W1>,
    second?: Condition<M, A, W2>,
    third?: Condition<M, A, W3>,
    ...more: readonly (Q | BooleanExpression)[]
  ): QuerySetOf<C, M, Row, A, X>;

  /**
   * As {@link filter} with one condition: a `Q`, or an object of lookups, whichever a variable holds.
   *
   * @example `Pizza.objects.complexFilter(choices ?? {})`
   */
  complexFilter<W = Empty>(conditions: Condition<M, A, W>): QuerySetOf<C, M, Row, A, X>;

  /**
   * Adds computed values to each row. Django: QuerySet API reference, `annotate()`.
   *
   * @param expressions expressions by name, or aggregates, which name themselves (`toppings__count`)
   * @throws `ValueError` when a name is that of a field; `FieldError` for a path that leads nowhere
   * @example
   * ```ts
   * Pizza.objects.annotate({ n: Count("toppings") });
   * // SELECT ..., COUNT(testapp_pizza_toppings.topping_id) AS n ... GROUP BY testapp_pizza.id
   * ```
   */
  annotate<const P extends readonly (AnyExpression | Named)[]>(
    ...expressions: AnnotationArgs<M, A, P, TakenNames<M>>
  ): QuerySetOf<C, M, Row & AnnotationsOf<M, A, P>, A & AnnotationsOf<M, A, P>, X>;

  /**
   * As {@link annotate}, for use in later calls only: the rows do not get it.
   * Django: QuerySet API reference, `alias()`.
   *
   * @example `Pizza.objects.alias({ n: Count("toppings") }).filter({ n__gt: 2 })`
   */
  alias<const P extends readonly (AnyExpression | Named)[]>(
    ...expressions: AnnotationArgs<M, A, P, TakenNames<M>>
  ): QuerySetOf<C, M, Row, A & AnnotationsOf<M, A, P>, X>;

  /**
   * Orders the rows; replaces an earlier order, and `orderBy()` removes it.
   * Django: QuerySet API reference, `order_by()`.
   *
   * @param names paths, `-` before one for descending order, `"?"` for a random one, or expressions
   * @throws `FieldError` for a path that leads nowhere
   * @example `Pizza.objects.orderBy("box__name", "-id") // ORDER BY testapp_box.name ASC, testapp_pizza.id DESC`
   */
  orderBy<const P extends readonly (string | AnyExpression)[]>(
    ...names: OrderArgs<M, A, P>
  ): QuerySetOf<C, M, Row, A, X>;

  /** Turns the order round. Django: QuerySet API reference, `reverse()`. */
  reverse(): QuerySetOf<C, M, Row, A, X>;

  /**
   * Leaves out rows that are the same; with names (where the database can), the first row for each of their values.
   * Django: QuerySet API reference, `distinct()`.
   *
   * @throws `NotSupportedError` for names, where the database has no `DISTINCT ON`
   */
  distinct<const P extends readonly string[]>(...names: PathArgs<M, A, P>): QuerySetOf<C, M, Row, A, X>;

  /**
   * Rows are objects with the named values instead of model instances; without names, all columns.
   * Django: QuerySet API reference, `values()`.
   *
   * @param fields paths, and expressions by name
   * @throws `FieldError` for a path that leads nowhere
   * @example `Pizza.objects.values("name", "box__name") // { name: string; box__name: string | null }`
   */
  values<const P extends readonly (string | AnyExpression | Named)[]>(
    ...fields: ValuesArgs<M, A, P>
  ): QuerySetOf<C, M, ValuesRow<M, A, P>, ValuesAnnotations<M, A, P>, X>;

  /**
   * Rows are tuples; with `{ flat: true }` the one value itself, with `{ named: true }` tuples with names.
   * Django: QuerySet API reference, `values_list()`.
   *
   * @throws `FieldError` for a path that leads nowhere; `ArgumentTypeError` for `flat` with more than one path
   * @example `Pizza.objects.valuesList("name", { flat: true }) // string`
   */
  valuesList<const P extends readonly (string | AnyExpression | ValuesListOptions)[]>(
    ...fields: ValuesListArgs<M, A, P>
  ): QuerySetOf<C, M, ValuesListRow<M, A, P>, A, X>;

  /** The different dates of a field, cut to a unit. Django: QuerySet API reference, `dates()`. */
  dates<const P extends string>(
    field: PathArg<M, A, P>,
    kind: DateKind,
    order?: "ASC" | "DESC",
  ): QuerySetOf<C, M, Temporal.PlainDate, A, X>;

  /** The different instants of a field, cut to a unit. Django: QuerySet API reference, `datetimes()`. */
  datetimes<const P extends string>(
    field: PathArg<M, A, P>,
    kind: DateTimeKind,
    order?: "ASC" | "DESC",
    options?: { tzinfo?: string },
  ): QuerySetOf<C, M, Date, A, X>;

  /** No rows, and no query. Django: QuerySet API reference, `none()`. */
  none(): QuerySetOf<C, M, Row, A, X>;

  /** A copy that will ask the database anew. Django: QuerySet API reference, `all()`. */
  all(): QuerySetOf<C, M, Row, A, X>;

  /** The rows of all querysets; each once, unless `{ all: true }`. Django: QuerySet API reference, `union()`. */
  union(...querysets: readonly (AnySubquery | { all?: boolean })[]): QuerySetOf<C, M, Row, A, X>;

  /** The rows that all querysets have. Django: QuerySet API reference, `intersection()`. */
  intersection(...querysets: readonly AnySubquery[]): QuerySetOf<C, M, Row, A, X>;

  /** The rows that the other querysets do not have. Django: QuerySet API reference, `difference()`. */
  difference(...querysets: readonly AnySubquery[]): QuerySetOf<C, M, Row, A, X>;

  /** The rows of either condition; `qa & qb` in Django: "Operators that return new QuerySets". */
  and(other: SubqueryOn<M>): QuerySetOf<C, M, Row, A, X>;

  /** The rows of at least one of the two; `qa | qb` in Django. */
  or(other: SubqueryOn<M>): QuerySetOf<C, M, Row, A, X>;

  /** The rows of exactly one of the two; `qa ^ qb` in Django. */
  xor(other: SubqueryOn<M>): QuerySetOf<C, M, Row, A, X>;

  /**
   * Loads related objects in the same query, by joins; without names, those that cannot be null;
   * `selectRelated(null)` forgets earlier calls. Django: QuerySet API reference, `select_related()`.
   *
   * @throws `FieldError` for a name that is not a relation to one object
   * @example `Pizza.objects.selectRelated("box", "price") // LEFT JOIN testapp_box ... INNER JOIN testapp_price ...`
   */
  selectRelated<P extends string>(
    ...names: readonly ((P extends SinglePath<M, P> ? P : Later<P, SinglePath<M, P>>) | null)[]
  ): QuerySetOf<C, M, Row, A, X>;

  /**
   * Loads related objects with one more query for each name; `prefetchRelated(null)` forgets earlier calls.
   * Django: QuerySet API reference, `prefetch_related()`.
   *
   * @param lookups names of accessors (`"toppings"`, `"pizza_set__price"`), or `Prefetch(...)`
   * @throws `FieldError` for a name that is no relation
   * @example `Pizza.objects.prefetchRelated("toppings") // ... WHERE testapp_pizza_toppings.pizza_id IN (1, 2, 3)`
   */
  prefetchRelated<const P extends readonly (string | null | Prefetch<string, unknown, string>)[]>(
    ...lookups: PrefetchArgs<M, P>
  ): QuerySetOf<C, M, Prefetched<M, Row, P[number]>, A, X>;

  /** Adds SQL of your own; the last resort. Django: QuerySet API reference, `extra()`. */
  extra(options: ExtraOptions): QuerySetOf<C, M, Row, A, X>;

  /**
   * Leaves columns out until they are read; `defer(null)` forgets earlier calls.
   * Django: QuerySet API reference, `defer()`.
   */
  defer<P extends string>(...names: readonly (PathArg<M, Empty, P> | null)[]): QuerySetOf<C, M, Row, A, X>;

  /** Loads these columns only. Django: QuerySet API reference, `only()`. */
  only<const P extends readonly string[]>(...names: PathArgs<M, Empty, P>): QuerySetOf<C, M, Row, A, X>;

  /** Uses another database. Django: QuerySet API reference, `using()`. */
  using(alias: string | null): QuerySetOf<C, M, Row, A, X>;

  /**
   * What reading a value does that is not loaded: a relation to one object, or a deferred column.
   * Objects that are loaded through others have the same mode. Django: QuerySet API reference, `fetch_mode()`.
   *
   * @param mode `FETCH_ONE` loads it (the default), `FETCH_PEERS` loads it for all objects of the queryset at once,
   * `FETCH_RAISE` throws `FieldFetchBlocked`
   * @example
   * ```ts
   * const pizzas = await Pizza.aobjects.fetchMode(FETCH_PEERS);
   * await Promise.all(pizzas.map((pizza) => pizza.abox)); // one query
   * ```
   */
  fetchMode(mode: FetchMode): QuerySetOf<C, M, Row, A, X>;

  /**
   * Aborts the queries of this queryset, and of those chained to it, when `signal` is aborted: also while they wait for
   * a connection. On a server the statement is stopped there, and the connection is used on. The promise rejects with
   * the signal's reason; a write whose statement had ended before stays. `withSignal(signal, fn)` does the same for
   * whatever `fn` asks.
   *
   * @example `const pizzas = await Pizza.aobjects.withSignal(AbortSignal.timeout(500)).filter({ name: "x" });`
   */
  withSignal(signal: AbortSignal): QuerySetOf<C, M, Row, A, X>;

  /** Locks the rows until the transaction ends. Django: QuerySet API reference, `select_for_update()`. */
  selectForUpdate(options?: SelectForUpdateOptions): QuerySetOf<C, M, Row, A, X>;

  /**
   * Objects from SQL of your own. Django: "Performing raw SQL queries".
   *
   * @param params the values of the placeholders `%s`, or by name those of `%(name)s`
   */
  raw(
    sql: string,
    params?: readonly unknown[] | Readonly<Record<string, unknown>>,
    options?: RawOptions,
  ): RawQuerySet<C, InstanceOf<M>>;

  /**
   * Rows `start` to `stop`, as Python's `qs[start:stop]`. Django: "Limiting QuerySets".
   *
   * @throws `ValueError` for a negative number
   * @example `Pizza.objects.slice(5, 10) // LIMIT 5 OFFSET 5`
   */
  slice(start?: number | null, stop?: number | null): QuerySetOf<C, M, Row, A, X>;
}

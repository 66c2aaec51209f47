/**
 * Expressions as users call them, without `new`. Each is its class in every other respect: it can be extended, and
 * asked with `instanceof`.
 *
 * Django: Query Expressions; Conditional Expressions; Aggregation functions.
 */
import type * as types from "../types/index.ts";
import * as aggregates from "./aggregates.ts";
import * as cases from "./case.ts";
import * as f from "./f.ts";
import * as func from "./func.ts";
import * as orderBy from "./order-by.ts";
import * as rawSql from "./raw-sql.ts";
import * as subquery from "./subquery.ts";
import * as value from "./value.ts";
import * as window from "./window.ts";
import * as wrapper from "./wrapper.ts";

export { WindowFrameExclusion } from "./window.ts";

/** Calls of a class without `new`, with the type that users see. */
function typed<T>(Class: new (...args: never[]) => object): T {
  return func.callable(Class) as unknown as T;
}

export const callable: types.CallableFactory = func.callable as unknown as types.CallableFactory;

/**
 * A function of the database by its name; the base of functions of your own.
 *
 * @example `Func("name", { function: "SOUNDEX", outputField: CharField() })` // SOUNDEX("name")
 * Django: `Func()` expressions.
 */
export const Func: types.FuncFactory & types.PublicClass<typeof func.Func> = typed(func.Func);

/**
 * A condition and its value, for `Case`. A text after `then` is a path.
 *
 * @throws `ValueError` for an empty `Q`.
 * @example `When({ price__gt: 10 }, { then: Value("dear") })` // WHEN "price" > 10 THEN 'dear'
 * Django: `When`.
 */
export const When: types.WhenFactory & types.PublicClass<typeof cases.When> = typed(cases.When);

/**
 * The value of the first condition that holds, or else `default`.
 *
 * @example
 * ```ts
 * Case(When({ price__gt: 10 }, { then: Value("dear") }), { default: Value("cheap") });
 * // CASE WHEN "price" > 10 THEN 'dear' ELSE 'cheap' END
 * ```
 * Django: `Case`.
 */
export const Case: types.CaseFactory & types.PublicClass<typeof cases.Case> = typed(cases.Case);

/** The base of aggregates of your own: see `callable`. Django: "Creating your own Aggregate Functions". */
export const Aggregate: types.AggregateFactory<"same", never> &
  types.PublicClass<typeof aggregates.Aggregate> = typed(aggregates.Aggregate);

/** Any of the values that are not NULL: on SQLite, and from PostgreSQL 16 and MySQL 8 on. Django: `AnyValue`. */
export const AnyValue: types.AnyValueFactory & types.PublicClass<typeof aggregates.AnyValue> = typed(
  aggregates.AnyValue,
);

/**
 * The average.
 *
 * @example `Price.objects.aggregate({ mean: Avg("amount") })` // AVG("amount")
 * Django: `Avg`.
 */
export const Avg: types.AvgFactory & types.PublicClass<typeof aggregates.Avg> = typed(aggregates.Avg);

/**
 * How many values are not NULL; how many rows there are, with `"*"`.
 *
 * @example `Pizza.objects.annotate({ n: Count("toppings", { distinct: true }) })` // COUNT(DISTINCT "topping_id")
 * Django: `Count`.
 */
export const Count: types.CountFactory & types.PublicClass<typeof aggregates.Count> = typed(aggregates.Count);

/** The greatest value: `Max("amount")`, `MAX("amount")`. Django: `Max`. */
export const Max: types.MaxFactory & types.PublicClass<typeof aggregates.Max> = typed(aggregates.Max);

/** The least value: `Min("amount")`, `MIN("amount")`. Django: `Min`. */
export const Min: types.MinFactory & types.PublicClass<typeof aggregates.Min> = typed(aggregates.Min);

/** The standard deviation of the population, or with `{ sample: true }` of the sample. Django: `StdDev`. */
export const StdDev: types.StdDevFactory & types.PublicClass<typeof aggregates.StdDev> = typed(
  aggregates.StdDev,
);

/**
 * The texts, with a delimiter between them.
 *
 * @example `StringAgg("name", ", ", { orderBy: "name" })` // STRING_AGG("name", ', ' ORDER BY "name")
 * Django: `StringAgg`.
 */
export const StringAgg: types.StringAggFactory & types.PublicClass<typeof aggregates.StringAgg> = typed(
  aggregates.StringAgg,
);

/** The sum: `Sum("amount")`, `SUM("amount")`; `null` where there are no rows. Django: `Sum`. */
export const Sum: types.SumFactory & types.PublicClass<typeof aggregates.Sum> = typed(aggregates.Sum);

/** The variance of the population, or with `{ sample: true }` of the sample. Django: `Variance`. */
export const Variance: types.VarianceFactory & types.PublicClass<typeof aggregates.Variance> = typed(
  aggregates.Variance,
);

/**
 * A function or an aggregate over the rows around each row.
 *
 * @throws `ValueError` where the expression cannot stand before OVER.
 * @example
 * ```ts
 * Window({ expression: Avg("rating"), partitionBy: "studio", orderBy: "-released" });
 * // AVG("rating") OVER (PARTITION BY "studio" ORDER BY "released" DESC)
 * ```
 * Django: "Window functions".
 */
export const Window: types.WindowFactory & types.PublicClass<typeof window.Window> = typed(window.Window);

/** A frame of so many rows: `RowRange({ start: -2, end: 0 })`, the row and the two before it. Django: `RowRange`. */
export const RowRange: types.FrameFactory & types.PublicClass<typeof window.RowRange> = typed(
  window.RowRange,
);

/** A frame by the values of the ordering: `ValueRange({ end: 0 })`, all up to the row's own. Django: `ValueRange`. */
export const ValueRange: types.FrameFactory & types.PublicClass<typeof window.ValueRange> = typed(
  window.ValueRange,
);

/**
 * The value of a field, of a field across relations, or of an annotation.
 *
 * @example `Pizza.objects.update({ count: F("count").add(1) })` // SET "count" = ("count" + 1)
 * Django: `F()` expressions.
 */
export const F: types.FFactory & types.PublicClass<typeof f.F> = typed(f.F);

/**
 * In a subquery: a field of the query around it. `OuterRef(OuterRef("pk"))` reaches one query further out.
 *
 * @example `Exists(Comment.objects.filter({ post: OuterRef("pk") }))`
 * Django: "Referencing columns from the outer queryset".
 */
export const OuterRef: types.OuterRefFactory & types.PublicClass<typeof f.OuterRef> = typed(f.OuterRef);

/**
 * A value as an expression; it is bound as a parameter.
 *
 * @example `Pizza.objects.annotate({ kind: Value("pizza") })` // SELECT ..., 'pizza' AS "kind"
 * Django: `Value()` expressions.
 */
export const Value: types.ValueFactory & types.PublicClass<typeof value.Value> = typed(value.Value);

/**
 * An expression with another type.
 *
 * @example `ExpressionWrapper(F("price").mul(F("n")), { outputField: DecimalField({ maxDigits: 10, decimalPlaces: 2 }) })`
 * Django: `ExpressionWrapper()` expressions.
 */
export const ExpressionWrapper: types.ExpressionWrapperFactory &
  types.PublicClass<typeof wrapper.ExpressionWrapper> = typed(wrapper.ExpressionWrapper);

/**
 * SQL of your own, in which `%s` stands for a parameter and `%%` for a percent sign.
 *
 * @example `Pizza.objects.annotate({ long: RawSQL("length(name) > %s", [10], { outputField: BooleanField() }) })`
 * Django: "Raw SQL expressions".
 */
export const RawSQL: types.RawSQLFactory & types.PublicClass<typeof rawSql.RawSQL> = typed(rawSql.RawSQL);

/** An ordering, as `asc()` and `desc()` of expressions make it: `OrderBy(F("name"), { descending: true })`. */
export const OrderBy: types.OrderByFactory & types.PublicClass<typeof orderBy.OrderBy> = typed(
  orderBy.OrderBy,
);

/**
 * One value from another queryset, usually tied to the row with `OuterRef`; `null` where it has no row.
 *
 * @example
 * ```ts
 * const newest = Comment.objects.filter({ post: OuterRef("pk") }).orderBy("-created");
 * Post.objects.annotate({ newest: Subquery(newest.values("email").slice(0, 1)) });
 * // (SELECT "email" FROM "comment" WHERE "post_id" = "post"."id" ORDER BY "created" DESC LIMIT 1) AS "newest"
 * ```
 * Django: `Subquery()` expressions.
 */
export const Subquery: types.SubqueryFactory & types.PublicClass<typeof subquery.Subquery> = typed(
  subquery.Subquery,
);

/**
 * Whether another queryset has rows.
 *
 * @example `Post.objects.filter(Exists(Comment.objects.filter({ post: OuterRef("pk") })))` // EXISTS(SELECT 1 ...)
 * Django: `Exists()` subqueries.
 */
export const Exists: types.ExistsFactory & types.PublicClass<typeof subquery.Exists> = typed(subquery.Exists);

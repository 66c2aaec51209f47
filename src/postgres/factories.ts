/** Aggregates, functions and subqueries of PostgreSQL, as users write them. */
import { callable } from "../expressions/func.ts";
import type { ConstantFunction } from "../types/index.ts";
import * as general from "./aggregates/general.ts";
import * as statistics from "./aggregates/statistics.ts";
import * as subquery from "./array-subquery.ts";
import * as functions from "./functions.ts";
import type * as types from "./types/aggregates.ts";

/** Calls of a class without `new`, with the type that users see. */
function typed<T>(Class: new (...args: never[]) => object): T {
  return callable(Class) as unknown as T;
}

/**
 * The values as an array, NULLs among them; `null` where there are no rows.
 *
 * @param options `distinct`, `filter`, `orderBy` and `default` as of every aggregate
 * @example `Post.objects.annotate({ names: ArrayAgg("authors__name", { orderBy: "authors__name", default: [] }) })`
 * // ARRAY_AGG("name" ORDER BY "name")
 * Django: `ArrayAgg`.
 */
export const ArrayAgg: types.ArrayAggFactory = typed(general.ArrayAgg);

/** The values as an array of JSON: `JSONBAgg("data", { orderBy: "id" })`, `JSONB_AGG("data" ORDER BY "id")`. Django: `JSONBAgg`. */
export const JSONBAgg: types.JSONBAggFactory = typed(general.JSONBAgg);

/** The bits that all values have: `BIT_AND("flags")`. Django: `BitAnd`. */
export const BitAnd: types.BitAndFactory = typed(general.BitAnd);

/** The bits that any value has: `BIT_OR("flags")`. Django: `BitOr`. */
export const BitOr: types.BitOrFactory = typed(general.BitOr);

/** The bits that an odd number of values have: `BIT_XOR("flags")`. Django: `BitXor`. */
export const BitXor: types.BitXorFactory = typed(general.BitXor);

/** Whether all values, or conditions, are true: `BOOL_AND("paid")`. Django: `BoolAnd`. */
export const BoolAnd: types.BooleanAggregate<"booland"> = typed(general.BoolAnd);

/** Whether any value, or condition, is true: `BOOL_OR("paid")`. Django: `BoolOr`. */
export const BoolOr: types.BooleanAggregate<"boolor"> = typed(general.BoolOr);

/** The correlation of two numbers, -1 to 1: `Corr("weight", "height")`. Django: `Corr`. */
export const Corr: types.PairAggregate = typed(statistics.Corr);

/** The covariance of the population, or with `{ sample: true }` of the sample. Django: `CovarPop`. */
export const CovarPop: types.CovarPopFactory = typed(statistics.CovarPop);

/** The average of `x` where both are there: `REGR_AVGX(y, x)`. Django: `RegrAvgX`. */
export const RegrAvgX: types.PairAggregate = typed(statistics.RegrAvgX);

/** The average of `y` where both are there. Django: `RegrAvgY`. */
export const RegrAvgY: types.PairAggregate = typed(statistics.RegrAvgY);

/** How many rows have both. Django: `RegrCount`. */
export const RegrCount: types.PairAggregate<number> = typed(statistics.RegrCount);

/** Where the line that fits best meets the axis. Django: `RegrIntercept`. */
export const RegrIntercept: types.PairAggregate = typed(statistics.RegrIntercept);

/** The square of the correlation. Django: `RegrR2`. */
export const RegrR2: types.PairAggregate = typed(statistics.RegrR2);

/** The slope of the line that fits best. Django: `RegrSlope`. */
export const RegrSlope: types.PairAggregate = typed(statistics.RegrSlope);

/** The sum of the squares of `x`. Django: `RegrSXX`. */
export const RegrSXX: types.PairAggregate = typed(statistics.RegrSXX);

/** The sum of the products of both. Django: `RegrSXY`. */
export const RegrSXY: types.PairAggregate = typed(statistics.RegrSXY);

/** The sum of the squares of `y`. Django: `RegrSYY`. */
export const RegrSYY: types.PairAggregate = typed(statistics.RegrSYY);

/**
 * The rows of a queryset of one column as an array.
 *
 * @example
 * ```ts
 * const names = Topping.objects.filter({ pizza: OuterRef("pk") }).orderBy("name").values("name");
 * Pizza.objects.annotate({ names: ArraySubquery(names) }); // ARRAY(SELECT "name" FROM ... ORDER BY "name")
 * ```
 * Django: `ArraySubquery`.
 */
export const ArraySubquery: types.ArraySubqueryFactory = typed(subquery.ArraySubquery);

/** A random UUID, made by the server: `dbDefault: RandomUUID()`. Django: `RandomUUID`. */
export const RandomUUID: ConstantFunction<string> = typed(functions.RandomUUID);

/** When the transaction began: `CURRENT_TIMESTAMP`; `Now()` is when the statement did. Django: `TransactionNow`. */
export const TransactionNow: ConstantFunction<Date> = typed(functions.TransactionNow);

/**
 * Functions, aggregates, CASE and windows as users call them, without `new`. Each is its class in every other respect.
 */
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

const { callable } = func;

export { callable } from "./func.ts";
export { WindowFrameExclusion } from "./window.ts";

export const Func = callable(func.Func);
export const Case = callable(cases.Case);
export const When = callable(cases.When);

// Aggregates.
export const Aggregate = callable(aggregates.Aggregate);
export const AnyValue = callable(aggregates.AnyValue);
export const Avg = callable(aggregates.Avg);
export const Count = callable(aggregates.Count);
export const Max = callable(aggregates.Max);
export const Min = callable(aggregates.Min);
export const StdDev = callable(aggregates.StdDev);
export const StringAgg = callable(aggregates.StringAgg);
export const Sum = callable(aggregates.Sum);
export const Variance = callable(aggregates.Variance);

// Windows.
export const Window = callable(window.Window);
export const RowRange = callable(window.RowRange);
export const ValueRange = callable(window.ValueRange);

// Names, values and subqueries.
export const F = callable(f.F);
export const OuterRef = callable(f.OuterRef);
export const Value = callable(value.Value);
export const ExpressionWrapper = callable(wrapper.ExpressionWrapper);
export const NegatedExpression = callable(wrapper.NegatedExpression);
export const RawSQL = callable(rawSql.RawSQL);
export const OrderBy = callable(orderBy.OrderBy);
export const Subquery = callable(subquery.Subquery);
export const Exists = callable(subquery.Exists);

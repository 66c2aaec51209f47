/** Operands and paths of expressions: what must not compile. Each `@ts-expect-error` names what is wrong. */
import { Avg, BooleanField, Count, F, Q, Sum, TextField, Value } from "./api.ts";
import {
  Abs,
  Case,
  Cast,
  Coalesce,
  Concat,
  Exists,
  ExpressionWrapper,
  Func,
  GreaterThan,
  Greatest,
  In,
  IsNull,
  KeyTransform,
  Left,
  Length,
  Power,
  Range,
  Round,
  RowNumber,
  StdDev,
  StringAgg,
  Subquery,
  Substr,
  Upper,
  When,
  Window,
} from "./functions-api.ts";
import { Box, Label, Pizza } from "./models.ts";

// @ts-expect-error a text has no sum
Pizza.objects.annotate({ x: Sum("name") });
// @ts-expect-error a date has no mean
Pizza.objects.aggregate(Avg("created"));
// @ts-expect-error nor has a text
Pizza.objects.aggregate({ x: StdDev("box__name") });
// @ts-expect-error no absolute value of a text
Pizza.objects.annotate({ x: Abs("name") });
// @ts-expect-error no power of a text
Pizza.objects.annotate({ x: Power("id", "name") });
// @ts-expect-error a date is not rounded
Pizza.objects.annotate({ x: Round("created") });
// @ts-expect-error a number is not cut
Pizza.objects.annotate({ x: F("id").slice(0, 2) });
// @ts-expect-error a text is no condition
Pizza.objects.annotate({ x: F("name").not() });
// @ts-expect-error the same in filter
Pizza.objects.filter(F("name").not());
// @ts-expect-error a partition has no direction
Pizza.objects.annotate({ x: Window({ expression: RowNumber(), partitionBy: "-name" }) });
// @ts-expect-error unknown key
Label.objects.annotate({ x: KeyTransform("z", "data") });
// @ts-expect-error unknown name in a Q
Pizza.objects.annotate({ x: Q({ nam: 1 }) });
// @ts-expect-error a value that the lookup does not take
Pizza.objects.annotate({ x: Q({ name: 1 }) });
// @ts-expect-error in values, too
Pizza.objects.values({ x: Q({ nam: 1 }) });
// @ts-expect-error in a wrapped Q
Pizza.objects.annotate({ x: ExpressionWrapper(Q({ nam: 1 }), { outputField: BooleanField() }) });
// @ts-expect-error the path has an error of its own
Pizza.objects.annotate({ x: Sum("nam") });
// @ts-expect-error unknown path in a delimiter
Pizza.objects.aggregate({ x: StringAgg("name", F("nam")) });
// @ts-expect-error unknown path in the order of values
Pizza.objects.aggregate({ x: StringAgg("name", ",", { orderBy: "-nam" }) });
// @ts-expect-error unknown path in arithmetic
Pizza.objects.annotate({ x: Case(When({ id: 1 }, { then: F("nam").add(1) })) });
// @ts-expect-error a text for a number
Pizza.objects.filter(In(F("id"), ["x"]));
// @ts-expect-error one end
Pizza.objects.filter(Range(F("id"), [1]));
// @ts-expect-error isnull takes a boolean
Pizza.objects.filter(IsNull(F("id"), 1));
// @ts-expect-error unknown path in a list
Pizza.objects.filter(In(F("id"), [F("nam")]));
// @ts-expect-error a text for a number
Pizza.objects.filter(GreaterThan(Length("name"), "x"));
// @ts-expect-error unknown path in an ordering
Pizza.objects.orderBy(F("nam").desc());
// @ts-expect-error unknown path in a cast
Pizza.objects.annotate({ x: Cast("nam", TextField()) });
// @ts-expect-error unknown path in Substr
Pizza.objects.annotate({ x: Substr("nam", 1) });
// @ts-expect-error unknown path in a length
Pizza.objects.annotate({ x: Left("name", F("nam")) });
// @ts-expect-error unknown path behind others
Pizza.objects.annotate({ x: Concat("name", Value("x"), "nam") });
// @ts-expect-error a text has no year
Pizza.objects.annotate({ x: F("name__year") });
// @ts-expect-error unknown part of a date
Pizza.objects.annotate({ x: F("created__yer") });
// @ts-expect-error in values, too
Pizza.objects.values("created__yer");
// @ts-expect-error a year is a number
Pizza.objects.filter({ created__year: "x" });
// @ts-expect-error one argument
Pizza.objects.annotate({ x: Coalesce("name") });
// @ts-expect-error unknown path of a function by hand
Pizza.objects.annotate({ x: Func("nam", { function: "X" }) });
// @ts-expect-error unknown path beside a good one
Pizza.objects.annotate({ x: Greatest("id", "nam") });
// @ts-expect-error behind a relation to many
Pizza.objects.annotate({ x: Upper("toppings__nam") });
// @ts-expect-error in a filter of an aggregate
Pizza.objects.annotate({ x: Count("toppings", { filter: Q({ toppings__nam: 1 }) }) });
// @ts-expect-error a number is no condition
Pizza.objects.annotate({ x: Count("toppings", { filter: F("id") }) });
// @ts-expect-error a path is no condition
Pizza.objects.annotate({ x: Case(When(F("id"), { then: 1 })) });
// @ts-expect-error unknown path in a subquery
Pizza.objects.annotate({ x: Subquery(Box.objects.values("nam")) });
// @ts-expect-error a model is no queryset
Pizza.objects.annotate({ x: Exists(Box) });
// @ts-expect-error unknown name in a condition of an update
Pizza.objects.update({ name: Case(When({ nam: 1 }, { then: Value("x") })) });

// names
// @ts-expect-error a function has no name of its own
Pizza.objects.annotate(Upper("name"));
// @ts-expect-error nor has an aggregate of an expression
Pizza.objects.aggregate(Sum(F("id").add(1)));
// @ts-expect-error nor has one with a condition
Pizza.objects.aggregate(Count("id", { filter: Q({ name: "x" }) }));
// @ts-expect-error nor has one of two arguments
Pizza.objects.aggregate(StringAgg("name", ","));

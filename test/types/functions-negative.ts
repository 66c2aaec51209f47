/** Functions, conditions, subqueries and windows: what must not compile. Each `@ts-expect-error` names what is wrong. */
import { Count, F, Q, Sum, Value } from "./api.ts";
import {
  Case,
  Cast,
  Coalesce,
  Exact,
  Exists,
  ExtractYear,
  FilteredRelation,
  GreaterThan,
  JSONObject,
  KT,
  Lag,
  RowNumber,
  Subquery,
  Trunc,
  Upper,
  When,
  Window,
} from "./functions-api.ts";
import { Box, Label, Pizza, Price } from "./models.ts";

declare const maybe: string | undefined;

// paths inside functions, wherever an expression stands
// @ts-expect-error unknown path in annotate
Pizza.objects.annotate({ upper: Upper("nam") });
// @ts-expect-error in alias
Pizza.objects.alias({ upper: Upper("nam") });
// @ts-expect-error in values
Pizza.objects.values({ upper: Upper("box__nam") });
// @ts-expect-error in valuesList
Pizza.objects.valuesList(Upper("nam"));
// @ts-expect-error in orderBy
Pizza.objects.orderBy(Upper("nam"));
// @ts-expect-error in orderBy, with a direction
Pizza.objects.orderBy(Upper("nam").desc());
// @ts-expect-error in filter, on the right side
Pizza.objects.filter({ name: Upper("nam") });
// @ts-expect-error the left side, beside an expression
Pizza.objects.filter({ name__like: Upper("name") });
// @ts-expect-error in aggregate
Pizza.objects.aggregate({ n: Sum(Coalesce("nam", 0)) });
// @ts-expect-error in update
Price.objects.update({ currency: Upper("curency") });
// @ts-expect-error in create
Pizza.objects.create({ name: Upper("nam"), price_id: 1 });
// @ts-expect-error deep inside
Pizza.objects.annotate({ name_or_not: Coalesce("name", Upper(Coalesce("box__name", "nam"))) });
// @ts-expect-error in an object
Label.objects.annotate({ object: JSONObject({ code: "tag__cod" }) });
// @ts-expect-error unknown JSON key
Label.objects.annotate({ owner: KT("data__owner__nam") });

// @ts-expect-error the name of a field
Pizza.objects.values({ box: Upper("name") });

// arguments
// @ts-expect-error undefined
Upper(undefined);
// @ts-expect-error perhaps undefined
Upper(maybe);
// @ts-expect-error a cast needs a field
Cast("name", "integer");
// @ts-expect-error a text has no year
Pizza.objects.annotate({ year: ExtractYear("name") });
// @ts-expect-error no such unit
Trunc("created", "decade");
// @ts-expect-error a number is no text
Pizza.objects.filter({ id__gt: 3, name: 3 });

// conditions
// @ts-expect-error unknown name in an object
Pizza.objects.annotate({ x: Case(When({ nam: 1 }, { then: 1 })) });
// @ts-expect-error unknown name in a Q
Pizza.objects.annotate({ x: Case(When(Q({ nam: 1 }), { then: 1 })) });
// @ts-expect-error a value that the lookup does not take
Pizza.objects.annotate({ x: Case(When({ name: 1 }, { then: 1 })) });
// @ts-expect-error not one of the choices
Pizza.objects.annotate({ x: Case(When({ size: "X" }, { then: 1 })) });
// @ts-expect-error unknown path after then
Pizza.objects.annotate({ x: Case(When({ id: 1 }, { then: "nam" })) });
// @ts-expect-error unknown path as default
Pizza.objects.annotate({ x: Case(When({ id: 1 }, { then: 1 }), { default: "nam" }) });
// @ts-expect-error the second branch counts too
Pizza.objects.annotate({ x: Case(When({ id: 1 }, { then: 1 }), When({ nam: 1 }, { then: 1 })) });
// @ts-expect-error no value
When({ id: 1 });
// @ts-expect-error no condition
Case(Value(1));
// @ts-expect-error an expression that is no condition
When(Upper("name"), { then: 1 });
// @ts-expect-error an expression that is no condition
Pizza.objects.filter(Upper("name"));
// @ts-expect-error unknown path in a condition
Pizza.objects.filter(GreaterThan(F("nam"), 3));
// @ts-expect-error unknown path on its right side
Pizza.objects.filter(GreaterThan(F("id"), F("nam")));
// @ts-expect-error a number is no text
Pizza.objects.filter(Exact(F("name"), 3));
// @ts-expect-error the second condition counts too
Pizza.objects.filter({ name: "x" }, Exact(F("nam"), "x"));
// @ts-expect-error unknown name in the filter of an aggregate
Box.objects.annotate({ n: Count("pizza", { filter: { pizza__nam: "x" } }) });

// subqueries
// @ts-expect-error not a queryset
Subquery(Pizza);
// @ts-expect-error not a queryset
Exists({ name: "x" });

// windows
// @ts-expect-error stands in a window only
Pizza.objects.annotate({ row: RowNumber() });
// @ts-expect-error unknown path in the order
Pizza.objects.annotate({ row: Window({ expression: RowNumber(), orderBy: "-nam" }) });
// @ts-expect-error unknown path in a list
Pizza.objects.annotate({ row: Window({ expression: RowNumber(), partitionBy: ["name", "nam"] }) });
// @ts-expect-error unknown path in the function
Pizza.objects.annotate({ row: Window({ expression: Lag("nam"), orderBy: "id" }) });
// @ts-expect-error not a frame
Window({ expression: RowNumber(), frame: 3 });

// relations with a condition
// @ts-expect-error unknown relation
Box.objects.alias({ cheap: FilteredRelation("pizzas") });
// @ts-expect-error unknown name in the condition
Box.objects.alias({ cheap: FilteredRelation("pizza", { condition: Q({ pizza__nam: "x" }) }) });
// @ts-expect-error unknown name behind it
Box.objects.alias({ cheap: FilteredRelation("pizza") }).filter({ cheap__nam: "x" });
// @ts-expect-error unknown path behind it
Box.objects.alias({ cheap: FilteredRelation("pizza") }).values("cheap__nam");

/**
 * What the compiler says: every statement here is wrong, and the line above it holds a part of the message.
 * Compiled by `messages.test.ts` only.
 */
import { CASCADE, Count, F, ForeignKey, Q, Sum } from "../api.ts";
import {
  Abs,
  Case,
  ExtractYear,
  GreaterThan,
  KeyTransform,
  RowNumber,
  Upper,
  When,
  Window,
} from "../functions-api.ts";
import { Label, Pizza, Price, Topping } from "../models.ts";

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are: box, box_id, children, created, id, name, parent, parent_id, price, price_id, size, toppings">
Pizza.objects.filter({ nam: "x" });

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are: id, name, pizza">
Pizza.objects.filter({ box__nam__icontains: "x" });

// FieldError<"Unsupported lookup 'startswith' for testapp.Pizza.created. Choices are: date, day, exact, gt, gte, hour, in, isnull, iso_week_day, iso_year, lt, lte, minute, month, quarter, range, second, time, week, week_day, year">
Pizza.objects.filter({ created__startswith: "x" });

// FieldError<"Unsupported lookup 'like' for testapp.Pizza.name. Choices are: contains, endswith, exact, gt, gte, icontains, iendswith, iexact, in, iregex, isnull, istartswith, lt, lte, range, regex, startswith">
Pizza.objects.filter({ name__like: "x" });

// Type 'number' is not assignable to type 'string'
Pizza.objects.filter({ name: 3 });

// Type 'null' is not assignable to type 'string'
Pizza.objects.filter({ name: null });

// Type '"M"' is not assignable to type '"L" | "S"'
Pizza.objects.filter({ size: "M" });

// FieldError<"The JSON value has no key 'nam'. Choices are: age, name">
Label.objects.filter({ data__owner__nam: "x" });

// FieldError<"Cannot resolve keyword 'nope' into field. Choices are: box, box_id, children, created, id, name, parent, parent_id, price, price_id, size, toppings">
Pizza.Q({ nope: 1 });

// FieldError<"Cannot resolve keyword 'nope' into field. Choices are: box, box_id, children, created, id, name, parent, parent_id, price, price_id, size, toppings">
Pizza.objects.filter(Q({ nope: 1 }));

// FieldError<"Cannot resolve keyword 'nope' into field. Choices are: box, box_id, children, created, id, name, parent, parent_id, price, price_id, size, toppings">
Pizza.objects.filter({ name: F("nope") });

// FieldError<"Cannot resolve keyword 'topings' into field. Choices are: box, box_id, children, created, id, name, parent, parent_id, price, price_id, size, toppings">
Pizza.objects.annotate({ n: Count("topings") });

// FieldError<"The annotation 'name' conflicts with a field on the model.">
Pizza.objects.annotate({ name: Count("toppings") });

// Property 'name' is missing in type '{}' but required in type
Topping.objects.create({});

// Property 'price' is missing in type '{ name: string; }' but required in type
Pizza.objects.create({ name: "x" });

// FieldError<"testapp.Topping has no field 'nam'. Choices are: id, name">
Topping.objects.create({ name: "x", nam: "y" });

// Type 'undefined' is not assignable to type 'string'
Price.objects.create({ amount: 1, currency: undefined });

// Argument of type '"nope"' is not assignable to parameter of type '"box" | "box_id" | "children" | "created" | "id" | "name" | "parent" | "parent_id" | "pk" | "price" | "price_id" | "size" | "toppings"'
Pizza.objects.orderBy("nope");

// Argument of type '"-box__nope"' is not assignable to parameter of type '"-box__id" | "-box__name" | "-box__pizza" | "-box__pk"'
Pizza.objects.orderBy("-box__nope");

// Argument of type '"box__nope"' is not assignable to parameter of type '"box__id" | "box__name" | "box__pizza" | "box__pk" | "name"'
Pizza.objects.values("name", "box__nope");

// Argument of type '"box__nope"' is not assignable to parameter of type '"box__id" | "box__name" | "box__pizza" | "box__pk" | "name"'
Pizza.objects.valuesList("name", "box__nope");

// Argument of type '"name"' is not assignable to parameter of type '"box" | "parent" | "price" | null'
Pizza.objects.selectRelated("name");

// Argument of type '"testapp.Bx"' is not assignable to parameter of type '"testapp.Box" | "testapp.Label" | "testapp.MyPlace" | "testapp.Note" | "testapp.Pizza" | "testapp.Place" | "testapp.Price" | "testapp.Restaurant" | "testapp.Stamped" | "testapp.Tag" | "testapp.Topping"'
ForeignKey("testapp.Bx", { onDelete: CASCADE });

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are: id, name, pizza">
Pizza.objects.annotate({ upper: Upper("box__nam") });

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are:
Pizza.objects.annotate({ kind: Case(When({ nam: 1 }, { then: 1 })) });

// FieldError<"The lookup 'size' does not take this value">
Pizza.objects.annotate({ kind: Case(When({ size: "X" }, { then: 1 })) });

// FieldError<"ExtractYear takes a date or time">
Pizza.objects.annotate({ year: ExtractYear("name") });

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are:
Pizza.objects.filter(GreaterThan(F("nam"), 3));

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are:
Pizza.objects.annotate({ row: Window({ expression: RowNumber(), orderBy: "-nam" }) });

// Type 'WindowFunction<number, never>' is not assignable to type 'AnyExpression<unknown>'
Pizza.objects.annotate({ row: RowNumber() });

// FieldError<"Sum takes a number">
Pizza.objects.annotate({ total: Sum("name") });

// FieldError<"Abs takes a number">
Pizza.objects.annotate({ size_abs: Abs("name") });

// FieldError<"A slice takes a text or an array">
Pizza.objects.annotate({ part: F("id").slice(0, 2) });

// FieldError<"not() takes a condition">
Pizza.objects.filter(F("name").not());

// FieldError<"The JSON value has no key 'nam'. Choices are: owner, tags">
Label.objects.annotate({ key: KeyTransform("nam", "data") });

// FieldError<"Cannot resolve keyword '-name' into field. Choices are:
Pizza.objects.annotate({ row: Window({ expression: RowNumber(), partitionBy: "-name" }) });

// FieldError<"Cannot resolve keyword 'nam' into field. Choices are:
Pizza.objects.annotate({ good: Q({ nam: 1 }) });

// FieldError<"Complex expressions require an alias: { name: expression }">
Pizza.objects.annotate(Upper("name"));

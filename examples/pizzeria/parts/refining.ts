import { Avg, Count, F, Sum, Value } from "asgimod";
import { Order } from "../orders/models.ts";
import { say, show } from "../print.ts";
import { Box, Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "refining";
export const title = "methods that give a new queryset: filter, exclude, annotate, alias, orderBy, ...";

export async function run(): Promise<void> {
  say("filter, exclude: calls chain, and each gives a new queryset.");
  await show(() => Topping.aobjects.filter({ name__startswith: "B" }).exclude({ name: "Basil" }));

  say("annotate adds a value to each object.");
  const pizzas = await show(
    () => Pizza.aobjects.annotate({ n: Count("toppings") }).orderBy("-n", "id"),
    "pizzas",
  );
  await show(() => pizzas.map((pizza) => `${pizza.name}: ${pizza.n}`));
  await show(() => Box.aobjects.annotate({ mean: Avg("pizza__price__amount") }).orderBy("id"));
  await show(() =>
    Pizza.aobjects.annotate({ sold: Sum("orders__count", { default: 0 }), kind: Value("pizza") }),
  );

  say("alias is annotate for values that only the query needs.");
  await show(() => Pizza.aobjects.alias({ n: Count("toppings") }).filter({ n__gt: 3 }));

  say("orderBy, also across relations; reverse turns it round.");
  await show(() => Pizza.aobjects.orderBy("box__name", "-name").valuesList("name", { flat: true }));
  await show(() =>
    Pizza.aobjects.orderBy(F("box__name").desc({ nullsLast: true })).valuesList("name", { flat: true }),
  );
  await show(() => Pizza.aobjects.orderBy("name").reverse().valuesList("name", { flat: true }));

  say("distinct: a join gives a box once for each of its pizzas.");
  await show(() => Box.aobjects.filter({ pizza__price__amount__lt: "10" }).count());
  await show(() => Box.aobjects.filter({ pizza__price__amount__lt: "10" }).distinct().count());

  say("dates and datetimes: the different days, months, hours, ... of a field.");
  await show(() => Order.aobjects.dates("day", "month"));
  await show(() => Order.aobjects.dates("day", "day", "DESC"));
  await show(() => Order.aobjects.datetimes("placed", "hour"));
  await show(() => Order.objects.datetimes("placed", "day", "ASC", { tzinfo: "Asia/Tokyo" }));

  say("none gives nothing and asks nothing; all is a fresh copy.");
  await show(() => Price.aobjects.none());
  await show(() => Price.aobjects.all().count());
}

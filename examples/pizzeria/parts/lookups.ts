import { Order } from "../orders/models.ts";
import { say, show } from "../print.ts";
import { Pizza, Topping } from "../testapp/models.ts";

export const name = "lookups";
export const title = "the conditions of filter, exclude and get";

export async function run(): Promise<void> {
  say("field__lookup, as in Django; the editor completes them, the compiler checks them.");
  await show(() => Topping.aobjects.filter({ name: "Basil" }));
  await show(() => Topping.aobjects.filter({ name__in: ["Basil", "Bacon"] }));
  await show(() => Topping.aobjects.filter({ name__icontains: "MO", id__lte: 4 }));
  await show(() => Topping.aobjects.filter({ name__endswith: "o" }));
  await show(() => Topping.aobjects.filter({ name__regex: "^.o" }));
  await show(() => Topping.aobjects.filter({ id__range: [2, 3] }));

  say("Characters that mean something to LIKE are only characters.");
  await show(() => Topping.aobjects.filter({ name__contains: "%" }).exists());

  say("Null is asked for by isnull, or by the value null.");
  await show(() => Pizza.aobjects.filter({ box__isnull: true }));
  await show(() => Pizza.aobjects.filter({ box: null }).count());

  say("Dates have parts, and parts have lookups.");
  await show(() => Order.aobjects.filter({ placed__date: "2024-01-15" }).count());
  await show(() => Order.aobjects.filter({ placed__hour__gte: 19 }).count());
  await show(() => Order.aobjects.filter({ day__month: 2 }));

  say("A queryset is a subquery, an object is its key.");
  await show(() => Pizza.aobjects.filter({ toppings__in: Topping.aobjects.filter({ name: "Bacon" }) }));
  const order = await show(() => Order.aobjects.earliest(), "order");
  await show(() => Pizza.aobjects.filter({ orders: order }));

  say(
    "Over a relation with many rows, one filter() means one row, two mean any two. exclude() asks for none.",
  );
  await show(() => Pizza.aobjects.filter({ toppings__name: "Tomato", toppings__id: 3 }).count());
  await show(() => Pizza.aobjects.filter({ toppings__name: "Tomato" }).filter({ toppings__id: 3 }).count());
  await show(() => Pizza.aobjects.exclude({ toppings__name: "Tomato" }));
}

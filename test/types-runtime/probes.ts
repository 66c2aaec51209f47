/** One object of every kind that the public types describe; the test compares its members with its type. */
import { Count, F, Prefetch, Q, Value } from "asgimod";
import { Order } from "../../examples/pizzeria/orders/models.ts";
import { Box, Pizza, Price, Topping } from "../../examples/pizzeria/testapp/models.ts";

/** Needs the rows of the example. */
export function probes() {
  const pizza = Pizza.objects.get({ id: 1 });
  const box = Box.objects.get({ id: 2 });
  const topping = Topping.objects.get({ id: 1 });
  return {
    "a sync queryset": Pizza.objects.all(),
    "an async queryset": Pizza.aobjects.all(),
    "a sync queryset of rows": Pizza.objects.values("name"),
    "an async queryset of rows": Pizza.aobjects.valuesList("name", { flat: true }),
    "a sync manager": Pizza.objects,
    "an async manager": Pizza.aobjects,
    "a sync manager with methods of one's own": Pizza.objects.extend({
      cheap() {
        return this.filter({ price__amount__lt: "8" });
      },
    }),
    "an async queryset with methods of one's own": Pizza.aobjects.all().extend({
      cheap() {
        return this.filter({ price__amount__lt: "8" });
      },
    }),
    "a sync manager of many-to-one": box.pizza_set,
    "an async manager of many-to-one": box.apizza_set,
    "a sync manager of many-to-one that cannot be null": pizza.orders,
    "a sync manager of many-to-many": pizza.toppings,
    "an async manager of many-to-many": pizza.atoppings,
    "a sync manager of many-to-many, from the other side": topping.pizza_set,
    "an async manager of many-to-many, from the other side": topping.apizza_set,
    "a sync queryset of a related manager": box.pizza_set.filter({ id: 1 }),
    "an async queryset of a related manager": pizza.atoppings.filter({ id: 1 }),
    "a sync raw queryset": Pizza.objects.raw("SELECT id FROM testapp_pizza"),
    "an async raw queryset": Pizza.aobjects.raw("SELECT id FROM testapp_pizza"),
    "an object": pizza,
    "an object with choices": Order.objects.get({ id: 1 }),
    "an object at the end of one-to-one": Price.objects.get({ id: 1 }),
    "a model class": Pizza,
    "a condition": Q({ name: "x" }),
    "a condition of a model": Pizza.Q({ name: "x" }),
    "an expression": F("name"),
    arithmetic: F("id").add(1),
    "an order": F("name").desc(),
    "a value": Value(1),
    "an aggregate": Count("toppings"),
    "a prefetch": Prefetch("toppings"),
    "a declared field": Pizza.fields.name,
    "a declared relation": Pizza.fields.box,
  };
}

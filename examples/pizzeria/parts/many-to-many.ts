import { say, show } from "../print.ts";
import { Pizza, Topping } from "../testapp/models.ts";

export const name = "many-to-many";
export const title = "toppings of pizzas, pizzas of toppings";

export async function run(): Promise<void> {
  const pizza = await show(() => Pizza.aobjects.get({ name: "Margherita" }), "pizza");
  const hawaii = await show(() => Pizza.aobjects.get({ name: "Hawaii" }), "hawaii");
  const bacon = await show(() => Topping.aobjects.get({ name: "Bacon" }), "bacon");
  const mushroom = await show(() => Topping.aobjects.get({ name: "Mushroom" }), "mushroom");

  say("From the side that declares the relation.");
  await show(() => pizza.atoppings.all());
  await show(() => pizza.atoppings.all().exists());
  await show(() => pizza.atoppings.add(bacon, mushroom));
  await show(() => pizza.atoppings.filter({ name__startswith: "B" }).orderBy("name"));
  await show(() => pizza.atoppings.remove(bacon));
  await show(() => pizza.atoppings.set([bacon, mushroom]));
  await show(() => pizza.atoppings.valuesList("name", { flat: true }));
  await show(() => pizza.atoppings.clear());
  await show(() => pizza.atoppings.count());

  say("Toppings can be made on a pizza.");
  await show(() => pizza.atoppings.create({ name: "Capers" }));
  await show(() => pizza.atoppings.getOrCreate({ name: "Capers" }));
  await show(() => pizza.atoppings.getOrCreate({ name: "Olives" }));
  await show(() =>
    pizza.atoppings.updateOrCreate({ name: "Olives" }, { defaults: { name: "Black olives" } }),
  );
  await show(() => pizza.atoppings.all());

  say("From the other side.");
  await show(() => mushroom.apizza_set.all().exists());
  await show(() => mushroom.apizza_set.add(pizza));
  await show(() => mushroom.apizza_set.set([pizza, hawaii]));
  await show(() => mushroom.apizza_set.valuesList("name", { flat: true }));
  await show(() => mushroom.apizza_set.remove(hawaii));
  await show(() => mushroom.apizza_set.count());

  say("The same on the synchronous half, where keys do as well as objects.");
  await show(() => pizza.toppings.add(1, 2));
  await show(() => pizza.toppings.orderBy("name").valuesList("name", { flat: true }));
  await show(() => mushroom.pizza_set.all());
  await show(() => pizza.toppings.clear());
  await show(() => pizza.toppings.exists());
}

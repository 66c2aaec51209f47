import { say, show } from "../print.ts";
import { Box, Pizza, Price } from "../testapp/models.ts";

export const name = "many-to-one";
export const title = "the many objects behind a foreign key";

export async function run(): Promise<void> {
  const medium = await show(() => Box.aobjects.get({ name: "medium" }), "medium");
  const calzone = await show(() => Pizza.aobjects.get({ name: "Calzone" }), "calzone");

  say("The related manager has every method of a queryset, for the pizzas of this box alone.");
  await show(() => medium.apizza_set.all());
  await show(() => medium.apizza_set.all().get({ id: 1 }));
  await show(() => medium.apizza_set.filter({ id__gt: 1 }).orderBy("name").count());
  await show(() => medium.apizza_set.exists());
  await show(async () => {
    const names = [];
    for await (const pizza of medium.apizza_set.all()) names.push(pizza.name);
    return names;
  });

  say("add, remove, clear and set change the foreign key of the pizzas.");
  await show(() => medium.apizza_set.add(calzone));
  await show(() => medium.apizza_set.count());
  await show(() => medium.apizza_set.remove(calzone));
  await show(() => medium.apizza_set.valuesList("name", { flat: true }));
  await show(() => medium.apizza_set.set([calzone]));
  await show(() => medium.apizza_set.valuesList("name", { flat: true }));
  await show(() => medium.apizza_set.clear());
  await show(() => Pizza.aobjects.filter({ box: medium }).count());

  say("A pizza can be made in its box.");
  const price = await show(() => Price.aobjects.create({ amount: "8.20" }), "price");
  await show(() => medium.apizza_set.create({ name: "Marinara", price }));
  await show(() => medium.apizza_set.getOrCreate({ name: "Marinara" }, { defaults: { price } }));
  await show(() => medium.apizza_set.updateOrCreate({ name: "Marinara" }, { defaults: { name: "Napoli" } }));

  say("The same on the synchronous half.");
  await show(() => medium.pizza_set.all());
  await show(() => medium.pizza_set.add(calzone, { bulk: false }));
  await show(() => medium.pizza_set.orderBy("-name").valuesList("name", { flat: true }));
  await show(() => medium.pizza_set.set([], { clear: true }));
  await show(() => medium.pizza_set.exists());
}

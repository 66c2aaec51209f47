import { fails, say, show } from "../print.ts";
import { Box, Pizza, Price } from "../testapp/models.ts";

export const name = "relations";
export const title = "relations to one object";

export async function run(): Promise<void> {
  const pizza = await show(() => Pizza.aobjects.get({ name: "Hawaii" }), "pizza");

  say("A foreign key: the key is a column of its own, the object is loaded when it is asked for.");
  await show(() => pizza.box_id);
  await show(() => pizza.abox);
  say("It is remembered: now it can be read without a query, and without await.");
  await show(() => pizza.box?.name);

  say("A one-to-one relation, from both sides.");
  await show(() => pizza.aprice);
  const price = await show(() => Price.aobjects.get({ amount: "7.50" }), "price");
  await show(() => price.apizza);

  say("On the embedded SQLite the synchronous half loads what is missing.");
  await show(() => Pizza.objects.get({ name: "Funghi" }).box?.name);
  await show(() => Pizza.objects.get({ name: "Funghi" }).price.amount);
  await show(() => Price.objects.get({ amount: "12.50" }).pizza.name);

  say("Assigning an object sets the key; a changed key makes the remembered object stale.");
  await show(() => {
    pizza.box = Box.objects.get({ name: "small" });
    return pizza.box_id;
  });
  await show(() => pizza.asave());
  await show(() => {
    pizza.box_id = 2;
    return pizza.abox;
  });
  await show(() => {
    pizza.box = null;
    return pizza.box_id;
  });

  say("Where no pizza has this price, the way back has nothing to give.");
  const unused = await show(() => Price.aobjects.create({ amount: "1.00" }), "unused");
  await fails(() => unused.apizza);
  await fails(() => unused.pizza);

  say("Relations in queries, in both directions and to any depth.");
  await show(() => Pizza.aobjects.filter({ box__name: "medium" }));
  await show(() => Price.aobjects.filter({ pizza__box__name: "large" }));
  await show(() => Box.aobjects.filter({ pizza__toppings__name: "Basil" }));
  await show(() => Pizza.objects.filter({ orders__day__year: 2024, box__isnull: false }).distinct());
}

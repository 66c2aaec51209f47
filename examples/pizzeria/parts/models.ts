import { Decimal } from "asgimod";
import { Order } from "../orders/models.ts";
import { fails, say, show } from "../print.ts";
import { Box, Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "models";
export const title = "objects, and saving them";

export async function run(): Promise<void> {
  say("A new object exists in memory until it is saved.");
  const box = await show(() => new Box({ name: "family" }), "box");
  await show(() => box.pk);
  await show(() => box.asave());
  await show(() => box.pk);

  say("The synchronous half has the same methods without the 'a'.");
  await show(() => {
    box.name = "party";
    box.save({ updateFields: ["name"] });
  });
  await show(() => Box.objects.get({ id: box.id }));

  say("Defaults are filled in, and columns have their own types: a price is a decimal, never a float.");
  const price = await show(() => Price.aobjects.create({ amount: new Decimal("9.90") }), "price");
  await show(() => price.currency);
  await show(() => price.amount.add("0.10"));
  await show(() => price.amount instanceof Decimal);

  say("What changes in the database is not seen until the object is read again.");
  await show(() => Price.aobjects.filter({ id: price.id }).update({ currency: "eur" }));
  await show(() => price.currency);
  await show(() => price.arefreshFromDb());
  await show(() => price.currency);
  await show(() => price.refreshFromDb({ fields: ["amount"] }));

  say(
    "A model is a class: it has getters and methods of its own. Objects are equal when they are the same row.",
  );
  const pizza = await show(() => Pizza.aobjects.get({ name: "Hawaii" }), "pizza");
  await show(() => pizza.shout);
  await show(() => pizza.equals(Pizza.objects.get({ pk: pizza.pk })));
  await show(() => pizza === Pizza.objects.get({ pk: pizza.pk }));
  await show(() => String(pizza));
  await show(() => JSON.stringify(pizza));

  say("Choices have a text to display, and their type is the union of their values.");
  const order = await show(() => Order.aobjects.latest(), "order");
  await show(() => order.status);
  await show(() => order.get_status_display());

  say("Validation is not part of saving, as in Django.");
  await fails(() => new Topping({ name: "" }).fullClean());

  say(
    "Deleting tells what was deleted, in all and by model: a price takes its pizza along, and that its orders.",
  );
  await show(() => box.adelete());
  await show(() => box.pk);
  await show(() => Price.objects.get({ amount: "7.50" }).delete());

  say("An insert can be forced, and an update.");
  await fails(() => new Box({ id: 1, name: "small" }).asave({ forceInsert: true }));
  await fails(() => new Box({ id: 99, name: "lost" }).asave({ forceUpdate: true }));
}

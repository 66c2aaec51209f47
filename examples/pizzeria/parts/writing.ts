import { F } from "asgimod";
import { say, show } from "../print.ts";
import { Box, Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "writing";
export const title = "create, update, delete, and many at once";

export async function run(): Promise<void> {
  say("One object.");
  await show(() => Topping.aobjects.create({ name: "Olives" }));
  await show(() => Topping.aobjects.getOrCreate({ name: "Olives" }));
  await show(() => Price.aobjects.getOrCreate({ amount: "5.00" }, { defaults: { currency: "chf" } }));
  await show(() =>
    Topping.aobjects.updateOrCreate({ name: "Olives" }, { defaults: { name: "Black olives" } }),
  );
  await show(() => Box.objects.updateOrCreate({ name: "tiny" }, { createDefaults: { name: "mini" } }));

  say("Many objects, one statement.");
  const made = await show(
    () => Topping.aobjects.bulkCreate([new Topping({ name: "Ham" }), new Topping({ name: "Leek" })]),
    "made",
  );
  await show(() => {
    for (const topping of made) topping.name += "!";
    return Topping.aobjects.bulkUpdate(made, ["name"]);
  });
  await show(() => Topping.aobjects.filter({ name__endswith: "!" }).valuesList("name", { flat: true }));
  await show(
    () => Box.objects.bulkCreate([new Box({ id: 1, name: "small" })], { ignoreConflicts: true }).length,
  );
  await show(() =>
    Box.objects.bulkCreate([new Box({ id: 1, name: "petite" })], {
      updateConflicts: true,
      uniqueFields: ["id"],
      updateFields: ["name"],
    }),
  );
  await show(() => Box.objects.get({ id: 1 }));

  say("update changes rows without loading them; it gives how many.");
  await show(() => Price.aobjects.filter({ currency: "usd" }).update({ amount: F("amount").mul(2) }));
  await show(() => Price.aobjects.valuesList("amount", { flat: true }));
  await show(() =>
    Pizza.objects.filter({ box__isnull: true }).update({ box: Box.objects.get({ name: "large" }) }),
  );

  say(
    "delete takes along what depends on the rows, as onDelete says; it gives how many, and of which models.",
  );
  await show(() => Topping.aobjects.filter({ name__endswith: "!" }).delete());
  await show(() => Box.aobjects.filter({ name: "medium" }).delete());
  await show(() => Pizza.aobjects.filter({ box__isnull: true }).count());
  await show(() => Pizza.objects.filter({ name: "Hawaii" }).delete());
}

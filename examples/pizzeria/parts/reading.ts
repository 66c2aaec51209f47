import { Avg, Count, Max, Min, Q, Sum } from "asgimod";
import { Order } from "../orders/models.ts";
import { say, show } from "../print.ts";
import { Box, Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "reading";
export const title = "methods that give a result: get, first, count, aggregate, ...";

export async function run(): Promise<void> {
  say("One object.");
  await show(() => Price.aobjects.get({ id: 1 }));
  await show(() => Pizza.aobjects.first());
  await show(() => Pizza.aobjects.last());
  await show(() => Pizza.aobjects.filter({ name: "Quattro" }).first());
  await show(() => Price.aobjects.earliest("amount"));
  await show(() => Price.aobjects.latest("amount"));
  await show(() => Order.objects.latest().placed);

  say("A number, a yes or no.");
  await show(() => Pizza.aobjects.count());
  await show(() => Pizza.aobjects.filter({ price__amount__gt: "100" }).exists());
  const basil = await show(() => Topping.aobjects.get({ name: "Basil" }), "basil");
  await show(() => Topping.aobjects.filter({ pizza__name: "Margherita" }).contains(basil));

  say("Objects by key.");
  await show(() => Box.aobjects.inBulk([1, 3]));
  await show(() => Price.objects.inBulk([2]).get(2)?.amount);

  say("Values over all rows.");
  await show(() => Price.aobjects.aggregate(Max("amount"), Min("amount")));
  await show(() => Price.aobjects.aggregate({ sum: Sum("amount"), mean: Avg("amount"), n: Count("id") }));
  await show(() => Pizza.objects.aggregate({ boxed: Count("id", { filter: Q({ box__isnull: false }) }) }));
  await show(() => Price.objects.none().aggregate({ sum: Sum("amount", { default: 0 }) }));

  say("iterator streams the rows, and keeps none.");
  await show(async () => {
    let letters = 0;
    for await (const topping of Topping.aobjects.iterator({ chunkSize: 2 })) letters += topping.name.length;
    return letters;
  });
  await show(() => [...Box.objects.iterator()].map((box) => box.name));
}

import { define, fails, say, show } from "../print.ts";
import { Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "evaluation";
export const title = "when a queryset asks the database";

export async function run(): Promise<void> {
  say("Building a queryset asks nothing. What it will ask can be read.");
  const cheap = define("cheap", () => Pizza.aobjects.filter({ price__amount__lt: "10" }));
  await show(() => String(cheap));
  await show(() => String(Topping.objects.filter({ name: "Basil" })));

  say("eval(), await and for await ask.");
  await show(() => Topping.aobjects.all().eval());
  await show(() => Topping.aobjects.filter({ name__startswith: "B" }));
  await show(async () => {
    const currencies = new Set();
    for await (const price of Price.aobjects.filter({ currency: "usd" })) currencies.add(price.currency);
    return currencies;
  });
  await show(() => {
    const names = [];
    for (const topping of Topping.objects.all()) names.push(topping.name);
    return names;
  });

  say("The rows are kept: asking the same queryset again costs nothing.");
  await show(() => cheap.eval());
  await show(() => cheap.count());

  say("A slice is a queryset, an index is a row.");
  await show(() => Price.aobjects.all().slice(0, 2).eval());
  await show(() => Price.aobjects.all().slice(1, 2));
  await show(() => Price.aobjects.orderBy("-amount").slice(1));
  await show(() => Price.aobjects.all()[0]);
  await show(() => Price.aobjects.all().slice(0, 5)[0]);
  await show(() => Price.aobjects.filter({ amount__gte: "9.99" })[0]);
  await show(() => Price.aobjects.all().item(1));
  await show(() => Price.aobjects.orderBy("amount").at(-1));
  await show(() => Price.objects.orderBy("amount")[1]);
  await fails(() => Price.aobjects.all()[9]);

  say("An async queryset has no length and no truth value, because both would need a query.");
  await fails(() => Reflect.get(Topping.aobjects.all(), "length"));
  await fails(() => Number(Topping.aobjects.all()));
  await show(() => Topping.objects.all().length);
}

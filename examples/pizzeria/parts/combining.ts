import { define, say, show } from "../print.ts";
import { Box, Pizza, Topping } from "../testapp/models.ts";

export const name = "combining";
export const title = "union, intersection, difference";

export async function run(): Promise<void> {
  const early = define("early", () => Topping.aobjects.filter({ id__lte: 4 }));
  const late = define("late", () => Topping.aobjects.filter({ id__gte: 3 }));

  await show(() => early.union(late).orderBy("id").valuesList("name", { flat: true }));
  await show(() => early.union(late, { all: true }).count());
  await show(() => early.intersection(late).orderBy("name"));
  await show(() => early.difference(late).orderBy("-name"));

  say(
    "Rows of different models can be united when their columns fit. The parts must not be ordered: orderBy() says so.",
  );
  await show(() =>
    Box.aobjects
      .valuesList("name", { flat: true })
      .union(Pizza.aobjects.orderBy().valuesList("name", { flat: true })),
  );

  say("The same on the synchronous half.");
  await show(() =>
    Topping.objects
      .filter({ id: 1 })
      .union(Topping.objects.filter({ id: 6 }))
      .orderBy("-id"),
  );
}

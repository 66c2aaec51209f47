import { Count, Prefetch } from "asgimod";
import { say, show } from "../print.ts";
import { Box, Pizza, Topping } from "../testapp/models.ts";

export const name = "loading";
export const title = "selectRelated, prefetchRelated, only, defer";

export async function run(): Promise<void> {
  say("selectRelated loads the one object of a relation by a join: one query for all.");
  await show(() => {
    const lines = [];
    for (const pizza of Pizza.objects.selectRelated("box", "price")) {
      lines.push(`${pizza.name}: ${pizza.price.amount} in ${pizza.box?.name ?? "no box"}`);
    }
    return lines;
  });

  say("prefetchRelated loads the many objects of a relation by a second query for all.");
  await show(async () => {
    const lines = [];
    for await (const pizza of Pizza.aobjects.prefetchRelated("toppings")) {
      lines.push(`${pizza.name}: ${(await pizza.atoppings.all()).map((topping) => topping.name).join(", ")}`);
    }
    return lines;
  });
  await show(async () => {
    const boxes = await Box.aobjects.prefetchRelated("pizza_set__price", "pizza_set__toppings");
    return boxes.map((box) => box.pizza_set.all().eval().length);
  });

  say("Prefetch loads a queryset of your own, here into an attribute of your own.");
  const boxes = await show(
    () =>
      Box.aobjects.prefetchRelated(
        Prefetch("pizza_set", {
          queryset: Pizza.aobjects.filter({ price__amount__lt: "10" }),
          toAttr: "cheap",
        }),
      ),
    "boxes",
  );
  await show(() => boxes.map((box) => box.cheap.length));

  say("only and defer leave columns out; reading one later loads it.");
  const pizza = await show(() => Pizza.aobjects.only("name").get({ id: 1 }), "pizza");
  await show(() => pizza.getDeferredFields());
  await show(() => pizza.box_id);
  await show(() => Pizza.objects.defer("name").get({ id: 2 }));
  await show(() => Pizza.objects.defer("name").get({ id: 2 }).name);

  say("They go together with everything else.");
  await show(() =>
    Topping.aobjects
      .annotate({ n: Count("pizza") })
      .filter({ n__gte: 2 })
      .orderBy("-n", "name")
      .only("name"),
  );
}

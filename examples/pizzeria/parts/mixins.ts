import {
  AsyncManager,
  AsyncManyToManyRelatedManager,
  AsyncManyToOneRelatedManager,
  AsyncQuerySet,
} from "asgimod/db";
import { Courier } from "../orders/models.ts";
import { say, show } from "../print.ts";
import { Box, Pizza } from "../testapp/models.ts";

export const name = "mixins";
export const title = "the two halves of a model, and the classes of the asynchronous one";

export async function run(): Promise<void> {
  say("A model is AsyncMixin(SyncModel(...)): objects and save, aobjects and asave.");
  const courier = await show(() => Courier.objects.create({ name: "Ada" }), "courier");
  await show(() => {
    courier.name = "Ada L.";
    return courier.asave();
  });
  await show(() => Courier.aobjects.get({ name: "Ada L." }));
  await show(() => courier.adelete());

  say("asgimod/db exports the classes, to be asked for and to name types.");
  const medium = await show(() => Box.aobjects.get({ name: "medium" }), "medium");
  const pizza = await show(() => Pizza.aobjects.get({ name: "Funghi" }), "pizza");
  await show(() => Pizza.aobjects.all() instanceof AsyncQuerySet);
  await show(() => Pizza.aobjects instanceof AsyncManager);
  await show(() => medium.apizza_set instanceof AsyncManyToOneRelatedManager);
  await show(() => pizza.atoppings instanceof AsyncManyToManyRelatedManager);
}

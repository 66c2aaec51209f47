/** The classes of `asgimod/db`: what is one of them, and their types. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AsyncManager,
  AsyncManyToManyRelatedManager,
  AsyncManyToManyRelatedQuerySet,
  AsyncManyToOneRelatedManager,
  AsyncManyToOneRelatedQuerySet,
  AsyncQuerySet,
} from "asgimod/db";
import { Box, names, Pizza, pizzeria } from "./setup.ts";

pizzeria();

test("querysets", () => {
  assert(Pizza.aobjects.all() instanceof AsyncQuerySet);
  assert(Pizza.aobjects.values("name").slice(0, 1) instanceof AsyncQuerySet);
  assert.equal((Pizza.objects.all() as unknown) instanceof AsyncQuerySet, false);
});

test("managers", () => {
  assert(Pizza.aobjects instanceof AsyncManager);
  assert.equal((Pizza.objects as unknown) instanceof AsyncManager, false);
});

test("related managers, and the querysets that they give", async () => {
  const box = await Box.aobjects.get({ id: 2 });
  const pizza = await Pizza.aobjects.get({ id: 1 });
  assert(box.apizza_set instanceof AsyncManyToOneRelatedManager);
  assert(box.apizza_set.filter({ id: 1 }) instanceof AsyncManyToOneRelatedQuerySet);
  assert(pizza.atoppings instanceof AsyncManyToManyRelatedManager);
  assert(pizza.atoppings.all() instanceof AsyncManyToManyRelatedQuerySet);
  assert.equal((box.pizza_set as unknown) instanceof AsyncManyToOneRelatedManager, false);
  assert.equal((box.apizza_set as unknown) instanceof AsyncManyToManyRelatedManager, false);
});

test("their names are types, too", async () => {
  const shorten = async (pizzas: AsyncQuerySet<"testapp.Pizza">): Promise<string[]> =>
    names(await pizzas.slice(0, 2));
  const fill = async (
    manager: AsyncManyToOneRelatedManager<"testapp.Pizza">,
    pizza: Pizza,
  ): Promise<number> => {
    await manager.add(pizza);
    return await manager.count();
  };
  const count = (manager: AsyncManager<"testapp.Pizza">): Promise<number> => manager.count();
  assert.deepEqual(await shorten(Pizza.aobjects.filter({ id__gt: 1 })), ["Funghi", "Hawaii"]);
  assert.equal(
    await fill((await Box.aobjects.get({ id: 2 })).apizza_set, await Pizza.aobjects.get({ id: 4 })),
    3,
  );
  assert.equal(await count(Pizza.aobjects), 4);
});

/** Relations of every kind, from both sides, in both colours. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countQueries, ObjectDoesNotExist, ValueError } from "asgimod";
import { Box, both, names, Order, Pizza, Price, pizzeria, Topping } from "./setup.ts";

pizzeria();

describe("one-to-one, forward", () => {
  test("apizza.aprice loads once and remembers", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    const first = await countQueries(() => pizza.aprice);
    assert(first.value instanceof Price);
    assert.equal(first.value.amount.toString(), "7.50");
    assert.equal(first.count, 1);
    const again = await countQueries(() => pizza.aprice);
    assert.equal(again.value, first.value);
    assert.equal(again.count, 0);
    assert.equal(countQueries(() => pizza.price).count, 0);
    assert.equal(pizza.price, first.value);
  });

  test("pizza.price loads too, on the embedded database", () => {
    const pizza = Pizza.objects.get({ id: 1 });
    const { value, count } = countQueries(() => pizza.price);
    assert.equal(value.amount.toString(), "7.50");
    assert.equal(count, 1);
    assert.equal(countQueries(() => pizza.price).count, 0);
  });

  test("both ends know each other", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    const price = await pizza.aprice;
    const { value, count } = await countQueries(() => price.apizza);
    assert.equal(value, pizza);
    assert.equal(count, 0);
  });
});

describe("one-to-one, back", () => {
  test("price.apizza", async () => {
    const price = await Price.aobjects.get({ id: 1 });
    const { value, count } = await countQueries(() => price.apizza);
    assert(value instanceof Pizza);
    assert.equal(value.name, "Margherita");
    assert.equal(count, 1);
    assert.equal(price.pizza, value);
  });

  test("price.pizza", () => {
    const { value, count } = countQueries(() => Price.objects.get({ id: 2 }).pizza);
    assert.equal(value.name, "Funghi");
    assert.equal(count, 2);
  });

  test("where there is none: the related model's DoesNotExist", async () => {
    const price = await Price.aobjects.create({ amount: "1.00" });
    for (const ask of [async () => await price.apizza, async () => price.pizza]) {
      await assert.rejects(ask, (error) => {
        assert(error instanceof Pizza.DoesNotExist);
        assert(error instanceof ObjectDoesNotExist);
        assert.equal(error.message, "Price has no pizza.");
        return true;
      });
    }
  });
});

describe("foreign key, forward", () => {
  test("pizza.abox", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    assert.equal(pizza.box_id, 2);
    const { value, count } = await countQueries(() => pizza.abox);
    assert(value instanceof Box);
    assert.equal(value.name, "medium");
    assert.equal(count, 1);
    assert.equal(pizza.box, value);
  });

  test("pizza.box", () => {
    const pizza = Pizza.objects.get({ id: 3 });
    assert.equal(pizza.box?.name, "large");
  });

  test("null asks nothing", async () => {
    const pizza = await Pizza.aobjects.get({ id: 4 });
    const { value, count } = await countQueries(() => pizza.abox);
    assert.equal(value, null);
    assert.equal(count, 0);
    assert.equal(pizza.box, null);
  });

  test("assigning an object sets the key, and is saved", async () => {
    const pizza = await Pizza.aobjects.get({ id: 4 });
    const small = await Box.aobjects.get({ name: "small" });
    pizza.box = small;
    assert.equal(pizza.box_id, small.id);
    assert.equal(await pizza.abox, small);
    await pizza.asave();
    assert.equal((await Pizza.aobjects.get({ id: 4 })).box_id, small.id);
    pizza.box = null;
    assert.equal(pizza.box_id, null);
    pizza.save();
    assert.equal(Pizza.objects.get({ id: 4 }).box, null);
  });

  test("a changed key makes the remembered object stale", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    assert.equal((await pizza.abox)?.name, "medium");
    pizza.box_id = 3;
    assert.equal((await pizza.abox)?.name, "large");
    pizza.box_id = null;
    assert.equal(pizza.box, null);
  });

  test("an object of another model is refused", () => {
    const pizza = Pizza.objects.get({ id: 1 });
    assert.throws(() => {
      // @ts-expect-error a topping is no box
      pizza.box = Topping.objects.get({ id: 1 });
    }, ValueError);
  });

  test("a row that is gone is DoesNotExist", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    pizza.box_id = 99;
    await assert.rejects(async () => await pizza.abox, Box.DoesNotExist);
  });
});

describe("foreign key, back", () => {
  both(
    "all",
    {
      async: async () => (await Box.aobjects.get({ id: 2 })).apizza_set.all().eval(),
      sync: () => Box.objects.get({ id: 2 }).pizza_set.all().eval(),
      queries: 2,
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Margherita", "Funghi"]),
  );
  both(
    "get, among the related objects alone",
    {
      async: async () => (await Box.aobjects.get({ id: 2 })).apizza_set.all().get({ id: 1 }),
      sync: () => Box.objects.get({ id: 2 }).pizza_set.all().get({ id: 1 }),
    },
    (pizza) => assert.equal(pizza.name, "Margherita"),
  );
  both(
    "filter, orderBy, count",
    {
      async: async () =>
        (await Box.aobjects.get({ id: 2 })).apizza_set.filter({ id__gt: 1 }).orderBy("name").count(),
      sync: () => Box.objects.get({ id: 2 }).pizza_set.filter({ id__gt: 1 }).orderBy("name").count(),
    },
    (count) => assert.equal(count, 1),
  );
  both(
    "add",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 2 });
        await box.apizza_set.add(await Pizza.aobjects.get({ id: 4 }));
        return await box.apizza_set.count();
      },
      sync: () => {
        const box = Box.objects.get({ id: 2 });
        box.pizza_set.add(Pizza.objects.get({ id: 4 }));
        return box.pizza_set.count();
      },
      queries: 4,
    },
    (count) => assert.equal(count, 3),
  );
  both(
    "add, one by one",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 2 });
        const pizza = await Pizza.aobjects.get({ id: 4 });
        await box.apizza_set.add(pizza, { bulk: false });
        return [pizza.box_id, await box.apizza_set.count()];
      },
      sync: () => {
        const box = Box.objects.get({ id: 2 });
        const pizza = Pizza.objects.get({ id: 4 });
        box.pizza_set.add(pizza, { bulk: false });
        return [pizza.box_id, box.pizza_set.count()];
      },
    },
    (found) => assert.deepEqual(found, [2, 3]),
  );
  both(
    "remove",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 2 });
        await box.apizza_set.remove(await Pizza.aobjects.get({ id: 1 }));
        return await Pizza.aobjects.get({ id: 1 });
      },
      sync: () => {
        const box = Box.objects.get({ id: 2 });
        box.pizza_set.remove(Pizza.objects.get({ id: 1 }));
        return Pizza.objects.get({ id: 1 });
      },
    },
    (pizza) => assert.equal(pizza.box_id, null),
  );
  both(
    "clear",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 2 });
        await box.apizza_set.clear();
        return await Pizza.aobjects.filter({ box__isnull: true }).count();
      },
      sync: () => {
        Box.objects.get({ id: 2 }).pizza_set.clear();
        return Pizza.objects.filter({ box__isnull: true }).count();
      },
    },
    (count) => assert.equal(count, 3),
  );
  both(
    "set leaves exactly these",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 2 });
        await box.apizza_set.set(await Pizza.aobjects.filter({ id__in: [2, 4] }));
        return await box.apizza_set.all().eval();
      },
      sync: () => {
        const box = Box.objects.get({ id: 2 });
        box.pizza_set.set(Pizza.objects.filter({ id__in: [2, 4] }));
        return box.pizza_set.all().eval();
      },
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Funghi", "Calzone"]),
  );
  both(
    "set, after clearing",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 2 });
        await box.apizza_set.set([await Pizza.aobjects.get({ id: 3 })], { clear: true });
        return await box.apizza_set.valuesList("name", { flat: true }).eval();
      },
      sync: () => {
        const box = Box.objects.get({ id: 2 });
        box.pizza_set.set([Pizza.objects.get({ id: 3 })], { clear: true });
        return box.pizza_set.valuesList("name", { flat: true }).eval();
      },
    },
    (found) => assert.deepEqual(found, ["Hawaii"]),
  );
  both(
    "create puts the new object in the box",
    {
      async: async () => {
        const price = await Price.aobjects.create({ amount: "8.00" });
        return await (await Box.aobjects.get({ id: 1 })).apizza_set.create({ name: "Marinara", price });
      },
      sync: () => {
        const price = Price.objects.create({ amount: "8.00" });
        return Box.objects.get({ id: 1 }).pizza_set.create({ name: "Marinara", price });
      },
    },
    (pizza) => {
      assert.equal(pizza.box_id, 1);
      assert.equal(Pizza.objects.get({ pk: pizza.pk }).box?.name, "small");
    },
  );
  both(
    "getOrCreate and updateOrCreate",
    {
      async: async () => {
        const price = await Price.aobjects.create({ amount: "8.00" });
        const box = await Box.aobjects.get({ id: 1 });
        const made = await box.apizza_set.getOrCreate({ name: "Marinara" }, { defaults: { price } });
        const found = await box.apizza_set.getOrCreate({ name: "Marinara" }, { defaults: { price } });
        const updated = await box.apizza_set.updateOrCreate(
          { name: "Marinara" },
          { defaults: { name: "Napoli" } },
        );
        return [made[1], found[1], updated[1], updated[0].name, updated[0].box_id];
      },
      sync: () => {
        const price = Price.objects.create({ amount: "8.00" });
        const box = Box.objects.get({ id: 1 });
        const made = box.pizza_set.getOrCreate({ name: "Marinara" }, { defaults: { price } });
        const found = box.pizza_set.getOrCreate({ name: "Marinara" }, { defaults: { price } });
        const updated = box.pizza_set.updateOrCreate({ name: "Marinara" }, { defaults: { name: "Napoli" } });
        return [made[1], found[1], updated[1], updated[0].name, updated[0].box_id];
      },
    },
    (results) => assert.deepEqual(results, [true, false, false, "Napoli", 1]),
  );

  test("the objects know the box that they came from", async () => {
    const box = await Box.aobjects.get({ id: 2 });
    const pizzas = await box.apizza_set.all();
    const { count } = countQueries(() => pizzas.map((pizza) => assert.equal(pizza.box, box)));
    assert.equal(count, 0);
  });

  test("for await over the manager and over a queryset of it", async () => {
    const box = await Box.aobjects.get({ id: 2 });
    const found: string[] = [];
    for await (const pizza of box.apizza_set) found.push(pizza.name);
    for await (const pizza of box.apizza_set.filter({ id: 2 })) found.push(pizza.name);
    assert.deepEqual(found, ["Margherita", "Funghi", "Funghi"]);
  });

  test("the manager has every method of a queryset, of its own colour", async () => {
    const box = await Box.aobjects.get({ id: 2 });
    assert.equal(String(box.apizza_set.all()), "<AsyncQuerySet [...Pizza]>");
    assert.equal((await box.apizza_set.first())?.name, "Margherita");
    assert.equal(await box.apizza_set.exists(), true);
    assert.equal((await box.apizza_set.latest("name")).name, "Margherita");
    assert.equal(await box.apizza_set.update({ name: "same" }), 2);
    assert.deepEqual(box.pizza_set.values("name").eval(), [{ name: "same" }, { name: "same" }]);
  });

  test("remove refuses an object of another box; add one that is not saved", async () => {
    const box = await Box.aobjects.get({ id: 2 });
    const hawaii = await Pizza.aobjects.get({ name: "Hawaii" });
    await assert.rejects(async () => await box.apizza_set.remove(hawaii), Box.DoesNotExist);
    await assert.rejects(
      async () => await box.apizza_set.add(new Pizza({ name: "x", price_id: 9 })),
      ValueError,
    );
    // @ts-expect-error a topping is no pizza
    await assert.rejects(async () => await box.apizza_set.add(new Topping({ name: "x" })), {
      name: "TypeError",
    });
  });

  test("a relation that cannot be null cannot end; its name is relatedName", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    assert.equal(await pizza.aorders.count(), 2);
    assert.equal(pizza.orders.filter({ status: "B" }).count(), 1);
    const order = await Order.aobjects.get({ id: 1 });
    await assert.rejects(
      async () => await pizza.aorders.remove(order),
      /'orders\.Order\.pizza' cannot|'Order\.pizza' cannot/,
    );
    assert.throws(() => pizza.orders.clear(), /can be null/);
    assert.equal(await Order.aobjects.filter({ pizza }).count(), 2);
  });

  test("assigning to it is refused", async () => {
    const box = await Box.aobjects.get({ id: 2 });
    assert.throws(() => Reflect.set(box, "pizza_set", []), { name: "TypeError" });
  });
});

describe("many-to-many, forward", () => {
  both(
    "all and exists",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        return [names(await pizza.atoppings.all()), await pizza.atoppings.all().exists()];
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        return [names(pizza.toppings.all()), pizza.toppings.all().exists()];
      },
      queries: 3,
    },
    (found) => assert.deepEqual(found, [["Mozzarella", "Tomato", "Basil"], true]),
  );
  both(
    "add leaves alone what is there",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        await pizza.atoppings.add(
          ...(await Topping.aobjects.filter({ name__in: ["Basil", "Bacon", "Mushroom"] })),
        );
        return await pizza.atoppings.count();
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        pizza.toppings.add(...Topping.objects.filter({ name__in: ["Basil", "Bacon", "Mushroom"] }));
        return pizza.toppings.count();
      },
    },
    (count) => assert.equal(count, 5),
  );
  both(
    "add and remove by key",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        await pizza.atoppings.add(5, 6);
        await pizza.atoppings.remove(1, 5);
        return await pizza.atoppings.orderBy("id").valuesList("id", { flat: true }).eval();
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        pizza.toppings.add(5, 6);
        pizza.toppings.remove(1, 5);
        return pizza.toppings.orderBy("id").valuesList("id", { flat: true }).eval();
      },
    },
    (ids) => assert.deepEqual(ids, [2, 3, 6]),
  );
  both(
    "filter",
    {
      async: async () =>
        (await Pizza.aobjects.get({ id: 3 })).atoppings.filter({ name__startswith: "B" }).exists(),
      sync: () => Pizza.objects.get({ id: 3 }).toppings.filter({ name__startswith: "B" }).exists(),
      queries: 2,
    },
    (found) => assert.equal(found, true),
  );
  both(
    "remove and clear",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        await pizza.atoppings.remove(await Topping.aobjects.get({ name: "Basil" }));
        const left = await pizza.atoppings.count();
        await pizza.atoppings.clear();
        return [left, await pizza.atoppings.count(), await Topping.aobjects.count()];
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        pizza.toppings.remove(Topping.objects.get({ name: "Basil" }));
        const left = pizza.toppings.count();
        pizza.toppings.clear();
        return [left, pizza.toppings.count(), Topping.objects.count()];
      },
    },
    (counts) => assert.deepEqual(counts, [2, 0, 6]),
  );
  both(
    "set",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        await pizza.atoppings.set([1, await Topping.aobjects.get({ name: "Bacon" })]);
        return names(await pizza.atoppings.orderBy("id"));
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        pizza.toppings.set([1, Topping.objects.get({ name: "Bacon" })]);
        return names(pizza.toppings.orderBy("id"));
      },
    },
    (found) => assert.deepEqual(found, ["Mozzarella", "Bacon"]),
  );
  both(
    "set of a queryset, after clearing",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        await pizza.atoppings.set(await Topping.aobjects.filter({ id__gte: 5 }), { clear: true });
        return await pizza.atoppings.count();
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        pizza.toppings.set(Topping.objects.filter({ id__gte: 5 }), { clear: true });
        return pizza.toppings.count();
      },
    },
    (count) => assert.equal(count, 2),
  );
  both(
    "create",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        const capers = await pizza.atoppings.create({ name: "Capers" });
        return [capers.name, await pizza.atoppings.contains(capers)];
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        const capers = pizza.toppings.create({ name: "Capers" });
        return [capers.name, pizza.toppings.contains(capers)];
      },
    },
    (found) => assert.deepEqual(found, ["Capers", true]),
  );
  both(
    "getOrCreate: among the toppings of this pizza",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        const [, basil] = await pizza.atoppings.getOrCreate({ name: "Basil" });
        const [, capers] = await pizza.atoppings.getOrCreate({ name: "Capers" });
        return [basil, capers, await pizza.atoppings.count()];
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        const [, basil] = pizza.toppings.getOrCreate({ name: "Basil" });
        const [, capers] = pizza.toppings.getOrCreate({ name: "Capers" });
        return [basil, capers, pizza.toppings.count()];
      },
    },
    (found) => assert.deepEqual(found, [false, true, 4]),
  );
  both(
    "updateOrCreate",
    {
      async: async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        const options = { defaults: { name: "Thai basil" } };
        const [basil, created] = await pizza.atoppings.updateOrCreate({ name: "Basil" }, options);
        return [basil.name, basil.id, created];
      },
      sync: () => {
        const pizza = Pizza.objects.get({ id: 1 });
        const options = { defaults: { name: "Thai basil" } };
        const [basil, created] = pizza.toppings.updateOrCreate({ name: "Basil" }, options);
        return [basil.name, basil.id, created];
      },
    },
    (found) => assert.deepEqual(found, ["Thai basil", 3, false]),
  );

  test("the manager's own parts are in nobody's way: reverse() is the queryset's", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    assert.deepEqual(names(await pizza.atoppings.orderBy("id").reverse()), ["Basil", "Tomato", "Mozzarella"]);
    assert.equal(typeof pizza.atoppings.reverse, "function");
    assert.equal(typeof Topping.objects.get({ id: 1 }).pizza_set.reverse, "function");
  });

  test("an object that is not saved has no related objects", async () => {
    await assert.rejects(async () => await new Pizza({ name: "x", price_id: 1 }).atoppings.all(), ValueError);
    assert.throws(() => new Pizza({ name: "x", price_id: 1 }).toppings.all(), ValueError);
  });

  test("an object of another model is refused", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    // @ts-expect-error a box is no topping
    await assert.rejects(async () => await pizza.atoppings.add(new Box({ id: 1, name: "x" })), {
      name: "TypeError",
    });
  });
});

describe("many-to-many, back", () => {
  both(
    "exists, add, set, remove, clear",
    {
      async: async () => {
        const mushroom = await Topping.aobjects.get({ name: "Mushroom" });
        const [pizza, hawaii] = await Pizza.aobjects.filter({ id__in: [1, 3] });
        assert(pizza && hawaii);
        const before = await mushroom.apizza_set.all().exists();
        await mushroom.apizza_set.add(pizza);
        const added = names(await mushroom.apizza_set.all());
        await mushroom.apizza_set.set([pizza, hawaii]);
        const set = names(await mushroom.apizza_set.all());
        await mushroom.apizza_set.remove(pizza);
        const removed = await mushroom.apizza_set.count();
        await mushroom.apizza_set.clear();
        return [before, added, set, removed, await mushroom.apizza_set.count()];
      },
      sync: () => {
        const mushroom = Topping.objects.get({ name: "Mushroom" });
        const [pizza, hawaii] = Pizza.objects.filter({ id__in: [1, 3] });
        assert(pizza && hawaii);
        const before = mushroom.pizza_set.all().exists();
        mushroom.pizza_set.add(pizza);
        const added = names(mushroom.pizza_set.all());
        mushroom.pizza_set.set([pizza, hawaii]);
        const set = names(mushroom.pizza_set.all());
        mushroom.pizza_set.remove(pizza);
        const removed = mushroom.pizza_set.count();
        mushroom.pizza_set.clear();
        return [before, added, set, removed, mushroom.pizza_set.count()];
      },
    },
    (found) =>
      assert.deepEqual(found, [true, ["Margherita", "Funghi", "Calzone"], ["Margherita", "Hawaii"], 1, 0]),
  );
  both(
    "create",
    {
      async: async () => {
        const price = await Price.aobjects.create({ amount: "8.00" });
        const basil = await Topping.aobjects.get({ name: "Basil" });
        return await basil.apizza_set.create({ name: "Genovese", price });
      },
      sync: () => {
        const price = Price.objects.create({ amount: "8.00" });
        return Topping.objects.get({ name: "Basil" }).pizza_set.create({ name: "Genovese", price });
      },
    },
    (pizza) => assert.deepEqual(names(pizza.toppings.all()), ["Basil"]),
  );
});

describe("loaded along", () => {
  test("selectRelated: both colours read it without a query", async () => {
    const pizza = await Pizza.aobjects.selectRelated("box", "price").get({ id: 1 });
    const { count } = await countQueries(async () => {
      assert.equal(pizza.box?.name, "medium");
      assert.equal((await pizza.abox)?.name, "medium");
      assert.equal((await pizza.aprice).amount.toString(), "7.50");
    });
    assert.equal(count, 0);
  });

  test("prefetchRelated: both colours read it without a query", async () => {
    const pizzas = await Pizza.aobjects.prefetchRelated("toppings");
    const { count } = await countQueries(async () => {
      for (const pizza of pizzas) {
        assert.equal((await pizza.atoppings.all()).length, pizza.toppings.all().length);
      }
    });
    assert.equal(count, 0);
  });

  test("adding to a prefetched relation forgets what was prefetched", async () => {
    const [pizza] = await Pizza.aobjects.prefetchRelated("toppings");
    assert(pizza);
    await pizza.atoppings.add(6);
    assert.equal((await pizza.atoppings.all()).length, 4);
  });
});

test("an attribute that is no relation is undefined", async () => {
  const pizza = await Pizza.aobjects.get({ id: 1 });
  assert.equal(Reflect.get(pizza, "aname"), undefined);
  assert.equal(Reflect.get(pizza, "anothing"), undefined);
});

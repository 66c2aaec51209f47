/** The methods that give something else than a queryset, and so ask the database. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Avg, Count, countQueries, Decimal, F, IntegrityError, Max, Min, Q, Sum, ValueError } from "asgimod";
import { amounts, Box, both, names, Order, Pizza, Price, pizzeria, Topping } from "./setup.ts";

pizzeria();

describe("get", () => {
  both(
    "by key",
    { async: () => Price.aobjects.get({ id: 1 }), sync: () => Price.objects.get({ id: 1 }), queries: 1 },
    (price) => {
      assert(price instanceof Price);
      assert.equal(price.amount.toString(), "7.50");
    },
  );
  both(
    "over relations, with a Q beside",
    {
      async: () => Pizza.aobjects.get(Q({ box__name: "medium" }), { toppings__name: "Basil" }),
      sync: () => Pizza.objects.get(Q({ box__name: "medium" }), { toppings__name: "Basil" }),
    },
    (pizza) => assert.equal(pizza.name, "Margherita"),
  );
  both(
    "of a chain, without conditions",
    {
      async: () => Price.aobjects.filter({ currency: "eur" }).get(),
      sync: () => Price.objects.filter({ currency: "eur" }).get(),
    },
    (price) => assert.equal(price.id, 3),
  );

  test("nothing: the model's DoesNotExist", async () => {
    await assert.rejects(() => Price.aobjects.get({ id: 99 }), Price.DoesNotExist);
    assert.throws(() => Price.objects.get({ id: 99 }), { message: "Price matching query does not exist." });
  });

  test("several: the model's MultipleObjectsReturned", async () => {
    await assert.rejects(() => Price.aobjects.get({ currency: "usd" }), Price.MultipleObjectsReturned);
    assert.throws(() => Price.objects.get({ currency: "usd" }), {
      message: "get() returned more than one Price -- it returned 3!",
    });
  });

  test("the errors of one model are not those of another", async () => {
    await assert.rejects(
      () => Price.aobjects.get({ id: 99 }),
      (error) => !(error instanceof Pizza.DoesNotExist),
    );
  });
});

describe("create", () => {
  both(
    "gives the saved object",
    {
      async: () => Topping.aobjects.create({ name: "Olives" }),
      sync: () => Topping.objects.create({ name: "Olives" }),
      queries: 1,
    },
    (topping) => {
      assert.equal(topping.id, 7);
      assert.equal(Topping.objects.get({ id: 7 }).name, "Olives");
    },
  );
  both(
    "takes related objects",
    {
      async: async () => {
        const price = await Price.aobjects.create({ amount: "1.00", currency: "eur" });
        return await Pizza.aobjects.create({ name: "new", box: await Box.aobjects.get({ id: 3 }), price });
      },
      sync: () => {
        const price = Price.objects.create({ amount: "1.00", currency: "eur" });
        return Pizza.objects.create({ name: "new", box: Box.objects.get({ id: 3 }), price });
      },
    },
    (pizza) => assert.deepEqual([pizza.box_id, pizza.price.currency], [3, "eur"]),
  );

  test("what a constraint refuses is an IntegrityError", async () => {
    await assert.rejects(() => Pizza.aobjects.create({ name: "twin", price_id: 1 }), IntegrityError);
    assert.throws(() => Box.objects.create({ id: 1, name: "again" }), IntegrityError);
  });
});

describe("getOrCreate", () => {
  both(
    "creates",
    {
      async: () => Topping.aobjects.getOrCreate({ name: "Olives" }),
      sync: () => Topping.objects.getOrCreate({ name: "Olives" }),
    },
    ([topping, created]) => assert.deepEqual([topping.name, topping.id, created], ["Olives", 7, true]),
  );
  both(
    "gets, with one query",
    {
      async: () => Topping.aobjects.getOrCreate({ name: "Basil" }),
      sync: () => Topping.objects.getOrCreate({ name: "Basil" }),
      queries: 1,
    },
    ([topping, created]) => assert.deepEqual([topping.id, created], [3, false]),
  );
  both(
    "defaults are for a new object, and lookups are not",
    {
      async: () =>
        Price.aobjects.getOrCreate(
          { currency__iexact: "CHF" },
          { defaults: { amount: "3", currency: "chf" } },
        ),
      sync: () =>
        Price.objects.getOrCreate(
          { currency__iexact: "CHF" },
          { defaults: { amount: "3", currency: "chf" } },
        ),
    },
    ([price, created]) => assert.deepEqual([price.currency, created], ["chf", true]),
  );
});

describe("updateOrCreate", () => {
  both(
    "updates",
    {
      async: () => Price.aobjects.updateOrCreate({ id: 1 }, { defaults: { currency: "chf" } }),
      sync: () => Price.objects.updateOrCreate({ id: 1 }, { defaults: { currency: "chf" } }),
    },
    ([price, created]) => {
      assert.deepEqual([price.currency, created], ["chf", false]);
      assert.equal(Price.objects.get({ id: 1 }).currency, "chf");
      assert.equal(Price.objects.get({ id: 1 }).amount.toString(), "7.50");
    },
  );
  both(
    "creates, with createDefaults instead",
    {
      async: () =>
        Topping.aobjects.updateOrCreate(
          { id: 9 },
          { defaults: { name: "old" }, createDefaults: { name: "new" } },
        ),
      sync: () =>
        Topping.objects.updateOrCreate(
          { id: 9 },
          { defaults: { name: "old" }, createDefaults: { name: "new" } },
        ),
    },
    ([topping, created]) => assert.deepEqual([topping.id, topping.name, created], [9, "new", true]),
  );
});

describe("bulkCreate", () => {
  both(
    "inserts all with one statement, and sets their keys",
    {
      async: () => Topping.aobjects.bulkCreate([new Topping({ name: "Ham" }), new Topping({ name: "Leek" })]),
      sync: () => Topping.objects.bulkCreate([new Topping({ name: "Ham" }), new Topping({ name: "Leek" })]),
      queries: 1,
    },
    (toppings) => {
      assert.deepEqual(
        toppings.map((topping) => topping.id),
        [7, 8],
      );
      assert.deepEqual(names(Topping.objects.filter({ id__gt: 6 })), ["Ham", "Leek"]);
    },
  );
  both(
    "batchSize: that many rows in a statement",
    {
      async: () =>
        Topping.aobjects.bulkCreate(
          [..."abcde"].map((name) => new Topping({ name })),
          { batchSize: 2 },
        ),
      sync: () =>
        Topping.objects.bulkCreate(
          [..."abcde"].map((name) => new Topping({ name })),
          { batchSize: 2 },
        ),
      queries: 3,
    },
    (toppings) => assert.equal(toppings.length, 5),
  );
  both(
    "ignoreConflicts leaves out what is there",
    {
      async: async () => {
        const boxes = [new Box({ id: 1, name: "again" }), new Box({ id: 9, name: "nine" })];
        await Box.aobjects.bulkCreate(boxes, { ignoreConflicts: true });
        return names(await Box.aobjects.orderBy("id"));
      },
      sync: () => {
        const boxes = [new Box({ id: 1, name: "again" }), new Box({ id: 9, name: "nine" })];
        Box.objects.bulkCreate(boxes, { ignoreConflicts: true });
        return names(Box.objects.orderBy("id"));
      },
    },
    (found) => assert.deepEqual(found, ["small", "medium", "large", "nine"]),
  );
  both(
    "updateConflicts updates what is there",
    {
      async: async () => {
        const options = { updateConflicts: true, uniqueFields: ["id"], updateFields: ["name"] } as const;
        await Box.aobjects.bulkCreate([new Box({ id: 1, name: "again" })], options);
        return (await Box.aobjects.get({ id: 1 })).name;
      },
      sync: () => {
        const options = { updateConflicts: true, uniqueFields: ["id"], updateFields: ["name"] } as const;
        Box.objects.bulkCreate([new Box({ id: 1, name: "again" })], options);
        return Box.objects.get({ id: 1 }).name;
      },
    },
    (name) => assert.equal(name, "again"),
  );
  both(
    "of nothing asks nothing",
    { async: () => Topping.aobjects.bulkCreate([]), sync: () => Topping.objects.bulkCreate([]), queries: 0 },
    (toppings) => assert.deepEqual(toppings, []),
  );

  test("all or nothing", async () => {
    await assert.rejects(
      () =>
        Box.aobjects.bulkCreate([new Box({ id: 7, name: "a" }), new Box({ id: 1, name: "b" })], {
          batchSize: 1,
        }),
      IntegrityError,
    );
    assert.equal(await Box.aobjects.count(), 3);
  });
});

describe("bulkUpdate", () => {
  both(
    "writes the named fields with one statement, and gives how many rows matched",
    {
      async: async () => {
        const prices = await Price.aobjects.filter({ currency: "usd" });
        for (const price of prices) {
          price.amount = price.amount.add(1);
          price.currency = "xxx";
        }
        return await Price.aobjects.bulkUpdate(prices, ["amount"]);
      },
      sync: () => {
        const prices = Price.objects.filter({ currency: "usd" }).eval();
        for (const price of prices) {
          price.amount = price.amount.add(1);
          price.currency = "xxx";
        }
        return Price.objects.bulkUpdate(prices, ["amount"]);
      },
      queries: 2,
    },
    (count) => {
      assert.equal(count, 3);
      assert.deepEqual(amounts(Price.objects.orderBy("id")), ["8.50", "10.90", "11.00", "13.50"]);
      assert.equal(Price.objects.filter({ currency: "usd" }).count(), 3);
    },
  );

  test("batchSize: that many rows in a statement", async () => {
    const toppings = await Topping.aobjects.all();
    for (const topping of toppings) topping.name = topping.name.toUpperCase();
    const { count } = await countQueries(() =>
      Topping.aobjects.bulkUpdate(toppings, ["name"], { batchSize: 4 }),
    );
    assert.equal(count, 2);
    assert.equal((await Topping.aobjects.get({ id: 6 })).name, "PINEAPPLE");
  });

  test("needs fields, and objects with keys", async () => {
    await assert.rejects(async () => await Topping.aobjects.bulkUpdate([], []), ValueError);
    await assert.rejects(
      async () => await Topping.aobjects.bulkUpdate([new Topping({ name: "x" })], ["name"]),
      ValueError,
    );
  });
});

describe("count, exists, contains", () => {
  both(
    "count",
    { async: () => Topping.aobjects.count(), sync: () => Topping.objects.count(), queries: 1 },
    (count) => assert.equal(count, 6),
  );
  both(
    "count of a chain",
    {
      async: () => Pizza.aobjects.filter({ toppings__name__startswith: "M" }).distinct().count(),
      sync: () => Pizza.objects.filter({ toppings__name__startswith: "M" }).distinct().count(),
    },
    (count) => assert.equal(count, 4),
  );
  both(
    "count of a slice",
    {
      async: () => Topping.aobjects.all().slice(2, 5).count(),
      sync: () => Topping.objects.all().slice(2, 5).count(),
    },
    (count) => assert.equal(count, 3),
  );
  both(
    "exists",
    {
      async: () => Topping.aobjects.filter({ name: "Basil" }).exists(),
      sync: () => Topping.objects.filter({ name: "Basil" }).exists(),
      queries: 1,
    },
    (exists) => assert.equal(exists, true),
  );
  both(
    "exists not",
    {
      async: () => Topping.aobjects.filter({ name: "Anchovies" }).exists(),
      sync: () => Topping.objects.filter({ name: "Anchovies" }).exists(),
    },
    (exists) => assert.equal(exists, false),
  );
  both(
    "contains",
    {
      async: async () => {
        const basil = await Topping.aobjects.get({ name: "Basil" });
        const b = Topping.aobjects.filter({ name__startswith: "B" });
        return [await b.contains(basil), await b.exclude({ id: basil.id }).contains(basil)];
      },
      sync: () => {
        const basil = Topping.objects.get({ name: "Basil" });
        const b = Topping.objects.filter({ name__startswith: "B" });
        return [b.contains(basil), b.exclude({ id: basil.id }).contains(basil)];
      },
      queries: 3,
    },
    (found) => assert.deepEqual(found, [true, false]),
  );

  test("a queryset that has its rows asks nothing", async () => {
    const queryset = Topping.aobjects.all();
    const rows = await queryset;
    const { count } = await countQueries(async () => {
      assert.equal(await queryset.count(), 6);
      assert.equal(await queryset.exists(), true);
      assert.equal(await queryset.contains(rows[0] as Topping), true);
    });
    assert.equal(count, 0);
  });
});

describe("inBulk", () => {
  both(
    "by keys",
    { async: () => Box.aobjects.inBulk([1, 3, 99]), sync: () => Box.objects.inBulk([1, 3, 99]), queries: 1 },
    (boxes) =>
      assert.deepEqual(
        [...boxes].map(([key, box]) => [key, box.name]),
        [
          [1, "small"],
          [3, "large"],
        ],
      ),
  );
  both("of all", { async: () => Box.aobjects.inBulk(), sync: () => Box.objects.inBulk() }, (boxes) =>
    assert.equal(boxes.size, 3),
  );
  both(
    "of nothing asks nothing",
    { async: () => Box.aobjects.inBulk([]), sync: () => Box.objects.inBulk([]), queries: 0 },
    (boxes) => assert.equal(boxes.size, 0),
  );
  both(
    "by another unique field",
    {
      async: () => Pizza.aobjects.inBulk([2, 3], { fieldName: "price_id" }),
      sync: () => Pizza.objects.inBulk([2, 3], { fieldName: "price_id" }),
    },
    (pizzas) => assert.equal(pizzas.get(2)?.name, "Funghi"),
  );

  test("a field that is not unique is refused", async () => {
    await assert.rejects(async () => await Box.aobjects.inBulk(["small"], { fieldName: "name" }), ValueError);
  });
});

describe("iterator", () => {
  test("streams every row, in chunks, async", async () => {
    const { value, count } = await countQueries(async () => {
      const found: string[] = [];
      for await (const topping of Topping.aobjects.all().iterator({ chunkSize: 2 })) found.push(topping.name);
      return found;
    });
    assert.equal(value.length, 6);
    assert.equal(count, 1);
  });

  test("streams every row, in chunks, sync", () => {
    assert.equal([...Topping.objects.iterator({ chunkSize: 4 })].length, 6);
    assert.deepEqual([...Topping.objects.valuesList("id", { flat: true }).iterator()], [1, 2, 3, 4, 5, 6]);
  });

  test("keeps nothing: the queryset asks again", async () => {
    const queryset = Topping.aobjects.all();
    for await (const topping of queryset.iterator()) {
      assert.equal(topping.id, 1);
      break;
    }
    const { count } = await countQueries(async () => await queryset);
    assert.equal(count, 1);
  });

  test("a chunk has at least one row", () => {
    assert.throws(() => Topping.aobjects.iterator({ chunkSize: 0 }), ValueError);
  });
});

describe("first, last, earliest, latest", () => {
  both(
    "first, by key where there is no order",
    { async: () => Price.aobjects.first(), sync: () => Price.objects.first(), queries: 1 },
    (price) => assert.equal(price?.id, 1),
  );
  both(
    "last",
    { async: () => Price.aobjects.last(), sync: () => Price.objects.last(), queries: 1 },
    (price) => assert.equal(price?.id, 4),
  );
  both(
    "of an order",
    {
      async: async () => [
        (await Topping.aobjects.orderBy("name").first())?.name,
        (await Topping.aobjects.orderBy("name").last())?.name,
      ],
      sync: () => [
        Topping.objects.orderBy("name").first()?.name,
        Topping.objects.orderBy("name").last()?.name,
      ],
      queries: 2,
    },
    (found) => assert.deepEqual(found, ["Bacon", "Tomato"]),
  );
  both(
    "first of nothing is null",
    {
      async: () => Price.aobjects.filter({ id: 99 }).first(),
      sync: () => Price.objects.filter({ id: 99 }).first(),
    },
    (price) => assert.equal(price, null),
  );
  both(
    "earliest and latest by a field",
    {
      async: async () => [
        (await Price.aobjects.earliest("amount")).id,
        (await Price.aobjects.latest("amount")).id,
      ],
      sync: () => [Price.objects.earliest("amount").id, Price.objects.latest("amount").id],
      queries: 2,
    },
    (ids) => assert.deepEqual(ids, [1, 4]),
  );
  both(
    "by getLatestBy",
    {
      async: async () => [(await Order.aobjects.earliest()).id, (await Order.aobjects.latest()).id],
      sync: () => [Order.objects.earliest().id, Order.objects.latest().id],
    },
    (ids) => assert.deepEqual(ids, [1, 4]),
  );

  test("of nothing: DoesNotExist; without a field: ValueError", async () => {
    await assert.rejects(() => Price.aobjects.none().latest("amount"), Price.DoesNotExist);
    await assert.rejects(async () => await Price.aobjects.latest(), ValueError);
    assert.throws(() => Price.objects.earliest(), ValueError);
  });
});

describe("aggregate", () => {
  both(
    "names itself, or is named",
    {
      async: () => Price.aobjects.aggregate(Max("amount"), { least: Min("amount"), n: Count("id") }),
      sync: () => Price.objects.aggregate(Max("amount"), { least: Min("amount"), n: Count("id") }),
      queries: 1,
    },
    (row) => {
      assert.equal(row.amount__max?.toFixed(2), "12.50");
      assert.equal(row.least?.toFixed(2), "7.50");
      assert.equal(row.n, 4);
    },
  );
  both(
    "sums and means are decimals",
    {
      async: () => Price.aobjects.aggregate({ sum: Sum("amount"), mean: Avg("amount") }),
      sync: () => Price.objects.aggregate({ sum: Sum("amount"), mean: Avg("amount") }),
    },
    ({ sum, mean }) => {
      assert(sum instanceof Decimal && mean instanceof Decimal);
      assert.equal(sum.toFixed(2), "40.90");
      assert.equal(mean.toFixed(3), "10.225");
    },
  );
  both(
    "filter, distinct, default",
    {
      async: () =>
        Pizza.aobjects.aggregate({
          boxed: Count("id", { filter: Q({ box__isnull: false }) }),
          boxes: Count("box", { distinct: true }),
        }),
      sync: () =>
        Pizza.objects.aggregate({
          boxed: Count("id", { filter: Q({ box__isnull: false }) }),
          boxes: Count("box", { distinct: true }),
        }),
    },
    (row) => assert.deepEqual(row, { boxed: 3, boxes: 2 }),
  );
  both(
    "of nothing is null, or the default",
    {
      async: () => Price.aobjects.none().aggregate({ sum: Sum("amount"), zero: Sum("id", { default: 0 }) }),
      sync: () => Price.objects.none().aggregate({ sum: Sum("amount"), zero: Sum("id", { default: 0 }) }),
      queries: 0,
    },
    (row) => assert.deepEqual(row, { sum: null, zero: 0 }),
  );
});

describe("update", () => {
  both(
    "changes rows with one statement, and gives how many matched",
    {
      async: () => Price.aobjects.filter({ currency: "usd" }).update({ currency: "chf" }),
      sync: () => Price.objects.filter({ currency: "usd" }).update({ currency: "chf" }),
      queries: 1,
    },
    (count) => {
      assert.equal(count, 3);
      assert.equal(Price.objects.filter({ currency: "chf" }).count(), 3);
    },
  );
  both(
    "calculates with F",
    {
      async: () => Price.aobjects.update({ amount: F("amount").add(1) }),
      sync: () => Price.objects.update({ amount: F("amount").add(1) }),
    },
    () => assert.deepEqual(amounts(Price.objects.orderBy("id")), ["8.50", "10.90", "12.00", "13.50"]),
  );
  both(
    "sets relations, by object, key or null",
    {
      async: async () => {
        const large = await Box.aobjects.get({ name: "large" });
        await Pizza.aobjects.filter({ id: 1 }).update({ box: large });
        await Pizza.aobjects.filter({ id: 2 }).update({ box_id: 1 });
        await Pizza.aobjects.filter({ id: 3 }).update({ box: null });
      },
      sync: () => {
        const large = Box.objects.get({ name: "large" });
        Pizza.objects.filter({ id: 1 }).update({ box: large });
        Pizza.objects.filter({ id: 2 }).update({ box_id: 1 });
        Pizza.objects.filter({ id: 3 }).update({ box: null });
      },
    },
    () => assert.deepEqual(Pizza.objects.valuesList("box_id", { flat: true }).eval(), [3, 1, null, null]),
  );
  both(
    "of rows found over a relation",
    {
      async: () => Pizza.aobjects.filter({ toppings__name: "Bacon" }).update({ name: "with bacon" }),
      sync: () => Pizza.objects.filter({ toppings__name: "Bacon" }).update({ name: "with bacon" }),
    },
    (count) => assert.equal(count, 2),
  );

  test("a slice cannot be updated; undefined is no value", async () => {
    await assert.rejects(async () => await Price.aobjects.all().slice(0, 1).update({ currency: "x" }), {
      name: "TypeError",
    });
    // @ts-expect-error undefined is no value
    assert.throws(() => Price.objects.update({ currency: undefined }), { name: "TypeError" });
  });
});

describe("delete", () => {
  both(
    "tells how many went, in all and by model",
    {
      async: () => Price.aobjects.filter({ currency: "usd" }).delete(),
      sync: () => Price.objects.filter({ currency: "usd" }).delete(),
    },
    ([count, perModel]) => {
      assert.deepEqual(perModel, {
        "testapp.Price": 3,
        "testapp.Pizza": 3,
        "testapp.Pizza_toppings": 9,
        "orders.Order": 3,
      });
      assert.equal(count, 18);
      assert.equal(Price.objects.count(), 1);
    },
  );
  both(
    "of nothing",
    {
      async: () => Topping.aobjects.filter({ name: "Anchovies" }).delete(),
      sync: () => Topping.objects.filter({ name: "Anchovies" }).delete(),
    },
    (result) => assert.deepEqual(result, [0, {}]),
  );

  test("a slice cannot be deleted", async () => {
    await assert.rejects(async () => await Price.aobjects.all().slice(0, 1).delete(), { name: "TypeError" });
  });
});

describe("explain", () => {
  both(
    "is what the database says",
    {
      async: () => Pizza.aobjects.filter({ box__name: "large" }).explain(),
      sync: () => Pizza.objects.filter({ box__name: "large" }).explain(),
      queries: 1,
    },
    (text) => assert.match(text, /testapp_box/),
  );
});

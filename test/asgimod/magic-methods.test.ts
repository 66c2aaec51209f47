/** What Python's asgimod does by magic methods: iteration, indexing, slicing, texts, and what has no answer. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { countQueries, IndexError, NotImplementedError, ValueError } from "asgimod";
import { amounts, both, names, Order, Pizza, Price, pizzeria, TOPPINGS, Topping } from "./setup.ts";

pizzeria();

describe("iterating", () => {
  test("for await gives every object, with one query", async () => {
    const { value, count } = await countQueries(async () => {
      const found: Topping[] = [];
      for await (const topping of Topping.aobjects.all()) found.push(topping);
      return found;
    });
    assert.deepEqual(names(value), [...TOPPINGS]);
    assert(value.every((topping) => topping instanceof Topping));
    assert.equal(count, 1);
  });

  test("for gives every object, with one query", () => {
    const { value, count } = countQueries(() => {
      const found: string[] = [];
      for (const topping of Topping.objects.all()) found.push(topping.name);
      return found;
    });
    assert.deepEqual(value, [...TOPPINGS]);
    assert.equal(count, 1);
  });

  test("a filtered queryset gives what fits", async () => {
    for await (const price of Price.aobjects.filter({ currency: "usd" })) assert.equal(price.currency, "usd");
    for (const price of Price.objects.filter({ currency: "usd" })) assert.equal(price.currency, "usd");
  });

  test("managers are iterable themselves", async () => {
    const found: string[] = [];
    for await (const topping of Topping.aobjects) found.push(topping.name);
    assert.deepEqual(found, [...TOPPINGS]);
    assert.deepEqual(names(Topping.objects), [...TOPPINGS]);
  });

  test("dictionaries, tuples, values and dates are given as they are", async () => {
    const dictionaries: { name: string }[] = [];
    for await (const row of Topping.aobjects.values("name").slice(0, 1)) dictionaries.push(row);
    assert.deepEqual(dictionaries, [{ name: "Mozzarella" }]);

    const tuples: [number, string][] = [];
    for await (const row of Topping.aobjects.valuesList("id", "name").slice(0, 2)) tuples.push(row);
    assert.deepEqual(tuples, [
      [1, "Mozzarella"],
      [2, "Tomato"],
    ]);

    const flat: string[] = [];
    for await (const each of Topping.aobjects.valuesList("name", { flat: true }).slice(0, 1)) flat.push(each);
    assert.deepEqual(flat, ["Mozzarella"]);

    const months: string[] = [];
    for await (const month of Order.aobjects.dates("day", "month")) months.push(month.toString());
    assert.deepEqual(months, ["2024-01-01", "2024-02-01"]);
  });

  test("an evaluated queryset is iterated again without a query", async () => {
    const queryset = Topping.aobjects.all();
    await queryset.eval();
    const { count } = await countQueries(async () => {
      for await (const topping of queryset) assert(topping.name);
    });
    assert.equal(count, 0);
  });

  test("leaving the loop early does no harm", async () => {
    const queryset = Topping.aobjects.all();
    for await (const topping of queryset) {
      assert.equal(topping.name, "Mozzarella");
      break;
    }
    assert.equal((await queryset).length, TOPPINGS.length);
  });

  test("an async queryset is not iterable by `for`, a sync one not by `for await` alone", () => {
    assert.equal(Symbol.iterator in Topping.aobjects.all(), false);
    assert.equal(Symbol.asyncIterator in Topping.aobjects.all(), true);
    assert.equal(Symbol.iterator in Topping.objects.all(), true);
  });
});

describe("awaiting", () => {
  test("an async queryset is a thenable of its rows", async () => {
    const rows = await Topping.aobjects.filter({ name__startswith: "B" });
    assert.deepEqual(names(rows), ["Basil", "Bacon"]);
    assert(Array.isArray(rows));
  });

  test("so is an async manager", async () => {
    assert.deepEqual(names(await Topping.aobjects), [...TOPPINGS]);
  });

  test("errors reject it", async () => {
    // @ts-expect-error there is no such field
    await assert.rejects(async () => await Topping.aobjects.filter({ nam: "x" }), { name: "FieldError" });
  });

  test("what is awaited is a list of its own", async () => {
    const queryset = Topping.aobjects.all();
    (await queryset).pop();
    assert.equal((await queryset).length, TOPPINGS.length);
  });
});

describe("slicing", () => {
  both(
    "[:2] asks for two rows",
    {
      async: () => Price.aobjects.all().slice(0, 2).eval(),
      sync: () => Price.objects.all().slice(0, 2).eval(),
      queries: 1,
    },
    (prices) => assert.deepEqual(amounts(prices), ["7.50", "9.90"]),
  );
  both(
    "[1:2] skips one",
    {
      async: () => Price.aobjects.all().slice(1, 2).eval(),
      sync: () => Price.objects.all().slice(1, 2).eval(),
      queries: 1,
    },
    (prices) => assert.deepEqual(amounts(prices), ["9.90"]),
  );
  both(
    "[1:] has no end",
    {
      async: () => Price.aobjects.all().orderBy("-amount").slice(1).eval(),
      sync: () => Price.objects.all().orderBy("-amount").slice(1).eval(),
      queries: 1,
    },
    (prices) => assert.deepEqual(amounts(prices), ["11.00", "9.90", "7.50"]),
  );
  both(
    "a slice of a slice",
    {
      async: () => Price.aobjects.all().slice(1).slice(1, 3).eval(),
      sync: () => Price.objects.all().slice(1).slice(1, 3).eval(),
    },
    (prices) => assert.deepEqual(amounts(prices), ["11.00", "12.50"]),
  );
  both(
    "an empty slice asks nothing",
    {
      async: () => Price.aobjects.all().slice(2, 2).eval(),
      sync: () => Price.objects.all().slice(2, 2).eval(),
      queries: 0,
    },
    (prices) => assert.deepEqual(prices, []),
  );

  test("the SQL has LIMIT and OFFSET", async () => {
    const { queries } = await countQueries(async () => await Price.aobjects.all().slice(1, 3));
    assert.match(queries[0]?.sql ?? "", /LIMIT \? OFFSET \?$/);
    assert.deepEqual(queries[0]?.params.map(Number), [2, 1]);
  });

  test("a slice is lazy, and of the same colour", async () => {
    const { value, count } = countQueries(() => [Price.aobjects.all().slice(0, 2)]);
    assert.equal(count, 0);
    assert.equal(String(value[0]), "<AsyncQuerySet [...Price]>");
  });

  test("negative ends are refused", () => {
    assert.throws(() => Price.aobjects.all().slice(-1), ValueError);
    assert.throws(() => Price.objects.all().slice(0, -1), ValueError);
  });

  test("a sliced queryset cannot be filtered or ordered", () => {
    assert.throws(() => Price.aobjects.all().slice(0, 2).filter({ id: 1 }), { name: "TypeError" });
    assert.throws(() => Price.objects.all().slice(0, 2).orderBy("id"), { name: "TypeError" });
  });
});

describe("indexing", () => {
  both(
    "[0] is the first row, by a limited query",
    { async: () => Price.aobjects.all()[0], sync: () => Price.objects.all()[0], queries: 1 },
    (price) => assert.equal(price.id, 1),
  );
  both(
    "[:5][0]",
    {
      async: () => Price.aobjects.all().slice(0, 5)[0],
      sync: () => Price.objects.all().slice(0, 5)[0],
      queries: 1,
    },
    (price) => assert.equal(price.id, 1),
  );
  both(
    "of a filtered queryset",
    {
      async: () => Price.aobjects.filter({ amount__gte: "9.99" })[0],
      sync: () => Price.objects.filter({ amount__gte: "9.99" })[0],
      queries: 1,
    },
    (price) => assert.equal(price.amount.toString(), "11.00"),
  );
  both(
    "of values",
    {
      async: () => Topping.aobjects.valuesList("name", { flat: true })[2],
      sync: () => Topping.objects.valuesList("name", { flat: true })[2],
    },
    (name) => assert.equal(name, "Basil"),
  );
  both(
    "item and at",
    { async: () => Price.aobjects.all().item(1), sync: () => Price.objects.all().item(1), queries: 1 },
    (price) => assert.equal(price.id, 2),
  );
  both(
    "at(-1) counts from the end",
    {
      async: () => Price.aobjects.orderBy("amount").at(-1),
      sync: () => Price.objects.orderBy("amount").at(-1),
      queries: 1,
    },
    (price) => assert.equal(price.amount.toString(), "12.50"),
  );
  both(
    "item(-1) too, as a list's",
    {
      async: () => Price.aobjects.orderBy("amount").item(-2),
      sync: () => Price.objects.orderBy("amount").item(-2),
    },
    (price) => assert.equal(price.amount.toString(), "11.00"),
  );

  test("a queryset that has its rows asks nothing", async () => {
    const queryset = Price.aobjects.all();
    const rows = await queryset;
    const { value, count } = await countQueries(async () => await queryset[1]);
    assert.equal(value, rows[1]);
    assert.equal(count, 0);
  });

  test("no row at that index", async () => {
    await assert.rejects(Price.aobjects.all()[99] as Promise<unknown>, IndexError);
    await assert.rejects(Price.aobjects.all().item(-99), IndexError);
    assert.throws(() => Price.objects.all()[99], IndexError);
    assert.throws(() => Price.objects.all().at(99), IndexError);
  });

  test("an index that is no whole number", async () => {
    await assert.rejects(Price.aobjects.all().item(0.5), { name: "TypeError" });
  });
});

describe("texts", () => {
  test("of an async queryset: its class and model, without a query", () => {
    const { count } = countQueries(() => {
      assert.equal(String(Pizza.aobjects.all()), "<AsyncQuerySet [...Pizza]>");
      assert.equal(inspect(Pizza.aobjects.filter({ name: "x" })), "<AsyncQuerySet [...Pizza]>");
      assert.equal(`${Pizza.aobjects.values("name")}`, "<AsyncQuerySet [...Pizza]>");
    });
    assert.equal(count, 0);
  });

  test("of a sync queryset: its SQL", () => {
    assert.match(
      String(Topping.objects.filter({ name: "Basil" })),
      /^SELECT .* FROM "testapp_topping" WHERE /,
    );
  });

  test("inspecting a sync queryset shows its first rows", () => {
    assert.equal(inspect(Topping.objects.filter({ id: 1 })), "<QuerySet [<Topping: Topping object (1)>]>");
  });
});

describe("length and truth", () => {
  test("an async queryset has no length: the error names count()", () => {
    assert.throws(
      () => Reflect.get(Topping.aobjects.all(), "length"),
      (error) => {
        assert(error instanceof NotImplementedError);
        assert.match(error.message, /count\(\)/);
        return true;
      },
    );
  });

  test("it is no number and is equal to no text: the error names exists()", () => {
    assert.throws(() => Number(Topping.aobjects.all()), /exists\(\)/);
    assert.throws(() => Topping.aobjects.all() > Topping.aobjects.none(), NotImplementedError);
  });

  test("a sync queryset has a length, by fetching its rows", () => {
    const { value, count } = countQueries(() => {
      const queryset = Topping.objects.all();
      return queryset.length + queryset.length;
    });
    assert.equal(value, 2 * TOPPINGS.length);
    assert.equal(count, 1);
  });
});

/** The methods that give a new queryset. None of them asks the database. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  aatomic,
  Count,
  countQueries,
  createTables,
  F,
  FieldError,
  Max,
  NotSupportedError,
  Prefetch,
  Q,
  Sum,
  Value,
} from "asgimod";
import { Box, both, names, Order, Pizza, Price, pizzeria, TOPPINGS, Topping } from "./setup.ts";

pizzeria();

test("nothing is asked before somebody wants the rows", () => {
  const { count } = countQueries(() => {
    for (const manager of [Pizza.aobjects, Pizza.objects]) {
      assert(manager.filter({ name: "x" }));
      assert(manager.exclude({ name: "x" }));
    }
    assert(
      Pizza.aobjects
        .annotate({ n: Count("toppings") })
        .alias({ m: F("n").mul(2) })
        .orderBy("-n")
        .reverse()
        .distinct()
        .selectRelated("box")
        .prefetchRelated("toppings")
        .defer("name")
        .using("default")
        .slice(0, 3),
    );
    assert(Pizza.aobjects.raw("SELECT 1"));
  });
  assert.equal(count, 0);
});

test("every call gives a new queryset and leaves the old one alone", async () => {
  const all = Topping.aobjects.all();
  const some = all.filter({ name__startswith: "B" });
  assert.notEqual(all, some);
  assert.deepEqual(names(await all), [...TOPPINGS]);
  assert.deepEqual(names(await some), ["Basil", "Bacon"]);
});

describe("filter and exclude", () => {
  both(
    "filter: all conditions hold",
    {
      async: () => Pizza.aobjects.filter({ name__contains: "a", price__amount__gte: "10" }).eval(),
      sync: () => Pizza.objects.filter({ name__contains: "a", price__amount__gte: "10" }).eval(),
      queries: 1,
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Hawaii", "Calzone"]),
  );
  both(
    "exclude: they do not hold together",
    {
      async: () => Pizza.aobjects.exclude({ name__contains: "a", price__amount__gte: "10" }).eval(),
      sync: () => Pizza.objects.exclude({ name__contains: "a", price__amount__gte: "10" }).eval(),
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Margherita", "Funghi"]),
  );
  both(
    "over many rows: one filter means one row, two mean any two",
    {
      async: async () => [
        await Pizza.aobjects.filter({ toppings__name: "Tomato", toppings__id: 3 }).count(),
        await Pizza.aobjects.filter({ toppings__name: "Tomato" }).filter({ toppings__id: 3 }).count(),
      ],
      sync: () => [
        Pizza.objects.filter({ toppings__name: "Tomato", toppings__id: 3 }).count(),
        Pizza.objects.filter({ toppings__name: "Tomato" }).filter({ toppings__id: 3 }).count(),
      ],
    },
    (counts) => assert.deepEqual(counts, [0, 1]),
  );
  both(
    "exclude over many rows: none of them fits",
    {
      async: () => Pizza.aobjects.exclude({ toppings__name: "Tomato" }).eval(),
      sync: () => Pizza.objects.exclude({ toppings__name: "Tomato" }).eval(),
      queries: 1,
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Calzone"]),
  );
  both(
    "null",
    {
      async: async () => [
        await Pizza.aobjects.filter({ box: null }).count(),
        await Pizza.aobjects.exclude({ box: null }).count(),
        await Pizza.aobjects.filter({ box__isnull: true }).count(),
      ],
      sync: () => [
        Pizza.objects.filter({ box: null }).count(),
        Pizza.objects.exclude({ box: null }).count(),
        Pizza.objects.filter({ box__isnull: true }).count(),
      ],
    },
    (counts) => assert.deepEqual(counts, [1, 3, 1]),
  );
  both(
    "an object, a key, a list, a queryset of related objects",
    {
      async: async () => {
        const medium = await Box.aobjects.get({ name: "medium" });
        return [
          await Pizza.aobjects.filter({ box: medium }).count(),
          await Pizza.aobjects.filter({ box: 2 }).count(),
          await Pizza.aobjects.filter({ box__in: [medium, 3] }).count(),
          await Pizza.aobjects.filter({ box__in: Box.aobjects.filter({ name: "large" }) }).count(),
        ];
      },
      sync: () => {
        const medium = Box.objects.get({ name: "medium" });
        return [
          Pizza.objects.filter({ box: medium }).count(),
          Pizza.objects.filter({ box: 2 }).count(),
          Pizza.objects.filter({ box__in: [medium, 3] }).count(),
          Pizza.objects.filter({ box__in: Box.objects.filter({ name: "large" }) }).count(),
        ];
      },
      queries: 5,
    },
    (counts) => assert.deepEqual(counts, [2, 2, 3, 1]),
  );

  test("a name or a lookup that does not exist is a FieldError with the choices", async () => {
    const message =
      "Cannot resolve keyword 'nam' into field. " +
      "Choices are: box, box_id, id, name, orders, price, price_id, toppings";
    // @ts-expect-error there is no such field
    assert.throws(() => Pizza.aobjects.filter({ nam: "x" }), { name: "FieldError", message });
    // @ts-expect-error there is no such lookup
    assert.throws(() => Pizza.objects.filter({ name__begins: "x" }), FieldError);
    // @ts-expect-error there is no such field of a box
    assert.throws(() => Pizza.objects.exclude({ box__size: 3 }), FieldError);
  });

  test("undefined is an error, never a lost condition", () => {
    // @ts-expect-error undefined is no value
    assert.throws(() => Pizza.aobjects.filter({ name: undefined }), { name: "TypeError" });
    // @ts-expect-error undefined is no value
    assert.throws(() => Pizza.objects.exclude({ name__in: [undefined] }), { name: "TypeError" });
  });
});

describe("annotate and alias", () => {
  both(
    "annotate adds a value to each object",
    {
      async: () =>
        Pizza.aobjects
          .annotate({ n: Count("toppings") })
          .orderBy("-n", "id")
          .eval(),
      sync: () =>
        Pizza.objects
          .annotate({ n: Count("toppings") })
          .orderBy("-n", "id")
          .eval(),
      queries: 1,
    },
    (pizzas) => {
      assert.deepEqual(
        pizzas.map((pizza) => [pizza.name, pizza.n]),
        [
          ["Hawaii", 4],
          ["Margherita", 3],
          ["Funghi", 3],
          ["Calzone", 3],
        ],
      );
      assert(pizzas[0] instanceof Pizza);
    },
  );
  both(
    "an aggregate names itself",
    {
      async: () => Box.aobjects.annotate(Max("pizza__price__amount")).get({ id: 2 }),
      sync: () => Box.objects.annotate(Max("pizza__price__amount")).get({ id: 2 }),
    },
    (box) => assert.equal(box.pizza__price__amount__max?.toFixed(2), "9.90"),
  );
  both(
    "annotations are filtered by, and used in others",
    {
      async: () =>
        Pizza.aobjects
          .annotate({ n: Count("toppings") })
          .annotate({ twice: F("n").mul(2) })
          .filter({ n__gt: 3 })
          .eval(),
      sync: () =>
        Pizza.objects
          .annotate({ n: Count("toppings") })
          .annotate({ twice: F("n").mul(2) })
          .filter({ n__gt: 3 })
          .eval(),
    },
    (pizzas) =>
      assert.deepEqual(
        pizzas.map((pizza) => [pizza.name, pizza.twice]),
        [["Hawaii", 8]],
      ),
  );
  both(
    "alias is for the query alone",
    {
      async: () =>
        Pizza.aobjects
          .alias({ n: Count("toppings") })
          .filter({ n: 4 })
          .get(),
      sync: () =>
        Pizza.objects
          .alias({ n: Count("toppings") })
          .filter({ n: 4 })
          .get(),
    },
    (pizza) => {
      assert.equal(pizza.name, "Hawaii");
      assert.equal("n" in pizza, false);
    },
  );
  both(
    "values and sums with conditions",
    {
      async: () =>
        Pizza.aobjects
          .annotate({
            sold: Sum("orders__count", { default: 0, filter: Q({ orders__status: "D" }) }),
            kind: Value("x"),
          })
          .orderBy("id")
          .valuesList("sold", "kind")
          .eval(),
      sync: () =>
        Pizza.objects
          .annotate({
            sold: Sum("orders__count", { default: 0, filter: Q({ orders__status: "D" }) }),
            kind: Value("x"),
          })
          .orderBy("id")
          .valuesList("sold", "kind")
          .eval(),
    },
    (rows) =>
      assert.deepEqual(rows, [
        [2, "x"],
        [0, "x"],
        [1, "x"],
        [0, "x"],
      ]),
  );

  test("the name of a field is taken", () => {
    // @ts-expect-error `name` is a field
    assert.throws(() => Pizza.aobjects.annotate({ name: Count("toppings") }), { name: "ValueError" });
  });
});

describe("orderBy and reverse", () => {
  both(
    "up and down, by several names",
    {
      async: () => Price.aobjects.orderBy("currency", "-amount").valuesList("id", { flat: true }).eval(),
      sync: () => Price.objects.orderBy("currency", "-amount").valuesList("id", { flat: true }).eval(),
    },
    (ids) => assert.deepEqual(ids, [3, 4, 2, 1]),
  );
  both(
    "over relations, with the place of nulls",
    {
      async: () => Pizza.aobjects.orderBy(F("box__name").desc({ nullsLast: true }), "id").eval(),
      sync: () => Pizza.objects.orderBy(F("box__name").desc({ nullsLast: true }), "id").eval(),
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Margherita", "Funghi", "Hawaii", "Calzone"]),
  );
  both(
    "reverse turns the order round, that of the model too",
    {
      async: async () => [
        names(await Pizza.aobjects.reverse()),
        names(await Pizza.aobjects.orderBy("name").reverse()),
      ],
      sync: () => [names(Pizza.objects.reverse()), names(Pizza.objects.orderBy("name").reverse())],
    },
    (found) =>
      assert.deepEqual(found, [
        ["Calzone", "Hawaii", "Funghi", "Margherita"],
        ["Margherita", "Hawaii", "Funghi", "Calzone"],
      ]),
  );
  both(
    "a random order gives each row once",
    {
      async: () => Topping.aobjects.orderBy("?").eval(),
      sync: () => Topping.objects.orderBy("?").eval(),
    },
    (toppings) => assert.deepEqual(names(toppings).toSorted(), [...TOPPINGS].toSorted()),
  );

  test("ordered says whether there is an order", () => {
    assert.equal(Pizza.aobjects.all().ordered, true);
    assert.equal(Topping.aobjects.all().ordered, false);
    assert.equal(Pizza.aobjects.orderBy().ordered, false);
  });
});

describe("distinct", () => {
  both(
    "leaves out what is the same",
    {
      async: async () => [
        await Box.aobjects.filter({ pizza__price__currency: "usd" }).count(),
        await Box.aobjects.filter({ pizza__price__currency: "usd" }).distinct().count(),
        await Price.aobjects.orderBy("currency").values("currency").distinct().eval(),
      ],
      sync: () => [
        Box.objects.filter({ pizza__price__currency: "usd" }).count(),
        Box.objects.filter({ pizza__price__currency: "usd" }).distinct().count(),
        Price.objects.orderBy("currency").values("currency").distinct().eval(),
      ],
    },
    (found) => assert.deepEqual(found, [2, 1, [{ currency: "eur" }, { currency: "usd" }]]),
  );

  test("with names it needs a database that can", async () => {
    await assert.rejects(async () => await Price.aobjects.distinct("currency"), NotSupportedError);
  });
});

describe("values and valuesList", () => {
  both(
    "values: objects of the named columns, over relations too",
    {
      async: () => Pizza.aobjects.values("name", "box__name").eval(),
      sync: () => Pizza.objects.values("name", "box__name").eval(),
      queries: 1,
    },
    (rows) => {
      assert.deepEqual(rows[0], { name: "Margherita", box__name: "medium" });
      assert.deepEqual(rows[3], { name: "Calzone", box__name: null });
    },
  );
  both(
    "values without names: all columns",
    { async: () => Pizza.aobjects.values()[0], sync: () => Pizza.objects.values()[0] },
    (row) => assert.deepEqual(row, { id: 1, name: "Margherita", box_id: 2, price_id: 1 }),
  );
  both(
    "values of expressions",
    {
      async: () => Price.aobjects.values("id", { twice: F("amount").mul(2) }).get({ id: 2 }),
      sync: () => Price.objects.values("id", { twice: F("amount").mul(2) }).get({ id: 2 }),
    },
    (row) => assert.deepEqual([row.id, row.twice.toFixed(2)], [2, "19.80"]),
  );
  both(
    "values before annotate: groups",
    {
      async: () =>
        Price.aobjects
          .values("currency")
          .annotate({ n: Count("id") })
          .orderBy("currency")
          .eval(),
      sync: () =>
        Price.objects
          .values("currency")
          .annotate({ n: Count("id") })
          .orderBy("currency")
          .eval(),
    },
    (rows) =>
      assert.deepEqual(rows, [
        { currency: "eur", n: 1 },
        { currency: "usd", n: 3 },
      ]),
  );
  both(
    "valuesList: tuples",
    {
      async: () => Box.aobjects.valuesList("id", "name").eval(),
      sync: () => Box.objects.valuesList("id", "name").eval(),
    },
    (rows) =>
      assert.deepEqual(rows, [
        [1, "small"],
        [2, "medium"],
        [3, "large"],
      ]),
  );
  both(
    "flat: bare values",
    {
      async: () => Box.aobjects.valuesList("name", { flat: true }).eval(),
      sync: () => Box.objects.valuesList("name", { flat: true }).eval(),
    },
    (rows) => assert.deepEqual(rows, ["small", "medium", "large"]),
  );
  both(
    "named: tuples with names",
    {
      async: () => Box.aobjects.valuesList("id", "name", { named: true })[1],
      sync: () => Box.objects.valuesList("id", "name", { named: true })[1],
    },
    (row) => {
      assert.equal(row.name, "medium");
      assert.equal(row[0], 2);
    },
  );

  test("flat is for one column, and not named", () => {
    assert.throws(() => Box.aobjects.valuesList("id", "name", { flat: true }), { name: "TypeError" });
    assert.throws(() => Box.aobjects.valuesList("id", { flat: true, named: true }), { name: "TypeError" });
  });
});

describe("dates and datetimes", () => {
  both(
    "dates: the different days, months, years",
    {
      async: async () => [
        (await Order.aobjects.dates("day", "year")).map(String),
        (await Order.aobjects.dates("day", "month")).map(String),
        (await Order.aobjects.dates("day", "day", "DESC")).map(String),
      ],
      sync: () => [
        [...Order.objects.dates("day", "year")].map(String),
        [...Order.objects.dates("day", "month")].map(String),
        [...Order.objects.dates("day", "day", "DESC")].map(String),
      ],
      queries: 3,
    },
    (found) =>
      assert.deepEqual(found, [
        ["2024-01-01"],
        ["2024-01-01", "2024-02-01"],
        ["2024-02-03", "2024-01-15", "2024-01-14"],
      ]),
  );
  both(
    "datetimes: the different hours, in a time zone",
    {
      async: () => Order.aobjects.datetimes("placed", "hour").eval(),
      sync: () => Order.objects.datetimes("placed", "hour").eval(),
      queries: 1,
    },
    (found) =>
      assert.deepEqual(
        found.map((date) => date.toISOString()),
        [
          "2024-01-14T18:00:00.000Z",
          "2024-01-15T12:00:00.000Z",
          "2024-01-15T19:00:00.000Z",
          "2024-02-03T20:00:00.000Z",
        ],
      ),
  );
  both(
    "datetimes: days of Tokyo",
    {
      async: () => Order.aobjects.datetimes("placed", "day", "ASC", { tzinfo: "Asia/Tokyo" }).eval(),
      sync: () => Order.objects.datetimes("placed", "day", "ASC", { tzinfo: "Asia/Tokyo" }).eval(),
    },
    (found) =>
      assert.deepEqual(
        found.map((date) => date.toISOString()),
        ["2024-01-14T15:00:00.000Z", "2024-01-15T15:00:00.000Z", "2024-02-03T15:00:00.000Z"],
      ),
  );
});

describe("none and all", () => {
  both(
    "none has no rows, and asks nothing",
    {
      async: async () => [
        await Price.aobjects.none().eval(),
        await Price.aobjects.none().filter({ id: 1 }).count(),
        await Price.aobjects.none().exists(),
      ],
      sync: () => [
        Price.objects.none().eval(),
        Price.objects.none().filter({ id: 1 }).count(),
        Price.objects.none().exists(),
      ],
      queries: 0,
    },
    (found) => assert.deepEqual(found, [[], 0, false]),
  );

  test("all is a copy that asks anew", async () => {
    const queryset = Topping.aobjects.all();
    await queryset;
    await Topping.aobjects.create({ name: "Olives" });
    assert.equal((await queryset).length, 6);
    assert.equal((await queryset.all()).length, 7);
  });
});

describe("union, intersection, difference", () => {
  const early = { id__lte: 4 } as const;
  const late = { id__gte: 3 } as const;
  both(
    "union: each row once",
    {
      async: () => Topping.aobjects.filter(early).union(Topping.aobjects.filter(late)).orderBy("-id").eval(),
      sync: () => Topping.objects.filter(early).union(Topping.objects.filter(late)).orderBy("-id").eval(),
      queries: 1,
    },
    (toppings) => assert.deepEqual(names(toppings), [...TOPPINGS].reverse()),
  );
  both(
    "union with all: as often as it comes",
    {
      async: () => Topping.aobjects.filter(early).union(Topping.aobjects.filter(late), { all: true }).count(),
      sync: () => Topping.objects.filter(early).union(Topping.objects.filter(late), { all: true }).count(),
    },
    (count) => assert.equal(count, 8),
  );
  both(
    "union of several",
    {
      async: () =>
        Topping.aobjects
          .filter({ id: 1 })
          .union(Topping.aobjects.filter({ id: 2 }), Topping.aobjects.filter({ id: 6 }))
          .count(),
      sync: () =>
        Topping.objects
          .filter({ id: 1 })
          .union(Topping.objects.filter({ id: 2 }), Topping.objects.filter({ id: 6 }))
          .count(),
    },
    (count) => assert.equal(count, 3),
  );
  both(
    "intersection",
    {
      async: () =>
        Topping.aobjects.filter(early).intersection(Topping.aobjects.filter(late)).orderBy("id").eval(),
      sync: () =>
        Topping.objects.filter(early).intersection(Topping.objects.filter(late)).orderBy("id").eval(),
    },
    (toppings) => assert.deepEqual(names(toppings), ["Basil", "Mushroom"]),
  );
  both(
    "difference",
    {
      async: () =>
        Topping.aobjects.filter(early).difference(Topping.aobjects.filter(late)).orderBy("id").eval(),
      sync: () => Topping.objects.filter(early).difference(Topping.objects.filter(late)).orderBy("id").eval(),
    },
    (toppings) => assert.deepEqual(names(toppings), ["Mozzarella", "Tomato"]),
  );
  both(
    "of other models' rows",
    {
      async: () =>
        Box.aobjects
          .valuesList("name", { flat: true })
          .union(Pizza.aobjects.orderBy().valuesList("name", { flat: true }))
          .orderBy("name")
          .eval(),
      sync: () =>
        Box.objects
          .valuesList("name", { flat: true })
          .union(Pizza.objects.orderBy().valuesList("name", { flat: true }))
          .orderBy("name")
          .eval(),
    },
    (found) =>
      assert.deepEqual(found, ["Calzone", "Funghi", "Hawaii", "Margherita", "large", "medium", "small"]),
  );

  test("they cannot be filtered afterwards", () => {
    const united = Topping.aobjects.filter(early).union(Topping.aobjects.filter(late));
    assert.throws(() => united.filter({ id: 1 }), NotSupportedError);
  });
});

describe("selectRelated and prefetchRelated", () => {
  both(
    "selectRelated: one query with joins",
    {
      async: async () => {
        const pizzas = await Pizza.aobjects.selectRelated("box", "price");
        return pizzas.map((pizza) => `${pizza.box?.name ?? "-"} ${pizza.price.amount}`);
      },
      sync: () => {
        const pizzas = Pizza.objects.selectRelated("box", "price").eval();
        return pizzas.map((pizza) => `${pizza.box?.name ?? "-"} ${pizza.price.amount}`);
      },
      queries: 1,
    },
    (found) => assert.deepEqual(found, ["medium 7.50", "medium 9.90", "large 11.00", "- 12.50"]),
  );
  both(
    "selectRelated: back over a one-to-one relation, and on",
    {
      async: async () => {
        const price = await Price.aobjects.selectRelated("pizza__box").get({ id: 3 });
        return [price.pizza.name, price.pizza.box?.name];
      },
      sync: () => {
        const price = Price.objects.selectRelated("pizza__box").get({ id: 3 });
        return [price.pizza.name, price.pizza.box?.name];
      },
      queries: 1,
    },
    (found) => assert.deepEqual(found, ["Hawaii", "large"]),
  );
  both(
    "prefetchRelated: one more query for each relation",
    {
      async: async () => {
        const pizzas = await Pizza.aobjects.prefetchRelated("toppings", "orders");
        return pizzas.map((pizza) => [pizza.toppings.all().length, pizza.orders.all().length]);
      },
      sync: () => {
        const pizzas = Pizza.objects.prefetchRelated("toppings", "orders");
        return [...pizzas].map((pizza) => [pizza.toppings.all().length, pizza.orders.all().length]);
      },
      queries: 3,
    },
    (found) =>
      assert.deepEqual(found, [
        [3, 2],
        [3, 1],
        [4, 1],
        [3, 0],
      ]),
  );
  both(
    "prefetchRelated: further relations of those",
    {
      async: async () => {
        const box = await Box.aobjects
          .prefetchRelated("pizza_set__price", "pizza_set__toppings")
          .get({ id: 2 });
        return box.pizza_set
          .all()
          .eval()
          .map((pizza) => [String(pizza.price.amount), pizza.toppings.all().length]);
      },
      sync: () => {
        const box = Box.objects.prefetchRelated("pizza_set__price", "pizza_set__toppings").get({ id: 2 });
        return box.pizza_set
          .all()
          .eval()
          .map((pizza) => [String(pizza.price.amount), pizza.toppings.all().length]);
      },
      queries: 4,
    },
    (found) =>
      assert.deepEqual(found, [
        ["7.50", 3],
        ["9.90", 3],
      ]),
  );
  both(
    "Prefetch: a queryset of one's own, into an attribute of one's own",
    {
      async: async () => {
        const some = Prefetch("toppings", {
          queryset: Topping.aobjects.filter({ name: "Bacon" }),
          toAttr: "bacon",
        });
        return (await Pizza.aobjects.prefetchRelated(some)).map((pizza) => names(pizza.bacon));
      },
      sync: () => {
        const some = Prefetch("toppings", {
          queryset: Topping.objects.filter({ name: "Bacon" }),
          toAttr: "bacon",
        });
        return [...Pizza.objects.prefetchRelated(some)].map((pizza) => names(pizza.bacon));
      },
      queries: 2,
    },
    (found) => assert.deepEqual(found, [[], [], ["Bacon"], ["Bacon"]]),
  );

  test("names that are no relations are refused", async () => {
    // @ts-expect-error a column is no relation
    await assert.rejects(async () => await Pizza.aobjects.selectRelated("name"), FieldError);
    // @ts-expect-error there is no such relation
    await assert.rejects(async () => await Pizza.aobjects.prefetchRelated("cheeses"));
  });
});

describe("only and defer", () => {
  both(
    "only loads these columns and the key",
    {
      async: () => Pizza.aobjects.only("name").get({ id: 1 }),
      sync: () => Pizza.objects.only("name").get({ id: 1 }),
    },
    (pizza) => assert.deepEqual([...pizza.getDeferredFields()], ["box_id", "price_id"]),
  );
  both(
    "defer loads all but these",
    {
      async: () => Pizza.aobjects.defer("name").get({ id: 1 }),
      sync: () => Pizza.objects.defer("name").get({ id: 1 }),
    },
    (pizza) => {
      assert.deepEqual([...pizza.getDeferredFields()], ["name"]);
      assert.equal(pizza.name, "Margherita");
    },
  );
  both(
    "defer(null) loads everything again",
    {
      async: () => Pizza.aobjects.defer("name").defer(null).get({ id: 1 }),
      sync: () => Pizza.objects.defer("name").defer(null).get({ id: 1 }),
    },
    (pizza) => assert.equal(pizza.getDeferredFields().size, 0),
  );
});

describe("extra, raw", () => {
  both(
    "extra: columns, conditions and order of one's own",
    {
      async: () =>
        Pizza.aobjects
          .extra({
            select: { letters: "length(name)" },
            where: ["length(name) > %s"],
            params: [6],
            orderBy: ["-letters"],
          })
          .eval(),
      sync: () =>
        Pizza.objects
          .extra({
            select: { letters: "length(name)" },
            where: ["length(name) > %s"],
            params: [6],
            orderBy: ["-letters"],
          })
          .eval(),
      queries: 1,
    },
    (pizzas) => {
      assert.deepEqual(names(pizzas), ["Margherita", "Calzone"]);
      assert.equal(Reflect.get(pizzas[0] ?? {}, "letters"), 10);
    },
  );
  both(
    "raw: objects from a statement",
    {
      async: async () =>
        await Pizza.aobjects.raw("SELECT id, name FROM testapp_pizza WHERE name LIKE %s", ["%a%"]),
      sync: () => [...Pizza.objects.raw("SELECT id, name FROM testapp_pizza WHERE name LIKE %s", ["%a%"])],
      queries: 1,
    },
    (pizzas) => {
      assert.deepEqual(names(pizzas), ["Margherita", "Hawaii", "Calzone"]);
      assert(pizzas[0] instanceof Pizza);
    },
  );
  both(
    "raw: parameters by name, translated columns",
    {
      async: async () =>
        await Topping.aobjects.raw(
          "SELECT id AS nr, upper(name) AS title FROM testapp_topping WHERE id <= %(last)s",
          { last: 2 },
          { translations: { nr: "id", title: "name" } },
        ),
      sync: () => [
        ...Topping.objects.raw(
          "SELECT id AS nr, upper(name) AS title FROM testapp_topping WHERE id <= %(last)s",
          { last: 2 },
          { translations: { nr: "id", title: "name" } },
        ),
      ],
    },
    (toppings) => assert.deepEqual(names(toppings), ["MOZZARELLA", "TOMATO"]),
  );

  test("raw is iterated by for await, too", async () => {
    const found: string[] = [];
    for await (const box of Box.aobjects.raw("SELECT * FROM testapp_box ORDER BY id")) found.push(box.name);
    assert.deepEqual(found, ["small", "medium", "large"]);
  });
});

describe("using", () => {
  test("asks another database", async () => {
    await createTables({ using: "other" });
    await Topping.aobjects.using("other").create({ name: "Truffle" });
    assert.deepEqual(names(await Topping.aobjects.using("other")), ["Truffle"]);
    assert.deepEqual(names(Topping.objects.using("other")), ["Truffle"]);
    assert.equal(await Topping.aobjects.filter({ name: "Truffle" }).exists(), false);
    assert.equal(Topping.aobjects.using("other").db, "other");
    assert.equal((await Topping.aobjects.using("other").get())._state.db, "other");
  });

  test("a database that the settings do not have is named", async () => {
    await assert.rejects(async () => await Topping.aobjects.using("nowhere"), /nowhere/);
  });
});

describe("selectForUpdate", () => {
  test("is nothing on SQLite, as in Django", async () => {
    const pizza = await aatomic(() => Pizza.aobjects.selectForUpdate().get({ id: 1 }));
    assert.equal(pizza.name, "Margherita");
    assert.equal(Pizza.objects.selectForUpdate({ of: ["self"] }).count(), 4);
  });
});

describe("extend", () => {
  test("adds methods that stay, of both colours", async () => {
    const menu = Pizza.aobjects.extend({
      below(amount: string) {
        return this.filter({ price__amount__lt: amount });
      },
    });
    assert.deepEqual(names(await menu.exclude({ id: 1 }).below("11")), ["Funghi"]);
    const sync = Pizza.objects.all().extend({
      boxed() {
        return this.filter({ box__isnull: false });
      },
    });
    assert.deepEqual(names(sync.filter({ id__gt: 1 }).boxed()), ["Funghi", "Hawaii"]);
  });
});

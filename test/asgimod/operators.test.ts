/** Two querysets of one model make a third: Python's `&`, `|` and `^`. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countQueries, Decimal, F, Q } from "asgimod";
import { amounts, both, names, Pizza, Price, pizzeria, Topping } from "./setup.ts";

pizzeria();

describe("and", () => {
  both(
    "gives the rows of both, with one query",
    {
      async: () =>
        Price.aobjects
          .filter({ amount__gt: "8" })
          .and(Price.aobjects.filter({ amount__gt: "10" }))
          .eval(),
      sync: () =>
        Price.objects
          .filter({ amount__gt: "8" })
          .and(Price.objects.filter({ amount__gt: "10" }))
          .eval(),
      queries: 1,
    },
    (prices) => assert.deepEqual(amounts(prices), ["11.00", "12.50"]),
  );
  both(
    "of nothing in common is nothing",
    {
      async: () =>
        Price.aobjects
          .filter({ currency: "usd" })
          .and(Price.aobjects.filter({ currency: "eur" }))
          .eval(),
      sync: () =>
        Price.objects
          .filter({ currency: "usd" })
          .and(Price.objects.filter({ currency: "eur" }))
          .eval(),
    },
    (prices) => assert.deepEqual(prices, []),
  );
});

describe("or", () => {
  both(
    "gives the rows of either, each once",
    {
      async: () =>
        Price.aobjects
          .filter({ currency: "usd" })
          .or(Price.aobjects.filter({ currency: "eur" }))
          .count(),
      sync: () =>
        Price.objects
          .filter({ currency: "usd" })
          .or(Price.objects.filter({ currency: "eur" }))
          .count(),
      queries: 1,
    },
    (count) => assert.equal(count, 4),
  );
  both(
    "goes over relations",
    {
      async: () =>
        Pizza.aobjects
          .filter({ box__name: "large" })
          .or(Pizza.aobjects.filter({ box__isnull: true }))
          .eval(),
      sync: () =>
        Pizza.objects
          .filter({ box__name: "large" })
          .or(Pizza.objects.filter({ box__isnull: true }))
          .eval(),
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Hawaii", "Calzone"]),
  );
});

describe("xor", () => {
  both(
    "gives the rows of exactly one",
    {
      async: () =>
        Price.aobjects
          .filter({ amount__gt: "8" })
          .xor(Price.aobjects.filter({ currency: "usd" }))
          .eval(),
      sync: () =>
        Price.objects
          .filter({ amount__gt: "8" })
          .xor(Price.objects.filter({ currency: "usd" }))
          .eval(),
    },
    (prices) => assert.deepEqual(amounts(prices), ["7.50", "11.00"]),
  );
});

describe("the result", () => {
  test("is a queryset of the same colour that goes on", async () => {
    const qs = Price.aobjects.filter({ currency: "usd" }).or(Price.aobjects.filter({ currency: "eur" }));
    assert.equal(String(qs), "<AsyncQuerySet [...Price]>");
    assert.deepEqual(amounts(await qs.exclude({ id: 1 }).orderBy("-amount").slice(0, 2)), ["12.50", "11.00"]);
  });

  test("leaves both operands as they were, and asks nothing", async () => {
    const qa = Price.aobjects.filter({ amount__gt: "8" });
    const qb = Price.aobjects.filter({ currency: "usd" });
    const { count } = countQueries(() => [qa.and(qb), qa.or(qb)]);
    assert.equal(count, 0);
    assert.equal(await qa.count(), 3);
    assert.equal(await qb.count(), 3);
  });

  test("with none() is none, or the other one", async () => {
    const all = Price.aobjects.all();
    assert.equal(await all.and(Price.aobjects.none()).count(), 0);
    assert.equal(await all.or(Price.aobjects.none()).count(), 4);
    assert.equal(await Price.aobjects.none().or(all).count(), 4);
  });

  test("of different models is refused", () => {
    // @ts-expect-error the models differ
    assert.throws(() => Price.aobjects.all().and(Topping.aobjects.all()), { name: "TypeError" });
    // @ts-expect-error the models differ
    assert.throws(() => Price.objects.all().or(Topping.objects.all()), { name: "TypeError" });
  });

  test("of slices: `or` takes their rows, `and` is refused", async () => {
    const slice = Price.aobjects.all().orderBy("id").slice(0, 1);
    assert.deepEqual(amounts(await slice.or(Price.aobjects.filter({ id: 4 })).orderBy("id")), [
      "7.50",
      "12.50",
    ]);
    assert.throws(() => slice.and(Price.aobjects.all()), { name: "TypeError" });
  });
});

describe("Q", () => {
  both(
    "or and not",
    {
      async: () =>
        Pizza.aobjects
          .filter(
            Pizza.Q({ name: "Funghi" })
              .or(Pizza.Q({ box: null }))
              .not(),
          )
          .eval(),
      sync: () =>
        Pizza.objects
          .filter(
            Pizza.Q({ name: "Funghi" })
              .or(Pizza.Q({ box: null }))
              .not(),
          )
          .eval(),
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Margherita", "Hawaii"]),
  );
  both(
    "beside an object of lookups",
    {
      async: () =>
        Pizza.aobjects.filter(Q({ name__contains: "a" }).xor(Q({ id: 3 })), { box__isnull: false }).eval(),
      sync: () =>
        Pizza.objects.filter(Q({ name__contains: "a" }).xor(Q({ id: 3 })), { box__isnull: false }).eval(),
    },
    (pizzas) => assert.deepEqual(names(pizzas), ["Margherita"]),
  );
});

describe("F", () => {
  both(
    "calculates in the database",
    {
      async: () =>
        Price.aobjects.annotate({ twice: F("amount").mul(2).sub(new Decimal("0.5")) }).get({ id: 1 }),
      sync: () =>
        Price.objects.annotate({ twice: F("amount").mul(2).sub(new Decimal("0.5")) }).get({ id: 1 }),
    },
    (price) => assert.equal(price.twice.toFixed(2), "14.50"),
  );
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import {
  ArgumentTypeError,
  connections,
  countQueries,
  FieldError,
  IndexError,
  IntegerField,
  Model,
  NotImplementedError,
  ValueError,
} from "asgimod";
import { open, Pizza, Topping } from "./pizzeria.ts";

/** A table of others, whose key is none. */
class Twice extends Model(
  "querytest.Twice",
  { id: IntegerField({ primaryKey: true }) },
  { managed: false },
) {}

before(open);
after(() => connections.close());

test("a queryset asks once and keeps its rows; a further call asks anew", () => {
  const { queries } = countQueries(() => {
    const all = Pizza.objects.all();
    assert.equal([...all].length, 3);
    assert.equal(all.length, 3);
    assert.equal(all.count(), 3);
    assert.equal(all.exists(), true);
    assert.equal(all[1].name, "Funghi");
    assert.equal(all.contains(all[0]), true);
    assert.equal([...all.all()].length, 3);
  });
  assert.equal(queries.length, 2);
});

test("a manager keeps no rows", () => {
  const { queries } = countQueries(() => {
    assert.equal([...Pizza.objects.all()].length, 3);
    assert.equal(Pizza.objects.eval().length, 3);
  });
  assert.equal(queries.length, 2);
});

test("an async queryset is awaited, iterated and indexed; it has no length and no truth value", async () => {
  const all = Pizza.aobjects.orderBy("-id");
  assert.deepEqual(
    (await all).map((pizza) => pizza.name),
    ["Prosciutto", "Funghi", "Margherita"],
  );
  const names: string[] = [];
  for await (const pizza of all) names.push(pizza.name);
  assert.deepEqual(names, ["Prosciutto", "Funghi", "Margherita"]);
  assert.equal((await Pizza.aobjects.orderBy("-id")[0]).name, "Prosciutto");
  assert.equal((await all.at(-1)).name, "Margherita");
  assert.equal((await all.slice(1, 3)[1]).name, "Margherita");
  assert.throws(() => (all as unknown as { length: number }).length, NotImplementedError);
  assert.throws(() => +(all as unknown as number), NotImplementedError);
  assert.equal(String(all), "<AsyncQuerySet [...Pizza]>");
  assert.equal(inspect(all), "<AsyncQuerySet [...Pizza]>");
});

test("an index beyond the rows is an error, a negative one too", async () => {
  assert.throws(() => Pizza.objects.all()[9], IndexError);
  await assert.rejects(() => Pizza.aobjects.all().at(9), IndexError);
  assert.throws(() => Pizza.objects.all()[-1], ValueError);
  assert.throws(() => Pizza.objects.slice(-1), ValueError);
});

test("undefined is an error wherever it stands", () => {
  const nothing = undefined as unknown as string;
  assert.throws(() => Pizza.objects.filter({ name: nothing }), ArgumentTypeError);
  assert.throws(() => Pizza.objects.filter({ name__in: ["a", nothing] }), ArgumentTypeError);
  assert.throws(() => Pizza.objects.get({ name: nothing }), ArgumentTypeError);
  assert.throws(() => Topping.objects.create({ name: nothing }), ArgumentTypeError);
  assert.throws(() => Topping.objects.update({ name: nothing }), ArgumentTypeError);
});

test("an unknown name is refused when the call is chained, with the choices", () => {
  const filter = Pizza.objects.filter as (lookups: object) => unknown;
  assert.throws(
    () => filter.call(Pizza.objects, { nam: "x" }),
    (error) =>
      error instanceof FieldError &&
      error.message ===
        "Cannot resolve keyword 'nam' into field. Choices are: box, box_id, id, name, price, price_id, size, toppings",
  );
  assert.throws(() => filter.call(Pizza.objects, { name__startwith: "x" }), /perhaps you meant startswith/);
});

test("methods of an extended manager stay after filter", () => {
  assert.deepEqual([...Pizza.large.atLeast(30).valuesList("name", { flat: true })], ["Funghi", "Prosciutto"]);
  assert.deepEqual(
    [...Pizza.large.filter({ box__isnull: true }).atLeast(30)].map((pizza) => pizza.name),
    ["Prosciutto"],
  );
});

test("iterator() streams, and an early end closes it", async () => {
  const names: string[] = [];
  for (const pizza of Pizza.objects.iterator({ chunkSize: 1 })) {
    names.push(pizza.name);
    if (names.length === 2) break;
  }
  assert.deepEqual(names, ["Margherita", "Funghi"]);
  const streamed: string[] = [];
  for await (const pizza of Pizza.aobjects.prefetchRelated("toppings").iterator({ chunkSize: 2 })) {
    streamed.push(`${pizza.name} ${(await pizza.atoppings.all()).length}`);
  }
  assert.deepEqual(streamed, ["Margherita 1", "Funghi 2", "Prosciutto 2"]);
  assert.throws(() => Pizza.objects.prefetchRelated("toppings").iterator(), ValueError);
  assert.throws(() => Pizza.objects.iterator({ chunkSize: 0 }), ValueError);
});

test("selectRelated() and selectRelated(null) are two different calls", () => {
  const loaded = (queryset: { toString(): string }) => String(queryset).includes("JOIN");
  assert.equal(loaded(Pizza.objects.selectRelated("box")), true);
  assert.equal(loaded(Pizza.objects.selectRelated("box").selectRelated(null)), false);
  assert.equal(loaded(Pizza.objects.selectRelated("box").selectRelated()), true);
});

test("a get() that cannot be asked rejects, as every promise; it does not throw", async () => {
  const wrong = (): Promise<Pizza> => Pizza.aobjects.get({ nam: "x" } as unknown as { name: string });
  let promise: Promise<Pizza> | null = null;
  assert.doesNotThrow(() => {
    promise = wrong();
  });
  await assert.rejects(promise as unknown as Promise<Pizza>, FieldError);
  await assert.rejects(Pizza.aobjects.get({ id: "x" as unknown as number }), ValueError);
  assert.throws(() => Pizza.objects.get({ nam: "x" } as unknown as { name: string }), FieldError);
});

test("get() by key finds rows twice where joins repeat them, or the table keeps no key", async () => {
  const pizza = await Pizza.aobjects.get({ name: "Margherita" });
  await pizza.atoppings.add(...(await Topping.aobjects.all()));
  const joined = Pizza.aobjects.filter({ toppings__name__in: ["Basil", "Ham"] });
  await assert.rejects(joined.get({ id: pizza.id }), Pizza.MultipleObjectsReturned);
  connections
    .get()
    .execute(
      { kind: "run", alias: "default", sql: 'CREATE TABLE "querytest_twice" ("id" integer)', params: [] },
      "sync",
      null,
    );
  await Twice.aobjects.bulkCreate([new Twice({ id: 1 }), new Twice({ id: 1 })]);
  await assert.rejects(Twice.aobjects.get({ id: 1 }), Twice.MultipleObjectsReturned);
  assert.throws(() => Twice.objects.get({ pk: 1 }), Twice.MultipleObjectsReturned);
});

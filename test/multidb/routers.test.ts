/** The settings and the rules of routers. What Django answers is in django.test.ts. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import {
  ArgumentTypeError,
  ConnectionDoesNotExist,
  configure,
  connections,
  createTables,
  createTablesSync,
  type DatabaseRouter,
  dropTables,
  ImproperlyConfigured,
  type RoutedModel,
  type RouterConfig,
} from "asgimod";
import { apps, Box, fill, Pizza, Topping } from "./models.ts";

const databases = { default: "sqlite::memory:", other: "sqlite::memory:", third: "sqlite::memory:" };

function use(...routers: RouterConfig[]): void {
  configure({ apps, databases, routers });
}

async function tables(alias: string): Promise<unknown[]> {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'shop%' ORDER BY name";
  const op = { kind: "rows", alias, sql, params: [] } as const;
  return ((await connections.get(alias).execute(op, "async", null)) as unknown[][]).flat();
}

beforeEach(async () => {
  await connections.close();
  use();
});
after(() => connections.close());

test("the first answer wins, and a router without an opinion is passed over", async () => {
  const asked: string[] = [];
  const says = (name: string, answer: string | null): DatabaseRouter => ({
    dbForRead() {
      asked.push(name);
      return answer;
    },
  });
  use({ allowRelation: () => true }, says("silent", null), says("first", "other"), says("second", "third"));
  assert.equal(Pizza.objects.all().db, "other");
  assert.deepEqual(asked, ["silent", "first"]);
});

test("what using() names is not asked about", () => {
  use({
    dbForRead() {
      throw new Error("asked");
    },
  });
  assert.equal(Pizza.objects.using("third").db, "third");
  assert.throws(() => Pizza.objects.all().db, /asked/);
});

test("a class of routers is made into one, which keeps its state", () => {
  class ByApp implements DatabaseRouter {
    count = 0;
    dbForRead(model: RoutedModel): string | null {
      this.count += 1;
      return model._meta.appLabel === "shop" && model._meta.modelName === "box" ? `${this.alias()}` : null;
    }
    private alias(): string {
      return this.count === 1 ? "other" : "third";
    }
  }
  use(ByApp);
  assert.equal(Box.objects.all().db, "other");
  assert.equal(Box.objects.all().db, "third");
  assert.equal(Pizza.objects.all().db, "default");
});

test("a model is compared as it is", () => {
  use({ dbForRead: (model) => (model === Box ? "other" : null) });
  assert.equal(Box.objects.all().db, "other");
  assert.equal(Pizza.objects.all().db, "default");
});

test("an alias that does not exist is named with the choices", async () => {
  use({ dbForRead: () => "nowhere" });
  const expected = "The connection 'nowhere' doesn't exist. Choices are: default, other, third.";
  assert.throws(
    () => Pizza.objects.count(),
    (error) => error instanceof ConnectionDoesNotExist && error.message === expected,
  );
  await assert.rejects(() => Pizza.aobjects.count(), ConnectionDoesNotExist);
});

test("routers answer at once", () => {
  use({ dbForRead: (async () => "other") as unknown as () => string });
  assert.throws(
    () => Pizza.objects.count(),
    (error) => error instanceof ArgumentTypeError && /dbForRead\(\).* returned a promise/.test(error.message),
  );
});

test("a router that says nothing at all is refused", () => {
  const misspelt = { db_for_read: () => "other" } as unknown as DatabaseRouter;
  for (const wrong of [misspelt, null, "path.to.Router"] as unknown as DatabaseRouter[]) {
    assert.throws(
      () => use(wrong),
      (error) =>
        error instanceof ImproperlyConfigured &&
        error.message ===
          "A router must be an object or a class with some of these methods: allowMigrate, allowRelation, " +
            "dbForRead, dbForWrite.",
    );
  }
});

test("new settings bring new routers", () => {
  use({ dbForRead: () => "other" });
  assert.equal(Pizza.objects.all().db, "other");
  use();
  assert.equal(Pizza.objects.all().db, "default");
});

test("allowMigrate decides which tables are made, and which are dropped", async () => {
  const asked: unknown[] = [];
  use({
    allowMigrate(alias, appLabel, { modelName, model }) {
      asked.push([alias, appLabel, modelName, model === Topping]);
      if (alias === "third") return null;
      return (modelName === "topping") === (alias === "other");
    },
  });
  await createTables();
  await createTables({ using: "other" });
  createTablesSync({ using: "third" });
  const rest = ["shop_box", "shop_certificate", "shop_pizza", "shop_pizza_toppings"];
  assert.deepEqual(await tables("default"), rest);
  assert.deepEqual(await tables("other"), ["shop_topping"]);
  assert.deepEqual(await tables("third"), [...rest, "shop_topping"]);
  assert.deepEqual(asked.slice(0, 4), [
    ["default", "shop", "topping", true],
    ["default", "shop", "box", false],
    ["default", "shop", "pizza", false],
    ["default", "shop", "certificate", false],
  ]);
  await dropTables({ using: "other" });
  assert.deepEqual(await tables("other"), []);
  assert.deepEqual((await tables("default")).length, 4);
});

test("writes and the reads that belong to them use the database of writing", async () => {
  for (const using of ["default", "other"]) createTablesSync({ using });
  fill("default", "other");
  use({ dbForRead: () => "other", dbForWrite: () => "default", allowRelation: () => true });
  const [found, made] = await Pizza.aobjects.getOrCreate({ name: "default pizza 1" });
  assert.deepEqual([found._state.db, made], ["default", false]);
  assert.equal(Pizza.objects.filter({ name: "default pizza 1" }).update({ box: null }), 1);
  assert.equal(Pizza.objects.filter({ name: "other pizza 1" }).delete()[0], 0);
  const [pizza] = Pizza.objects.bulkCreate([new Pizza({ name: "bulk" })]);
  assert.equal(pizza?._state.db, "default");
  assert.equal(Pizza.objects.get({ id: 1 }).name, "other pizza 1");
  // It was read from the one and goes to the other.
  const moved = Pizza.objects.get({ id: 1 });
  moved.name = "moved";
  moved.save();
  assert.equal(moved._state.db, "default");
  assert.deepEqual(
    [Pizza.objects.using("default").get({ id: 1 }).name, Pizza.objects.using("other").get({ id: 1 }).name],
    ["moved", "other pizza 1"],
  );
});

test("deferred columns are loaded when an object is saved into another database", async () => {
  for (const using of ["default", "other"]) createTablesSync({ using });
  fill("default", "other");
  const pizza = await Pizza.aobjects.defer("name").get({ id: 1 });
  await pizza.asave({ using: "other" });
  assert.equal(Pizza.objects.using("other").get({ id: 1 }).name, "default pizza 1");
  const box = Box.objects.only("id").get({ id: 2 });
  box.save({ using: "other" });
  assert.equal(Box.objects.using("other").get({ id: 2 }).name, "default box 2");
});

test("one queryset asks its router once for a query", () => {
  for (const using of ["default", "other"]) createTablesSync({ using });
  fill("default", "other");
  let turn = 0;
  use({ dbForRead: () => (turn++ % 2 === 0 ? "default" : "other") });
  const first = [...Pizza.objects.all()];
  const second = [...Pizza.objects.all()];
  assert.deepEqual(
    first.map(({ name, _state }) => [name, _state.db]),
    [
      ["default pizza 1", "default"],
      ["default pizza 2", "default"],
    ],
  );
  assert.deepEqual(
    second.map(({ name, _state }) => [name, _state.db]),
    [
      ["other pizza 1", "other"],
      ["other pizza 2", "other"],
    ],
  );
  for (const alias of ["default", "other", "default"]) {
    const pizza = Pizza.objects.first();
    assert.deepEqual([pizza?.name, pizza?._state.db], [`${alias} pizza 1`, alias]);
  }
  assert.equal(Pizza.objects.filter({ name__startswith: "other" }).exists(), true);
  assert.deepEqual(
    [...Pizza.objects.iterator()].map(({ name }) => name),
    ["default pizza 1", "default pizza 2"],
  );
});

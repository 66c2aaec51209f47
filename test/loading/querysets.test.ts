import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  ArgumentTypeError,
  countQueries,
  F,
  IntegerField,
  Model,
  Q,
  UniqueConstraint,
  ValueError,
} from "asgimod";
import { registry } from "../../src/models/registry.ts";
import { Box, Certificate, DeepPizza, fill, Pizza, ProxyPizza, reset, Topping } from "./models.ts";

before(() => {
  reset();
  fill();
});

test("totallyOrdered", () => {
  assert.equal(Pizza.objects.all().totallyOrdered, true);
  assert.equal(Box.objects.all().totallyOrdered, false);
  assert.equal(Box.objects.orderBy("pk").totallyOrdered, true);
  assert.equal(Box.objects.orderBy("name", "-id").totallyOrdered, true);
  assert.equal(Box.objects.orderBy("name").totallyOrdered, false);
  assert.equal(Box.objects.orderBy("?").totallyOrdered, false);
  assert.equal(Box.objects.orderBy(F("id").desc()).totallyOrdered, true);
  assert.equal(Box.objects.orderBy(F("name")).totallyOrdered, false);
  assert.equal(Pizza.objects.orderBy().totallyOrdered, false);
  assert.equal(Certificate.objects.orderBy("-code").totallyOrdered, true);
  // A relation by its name is ordered by the other model's order; by its column, by what is unique.
  assert.equal(Certificate.objects.orderBy("pizza").totallyOrdered, false);
  assert.equal(Certificate.objects.orderBy("pizza_id").totallyOrdered, true);
  assert.equal(Pizza.objects.orderBy("certificate__code").totallyOrdered, false);
  assert.equal(Box.objects.none().totallyOrdered, false);
  assert.equal(Pizza.objects.totallyOrdered, true);
  assert.equal(Pizza.aobjects.totallyOrdered, true);
});

test("totallyOrdered by columns that are unique together", () => {
  const fields = { a: IntegerField(), b: IntegerField(), c: IntegerField({ null: true }) };
  class Pair extends Model("loading.Pair", fields, { uniqueTogether: [["a", "b"]] }) {}
  class Named extends Model("loading.Named", fields, {
    constraints: [UniqueConstraint({ fields: ["a", "b"], name: "loading_ab" })],
  }) {}
  class Partial extends Model("loading.Partial", fields, {
    constraints: [
      UniqueConstraint({ fields: ["a"], condition: Q({ b: 1 }), name: "loading_partial" }),
      UniqueConstraint({ fields: ["a", "c"], name: "loading_ac" }),
    ],
  }) {}
  try {
    assert.equal(Pair.objects.orderBy("a").totallyOrdered, false);
    assert.equal(Pair.objects.orderBy("b", "-a").totallyOrdered, true);
    assert.equal(Named.objects.orderBy("a", "b").totallyOrdered, true);
    assert.equal(Partial.objects.orderBy("a", "c").totallyOrdered, false);
  } finally {
    for (const label of ["loading.Pair", "loading.Named", "loading.Partial"]) registry.unregister(label);
  }
});

test("ordered, db and model of managers", () => {
  assert.deepEqual([Pizza.objects.ordered, Box.objects.ordered], [true, false]);
  assert.equal(Pizza.objects.db, "default");
});

test("complexFilter takes what limitChoicesTo holds", async () => {
  assert.equal(Box.objects.complexFilter({ name: "small" }).count(), 1);
  assert.equal(Box.objects.complexFilter(Q({ name: "small" }).or(Q({ name: "large" }))).count(), 2);
  assert.equal(await Box.aobjects.complexFilter({}).count(), 2);
});

test("inBulk", () => {
  const [one] = [...Box.objects.orderBy("id")] as [Box, Box];
  assert.equal(Box.objects.inBulk([one.id]).get(one.id)?.name, "small");
  assert.equal(Certificate.objects.inBulk(["c1"], { fieldName: "code" }).get("c1")?.code, "c1");
  assert.equal(countQueries(() => Box.objects.inBulk([])).count, 0);
  assert.throws(() => Box.objects.inBulk(["small"], { fieldName: "name" }), ValueError);
  assert.throws(() => Box.objects.all().slice(0, 1).inBulk([1]), ArgumentTypeError);
});

test("what was fetched answers without a query", () => {
  const boxes = Box.objects.orderBy("id");
  const [first] = [...boxes] as [Box];
  const other = new Box({ name: "x" });
  const { count } = countQueries(() => {
    assert.equal(boxes.contains(first), true);
    assert.equal(boxes.count(), 2);
    assert.equal(boxes.exists(), true);
    assert.equal(boxes[0], first);
    assert.equal(boxes.length, 2);
    assert.deepEqual([...boxes.slice(1)], [boxes[1]]);
  });
  assert.equal(count, 0);
  assert.throws(() => boxes.contains(other), /contains\(\) cannot be used on unsaved objects/);
  assert.equal(boxes.contains(Topping.objects.first() as never), false);
});

test("every public name of Django's QuerySet is here", () => {
  const names = [
    "aggregate",
    "alias",
    "all",
    "annotate",
    "bulkCreate",
    "bulkUpdate",
    "complexFilter",
    "contains",
    "count",
    "create",
    "dates",
    "datetimes",
    "db",
    "defer",
    "delete",
    "difference",
    "distinct",
    "earliest",
    "exclude",
    "exists",
    "explain",
    "extra",
    "fetchMode",
    "filter",
    "first",
    "getOrCreate",
    "inBulk",
    "intersection",
    "iterator",
    "last",
    "latest",
    "none",
    "only",
    "orderBy",
    "ordered",
    "prefetchRelated",
    "raw",
    "reverse",
    "selectForUpdate",
    "selectRelated",
    "totallyOrdered",
    "union",
    "update",
    "updateOrCreate",
    "using",
    "values",
    "valuesList",
    "get",
  ];
  const model = Pizza as unknown as Record<"objects" | "aobjects", { all(): object }>;
  const all = [model.objects, model.aobjects, model.objects.all(), model.aobjects.all()];
  for (const rows of all) {
    for (const name of names) assert(name in rows, `${String(rows)} has no ${name}`);
  }
});

test("a child selected from a proxy has its parent's columns deferred, and costs no query of its own", () => {
  const box = Box.objects.create({ name: "deep" });
  const { id } = DeepPizza.objects.create({ name: "Chicago", box, depth: 5 });
  const counted = <T>(run: () => T): [T, number] => {
    let result: T | undefined;
    const { count } = countQueries(() => {
      result = run();
    });
    return [result as T, count];
  };
  const select = (load: () => { deeppizza: DeepPizza }): DeepPizza => {
    const [{ deeppizza }, queries] = counted(load);
    assert.equal(queries, 1);
    return deeppizza;
  };
  const ofProxy = select(() => ProxyPizza.objects.selectRelated("deeppizza__box").get({ id }));
  assert.deepEqual([...ofProxy.getDeferredFields()].sort(), ["box_id", "id", "name"]);
  assert.deepEqual(
    counted(() => ofProxy.box?.name),
    ["deep", 0],
  );
  assert.deepEqual(
    counted(() => ofProxy.name),
    ["Chicago", 1],
  );
  const ofParent = select(() => Pizza.objects.selectRelated("deeppizza__box").get({ id }));
  assert.deepEqual([...ofParent.getDeferredFields()], []);
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  aprefetchRelatedObjects,
  configure,
  connections,
  countQueries,
  FETCH_ONE,
  FETCH_PEERS,
  FETCH_RAISE,
  FieldFetchBlocked,
  prefetchRelatedObjects,
} from "asgimod";
import { apps, Box, Certificate, DeepPizza, fill, Pizza, reset } from "./models.ts";

before(() => {
  reset();
  fill();
});

test("without a mode each object loads its own", () => {
  const pizzas = [...Pizza.objects.all()];
  const { value, count } = countQueries(() => pizzas.map((pizza) => pizza.box?.name));
  assert.deepEqual(value, ["small", "large", undefined]);
  assert.equal(count, 2);
  assert.equal(pizzas[0]?._state.fetchMode, FETCH_ONE);
});

test("FETCH_PEERS loads a foreign key for all objects of the queryset with one query", () => {
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS)];
  const { value, count, queries } = countQueries(() => pizzas.map((pizza) => pizza.box?.name));
  assert.deepEqual(value, ["small", "large", undefined]);
  assert.equal(count, 1);
  assert.match(queries[0]?.sql ?? "", /IN \(\?, \?\)/);
});

test("in async code, too, also when all are asked for at once", async () => {
  const pizzas = await Pizza.aobjects.fetchMode(FETCH_PEERS);
  const { value, count } = await countQueries(() => Promise.all(pizzas.map((pizza) => pizza.abox)));
  assert.deepEqual(
    value.map((box) => box?.name),
    ["small", "large", undefined],
  );
  assert.equal(count, 1);
});

test("what is loaded already stays", () => {
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS)];
  const [first, second] = pizzas as [Pizza, Pizza];
  const own = Box.objects.create({ name: "own" });
  first.box = own;
  const { count, queries } = countQueries(() => second.box);
  assert.equal(count, 1);
  assert.deepEqual(queries[0]?.params, [second.box_id]);
  assert.equal(first.box, own);
  own.delete();
});

test("the way back of a one-to-one relation", async () => {
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS)];
  const { value, count } = countQueries(() => pizzas.map((pizza) => pizza.certificate.code));
  assert.deepEqual(value, ["c0", "c1", "c2"]);
  assert.equal(count, 1);
  assert.equal(pizzas[0]?.certificate.pizza, pizzas[0]);
  const others = await Pizza.aobjects.fetchMode(FETCH_PEERS);
  const counted = await countQueries(() => Promise.all(others.map((pizza) => pizza.acertificate)));
  assert.equal(counted.count, 1);
});

test("a one-to-one relation forwards", () => {
  const certificates = [...Certificate.objects.fetchMode(FETCH_PEERS)];
  const { value, count } = countQueries(() => certificates.map((each) => each.pizza.name));
  assert.deepEqual(value, ["Hawaii", "Napoli", "Funghi"]);
  assert.equal(count, 1);
  const { count: back } = countQueries(() => certificates.map((each) => each.pizza.certificate));
  assert.equal(back, 0);
});

test("a missing object of a one-to-one relation is known for all", () => {
  const alone = Pizza.objects.create({ name: "alone" });
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS)];
  const { count } = countQueries(() => {
    assert.equal(pizzas[0]?.certificate.code, "c0");
    assert.throws(() => pizzas[3]?.certificate, Certificate.DoesNotExist);
  });
  assert.equal(count, 1);
  alone.delete();
});

test("deferred columns", () => {
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS).only("id")];
  const { value, count } = countQueries(() => pizzas.map((pizza) => pizza.name));
  assert.deepEqual(value, ["Hawaii", "Napoli", "Funghi"]);
  assert.equal(count, 1);
  const others = [...Pizza.objects.fetchMode(FETCH_PEERS).only("id")];
  // The foreign key itself is deferred: its column, then the boxes.
  assert.equal(countQueries(() => others.map((pizza) => pizza.box)).count, 2);
});

test("a deferred column leaves what was assigned alone", () => {
  const [first, second] = [...Pizza.objects.fetchMode(FETCH_PEERS).defer("name")] as [Pizza, Pizza];
  first.name = "mine";
  assert.equal(second.name, "Napoli");
  assert.equal(first.name, "mine");
});

test("an object whose row is gone does without its deferred column", () => {
  const gone = Pizza.objects.create({ name: "gone" });
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS).defer("name")];
  gone.delete();
  assert.equal(pizzas[0]?.name, "Hawaii");
  assert.throws(() => pizzas[3]?.name, Pizza.DoesNotExist);
});

test("related objects have the mode of the object through which they were loaded", () => {
  const [pizza] = [...Pizza.objects.fetchMode(FETCH_PEERS)] as [Pizza];
  assert.equal(pizza.box?._state.fetchMode, FETCH_PEERS);
  const [joined] = [...Pizza.objects.selectRelated("box").fetchMode(FETCH_RAISE)] as [Pizza];
  assert.equal(joined.box?._state.fetchMode, FETCH_RAISE);
  const [loaded] = [...Pizza.objects.prefetchRelated("box").fetchMode(FETCH_RAISE)] as [Pizza];
  assert.equal(loaded.box?._state.fetchMode, FETCH_RAISE);
  const box = Box.objects.fetchMode(FETCH_PEERS).get({ name: "small" });
  const [own] = [...box.pizza_set.all()] as [Pizza];
  assert.equal(own._state.fetchMode, FETCH_PEERS);
});

test("FETCH_PEERS goes on at every level", () => {
  const boxes = [...Box.objects.fetchMode(FETCH_PEERS).orderBy("id")];
  const { value, count } = countQueries(() => {
    const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS)];
    return pizzas.map((pizza) => pizza.certificate.pizza.box?.size);
  });
  assert.deepEqual(value, [1, 1, undefined]);
  assert.equal(count, 3);
  assert.equal(boxes.length, 2);
});

test("FETCH_RAISE loads nothing", async () => {
  const [pizza] = [...Pizza.objects.fetchMode(FETCH_RAISE).defer("name")] as [Pizza];
  const blocked = (name: string) => (error: Error) =>
    error instanceof FieldFetchBlocked && error.message === `Fetching of Pizza.${name} blocked.`;
  const { count } = countQueries(() => {
    assert.throws(() => pizza.box, blocked("box"));
    assert.throws(() => pizza.name, blocked("name"));
    assert.throws(() => pizza.certificate, blocked("certificate"));
  });
  assert.equal(count, 0);
  await assert.rejects(async () => pizza.abox, blocked("box"));
  await assert.rejects(async () => pizza.acertificate, blocked("certificate"));
  // What is asked for by name is not kept from anybody.
  pizza.refreshFromDb({ fields: ["name"] });
  assert.equal(pizza.name, "Hawaii");
  assert.equal(pizza.toppings.count(), 0);
});

test("FETCH_RAISE lets through what is loaded, and what is known to be null", () => {
  const pizzas = [...Pizza.objects.selectRelated("box").fetchMode(FETCH_RAISE)];
  assert.equal(pizzas[0]?.box?.name, "small");
  assert.equal(pizzas[2]?.box, null);
});

test("the mode stays through the chain, and can be changed", () => {
  const rows = Pizza.objects.fetchMode(FETCH_RAISE).filter({ name: "Hawaii" }).orderBy("id");
  assert.equal(rows[0]._state.fetchMode, FETCH_RAISE);
  assert.equal(rows.fetchMode(FETCH_ONE)[0]._state.fetchMode, FETCH_ONE);
  assert.equal(rows.get({ name: "Hawaii" })._state.fetchMode, FETCH_RAISE);
  assert.equal(rows.first()?._state.fetchMode, FETCH_RAISE);
  assert.throws(() => Pizza.objects.fetchMode("FETCH_PEERS" as never), /fetchMode\(\) takes FETCH_ONE/);
});

test("combined querysets have the mode of the first", () => {
  const mode = (rows: Iterable<Pizza>) => ([...rows] as [Pizza])[0]._state.fetchMode;
  assert.equal(mode(Pizza.objects.all().or(Pizza.objects.fetchMode(FETCH_PEERS))), FETCH_ONE);
  assert.equal(mode(Pizza.objects.fetchMode(FETCH_PEERS).and(Pizza.objects.all())), FETCH_PEERS);
  // The rows of a prefetched relation to many objects are those of a queryset of its own.
  const [box] = [...Box.objects.prefetchRelated("pizza_set").fetchMode(FETCH_RAISE)] as [Box];
  assert.equal(mode(box.pizza_set.all()), FETCH_ONE);
});

test("the parent of a child needs no query, so that no mode keeps it away", () => {
  const deep = DeepPizza.objects.create({ name: "deep", depth: 1 });
  const read = DeepPizza.objects.fetchMode(FETCH_RAISE).get({ name: "deep" });
  const { value, count } = countQueries(() => read.pizza_ptr);
  assert.equal(count, 0);
  assert.equal(value.name, "deep");
  assert.equal(value._state.fetchMode, FETCH_RAISE);
  const columns = [...DeepPizza.objects.fetchMode(FETCH_PEERS).defer("name")];
  assert.equal(columns[0]?.name, "deep");
  deep.delete();
});

test("created objects, and those of raw(), have it too", () => {
  const made = Pizza.objects.fetchMode(FETCH_RAISE).create({ name: "made" });
  assert.equal(made._state.fetchMode, FETCH_RAISE);
  made.delete();
  const pizzas = [...Pizza.objects.fetchMode(FETCH_PEERS).raw("SELECT * FROM loading_pizza ORDER BY id")];
  assert.equal(countQueries(() => pizzas.map((pizza) => pizza.box)).count, 1);
});

test("iterator(): all chunks are peers", async () => {
  const seen: Pizza[] = [];
  const { count } = countQueries(() => {
    for (const pizza of Pizza.objects.fetchMode(FETCH_PEERS).iterator({ chunkSize: 2 })) seen.push(pizza);
    for (const pizza of seen) pizza.box;
  });
  assert.equal(count, 2);
  const others: Pizza[] = [];
  for await (const pizza of Pizza.aobjects.fetchMode(FETCH_PEERS).iterator({ chunkSize: 2 }))
    others.push(pizza);
  assert.equal((await countQueries(() => Promise.all(others.map((pizza) => pizza.abox)))).count, 1);
});

test("peers are known weakly", () => {
  const [pizza] = [...Pizza.objects.fetchMode(FETCH_PEERS)] as [Pizza];
  const { peers } = pizza._state as unknown as { peers: WeakRef<Pizza>[] };
  assert.equal(peers.length, 3);
  assert(peers.every((peer) => peer instanceof WeakRef));
});

test("the default mode adds nothing to objects", () => {
  const [pizza] = [...Pizza.objects.all()] as [Pizza];
  assert(!Object.hasOwn(pizza._state, "fetchMode"));
  assert(!Object.hasOwn(pizza._state, "peers"));
});

test("peers share a load that is under way", async () => {
  const directory = mkdtempSync(join(tmpdir(), "asgimod-loading-"));
  const file = `sqlite:${join(directory, "db.sqlite3")}`;
  try {
    reset(file);
    fill();
    // On a worker nothing is there at once.
    configure({ apps, databases: { default: `${file}?worker=true` } });
    const pizzas = await Pizza.aobjects.fetchMode(FETCH_PEERS);
    const { value, count } = await countQueries(() => Promise.all(pizzas.map((pizza) => pizza.abox)));
    assert.deepEqual(
      value.map((box) => box?.name),
      ["small", "large", undefined],
    );
    assert.equal(count, 1);
    const codes = await countQueries(() =>
      Promise.all(pizzas.map(async (pizza) => (await pizza.acertificate).code)),
    );
    assert.deepEqual(codes.value, ["c0", "c1", "c2"]);
    assert.equal(codes.count, 1);
    // Without the mode each has its own.
    const others = await Pizza.aobjects.all();
    assert.equal((await countQueries(() => Promise.all(others.map((pizza) => pizza.abox)))).count, 2);
  } finally {
    await connections.close();
    rmSync(directory, { recursive: true, force: true });
    reset();
    fill();
  }
});

test("prefetchRelatedObjects", async () => {
  const pizzas = [...Pizza.objects.all()];
  const { count } = countQueries(() => prefetchRelatedObjects(pizzas, "box", "toppings"));
  assert.equal(count, 2);
  assert.equal(countQueries(() => pizzas.map((pizza) => [pizza.box, [...pizza.toppings.all()]])).count, 0);
  // What is there is not loaded again.
  assert.equal(countQueries(() => prefetchRelatedObjects(pizzas, "box", "toppings")).count, 0);
  const others = await Pizza.aobjects.all();
  assert.equal((await countQueries(() => aprefetchRelatedObjects(others, "certificate"))).count, 1);
  prefetchRelatedObjects([]);
  assert.throws(
    () => prefetchRelatedObjects(pizzas, "nothing" as "box"),
    /Cannot find 'nothing' on Pizza object/,
  );
  assert.throws(() => prefetchRelatedObjects(pizzas, "name"), /does not resolve to an item that supports/);
});

/** The N+1 detector: what it finds, what it says, and what it leaves alone. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  ArgumentTypeError,
  connections,
  countQueries,
  detectNPlusOne,
  FETCH_PEERS,
  type NPlusOne,
  NPlusOneError,
  Prefetch,
  prefetchRelatedObjects,
  ValueError,
} from "asgimod";
import { Box, Certificate, fill, Note, PIZZAS, Pizza, Topping } from "./models.ts";

const file = fileURLToPath(import.meta.url);
let found: NPlusOne[] = [];
let stop: () => void = () => {};

function watch(threshold = 5): void {
  found = [];
  stop = detectNPlusOne({ threshold, action: (one) => found.push(one) });
}

before(fill);
afterEach(() => stop());
after(() => connections.close());

/** The one finding, and the text of the line that it names. */
function only(name: string, cure: string): NPlusOne {
  assert.deepEqual(
    found.map((one) => [one.name, one.cure]),
    [[name, cure]],
  );
  const [one] = found as [NPlusOne];
  assert.equal(one.count, 6);
  return one;
}

/** The number of the line below the caller's. */
function line(below = 1): number {
  const { stack = "" } = new Error();
  const at = stack.split("\n").find((each, i) => i > 1 && each.includes("n-plus-one.test.ts")) ?? "";
  return Number(/:(\d+):\d+\)?$/.exec(at)?.[1]) + below;
}

const lineOf = (place = "") => {
  assert.ok(place.startsWith(`${file}:`), `${place} is not in this file`);
  return Number(place.slice(file.length + 1).split(":")[0]);
};

test("a foreign key, sync: the line, the line of the queryset, and the cure", () => {
  watch();
  const fetched = line();
  const pizzas = [...Pizza.objects.all()];
  const loaded = line();
  const names = pizzas.map((pizza) => pizza.box?.name);
  assert.equal(names.length, PIZZAS);
  const one = only("box", 'selectRelated("box")');
  assert.equal(one.model, "watched.Pizza");
  assert.equal(lineOf(one.fetchedAt), fetched);
  assert.equal(lineOf(one.caller), loaded);
  assert.equal(
    one.message,
    `N+1 queries: Pizza.box was loaded one by one for 6 objects of one queryset, at ${one.caller}. Load it along ` +
      `where the objects are fetched, at ${one.fetchedAt}: selectRelated("box").`,
  );
});

test("a foreign key, async", async () => {
  watch();
  const fetched = line();
  const pizzas = await Pizza.aobjects.filter({ id__gt: 0 });
  let loaded = 0;
  for (const pizza of pizzas) {
    loaded = line();
    await pizza.abox;
  }
  const one = only("box", 'selectRelated("box")');
  assert.equal(lineOf(one.fetchedAt), fetched);
  assert.equal(lineOf(one.caller), loaded);
});

test("all at once", async () => {
  watch();
  const pizzas = await Pizza.aobjects.all();
  await Promise.all(pizzas.map(async (pizza) => (await pizza.abox)?.name));
  only("box", 'selectRelated("box")');
});

test("for await", async () => {
  watch();
  for await (const pizza of Pizza.aobjects.all()) await pizza.abox;
  only("box", 'selectRelated("box")');
});

test("the chunks of an iterator are one queryset", () => {
  watch();
  for (const pizza of Pizza.objects.iterator({ chunkSize: 3 })) pizza.box?.name;
  only("box", 'selectRelated("box")');
});

test("raw()", () => {
  watch();
  for (const pizza of Pizza.objects.raw("SELECT * FROM watched_pizza")) pizza.box?.name;
  only("box", 'selectRelated("box")');
});

test("the way back of a foreign key", async () => {
  watch();
  for (const box of Box.objects.all()) [...box.pizza_set.all()];
  only("pizza_set", 'prefetchRelated("pizza_set")');
  watch();
  const boxes = await Box.aobjects.all();
  let loaded = 0;
  for (const box of boxes) {
    loaded = line();
    await box.apizza_set.all();
  }
  const one = only("pizza_set", 'prefetchRelated("pizza_set")');
  assert.equal(lineOf(one.caller), loaded);
});

test("a manager that is awaited itself", async () => {
  watch();
  const boxes = await Box.aobjects.all();
  let loaded = 0;
  for (const box of boxes) {
    loaded = line();
    await box.apizza_set;
  }
  assert.equal(lineOf(only("pizza_set", 'prefetchRelated("pizza_set")').caller), loaded);
});

test("many-to-many, in both directions", () => {
  watch();
  for (const pizza of Pizza.objects.all()) [...pizza.toppings.all()];
  only("toppings", 'prefetchRelated("toppings")');
  watch();
  for (const topping of Topping.objects.all().slice(0, 6)) [...topping.pizza_set.all()];
  only("pizza_set", 'prefetchRelated("pizza_set")');
});

test("many: filtered, counted, asked for", async () => {
  watch();
  for (const pizza of Pizza.objects.all()) [...pizza.toppings.filter({ name__startswith: "a" })];
  only("toppings", 'prefetchRelated(Prefetch("toppings", { queryset: ... }))');
  watch();
  for (const pizza of Pizza.objects.all()) pizza.toppings.count();
  only("toppings", 'annotate(Count("toppings")), or prefetchRelated("toppings")');
  watch();
  for (const box of await Box.aobjects.all()) await box.apizza_set.exists();
  only("pizza_set", 'annotate({ ...: Exists(...) }), or prefetchRelated("pizza_set")');
});

test("one-to-one, in both directions", async () => {
  watch();
  for (const pizza of Pizza.objects.all()) pizza.certificate.code;
  only("certificate", 'selectRelated("certificate")');
  watch();
  for (const certificate of await Certificate.aobjects.all()) await certificate.apizza;
  only("pizza", 'selectRelated("pizza")');
});

test("a generic foreign key", () => {
  watch();
  for (const note of Note.objects.all()) assert.ok(note.about);
  only("about", 'prefetchRelated("about")');
});

test("deferred columns", async () => {
  watch();
  const loaded = line();
  for (const pizza of Pizza.objects.defer("story")) assert.equal(pizza.story, "long");
  const one = only("story", 'only(..., "story"), or no defer("story")');
  assert.equal(lineOf(one.caller), loaded);
  watch();
  for (const pizza of await Pizza.aobjects.only("name")) await pizza.arefreshFromDb({ fields: ["story"] });
  only("story", 'only(..., "story"), or no defer("story")');
});

test("behind what was loaded along: the whole path is the cure", () => {
  watch();
  for (const pizza of Pizza.objects.selectRelated("box")) pizza.box?.maker?.name;
  only("maker", 'selectRelated("box__maker")');
  watch();
  for (const pizza of Pizza.objects.selectRelated("box").defer("box__name")) pizza.box?.name;
  only("name", 'only(..., "box__name"), or no defer("box__name")');
});

test("behind what was prefetched", () => {
  watch();
  for (const pizza of Pizza.objects.prefetchRelated("box")) pizza.box?.maker?.name;
  only("maker", 'selectRelated("maker")');
});

test("behind what was loaded one by one", () => {
  watch();
  for (const pizza of Pizza.objects.all()) for (const topping of pizza.toppings.all()) topping.maker?.name;
  assert.deepEqual(
    found.map(({ name, cure }) => [name, cure]),
    [
      ["maker", 'prefetchRelated("toppings__maker")'],
      ["toppings", 'prefetchRelated("toppings")'],
    ],
  );
});

test("no alarm for what is loaded along, prefetched, or fetched for all", async () => {
  watch(1);
  for (const pizza of Pizza.objects.selectRelated("box__maker", "certificate")) {
    pizza.box?.maker?.name;
    pizza.certificate.code;
  }
  for (const pizza of await Pizza.aobjects.prefetchRelated("toppings__maker", "box")) {
    for (const topping of await pizza.atoppings.all()) await topping.amaker;
    await pizza.atoppings.count();
    await pizza.abox;
  }
  const own = Prefetch("toppings", {
    queryset: Topping.objects.filter({ name__startswith: "a" }),
    toAttr: "some",
  });
  for (const pizza of Pizza.objects.prefetchRelated(own)) assert.equal(pizza.some.length, 1);
  for (const box of Box.objects.prefetchRelated("pizza_set")) [...box.pizza_set.all()];
  for (const pizza of Pizza.objects.fetchMode(FETCH_PEERS)) pizza.box?.name;
  const boxes = [...Box.objects.all()];
  prefetchRelatedObjects(boxes, "maker");
  for (const box of boxes) box.maker?.name;
  for (const pizza of Pizza.objects.only("name")) pizza.name;
  assert.deepEqual(found, []);
});

test("no alarm for objects of several querysets, for a chain of single objects, and for the same object again", () => {
  watch();
  for (let id = 1; id <= PIZZAS; id++) Pizza.objects.get({ id }).box?.name;
  for (let id = 1; id <= PIZZAS; id++) Pizza.objects.filter({ id }).first()?.box?.name;
  let depth = 0;
  for (let pizza = Pizza.objects.last(); pizza?.parent; pizza = pizza.parent) depth += 1;
  assert.equal(depth, PIZZAS - 1);
  const [pizza] = [...Pizza.objects.all()] as [Pizza];
  for (let i = 0; i < 10; i++) [...pizza.toppings.all()];
  for (const one of [...Pizza.objects.all()].slice(0, 5)) one.box?.name;
  assert.deepEqual(found, []);
});

test("no alarm for writing", () => {
  watch(1);
  const { toppings } = Pizza.objects.get({ id: 1 });
  const all = [...toppings.all()];
  for (const pizza of Pizza.objects.all()) {
    pizza.toppings.set([...all, ...Topping.objects.filter({ name: `a ${pizza.id - 1}` })]);
    pizza.save();
  }
  assert.deepEqual(found, []);
});

test("throwing names the class, the code and the line", async () => {
  stop = detectNPlusOne({ action: "throw", threshold: 2 });
  const { value, count } = countQueries(() => {
    try {
      for (const pizza of Pizza.objects.all()) pizza.box?.name;
      return null;
    } catch (error) {
      return error;
    }
  });
  assert(value instanceof NPlusOneError);
  assert.equal(value.code, "n_plus_one");
  assert.match(
    value.message,
    /^N\+1 queries: Pizza\.box was loaded one by one for 3 objects of one queryset, at /,
  );
  assert.equal(count, 3, "the query of the pizzas and two of boxes");
  const pizzas = await Pizza.aobjects.all();
  await assert.rejects(async () => {
    for (const pizza of pizzas) await pizza.abox;
  }, NPlusOneError);
});

test("warning does so once for each queryset", (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  stop = detectNPlusOne();
  for (let i = 0; i < 2; i++) for (const pizza of Pizza.objects.all()) pizza.box?.name;
  assert.equal(warn.mock.callCount(), 2);
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /selectRelated\("box"\)\.$/);
});

test("off means off", () => {
  watch(1);
  stop();
  for (const pizza of Pizza.objects.all()) pizza.box?.name;
  assert.deepEqual(found, []);
});

test("options are checked", () => {
  assert.throws(() => detectNPlusOne({ threshold: 0 }), ValueError);
  assert.throws(() => detectNPlusOne({ action: "shout" as "warn" }), ArgumentTypeError);
});

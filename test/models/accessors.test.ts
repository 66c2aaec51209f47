import assert from "node:assert/strict";
import { test } from "node:test";
import { CharField, IntegerField } from "../../src/fields/factories.ts";
import { ForeignKey, ManyToManyField, OneToOneField } from "../../src/fields/related/factories.ts";
import { CASCADE, SET_NULL } from "../../src/fields/related/on-delete.ts";
import { Model, SyncModel } from "../../src/models/factory.ts";
import type { ModelInstance } from "../../src/models/types.ts";
import { rows, taken } from "./hooks.ts";

const name = CharField({ maxLength: 30 });

class Box extends Model("acc.Box", { name }) {}
class Price extends Model("acc.Price", { amount: IntegerField({ default: 1 }) }) {}
class Topping extends Model("acc.Topping", { name }) {}
class Pizza extends Model("acc.Pizza", {
  name,
  box: ForeignKey("acc.Box", { null: true, onDelete: SET_NULL }),
  price: OneToOneField("acc.Price", { onDelete: CASCADE }),
  toppings: ManyToManyField("acc.Topping"),
  friends: ManyToManyField("self"),
}) {}

const saved = (model: typeof Box, values: Record<string, unknown>): ModelInstance =>
  model.fromDb("default", Object.keys(values), Object.values(values));
const small = saved(Box, { id: 1, name: "S" });
const large = saved(Box, { id: 2, name: "L" });
rows.set("acc.Box 1", small);
rows.set("acc.Box 2", large);

test("a foreign key loads its object once, in sync code", () => {
  const pizza = new Pizza({ box_id: 1 });
  taken();
  assert.equal(pizza.box, small);
  assert.equal(pizza.box, small);
  assert.deepEqual(taken(), ['await pizza.abox`, or `selectRelated("box")', "fetch acc.Box 1"]);
});

test("and in async code", async () => {
  const pizza = new Pizza({ box_id: 1 });
  taken();
  assert.equal(await pizza.abox, small);
  assert.equal(await pizza.abox, small);
  assert.equal(pizza.box, small);
  assert.deepEqual(taken(), ["fetch acc.Box 1"]);
});

test("a foreign key that changes makes the loaded object stale", () => {
  const pizza = new Pizza({ box: small });
  pizza.box_id = 2;
  assert.equal(pizza.box, large);
  pizza.box_id = null;
  assert.equal(pizza.box, null);
  pizza.box_id = 1;
  assert.equal(pizza.box, small);
});

test("an object assigned before it is saved stays, also when it gets its key", () => {
  const box = new Box({ name: "new" });
  const pizza = new Pizza({ box });
  assert.equal(pizza.box_id, null);
  taken();
  box.id = 9;
  assert.equal(pizza.box, box);
  assert.deepEqual(taken(), []);
});

test("a required relation that is not set, and one whose object is gone", async () => {
  const pizza = new Pizza();
  const message = "Pizza has no price.";
  assert.throws(() => pizza.price, { name: "RelatedObjectDoesNotExist", message });
  assert.throws(() => pizza.price, Price.DoesNotExist);
  await assert.rejects(pizza.aprice as Promise<unknown>, { message });
  pizza.price_id = 404;
  assert.throws(() => pizza.price, Price.DoesNotExist);
});

test("what may be assigned", () => {
  const pizza = new Pizza();
  const wrong = (value: unknown) => () => {
    pizza.box = value;
  };
  assert.throws(wrong(new Price({ id: 3 })), {
    name: "ValueError",
    message: 'Cannot assign "<Price: Price object (3)>": "Pizza.box" must be a "Box" instance.',
  });
  assert.throws(wrong("abc"), /Cannot assign "'abc'": "Pizza.box" must be a "Box" instance/);
  assert.throws(wrong(1), /Cannot assign "1"/);
  assert.throws(wrong(undefined), /Cannot assign "undefined"/);
  pizza.box = small;
  assert.equal(pizza._state.db, "default");
  const elsewhere = Box.fromDb("other", ["id", "name"], [5, "x"]);
  assert.throws(wrong(elsewhere), /the current database router prevents this relation/);
});

test("one-to-one: assigning sets both sides", () => {
  const price = new Price({ id: 7 });
  const pizza = new Pizza({ price });
  taken();
  assert.equal(pizza.price_id, 7);
  assert.equal(price.pizza, pizza);
  const other = new Pizza();
  price.pizza = other;
  assert.equal(other.price_id, 7);
  assert.equal(other.price, price);
  pizza.price = null as unknown as ModelInstance;
  assert.equal(pizza.price_id, null);
  assert.deepEqual(taken(), []);
});

test("the way back of a one-to-one relation", async () => {
  const price = new Price({ id: 8 });
  const pizza = saved(Pizza, { id: 1, name: "a", box_id: null, price_id: 8 });
  rows.set("acc.Pizza of 8", pizza);
  taken();
  assert.equal(await price.apizza, pizza);
  assert.equal(price.pizza, pizza);
  assert.equal(pizza.price, price);
  assert.deepEqual(taken(), ["fetch acc.Pizza of 8"]);
  const without = new Price({ id: 9 });
  for (let i = 0; i < 2; i++) {
    assert.throws(() => without.pizza, { name: "RelatedObjectDoesNotExist", message: "Price has no pizza." });
  }
  assert.throws(() => without.pizza, Pizza.DoesNotExist);
  assert.equal(taken().filter((call) => call.startsWith("fetch")).length, 1);
  assert.throws(() => new Price().pizza, /Price has no pizza/);
  assert.deepEqual(
    taken().filter((call) => call.startsWith("fetch")),
    [],
  );
  assert.throws(() => {
    price.pizza = small;
  }, /Cannot assign "<Box: Box object \(1\)>": "Price.pizza" must be a "Pizza" instance/);
  price.pizza = null as unknown as ModelInstance;
  assert.equal(pizza.price_id, null);
});

test("a foreign key column that was not loaded is loaded first", async () => {
  const pizza = saved(Pizza, { id: 1 });
  rows.set("acc.Box loaded box_id", large);
  taken();
  assert.equal(await pizza.abox, large);
  assert.deepEqual(
    taken(),
    [
      'await pizza.arefreshFromDb({ fields: ["box_id"] })',
      "refresh box_id",
      "fetch acc.Box loaded box_id",
    ].slice(1),
  );
});

test("many sides are managers of either colour, and cannot be assigned", () => {
  const pizza = new Pizza({ id: 1 }) as ModelInstance;
  const toppings = pizza.toppings as Record<string, unknown>;
  assert.equal(toppings.relation, Pizza._meta.getField("toppings"));
  assert.equal(toppings.mode, "sync");
  assert.equal(toppings.instance, pizza);
  assert.equal((pizza.atoppings as Record<string, unknown>).mode, "async");
  const box = new Box({ id: 1 }) as ModelInstance;
  assert.equal((box.pizza_set as Record<string, unknown>).relation, Box._meta.getField("pizza"));
  assert.equal((box.apizza_set as Record<string, unknown>).mode, "async");
  const topping = new Topping({ id: 1 }) as ModelInstance;
  assert.equal((topping.apizza_set as Record<string, unknown>).relation, Topping._meta.getField("pizza"));
  const prohibited = (instance: ModelInstance, attribute: string, side: string) =>
    assert.throws(
      () => {
        instance[attribute] = [];
      },
      {
        name: "TypeError",
        message: `Direct assignment to the ${side} is prohibited. Use ${attribute}.set() instead.`,
      },
    );
  prohibited(pizza, "toppings", "forward side of a many-to-many set");
  prohibited(pizza, "atoppings", "forward side of a many-to-many set");
  prohibited(topping, "pizza_set", "reverse side of a many-to-many set");
  prohibited(box, "pizza_set", "reverse side of a related set");
});

test("a child's parent comes from its own columns; relations of the parent work on it", async () => {
  class Place extends Model("acc.Place", {
    name,
    box: ForeignKey("acc.Box", { null: true, onDelete: SET_NULL, relatedName: "places" }),
  }) {}
  class Bar extends (Place as unknown as { extend: typeof Model }).extend("acc.Bar", {
    stars: IntegerField(),
  }) {}
  const bar = saved(Bar, { id: 3, name: "x", box_id: 1, place_ptr_id: 3, stars: 4 });
  taken();
  const place = bar.place_ptr as ModelInstance;
  assert.ok(place instanceof Place && !(place instanceof Bar));
  assert.deepEqual([place.id, place.name, place.box_id, place._state.adding], [3, "x", 1, false]);
  assert.equal(place.bar, bar);
  assert.deepEqual(
    taken().filter((call) => call.startsWith("fetch")),
    [],
  );
  assert.equal(await bar.abox, small);
  bar.place_ptr = saved(Place, { id: 8, name: "y", box_id: null });
  assert.equal(bar.place_ptr_id, 8);
  assert.equal(bar.id, 8);
});

test("a model with the sync half only has no a relations", () => {
  const Plain = SyncModel("acc.Plain", { box: ForeignKey("acc.Box", { onDelete: CASCADE }) });
  assert.ok("box" in Plain.prototype && !("abox" in Plain.prototype));
  assert.ok("aplain_set" in Box.prototype, "but its targets have");
});

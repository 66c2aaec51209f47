import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  BigIntegerField,
  BinaryField,
  CharField,
  CompositePrimaryKey,
  DateTimeField,
  GeneratedField,
  IntegerField,
  JSONField,
} from "../../src/fields/factories.ts";
import { ForeignKey, ManyToManyField } from "../../src/fields/related/factories.ts";
import { CASCADE, SET_NULL } from "../../src/fields/related/on-delete.ts";
import { Model } from "../../src/models/factory.ts";
import { isOverridden } from "../../src/models/instances.ts";
import { type ModelInstance, RAW } from "../../src/models/types.ts";
import { taken } from "./hooks.ts";

const name = CharField({ maxLength: 30 });
const values = (instance: ModelInstance) =>
  Object.fromEntries(Object.entries(instance).filter(([key]) => key !== "_state"));

class Box extends Model("inst.Box", { name }) {}
class Pizza extends Model("inst.Pizza", {
  name,
  size: IntegerField({ default: 30 }),
  tags: JSONField({ default: () => [] }),
  note: CharField({ maxLength: 10, null: true }),
  box: ForeignKey("inst.Box", { null: true, onDelete: SET_NULL }),
  toppings: ManyToManyField("inst.Box", { relatedName: "+" }),
  status: CharField({
    maxLength: 1,
    default: "n",
    choices: [
      ["n", "New"],
      ["Group", [["s", "Sold"]]],
    ],
  }),
}) {
  mood = "good";
  set remark(value: string) {
    (this as ModelInstance).note = value;
  }
}

test("fields are own properties in the order of declaration, with defaults", () => {
  const pizza = new Pizza({ name: "Margherita" });
  assert.deepEqual(Object.keys(pizza), [
    "_state",
    "id",
    "name",
    "size",
    "tags",
    "note",
    "box_id",
    "status",
    "mood",
  ]);
  assert.deepEqual(values(pizza), {
    id: null,
    name: "Margherita",
    size: 30,
    tags: [],
    note: null,
    box_id: null,
    status: "n",
    mood: "good",
  });
  assert.notEqual(pizza.tags, new Pizza().tags, "a function makes a default for each object");
  assert.equal(new Pizza().name, "", "texts without default are empty");
  assert.deepEqual({ ...pizza._state }, { adding: true, db: null, fieldsCache: null, prefetched: null });
});

test("keys may be field names, attnames, properties and pk", () => {
  const box = new Box({ pk: 5, name: "M" });
  assert.equal(box.id, 5);
  const pizza = new Pizza({ box, name: "a", remark: "s" });
  assert.equal(pizza.box_id, 5);
  assert.equal(pizza.box, box);
  assert.equal(pizza.note, "s");
  assert.equal(new Pizza({ box_id: 7 }).box_id, 7);
  assert.equal(new Pizza({ box: null }).box_id, null);
  assert.equal(new Pizza({ box, box_id: 8 }).box_id, 8);
  const keys = Object.keys(pizza);
  assert.ok(keys.indexOf("box_id") < keys.indexOf("status"));
});

test("unknown keys and undefined are errors", () => {
  assert.throws(() => new Pizza({ x: 1, name: "a", y: 2 }), {
    name: "TypeError",
    message: "Pizza() got unexpected keyword arguments: 'x', 'y'",
  });
  assert.throws(() => new Pizza({ name: undefined }), /Pizza\(\) got undefined for 'name'/);
  assert.throws(() => new Pizza({ box: undefined }), /Pizza\(\) got undefined for 'box'/);
  assert.throws(() => new Pizza({ constructor: 1 }), /unexpected keyword arguments: 'constructor'/);
  assert.throws(() => new Pizza({ save: 1 }), /unexpected keyword arguments: 'save'/);
  assert.throws(
    () => new Pizza({ toppings: [] }),
    /Direct assignment to the forward side of a many-to-many set is prohibited. Use toppings.set\(\) instead/,
  );
});

test("values by position are refused: they would be lost", () => {
  const untyped = Pizza as unknown as new (...args: unknown[]) => Pizza;
  for (const args of [
    [1, "Margherita"],
    [{ name: "Margherita" }, 30],
    [undefined, undefined],
  ]) {
    assert.throws(() => new untyped(...args), {
      name: "IndexError",
      message: "Number of args exceeds number of fields: Pizza() takes one object, new Pizza({ name: ... }).",
    });
  }
  assert.throws(() => new untyped("Margherita"), {
    name: "TypeError",
    message: "Pizza() takes one object, new Pizza({ name: ... }), not 'Margherita'.",
  });
});

test("pk reads and writes the key", () => {
  const pizza = new Pizza({ id: 3 });
  assert.equal(pizza.pk, 3);
  pizza.pk = 4;
  assert.equal(pizza.id, 4);
  const Pair = Model("inst.Pair", {
    pk: CompositePrimaryKey("left", "right"),
    left: IntegerField(),
    right: name,
  });
  const pair = new Pair({ left: 1, right: "a" });
  assert.deepEqual(pair.pk, [1, "a"]);
  pair.pk = [2, "b"];
  assert.equal(pair.left, 2);
  assert.equal(new Pair({ pk: [3, "c"] }).right, "c");
  assert.throws(() => {
    pair.pk = 1;
  }, /'pk' must be a list or a tuple/);
  assert.throws(() => {
    pair.pk = [1];
  }, /'pk' must have 2 elements/);
  assert.equal(String(pair), "Pair object ((2, b))");
});

test("equality and identity go by model and key", () => {
  const one = new Pizza({ id: 1 });
  assert.ok(one.equals(new Pizza({ id: 1 })));
  assert.ok(!one.equals(new Pizza({ id: 2 })));
  assert.ok(!one.equals(new Box({ id: 1 })));
  const unsaved = new Pizza();
  assert.ok(unsaved.equals(unsaved));
  assert.ok(!unsaved.equals(new Pizza()));
  assert.ok(!one.equals({ id: 1 }));
  assert.equal((one as ModelInstance).identity, "inst.Pizza:1");
  assert.throws(
    () => (unsaved as ModelInstance).identity,
    /Model instances without primary key value are unhashable/,
  );
});

test("a field may be called identity", () => {
  const Passport = Model("inst.Passport", { identity: name });
  assert.equal(new Passport({ identity: "x" }).identity, "x");
});

test("toString, inspection and JSON", () => {
  const pizza = new Pizza({ id: 1, name: "a" });
  assert.equal(String(pizza), "Pizza object (1)");
  assert.equal(inspect(pizza), "<Pizza: Pizza object (1)>");
  assert.equal(inspect(new Pizza()), "<Pizza: Pizza object (None)>");
  class Named extends Model("inst.Named", { name }) {
    override toString() {
      return this.name as string;
    }
  }
  assert.equal(inspect(new Named({ name: "Bob" })), "<Named: Bob>");
  const Row = Model("inst.Row", { at: DateTimeField(), big: BigIntegerField(), bytes: BinaryField() });
  const row = new Row({ id: 1, at: new Date(0), big: 12n, bytes: new Uint8Array([1, 2]) });
  assert.equal(JSON.stringify(row), '{"id":1,"at":"1970-01-01T00:00:00.000Z","big":"12","bytes":"AQI="}');
});

test("fromDb makes saved instances; columns that are missing are loaded when read", () => {
  const full = Box.fromDb("other", ["id", "name"], [1, "S"]);
  assert.ok(full instanceof Box);
  assert.deepEqual(values(full), { id: 1, name: "S" });
  assert.equal(full._state.adding, false);
  assert.equal(full._state.db, "other");
  assert.equal(full.getDeferredFields().size, 0);

  const part = Box.fromDb("default", ["id"], [1]);
  assert.ok(part instanceof Box);
  assert.equal(part.constructor, Box);
  assert.deepEqual([...part.getDeferredFields()], ["name"]);
  assert.equal(JSON.stringify(part), '{"id":1}');
  taken();
  assert.equal(part.name, "loaded name");
  assert.deepEqual(taken(), ['await box.arefreshFromDb({ fields: ["name"] })', "refresh name"]);
  assert.equal(part.name, "loaded name");
  assert.deepEqual(taken(), []);
  assert.equal(part.getDeferredFields().size, 0);
  const other = Box.fromDb("default", ["id"], [2]);
  other.name = "set";
  assert.equal(other.getDeferredFields().size, 0);
  assert.deepEqual(taken(), []);
});

test("RAW instances have neither state nor fields, but what the class itself adds", () => {
  assert.deepEqual(Object.keys(new Pizza(RAW)), ["mood"]);
});

test("a generated column has no value until the object is saved", () => {
  const Line = Model("inst.Line", {
    a: IntegerField(),
    b: GeneratedField({ expression: null, outputField: IntegerField(), dbPersist: true } as never),
  });
  const line = new Line({ a: 1 });
  assert.deepEqual([...line.getDeferredFields()], ["b"]);
  assert.throws(() => line.b, /Cannot read a generated field from an unsaved model/);
  line.b = 3;
  assert.equal(line.b, 3);
});

test("display of choices", () => {
  const display = (status: unknown) => {
    const pizza = new Pizza({ status }) as unknown as {
      get_status_display(): string | null;
    };
    return pizza.get_status_display();
  };
  assert.equal(display("n"), "New");
  assert.equal(display("s"), "Sold");
  assert.equal(display("?"), "?");
  assert.equal(display(null), null);
});

test("methods go to the layer that installed them, in both colours", async () => {
  const pizza = new Pizza({ id: 1 }) as ModelInstance & Record<string, (...args: unknown[]) => unknown>;
  taken();
  pizza.save?.({ updateFields: ["name"] });
  assert.deepEqual(pizza.delete?.(), [1, { "inst.Pizza": 1 }]);
  await pizza.asave?.();
  await pizza.adelete?.();
  assert.deepEqual(taken(), [
    "await pizza.asave()",
    'save Pizza object (1) {"updateFields":["name"]}',
    "await pizza.adelete()",
    "delete Pizza object (1)",
    "save Pizza object (1) {}",
    "delete Pizza object (1)",
  ]);
  assert.equal(pizza.serializableValue?.("box"), null);
});

test("isOverridden tells the user's own methods from the library's", () => {
  class Own extends Model("inst.Own", { name }) {
    save() {}
  }
  assert.ok(isOverridden(new Own(), "save"));
  assert.ok(!isOverridden(new Own(), "asave"));
  assert.ok(!isOverridden(new Own(), "delete"));
});

test("neighbours by a date, and in an order", async () => {
  const Event = Model(
    "inst.Event",
    {
      at: DateTimeField(),
      maybe: DateTimeField({ null: true }),
      box: ForeignKey("inst.Box", { onDelete: CASCADE }),
    },
    { orderWithRespectTo: "box" },
  );
  const event = new Event({ id: 1, at: new Date(0) }) as ModelInstance &
    Record<string, (...args: unknown[]) => unknown>;
  taken();
  assert.equal(event.get_next_by_at?.(), event);
  assert.equal(await event.aget_previous_by_at?.(), event);
  assert.equal(event.get_next_by_maybe, undefined);
  event.get_previous_in_order?.();
  assert.deepEqual(taken(), [
    "await event.aget_next_by_at()",
    "next by at",
    "previous by at",
    "await event.aget_previous_in_order()",
    "previous in order",
  ]);
  const box = new Box({ id: 1 }) as ModelInstance & Record<string, (...args: unknown[]) => unknown>;
  assert.deepEqual(await box.aget_event_order?.(), [1, 2]);
  await box.aset_event_order?.([2, 1]);
  assert.deepEqual(taken(), ["order of inst.Event", "order of inst.Event: 2,1"]);
});

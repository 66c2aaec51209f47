/** What objects can do: be made, saved, deleted, read again, compared and printed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
  countQueries,
  DatabaseError,
  Decimal,
  IntegrityError,
  ObjectDoesNotExist,
  ValidationError,
  ValueError,
} from "asgimod";
import { AsyncMixin } from "asgimod/mixins";
import { Box, both, Order, Pizza, Price, pizzeria, Topping } from "./setup.ts";

pizzeria();

describe("new", () => {
  test("an object has its values and defaults, and no key", () => {
    const price = new Price({ amount: "9.90" });
    assert.equal(price.currency, "usd");
    assert.equal(price.pk, null);
    assert.equal(price.id, null);
    assert.equal(price._state.adding, true);
  });

  test("relations are given as objects or as keys", () => {
    const box = Box.objects.get({ id: 1 });
    const price = Price.objects.get({ id: 1 });
    const byObject = new Pizza({ name: "a", box, price });
    assert.equal(byObject.box_id, 1);
    assert.equal(byObject.box, box);
    assert.equal(new Pizza({ name: "a", box_id: 2, price_id: 1 }).box?.name, "medium");
    assert.equal(new Pizza({ name: "a", price }).box, null);
  });

  test("names that the model does not have are refused", () => {
    // @ts-expect-error there is no such field
    assert.throws(() => new Box({ nam: "x" }), { name: "TypeError" });
    // @ts-expect-error undefined is no value
    assert.throws(() => new Box({ name: undefined }), { name: "TypeError" });
  });
});

describe("save", () => {
  both(
    "inserts a new object, and gives it its key",
    {
      async: async () => {
        const box = new Box({ name: "family" });
        await box.asave();
        return box;
      },
      sync: () => {
        const box = new Box({ name: "family" });
        box.save();
        return box;
      },
      queries: 1,
    },
    (box) => {
      assert.equal(box.id, 4);
      assert.equal(box._state.adding, false);
      assert.equal(box._state.db, "default");
      assert.equal(Box.objects.get({ id: 4 }).name, "family");
    },
  );
  both(
    "updates one that exists",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 1 });
        box.name = "tiny";
        await box.asave();
      },
      sync: () => {
        const box = Box.objects.get({ id: 1 });
        box.name = "tiny";
        box.save();
      },
      queries: 2,
    },
    () => {
      assert.equal(Box.objects.get({ id: 1 }).name, "tiny");
      assert.equal(Box.objects.count(), 3);
    },
  );
  both(
    "updateFields writes these alone",
    {
      async: async () => {
        const price = await Price.aobjects.get({ id: 1 });
        price.currency = "chf";
        price.amount = new Decimal("1");
        await price.asave({ updateFields: ["currency"] });
      },
      sync: () => {
        const price = Price.objects.get({ id: 1 });
        price.currency = "chf";
        price.amount = new Decimal("1");
        price.save({ updateFields: ["currency"] });
      },
      queries: 2,
    },
    () => {
      const price = Price.objects.get({ id: 1 });
      assert.equal(price.currency, "chf");
      assert.equal(price.amount.toString(), "7.50");
    },
  );
  both(
    "updateFields of nothing writes nothing",
    {
      async: async () => await new Box({ id: 1, name: "x" }).asave({ updateFields: [] }),
      sync: () => new Box({ id: 1, name: "x" }).save({ updateFields: [] }),
      queries: 0,
    },
    () => assert.equal(Box.objects.get({ id: 1 }).name, "small"),
  );

  test("updateFields names fields that exist", async () => {
    const box = await Box.aobjects.get({ id: 1 });
    await assert.rejects(async () => await box.asave({ updateFields: ["nam"] }), ValueError);
  });

  test("forceInsert of a key that exists is an IntegrityError", async () => {
    await assert.rejects(
      async () => await new Box({ id: 1, name: "x" }).asave({ forceInsert: true }),
      IntegrityError,
    );
    assert.throws(() => new Box({ id: 1, name: "x" }).save({ forceInsert: true }), IntegrityError);
    await new Box({ id: 9, name: "x" }).asave({ forceInsert: true });
    assert.equal(Box.objects.filter({ id: 9 }).exists(), true);
  });

  test("forceUpdate of a row that does not exist is a DatabaseError", async () => {
    await assert.rejects(
      async () => await new Box({ id: 99, name: "x" }).asave({ forceUpdate: true }),
      DatabaseError,
    );
    assert.throws(() => new Box({ id: 99, name: "x" }).save({ forceUpdate: true }), DatabaseError);
    await assert.rejects(
      async () => await new Box({ name: "x" }).asave({ forceUpdate: true, forceInsert: true }),
      ValueError,
    );
  });

  test("using writes to another database", async () => {
    const { createTables } = await import("asgimod");
    await createTables({ using: "other" });
    const box = new Box({ name: "elsewhere" });
    await box.asave({ using: "other" });
    assert.equal(box._state.db, "other");
    assert.equal(await Box.aobjects.filter({ name: "elsewhere" }).exists(), false);
    assert.equal(await Box.aobjects.using("other").filter({ name: "elsewhere" }).exists(), true);
  });

  test("text becomes a decimal, and a decimal text: nothing is rounded by floats", async () => {
    const price = new Price({ amount: "0.10" });
    await price.asave();
    const loaded = await Price.aobjects.get({ id: price.id });
    assert(loaded.amount instanceof Decimal);
    assert.equal(loaded.amount.toString(), "0.10");
  });

  test("an unsaved related object must be saved first", async () => {
    const pizza = new Pizza({ name: "x", price: new Price({ amount: "1.00" }) });
    await assert.rejects(async () => await pizza.asave(), ValueError);
  });

  test("a saved related object's key is taken over at saving", async () => {
    const price = new Price({ amount: "1.00" });
    const pizza = new Pizza({ name: "x", price });
    await price.asave();
    await pizza.asave();
    assert.equal((await Pizza.aobjects.get({ pk: pizza.pk })).price_id, price.id);
  });
});

describe("delete", () => {
  both(
    "tells what went, and takes along what depends on it",
    {
      async: async () => await (await Price.aobjects.get({ id: 1 })).adelete(),
      sync: () => Price.objects.get({ id: 1 }).delete(),
    },
    (result) => {
      assert.deepEqual(result, [
        7,
        { "testapp.Price": 1, "testapp.Pizza": 1, "testapp.Pizza_toppings": 3, "orders.Order": 2 },
      ]);
      assert.equal(Pizza.objects.filter({ id: 1 }).exists(), false);
    },
  );
  both(
    "SET_NULL leaves the pizzas without a box",
    {
      async: async () => await (await Box.aobjects.get({ id: 2 })).adelete(),
      sync: () => Box.objects.get({ id: 2 }).delete(),
    },
    (result) => {
      assert.deepEqual(result, [1, { "testapp.Box": 1 }]);
      assert.equal(Pizza.objects.filter({ box__isnull: true }).count(), 3);
    },
  );
  both(
    "leaves an object without a key",
    {
      async: async () => {
        const topping = await Topping.aobjects.get({ name: "Pineapple" });
        await topping.adelete();
        return topping;
      },
      sync: () => {
        const topping = Topping.objects.get({ name: "Pineapple" });
        topping.delete();
        return topping;
      },
    },
    (topping) => {
      assert.equal(topping.pk, null);
      assert.equal(topping.name, "Pineapple");
    },
  );

  test("an object that is not saved cannot be deleted", async () => {
    await assert.rejects(async () => await new Box({ name: "x" }).adelete(), ValueError);
    assert.throws(() => new Box({ name: "x" }).delete(), ValueError);
  });
});

describe("refreshFromDb", () => {
  both(
    "reads the row again",
    {
      async: async () => {
        const box = await Box.aobjects.get({ id: 1 });
        await Box.aobjects.filter({ id: 1 }).update({ name: "tiny" });
        await box.arefreshFromDb();
        return box.name;
      },
      sync: () => {
        const box = Box.objects.get({ id: 1 });
        Box.objects.filter({ id: 1 }).update({ name: "tiny" });
        box.refreshFromDb();
        return box.name;
      },
      queries: 3,
    },
    (name) => assert.equal(name, "tiny"),
  );
  both(
    "reads the given fields alone",
    {
      async: async () => {
        const price = await Price.aobjects.get({ id: 1 });
        await Price.aobjects.filter({ id: 1 }).update({ amount: "8.00", currency: "eur" });
        await price.arefreshFromDb({ fields: ["amount"] });
        return [price.amount.toString(), price.currency];
      },
      sync: () => {
        const price = Price.objects.get({ id: 1 });
        Price.objects.filter({ id: 1 }).update({ amount: "8.00", currency: "eur" });
        price.refreshFromDb({ fields: ["amount"] });
        return [price.amount.toString(), price.currency];
      },
    },
    (values) => assert.deepEqual(values, ["8.00", "usd"]),
  );

  test("forgets related objects", async () => {
    const pizza = await Pizza.aobjects.selectRelated("box").get({ id: 1 });
    await Pizza.aobjects.filter({ id: 1 }).update({ box_id: 3 });
    assert.equal(pizza.box?.name, "medium");
    await pizza.arefreshFromDb();
    assert.equal((await pizza.abox)?.name, "large");
  });

  test("a row that is gone is DoesNotExist", async () => {
    const box = await Box.aobjects.get({ id: 1 });
    await Box.aobjects.filter({ id: 1 }).delete();
    await assert.rejects(async () => await box.arefreshFromDb(), Box.DoesNotExist);
    assert.throws(() => box.refreshFromDb(), ObjectDoesNotExist);
  });
});

describe("keys, equality, texts", () => {
  test("pk is the primary key, whatever it is called", () => {
    const box = Box.objects.get({ pk: 2 });
    assert.equal(box.pk, 2);
    box.pk = 7;
    assert.equal(box.id, 7);
  });

  test("objects of the same row are equal, others are not", async () => {
    const box = await Box.aobjects.get({ id: 1 });
    assert.equal(box.equals(Box.objects.get({ id: 1 })), true);
    assert.equal(box.equals(Box.objects.get({ id: 2 })), false);
    assert.equal(box.equals(Topping.objects.get({ id: 1 })), false);
    assert.equal(new Box({ name: "x" }).equals(new Box({ name: "x" })), false);
  });

  test("texts name the model and the key", () => {
    const box = Box.objects.get({ id: 1 });
    assert.equal(String(box), "Box object (1)");
    assert.equal(inspect(box), "<Box: Box object (1)>");
  });

  test("JSON has the columns", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(Pizza.objects.get({ id: 1 }))), {
      id: 1,
      name: "Margherita",
      box_id: 2,
      price_id: 1,
    });
  });

  test("getters and methods of the class are on its objects", async () => {
    const pizza = await Pizza.aobjects.get({ id: 1 });
    assert(pizza instanceof Pizza);
    assert.equal(pizza.shout, "MARGHERITA");
  });

  test("choices have their texts", () => {
    const order = Order.objects.earliest();
    assert.equal(order.status, "D");
    assert.equal(order.get_status_display(), "delivered");
  });
});

describe("deferred columns", () => {
  test("are named, and loaded when they are read", async () => {
    const pizza = await Pizza.aobjects.only("name").get({ id: 1 });
    assert.deepEqual(pizza.getDeferredFields(), new Set(["box_id", "price_id"]));
    const { value, count } = countQueries(() => pizza.box_id);
    assert.equal(value, 2);
    assert.equal(count, 1);
    assert.deepEqual(pizza.getDeferredFields(), new Set(["price_id"]));
  });

  test("are left out of an update", async () => {
    const pizza = await Pizza.aobjects.only("name").get({ id: 1 });
    pizza.name = "Marga";
    const { queries } = await countQueries(() => pizza.asave());
    assert.doesNotMatch(queries[0]?.sql ?? "", /box_id/);
    assert.equal(Pizza.objects.get({ id: 1 }).box_id, 2);
  });
});

describe("validation", () => {
  test("fullClean tells the messages by field; save does not validate", async () => {
    const topping = new Topping({ name: "" });
    assert.throws(
      () => topping.fullClean(),
      (error) => {
        assert(error instanceof ValidationError);
        assert.match(error.message, /name/);
        return true;
      },
    );
    await topping.asave();
    assert.equal(topping.pk, 7);
  });
});

describe("AsyncMixin", () => {
  test("adds the asynchronous half to a model that has only the synchronous one", async () => {
    const { SyncModel, CharField } = await import("asgimod");
    const Plain = SyncModel("mixed.Plain", { name: CharField({ maxLength: 5 }) });
    assert.equal("aobjects" in Plain, false);
    assert.equal("asave" in Plain.prototype, false);
    const Mixed = AsyncMixin(Plain);
    assert.equal("aobjects" in Mixed, true);
    assert.equal("asave" in Mixed.prototype, true);
    assert.equal("adelete" in Mixed.prototype, true);
    assert.equal("arefreshFromDb" in Mixed.prototype, true);
  });

  test("Model has both halves", () => {
    assert.equal("aobjects" in Pizza, true);
    assert.equal("objects" in Pizza, true);
    assert.notEqual(String(Pizza.aobjects.all()), String(Pizza.objects.all()));
  });
});

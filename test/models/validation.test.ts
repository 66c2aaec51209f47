import assert from "node:assert/strict";
import { test } from "node:test";
import { CharField, IntegerField } from "../../src/fields/factories.ts";
import { ForeignKey } from "../../src/fields/related/factories.ts";
import { CASCADE } from "../../src/fields/related/on-delete.ts";
import { Model } from "../../src/models/factory.ts";
import type { ModelClass, ModelInstance } from "../../src/models/types.ts";
import { ValidationError } from "../../src/validators/validation-error.ts";
import { taken } from "./hooks.ts";

class Box extends Model("val.Box", { name: CharField({ maxLength: 3 }) }) {}
const fields = {
  name: CharField({ maxLength: 3 }),
  size: IntegerField({ blank: true, null: true }),
  box: ForeignKey("val.Box", { onDelete: CASCADE }),
};
type Cleanable = ModelInstance & {
  fullClean(options?: object): void;
  afullClean(options?: object): Promise<void>;
  cleanFields(options?: object): void;
};
const make = (cls: unknown, values: object) => new (cls as ModelClass)(values as never) as Cleanable;
const errorsOf = (run: () => void): Record<string, string[]> => {
  try {
    run();
  } catch (error) {
    return (error as ValidationError).messageDict;
  }
  return {};
};

class Pizza extends Model("val.Pizza", fields) {}

test("cleanFields converts values and gives the errors of all fields", () => {
  const pizza = make(Pizza, { name: "abc", size: "7", box_id: "3" });
  taken();
  pizza.cleanFields();
  assert.equal(pizza.size, 7);
  assert.equal(pizza.box_id, 3);
  assert.deepEqual(taken().slice(1), ["validateRelated box 3"]);
  const bad = make(Pizza, { name: "abcd", size: "x" });
  assert.deepEqual(
    errorsOf(() => bad.cleanFields()),
    {
      name: ["Ensure this value has at most 3 characters (it has 4)."],
      size: ["“x” value must be an integer."],
      box: ["This field cannot be null."],
    },
  );
  assert.deepEqual(Object.keys(errorsOf(() => bad.cleanFields({ exclude: ["name", "box"] }))), ["size"]);
});

test("fullClean runs all four kinds, without the fields that failed", async () => {
  class Checked extends Model("val.Checked", fields) {
    clean() {
      throw new ValidationError("never good");
    }
  }
  const checked = make(Checked, { name: "abcd", box: new Box({ id: 1 }) });
  taken();
  const errors = errorsOf(() => checked.fullClean({ exclude: ["size"] }));
  assert.deepEqual(errors.__all__, ["never good"]);
  assert.deepEqual(Object.keys(errors), ["name", "__all__"]);
  assert.deepEqual(taken(), [
    "await checked.afullClean()",
    "validateRelated box 1",
    "validateUnique size,name",
    "validateConstraints size,name",
  ]);
  await assert.rejects(
    checked.afullClean({ validateUnique: false, validateConstraints: false }),
    ValidationError,
  );
  assert.deepEqual(taken(), ["validateRelated box 1"]);
});

test("an async clean is awaited in async code, and an error in sync code", async () => {
  class Slow extends Model("val.Slow", { name: CharField({ maxLength: 3 }) }) {
    async clean() {
      throw new ValidationError("later");
    }
  }
  const slow = make(Slow, { name: "a" });
  await assert.rejects(slow.afullClean(), /later/);
  assert.throws(() => slow.fullClean(), /'clean' of val.Slow is async/);
});

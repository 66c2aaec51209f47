/** A model that overrides `save()` or `delete()` for one colour: who asks in the other colour gets it, too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CharField, configure, createTables, Model } from "asgimod";

const calls: string[] = [];

class Both extends Model("overridden.Both", { name: CharField({ maxLength: 10 }) }) {
  override save() {
    calls.push("save");
    super.save();
  }
  override async asave() {
    calls.push("asave");
    await super.asave();
  }
}

class Sync extends Model("overridden.Sync", { name: CharField({ maxLength: 10 }) }) {
  override save() {
    calls.push("save");
    super.save();
  }
  override delete() {
    calls.push("delete");
    return super.delete();
  }
}

configure({ apps: { overridden: { Both, Sync } }, databases: { default: "sqlite::memory:" } });
await createTables();

/** What was called meanwhile. */
async function during(run: () => unknown): Promise<string[]> {
  calls.length = 0;
  await run();
  return [...calls];
}

test("a class with a save() of its own, and no asave(): asave() and the managers call it", async () => {
  assert.deepEqual(await during(() => Sync.aobjects.create({ name: "a" })), ["save"]);
  assert.deepEqual(await during(() => new Sync({ name: "b" }).asave()), ["save"]);
  assert.deepEqual(await during(async () => (await Sync.aobjects.get({ name: "b" })).adelete()), ["delete"]);
  assert.equal(await Sync.aobjects.count(), 1);
});

test("a class with both: each is called once, and only in its colour", async () => {
  assert.deepEqual(await during(() => Both.aobjects.create({ name: "a" })), ["asave"]);
  assert.deepEqual(await during(() => new Both({ name: "b" }).asave()), ["asave"]);
  assert.deepEqual(await during(() => Both.objects.create({ name: "c" })), ["save"]);
});

test("an error of an overridden save() rejects asave()'s promise", async () => {
  const broken = new Sync({ name: "x" });
  broken.save = () => {
    throw new RangeError("no");
  };
  await assert.rejects(broken.asave(), { name: "RangeError", message: "no" });
});

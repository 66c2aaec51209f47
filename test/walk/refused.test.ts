/**
 * Options that are none: Python refuses an unknown keyword. And what a method of the async half refuses, it refuses by its
 * promise: nothing is thrown where nobody awaits.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ArgumentTypeError, connections } from "asgimod";
import { type Colour, classesIn, library, managerOf } from "./colours.ts";
import { fill, open } from "./models.ts";

const { F, FilteredRelation, Prefetch, Q, Value, When, Window } = library;

for (const colour of ["sync", "async"] as const) {
  describe(`options that are none, ${colour}`, () => {
    before(async () => {
      await open();
      fill();
    });
    after(() => connections.close());
    for (const [name, call] of Object.entries(misspelt(colour))) {
      it(name, () =>
        assert.rejects(
          async () => await call(),
          (error: Error) => {
            assert(error instanceof ArgumentTypeError, `${error.constructor.name}: ${error.message}`);
            assert.match(
              error.message,
              /has no option '\w+'\. Choices are: |takes an object of options, not /,
            );
            return true;
          },
        ),
      );
    }
  });
}

function misspelt(colour: Colour): Record<string, () => unknown> {
  const { Blog, Entry } = classesIn(colour);
  const entries = managerOf(Entry, colour);
  const blogs = managerOf(Blog, colour);
  return {
    inBulk: () => entries.inBulk([1], { field_name: "id" }),
    "inBulk, no object": () => entries.inBulk([1], "id"),
    raw: () => entries.raw("SELECT 1", [], { translation: {} }),
    datetimes: () => entries.datetimes("updated", "year", "ASC", { tz: "UTC" }),
    valuesList: () => entries.valuesList("id", { flatt: true }),
    "asc()": () => F("id").asc({ nulls_last: true }),
    "desc()": () => F("id").desc({ nullLast: true }),
    "desc(), no object": () => F("id").desc(true),
    Value: () => Value(1, { output_field: null }),
    When: () => When({ id: 1 }, { than: 1 }),
    "When, no object": () => When({ id: 1 }, 1),
    Window: () => Window({ expression: F("id"), partition: "id" }),
    Prefetch: () => Prefetch("authors", { querySet: null }),
    FilteredRelation: () => FilteredRelation("authors", { conditions: Q({ id: 1 }) }),
    save: () => entries.get({ id: 1 }).save({ update_fields: ["id"] }),
    delete: () => entries.get({ id: 1 }).delete({ keep_parents: true }),
    refreshFromDb: () => entries.get({ id: 1 }).refreshFromDb({ field: ["id"] }),
    fullClean: () => entries.get({ id: 1 }).fullClean({ excludes: [] }),
    "add, one to many": () => blogs.get({ id: 1 }).entry_set.add({ bulky: false }),
    "set, one to many": () => blogs.get({ id: 1 }).entry_set.set([], { cleer: true }),
    "add, many to many": () => entries.get({ id: 1 }).authors.add(1, { through_defaults: {} }),
    "set, many to many": () => entries.get({ id: 1 }).authors.set([], { bulk: false }),
    "create, many to many": () => entries.get({ id: 1 }).authors.create({ name: "x" }, { defaults: {} }),
  };
}

describe("refused by the promise", () => {
  const { Blog, Entry } = classesIn("async");
  const entries = managerOf(Entry, "async");
  before(async () => {
    await open();
    fill();
  });
  after(() => connections.close());

  const sliced = () => entries.all().slice(0, 2);
  const calls: Record<string, () => unknown> = {
    get: () => entries.get(5),
    first: () =>
      entries
        .values("rating")
        .annotate({ n: library.Count("id") })
        .first(),
    last: () => sliced().last(),
    earliest: () => sliced().earliest(),
    latest: () => managerOf(Blog, "async").latest(),
    contains: () => entries.contains(5),
    aggregate: () => entries.aggregate(5),
    inBulk: () => sliced().inBulk(),
    explain: () => entries.explain(5),
    "explain, options": () => entries.explain({ nonsense: true }),
    create: () => entries.create(5),
    getOrCreate: () => entries.getOrCreate(5),
    updateOrCreate: () => entries.updateOrCreate({ id: 1 }, 5),
    bulkCreate: () => entries.bulkCreate(5),
    bulkUpdate: () => entries.bulkUpdate([], 5),
    update: () => entries.update(5),
    "update, sliced": () => sliced().update({ rating: 1 }),
    delete: () => entries.values("id").delete(),
    at: () => entries.all().at(1.5),
    aprefetchRelatedObjects: () => library.aprefetchRelatedObjects(5, "authors"),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(name, async () => {
      let promise: unknown;
      assert.doesNotThrow(() => {
        promise = call();
      });
      await assert.rejects(
        async () => await promise,
        (error: { code?: unknown }) => typeof error.code === "string",
      );
    });
  }
});

/** Arrays, maps and ranges in whatever else writes or computes: bulkUpdate, upserts, Case, functions, defaults of Coalesce. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Case, CharField, Coalesce, F, Func, IntegerField, Q, Value, When } from "asgimod";
import { ArrayField, HStoreField, IntegerRangeField, Range } from "asgimod/postgres";
import { rows } from "../servers/bank.ts";
import { Dog, Event, Post, Recipe } from "./models.ts";
import { setUp } from "./setup.ts";

await setUp("writing");

const P = Post.aobjects;
const E = Event.aobjects;
const G = Dog.aobjects;
const flat = { flat: true } as const;

describe("PostgreSQL's own, written and computed", () => {
  beforeEach(() =>
    rows("TRUNCATE contrib_post, contrib_dog, contrib_event, contrib_recipe RESTART IDENTITY"),
  );

  it("bulkCreate and bulkUpdate", async () => {
    const posts = await P.bulkCreate([
      new Post({ title: "a", tags: ["x"] }),
      new Post({ title: "b", grid: [[1]] }),
    ]);
    for (const post of posts) {
      post.tags = [...post.tags, 'q"\\', post.title];
      post.grid =
        post.title === "a"
          ? [
              [1, 2],
              [3, 4],
            ]
          : null;
      post.bigs = [2n ** 60n, null];
    }
    assert.equal(await P.bulkUpdate(posts, ["tags", "grid", "bigs"]), 2);
    const [first, second] = await P.orderBy("id");
    assert.deepEqual(
      [first?.tags, first?.grid],
      [
        ["x", 'q"\\', "a"],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    );
    assert.deepEqual([second?.tags, second?.grid, second?.bigs], [['q"\\', "b"], null, [2n ** 60n, null]]);

    const dogs = await G.bulkCreate([
      new Dog({ name: "a", data: { a: "1" } }),
      new Dog({ name: "b", data: null }),
    ]);
    for (const dog of dogs) dog.data = { ...dog.data, name: dog.name, none: null };
    assert.equal(await G.bulkUpdate(dogs, ["data"]), 2);
    assert.deepEqual(
      [...(await G.orderBy("id").valuesList("data", flat))],
      [
        { a: "1", name: "a", none: null },
        { name: "b", none: null },
      ],
    );

    const events = await E.bulkCreate([new Event({ ints: [1, 5] }), new Event({})]);
    for (const event of events) {
      event.ints = new Range(event.id, 100, "[]");
      event.days = event.id === 1 ? Range.empty() : null;
    }
    assert.equal(await E.bulkUpdate(events, ["ints", "days"]), 2);
    assert.deepEqual([...(await E.orderBy("id").valuesList("ints", flat))].map(String), [
      "[1, 101)",
      "[2, 101)",
    ]);
    assert.equal(await E.filter({ days__isempty: true }).count(), 1);
  });

  it("upserts", async () => {
    const [post, created] = await P.updateOrCreate(
      { title: "a", tags: ["x"] },
      { defaults: { scores: [1] }, createDefaults: { scores: [0] } },
    );
    assert.deepEqual([created, post.scores], [true, [0]]);
    const [again, createdAgain] = await P.updateOrCreate(
      { title: "a", tags: ["x"] },
      { defaults: { scores: [1] } },
    );
    assert.deepEqual([createdAgain, again.scores], [false, [1]]);
    await P.bulkCreate([new Post({ id: post.id, title: "b", tags: ["y", "z"] })], {
      updateConflicts: true,
      uniqueFields: ["id"],
      updateFields: ["tags"],
    });
    assert.deepEqual((await P.get({ id: post.id })).tags, ["y", "z"]);
  });

  it("Case, Coalesce, functions and values with their fields", async () => {
    const tags = ArrayField(CharField({ maxLength: 10 }));
    await P.create({ title: "a", tags: ["x"] });
    await P.create({ title: "b", scores: [3, 1] });
    const named = Case(When(Q({ tags__contains: ["x"] }), { then: F("tags") }), {
      default: Value(["none"], { outputField: tags }),
    });
    assert.deepEqual(
      [...(await P.annotate({ named }).orderBy("id").valuesList("named", flat))],
      [["x"], ["none"]],
    );
    const scores = Coalesce("scores", Value([0], { outputField: ArrayField(IntegerField()) }));
    assert.deepEqual(
      [...(await P.annotate({ all: scores }).orderBy("id").valuesList("all", flat))],
      [[0], [3, 1]],
    );
    const more = Func("tags", Value("new"), { function: "array_append", outputField: tags });
    assert.equal(await P.update({ tags: more }), 2);
    assert.deepEqual([...(await P.orderBy("id").valuesList("tags", flat))], [["x", "new"], ["new"]]);
    await G.create({ name: "a", data: { a: "1" } });
    const merged = Func(F("data"), Value({ b: 2 }, { outputField: HStoreField() }), {
      template: "(%(expressions)s)",
      argJoiner: " || ",
      outputField: HStoreField(),
    });
    await G.update({ data: merged });
    assert.deepEqual((await G.get()).data, { a: "1", b: "2" });
    await E.create({ ints: [1, 5], n: 7 });
    await E.update({ ints: Value(new Range(2, 9), { outputField: IntegerRangeField() }) });
    assert.equal(String((await E.get()).ints), "[2, 9)");
    const span = Func("n", Value(20), { function: "int4range", outputField: IntegerRangeField() });
    assert.equal(String((await E.annotate({ span }).get()).span), "[7, 20)");
    assert.equal(await E.annotate({ span }).filter({ span__contains: 19 }).count(), 1);
  });

  it("transforms of both sides, in lists, too", async () => {
    for (const title of ["Crêpes", "Soupe", "crepes"]) await Recipe.aobjects.create({ title });
    const found = (list: string[]) =>
      Recipe.aobjects.filter({ title__unaccent__in: list }).orderBy("id").valuesList("title", flat);
    assert.deepEqual([...(await found(["Crepes", "Soüpe"]))], ["Crêpes", "Soupe"]);
    assert.deepEqual([...(await found(["crépes"]))], ["crepes"]);
    assert.deepEqual([...(await found(["x", "y", "Soupé"]))], ["Soupe"]);
  });

  it("rows by parts of arrays: distinct, counted, in subqueries", async () => {
    await P.bulkCreate([
      new Post({ title: "a", tags: ["x", "y"] }),
      new Post({ title: "b", tags: ["x"] }),
      new Post({ title: "c", tags: [] }),
    ]);
    assert.deepEqual([...(await P.orderBy("tags__0").values("tags__0").distinct())].length, 2);
    const firsts = P.filter({ title: "b" }).values("tags__0");
    assert.equal(await P.filter({ tags__0__in: firsts }).count(), 2);
    assert.equal(await P.filter(Q({ tags__len: 0 }).or(Q({ tags__1: "y" }))).count(), 2);
    // As in Django: of an item that is not there, nothing is known.
    assert.equal(await P.exclude({ tags__0: "x" }).count(), 0);
    assert.equal(await P.filter({ tags__0__isnull: true }).count(), 1);
  });
});

/** The synchronous half, over the worker of `sync: true`: the same values as the asynchronous one's. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { atomic, configure, F } from "asgimod";
import { ArrayAgg, bulkCopy, Range, SearchRank, SearchVector } from "asgimod/postgres";
import { skip } from "../postgresql/server.ts";
import * as contrib from "./models.ts";
import { Dog, Event, Post, Recipe, Seat } from "./models.ts";
import { setUp, url } from "./setup.ts";

if (skip === false) await setUp("sync");
if (skip === false) configure({ apps: { contrib }, databases: { default: { url, sync: true } } });

describe("PostgreSQL's own, synchronously", { skip }, () => {
  it("arrays, maps and ranges are written, found and read", async () => {
    const post = Post.objects.create({
      title: "a",
      tags: ["x", 'q"u'],
      grid: [[1], [2]],
      bigs: [2n ** 60n, null],
    });
    assert.deepEqual(Post.objects.get({ tags__contains: ['q"u'], grid__1__0: 2 }).bigs, [2n ** 60n, null]);
    assert.deepEqual(Post.objects.get({ id: post.id }), await Post.aobjects.get({ id: post.id }));
    Dog.objects.create({ name: "a", data: { a: "1", b: null } });
    assert.deepEqual(Dog.objects.get({ data__has_key: "b", data__a: "1" }).data, { a: "1", b: null });
    Event.objects.create({ ints: [1, 5], instants: [new Date(0), null] });
    const event = Event.objects.get({ ints__contains: 4, instants__contains: new Date(7) });
    assert.ok(event.ints?.equals(new Range(1, 5)));
    assert.equal(Event.objects.filter({ ints__in: [[1, 5]] }).count(), 1);
  });

  it("searches, aggregates, lists", () => {
    Recipe.objects.create({ title: "Soup", body: "red tomatoes" });
    const [rank = 0] = Recipe.objects
      .filter({ body__search: "tomato" })
      .annotate({ rank: SearchRank(SearchVector("body"), "tomato") })
      .valuesList("rank", { flat: true });
    assert.ok(rank > 0.06);
    assert.deepEqual(Post.objects.aggregate({ titles: ArrayAgg("title") }), { titles: ["a"] });
    Post.objects.update({ tags: ["n"] });
    assert.deepEqual(
      [...Post.objects.annotate({ first: F("tags").at(0) }).valuesList("tags", { flat: true })],
      [["n"]],
    );
    Seat.objects.bulkCreate([new Seat({ row: "A", number: 1 }), new Seat({ row: "B", number: 2 })]);
    assert.equal(Seat.objects.filter({ pk__in: [["A", 1]] }).count(), 1);
    assert.equal(Seat.objects.exclude({ pk__in: [["A", 1]] }).count(), 1);
  });

  it("what is copied cannot be part of a synchronous transaction, which does not wait for it", async () => {
    let copying: Promise<number> | undefined;
    atomic(() => {
      copying = bulkCopy(Seat, [new Seat({ row: "C", number: 1 })]);
      copying.catch(() => {});
    });
    await assert.rejects(copying as Promise<number>, { name: "TransactionManagementError" });
    assert.equal(Seat.objects.count(), 2);
    assert.equal(await bulkCopy(Seat, [new Seat({ row: "C", number: 1 })]), 1);
  });
});

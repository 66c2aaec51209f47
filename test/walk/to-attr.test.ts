/** What `toAttr` holds: a list, or for a relation to one object that object. Django: QuerySet API reference, `Prefetch()`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connections, Prefetch } from "asgimod";
import { Author, Blog, Detail, Entry, fill, open } from "./models.ts";

before(async () => {
  await open();
  fill();
  await Author.aobjects.filter({ name: "Ben" }).update({ mentor_id: 1 });
});
after(() => connections.close());

test("a relation to many objects: a list", async () => {
  const entries = await Entry.aobjects
    .orderBy("id")
    .prefetchRelated(Prefetch("authors", { queryset: Author.aobjects.orderBy("-name"), toAttr: "writers" }));
  assert.deepEqual(
    entries.map(({ writers }) => writers.map(({ name }) => name)),
    [["Ben", "Ann"], ["Ann"], ["Cid", "Ben"], []],
  );
});

test("the way back of a one-to-one relation: the object, or null", async () => {
  const lookup = Prefetch("detail", { queryset: Detail.aobjects.all(), toAttr: "more" });
  const texts = (await Entry.aobjects.orderBy("id").prefetchRelated(lookup)).map(
    ({ more }) => more?.text ?? null,
  );
  assert.deepEqual(texts, ["first", null, null, null]);
});

test("a foreign key: the object, or null where it is null or the queryset leaves it out", () => {
  const butter = Prefetch("blog", { queryset: Blog.objects.filter({ name: "Butter" }), toAttr: "butter" });
  const entries = [...Entry.objects.orderBy("id").prefetchRelated(butter)];
  assert.deepEqual(
    entries.map((entry) => entry.butter?.name ?? null),
    [null, null, "Butter", null],
  );
  const authors = [
    ...Author.objects.orderBy("id").prefetchRelated(Prefetch("mentor", { toAttr: "teacher" })),
  ];
  assert.deepEqual(
    authors.map(({ teacher }) => teacher?.name ?? null),
    [null, "Ann", null],
  );
});

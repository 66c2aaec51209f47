/** `inBulk` after `values` and `valuesList`, as Django 6.1 has it. Django: QuerySet API reference, `in_bulk()`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Count, connections, countQueries, NotSupportedError } from "asgimod";
import { Entry, fill, open, Person } from "./models.ts";

before(async () => {
  await open();
  fill();
  Person.objects.create({ name: "Pat", size: "L" });
});
after(() => connections.close());

test("values(): the key is asked for, and is no part of the rows unless they have it", async () => {
  const { count } = countQueries(() => {
    const byPk = Entry.objects.values("headline").inBulk([1, 2]);
    assert.deepEqual(
      [...byPk],
      [
        [1, { headline: "Rye" }],
        [2, { headline: "Wheat" }],
      ],
    );
  });
  assert.equal(count, 1);
  assert.deepEqual([...(await Entry.aobjects.values("headline").inBulk([2]))], [[2, { headline: "Wheat" }]]);
  assert.deepEqual([...Entry.objects.values("pk", "rating").inBulk([1])], [[1, { pk: 1, rating: 5 }]]);
  assert.deepEqual(Object.keys(Entry.objects.values().inBulk([1]).get(1) as object).slice(0, 3), [
    "id",
    "blog_id",
    "headline",
  ]);
});

test("valuesList(): the rows are what they were; with names they begin with the key", async () => {
  assert.deepEqual([...Entry.objects.valuesList("headline", "rating").inBulk([1])], [[1, ["Rye", 5]]]);
  assert.deepEqual([...Entry.objects.valuesList("headline", "pk").inBulk([1])], [[1, ["Rye", 1]]]);
  assert.deepEqual([...Entry.objects.valuesList("headline", { flat: true }).inBulk([1])], [[1, "Rye"]]);
  assert.deepEqual(
    [...(await Entry.aobjects.valuesList("pk", { flat: true }).inBulk([1, 3]))],
    [
      [1, 1],
      [3, 3],
    ],
  );
  const named = Entry.objects.valuesList("headline", { named: true }).inBulk([1]).get(1);
  assert.deepEqual([...(named ?? [])], [1, "Rye"]);
  assert.equal(named?.headline, "Rye");
});

test("annotations stay, and another unique field may be the key", async () => {
  const counted = Entry.aobjects.annotate({ n: Count("authors") });
  assert.deepEqual([...(await counted.values("n").inBulk([1, 4]))].sort(), [
    [1, { n: 2 }],
    [4, { n: 0 }],
  ]);
  assert.deepEqual([...(await counted.valuesList("headline", "n").inBulk([4]))], [[4, ["Oats", 0]]]);
  assert.deepEqual(
    [...Person.objects.values("size").inBulk(null, { fieldName: "name" })],
    [["Pat", { size: "L" }]],
  );
});

test("the parts of a union have their columns already", async () => {
  const both = Entry.aobjects.values("headline").union(Entry.aobjects.values("headline"));
  await assert.rejects(both.inBulk(), NotSupportedError);
  const keyed = Entry.aobjects.values("pk", "headline").union(Entry.aobjects.values("pk", "headline"));
  assert.equal((await keyed.inBulk()).get(2)?.headline, "Wheat");
});

/** `inBulk` gives objects, never what `values` makes of them. Django: QuerySet API reference, `in_bulk()`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ArgumentTypeError, connections, countQueries } from "asgimod";
import { Entry, fill, open, Person } from "./models.ts";

before(async () => {
  await open();
  fill();
  Person.objects.create({ name: "Pat", size: "L" });
});
after(() => connections.close());

test("values() and valuesList() are refused, before anything is asked", async () => {
  const { count } = countQueries(() => {
    assert.throws(() => Entry.objects.values("headline").inBulk([1]), ArgumentTypeError);
    assert.throws(() => Entry.objects.valuesList("headline", { flat: true }).inBulk(), ArgumentTypeError);
  });
  assert.equal(count, 0);
  await assert.rejects(Entry.aobjects.values("pk").inBulk([1]), {
    name: "TypeError",
    message: "inBulk() cannot be used with values() or valuesList().",
  });
});

test("a unique field may be the key, of some objects or of all", async () => {
  assert.deepEqual([...Person.objects.inBulk(null, { fieldName: "name" }).keys()], ["Pat"]);
  assert.equal((await Person.aobjects.inBulk(["Pat"], { fieldName: "name" })).get("Pat")?.size, "L");
});

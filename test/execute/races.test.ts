import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { aatomic, configure, connections, createTables } from "asgimod";
import { Author, Book, open, Tag } from "./models.ts";

beforeEach(open);
after(() => connections.close());

const CALLERS = 50;

test("many callers of getOrCreate make one row, and none gets an error", async () => {
  const results = await Promise.all(
    Array.from({ length: CALLERS }, () => Author.aobjects.getOrCreate({ name: "Ann" })),
  );
  assert.equal(results.filter(([, created]) => created).length, 1);
  assert.equal(new Set(results.map(([author]) => author.id)).size, 1);
  assert.equal(Author.objects.count(), 1);
});

test("many callers of updateOrCreate make one row", async () => {
  const results = await Promise.all(
    Array.from({ length: CALLERS }, (_, i) =>
      Author.aobjects.updateOrCreate(
        { name: "Ann" },
        { defaults: { name: "Ann" }, createDefaults: { id: 100 + i } },
      ),
    ),
  );
  assert.equal(results.filter(([, created]) => created).length, 1);
  assert.equal(Author.objects.count(), 1);
});

test("the same on a file, with callers inside of transactions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "asgimod-"));
  try {
    configure({ databases: { default: `sqlite:${join(folder, "db.sqlite3")}` } });
    await createTables({ apps: ["executetest"] });
    const results = await Promise.all(
      Array.from({ length: CALLERS }, () => aatomic(() => Author.aobjects.getOrCreate({ name: "Ann" }))),
    );
    assert.equal(results.filter(([, created]) => created).length, 1);
    assert.equal(await Author.aobjects.count(), 1);
  } finally {
    await connections.close();
    rmSync(folder, { recursive: true });
  }
});

test("writes of many callers do not mix", async () => {
  const ann = await Author.aobjects.create({ name: "Ann" });
  const book = await Book.aobjects.create({ title: "One", author: ann });
  const tags = await Promise.all(
    Array.from({ length: CALLERS }, (_, i) => Tag.aobjects.create({ name: `t${i}` })),
  );
  assert.equal(new Set(tags.map(({ id }) => id)).size, CALLERS);
  await Promise.all(tags.map((tag) => book.atags.add(tag)));
  assert.equal(await book.atags.count(), CALLERS);
  await Promise.all(tags.slice(0, 10).map((tag) => book.atags.remove(tag)));
  assert.equal(await book.atags.count(), CALLERS - 10);
});

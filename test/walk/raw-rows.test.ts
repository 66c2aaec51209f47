/** The rows of `raw`: indexes, placeholders, composite keys. Django: "Performing raw SQL queries". */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  ArgumentTypeError,
  CharField,
  CompositePrimaryKey,
  connections,
  countQueries,
  createTables,
  FieldDoesNotExist,
  IndexError,
  IntegerField,
  Model,
  NotImplementedError,
} from "asgimod";
import { Blog, fill, open } from "./models.ts";

class Shelf extends Model("walkraw.Shelf", {
  pk: CompositePrimaryKey("room", "number"),
  room: IntegerField(),
  number: IntegerField(),
  label: CharField({ maxLength: 20 }),
}) {}

const ALL = "SELECT * FROM walk_blog ORDER BY id";

before(async () => {
  await open();
  await createTables({ apps: ["walkraw"] });
  fill();
  await Shelf.aobjects.create({ room: 1, number: 2, label: "salt" });
});
after(() => connections.close());

test("rows by index: all are fetched for the first, and kept", async () => {
  const blogs = Blog.objects.raw(ALL);
  const { count } = countQueries(() => {
    assert.equal(blogs[0].name, "Bread");
    assert.equal(blogs.at(-1).name, "Butter");
    assert.deepEqual(
      blogs.slice(1).map(({ name }) => name),
      ["Butter"],
    );
    assert.equal(blogs.length, 2);
    assert.deepEqual([...blogs].length, blogs.eval().length);
  });
  assert.equal(count, 1);
  assert.throws(() => blogs.at(2), IndexError);
  assert.throws(() => blogs[2], IndexError);
  assert.throws(() => blogs.at(0.5), ArgumentTypeError);

  const later = Blog.aobjects.raw(ALL);
  assert.equal((await later[1]).name, "Butter");
  assert.equal((await later.at(-2)).name, "Bread");
  assert.equal((await later.slice(0, 1)).length, 1);
  await assert.rejects(later.at(2), IndexError);
  assert.throws(() => (later as unknown as { length: number }).length, NotImplementedError);
});

test("what is done to the list does not change the rows", async () => {
  const blogs = Blog.aobjects.raw(ALL);
  (await blogs).pop();
  assert.equal((await blogs).length, 2);
});

test("prefetchRelated(null) forgets", () => {
  const loaded = Blog.objects.raw(ALL).prefetchRelated("entry_set");
  assert.equal(countQueries(() => loaded.eval()).count, 2);
  assert.equal(countQueries(() => loaded.prefetchRelated(null).eval()).count, 1);
});

test("each placeholder has a parameter, and each parameter a placeholder", async () => {
  const raw = (sql: string, params: readonly unknown[] | Record<string, unknown>) =>
    Blog.aobjects.raw(sql, params).eval();
  await assert.rejects(raw(`${ALL} LIMIT %s`, [1, 2]), ArgumentTypeError);
  await assert.rejects(raw(`${ALL} LIMIT %s OFFSET %s`, [1]), ArgumentTypeError);
  await assert.rejects(raw(`${ALL} LIMIT %(most)s`, { many: 1 }), ArgumentTypeError);
  assert.equal((await raw(`${ALL} LIMIT %(most)s`, { most: 1, unused: 2 })).length, 1);
});

test("a model with a composite key is refused", async () => {
  await assert.rejects(Shelf.aobjects.raw("SELECT * FROM walkraw_shelf").eval(), FieldDoesNotExist);
  assert.throws(() => Shelf.objects.raw("SELECT room, label FROM walkraw_shelf").eval(), FieldDoesNotExist);
});

/** `DB_CASCADE` and the like: what Django 6.1 does, on each database. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import {
  CASCADE,
  CharField,
  configure,
  connections,
  countQueries,
  createTables,
  createTablesSync,
  DB_CASCADE,
  DB_SET_DEFAULT,
  DB_SET_NULL,
  DO_NOTHING,
  ForeignKey,
  IntegrityError,
  ManyToManyField,
  Model,
  PROTECT,
  postDelete,
  preDelete,
} from "asgimod";
import { GenericForeignKey } from "asgimod/contenttypes";
import { Model as DeclareModel } from "../../src/models/factory.ts";
import { Registry } from "../../src/models/registry.ts";
import { database, skip } from "../postgresql/server.ts";

class Owner extends Model("dbdelete.Owner", { name: CharField({ maxLength: 20 }) }) {}
class Cat extends Model("dbdelete.Cat", {
  name: CharField({ maxLength: 20 }),
  owner: ForeignKey("dbdelete.Owner", { onDelete: DB_CASCADE }),
}) {}
class Kitten extends Model("dbdelete.Kitten", {
  cat: ForeignKey("dbdelete.Cat", { onDelete: DB_CASCADE }),
  keeper: ForeignKey("dbdelete.Owner", { onDelete: DB_SET_NULL, null: true, relatedName: "kept" }),
}) {}
class Toy extends Model("dbdelete.Toy", {
  owner: ForeignKey("dbdelete.Owner", { onDelete: DB_SET_DEFAULT, dbDefault: 1 }),
}) {}

const models = { Owner, Cat, Kitten, Toy };
declare module "asgimod" {
  interface Apps {
    dbdelete: {
      Owner: typeof Owner;
      Cat: typeof Cat;
      Kitten: typeof Kitten;
      Toy: typeof Toy;
    };
  }
}

const server = skip === false ? (await database("dbdelete")).url : "";
const databases = [
  { name: "sqlite", url: "sqlite::memory:", skip: false },
  { name: "postgresql", url: server, skip },
] as const;

for (const { name, url, skip: left } of databases) {
  describe(name, { skip: left }, () => {
    after(() => connections.close());

    test("the database deletes and sets, with one statement and no signals", async () => {
      configure({ apps: { dbdelete: models }, databases: { default: url } });
      await connections.close();
      await createTables({ apps: ["dbdelete"] });
      const heir = await Owner.aobjects.create({ name: "heir" });
      const ann = await Owner.aobjects.create({ name: "Ann" });
      const cat = await Cat.aobjects.create({ name: "Tom", owner: ann });
      const other = await Cat.aobjects.create({ name: "Jo", owner: heir });
      await Kitten.aobjects.create({ cat, keeper: heir });
      const kept = await Kitten.aobjects.create({ cat: other, keeper: ann });
      const toy = await Toy.aobjects.create({ owner: ann });
      const told: unknown[] = [];
      const receiver = () => told.push("told");
      for (const signal of [preDelete, postDelete]) signal.connect(receiver, { sender: Cat });
      try {
        const { count, value } = await countQueries(() => ann.adelete());
        assert.deepEqual([count, value], [1, [1, { "dbdelete.Owner": 1 }]]);
      } finally {
        for (const signal of [preDelete, postDelete]) signal.disconnect(receiver, { sender: Cat });
      }
      assert.deepEqual(told, []);
      assert.deepEqual(await Cat.aobjects.valuesList("name", { flat: true }), ["Jo"]);
      assert.deepEqual(await Kitten.aobjects.valuesList("pk", "keeper_id"), [[kept.pk, null]]);
      await toy.arefreshFromDb();
      assert.equal(toy.owner_id, heir.pk);
      // A queryset needs no look either.
      const all = await countQueries(() =>
        Owner.aobjects
          .filter({ name: "heir" })
          .delete()
          .catch((error) => error),
      );
      assert.equal(all.count, 1);
      // The default refers to the deleted row itself.
      assert(all.value instanceof IntegrityError, String(all.value));
      await toy.adelete();
      assert.deepEqual(await Owner.aobjects.delete(), [1, { "dbdelete.Owner": 1 }]);
      assert.equal(await Cat.aobjects.count(), 0);
      assert.equal(await Kitten.aobjects.count(), 0);
    });
  });
}

/** What the check of models in a registry of their own says. */
function problem(models: Readonly<Record<string, object>>): string {
  const apps = new Registry();
  try {
    for (const [name, fields] of Object.entries(models))
      DeclareModel(`refused.${name}`, fields as never, { apps } as never);
    apps.check();
  } catch (error) {
    return String(error);
  }
  return "no error";
}
const key = (to: string, options: object) => ForeignKey(to as never, options as never);

test("fields must be able to do what the database shall do", () => {
  assert.match(
    problem({ A: { a: key("self", { onDelete: DB_SET_NULL }) } }),
    /A\.a: Field specifies onDelete: DB_SET_NULL, but cannot be null\. Set null: true, or change onDelete\./,
  );
  assert.match(
    problem({ A: { a: key("self", { onDelete: DB_SET_DEFAULT, default: 1 }) } }),
    /A\.a: Field specifies onDelete: DB_SET_DEFAULT, but has no dbDefault value\./,
  );
});

test("a chain of relations is followed by one side alone", () => {
  const pair = (first: object, second: object) => ({
    A: {},
    B: { a: key("A", first) },
    C: { b: key("B", second) },
  });
  assert.match(
    problem(pair({ onDelete: DB_CASCADE }, { onDelete: CASCADE })),
    /C\.b: Field specifies library-level onDelete variant, but referenced model uses database-level variant\./,
  );
  assert.match(
    problem(pair({ onDelete: PROTECT }, { onDelete: DB_CASCADE })),
    /C\.b: Field specifies database-level onDelete variant, but referenced model uses library-level variant\./,
  );
  assert.match(
    problem({
      A: {},
      B: {
        a: key("A", { onDelete: DB_CASCADE }),
        other: key("A", { onDelete: CASCADE, relatedName: "+" }),
      },
    }),
    /B: The model cannot have related fields with both database-level and library-level onDelete variants\./,
  );
  // DO_NOTHING goes with both.
  assert.equal(problem(pair({ onDelete: DB_CASCADE }, { onDelete: DO_NOTHING })), "no error");
  assert.equal(problem(pair({ onDelete: DB_CASCADE }, { onDelete: DB_CASCADE })), "no error");
});

test("tables between are this library's to delete from", () => {
  const many = ManyToManyField("A" as never, { relatedName: "+" } as never);
  assert.match(
    problem({ A: {}, B: { a: key("A", { onDelete: DB_CASCADE }), many } }),
    /B\.many: .*database-level onDelete variant, but the table between/,
  );
});

test("so is what generic keys refer to", () => {
  class Note extends Model("dbdelete.Note", {
    content_type: ForeignKey("contenttypes.ContentType", { onDelete: DB_CASCADE }),
    object_id: CharField({ maxLength: 10 }),
    about: GenericForeignKey(),
  }) {}
  assert.throws(
    () => {
      configure({
        apps: { dbdelete: { ...models, Note } as never },
        databases: { default: "sqlite::memory:" },
      });
      createTablesSync();
    },
    { message: /'Note\.content_type' cannot use the database-level onDelete variant\./ },
  );
});

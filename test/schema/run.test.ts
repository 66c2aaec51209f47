import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { createTables, dropTables, tableNames } from "../../src/backends/base/create-tables.ts";
import { schemaCompiler } from "../../src/backends/base/schema-compiler.ts";
import { SqliteFeatures } from "../../src/backends/sqlite/features.ts";
import { SqliteOperations } from "../../src/backends/sqlite/operations.ts";
import { SqliteSchemaEditor } from "../../src/backends/sqlite/schema-editor.ts";
import { F } from "../../src/expressions/f.ts";
import { CharField, DecimalField, GeneratedField, IntegerField } from "../../src/fields/factories.ts";
import { ForeignKey, ManyToManyField } from "../../src/fields/related/factories.ts";
import { CASCADE } from "../../src/fields/related/on-delete.ts";
import { Collate } from "../../src/functions/comparison.ts";
import { Lower } from "../../src/functions/text.ts";
import "../../src/lookups/register.ts";
import { ArgumentTypeError, ValueError } from "../../src/errors.ts";
import { Deferrable } from "../../src/models/constraints.ts";
import { Model } from "../../src/models/factory.ts";
import { CheckConstraint, Index, UniqueConstraint } from "../../src/models/meta-factories.ts";
import { Registry } from "../../src/models/registry.ts";
import type { ModelClass } from "../../src/models/types.ts";
import { Q } from "../../src/query/q.ts";
import type { Op, Task } from "../../src/task.ts";

const features = new SqliteFeatures();
const ops = new SqliteOperations(features);
const editor = () => new SqliteSchemaEditor(ops, features, schemaCompiler(ops, features));

/** Drives a task on a database, transactions left out. */
function drive<T>(task: Task<T>, database: DatabaseSync): T {
  const answer = (op: Op): unknown => {
    if (op.kind === "run") return database.exec(op.sql);
    if (op.kind === "rows")
      return database
        .prepare(op.sql)
        .all()
        .map((row) => Object.values(row));
    return undefined;
  };
  let step = task.next();
  while (!step.done) step = task.next(answer(step.value));
  return step.value;
}

function declare(): ModelClass[] {
  const apps = new Registry();
  const meta = (own: object) => ({ apps, ...own }) as never;
  const tag = Model("s.Tag", { name: CharField({ maxLength: 10 }) } as never, meta({}));
  const item = Model(
    "s.Item",
    {
      label: CharField({ maxLength: 10, dbCollation: "NOCASE", dbDefault: "it's" }),
      unitPrice: DecimalField({ maxDigits: 6, decimalPlaces: 2 }),
      count: IntegerField({ dbDefault: 1 }),
      twice: GeneratedField({
        expression: combinable(new F("count")).mul(2),
        outputField: IntegerField(),
        dbPersist: false,
      }),
      parent: ForeignKey("self", { null: true, onDelete: CASCADE }),
      loose: ForeignKey("s.Tag", { onDelete: CASCADE, dbConstraint: false }),
      tags: ManyToManyField("s.Tag"),
    } as never,
    meta({
      indexes: [
        Index({ fields: ["-unitPrice", "label"] }),
        Index(new Collate("label", "nocase"), { name: "label_nocase" }),
        Index(combinable(new Lower("label")).asc(), combinable(new F("count")).desc(), {
          name: "lower_count",
        }),
      ],
      constraints: [
        CheckConstraint({ condition: Q.of([{ label__contains: "50%" }]).not(), name: "no_half" }),
        UniqueConstraint({
          fields: ["label", "parent"],
          condition: Q.of([{ count__gt: 0 }]),
          name: "uniq_positive",
        }),
      ],
    }),
  );
  const view = Model("s.View", { a: IntegerField() } as never, meta({ managed: false }));
  const models = [tag, item, view] as unknown as ModelClass[];
  for (const model of models) model._meta.adopt(model);
  return models;
}

/** The methods of expressions, whose types are those of the public factories. */
interface Combinable {
  mul(other: unknown): unknown;
  asc(): unknown;
  desc(): unknown;
}

const combinable = (expression: unknown) => expression as Combinable;

test("tables are created, found and dropped", () => {
  const database = new DatabaseSync(":memory:");
  const models = declare();
  drive(createTables(models, editor()), database);
  const made = database
    .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    .all();
  assert.deepEqual(made.map(({ sql }) => sql).toSorted(), [
    'CREATE INDEX "label_nocase" ON "s_item" ("label" COLLATE "nocase")',
    'CREATE INDEX "lower_count" ON "s_item" ((LOWER("label")) ASC, "count" DESC)',
    'CREATE INDEX "s_item_loose_id_a9b57c41" ON "s_item" ("loose_id")',
    'CREATE INDEX "s_item_parent_id_3f64588b" ON "s_item" ("parent_id")',
    'CREATE INDEX "s_item_tags_item_id_db9ea453" ON "s_item_tags" ("item_id")',
    'CREATE INDEX "s_item_tags_tag_id_ad9e7533" ON "s_item_tags" ("tag_id")',
    'CREATE INDEX "s_item_unit_pr_894862_idx" ON "s_item" ("unit_price" DESC, "label")',
    `CREATE TABLE "s_item" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "label" varchar(10) COLLATE NOCASE DEFAULT 'it''s' NOT NULL, "unit_price" decimal NOT NULL, "count" integer DEFAULT 1 NOT NULL, "twice" integer GENERATED ALWAYS AS (("count" * 2)) VIRTUAL, "parent_id" bigint NULL REFERENCES "s_item" ("id") DEFERRABLE INITIALLY DEFERRED, "loose_id" bigint NOT NULL, CONSTRAINT "no_half" CHECK (NOT ("label" LIKE '%50\\%%' ESCAPE '\\')))`,
    'CREATE TABLE "s_item_tags" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "item_id" bigint NOT NULL REFERENCES "s_item" ("id") DEFERRABLE INITIALLY DEFERRED, "tag_id" bigint NOT NULL REFERENCES "s_tag" ("id") DEFERRABLE INITIALLY DEFERRED)',
    'CREATE TABLE "s_tag" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(10) NOT NULL)',
    'CREATE UNIQUE INDEX "s_item_tags_item_id_tag_id_48f910b9_uniq" ON "s_item_tags" ("item_id", "tag_id")',
    'CREATE UNIQUE INDEX "uniq_positive" ON "s_item" ("label", "parent_id") WHERE "count" > 0',
  ]);
  assert.deepEqual(drive(tableNames(editor()), database), new Set(["s_tag", "s_item", "s_item_tags"]));
  // What exists is left alone.
  drive(createTables(models, editor()), database);
  database.exec("INSERT INTO s_tag (name) VALUES ('x')");
  database.exec("INSERT INTO s_item (unit_price, loose_id) VALUES ('1.50', 99)");
  assert.deepEqual(
    { ...database.prepare("SELECT label, count, twice FROM s_item").get() },
    { label: "it's", count: 1, twice: 2 },
  );
  assert.throws(
    () => database.exec("INSERT INTO s_item (label, unit_price, loose_id) VALUES ('a 50% b', 1, 1)"),
    /no_half/,
  );
  drive(dropTables(models, editor()), database);
  assert.deepEqual(drive(tableNames(editor()), database), new Set());
  database.close();
});

test("indexes and constraints refuse options that do not go together", () => {
  const condition = Q.of([{ a: 1 }]);
  const wrong: [() => unknown, RegExp][] = [
    [() => Index({}), /At least one field or expression/],
    [() => Index("a", { fields: ["b"], name: "x" }), /mutually exclusive/],
    [() => Index("a", {}), /must be named to use expressions/],
    [() => Index({ fields: ["a"], condition }), /must be named to use condition/],
    [() => Index({ fields: ["a"], condition: { a: 1 }, name: "x" }), /must be a Q instance/],
    [() => Index({ fields: ["a"], include: ["b"] }), /covering index must be named/],
    [() => UniqueConstraint({ fields: ["a"] } as never), /must be named/],
    [() => UniqueConstraint({ name: "x" }), /At least one field or expression/],
    [
      () => UniqueConstraint({ fields: ["a"], condition, deferrable: Deferrable.DEFERRED, name: "x" }),
      /cannot be deferred/,
    ],
  ];
  for (const [make, message] of wrong)
    assert.throws(make, (error) => error instanceof ValueError && message.test(error.message));
  assert.throws(() => CheckConstraint({ condition: { a: 1 }, name: "x" }), ArgumentTypeError);
});

test("indexes and constraints are cloned and compared by what they are made of", () => {
  const index = Index({ fields: ["a", "-b"], condition: Q.of([{ a: 1 }]), name: "x" });
  assert.deepEqual(index.fieldsOrders, [
    ["a", ""],
    ["b", "DESC"],
  ]);
  assert.ok(index.equals(index.clone()));
  assert.ok(!index.equals(Index({ fields: ["a"], name: "x" })));
  const unique = UniqueConstraint(new Lower("a"), { name: "u", violationErrorMessage: "Taken: %(name)s" });
  assert.equal(unique.clone().getViolationErrorMessage(), "Taken: u");
  assert.equal(
    UniqueConstraint({ fields: ["a"], name: "u" }).getViolationErrorMessage(),
    "Constraint “u” is violated.",
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CharField,
  CompositePrimaryKey,
  DateTimeField,
  IntegerField,
  UUIDField,
} from "../../src/fields/factories.ts";
import { ForeignKey } from "../../src/fields/related/factories.ts";
import { CASCADE } from "../../src/fields/related/on-delete.ts";
import { setDefaultAutoField } from "../../src/models/automatic-fields.ts";
import { AsyncMixin, Model, SyncModel } from "../../src/models/factory.ts";
import type { ModelMeta } from "../../src/models/meta.ts";
import { Registry, registry } from "../../src/models/registry.ts";

const name = CharField({ maxLength: 30 });

test("a model has Django's names: label, table, key, people's names", () => {
  class BlogPost extends Model("decl.BlogPost", { name }) {}
  const opts = BlogPost._meta;
  assert.equal(opts.label, "decl.BlogPost");
  assert.equal(opts.labelLower, "decl.blogpost");
  assert.equal(opts.dbTable, "decl_blogpost");
  assert.equal(opts.verboseName, "blog post");
  assert.equal(opts.verboseNamePlural, "blog posts");
  assert.equal(opts.pk.name, "id");
  assert.equal(opts.pk.internalType, "BigAutoField");
  assert.deepEqual(
    opts.fields.map((field) => field.name),
    ["id", "name"],
  );
});

test("a field named in camelCase has its column in snake_case", () => {
  const Event = Model("decl.Event", {
    createdAt: DateTimeField(),
    mainRoom: ForeignKey("Room", { onDelete: CASCADE }),
  });
  const columns = Event._meta.concreteFields.map((field) => [field.attname, field.column]);
  assert.deepEqual(columns, [
    ["id", "id"],
    ["createdAt", "created_at"],
    ["mainRoom_id", "main_room_id"],
  ]);
  Model("decl.Room", { name });
});

test("one declaration of a field serves several models", () => {
  const One = Model("decl.One", { name });
  const Two = Model("decl.Two", { name });
  assert.notEqual(One._meta.getField("name"), Two._meta.getField("name"));
  assert.equal(One._meta.getField("name").toString(), "decl.One.name");
  assert.equal(Two._meta.getField("name").toString(), "decl.Two.name");
});

test("the user's class becomes the model's class with its first use", () => {
  class Used extends Model("decl.Used", { name }) {}
  assert.notEqual(Used._meta.model, Used);
  const used = new Used({ name: "a" });
  assert.equal(Used._meta.model, Used);
  assert.ok(used instanceof Used);
});

test("configure({ apps }) takes the exported classes, under an alias too", () => {
  const apps = new Registry();
  const meta = { apps } as ModelMeta;
  class Pizza extends Model("shop.Pizza", { name }, meta) {}
  apps.registerApps({ shop: { Pizza, default: Pizza, helper: () => 1 } });
  assert.equal(apps.getModel("shop.pizza"), Pizza);
});

test("an export under another app or name is an error that says what to do", () => {
  const apps = new Registry();
  class Pizza extends Model("shop.Pizza", { name }, { apps } as ModelMeta) {}
  assert.throws(
    () => apps.registerApps({ store: { Pizza } }),
    /exports the model 'shop.Pizza'.*'store.Pizza'/,
  );
  assert.throws(
    () => apps.registerApps({ shop: { Calzone: Pizza } }),
    /exports the model 'shop.Pizza' as 'Calzone'/,
  );
});

test("two models of one label, two classes of one base", () => {
  Model("decl.Twice", { name });
  assert.throws(() => Model("decl.Twice", { name }), /Two models have the label 'decl.Twice'/);
  assert.throws(
    () => Model("decl.twice", { name }),
    /Two models have the label 'decl.twice' \('decl.Twice'\)/,
  );
  const Base = Model("decl.Base", { name });
  class A extends Base {}
  class B extends Base {}
  new A();
  assert.throws(() => new B(), /Two classes are made from one Base base: 'A' and 'B'.*Base.extend/);
});

test("a relation to a label that nobody declared names the known ones", () => {
  const apps = new Registry();
  const Pizza = Model("shop.Pizza", { box: ForeignKey("Bx", { onDelete: CASCADE }) }, { apps } as ModelMeta);
  const expected = /shop.Pizza.box refers to 'shop.Bx', a label that no model has. Known models: shop.Pizza/;
  assert.throws(
    () => (Pizza._meta.getField("box") as unknown as { relatedModel: unknown }).relatedModel,
    expected,
  );
  assert.throws(() => apps.check(), expected);
  assert.throws(
    () => apps.getModel("shop.Box"),
    /No model has the label 'shop.Box'. Known models: shop.Pizza/,
  );
});

test("labels without app, wrong labels, unknown meta keys", () => {
  assert.throws(() => Model("Pizza", { name }), /needs its app/);
  assert.throws(() => Model("decl.My Pizza", { name }), /no model label/);
  assert.throws(
    () => Model("decl.Odd", { name }, { order: ["id"] } as never),
    /invalid attribute\(s\): order. Choices are: abstract, /,
  );
  const Labelled = Model("Labelled", { name }, { appLabel: "decl" });
  assert.equal(Labelled._meta.label, "decl.Labelled");
});

test("names that a field cannot have", () => {
  const cases: [string, RegExp][] = [
    ["pk", /'pk' is a reserved word/],
    ["first__name", /must not contain "__"/],
    ["name_", /must not end with an underscore/],
    ["save", /every model has a member 'save'/],
    ["asave", /every model has a member 'asave'/],
    ["constructor", /every model has a member 'constructor'/],
    ["first-name", /must be identifiers/],
  ];
  for (const [field, message] of cases) {
    assert.throws(() => Model("decl.Names", { [field]: name }), message, field);
  }
  assert.throws(
    () => Model("decl.Names", { box: ForeignKey("self", { onDelete: CASCADE }), box_id: IntegerField() }),
    /The field 'box_id' of 'decl.Names' clashes with the field 'box'/,
  );
  assert.throws(
    () => Model("decl.Names2", { box: ForeignKey("self", { onDelete: CASCADE }), abox: IntegerField() }),
    /'abox' of 'decl.Names2' clashes with the async accessor of 'box'/,
  );
  assert.throws(() => Model("decl.Names3", { name: "text" }), /'name' of 'decl.Names3' is no field/);
});

test("a class that defines a member named like a column", () => {
  class Shadow extends Model("decl.Shadow", { name }) {
    get name() {
      return "x";
    }
  }
  assert.throws(() => new Shadow(), /The class 'Shadow' defines 'name', which is a field/);
});

test("explicit and composite primary keys", () => {
  const Natural = Model("decl.Natural", { code: UUIDField({ primaryKey: true }), name });
  assert.equal(Natural._meta.pk.name, "code");
  const Pair = Model("decl.Pair", {
    pk: CompositePrimaryKey("left", "right"),
    left: IntegerField(),
    right: name,
  });
  assert.ok(Pair._meta.isCompositePk);
  assert.deepEqual(
    Pair._meta.pkFields.map((field) => field.name),
    ["left", "right"],
  );
  assert.deepEqual(
    Pair._meta.concreteFields.map((field) => field.name),
    ["left", "right"],
  );
  assert.throws(
    () =>
      Model("decl.Pair2", { key: CompositePrimaryKey("left", "right"), left: IntegerField(), right: name }),
    /must be named 'pk'/,
  );
});

test("the setting defaultAutoField changes automatic keys alone", () => {
  const apps = new Registry();
  const meta = { apps } as ModelMeta;
  const Auto = Model("auto.Auto", { name }, meta);
  const Own = Model("auto.Own", { code: IntegerField({ primaryKey: true }) }, meta);
  setDefaultAutoField(apps, "SmallAutoField");
  assert.equal(Auto._meta.pk.internalType, "SmallAutoField");
  assert.equal(Auto._meta.getField("id"), Auto._meta.pk);
  assert.equal(Own._meta.pk.internalType, "IntegerField");
  assert.equal(Model("auto.Late", { name }, meta)._meta.pk.internalType, "SmallAutoField");
});

test("fieldChoices lists what queries may name, sorted", () => {
  Model("decl.Shelf", { name });
  const Book = Model("decl.Book", { name, shelf: ForeignKey("Shelf", { onDelete: CASCADE }) });
  assert.deepEqual(Book._meta.fieldChoices(), ["id", "name", "shelf", "shelf_id"]);
  assert.deepEqual(registry.getModel("decl.Shelf")._meta.fieldChoices(), ["book", "id", "name"]);
  assert.throws(() => Book._meta.getField("nme"), {
    name: "FieldDoesNotExist",
    message: "Book has no field named 'nme'",
  });
});

test("SyncModel has the sync half only", () => {
  const Plain = SyncModel("decl.Plain", { name, self: ForeignKey("self", { onDelete: CASCADE }) });
  assert.ok(!("asave" in Plain.prototype));
  assert.ok(!("aself" in Plain.prototype));
  assert.ok("self" in Plain.prototype);
});

test("AsyncMixin makes both halves of a class that has one", () => {
  class SyncPizza extends SyncModel("decl.Mixed", { name, self: ForeignKey("self", { onDelete: CASCADE }) }) {
    shout() {
      return String((this as Record<string, unknown>).name).toUpperCase();
    }
  }
  new SyncPizza();
  class Pizza extends AsyncMixin(SyncPizza) {}
  const pizza = new Pizza({ name: "a" });
  assert.equal(pizza.shout(), "A");
  assert.equal(Pizza._meta.model, Pizza);
  assert.ok("asave" in pizza && "aself" in pizza && "amixed_set" in pizza);
  assert.ok(!("asave" in SyncPizza.prototype));
});

test("checks of ordering, constraints and tables", () => {
  const check = (...metas: ModelMeta[]) => {
    const apps = new Registry();
    for (const [i, meta] of metas.entries()) Model(`checks.M${i}`, { name }, { ...meta, apps } as ModelMeta);
    return () => apps.check();
  };
  assert.throws(check({ ordering: ["-nme"] }), /'ordering' of checks.M0 .*'nme'. Choices are: id, name/);
  check({ ordering: ["-name", "?", "pk", "name__lower", { expression: true }] })();
  assert.throws(
    check({ uniqueTogether: ["name", "nme"] }),
    /'uniqueTogether' of checks.M0 refers to the nonexistent field 'nme'/,
  );
  assert.throws(
    check({ dbTable: "t" }, { dbTable: "t" }),
    /The table 't' is used by two models: 'checks.M0' and 'checks.M1'/,
  );
});

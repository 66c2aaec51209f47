import assert from "node:assert/strict";
import { test } from "node:test";
import { SqliteValues } from "../../src/backends/sqlite/values.ts";
import { BigAutoField, CharField, IntegerField } from "../../src/fields/factories.ts";
import { ForeignKey, ManyToManyField, OneToOneField } from "../../src/fields/related/factories.ts";
import type { ForeignKey as ForeignKeyClass } from "../../src/fields/related/foreign-key.ts";
import type { ManyToManyField as ManyToManyClass } from "../../src/fields/related/many-to-many.ts";
import { CASCADE, SET, SET_DEFAULT, SET_NULL } from "../../src/fields/related/on-delete.ts";
import type { PathInfo } from "../../src/fields/related/path-info.ts";
import type { RelatedField } from "../../src/fields/related/related-field.ts";
import { Model } from "../../src/models/factory.ts";
import type { ModelMeta } from "../../src/models/meta.ts";
import { Registry } from "../../src/models/registry.ts";
import type { ModelClass } from "../../src/models/types.ts";

const ops = { values: new SqliteValues() };
const name = CharField({ maxLength: 30 });
const to = { onDelete: CASCADE } as const;

/** A registry of its own, and a `Model` that declares there. */
function shop(): { apps: Registry; declare: (label: string, fields: object, meta?: object) => ModelClass } {
  const apps = new Registry();
  return {
    apps,
    declare: (label, fields, meta) => Model(`shop.${label}`, fields as never, { ...meta, apps } as ModelMeta),
  };
}

const path = (infos: readonly PathInfo[]) =>
  infos
    .map((info) => `${info.fromOpts.objectName}>${info.toOpts.objectName}${info.m2m ? "*" : ""}`)
    .join(" ");

test("a foreign key before and after its target is declared", () => {
  const { declare } = shop();
  const Pizza = declare("Pizza", { box: ForeignKey("shop.Box", { null: true, onDelete: SET_NULL }) });
  const box = Pizza._meta.getField("box") as ForeignKeyClass;
  assert.equal(box.remoteField.toOpts, null);
  const Box = declare("Box", { name });
  assert.equal(box.relatedModel, Box);
  assert.equal(box.targetField, Box._meta.pk);
  assert.deepEqual(box.getJoiningFields(), [[box, Box._meta.pk]]);
  assert.equal(box.dbType(ops), "bigint");
  assert.equal(path(box.pathInfos), "Pizza>Box");
  assert.equal(path(box.reversePathInfos), "Box>Pizza*");
  const rel = Box._meta.getField("pizza");
  assert.equal(rel, box.remoteField);
  assert.equal(box.remoteField.accessorName, "pizza_set");
  assert.equal(box.remoteField.relatedModel, Pizza);
});

test("toField, dbColumn, labels in every spelling", () => {
  const { declare } = shop();
  const User = declare("User", { username: CharField({ maxLength: 20, unique: true }) });
  for (const [i, target] of ["shop.User", "User", "shop.user", User].entries()) {
    const Post = declare(`Post${i}`, {
      author: ForeignKey(target as string, { ...to, toField: "username", dbColumn: "who" }),
    });
    const author = Post._meta.getField("author") as ForeignKeyClass;
    assert.equal(author.targetField.name, "username");
    assert.equal(author.column, "who");
    assert.equal(author.attname, "author_id");
    assert.equal(author.dbType(ops), "varchar(20)");
    assert.equal(author.getPrepValue("x"), "x");
  }
});

test("values go through the target's field", () => {
  const { declare } = shop();
  declare("Box", { name });
  const Pizza = declare("Pizza", { box: ForeignKey("Box", to) });
  const box = Pizza._meta.getField("box") as ForeignKeyClass;
  assert.equal(box.getPrepValue("7"), 7);
  assert.throws(() => box.getPrepValue("x"), /Field 'id' expected a number but got 'x'/);
  assert.equal(box.getDbPrepSave("", ops), null);
  assert.equal(box.getDbPrepSave(null, ops), null);
});

test("one-to-one: unique, and the way back gives one", () => {
  const { declare } = shop();
  const Price = declare("Price", { name });
  const Pizza = declare("Pizza", { price: OneToOneField("Price", to) });
  const price = Pizza._meta.getField("price") as ForeignKeyClass;
  assert.ok(price.unique);
  assert.ok(price.oneToOne);
  assert.ok(!price.manyToOne);
  assert.equal(price.remoteField.accessorName, "pizza");
  assert.equal(path(price.reversePathInfos), "Price>Pizza");
  assert.deepEqual([...Price._meta.reverseOneToOneFieldNames], ["pizza"]);
});

test("many-to-many with a table of its own", () => {
  const { apps, declare } = shop();
  const Pizza = declare("Pizza", { toppings: ManyToManyField("Topping") });
  const Topping = declare("Topping", { name });
  const field = Pizza._meta.getField("toppings") as ManyToManyClass;
  const through = apps.getModel("shop.Pizza_toppings");
  assert.equal(field.remoteField.through, through);
  assert.equal(through._meta.autoCreated, Pizza._meta);
  assert.equal(through._meta.dbTable, "shop_pizza_toppings");
  assert.deepEqual(through._meta.uniqueTogether, [["pizza", "topping"]]);
  assert.deepEqual(
    through._meta.concreteFields.map((f) => f.column),
    ["id", "pizza_id", "topping_id"],
  );
  assert.equal(field.m2mColumnName, "pizza_id");
  assert.equal(field.m2mReverseName, "topping_id");
  assert.equal(path(field.pathInfos), "Pizza>Pizza_toppings* Pizza_toppings>Topping");
  assert.equal(path(field.reversePathInfos), "Topping>Pizza_toppings* Pizza_toppings>Pizza");
  assert.equal(field.remoteField.accessorName, "pizza_set");
  assert.deepEqual(apps.getModels(), [Pizza, Topping]);
  assert.equal(apps.getModels({ includeAutoCreated: true }).length, 3);
});

test("many-to-many of a model to itself", () => {
  const { declare } = shop();
  const Person = declare("Person", {
    friends: ManyToManyField("self"),
    idols: ManyToManyField("self", { symmetrical: false, relatedName: "fans" }),
  });
  const friends = Person._meta.getField("friends") as ManyToManyClass;
  assert.ok(friends.remoteField.symmetrical);
  assert.equal(friends.remoteField.accessorName, null);
  assert.equal(friends.remoteField.relatedName, "friends_rel_+");
  assert.equal(friends.m2mColumnName, "from_person_id");
  assert.equal(friends.m2mReverseName, "to_person_id");
  const idols = Person._meta.getField("idols") as ManyToManyClass;
  assert.equal(idols.remoteField.accessorName, "fans");
  assert.equal(Person._meta.findField("fans"), idols.remoteField);
});

test("through models, with throughFields where they are needed", () => {
  const { apps, declare } = shop();
  const Person = declare("Person", { name });
  const fields = { club: ForeignKey("Club", to), person: ForeignKey("Person", to) };
  declare("Membership", { ...fields, inviter: ForeignKey("Person", { ...to, relatedName: "+" }) });
  const options = { through: "shop.Membership" };
  declare("Club", { members: ManyToManyField("Person", options) });
  assert.throws(
    () => apps.check(),
    /'shop.Membership'.*more than one foreign key to 'Person'.*throughFields/,
  );
  apps.unregister("shop.Club");

  const second = shop();
  second.declare("Person", { name });
  second.declare("Membership", { ...fields, inviter: ForeignKey("Person", { ...to, relatedName: "+" }) });
  const Club = second.declare("Club", {
    members: ManyToManyField("Person", { ...options, throughFields: ["club", "person"] }),
  });
  second.apps.check();
  const members = Club._meta.getField("members") as ManyToManyClass;
  assert.equal(members.m2mDbTable, "shop_membership");
  assert.equal(members.m2mFieldName, "club");
  assert.equal(members.m2mReverseFieldName, "person");
  assert.equal(Person._meta.findField("club"), undefined);
});

test("throughFields that do not fit", () => {
  const { apps, declare } = shop();
  declare("Person", { name });
  declare("Membership", { club: ForeignKey("Club", to), person: ForeignKey("Person", to) });
  declare("Club", {
    members: ManyToManyField("Person", { through: "Membership", throughFields: ["club", "persn"] }),
  });
  assert.throws(() => apps.check(), /no field 'persn'. Did you mean one of: person\?/);
});

test("relatedName: interpolated, hidden, from defaultRelatedName; relatedQueryName", () => {
  const { declare } = shop();
  const Box = declare("Box", { name });
  const relOf = (model: ModelClass) => (model._meta.getField("box") as RelatedField).remoteField;
  const a = relOf(
    declare("A", { box: ForeignKey("Box", { ...to, relatedName: "%(app_label)s_%(class)s_of" }) }),
  );
  assert.equal(a.accessorName, "shop_a_of");
  assert.equal(a.name, "shop_a_of");
  const b = relOf(declare("B", { box: ForeignKey("Box", { ...to, relatedName: "+" }) }));
  assert.ok(b.hidden);
  const c = relOf(declare("C", { box: ForeignKey("Box", to) }, { defaultRelatedName: "cs" }));
  assert.equal(c.accessorName, "cs");
  const d = relOf(
    declare("D", { box: ForeignKey("Box", { ...to, relatedName: "ds", relatedQueryName: "d_of" }) }),
  );
  assert.equal(d.name, "d_of");
  assert.deepEqual(
    Box._meta
      .getFields()
      .filter((field) => !field.concrete)
      .map((field) => field.name),
    ["shop_a_of", "cs", "d_of"],
  );
});

test("onDelete is required, and must be possible", () => {
  const { declare } = shop();
  assert.throws(() => ForeignKey("Box", {} as never), /needs onDelete: CASCADE, PROTECT/);
  assert.throws(() => ForeignKey(3 as never, to), /First parameter to ForeignKey must be either a model/);
  assert.throws(
    () => declare("A", { box: ForeignKey("Box", { onDelete: SET_NULL }) }),
    /shop.A.box: Field specifies onDelete: SET_NULL, but cannot be null/,
  );
  assert.throws(
    () => declare("B", { box: ForeignKey("Box", { onDelete: SET_DEFAULT }) }),
    /shop.B.box: Field specifies onDelete: SET_DEFAULT, but has no default value/,
  );
  assert.equal(SET(3).value, 3);
});

test("many-to-many options that exclude each other", () => {
  assert.throws(() => ManyToManyField("A", { through: "B", dbTable: "c" }), /Cannot specify a dbTable/);
  assert.throws(() => ManyToManyField("A", { throughFields: ["a", "b"] }), /Cannot specify throughFields/);
  assert.throws(() => ManyToManyField("A", { through: "B", dbConstraint: false }), /dbConstraint: false/);
});

test("clashes of reverse names are errors that name both fields", () => {
  const clash = (target: object, fields: object): RegExp | string => {
    const { apps, declare } = shop();
    declare("Box", { name, ...target });
    declare("Pizza", fields);
    try {
      apps.check();
    } catch (error) {
      return (error as Error).message;
    }
    return "no error";
  };
  assert.match(
    String(clash({ pizza_set: IntegerField() }, { box: ForeignKey("Box", to) })),
    /^Reverse accessor 'Box.pizza_set' for 'shop.Pizza.box' clashes with field name 'shop.Box.pizza_set'/,
  );
  assert.match(
    String(clash({ pizza: IntegerField() }, { box: ForeignKey("Box", to) })),
    /^Reverse query name for 'shop.Pizza.box' clashes with field name 'shop.Box.pizza'/,
  );
  assert.match(
    String(clash({}, { box: ForeignKey("Box", to), other: ForeignKey("Box", to) })),
    /^Reverse accessor 'Box.pizza_set' for 'shop.Pizza.box' clashes with reverse accessor for 'shop.Pizza.other'. Give .* a relatedName/,
  );
  assert.match(
    String(clash({ apizza_set: IntegerField() }, { box: ForeignKey("Box", to) })),
    /^Async reverse accessor 'Box.apizza_set' for 'shop.Pizza.box' clashes with field name/,
  );
  assert.equal(
    clash({}, { box: ForeignKey("Box", to), other: ForeignKey("Box", { ...to, relatedName: "+" }) }),
    "no error",
  );
});

test("the target of a foreign key must exist and be unique", () => {
  const { apps, declare } = shop();
  declare("Box", { name, code: IntegerField() });
  declare("Pizza", { box: ForeignKey("Box", { ...to, toField: "code" }) });
  assert.throws(() => apps.check(), /'Box.code' must be unique because it is referenced by 'shop.Pizza.box'/);
  const second = shop();
  second.declare("Box", { name });
  second.declare("Pizza", { box: ForeignKey("Box", { ...to, toField: "nme" }) });
  assert.throws(() => second.apps.check(), /The toField 'nme' doesn't exist on the related model 'shop.Box'/);
});

test("relations know the lookups of relations alone", () => {
  const { declare } = shop();
  declare("Box", { name });
  const box = declare("Pizza", { box: ForeignKey("Box", to) })._meta.getField("box") as ForeignKeyClass;
  assert.equal(box.getLookup("icontains"), null);
  assert.equal(box.getTransform("lower"), null);
});

test("clone and deconstruct", () => {
  const { declare } = shop();
  declare("Box", { name });
  const Pizza = declare("Pizza", {
    box: ForeignKey("Box", { null: true, onDelete: SET_NULL, relatedName: "pizzas", dbConstraint: false }),
    price: OneToOneField("Box", { ...to, relatedName: "+" }),
    boxes: ManyToManyField("Box", { relatedName: "in_boxes", dbTable: "pb" }),
  });
  const parts = (field: string) => (Pizza._meta.getField(field) as RelatedField).deconstruct();
  assert.deepEqual(parts("box"), {
    type: "ForeignKey",
    kwargs: { null: true, relatedName: "pizzas", onDelete: SET_NULL, to: "shop.box", dbConstraint: false },
  });
  assert.deepEqual(parts("price"), {
    type: "OneToOneField",
    kwargs: { relatedName: "+", onDelete: CASCADE, to: "shop.box" },
  });
  assert.deepEqual(parts("boxes"), {
    type: "ManyToManyField",
    kwargs: { relatedName: "in_boxes", to: "shop.box", dbTable: "pb" },
  });
  const copy = (Pizza._meta.getField("box") as ForeignKeyClass).clone();
  assert.equal(copy.opts, null);
  assert.equal(copy.null, true);
  assert.equal(copy.remoteField.relatedName, "pizzas");
});

test("a foreign key to a foreign key that is the key", () => {
  const { declare } = shop();
  declare("User", { id: BigAutoField({ primaryKey: true }) });
  const Profile = declare("Profile", { user: OneToOneField("User", { ...to, primaryKey: true }) });
  const Badge = declare("Badge", { profile: ForeignKey("Profile", to) });
  const profile = Badge._meta.getField("profile") as ForeignKeyClass;
  assert.equal(profile.targetField, Profile._meta.pk);
  assert.equal(profile.outputField.name, "id");
  assert.equal(profile.dbType(ops), "bigint");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { CharField, DateTimeField, IntegerField } from "../../src/fields/factories.ts";
import { ForeignKey, ManyToManyField, OneToOneField } from "../../src/fields/related/factories.ts";
import { CASCADE } from "../../src/fields/related/on-delete.ts";
import type { RelatedField } from "../../src/fields/related/related-field.ts";
import { AsyncMixin, Model, SyncModel } from "../../src/models/factory.ts";
import type { ModelMeta } from "../../src/models/meta.ts";
import { Registry } from "../../src/models/registry.ts";
import type { ModelClass } from "../../src/models/types.ts";

const name = CharField({ maxLength: 30 });
const to = { onDelete: CASCADE } as const;

type Extendable = ModelClass & {
  extend(label: string, fields?: object, meta?: object): Extendable;
  meta: object;
};

function world() {
  const apps = new Registry();
  const declare = (label: string, fields: object, meta?: object): Extendable =>
    Model(`world.${label}`, fields as never, { ...meta, apps } as ModelMeta) as Extendable;
  return { apps, declare };
}

const names = (fields: readonly { name: string }[]) => fields.map((field) => field.name);

test("an abstract model's fields become each child's own", () => {
  const { apps, declare } = world();
  class Stamped extends declare(
    "Stamped",
    { created: DateTimeField(), owner: ForeignKey("User", { ...to, relatedName: "%(class)ss" }) },
    { abstract: true, ordering: ["created"], getLatestBy: "created" },
  ) {
    age() {
      return 1;
    }
  }
  declare("User", { name });
  class Post extends Stamped.extend("world.Post", { title: name }) {}
  class Note extends Stamped.extend("world.Note", { text: name }, { ordering: ["text"] }) {}
  assert.deepEqual(names(Post._meta.fields), ["id", "created", "owner", "title"]);
  assert.notEqual(Post._meta.getField("created"), Note._meta.getField("created"));
  assert.equal((Post._meta.getField("owner") as RelatedField).remoteField.accessorName, "posts");
  assert.equal((Note._meta.getField("owner") as RelatedField).remoteField.accessorName, "notes");
  assert.deepEqual(Post._meta.ordering, ["created"], "without a meta of its own it has the parent's");
  assert.equal(Note._meta.getLatestBy, null, "a meta of its own replaces the parent's");
  assert.equal(Post._meta.abstract, false);
  assert.equal(Post._meta.dbTable, "world_post");
  assert.equal(Post._meta.parents.size, 0);
  assert.equal((new Post() as unknown as Stamped).age(), 1);
  assert.equal(apps.find("world.Stamped"), undefined);
  assert.throws(() => new Stamped(), /Abstract models cannot be instantiated/);
  assert.deepEqual(Object.keys(Post.fields), ["created", "owner", "title"]);
});

test("a child may replace a field of an abstract parent, or take it away", () => {
  const { declare } = world();
  const Base = declare("Base", { name, extra: IntegerField() }, { abstract: true });
  const Child = Base.extend("world.Child", { name: CharField({ maxLength: 99 }), extra: null });
  assert.deepEqual(names(Child._meta.fields), ["id", "name"]);
  assert.equal((Child._meta.getField("name") as unknown as { maxLength: number }).maxLength, 99);
});

test("fields inherit by spreading, too", () => {
  const { declare } = world();
  const timestamps = { created: DateTimeField(), updated: DateTimeField() };
  assert.deepEqual(names(declare("A", { ...timestamps, name })._meta.fields), [
    "id",
    "created",
    "updated",
    "name",
  ]);
  assert.deepEqual(names(declare("B", { name, ...timestamps })._meta.fields), [
    "id",
    "name",
    "created",
    "updated",
  ]);
});

test("multi-table inheritance: a link to the parent, which is the key", () => {
  const { apps, declare } = world();
  class Place extends declare("Place", { name }, { ordering: ["name"], getLatestBy: "id" }) {
    hi() {
      return `hi ${(this as Record<string, unknown>).name}`;
    }
  }
  class Restaurant extends Place.extend("world.Restaurant", { stars: IntegerField() }) {}
  class Diner extends Restaurant.extend("world.Diner", {}, { ordering: [] }) {}
  apps.check();
  const opts = Restaurant._meta;
  assert.deepEqual(names(opts.fields), ["id", "name", "place_ptr", "stars"]);
  assert.deepEqual(names(opts.localFields), ["place_ptr", "stars"]);
  assert.equal(opts.pk.name, "place_ptr");
  assert.equal(opts.pk.attname, "place_ptr_id");
  assert.deepEqual([...opts.parents], [[Place, opts.pk]]);
  assert.deepEqual(Diner._meta.allParents, [Restaurant, Place]);
  assert.deepEqual(Diner._meta.getBaseChain(Place), [Restaurant, Place]);
  assert.equal(Diner._meta.getAncestorLink(Place)?.name, "restaurant_ptr");
  assert.deepEqual(
    Diner._meta.getPathToParent(Place).map((info) => info.toOpts.objectName),
    ["Restaurant", "Place"],
  );
  assert.deepEqual(
    Diner._meta.getPathFromParent(Place).map((info) => info.toOpts.objectName),
    ["Restaurant", "Diner"],
  );
  assert.deepEqual(opts.ordering, ["name"]);
  assert.equal(opts.getLatestBy, "id");
  assert.deepEqual(Diner._meta.ordering, []);
  assert.equal(Place._meta.getField("restaurant").oneToOne, true);
  assert.ok(Restaurant.prototype instanceof Place);
  const diner = new Diner({ name: "Joe", stars: 1 });
  assert.equal((diner as unknown as Place).hi(), "hi Joe");
  assert.deepEqual(Object.keys(diner), [
    "_state",
    "id",
    "name",
    "place_ptr_id",
    "stars",
    "restaurant_ptr_id",
  ]);
});

test("a parent link of one's own, and a key of one's own", () => {
  const { declare } = world();
  const Place = declare("Place", { name });
  const Bar = Place.extend("world.Bar", {
    place: OneToOneField("Place", { ...to, parentLink: true, relatedName: "bar_of" }),
  });
  assert.equal(Bar._meta.pk.name, "place");
  assert.ok(Bar._meta.pk.primaryKey);
  const Cafe = Place.extend("world.Cafe", { code: IntegerField({ primaryKey: true }) });
  assert.equal(Cafe._meta.pk.name, "code");
  assert.equal(Cafe._meta.parents.get(Place)?.name, "place_ptr");
  assert.equal(Cafe._meta.parents.get(Place)?.unique, true);
});

test("a child cannot declare a field of its concrete parent again", () => {
  const { declare } = world();
  const Place = declare("Place", { name });
  assert.throws(() => Place.extend("world.Bar", { name }), {
    name: "FieldError",
    message: "Local field 'name' in class 'Bar' clashes with field of the same name from base class 'Place'.",
  });
  const Club = Place.extend("world.Club", {});
  assert.throws(
    () => Club.extend("world.Night", { name }),
    /clashes with field of the same name from base class 'Place'/,
  );
  assert.throws(
    () => Place.extend("world.Pub", { place_ptr: IntegerField() }),
    /Auto-generated field 'place_ptr'/,
  );
});

test("proxies, and proxies of proxies, share their model's table", () => {
  const { declare } = world();
  const Place = declare("Place", { name }, { ordering: ["name"] });
  class Shop extends Place.extend("world.Shop", {}, { proxy: true }) {
    sell() {
      return "sold";
    }
  }
  const Kiosk = Shop.extend("world.Kiosk", {}, { proxy: true, ordering: ["-name"] });
  assert.equal(Kiosk._meta.dbTable, "world_place");
  assert.equal(Kiosk._meta.concreteModel, Place);
  assert.equal(Kiosk._meta.proxyForModel, Shop);
  assert.equal(Kiosk._meta.pk, Place._meta.pk);
  assert.deepEqual([...Kiosk._meta.parents], [[Place, null]]);
  assert.deepEqual(names(Kiosk._meta.fields), ["id", "name"]);
  assert.deepEqual(Shop._meta.ordering, ["name"]);
  assert.deepEqual(Kiosk._meta.ordering, ["-name"]);
  assert.ok(new Kiosk({ id: 1, name: "a" }).equals(new Place({ id: 1, name: "b" })));
  assert.throws(
    () => Place.extend("world.Bad", { more: name }, { proxy: true }),
    /Proxy model 'Bad' contains model fields: more/,
  );
  const Stall = Kiosk.extend("world.Stall", {});
  assert.deepEqual([...Stall._meta.parents.keys()], [Place]);
  assert.equal(Stall._meta.pk.name, "place_ptr");
});

test("an abstract model between concrete ones", () => {
  const { declare } = world();
  const Place = declare("Place", { name });
  const Rated = Place.extend("world.Rated", { stars: IntegerField() }, { abstract: true });
  const Hotel = Rated.extend("world.Hotel", { rooms: IntegerField() });
  assert.deepEqual(names(Hotel._meta.fields), ["id", "name", "place_ptr", "stars", "rooms"]);
  assert.equal(Hotel._meta.pk.name, "place_ptr");
  assert.deepEqual([...Hotel._meta.parents.keys()], [Place]);
  assert.equal((Hotel._meta.pk as RelatedField).opts, Hotel._meta);
});

test("many-to-many relations of abstract models get a table per child", () => {
  const { apps, declare } = world();
  declare("Tag", { name });
  const Tagged = declare(
    "Tagged",
    { tags: ManyToManyField("Tag", { relatedName: "%(class)ss" }) },
    { abstract: true },
  );
  Tagged.extend("world.Post", {});
  Tagged.extend("world.Note", {});
  apps.check();
  assert.equal(apps.getModel("world.Post_tags")._meta.dbTable, "world_post_tags");
  assert.equal(apps.getModel("world.Note_tags")._meta.dbTable, "world_note_tags");
  assert.deepEqual(names(apps.getModel("world.Tag")._meta.relatedObjects), ["posts", "notes"]);
});

test("errors of a child are errors of its parent, too", () => {
  const { declare } = world();
  const Place = declare("Place", { name });
  const Bar = Place.extend("world.Bar", {});
  const error = new Bar.DoesNotExist("gone");
  assert.ok(error instanceof Place.DoesNotExist);
  assert.ok(!(new Place.DoesNotExist("gone") instanceof Bar.DoesNotExist));
  assert.equal(error.name, "DoesNotExist");
});

test("ordering with respect to a relation adds _order", () => {
  const { declare } = world();
  declare("Question", { text: name });
  const Answer = declare(
    "Answer",
    { question: ForeignKey("Question", to), text: name },
    { orderWithRespectTo: "question" },
  );
  assert.deepEqual(names(Answer._meta.fields), ["id", "question", "text", "_order"]);
  assert.deepEqual(Answer._meta.ordering, ["_order"]);
  assert.equal(Answer._meta.orderWithRespectTo, Answer._meta.getField("question"));
  assert.ok("get_next_in_order" in Answer.prototype);
  assert.throws(
    () =>
      declare(
        "Bad",
        { question: ForeignKey("Question", to) },
        { orderWithRespectTo: "question", ordering: ["id"] },
      ),
    /cannot be used together/,
  );
  assert.throws(
    () => declare("Bad", { text: name }, { orderWithRespectTo: "questoin" }),
    /Bad has no field named 'questoin'/,
  );
});

test("a child may have an async half that its parent lacks", () => {
  const apps = new Registry();
  const meta = { apps } as ModelMeta;
  const Plain = SyncModel("half.Plain", { name, box: ForeignKey("Box", to) }, meta) as Extendable;
  const Child = AsyncMixin(Plain.extend("half.Child", {}));
  const Other = Plain.extend("half.Other", {});
  Model("half.Box", { name }, meta);
  Model("half.Later", { plain: ForeignKey("Plain", { ...to, relatedName: "laters" }) }, meta);
  assert.ok("abox" in Child.prototype && "alaters" in Child.prototype && "asave" in Child.prototype);
  assert.ok(!("abox" in Plain.prototype) && !("alaters" in Plain.prototype));
  assert.ok(!("abox" in Other.prototype) && !("asave" in Other.prototype));
});

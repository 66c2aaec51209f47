import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  ArgumentTypeError,
  aatomic,
  atomic,
  CASCADE,
  CharField,
  Count,
  countQueries,
  FETCH_PEERS,
  FETCH_RAISE,
  FieldError,
  FieldFetchBlocked,
  ForeignKey,
  ImproperlyConfigured,
  IntegerField,
  Model,
  Prefetch,
  Q,
  SyncModel,
  ValueError,
} from "asgimod";
import { ContentType, GenericForeignKey, GenericPrefetch, GenericRelation } from "asgimod/contenttypes";
import { registry } from "../../src/models/registry.ts";
import { Box, DeepPizza, fill, Mark, Note, Pizza, ProxyPizza, Reply, reset } from "./models.ts";

let pizza: Pizza;
let box: Box;

beforeEach(() => {
  reset();
  fill();
  pizza = Pizza.objects.get({ name: "Hawaii" });
  box = Box.objects.get({ name: "small" });
});

function notes(): void {
  pizza.notes.create({ text: "hot" });
  pizza.notes.create({ text: "good" });
  box.notes.create({ text: "wet" });
}

const texts = (all: Iterable<Note>) => [...all].map((note) => note.text);

// ---------------------------------------------------------------- content types

test("the table is Django's", () => {
  const { _meta: opts } = ContentType as unknown as { _meta: { dbTable: string; uniqueTogether: unknown } };
  assert.equal(opts.dbTable, "django_content_type");
  assert.deepEqual(opts.uniqueTogether, [["app_label", "model"]]);
});

test("content types are made when they are needed, and then known", async () => {
  const first = countQueries(() => ContentType.objects.getForModel(Pizza));
  assert.equal(first.count, 2);
  assert.deepEqual(first.value.naturalKey(), ["loading", "pizza"]);
  const again = await countQueries(() => ContentType.aobjects.getForModel(pizza));
  assert.equal(again.count, 0);
  assert.equal(again.value, first.value);
  assert.equal(countQueries(() => ContentType.objects.getForId(first.value.id)).count, 0);
  assert.equal(countQueries(() => ContentType.objects.getByNaturalKey("loading", "pizza")).count, 0);
  ContentType.objects.clearCache();
  assert.equal(countQueries(() => ContentType.objects.getForModel(Pizza)).count, 1);
  assert.throws(() => ContentType.objects.getForId(99), ContentType.DoesNotExist);
  await assert.rejects(
    async () => ContentType.aobjects.getByNaturalKey("no", "thing"),
    ContentType.DoesNotExist,
  );
});

test("a content type knows its model", () => {
  const type = ContentType.objects.getForModel(Pizza);
  assert(type instanceof ContentType);
  assert.equal(type.modelClass(), Pizza);
  assert.equal(type.name, "pizza");
  assert.equal(String(type), "Loading | pizza");
  assert.equal((type.getObjectForThisType({ name: "Hawaii" }) as unknown as Pizza).pk, pizza.pk);
  assert.equal(type.getAllObjectsForThisType({ name__startswith: "H" }).count(), 1);
  const gone = ContentType.objects.create({ app_label: "old", model: "thing" });
  assert.equal(gone.modelClass(), null);
  assert.equal(gone.name, "thing");
  assert.equal(String(gone), "old | thing");
});

test("proxies have the content type of their table, unless it is asked otherwise", () => {
  assert.equal(ContentType.objects.getForModel(ProxyPizza).model, "pizza");
  assert.equal(ContentType.objects.getForModel(ProxyPizza, { forConcreteModel: false }).model, "proxypizza");
  assert.equal(ContentType.objects.getForModel(DeepPizza).model, "deeppizza");
});

test("several at once", async () => {
  ContentType.objects.getForModel(Box);
  ContentType.objects.clearCache();
  const { value, count } = countQueries(() => ContentType.objects.getForModels(Box, Pizza));
  assert.equal(count, 2);
  assert.deepEqual(
    [...value].map(([model, type]) => [(model as typeof Box).label, type.model]),
    [
      ["loading.Box", "box"],
      ["loading.Pizza", "pizza"],
    ],
  );
  assert.equal((await countQueries(() => ContentType.aobjects.getForModels(Box, Pizza))).count, 0);
});

test("what a transaction made is forgotten when it is rolled back", async () => {
  assert.throws(() =>
    atomic(() => {
      ContentType.objects.getForModel(Pizza);
      assert.equal(countQueries(() => ContentType.objects.getForModel(Pizza)).count, 0);
      throw new Error("back");
    }),
  );
  assert.equal(countQueries(() => ContentType.objects.getForModel(Pizza)).count, 2);
  await aatomic(async () => {
    await ContentType.aobjects.getForModel(Box);
  });
  assert.equal(countQueries(() => ContentType.objects.getForModel(Box)).count, 0);
});

// ---------------------------------------------------------------- the generic foreign key

test("an object can be given, read and changed", async () => {
  const note = Note.objects.create({ text: "new", about: pizza });
  assert.equal(note.object_id, pizza.id);
  assert.equal(note.content_type.model, "pizza");
  assert.equal(note.about, pizza);
  const read = Note.objects.get({ text: "new" });
  const first = countQueries(() => read.about);
  assert.equal(first.count, 1);
  assert(first.value instanceof Pizza);
  assert.equal(countQueries(() => read.about).count, 0);
  assert((await read.aabout)?.equals(pizza));
  read.about = box;
  assert.equal(read.content_type.model, "box");
  await read.asave();
  assert((await (await Note.aobjects.get({ text: "new" })).aabout)?.equals(box));
});

test("new Note({ about })", () => {
  const note = new Note({ text: "x", about: box });
  assert.equal(note.object_id, box.id);
  note.save();
  assert.equal(box.notes.count(), 1);
});

test("another key makes the object stale", () => {
  const note = Note.objects.create({ text: "new", about: pizza });
  const other = Pizza.objects.get({ name: "Napoli" });
  note.object_id = other.id;
  assert.equal((note.about as unknown as Pizza).name, "Napoli");
  note.content_type = ContentType.objects.getForModel(Box);
  assert.equal(note.about?.pk, other.pk);
  assert(note.about instanceof Box);
});

test("an object that is gone is null", () => {
  const note = Note.objects.create({
    text: "new",
    content_type: ContentType.objects.getForModel(Pizza),
    object_id: 99,
  });
  assert.equal(note.about, null);
  assert.equal(countQueries(() => note.about).count, 0);
});

test("keys of another type, names of one's own, and nothing", () => {
  const mark = Mark.objects.create({ target: pizza });
  assert.equal(Mark.objects.get({ pk: mark.pk }).key, String(pizza.id));
  assert((Mark.objects.get({ pk: mark.pk }).target as unknown as Pizza).equals(pizza));
  const none = Mark.objects.create({});
  assert.equal(countQueries(() => none.target).count, 0);
  assert.equal(none.target, null);
  mark.target = null;
  assert.deepEqual([mark.kind_id, mark.key], [null, null]);
  const proxy = ProxyPizza.objects.get({ name: "Hawaii" });
  mark.target = proxy;
  assert.equal(mark.kind?.model, "proxypizza");
});

test("an object that is not saved cannot be referred to", () => {
  const unsaved = new Box({ name: "new" });
  const note = new Note({ text: "x", about: unsaved });
  assert.throws(
    () => note.save(),
    (error: Error) =>
      error instanceof ValueError &&
      error.message === "save() prohibited to prevent data loss due to unsaved related object 'about'.",
  );
  unsaved.save();
  note.save();
  assert.equal(note.object_id, unsaved.id);
  assert.throws(() => {
    note.about = "x" as never;
  }, ValueError);
});

test("refreshFromDb forgets the object", () => {
  const note = Note.objects.create({ text: "new", about: pizza });
  Note.objects.update({ object_id: 2 });
  note.refreshFromDb();
  assert.equal((note.about as unknown as Pizza).name, "Napoli");
});

test("queries cannot go through it", () => {
  assert.throws(
    () => Note.objects.filter({ about: pizza } as never),
    (error: Error) =>
      error instanceof FieldError &&
      error.message ===
        "Field 'about' does not generate an automatic reverse relation and therefore cannot be used for reverse " +
          "querying. If it is a GenericForeignKey, consider adding a GenericRelation.",
  );
  assert.throws(
    () => [...Note.objects.selectRelated("about" as never)],
    /Invalid field name\(s\) given in select_related: 'about'/,
  );
});

test("it is loaded for many with one query for each model", async () => {
  notes();
  for (const run of [
    () => [...Note.objects.prefetchRelated("about")],
    () => Note.aobjects.prefetchRelated("about").eval(),
  ]) {
    const { value, count } = await countQueries(async () => run());
    assert.equal(count, 3);
    assert.equal(countQueries(() => value.map((note) => note.about)).count, 0);
    assert.deepEqual(
      value.map((note) => (note.about as unknown as Pizza).name),
      ["Hawaii", "Hawaii", "small"],
    );
  }
  ContentType.objects.clearCache();
  // The content types that are not known are one query more.
  assert.equal(countQueries(() => [...Note.objects.prefetchRelated("about")]).count, 4);
});

test("GenericPrefetch has a queryset for each model", () => {
  notes();
  const lookup = GenericPrefetch("about", [Pizza.objects.selectRelated("box"), Box.objects.only("name")]);
  const { value, count } = countQueries(() => [...Note.objects.prefetchRelated(lookup)]);
  assert.equal(count, 3);
  assert.equal(
    countQueries(() => (value.map((note) => note.about)[0] as unknown as Pizza).box?.name).count,
    0,
  );
  assert.deepEqual([...(value.map((note) => note.about)[2] as unknown as Box).getDeferredFields()], ["size"]);
  // A Prefetch is enough where one model needs a queryset.
  const one = Prefetch("about", { queryset: Pizza.objects.selectRelated("box") });
  assert.equal(countQueries(() => [...Note.objects.prefetchRelated(one)]).count, 3);
  assert.throws(
    () => [
      ...Note.objects.prefetchRelated(GenericPrefetch("about", [Pizza.objects.all(), Pizza.objects.all()])),
    ],
    /Only one queryset is allowed for each content type/,
  );
  assert.throws(
    () => GenericPrefetch("about", [Pizza.objects.values("name")]),
    /cannot use raw\(\), values\(\)/,
  );
  const attribute = GenericPrefetch("about", [Pizza.objects.all()], { toAttr: "subject" });
  const [first] = [...Note.objects.prefetchRelated(attribute)] as unknown as [{ subject: Pizza }];
  assert(first.subject.equals(pizza));
});

test("prefetching goes on behind it", () => {
  pizza.notes.create({ text: "hot" });
  const { value, count } = countQueries(() => [...Note.objects.prefetchRelated("about__toppings")]);
  assert.equal(count, 3);
  assert.equal(
    countQueries(() => [...(value.map((note) => note.about)[0] as unknown as Pizza).toppings.all()]).count,
    0,
  );
});

test("fetch modes", async () => {
  notes();
  const all = [...Note.objects.fetchMode(FETCH_PEERS)];
  assert.equal(countQueries(() => all.map((note) => note.about)).count, 2);
  assert.equal((all.map((note) => note.about)[0] as unknown as Pizza)._state.fetchMode, FETCH_PEERS);
  const others = await Note.aobjects.fetchMode(FETCH_PEERS);
  assert.equal((await countQueries(() => Promise.all(others.map((note) => note.aabout)))).count, 2);
  const blocked = Note.objects.fetchMode(FETCH_RAISE)[0];
  assert.throws(() => blocked.about, FieldFetchBlocked);
  const deferred = [...Note.objects.fetchMode(FETCH_PEERS).only("text")];
  // Two columns, then the objects of two models.
  assert.equal(countQueries(() => deferred.map((note) => note.about)).count, 4);
});

// ---------------------------------------------------------------- the generic relation

test("the manager in sync code", () => {
  const note = pizza.notes.create({ text: "hot" });
  assert(note instanceof Note);
  assert.equal(note.object_id, pizza.id);
  box.notes.create({ text: "wet" });
  assert.deepEqual(texts(pizza.notes.all()), ["hot"]);
  const { count } = countQueries(() => pizza.notes.filter({ text: "hot" }).count());
  assert.equal(count, 1);
  const [same, made] = pizza.notes.getOrCreate({ text: "hot" });
  assert.deepEqual([same.pk, made], [note.pk, false]);
  assert.equal(pizza.notes.getOrCreate({ text: "cold" })[1], true);
  assert.equal(pizza.notes.updateOrCreate({ text: "cold" }, { defaults: { text: "icy" } })[0].text, "icy");
  const wet = Note.objects.get({ text: "wet" });
  assert.equal(countQueries(() => pizza.notes.add(wet)).count, 1);
  assert.equal(wet.object_id, pizza.id);
  assert.deepEqual(texts(pizza.notes.orderBy("text")), ["hot", "icy", "wet"]);
  assert.equal(box.notes.exists(), false);
  pizza.notes.remove(wet);
  assert.equal(Note.objects.filter({ text: "wet" }).exists(), false);
  pizza.notes.add(new Note({ text: "late", about: box }), { bulk: false });
  pizza.notes.set(pizza.notes.filter({ text: "late" }));
  assert.deepEqual(texts(Note.objects.all()), ["late"]);
  pizza.notes.set([Note.objects.get({ text: "late" })]);
  assert.deepEqual(texts(Note.objects.all()), ["late"]);
  pizza.notes.clear();
  assert.equal(Note.objects.count(), 0);
});

test("the manager in async code", async () => {
  const note = await pizza.anotes.create({ text: "hot" });
  const wet = await box.anotes.create({ text: "wet" });
  assert.deepEqual(texts(await pizza.anotes.all()), ["hot"]);
  assert.deepEqual(texts(await pizza.anotes), ["hot"]);
  assert.equal(await pizza.anotes.filter({ text: "hot" }).count(), 1);
  assert.equal((await pizza.anotes.getOrCreate({ text: "hot" }))[1], false);
  await pizza.anotes.add(wet);
  assert.equal(await pizza.anotes.count(), 2);
  await pizza.anotes.remove(note, { bulk: false });
  assert.deepEqual(texts(await pizza.anotes), ["wet"]);
  await pizza.anotes.set([]);
  assert.equal(await Note.aobjects.count(), 0);
  await pizza.anotes.create({ text: "x" });
  await pizza.anotes.clear();
  assert.equal(await pizza.anotes.exists(), false);
});

test("bulk: false calls the objects' own methods", () => {
  const calls: string[] = [];
  const prototype = Note.prototype as unknown as { save(): void; delete(): void };
  const { save, delete: remove } = prototype;
  Object.defineProperty(Note.prototype, "save", {
    configurable: true,
    value(this: Note, options: object) {
      calls.push("save");
      (save as (options: object) => void).call(this, options);
    },
  });
  Object.defineProperty(Note.prototype, "delete", {
    configurable: true,
    value(this: Note) {
      calls.push("delete");
      remove.call(this);
    },
  });
  try {
    pizza.notes.add(new Note({ text: "x", about: box }), { bulk: false });
    pizza.notes.clear({ bulk: false });
  } finally {
    for (const name of ["save", "delete"])
      delete (Note.prototype as unknown as Record<string, unknown>)[name];
  }
  assert.deepEqual(calls, ["save", "delete"]);
  assert.equal(Note.objects.count(), 0);
});

test("what the manager refuses", () => {
  assert.throws(
    () => pizza.notes.add(box as never),
    (error: Error) =>
      error instanceof ArgumentTypeError && /'Note' instance expected, got/.test(error.message),
  );
  assert.throws(
    () => pizza.notes.add(new Note({ text: "x", about: box })),
    /isn't saved. Use { bulk: false }/,
  );
  assert.throws(() => {
    (pizza as { notes: unknown }).notes = [];
  }, /Direct assignment to the reverse side of a related set is prohibited. Use notes.set\(\)/);
});

test("queries go through it", async () => {
  notes();
  const names = (rows: Iterable<Pizza>) => [...rows].map((each) => each.name);
  assert.deepEqual(names(Pizza.objects.filter({ notes__text: "hot" })), ["Hawaii"]);
  assert.deepEqual(names(Pizza.objects.filter({ notes__text: "wet" })), []);
  assert.deepEqual(names(Pizza.objects.filter({ box__notes__text: "wet" })), ["Hawaii"]);
  assert.deepEqual(names(Pizza.objects.exclude({ notes__text: "hot" })), ["Napoli", "Funghi"]);
  assert.deepEqual(names(Pizza.objects.filter({ notes__isnull: true })), ["Napoli", "Funghi"]);
  assert.deepEqual(names(Pizza.objects.filter({ notes: Note.objects.get({ text: "good" }) })), ["Hawaii"]);
  assert.deepEqual(
    [
      ...Pizza.objects
        .annotate({ n: Count("notes") })
        .orderBy("id")
        .valuesList("name", "n"),
    ],
    [
      ["Hawaii", 2],
      ["Napoli", 0],
      ["Funghi", 0],
    ],
  );
  assert.deepEqual(
    [
      ...Pizza.objects
        .filter({ name: "Hawaii" })
        .valuesList("notes__text", { flat: true })
        .orderBy("notes__text"),
    ],
    ["good", "hot"],
  );
  assert.deepEqual(texts(await Note.aobjects.filter({ pizza__name: "Hawaii" })), ["hot", "good"]);
  assert.deepEqual(texts(Note.objects.filter(Q({ pizza__name: "Hawaii" }).or(Q({ box__name: "small" })))), [
    "hot",
    "good",
    "wet",
  ]);
  assert.deepEqual(texts(Note.objects.filter({ pizza: pizza.id })), ["hot", "good"]);
  assert.deepEqual(texts(Note.objects.exclude({ pizza__name: "Hawaii" })), ["wet"]);
  assert.deepEqual(
    [...Note.objects.valuesList("pizza__name", "box__name")],
    [
      ["Hawaii", null],
      ["Hawaii", null],
      [null, "small"],
    ],
  );
  Reply.objects.create({ note: Note.objects.get({ text: "hot" }), text: "no" });
  assert.deepEqual(names(Pizza.objects.filter({ notes__reply__text: "no" })), ["Hawaii"]);
  // The table of content types is not asked before.
  ContentType.objects.clearCache();
  assert.equal(countQueries(() => [...Pizza.objects.filter({ notes__text: "hot" })]).count, 1);
});

test("it is prefetched with one query", async () => {
  notes();
  const { value, count } = countQueries(() => [...Pizza.objects.prefetchRelated("notes")]);
  assert.equal(count, 2);
  assert.deepEqual(
    value.map((each) => texts(each.notes.all())),
    [["hot", "good"], [], []],
  );
  assert.equal(countQueries(() => value.map((each) => texts(each.notes.all()))).count, 0);
  const own = Prefetch("notes", { queryset: Note.objects.filter({ text: "good" }), toAttr: "praise" });
  const [first] = await Pizza.aobjects.prefetchRelated(own);
  assert.deepEqual(
    first?.praise.map((note) => note.text),
    ["good"],
  );
  const hawaii = value[0] as Pizza;
  hawaii.notes.create({ text: "late" });
  assert.equal(hawaii.notes.count(), 3);
  const nested = countQueries(() => [...Box.objects.prefetchRelated("pizza_set__notes", "notes")]);
  assert.equal(nested.count, 4);
  const mixed = countQueries(() => [
    ...Note.objects.prefetchRelated("about__notes").filter({ text__in: ["hot", "wet"] }),
  ]);
  assert.deepEqual(
    mixed.value.map((note) => texts((note.about as unknown as Pizza).notes.all())),
    [["hot", "good", "late"], ["wet"]],
  );
});

test("what refers to an object is deleted with it", async () => {
  notes();
  Reply.objects.create({ note: Note.objects.get({ text: "hot" }), text: "no" });
  const { value, count } = countQueries(() => pizza.delete());
  assert.deepEqual(value, [
    5,
    { "loading.Reply": 1, "loading.Certificate": 1, "loading.Note": 2, "loading.Pizza": 1 },
  ]);
  assert(count > 0);
  assert.deepEqual(texts(Note.objects.all()), ["wet"]);
  const [deleted, perLabel] = await Box.aobjects.all().delete();
  assert.deepEqual([deleted, perLabel["loading.Note"]], [3, 1]);
  assert.equal(Note.objects.count(), 0);
});

test("children and proxies", () => {
  const deep = DeepPizza.objects.create({ name: "deep", depth: 3 });
  deep.notes.create({ text: "thick" });
  assert.equal(Note.objects.get({ text: "thick" }).content_type.model, "deeppizza");
  assert.deepEqual(texts(deep.notes.all()), ["thick"]);
  // The parent is another model: its notes are others.
  assert.equal(Pizza.objects.get({ name: "deep" }).notes.count(), 0);
  assert.equal(DeepPizza.objects.filter({ notes__text: "thick" }).count(), 1);
  const proxy = ProxyPizza.objects.get({ name: "Hawaii" });
  proxy.notes.create({ text: "hot" });
  assert.deepEqual(texts(pizza.notes.all()), ["hot"]);
  assert.equal(ProxyPizza.objects.filter({ notes__text: "hot" }).count(), 1);
  assert.deepEqual(
    [...ProxyPizza.objects.prefetchRelated("notes")].map((each) => each.notes.count()),
    [1, 0, 0, 0],
  );
});

test("wrong declarations", () => {
  const declare = (make: () => unknown, message: RegExp) => {
    const before = new Set([...registry.allOptions()].map((opts) => opts.label));
    make();
    try {
      assert.throws(
        () => registry.check(),
        (error: Error) => error instanceof ImproperlyConfigured && message.test(error.message),
      );
    } finally {
      for (const { label } of [...registry.allOptions()]) if (!before.has(label)) registry.unregister(label);
    }
  };
  declare(
    () =>
      SyncModel("loading.NoId", {
        content_type: ForeignKey("contenttypes.ContentType", { onDelete: CASCADE }),
        about: GenericForeignKey(),
      } as never),
    /loading.NoId.about: The GenericForeignKey object ID references the nonexistent field 'object_id'/,
  );
  declare(
    () => SyncModel("loading.NoType", { object_id: IntegerField(), about: GenericForeignKey() } as never),
    /content type references the nonexistent field 'NoType.content_type'/,
  );
  declare(
    () =>
      SyncModel("loading.WrongType", {
        object_id: IntegerField(),
        content_type: CharField({ maxLength: 3 }),
        about: GenericForeignKey(),
      } as never),
    /'WrongType.content_type' is not a ForeignKey. GenericForeignKeys must use a ForeignKey to/,
  );
  declare(
    () =>
      SyncModel("loading.OtherType", {
        object_id: IntegerField(),
        content_type: ForeignKey("loading.Box", { onDelete: CASCADE }),
        about: GenericForeignKey(),
      } as never),
    /'OtherType.content_type' is not a ForeignKey to 'contenttypes.ContentType'/,
  );
  declare(
    () => SyncModel("loading.NoKey", { notes: GenericRelation("loading.Reply") } as never),
    /defines a relation with the model 'loading.Reply', but that model does not have a GenericForeignKey/,
  );
});

test("abstract parents give copies", () => {
  const Noted = Model("loading.Noted", { notes: GenericRelation("loading.Note") }, { abstract: true });
  class Oven extends Noted.extend("loading.Oven", { name: CharField({ maxLength: 9 }) }) {}
  try {
    const opts = (Oven as unknown as { _meta: { privateFields: { name: string }[] } })._meta;
    assert.deepEqual(
      opts.privateFields.map(({ name }) => name),
      ["notes"],
    );
  } finally {
    registry.unregister("loading.Oven");
  }
});

/** What `scripts/signals/record.py` does, with this library, in either colour. */
import { adeserialize, deserialize } from "asgimod/serializers";
import { Bistro, Book, Bookmark, Cafe, Club, Corner, Friend, Note, Page, Place, Tag } from "./models.ts";

/** Names of one colour are called by their names in the other one: this is about what happens, not about types. */
// biome-ignore lint/suspicious/noExplicitAny: the same scenario calls both halves of the library
type Loose = any;

/** Steps that yield what has to be awaited in async code. */
export type Steps = Generator<unknown, unknown, Loose>;

export type Scenario = readonly [name: string, steps: () => Steps];

/** The half of the library that has a colour. */
class Half {
  readonly async: boolean;

  constructor(colour: "sync" | "async") {
    this.async = colour === "async";
  }

  rows(model: unknown): Loose {
    return (model as Loose)[this.async ? "aobjects" : "objects"];
  }

  call(object: Loose, method: string, ...args: unknown[]): unknown {
    return object[this.async ? `a${method}` : method](...args);
  }

  relation(object: Loose, name: string): Loose {
    return object[this.async ? `a${name}` : name];
  }

  list(queryset: Loose): unknown {
    return queryset.eval();
  }

  deserialize(text: string): unknown {
    if (!this.async) {
      for (const each of deserialize("json", text)) each.save();
      return undefined;
    }
    return (async () => {
      for await (const each of adeserialize("json", text)) await each.asave();
    })();
  }
}

/** What is made before scenarios, which its signals are no part of. */
export interface Stage {
  readonly name: string;
  readonly steps: () => Steps;
}

export function* scenarios(colour: "sync" | "async"): Generator<Scenario | Stage> {
  const half = new Half(colour);
  const tags = half.rows(Tag);
  const get = (id: unknown) => tags.get({ id });
  const save = (object: Loose, ...args: unknown[]) => half.call(object, "save", ...args);
  const remove = (object: Loose, ...args: unknown[]) => half.call(object, "delete", ...args);

  yield [
    "create",
    function* () {
      yield tags.create({ name: "a" });
    },
  ];
  yield [
    "save a new object",
    function* () {
      yield save(new Tag({ name: "b" }));
    },
  ];
  yield [
    "save a loaded object",
    function* () {
      yield save(yield tags.get({ name: "b" }));
    },
  ];
  yield [
    "save some fields",
    function* () {
      yield save(yield tags.get({ name: "b" }), { updateFields: ["name"] });
    },
  ];
  yield [
    "save no field",
    function* () {
      yield save(yield tags.get({ name: "b" }), { updateFields: [] });
    },
  ];
  yield [
    "insert by force",
    function* () {
      yield save(new Tag({ id: 50, name: "c" }), { forceInsert: true });
    },
  ];
  yield [
    "save raw",
    function* () {
      yield half.call(new Tag({ id: 51, name: "r" }), "saveBase", { raw: true });
    },
  ];
  yield [
    "deserialize",
    function* () {
      yield half.deserialize('[{"model": "sig.tag", "pk": 52, "fields": {"name": "d"}}]');
    },
  ];
  yield [
    "get or create",
    function* () {
      yield tags.getOrCreate({ name: "a" });
      yield tags.getOrCreate({ name: "new" });
    },
  ];
  yield [
    "update or create",
    function* () {
      yield tags.updateOrCreate({ name: "a" }, { defaults: { name: "a" } });
      yield tags.updateOrCreate({ name: "newer" });
    },
  ];
  yield [
    "bulk create",
    function* () {
      yield tags.bulkCreate([new Tag({ id: 60, name: "x" }), new Tag({ id: 61, name: "y" })]);
    },
  ];
  yield [
    "bulk update",
    function* () {
      yield tags.bulkUpdate([yield get(60), yield get(61)], ["name"]);
    },
  ];
  yield [
    "update",
    function* () {
      yield tags.filter({ id: 60 }).update({ name: "z" });
    },
  ];
  yield [
    "load",
    function* () {
      yield half.list(tags.orderBy("id").slice(0, 2));
    },
  ];
  yield [
    "values",
    function* () {
      yield half.list(tags.values("id"));
    },
  ];
  yield [
    "refresh",
    function* () {
      yield half.call(yield get(60), "refreshFromDb");
    },
  ];

  let book: Loose;
  let other: Loose;
  let some: Loose[] = [];
  yield {
    name: "books",
    steps: function* () {
      book = yield half.rows(Book).create({ title: "B" });
      other = yield half.rows(Book).create({ title: "O" });
      some = yield half.list(tags.orderBy("id").slice(0, 4));
    },
  };
  const of = () => half.relation(book, "tags");
  yield [
    "deferred",
    function* () {
      yield save(yield half.rows(Book).only("title").get({ id: book.id }));
    },
  ];
  yield [
    "add",
    function* () {
      yield of().add(some[0], some[1]);
    },
  ];
  yield [
    "add again",
    function* () {
      yield of().add(some[1], some[2]);
    },
  ];
  yield [
    "add nothing new",
    function* () {
      yield of().add(some[0]);
    },
  ];
  yield [
    "add none",
    function* () {
      yield of().add();
    },
  ];
  yield [
    "add keys",
    function* () {
      yield half.relation(other, "tags").add(some[0].id, some[3].id);
    },
  ];
  yield [
    "remove",
    function* () {
      yield of().remove(some[0]);
    },
  ];
  yield [
    "remove what is not there",
    function* () {
      yield of().remove(some[0]);
    },
  ];
  yield [
    "set",
    function* () {
      yield of().set([some[1], some[3]]);
    },
  ];
  yield [
    "set the same",
    function* () {
      yield of().set([some[1], some[3]]);
    },
  ];
  yield [
    "set anew",
    function* () {
      yield of().set([some[0]], { clear: true });
    },
  ];
  yield [
    "clear",
    function* () {
      yield of().clear();
    },
  ];
  yield [
    "create by relation",
    function* () {
      yield of().create({ name: "made" });
    },
  ];
  const back = () => half.relation(some[0], "book_set");
  yield [
    "reverse add",
    function* () {
      yield back().add(book, other);
    },
  ];
  yield [
    "reverse remove",
    function* () {
      yield back().remove(book);
    },
  ];
  yield [
    "reverse set",
    function* () {
      yield back().set([book]);
    },
  ];
  yield [
    "reverse clear",
    function* () {
      yield back().clear();
    },
  ];

  let ann: Loose;
  let bob: Loose;
  yield {
    name: "friends",
    steps: function* () {
      ann = yield half.rows(Friend).create({ name: "Ann" });
      bob = yield half.rows(Friend).create({ name: "Bob" });
    },
  };
  yield [
    "symmetrical add",
    function* () {
      yield half.relation(ann, "friends").add(bob);
    },
  ];
  yield [
    "symmetrical remove",
    function* () {
      yield half.relation(bob, "friends").remove(ann);
    },
  ];
  yield [
    "symmetrical clear",
    function* () {
      yield half.relation(ann, "friends").add(bob);
      yield half.relation(bob, "friends").clear();
    },
  ];

  let club: Loose;
  yield {
    name: "club",
    steps: function* () {
      club = yield half.rows(Club).create({});
    },
  };
  const members = () => half.relation(club, "members");
  yield [
    "through add",
    function* () {
      yield members().add(some[0], { throughDefaults: { role: "x" } });
    },
  ];
  yield [
    "through remove",
    function* () {
      yield members().remove(some[0]);
    },
  ];

  yield {
    name: "pages",
    steps: function* () {
      for (const n of [0, 1]) {
        const page = yield half.rows(Page).create({ book, n });
        yield half.rows(Note).create({ page });
      }
      yield half.rows(Bookmark).create({ book });
      yield of().add(some[0]);
    },
  };
  yield [
    "delete with cascades",
    function* () {
      yield remove(book);
    },
  ];
  yield [
    "delete by queryset",
    function* () {
      yield tags.filter({ id__gte: 60 }).delete();
    },
  ];
  yield [
    "delete nothing",
    function* () {
      yield tags.filter({ id: 999 }).delete();
    },
  ];
  const marks = () => half.relation(other, "bookmark_set");
  yield [
    "related set null",
    function* () {
      yield marks().create();
    },
  ];
  yield [
    "related create",
    function* () {
      yield half.relation(other, "page_set").create({ n: 5 });
    },
  ];
  yield [
    "related add",
    function* () {
      yield marks().add(yield half.rows(Bookmark).filter({ book: null }).first());
    },
  ];
  yield [
    "related clear",
    function* () {
      yield marks().clear();
    },
  ];

  const cafes = half.rows(Cafe);
  yield [
    "create a child",
    function* () {
      yield cafes.create({ name: "c", seats: 2 });
    },
  ];
  yield [
    "save a child",
    function* () {
      yield save(yield cafes.get({ name: "c" }));
    },
  ];
  yield [
    "create a grandchild",
    function* () {
      yield half.rows(Bistro).create({ name: "g", seats: 1, stars: 3 });
    },
  ];
  yield [
    "save a proxy",
    function* () {
      yield half.rows(Corner).create({ name: "p" });
    },
  ];
  yield [
    "delete a proxy",
    function* () {
      yield remove(yield half.rows(Corner).get({ name: "p" }));
    },
  ];
  yield [
    "delete a child",
    function* () {
      yield remove(yield cafes.get({ name: "c" }));
    },
  ];
  yield [
    "delete a parent",
    function* () {
      yield remove(yield half.rows(Place).get({ name: "g" }));
    },
  ];
  yield [
    "delete a child and keep its parent",
    function* () {
      yield cafes.create({ name: "k" });
      yield remove(yield cafes.get({ name: "k" }), { keepParents: true });
    },
  ];
  yield [
    "rows gone",
    function* () {
      yield half.rows(Place).all().delete();
    },
  ];
}

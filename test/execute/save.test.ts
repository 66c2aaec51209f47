import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import {
  ArgumentTypeError,
  atomic,
  Count,
  connections,
  countQueries,
  F,
  FieldError,
  IntegrityError,
  JSONField,
  Lower,
  postSave,
  preSave,
  TransactionManagementError,
  Upper,
  Value,
  ValueError,
} from "asgimod";
import { sentSync } from "../statements.ts";
import {
  Answer,
  Author,
  Book,
  calls,
  Defaulted,
  Logged,
  open,
  Place,
  Question,
  Restaurant,
} from "./models.ts";

beforeEach(open);
after(() => connections.close());

test("an INSERT is one statement without a transaction, and the key comes back", () => {
  let author: Author | undefined;
  const sent = sentSync(() => {
    author = Author.objects.create({ name: "Ann" });
  });
  assert.equal(sent.length, 1);
  assert.match(sent[0] as string, /^INSERT INTO "executetest_author" \("name"\) VALUES \(\?\)/);
  assert.equal(author?.id, 1);
  assert.equal(author?._state.adding, false);
  assert.equal(author?._state.db, "default");
});

test("saving again is an UPDATE by key; a row that is gone is inserted", () => {
  const author = Author.objects.create({ name: "Ann" });
  author.name = "Anna";
  const sent = sentSync(() => author.save());
  assert.deepEqual(sent, ['UPDATE "executetest_author" SET "name" = ? WHERE "executetest_author"."id" = ?']);
  assert.equal(Author.objects.get({ id: author.id }).name, "Anna");
  Author.objects.all().delete();
  author.save();
  assert.equal(Author.objects.count(), 1);
});

test("a new object with a key tries an UPDATE first, as Django does", () => {
  Author.objects.create({ name: "Ann" });
  const { count } = countQueries(() => new Author({ id: 1, name: "Bea" }).save());
  assert.equal(count, 1);
  assert.equal(Author.objects.get({ id: 1 }).name, "Bea");
  assert.equal(countQueries(() => new Author({ id: 2, name: "Cy" }).save()).count, 2);
});

test("options that do not fit are refused", () => {
  const author = Author.objects.create({ name: "Ann" });
  assert.throws(() => author.save({ forceInsert: true, forceUpdate: true }), {
    name: "ValueError",
    message: "Cannot force both insert and updating in model saving.",
  });
  assert.throws(() => author.save({ forceInsert: true }), IntegrityError);
  assert.throws(() => author.save({ updateFields: ["nam"] }), /do not exist in this model.*: nam$/);
  assert.throws(() => author.save({ updateFields: ["id"] }), ValueError);
  assert.throws(
    () => new Author({ name: "x" }).save({ forceUpdate: true }),
    /Cannot force an update in save\(\)/,
  );
  assert.throws(() => author.save({ force: true } as never), /save\(\) has no option 'force'/);
  Author.objects.all().delete();
  assert.throws(() => author.save({ forceUpdate: true }), /Forced update did not affect any rows/);
});

test("updateFields writes only these, and an empty list nothing at all", () => {
  const author = Author.objects.create({ name: "Ann" });
  const book = Book.objects.create({ title: "One", author, pages: 5 });
  book.title = "Two";
  book.pages = 6;
  const sent = sentSync(() => {
    book.save({ updateFields: [] });
    book.save({ updateFields: ["pages"] });
  });
  assert.deepEqual(sent, ['UPDATE "executetest_book" SET "pages" = ? WHERE "executetest_book"."id" = ?']);
  book.refreshFromDb();
  assert.deepEqual([book.title, book.pages], ["One", 6]);
});

test("deferred columns are not written", () => {
  const author = Author.objects.create({ name: "Ann" });
  Book.objects.create({ title: "One", author });
  const book = Book.objects.only("title").get({ title: "One" });
  book.title = "Two";
  const sent = sentSync(() => book.save());
  assert.deepEqual(sent, ['UPDATE "executetest_book" SET "title" = ? WHERE "executetest_book"."id" = ?']);
  assert.ok(book.getDeferredFields().has("pages"));
});

test("an object that is not saved cannot be referred to; one that was saved meanwhile can", () => {
  const author = new Author({ name: "Ann" });
  const book = new Book({ title: "One", author });
  assert.throws(() => book.save(), {
    name: "ValueError",
    message: "save() prohibited to prevent data loss due to unsaved related object 'author'.",
  });
  author.save();
  book.save();
  assert.equal(book.author_id, author.id);
  assert.equal(book.author, author);
});

test("undefined is refused, and the error names the field", () => {
  const author = Author.objects.create({ name: "Ann" });
  author.name = undefined as never;
  assert.throws(() => author.save(), { name: "TypeError", message: /Author\.name.*undefined/ });
  assert.throws(() => new Author({ name: undefined as never }), /undefined for 'name'/);
  const book = new Book({ title: "x", author_id: author.id });
  book.author_id = undefined as never;
  assert.throws(() => book.save(), /Book\.author_id.*undefined/);
});

test("expressions are written where they can be", () => {
  const author = Author.objects.create({ name: Upper(Value("ann")) as never });
  assert.equal(Author.objects.get({ id: author.id }).name, "ANN");
  const book = Book.objects.create({ title: "One", author, pages: 10 });
  book.pages = F("pages").add(5) as never;
  book.save();
  book.refreshFromDb();
  assert.equal(book.pages, 15);
  assert.throws(() => Author.objects.create({ name: F("name") as never }), {
    name: "ValueError",
    message: /F\(\) expressions can only be used to update, not to insert/,
  });
  assert.throws(() => Book.objects.create({ title: "x", author, pages: Count("*") as never }), FieldError);
  // The same shape with other values is the same statement with other parameters.
  Author.objects.create({ name: Lower(Value("BEA")) as never });
  Author.objects.create({ name: Lower(Value("CY")) as never });
  assert.deepEqual(Author.objects.orderBy("id").valuesList("name", { flat: true }).eval(), [
    "ANN",
    "bea",
    "cy",
  ]);
});

test("JSON has a null of its own", () => {
  const author = Author.objects.create({ name: "Ann" });
  Book.objects.create({ title: "sql", author, data: null });
  Book.objects.create({ title: "json", author, data: Value(null, { outputField: JSONField() }) as never });
  assert.equal(Book.objects.get({ data__isnull: true }).title, "sql");
  assert.equal(Book.objects.get({ data: null }).title, "json");
});

test("the database's defaults come back with the INSERT", () => {
  const made = Defaulted.objects.create({ note: "x" });
  assert.deepEqual([made.name, made.size, made.note], ["nameless", 7, "x"]);
  const other = Defaulted.objects.create({ name: "own" });
  assert.deepEqual([other.name, other.size], ["own", 7]);
  const [bulk] = Defaulted.objects.bulkCreate([new Defaulted({ size: 1 })]);
  assert.deepEqual([bulk?.name, bulk?.size], ["nameless", 1]);
});

test("a child's rows are written in one transaction, parents first", () => {
  let made: Restaurant | undefined;
  const sent = sentSync(() => {
    made = Restaurant.objects.create({ name: "Roma", stars: 2 });
  });
  assert.deepEqual(
    sent.map((sql) => sql.split(" (")[0]),
    ["BEGIN", 'INSERT INTO "executetest_place"', 'INSERT INTO "executetest_restaurant"', "COMMIT"],
  );
  assert.equal(made?.id, made?.place_ptr_id);
  const place = Place.objects.get({ id: made?.id as number });
  assert.equal(place.name, "Roma");
  const restaurant = Restaurant.objects.get({ pk: place.id });
  restaurant.name = "Napoli";
  restaurant.save({ updateFields: ["name"] });
  assert.equal(Place.objects.get({ id: place.id }).name, "Napoli");
});

test("signals are sent to those who listen", () => {
  const seen: string[] = [];
  const before = ({ instance }: { instance: object }) => {
    (instance as Author).name = (instance as Author).name.trim();
    seen.push("before");
  };
  const afterwards = ({ created }: { created: boolean }) => seen.push(`after ${created}`);
  preSave.connect(before as never, { sender: Author });
  postSave.connect(afterwards as never, { sender: Author });
  try {
    const author = Author.objects.create({ name: " Ann " });
    author.save();
    assert.equal(author.name, "Ann");
    assert.deepEqual(seen, ["before", "after true", "before", "after false"]);
  } finally {
    preSave.disconnect(before as never, { sender: Author });
    postSave.disconnect(afterwards as never, { sender: Author });
  }
});

test("async receivers are awaited; sync code cannot", async () => {
  const receiver = async ({ instance }: { instance: object }) => {
    await Promise.resolve();
    (instance as Author).name += "!";
  };
  preSave.connect(receiver as never, { sender: Author });
  try {
    assert.equal((await Author.aobjects.create({ name: "Ann" })).name, "Ann!");
    assert.throws(() => Author.objects.create({ name: "Bea" }), { name: "SynchronousOnlyOperation" });
    assert.throws(() => new Author({ name: "Bea" }).save(), {
      name: "SynchronousOnlyOperation",
      message:
        "receiver 'receiver' of preSave returned a promise, which sync code cannot await. Use the async API " +
        "(aobjects, asave(), ...). Here: `await author.asave()`.",
    });
  } finally {
    preSave.disconnect(receiver as never, { sender: Author });
  }
});

test("sync code in a receiver that needs async code says how that is spelled, once", () => {
  const waits = async () => {};
  const saves = () => new Author({ name: "Bea" }).save();
  preSave.connect(waits, { sender: Author });
  preSave.connect(saves, { sender: Logged });
  try {
    assert.throws(() => new Logged({ name: "a" }).save(), {
      name: "SynchronousOnlyOperation",
      message: /^receiver 'waits' of preSave returned a promise, [^`]*\. Here: `await author\.asave\(\)`\.$/,
    });
  } finally {
    preSave.disconnect(waits, { sender: Author });
    preSave.disconnect(saves, { sender: Logged });
  }
});

test("a class's own save() is used by everything that makes or saves single objects", async () => {
  Logged.objects.create({ name: "a" });
  await Logged.aobjects.create({ name: "b" });
  Logged.objects.getOrCreate({ name: "c" });
  Logged.objects.updateOrCreate({ name: "c" }, { defaults: { name: "d" } });
  assert.deepEqual(calls, ["save a", "save b", "save c", "save d"]);
});

test("an error breaks the transaction in which it happens", () => {
  Author.objects.create({ name: "Ann" });
  assert.throws(
    () =>
      atomic(() => {
        assert.throws(() => Author.objects.create({ name: "Ann" }), IntegrityError);
        Author.objects.count();
      }),
    TransactionManagementError,
  );
  const [author, created] = atomic(() => Author.objects.getOrCreate({ name: "Ann" }));
  assert.equal(created, false);
  assert.equal(author.name, "Ann");
});

test("an ordered object comes last among those of its owner", () => {
  const question = Question.objects.create({ text: "why" });
  const other = Question.objects.create({ text: "how" });
  const [a, b] = [1, 2].map((n) => Answer.objects.create({ question, text: String(n) })) as [Answer, Answer];
  Answer.objects.create({ question: other, text: "3" });
  type Ordered = { get_answer_order(): number[]; set_answer_order(pks: number[]): void };
  const owner = question as unknown as Ordered;
  assert.deepEqual(owner.get_answer_order(), [a.id, b.id]);
  owner.set_answer_order([b.id, a.id]);
  assert.deepEqual(owner.get_answer_order(), [b.id, a.id]);
  const next = (
    Answer.objects.get({ id: b.id }) as unknown as { get_next_in_order(): Answer }
  ).get_next_in_order();
  assert.equal(next.id, a.id);
});

test("unknown options and names of getOrCreate are errors", () => {
  assert.throws(() => Author.objects.getOrCreate({ name: "x" }, { default: {} } as never), ArgumentTypeError);
  assert.throws(() => Author.objects.getOrCreate({ name: "x" }, { defaults: { nam: 1 } } as never), {
    name: "FieldError",
    message: "Invalid field name(s) for model Author: 'nam'.",
  });
  const [made] = Author.objects.getOrCreate({ name: "x" }, { defaults: { name: (() => "called") as never } });
  assert.equal(made.name, "called");
});

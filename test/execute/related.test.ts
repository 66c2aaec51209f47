import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import {
  ArgumentTypeError,
  connections,
  countQueries,
  IntegrityError,
  m2mChanged,
  Prefetch,
  ValueError,
} from "asgimod";
import { AsyncManyToManyRelatedManager, AsyncManyToOneRelatedManager } from "asgimod/db";
import { Author, Book, calls, Group, Logged, Membership, open, Person, Review, Tag } from "./models.ts";

let ann: Author;
let book: Book;
let tags: Tag[];

beforeEach(async () => {
  await open();
  ann = Author.objects.create({ name: "Ann" });
  book = Book.objects.create({ title: "One", author: ann });
  tags = ["red", "green", "blue"].map((name) => Tag.objects.create({ name }));
});
after(() => connections.close());

const names = (rows: Iterable<{ name: string }>) => [...rows].map(({ name }) => name).sort();

test("the manager of a relation gives the objects, which know the one they belong to", () => {
  const { count } = countQueries(() => {
    const [own] = ann.book_set.all();
    assert.equal(own?.author, ann);
    assert.equal(ann.book_set.get({ title: "One" }).author, ann);
  });
  assert.equal(count, 2);
  assert.equal(ann.book_set.filter({ title: "Two" }).count(), 0);
});

test("objects are made through it", () => {
  const made = ann.book_set.create({ title: "Two" });
  assert.equal(made.author_id, ann.id);
  assert.deepEqual(ann.book_set.getOrCreate({ title: "Two" }), [made, false]);
  const [third, created] = ann.book_set.updateOrCreate({ title: "Three" }, { defaults: { pages: 3 } });
  assert.deepEqual([third.pages, created, third.author_id], [3, true, ann.id]);
});

test("add, remove, clear and set of a relation that can be null", () => {
  const two = Book.objects.create({ title: "Two", author: ann });
  assert.equal(countQueries(() => ann.edited.add(book, two)).count, 1);
  assert.equal(book.editor, ann);
  assert.deepEqual(names([...ann.edited.all()].map(({ title }) => ({ name: title }))), ["One", "Two"]);
  ann.edited.remove(two);
  assert.throws(
    () => ann.edited.remove(Book.objects.create({ title: "x", author: ann })),
    Author.DoesNotExist,
  );
  ann.edited.set([two]);
  assert.deepEqual(ann.edited.valuesList("title", { flat: true }).eval(), ["Two"]);
  ann.edited.set(Book.objects.filter({ title: "One" }), { clear: true });
  assert.deepEqual(ann.edited.valuesList("title", { flat: true }).eval(), ["One"]);
  ann.edited.clear();
  assert.equal(ann.edited.exists(), false);
  ann.edited.add(Book.objects.get({ title: "One" }), { bulk: false });
  assert.equal(ann.edited.count(), 1);
});

test("what does not fit is refused", () => {
  assert.throws(() => ann.edited.add(ann as never), {
    name: "TypeError",
    message: /'Book' instance expected, got/,
  });
  assert.throws(() => ann.edited.add(new Book({ title: "x", author: ann })), /instance isn't saved/);
  assert.throws(() => ann.book_set.clear(), {
    name: "TypeError",
    message: /can be null: 'Book\.author' cannot/,
  });
  const unsaved = new Author({ name: "x" });
  assert.throws(() => unsaved.book_set.all(), {
    name: "ValueError",
    message: "'Author' instance needs to have a primary key value before this relationship can be used.",
  });
  assert.throws(() => new Book({ title: "x", author: ann }).tags, {
    name: "ValueError",
    message: /needs to have a value for field "id" before this many-to-many relationship can be used/,
  });
  assert.throws(() => book.tags.add(undefined as never), ArgumentTypeError);
  assert.throws(() => book.tags.add(ann as never), /'Tag' instance expected/);
});

test("many-to-many: objects and keys, from both sides", () => {
  const [red, green, blue] = tags as [Tag, Tag, Tag];
  assert.equal(countQueries(() => book.tags.add(red, green.id)).count, 1);
  book.tags.add(red);
  assert.deepEqual(names(book.tags.all()), ["green", "red"]);
  assert.deepEqual([...blue.books.all()], []);
  blue.books.add(book);
  book.tags.remove(red, green.id);
  assert.deepEqual(names(book.tags.all()), ["blue"]);
  book.tags.set([red, blue.id]);
  assert.deepEqual(names(book.tags.all()), ["blue", "red"]);
  book.tags.set(Tag.objects.filter({ name: "green" }));
  assert.deepEqual(names(book.tags.all()), ["green"]);
  const made = book.tags.create({ name: "new" });
  assert.deepEqual(book.tags.getOrCreate({ name: "new" }), [made, false]);
  book.tags.clear();
  assert.equal(book.tags.count(), 0);
  assert.equal(Tag.objects.count(), 4);
});

test("counting asks the table between alone", () => {
  book.tags.add(...tags);
  const { queries } = countQueries(() => {
    assert.equal(book.tags.count(), 3);
    assert.equal(book.tags.exists(), true);
  });
  for (const { sql } of queries) assert.doesNotMatch(sql, /JOIN/);
});

test("a symmetrical relation holds both ways", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => Person.objects.create({ name })) as [
    Person,
    Person,
    Person,
  ];
  a.friends.add(b, c);
  assert.deepEqual(names(b.friends.all()), ["a"]);
  b.friends.remove(a);
  assert.deepEqual(names(a.friends.all()), ["c"]);
  a.friends.clear();
  assert.equal(c.friends.count(), 0);
});

test("a table between with columns of its own takes them from throughDefaults", () => {
  const person = Person.objects.create({ name: "p" });
  const group = Group.objects.create({ name: "g" });
  person.groups.add(group, { throughDefaults: { since: 1999 } });
  assert.equal(Membership.objects.get({ person }).since, 1999);
  person.groups.create({ name: "h" }, { throughDefaults: { since: (() => 1998) as never } });
  assert.deepEqual(
    Membership.objects.orderBy("since").valuesList("since", { flat: true }).eval(),
    [1998, 1999],
  );
  person.groups.set([group]);
  assert.equal(Membership.objects.count(), 1);
});

test("m2mChanged tells what happens", () => {
  const [red, green] = tags as [Tag, Tag];
  const seen: string[] = [];
  const receiver = ({
    action,
    reverse,
    pkSet,
  }: {
    action: string;
    reverse: boolean;
    pkSet: Set<unknown> | null;
  }) => seen.push(`${action} ${reverse} ${pkSet === null ? "all" : [...pkSet].join()}`);
  m2mChanged.connect(receiver as never);
  try {
    book.tags.add(red);
    book.tags.add(red, green);
    green.books.remove(book);
    book.tags.clear();
  } finally {
    m2mChanged.disconnect(receiver as never);
  }
  assert.deepEqual(seen, [
    `pre_add false ${red.id}`,
    `post_add false ${red.id}`,
    `pre_add false ${green.id}`,
    `post_add false ${green.id}`,
    `pre_remove true ${book.id}`,
    `post_remove true ${book.id}`,
    "pre_clear false all",
    "post_clear false all",
  ]);
});

test("prefetched objects are read without asking, until they change", () => {
  book.tags.add(...tags);
  const [loaded] = Book.objects.prefetchRelated("tags", "review_set");
  assert.ok(loaded !== undefined);
  const { count } = countQueries(() => {
    assert.equal(names(loaded.tags.all()).length, 3);
    assert.equal(loaded.tags.count(), 3);
    assert.equal([...loaded.review_set.all()].length, 0);
    assert.equal(loaded.tags.all()[0]?.name, "red");
  });
  assert.equal(count, 0);
  assert.equal(countQueries(() => loaded.tags.filter({ name: "red" }).count()).count, 1);
  loaded.tags.remove(tags[0] as Tag);
  assert.equal(names(loaded.tags.all()).length, 2);
  const [other] = Book.objects.prefetchRelated(
    Prefetch("tags", { queryset: Tag.objects.filter({ name: "blue" }) }),
  );
  assert.deepEqual(names(other?.tags.all() ?? []), ["blue"]);
});

test("the methods of the model's default manager are there, and other databases", () => {
  const logged = tags[0]?.logged_set;
  assert.ok(logged);
  logged.create({ name: "x" });
  assert.deepEqual(calls, ["save x"]);
  logged.add(Logged.objects.create({ name: "y" }), { bulk: false });
  assert.equal(calls.length, 3);
  assert.equal(logged.dbManager("default").count(), 2);
});

test("filters of one call hold for the same row, those of the manager for the rows of the instance", () => {
  const two = Book.objects.create({ title: "Two", author: ann });
  Review.objects.create({ book, stars: 1 });
  Review.objects.create({ book: two, stars: 5 });
  const { queries } = countQueries(() => {
    assert.equal(ann.book_set.filter({ review__stars: 5 }).get().title, "Two");
  });
  assert.equal(queries[0]?.sql.match(/JOIN/g)?.length, 1);
});

test("both colours", async () => {
  assert.ok(ann.abook_set instanceof AsyncManyToOneRelatedManager);
  assert.ok(book.atags instanceof AsyncManyToManyRelatedManager);
  await book.atags.add(...tags);
  assert.equal((await book.atags).length, 3);
  assert.deepEqual(names(await book.atags.filter({ name__startswith: "r" })), ["red"]);
  const seen: string[] = [];
  for await (const tag of book.atags.all()) seen.push(tag.name);
  assert.equal(seen.length, 3);
  await book.atags.set(Tag.aobjects.filter({ name: "red" }) as never);
  assert.equal(await book.atags.count(), 1);
  const made = await ann.abook_set.create({ title: "Two" });
  assert.deepEqual(await ann.abook_set.getOrCreate({ title: "Two" }), [made, false]);
  await ann.aedited.add(made);
  await ann.aedited.clear();
  assert.equal(await ann.aedited.exists(), false);
  const [loaded] = await Book.aobjects.prefetchRelated("tags");
  assert.equal((await countQueries(() => loaded?.atags.all().eval() as Promise<unknown>)).count, 0);
});

test("errors of the database pass", () => {
  assert.throws(() => book.tags.add(999), IntegrityError);
  assert.throws(() => ann.book_set.create({ title: null as never }), IntegrityError);
  assert.throws(() => book.tags.add("x" as never), ValueError);
});

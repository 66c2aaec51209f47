import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import {
  Count,
  connections,
  countQueries,
  F,
  OuterRef,
  ProtectedError,
  postDelete,
  RestrictedError,
  Subquery,
} from "asgimod";
import { sentSync } from "../statements.ts";
import {
  Author,
  Book,
  Fence,
  Guard,
  open,
  Passport,
  Place,
  Restaurant,
  Review,
  Root,
  Setter,
  Tag,
} from "./models.ts";

let ann: Author;
let bea: Author;

beforeEach(async () => {
  await open();
  ann = Author.objects.create({ name: "Ann" });
  bea = Author.objects.create({ name: "Bea" });
  for (const [i, author] of [ann, ann, bea].entries()) {
    const book = Book.objects.create({ title: `B${i + 1}`, author, pages: 100 * (i + 1) });
    Review.objects.create({ book, stars: i + 1 });
  }
});
after(() => connections.close());

test("update() is one statement, with values, expressions, objects and subqueries", () => {
  const sent = sentSync(() => {
    assert.equal(
      Book.objects.filter({ pages__gt: 100 }).update({ pages: F("pages").add(1), author: bea }),
      2,
    );
  });
  assert.deepEqual(sent, [
    'UPDATE "executetest_book" SET "pages" = ("executetest_book"."pages" + ?), "author_id" = ? ' +
      'WHERE "executetest_book"."pages" > ?',
  ]);
  assert.deepEqual(Book.objects.valuesList("pages", "author_id").eval(), [
    [100, ann.id],
    [201, bea.id],
    [301, bea.id],
  ]);
  const stars = Review.objects
    .filter({ book: OuterRef("pk") })
    .values("stars")
    .slice(0, 1);
  Book.objects.update({ pages: Subquery(stars) as never });
  assert.deepEqual(Book.objects.valuesList("pages", { flat: true }).eval(), [1, 2, 3]);
  Book.objects.filter({ id: 1 }).update({ editor: null, editor_id: bea.id });
  assert.equal(Book.objects.get({ id: 1 }).editor_id, bea.id);
});

test("update() does not keep the rows of the queryset", () => {
  const books = Book.objects.filter({ pages: 100 });
  assert.equal(books.length, 1);
  books.update({ pages: 5 });
  assert.equal(books.length, 0);
});

test("conditions over relations and aggregates become a subquery of keys", () => {
  const sent = sentSync(() => {
    assert.equal(Book.objects.filter({ author__name: "Ann" }).update({ pages: 1 }), 2);
  });
  assert.equal(sent.length, 1);
  assert.match(sent[0] as string, /WHERE "executetest_book"\."id" IN \(SELECT U0\."id"/);
  const counted = Author.objects.annotate({ n: Count("book") }).filter({ n__gt: 1 });
  assert.equal(counted.update({ name: "Many" }), 1);
  assert.equal(Author.objects.get({ id: ann.id }).name, "Many");
});

test("columns of parents are updated in their own table", () => {
  Restaurant.objects.create({ name: "Roma", stars: 1 });
  Restaurant.objects.create({ name: "Napoli", stars: 2 });
  const { count, value } = countQueries(() =>
    Restaurant.objects.filter({ stars: 2 }).update({ name: "Firenze", stars: 3 }),
  );
  assert.equal(value, 1);
  assert.equal(count, 3);
  assert.deepEqual(Place.objects.orderBy("id").valuesList("name", { flat: true }).eval(), [
    "Roma",
    "Firenze",
  ]);
  assert.equal(Restaurant.objects.get({ name: "Firenze" }).stars, 3);
});

test("names, values and querysets that cannot be updated are refused", () => {
  assert.throws(() => Book.objects.update({ titel: "x" } as never), {
    name: "FieldDoesNotExist",
    message: "Book has no field named 'titel'",
  });
  assert.throws(() => Book.objects.update({ title: undefined as never }), {
    name: "TypeError",
    message: /Book\.title/,
  });
  assert.throws(() => Book.objects.update({ tags: 1 } as never), { name: "FieldError" });
  assert.throws(() => Book.objects.slice(0, 1).update({ pages: 1 }), /Cannot update a query once a slice/);
  assert.throws(() => Book.objects.update({ title: ann as never }), /with a model instance/);
  assert.throws(() => Book.objects.update({ author: new Author({ name: "x" }) }), /Unsaved model instance/);
  assert.throws(
    () => Book.objects.update({ pages: Count("*") as never }),
    /Aggregate functions are not allowed/,
  );
});

test("delete() counts what went, per label, and deletes unseen what nobody needs to see", () => {
  const sent = sentSync(() => {
    assert.deepEqual(Author.objects.filter({ name: "Ann" }).delete(), [
      5,
      { "executetest.Review": 2, "executetest.Book": 2, "executetest.Author": 1 },
    ]);
  });
  // Reviews and the rows of the many-to-many table are deleted without being loaded.
  assert.equal(sent.filter((sql) => sql.startsWith("SELECT")).length, 2);
  assert.deepEqual(Author.objects.filter({ name: "nobody" }).delete(), [0, {}]);
});

test("what nothing refers to is deleted with one statement", () => {
  const review = Review.objects.first() as Review;
  assert.equal(sentSync(() => assert.deepEqual(review.delete(), [1, { "executetest.Review": 1 }])).length, 1);
  assert.equal(review.pk, null);
  assert.throws(() => review.delete(), /can't be deleted because its id attribute is set to None/);
  assert.equal(
    sentSync(() => Review.objects.all().delete()).filter((sql) => sql.startsWith("DELETE")).length,
    1,
  );
});

test("conditions over relations delete by a subquery of keys", () => {
  assert.deepEqual(Review.objects.filter({ book__author__name: "Ann" }).delete(), [
    2,
    { "executetest.Review": 2 },
  ]);
  assert.equal(Review.objects.count(), 1);
});

test("SET_NULL and SET(...) set, also where the objects are never loaded", () => {
  Book.objects.filter({ title: "B3" }).update({ editor: ann });
  Author.objects.filter({ name: "Ann" }).delete();
  assert.equal(Book.objects.get({ title: "B3" }).editor_id, null);
  const [root, heir] = ["old", "heir"].map((name) => Root.objects.create({ name })) as [Root, Root];
  const setter = Setter.objects.create({ root });
  root.delete();
  setter.refreshFromDb();
  assert.equal(setter.root_id, heir.id);
});

test("PROTECT and RESTRICT refuse, and say who", () => {
  const root = Root.objects.create({ name: "r" });
  const guard = Guard.objects.create({ root });
  assert.throws(
    () => root.delete(),
    (error: unknown) => {
      assert.ok(error instanceof ProtectedError);
      assert.equal(
        error.message,
        "Cannot delete some instances of model 'Root' because they are referenced through protected foreign keys: " +
          "'Guard.root'.",
      );
      assert.deepEqual([...error.protectedObjects].map(String), [String(guard)]);
      return true;
    },
  );
  guard.delete();
  Fence.objects.create({ root });
  assert.throws(() => Root.objects.all().delete(), RestrictedError);
  Fence.objects.all().delete();
  Passport.objects.create({ owner: root });
  assert.deepEqual(root.delete()[1], { "executetest.Passport": 1, "executetest.Root": 1 });
});

test("receivers of a deletion get the objects, and what began it", () => {
  const seen: string[] = [];
  const receiver = ({ instance, origin }: { instance: object; origin: unknown }) =>
    seen.push(`${(instance as Review).stars} ${origin === ann}`);
  postDelete.connect(receiver as never, { sender: Review });
  try {
    ann.delete();
  } finally {
    postDelete.disconnect(receiver as never, { sender: Review });
  }
  assert.deepEqual(seen.sort(), ["1 true", "2 true"]);
});

test("keepParents deletes the child's row alone; without it both go", () => {
  const roma = Restaurant.objects.create({ name: "Roma" });
  assert.deepEqual(roma.delete({ keepParents: true }), [1, { "executetest.Restaurant": 1 }]);
  assert.equal(Place.objects.count(), 1);
  const napoli = Restaurant.objects.create({ name: "Napoli" });
  assert.deepEqual(napoli.delete(), [2, { "executetest.Restaurant": 1, "executetest.Place": 1 }]);
  Restaurant.objects.create({ name: "Pisa" });
  Place.objects.all().delete();
  assert.equal(Restaurant.objects.count(), 0);
});

test("querysets that cannot be deleted are refused", () => {
  assert.throws(() => Book.objects.slice(0, 1).delete(), /Cannot use 'limit' or 'offset' with delete/);
  assert.throws(() => Book.objects.values("title").delete(), /Cannot call delete\(\) after/);
  assert.throws(() => ann.delete({ keep: true } as never), /delete\(\) has no option 'keep'/);
});

test("many objects are deleted in batches", () => {
  const tag = Tag.objects.create({ name: "t" });
  const book = Book.objects.get({ title: "B1" });
  Book.objects.bulkCreate(Array.from({ length: 1234 }, (_, i) => new Book({ title: `x${i}`, author: ann })));
  book.tags.add(tag);
  const [total, labels] = Book.objects.all().delete();
  assert.equal(labels["executetest.Book"], 1237);
  assert.equal(total, 1237 + 3 + 1);
});

test("the same in async code", async () => {
  assert.equal(await Book.aobjects.filter({ author__name: "Ann" }).update({ pages: F("pages").mul(2) }), 2);
  assert.deepEqual(await Book.aobjects.filter({ pages: 400 }).delete(), [
    2,
    { "executetest.Review": 1, "executetest.Book": 1 },
  ]);
  assert.deepEqual(await bea.adelete(), [
    3,
    { "executetest.Review": 1, "executetest.Book": 1, "executetest.Author": 1 },
  ]);
});

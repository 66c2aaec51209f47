import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { connections, countQueries, F, Temporal, type ValidationError } from "asgimod";
import { Author, Book, Booking, Defaulted, open, Restaurant } from "./models.ts";

beforeEach(open);
after(() => connections.close());

const many = (count: number) => Array.from({ length: count }, (_, i) => new Author({ name: `A${i}` }));

test("bulkCreate sends few statements, and the keys come back in order", () => {
  const authors = many(1200);
  const { count, value } = countQueries(() => Author.objects.bulkCreate(authors));
  assert.equal(count, 3);
  assert.deepEqual(value, authors);
  assert.deepEqual(
    authors.map(({ id }) => id),
    authors.map((_, i) => i + 1),
  );
  assert.equal(authors[7]?._state.adding, false);
  const five = many(5).map((author, i) => Object.assign(author, { name: `B${i}` }));
  assert.equal(countQueries(() => Author.objects.bulkCreate(five, { batchSize: 2 })).count, 3);
  assert.deepEqual(
    five.map(({ id }) => id),
    [1201, 1202, 1203, 1204, 1205],
  );
  assert.deepEqual(Author.objects.bulkCreate([]), []);
});

test("objects with keys and without them go in statements of their own", () => {
  const { count } = countQueries(() =>
    Author.objects.bulkCreate([new Author({ id: 7, name: "seven" }), new Author({ name: "next" })]),
  );
  assert.equal(count, 2);
  assert.equal(Author.objects.get({ name: "next" }).id, 8);
});

test("conflicts are ignored or update", () => {
  Author.objects.create({ name: "Ann" });
  Author.objects.bulkCreate([new Author({ name: "Ann" }), new Author({ name: "Bea" })], {
    ignoreConflicts: true,
  });
  assert.equal(Author.objects.count(), 2);
  const [first] = Defaulted.objects.bulkCreate([new Defaulted({ name: "a", size: 1 })]);
  Defaulted.objects.bulkCreate([new Defaulted({ id: first?.id as number, name: "b", size: 2 })], {
    updateConflicts: true,
    updateFields: ["name"],
    uniqueFields: ["id"],
  });
  const row = Defaulted.objects.get();
  assert.deepEqual([row.name, row.size], ["b", 1]);
});

test("options of bulkCreate that do not fit are refused", () => {
  const objects = many(1);
  assert.throws(
    () => Author.objects.bulkCreate(objects, { batchSize: 0 }),
    /Batch size must be a positive integer/,
  );
  assert.throws(() => Author.objects.bulkCreate(objects, { ignoreConflict: true } as never), /has no option/);
  assert.throws(
    () => Author.objects.bulkCreate(objects, { ignoreConflicts: true, updateConflicts: true }),
    /mutually exclusive/,
  );
  assert.throws(() => Author.objects.bulkCreate(objects, { updateConflicts: true }), /must be provided/);
  assert.throws(
    () => Restaurant.objects.bulkCreate([new Restaurant({ name: "x" })]),
    /multi-table inherited model/,
  );
  assert.throws(
    () => Book.objects.bulkCreate([new Book({ title: "x", author: new Author({ name: "u" }) })]),
    {
      message: "bulkCreate() prohibited to prevent data loss due to unsaved related object 'author'.",
    },
  );
});

test("bulkUpdate writes each object's own values with one statement", () => {
  const authors = Author.objects.bulkCreate(many(300));
  for (const author of authors) author.name = author.name.replace("A", "B");
  const { count, value } = countQueries(() => Author.objects.bulkUpdate(authors, ["name"]));
  assert.deepEqual([count, value], [1, 300]);
  assert.equal(Author.objects.filter({ name__startswith: "B" }).count(), 300);
  assert.equal(Author.objects.get({ id: 12 }).name, "B11");
  assert.equal(countQueries(() => Author.objects.bulkUpdate(authors, ["name"], { batchSize: 100 })).count, 3);
});

test("bulkUpdate takes expressions, null and columns of parents", () => {
  const author = Author.objects.create({ name: "Ann" });
  const books = [1, 2].map((n) => Book.objects.create({ title: `B${n}`, author, editor: author, pages: n }));
  const [one, two] = books as [Book, Book];
  one.pages = F("pages").add(10) as never;
  two.pages = 20;
  one.editor = null;
  Book.objects.bulkUpdate(books, ["pages", "editor"]);
  assert.deepEqual(Book.objects.valuesList("pages", "editor_id").eval(), [
    [11, null],
    [20, author.id],
  ]);
  const restaurants = ["x", "y"].map((name) => Restaurant.objects.create({ name }));
  for (const restaurant of restaurants) Object.assign(restaurant, { name: `${restaurant.name}!`, stars: 5 });
  Restaurant.objects.bulkUpdate(restaurants, ["name", "stars"]);
  assert.deepEqual(Restaurant.objects.orderBy("pk").valuesList("name", "stars").eval(), [
    ["x!", 5],
    ["y!", 5],
  ]);
});

test("what bulkUpdate cannot do is refused", () => {
  const author = Author.objects.create({ name: "Ann" });
  assert.throws(() => Author.objects.bulkUpdate([author], []), /Field names must be given/);
  assert.throws(() => Author.objects.bulkUpdate([author], ["id"]), /primary key fields/);
  assert.throws(() => Author.objects.bulkUpdate(many(1), ["name"]), /must have a primary key set/);
  author.name = undefined as never;
  assert.throws(() => Author.objects.bulkUpdate([author], ["name"]), /Author\.name/);
  assert.equal(Author.objects.bulkUpdate([], ["name"]), 0);
});

test("validation asks the database for what must be unique, and for constraints", () => {
  const day = Temporal.PlainDate.from("2024-01-15");
  const first = Booking.objects.create({ room: 1, day, slug: "a" });
  first.fullClean();
  const second = new Booking({ room: 1, day, slug: "a", price: -1 });
  const errors = (error: unknown) => (error as ValidationError).messageDict;
  assert.throws(
    () => second.fullClean(),
    (error) => {
      assert.deepEqual(errors(error), {
        slug: ["Slug must be unique for Day date."],
        __all__: [
          "Booking with this Room and Day already exists.",
          "Constraint “price_not_negative” is violated.",
        ],
      });
      return true;
    },
  );
  Author.objects.create({ name: "Ann" });
  assert.throws(
    () => new Author({ name: "Ann" }).fullClean(),
    (error) => {
      assert.deepEqual(errors(error), { name: ["Author with this Name already exists."] });
      return true;
    },
  );
  assert.throws(
    () => new Book({ title: "x", author_id: 99 }).cleanFields({ exclude: ["data", "editor"] }),
    (error) => {
      assert.deepEqual(errors(error), { author: ["author instance with id 99 is not a valid choice."] });
      return true;
    },
  );
});

test("onProgress hears of each statement, and its error undoes the work", async () => {
  const steps: string[] = [];
  const onProgress = (done: number, total: number) => steps.push(`${done}/${total}`);
  const authors = many(5);
  (authors[3] as Author).id = 70;
  Author.objects.bulkCreate(authors, { batchSize: 2, onProgress });
  // The one with a key is inserted by itself.
  assert.deepEqual(steps.splice(0), ["1/5", "3/5", "5/5"]);
  Author.objects.bulkUpdate(authors, ["name"], { batchSize: 3, onProgress });
  assert.deepEqual(steps.splice(0), ["3/5", "5/5"]);
  for (const author of authors) Book.objects.create({ title: "x", author });
  const [count] = await Author.aobjects.delete({
    onProgress: async (done, total) => {
      await Promise.resolve();
      onProgress(done, total);
    },
  });
  // Books have reviews and tags: they are loaded, as are authors.
  assert.deepEqual([count, steps.splice(0)], [10, ["5/10", "10/10"]]);
  const stop = () => {
    throw new Error("enough");
  };
  assert.throws(() => Author.objects.bulkCreate(many(3), { batchSize: 1, onProgress: stop }), /enough/);
  assert.equal(Author.objects.count(), 0);
  assert.throws(
    () => Author.objects.bulkCreate(many(1), { onProgress: async () => {} }),
    /onProgress returned a promise, which sync code cannot await/,
  );
  assert.throws(
    () => Author.objects.bulkUpdate([], ["name"], { batchsize: 1 } as never),
    /bulkUpdate\(\) has no option 'batchsize'/,
  );
  assert.throws(() => Author.objects.delete({ using: "x" } as never), /delete\(\) has no option 'using'/);
});

/** What is done, in a colour: django_scenarios.py has the same by the same titles. */
import { Case, Concat, Count, Exists, F, OuterRef, Subquery, Upper, Value, When } from "asgimod";
import {
  type Class,
  type Colour,
  Colours,
  deletion,
  type Loose,
  make,
  type Row,
  type Scenarios,
  throughOf,
} from "./loose.ts";
import {
  Answer,
  Author,
  Book,
  Category,
  Chapter,
  Counter,
  Footnote,
  Note,
  Person,
  Pizzeria,
  PizzeriaProxy,
  Place,
  Publisher,
  Question,
  Restaurant,
  Seat,
  Shape,
  Tag,
  Ticket,
} from "./models.ts";
import { createScenarios, modelScenarios } from "./scenarios-objects.ts";
import { manyScenarios, oneScenarios } from "./scenarios-relations.ts";
import { transactionScenarios } from "./scenarios-transactions.ts";

const upTo = (count: number, each: (i: number) => Row) => Array.from({ length: count }, (_, i) => each(i));

/** Conditions and expressions without the types that models give them. */
const where = (condition: object, then: unknown) => When(condition as never, { then: then as never });
const cases = (whens: unknown[], otherwise: unknown) =>
  Case(...(whens as never[]), { default: otherwise as never });

export function bulkScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const bulk = async (model: Class, rows: readonly Row[], options: Row = {}) => {
    const made = await c.of(model).bulkCreate(
      rows.map((row) => make(model, row)),
      options,
    );
    return (made as unknown as Loose[]).map((row) => row.pk);
  };
  const updating = (updateFields: string[], uniqueFields: string[]) => ({
    updateConflicts: true,
    updateFields,
    uniqueFields,
  });
  const x = [{ name: "x" }];
  return {
    "bulk create keys": () => bulk(Tag, [{ name: "x" }, { name: "y" }]),
    "bulk create nothing": () => bulk(Tag, []),
    "bulk create batches": () =>
      bulk(
        Tag,
        upTo(7, (i) => ({ name: `t${i}` })),
        { batchSize: 3 },
      ),
    "bulk create many": async () =>
      (
        await bulk(
          Author,
          upTo(1100, (i) => ({ name: `t${i}`, rank: i })),
        )
      ).length,
    "bulk create many of one column": async () =>
      (
        await bulk(
          Tag,
          upTo(1100, (i) => ({ name: `t${i}` })),
        )
      ).length,
    "bulk create some with keys": () => bulk(Tag, [{ name: "a" }, { name: "b", pk: 70 }, { name: "c" }]),
    "bulk create ignoring": () =>
      bulk(
        Author,
        [
          { name: "Ann", rank: 9 },
          { name: "Zoe", rank: 9 },
        ],
        { ignoreConflicts: true },
      ),
    "bulk create conflict": () => bulk(Author, [{ name: "Ann", rank: 9 }]),
    "bulk create updating": () =>
      bulk(
        Counter,
        [
          { key: "k0", region: "x", hits: 5 },
          { key: "k9", region: "y", hits: 6 },
        ],
        updating(["region", "hits"], ["key"]),
      ),
    "bulk create updating by two fields": () =>
      bulk(Counter, [{ key: "new", region: "eu", hits: 1 }], updating(["key"], ["region", "hits"])),
    "bulk create updating by key": () => bulk(Tag, [{ pk: 1, name: "pink" }], updating(["name"], ["pk"])),
    "bulk create updating nothing": () => bulk(Tag, x, { updateConflicts: true, uniqueFields: ["id"] }),
    "bulk create updating without unique": () =>
      bulk(Tag, x, { updateConflicts: true, updateFields: ["name"] }),
    "bulk create updating key": () => bulk(Tag, x, updating(["id"], ["id"])),
    "bulk create updating many": () => bulk(Book, [{ title: "x" }], updating(["tags"], ["id"])),
    "bulk create unique many": () => bulk(Book, [{ title: "x" }], updating(["title"], ["tags"])),
    "bulk create updating unknown": () => bulk(Tag, x, updating(["wrong"], ["id"])),
    "bulk create both": () => bulk(Tag, x, { updateConflicts: true, ignoreConflicts: true }),
    "bulk create batch of none": () => bulk(Tag, x, { batchSize: 0 }),
    "bulk create negative batch": () => bulk(Tag, x, { batchSize: -1 }),
    "bulk create of a child": () => bulk(Restaurant, x),
    "bulk create of a child empty": () => bulk(Restaurant, []),
    "bulk create of a proxy of a child": () => bulk(PizzeriaProxy, x),
    "bulk create unsaved relation": () =>
      bulk(Book, [{ title: "x", author: make(Author, { name: "new", rank: null }) }]),
    "bulk create expressions": () =>
      bulk(Author, [
        { name: Upper(Value("dora")), rank: 1 },
        { name: "Eva", rank: Value(1).add(Value(2)) },
      ]),
    "bulk create database defaults": () => bulk(Counter, [{ key: "x" }, { key: "y", hits: 3 }]),
    "bulk create generated": async () =>
      (
        (await c
          .of(Shape)
          .bulkCreate([make(Shape, { side: 2 }), make(Shape, { side: 5 })])) as unknown as Loose[]
      ).map((shape) => shape.area),
    "bulk create default keys": async () =>
      (
        (await c
          .of(Ticket)
          .bulkCreate([make(Ticket, {}), make(Ticket, { name: "done" })])) as unknown as Loose[]
      ).map((ticket) => [
        typeof ticket.pk === "string" && String(ticket.pk).length === 36 ? "UUID" : "",
        ticket.name,
      ]),
    "bulk create composite": () =>
      bulk(Seat, [
        { row: 8, place: "x" },
        { row: 9, place: "y" },
      ]),
    "bulk create composite conflict": async () =>
      (await bulk(Seat, [{ row: 0, place: "a", taken: true }], updating(["taken"], ["pk"]))).length,
    "bulk create through a relation": async () => {
      const books = c.rel(await c.author("Ann"), "book_set");
      const made = await books.bulkCreate([make(Book, { title: "x", author_id: 1 })]);
      return (made as unknown as Loose[]).map((row) => [row.author_id, row.pk]);
    },
    "bulk create without signals": () =>
      c.heard(
        [
          ["preSave", Tag, "pre"],
          ["postSave", Tag, "post"],
        ],
        () => bulk(Tag, x),
      ),
    "bulk create in the middle of an error": () =>
      bulk(Author, [{ name: "n1" }, { name: "n2" }, { name: "Ann" }], { batchSize: 1 }),
    "bulk create ordered": () => bulk(Answer, [{ question_id: 1, text: "z", _order: 7 }]),
    ...bulkUpdates(c),
  };
}

type Change = (i: number) => unknown;

function changed(rows: readonly unknown[], values: Readonly<Record<string, Change>>): readonly unknown[] {
  rows.forEach((row, i) => {
    for (const [name, value] of Object.entries(values)) Object.assign(row as object, { [name]: value(i) });
  });
  return rows;
}

function bulkUpdates(c: Colours): Scenarios {
  const update = async (
    model: Class,
    fields: string[],
    values: Readonly<Record<string, Change>> = {},
    options: Row = {},
  ) => {
    const rows = await c.list(c.of(model).orderBy(model === Seat ? "row" : "pk"));
    return c.of(model).bulkUpdate(changed(rows, values), fields, options);
  };
  const same = (value: unknown) => () => value;
  const tags = async (values: Readonly<Record<string, Change>>) =>
    changed(await c.list(c.of(Tag).orderBy("pk")), values);
  return {
    "bulk update one field": () => update(Tag, ["name"], { name: (i) => `t${i}` }),
    "bulk update two fields": () =>
      update(Book, ["title", "pages"], { title: (i) => `t${i}`, pages: (i) => i }),
    "bulk update batches": () => update(Book, ["title"], { title: (i) => `t${i}` }, { batchSize: 4 }),
    "bulk update expressions": () =>
      update(Book, ["pages", "title"], {
        pages: same(F("pages").add(1)),
        title: (i) => (i > 0 ? "x" : Concat(F("title"), Value("!"))),
      }),
    "bulk update null": () => update(Book, ["publisher"], { publisher: same(null) }),
    "bulk update relation": () => update(Book, ["publisher"], { publisher_id: same(2) }),
    "bulk update decimals": () => update(Book, ["price"], { price: (i) => `${i}.25` }),
    "bulk update inherited": () =>
      update(Pizzeria, ["name", "stars", "ovens"], { name: same("n"), stars: same(1), ovens: same(9) }),
    "bulk update inherited alone": () => update(Pizzeria, ["name"], { name: same("n") }),
    "bulk update composite": () => update(Seat, ["taken"], { taken: same(true) }),
    "bulk update no fields": () => update(Tag, []),
    "bulk update key": () => update(Tag, ["id"]),
    "bulk update parent key": () => update(Restaurant, ["id"]),
    "bulk update composite key": () => update(Seat, ["row"]),
    "bulk update many": () => update(Book, ["tags"]),
    "bulk update reverse": () => update(Book, ["chapter"]),
    "bulk update unknown": () => update(Book, ["wrong"]),
    "bulk update generated": () => update(Shape, ["side"], { side: same(7) }),
    "bulk update generated field": () => update(Shape, ["area"]),
    "bulk update unsaved": () => c.of(Tag).bulkUpdate([make(Tag, { name: "x" })], ["name"]),
    "bulk update gone": () =>
      c.of(Tag).bulkUpdate([make(Tag, { pk: 77, name: "x" }), make(Tag, { pk: 1, name: "y" })], ["name"]),
    "bulk update twice the same": () =>
      c.of(Tag).bulkUpdate([make(Tag, { pk: 1, name: "x" }), make(Tag, { pk: 1, name: "y" })], ["name"]),
    "bulk update nothing": () => c.of(Tag).bulkUpdate([], ["name"]),
    "bulk update unsaved relation": async () =>
      c
        .of(Book)
        .bulkUpdate(changed([await c.book(0)], { author: () => make(Author, { name: "new" }) }), ["author"]),
    "bulk update batch of none": () => update(Tag, ["name"], {}, { batchSize: 0 }),
    "bulk update negative batch": () => update(Tag, ["name"], {}, { batchSize: -3 }),
    "bulk update filtered": async () =>
      c
        .of(Tag)
        .filter({ name: "red" })
        .bulkUpdate(await tags({ name: same("x") }), ["name"]),
    "bulk update of a relation": async () => {
      const books = c.rel(await c.author("Ann"), "book_set");
      return books.bulkUpdate(changed(await c.list(c.of(Book).orderBy("pk")), { title: same("x") }), [
        "title",
      ]);
    },
    "bulk update many objects": async () => {
      await c.of(Tag).bulkCreate(upTo(700, (i) => ({ name: `t${i}` })).map((row) => make(Tag, row)));
      return update(Tag, ["name"], { name: (i) => `u${i}` });
    },
  };
}

export function updateScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const [books, authors] = [c.of(Book), c.of(Author)];
  const outer = (name: string) => OuterRef(name) as never;
  return {
    "update value": () => books.update({ pages: 5 }),
    "update expression": () =>
      books
        .filter({ pages__gt: 100 })
        .update({ pages: F("pages").mul(2).sub(1), title: Upper("title" as never) }),
    "update case": () =>
      books.update({
        pages: cases(
          [where({ publisher: null }, Value(0)), where({ pages__lt: 200 }, F("pages").add(7))],
          Value(9),
        ),
      }),
    "update case across": () =>
      books.update({ pages: cases([where({ author__name: "Ann" }, Value(0))], Value(9)) }),
    "update joined field": () => books.update({ title: F("author__name") }),
    "update subquery": () =>
      books.update({
        title: Subquery(
          Author.objects
            .filter({ pk: outer("author_id") })
            .values("name")
            .slice(0, 1),
        ),
      }),
    "update from count": () =>
      authors.update({
        rank: Subquery(
          Book.objects
            .filter({ author: outer("pk") })
            .values("author")
            .annotate({ n: Count("*") })
            .values("n"),
        ),
      }),
    "update annotation": () => books.annotate({ more: F("pages").add(5) }).update({ pages: F("more") }),
    "update aggregate annotation": () =>
      authors.annotate({ n: Count("book" as never) }).update({ rank: F("n") }),
    "update filtered by aggregate": () =>
      authors
        .annotate({ n: Count("book" as never) })
        .filter({ n__gt: 1 })
        .update({ rank: 50 }),
    "update across": () => books.filter({ author__name: "Ann" }).update({ pages: 1 }),
    "update across many": () => books.filter({ tags__name__in: ["red", "blue"] }).update({ pages: 1 }),
    "update exists": () =>
      books.filter(Exists(Chapter.objects.filter({ book: outer("pk") }))).update({ pages: 1 }),
    "update excluded": () => books.exclude({ chapter__title: "CB0" }).update({ pages: 1 }),
    "update ordered": () => books.orderBy("-pages").update({ pages: F("pages").add(1) }),
    "update sliced": () => books.all().slice(0, 2).update({ pages: 1 }),
    "update distinct": () => books.distinct().update({ pages: 1 }),
    "update values": () => books.values("title").update({ pages: 1 }),
    "update nothing": () => books.none().update({ pages: 1 }),
    "update no values": () => books.update({}),
    "update unknown": () => books.update({ wrong: 1 }),
    "update many": () => books.update({ tags: [1] }),
    "update relation": async () => books.update({ publisher: await c.get(Publisher, { name: "Sud" }) }),
    "update relation unsaved": () => books.update({ publisher: make(Publisher, { name: "new" }) }),
    "update column with object": async () => books.update({ pages: await c.get(Publisher, { name: "Sud" }) }),
    "update inherited": () => c.of(Pizzeria).filter({ stars: 3 }).update({ name: "n", stars: 1, ovens: 9 }),
    "update inherited parent alone": () => c.of(Pizzeria).update({ name: "n" }),
    "update inherited by parent": () => c.of(Restaurant).filter({ name: "napoli" }).update({ stars: 9 }),
    "update inherited across tables": () => c.of(Restaurant).update({ name: F("stars") }),
    "update swapped": () =>
      c
        .of(Counter)
        .filter({ key: "k1" })
        .update({ key: F("region"), region: F("key") }),
    "update generated": () => c.of(Shape).update({ side: 4 }),
    "update generated field": () => c.of(Shape).update({ area: 4 }),
    "update composite": () =>
      c
        .of(Seat)
        .filter({ pk: [1, "a"] })
        .update({ taken: true }),
    "update composite in": () =>
      c
        .of(Seat)
        .filter({
          pk__in: [
            [1, "a"],
            [2, "a"],
          ],
        })
        .update({ taken: true }),
    "update composite key": () => c.of(Seat).filter({ row: 1 }).update({ place: "b" }),
    "update pk of composite": () => c.of(Seat).update({ pk: [1, "z"] }),
    "update union": () =>
      books
        .filter({ pk: 1 })
        .union(books.filter({ pk: 2 }))
        .update({ pages: 1 }),
    "update window": () =>
      books
        .annotate({ n: Count("tags" as never) })
        .orderBy("n")
        .update({ pages: 1 }),
    "update conflict": () => authors.update({ name: "same" }),
    "update self reference": () =>
      c.of(Category).filter({ parent__parent__name: "root" }).update({ name: "deep" }),
    "update in a subquery of itself": () =>
      books.filter({ pk__in: Book.objects.filter({ pages__gte: 300 }).values("pk") }).update({ pages: 0 }),
  };
}

export function deleteScenarios(colour: Colour): Scenarios {
  const c = new Colours(colour);
  const all = (model: Class) => c.of(model).all();
  const remove = async (object: unknown, options: Row = {}) => c.call(await object, "delete", options);
  const one = (model: Class, lookups: Row = {}) => c.get(model as never, lookups);
  const chapters = Chapter.objects.filter({ pk: OuterRef("chapter") as never, book: 1 });
  const seats = [
    [1, "a"],
    [2, "a"],
  ];
  return {
    "delete plain": () => c.of(Tag).filter({ name: "none" }).delete(),
    "delete tags": () => all(Tag).delete(),
    "delete footnotes": () => all(Footnote).delete(),
    "delete one footnote": () => remove(c.of(Footnote).first()),
    "delete book": () => remove(c.book(0)),
    "delete books": () => c.of(Book).filter({ pages__lt: 300 }).delete(),
    "delete author": () => c.of(Author).filter({ name: "Bea" }).delete(),
    "delete author object": () => remove(c.author("Bea")),
    "delete first author": () => remove(c.author("Ann")),
    "delete protected": () => c.of(Author).filter({ name: "Cid" }).delete(),
    "delete protected and others": () => all(Author).delete(),
    "delete restricted": () => remove(c.book(4)),
    "delete restricted with its reason": () => c.of(Publisher).filter({ name: "Sud" }).delete(),
    "delete publishers": () => all(Publisher).delete(),
    "delete tree": () => remove(one(Category, { name: "root" })),
    "delete tree by queryset": () =>
      c
        .of(Category)
        .filter({ name__in: ["c0", "g1"] })
        .delete(),
    "delete parent": () => remove(one(Place, { name: "napoli" })),
    "delete parents": () => all(Place).delete(),
    "delete child": () => remove(one(Pizzeria)),
    "delete children": () => all(Restaurant).delete(),
    "delete child keeping parents": () => remove(one(Pizzeria), { keepParents: true }),
    "delete restaurant keeping parents": () =>
      remove(one(Restaurant, { name: "trattoria" }), { keepParents: true }),
    "delete proxy": () => all(PizzeriaProxy).delete(),
    "delete person": () => remove(c.person(0)),
    "delete people": () => all(Person).delete(),
    "delete across": () => c.of(Chapter).filter({ book__author__name: "Ann" }).delete(),
    "delete fast across": () => c.of(Footnote).filter({ chapter__book__author__name: "Ann" }).delete(),
    "delete by aggregate": () =>
      c
        .of(Tag)
        .annotate({ n: Count("books" as never) })
        .filter({ n: 2 })
        .delete(),
    "delete by exists": () => c.of(Footnote).filter(Exists(chapters)).delete(),
    "delete in itself": () =>
      c
        .of(Footnote)
        .filter({ pk__in: Footnote.objects.filter({ text: "f" }).values("pk") })
        .delete(),
    "delete sliced": () => all(Tag).slice(0, 1).delete(),
    "delete distinct": () => c.of(Tag).distinct().delete(),
    "delete values": () => c.of(Tag).values("name").delete(),
    "delete ordered": () => c.of(Footnote).orderBy("-text").delete(),
    "delete none": () => c.of(Tag).none().delete(),
    "delete union": () => all(Tag).union(all(Tag)).delete(),
    "delete unsaved": () => remove(make(Tag, { name: "x" })),
    "delete gone": () => remove(make(Tag, { pk: 99, name: "x" })),
    "delete composite": () => c.of(Seat).filter({ pk__in: seats }).delete(),
    "delete composite object": () => remove(one(Seat, { pk: [1, "a"] })),
    "delete question": () => all(Question).delete(),
    "delete through relation": async () =>
      c
        .rel(await c.author("Ann"), "book_set")
        .all()
        .delete(),
    "delete through many": async () =>
      c
        .rel(await c.book(0), "tags")
        .all()
        .delete(),
    "delete generic through relation": async () =>
      c
        .rel(await c.book(0), "notes")
        .all()
        .delete(),
    "delete footnotes heard": () => c.heard(deletion(Footnote), () => all(Footnote).delete()),
    "delete book heard": () =>
      c.heard([...deletion(Book), ...deletion(Chapter), ...deletion(Footnote)], () => remove(c.book(0))),
    "delete books heard by notes": () =>
      c.heard(deletion(Note), () => c.of(Book).filter({ pages__lt: 300 }).delete()),
    "delete book heard by through": () => c.heard(deletion(throughOf(Book, "tags")), () => remove(c.book(0))),
    "delete parent heard": () =>
      c.heard([...deletion(Place), ...deletion(Restaurant), ...deletion(Pizzeria)], () =>
        remove(one(Place, { name: "napoli" })),
      ),
    "delete proxy heard": () =>
      c.heard([...deletion(Pizzeria), ...deletion(PizzeriaProxy)], () => all(PizzeriaProxy).delete()),
    "delete key is gone": async () => {
      const book = await c.book(5);
      const [count] = (await remove(book)) as unknown as [number];
      return [count, book.pk];
    },
    "delete twice": async () => {
      const tag = await c.of(Tag).first();
      return [await remove(tag), await remove(tag)];
    },
    "delete many": async () => {
      const rows = upTo(620, (i) => ({ name: `x${i}`, parent_id: 1 }));
      await c.of(Category).bulkCreate(rows.map((row) => make(Category, row)));
      return remove(one(Category, { pk: 1 }));
    },
    "delete many books": async () => {
      const rows = upTo(450, (i) => ({ title: `x${i}`, author_id: 2 }));
      await c.of(Book).bulkCreate(rows.map((row) => make(Book, row)));
      return c.of(Book).filter({ author: 2 }).delete();
    },
  };
}

/** All of them, in a colour. */
export function scenarios(colour: Colour): Scenarios {
  return {
    ...bulkScenarios(colour),
    ...updateScenarios(colour),
    ...deleteScenarios(colour),
    ...createScenarios(colour),
    ...transactionScenarios(colour),
    ...manyScenarios(colour),
    ...oneScenarios(colour),
    ...modelScenarios(colour),
  };
}

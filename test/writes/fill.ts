/** The rows that every scenario starts with: `fill()` of django_answers.py. */
import {
  Answer,
  Author,
  Award,
  Book,
  Category,
  Chapter,
  Counter,
  Fan,
  Footnote,
  Group,
  Loan,
  Person,
  Pizzeria,
  Place,
  Publisher,
  Question,
  Restaurant,
  Seat,
  Shape,
  Tag,
  Waiter,
} from "./models.ts";

export async function fill(): Promise<void> {
  const [ann, bea, cid] = await all(["Ann", "Bea", "Cid"], (name, rank) =>
    Author.aobjects.create({ name, rank }),
  );
  const [nord, sud] = await all(["Nord", "Sud"], (name) => Publisher.aobjects.create({ name }));
  const tags = await all(["red", "green", "blue"], (name) => Tag.aobjects.create({ name }));
  const publishers = [nord, sud, null];
  const books = await all(["B0", "B1", "B2", "B3", "B4", "B5"], (title, i) =>
    Book.aobjects.create({
      title,
      pages: 100 * i,
      author: (i % 2 === 0 ? ann : bea) as Author,
      publisher: publishers[i % 3] as Publisher | null,
    }),
  );
  const [b0, b1] = books as [Book, Book];
  await b0.atags.add(...tags);
  await b1.atags.add(tags[0] as Tag);
  for (const book of books.slice(0, 3)) {
    const chapter = await Chapter.aobjects.create({ book, title: `C${book.title}` });
    await Footnote.aobjects.create({ chapter, text: "f" });
  }
  await b0.anotes.create({ text: "n0" });
  await b1.anotes.create({ text: "n1" });
  await Award.aobjects.create({ author: cid as Author, name: "prize" });
  await Loan.aobjects.create({ publisher: sud as Publisher, book: books[4] as Book });
  await Fan.aobjects.create({ author: bea as Author, other: bea as Author });
  const root = await Category.aobjects.create({ name: "root" });
  for (const i of [0, 1]) {
    const child = await Category.aobjects.create({ name: `c${i}`, parent: root });
    await Category.aobjects.create({ name: `g${i}`, parent: child });
  }
  await Place.aobjects.create({ name: "park" });
  const trattoria = await Restaurant.aobjects.create({ name: "trattoria", stars: 2 });
  const napoli = await Pizzeria.aobjects.create({ name: "napoli", stars: 3, ovens: 2 });
  await Waiter.aobjects.create({ restaurant: trattoria, name: "w1" });
  await Waiter.aobjects.create({ restaurant: napoli, name: "w2" });
  const people = await all(["p0", "p1", "p2", "p3"], (name) => Person.aobjects.create({ name }));
  const groups = await all(["g0", "g1", "g2"], (name) => Group.aobjects.create({ name }));
  const [p0, p1, p2] = people as [Person, Person, Person];
  await p0.afriends.add(p1);
  await p0.afollows.add(p1, p2);
  await p0.agroups.add(groups[0] as Group, { throughDefaults: { since: 1999 } });
  for (const i of [0, 1]) await Counter.aobjects.create({ key: `k${i}`, hits: i });
  await Shape.aobjects.create({ side: 3 });
  for (const row of [0, 1, 2]) await Seat.aobjects.create({ row, place: "a" });
  const question = await Question.aobjects.create({ text: "q" });
  for (const text of "abc") await Answer.aobjects.create({ question, text });
}

async function all<T>(names: readonly string[], make: (name: string, i: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (const [i, name] of names.entries()) made.push(await make(name, i));
  return made;
}

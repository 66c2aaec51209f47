/** The models of these tests: blogs with entries and authors, teams whose members were invited, dogs with data. */
import {
  CASCADE,
  CharField,
  configure,
  connections,
  createTables,
  DateField,
  DateTimeField,
  EmailField,
  ForeignKey,
  IntegerField,
  JSONField,
  ManyToManyField,
  Model,
  OneToOneField,
  SET_NULL,
  Temporal,
  TextField,
} from "asgimod";

export class Blog extends Model("walk.Blog", {
  name: CharField({ maxLength: 100 }),
  tagline: TextField({ default: "" }),
}) {}

/** A blog with a table of its own beside its parent's. */
export class ThemeBlog extends Blog.extend("walk.ThemeBlog", { theme: CharField({ maxLength: 30 }) }) {}

export class Author extends Model("walk.Author", {
  name: CharField({ maxLength: 50 }),
  email: EmailField({ default: "" }),
  mentor: ForeignKey("self", { null: true, onDelete: SET_NULL, relatedName: "pupils" }),
}) {}

export class Entry extends Model(
  "walk.Entry",
  {
    blog: ForeignKey("walk.Blog", { onDelete: CASCADE }),
    headline: CharField({ maxLength: 200 }),
    body: TextField({ default: "" }),
    published: DateField(),
    updated: DateTimeField({ null: true }),
    authors: ManyToManyField("walk.Author"),
    comments: IntegerField({ default: 0 }),
    pingbacks: IntegerField({ default: 0 }),
    rating: IntegerField({ default: 5 }),
  },
  { getLatestBy: "published" },
) {}

export class Detail extends Model("walk.Detail", {
  entry: OneToOneField("walk.Entry", { onDelete: CASCADE, relatedName: "detail" }),
  text: TextField({ default: "" }),
}) {}

export class Person extends Model(
  "walk.Person",
  {
    name: CharField({ maxLength: 30, unique: true }),
    size: CharField({
      maxLength: 1,
      null: true,
      choices: [
        ["S", "Small"],
        ["L", "Large"],
      ],
    }),
  },
  { ordering: ["name"] },
) {}

export class Team extends Model("walk.Team", {
  name: CharField({ maxLength: 30 }),
  members: ManyToManyField("walk.Person", {
    through: "walk.Membership",
    throughFields: ["team", "person"],
  }),
}) {}

export class Membership extends Model("walk.Membership", {
  person: ForeignKey("walk.Person", { onDelete: CASCADE }),
  team: ForeignKey("walk.Team", { onDelete: CASCADE }),
  inviter: ForeignKey("walk.Person", { null: true, onDelete: SET_NULL, relatedName: "invited" }),
  reason: CharField({ maxLength: 60 }),
}) {}

export class Dog extends Model("walk.Dog", {
  name: CharField({ maxLength: 30 }),
  data: JSONField({ null: true }),
  owner: ForeignKey("walk.Person", { null: true, onDelete: SET_NULL, relatedName: "dogs" }),
}) {}

export const apps = { walk: { Blog, ThemeBlog, Author, Entry, Detail, Person, Team, Membership, Dog } };

declare module "asgimod" {
  interface Apps {
    walk: typeof import("./models.ts");
  }
}

/** A fresh database; close it with `connections.close()`. */
export async function open(): Promise<void> {
  configure({ apps, databases: { default: "sqlite::memory:" } });
  await connections.close();
  await createTables({ apps: ["walk"] });
}

const ENTRIES = [
  [0, "Rye", "2024-01-05", 3, 1, 5],
  [0, "Wheat", "2024-01-20", 0, 2, 4],
  [1, "Salted", "2024-03-01", 7, 7, 3],
  [0, "Oats", "2025-02-02", 1, 0, 5],
] as const;

/** Two blogs, three authors, four entries: Rye by Ann and Ben, Wheat by Ann, Salted by Ben and Cid, Oats by nobody. */
export function fill(): { blogs: [Blog, Blog]; authors: [Author, Author, Author]; entries: Entry[] } {
  const blogs: [Blog, Blog] = [
    Blog.objects.create({ name: "Bread", tagline: "All of it" }),
    Blog.objects.create({ name: "Butter" }),
  ];
  const author = (name: string) =>
    Author.objects.create({ name, email: `${name.toLowerCase()}@example.com` });
  const authors: [Author, Author, Author] = [author("Ann"), author("Ben"), author("Cid")];
  const entries = ENTRIES.map(([blog, headline, day, comments, pingbacks, rating], i) =>
    Entry.objects.create({
      blog: blogs[blog],
      headline,
      published: Temporal.PlainDate.from(day),
      updated: new Date(`${day}T10:0${i}:00Z`),
      comments,
      pingbacks,
      rating,
    }),
  );
  entries[0]?.authors.set(authors.slice(0, 2));
  entries[1]?.authors.set(authors.slice(0, 1));
  entries[2]?.authors.set(authors.slice(1));
  Detail.objects.create({ entry: entries[0] as Entry, text: "first" });
  return { blogs, authors, entries };
}

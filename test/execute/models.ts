/** Models for tests of writing, on a database in memory. */
import {
  BooleanField,
  CASCADE,
  CharField,
  CheckConstraint,
  configure,
  connections,
  createTables,
  DateField,
  DateTimeField,
  ForeignKey,
  IntegerField,
  JSONField,
  ManyToManyField,
  Model,
  OneToOneField,
  PROTECT,
  Q,
  RESTRICT,
  SET,
  SET_NULL,
  TextField,
  UniqueConstraint,
  Value,
} from "asgimod";

/** What the classes' own methods have seen. */
export const calls: string[] = [];

export class Author extends Model("executetest.Author", {
  name: CharField({ maxLength: 30, unique: true }),
}) {
  override toString(): string {
    return this.name;
  }
}

export class Tag extends Model("executetest.Tag", { name: CharField({ maxLength: 30 }) }) {}

export class Book extends Model(
  "executetest.Book",
  {
    title: CharField({ maxLength: 50 }),
    pages: IntegerField({ default: 100 }),
    author: ForeignKey("executetest.Author", { onDelete: CASCADE }),
    editor: ForeignKey("executetest.Author", { null: true, onDelete: SET_NULL, relatedName: "edited" }),
    tags: ManyToManyField("executetest.Tag", { relatedName: "books" }),
    changed: DateTimeField({ autoNow: true }),
    data: JSONField({ null: true }),
  },
  { ordering: ["id"] },
) {
  static long = Book.objects.extend({
    atLeast(pages: number) {
      return this.filter({ pages__gte: pages });
    },
  });
}

export class Review extends Model("executetest.Review", {
  book: ForeignKey("executetest.Book", { onDelete: CASCADE }),
  stars: IntegerField(),
}) {}

export class Place extends Model("executetest.Place", { name: CharField({ maxLength: 30 }) }) {}
export class Restaurant extends Place.extend("executetest.Restaurant", {
  stars: IntegerField({ default: 0 }),
}) {}

export class Defaulted extends Model("executetest.Defaulted", {
  name: CharField({ maxLength: 20, dbDefault: "nameless" }),
  size: IntegerField({ dbDefault: Value(7) }),
  note: TextField({ default: "" }),
}) {}

/** Referred to in every way that refuses a deletion. */
export class Root extends Model("executetest.Root", { name: CharField({ maxLength: 20 }) }) {}
export class Guard extends Model("executetest.Guard", {
  root: ForeignKey("executetest.Root", { onDelete: PROTECT }),
}) {}
export class Fence extends Model("executetest.Fence", {
  root: ForeignKey("executetest.Root", { onDelete: RESTRICT }),
}) {}
export class Setter extends Model("executetest.Setter", {
  root: ForeignKey("executetest.Root", {
    null: true,
    onDelete: SET(() => Root.objects.get({ name: "heir" }).pk),
  }),
}) {}
export class Passport extends Model("executetest.Passport", {
  owner: OneToOneField("executetest.Root", { onDelete: CASCADE }),
}) {}

export class Person extends Model("executetest.Person", {
  name: CharField({ maxLength: 20 }),
  friends: ManyToManyField("self"),
  groups: ManyToManyField("executetest.Group", { through: "executetest.Membership" }),
}) {}
export class Group extends Model("executetest.Group", { name: CharField({ maxLength: 20 }) }) {}
export class Membership extends Model("executetest.Membership", {
  person: ForeignKey("executetest.Person", { onDelete: CASCADE }),
  group: ForeignKey("executetest.Group", { onDelete: CASCADE }),
  since: IntegerField({ default: 2000 }),
}) {}

/** Has its own way of saving. */
export class Logged extends Model("executetest.Logged", {
  name: CharField({ maxLength: 20 }),
  tag: ForeignKey("executetest.Tag", { null: true, onDelete: CASCADE }),
}) {
  override save(options: Parameters<InstanceType<typeof Place>["save"]>[0] = {}): void {
    calls.push(`save ${this.name}`);
    super.save(options);
  }
}

export class Question extends Model("executetest.Question", { text: CharField({ maxLength: 20 }) }) {}
export class Answer extends Model(
  "executetest.Answer",
  { question: ForeignKey("executetest.Question", { onDelete: CASCADE }), text: CharField({ maxLength: 20 }) },
  { orderWithRespectTo: "question" },
) {}

export class Booking extends Model(
  "executetest.Booking",
  {
    room: IntegerField(),
    day: DateField(),
    price: IntegerField({ default: 0 }),
    paid: BooleanField({ default: false }),
    slug: CharField({ maxLength: 20, default: "", uniqueForDate: "day" }),
  },
  {
    constraints: [
      UniqueConstraint({ fields: ["room", "day"], name: "one_booking" }),
      CheckConstraint({ condition: Q({ price__gte: 0 }), name: "price_not_negative" }),
    ],
  },
) {}

export const models = {
  Author,
  Tag,
  Book,
  Review,
  Place,
  Restaurant,
  Defaulted,
  Root,
  Guard,
  Fence,
  Setter,
  Passport,
  Person,
  Group,
  Membership,
  Logged,
  Question,
  Answer,
  Booking,
};

declare module "asgimod" {
  interface Apps {
    executetest: typeof import("./models.ts");
  }
}

/** Opens a fresh database; close it with `connections.close()`. */
export async function open(): Promise<void> {
  calls.length = 0;
  configure({ apps: { executetest: models }, databases: { default: "sqlite::memory:" } });
  await connections.close();
  await createTables({ apps: ["executetest"] });
}

/** The models of the scenarios: django_models.py has the same. */
import { randomUUID } from "node:crypto";
import {
  BooleanField,
  CASCADE,
  CharField,
  CompositePrimaryKey,
  DecimalField,
  F,
  ForeignKey,
  GeneratedField,
  IntegerField,
  ManyToManyField,
  Model,
  PROTECT,
  RESTRICT,
  SET,
  SET_DEFAULT,
  SET_NULL,
  UniqueConstraint,
  UUIDField,
  Value,
} from "asgimod";
import { GenericForeignKey, GenericRelation } from "asgimod/contenttypes";

const text = () => CharField({ maxLength: 30 });

export class Author extends Model("writes.Author", {
  name: CharField({ maxLength: 30, unique: true }),
  rank: IntegerField({ null: true }),
}) {}

export class Publisher extends Model("writes.Publisher", {
  name: text(),
  city: CharField({ maxLength: 30, default: "Oslo" }),
}) {}

export class Tag extends Model("writes.Tag", { name: text() }) {}

export class Note extends Model("writes.Note", {
  text: text(),
  content_type: ForeignKey("contenttypes.ContentType", { onDelete: CASCADE }),
  object_id: IntegerField(),
  about: GenericForeignKey(),
}) {}

export class Book extends Model("writes.Book", {
  title: text(),
  pages: IntegerField({ default: 100 }),
  price: DecimalField({ maxDigits: 6, decimalPlaces: 2, default: "1.00" }),
  author: ForeignKey("writes.Author", { onDelete: CASCADE }),
  publisher: ForeignKey("writes.Publisher", { onDelete: SET_NULL, null: true }),
  tags: ManyToManyField("writes.Tag", { relatedName: "books" }),
  notes: GenericRelation("writes.Note"),
}) {}

export class Chapter extends Model("writes.Chapter", {
  book: ForeignKey("writes.Book", { onDelete: CASCADE }),
  title: text(),
}) {}

export class Footnote extends Model("writes.Footnote", {
  chapter: ForeignKey("writes.Chapter", { onDelete: CASCADE }),
  text: text(),
}) {}

export class Loan extends Model("writes.Loan", {
  publisher: ForeignKey("writes.Publisher", { onDelete: CASCADE, relatedName: "loans" }),
  book: ForeignKey("writes.Book", { onDelete: RESTRICT }),
}) {}

export class Award extends Model("writes.Award", {
  author: ForeignKey("writes.Author", { onDelete: PROTECT }),
  name: text(),
}) {}

export class Fan extends Model("writes.Fan", {
  author: ForeignKey("writes.Author", { onDelete: SET_DEFAULT, default: 1 }),
  other: ForeignKey("writes.Author", { onDelete: SET(1), null: true, relatedName: "others" }),
}) {}

export class Category extends Model("writes.Category", {
  name: text(),
  parent: ForeignKey("self", { onDelete: CASCADE, null: true, relatedName: "children" }),
}) {}

export class Place extends Model("writes.Place", { name: text() }) {}

export class Restaurant extends Place.extend("writes.Restaurant", { stars: IntegerField({ default: 0 }) }) {}

export class Pizzeria extends Restaurant.extend("writes.Pizzeria", { ovens: IntegerField({ default: 1 }) }) {}

export class PizzeriaProxy extends Pizzeria.extend("writes.PizzeriaProxy", {}, { proxy: true }) {}

export class Waiter extends Model("writes.Waiter", {
  restaurant: ForeignKey("writes.Restaurant", { onDelete: CASCADE }),
  name: text(),
}) {}

export class Person extends Model("writes.Person", {
  name: text(),
  friends: ManyToManyField("self"),
  follows: ManyToManyField("self", { symmetrical: false, relatedName: "followers" }),
  rivals: ManyToManyField("self", { through: "writes.Rivalry", symmetrical: true }),
  groups: ManyToManyField("writes.Group", {
    through: "writes.Membership",
    throughFields: ["person", "group"],
    relatedName: "members",
  }),
}) {}

export class Group extends Model("writes.Group", { name: text() }) {}

export class Membership extends Model("writes.Membership", {
  person: ForeignKey("writes.Person", { onDelete: CASCADE }),
  group: ForeignKey("writes.Group", { onDelete: CASCADE }),
  inviter: ForeignKey("writes.Person", { onDelete: CASCADE, null: true, relatedName: "invited" }),
  since: IntegerField({ default: 2000 }),
}) {}

export class Rivalry extends Model("writes.Rivalry", {
  one: ForeignKey("writes.Person", { onDelete: CASCADE, relatedName: "+" }),
  other: ForeignKey("writes.Person", { onDelete: CASCADE, relatedName: "+" }),
  heat: IntegerField({ default: 1 }),
}) {}

export class Counter extends Model(
  "writes.Counter",
  {
    key: CharField({ maxLength: 30, unique: true }),
    region: CharField({ maxLength: 30, default: "eu" }),
    hits: IntegerField({ dbDefault: Value(7) }),
  },
  { constraints: [UniqueConstraint({ fields: ["region", "hits"], name: "region_hits" })] },
) {}

export class Shape extends Model("writes.Shape", {
  side: IntegerField(),
  area: GeneratedField({
    expression: F("side").mul(F("side")),
    outputField: IntegerField(),
    dbPersist: true,
  }),
}) {}

export class Ticket extends Model("writes.Ticket", {
  id: UUIDField({ primaryKey: true, default: randomUUID }),
  name: CharField({ maxLength: 30, dbDefault: "open" }),
}) {}

export class Seat extends Model("writes.Seat", {
  pk: CompositePrimaryKey("row", "place"),
  row: IntegerField(),
  place: CharField({ maxLength: 5 }),
  taken: BooleanField({ default: false }),
}) {}

export class Question extends Model("writes.Question", { text: text() }) {}

export class Answer extends Model(
  "writes.Answer",
  { question: ForeignKey("writes.Question", { onDelete: CASCADE }), text: text() },
  { orderWithRespectTo: "question" },
) {}

export const models = {
  Author,
  Publisher,
  Tag,
  Note,
  Book,
  Chapter,
  Footnote,
  Loan,
  Award,
  Fan,
  Category,
  Place,
  Restaurant,
  Pizzeria,
  PizzeriaProxy,
  Waiter,
  Person,
  Group,
  Membership,
  Rivalry,
  Counter,
  Shape,
  Ticket,
  Seat,
  Question,
  Answer,
};

declare module "asgimod" {
  interface Apps {
    writes: typeof import("./models.ts");
  }
}

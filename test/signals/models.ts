/** The models of `scripts/signals/record.py`, in the same order. */
import {
  CASCADE,
  CharField,
  configure,
  connections,
  createTables,
  ForeignKey,
  IntegerField,
  ManyToManyField,
  Model,
  SET_NULL,
} from "asgimod";

export class Tag extends Model("sig.Tag", { name: CharField({ maxLength: 10 }) }) {}

export class Book extends Model("sig.Book", {
  title: CharField({ maxLength: 10 }),
  size: IntegerField({ default: 0 }),
  tags: ManyToManyField("sig.Tag"),
}) {}

export class Page extends Model("sig.Page", {
  book: ForeignKey("sig.Book", { onDelete: CASCADE }),
  n: IntegerField(),
}) {}

export class Note extends Model("sig.Note", { page: ForeignKey("sig.Page", { onDelete: CASCADE }) }) {}

export class Bookmark extends Model("sig.Bookmark", {
  book: ForeignKey("sig.Book", { onDelete: SET_NULL, null: true }),
}) {}

export class Friend extends Model("sig.Friend", {
  name: CharField({ maxLength: 10 }),
  friends: ManyToManyField("self"),
}) {}

export class Place extends Model("sig.Place", { name: CharField({ maxLength: 10 }) }) {}

export class Cafe extends Place.extend("sig.Cafe", { seats: IntegerField({ default: 0 }) }) {}

export class Bistro extends Cafe.extend("sig.Bistro", { stars: IntegerField({ default: 0 }) }) {}

export class Corner extends Place.extend("sig.Corner", {}, { proxy: true }) {}

export class Club extends Model("sig.Club", {
  members: ManyToManyField("sig.Tag", { through: "sig.Member" }),
}) {}

export class Member extends Model("sig.Member", {
  club: ForeignKey("sig.Club", { onDelete: CASCADE }),
  tag: ForeignKey("sig.Tag", { onDelete: CASCADE }),
  role: CharField({ maxLength: 5, default: "m" }),
}) {}

const models = { Tag, Book, Page, Note, Bookmark, Friend, Place, Cafe, Bistro, Corner, Club, Member };

declare module "asgimod" {
  interface Apps {
    sig: typeof import("./models.ts");
  }
}

export async function open(): Promise<void> {
  configure({ apps: { sig: models }, databases: { default: "sqlite::memory:" } });
  await connections.close();
  await createTables({ apps: ["sig"] });
}

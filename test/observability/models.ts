/** A pizzeria for the tests of what is observed. */
import {
  CASCADE,
  CharField,
  configure,
  connections,
  createTablesSync,
  ForeignKey,
  ManyToManyField,
  Model,
  OneToOneField,
  PositiveIntegerField,
  SET_NULL,
  TextField,
} from "asgimod";
import { GenericForeignKey } from "asgimod/contenttypes";
import type { SlowQueryOptions } from "../../src/settings.ts";

export class Maker extends Model("watched.Maker", { name: CharField({ maxLength: 30 }) }) {}

export class Box extends Model("watched.Box", {
  name: CharField({ maxLength: 30 }),
  maker: ForeignKey("watched.Maker", { null: true, onDelete: SET_NULL }),
}) {}

export class Topping extends Model("watched.Topping", {
  name: CharField({ maxLength: 30 }),
  maker: ForeignKey("watched.Maker", { null: true, onDelete: SET_NULL }),
}) {}

export class Pizza extends Model(
  "watched.Pizza",
  {
    name: CharField({ maxLength: 30 }),
    story: TextField({ default: "long" }),
    box: ForeignKey("watched.Box", { null: true, onDelete: SET_NULL }),
    toppings: ManyToManyField("watched.Topping"),
    parent: ForeignKey("self", { null: true, onDelete: SET_NULL, relatedName: "children" }),
  },
  { ordering: ["id"] },
) {}

export class Certificate extends Model("watched.Certificate", {
  pizza: OneToOneField("watched.Pizza", { onDelete: CASCADE }),
  code: CharField({ maxLength: 10 }),
}) {}

export class Note extends Model("watched.Note", {
  content_type: ForeignKey("contenttypes.ContentType", { onDelete: CASCADE }),
  object_id: PositiveIntegerField(),
  about: GenericForeignKey(),
}) {}

declare module "asgimod" {
  interface Apps {
    watched: typeof import("./models.ts");
  }
}

export const PIZZAS = 8;

export function open(slowQueries?: number | SlowQueryOptions): void {
  configure({
    apps: { watched: { Maker, Box, Topping, Pizza, Certificate, Note } },
    databases: { default: "sqlite::memory:" },
    ...(slowQueries === undefined ? {} : { slowQueries }),
  });
}

/** Eight pizzas, each with a box, a certificate, a note and two toppings of its own. */
export async function fill(): Promise<void> {
  await connections.close();
  open();
  createTablesSync();
  const maker = Maker.objects.create({ name: "maker" });
  let parent: Pizza | null = null;
  for (let i = 0; i < PIZZAS; i++) {
    const box = Box.objects.create({ name: `box ${i}`, maker });
    const pizza: Pizza = Pizza.objects.create({ name: `pizza ${i}`, box, parent });
    pizza.toppings.add(
      Topping.objects.create({ name: `a ${i}`, maker }),
      Topping.objects.create({ name: `b ${i}`, maker }),
    );
    Certificate.objects.create({ pizza, code: `c${i}` });
    Note.objects.create({ about: pizza });
    parent = pizza;
  }
}

/** The models of these tests: a pizzeria with notes on anything. */
import {
  CASCADE,
  CharField,
  configure,
  createTablesSync,
  dropTablesSync,
  ForeignKey,
  IntegerField,
  ManyToManyField,
  Model,
  OneToOneField,
  PositiveIntegerField,
  PROTECT,
  SET_NULL,
} from "asgimod";
import { GenericForeignKey, GenericRelation } from "asgimod/contenttypes";

export class Topping extends Model("loading.Topping", { name: CharField({ maxLength: 30 }) }) {}

export class Box extends Model("loading.Box", {
  name: CharField({ maxLength: 30 }),
  size: IntegerField({ default: 1 }),
  notes: GenericRelation("loading.Note", { relatedQueryName: "box" }),
}) {}

export class Pizza extends Model(
  "loading.Pizza",
  {
    name: CharField({ maxLength: 30 }),
    box: ForeignKey("loading.Box", { null: true, onDelete: SET_NULL }),
    toppings: ManyToManyField("loading.Topping"),
    notes: GenericRelation("loading.Note", { relatedQueryName: "pizza" }),
  },
  { ordering: ["id"] },
) {}

export class Certificate extends Model("loading.Certificate", {
  pizza: OneToOneField("loading.Pizza", { onDelete: CASCADE }),
  code: CharField({ maxLength: 10, unique: true }),
}) {}

/** A note on anything; `about` is the object. */
export class Note extends Model(
  "loading.Note",
  {
    text: CharField({ maxLength: 30 }),
    content_type: ForeignKey("contenttypes.ContentType", { onDelete: CASCADE }),
    object_id: PositiveIntegerField(),
    about: GenericForeignKey(),
  },
  { ordering: ["id"] },
) {}

/** What is written of a note: another model behind it. */
export class Reply extends Model("loading.Reply", {
  note: ForeignKey("loading.Note", { onDelete: CASCADE }),
  text: CharField({ maxLength: 30 }),
}) {}

/** A pizza with a parent's table, and a pizza under another name. */
export class DeepPizza extends Pizza.extend("loading.DeepPizza", { depth: IntegerField() }) {}
export class ProxyPizza extends Pizza.extend("loading.ProxyPizza", {}, { proxy: true }) {}

/** Refers to anything, by texts, under names of its own, and may refer to nothing. */
export class Mark extends Model("loading.Mark", {
  kind: ForeignKey("contenttypes.ContentType", { null: true, onDelete: PROTECT, relatedName: "+" }),
  key: CharField({ maxLength: 40, null: true }),
  target: GenericForeignKey("kind", "key", { forConcreteModel: false }),
}) {}

export const apps = {
  loading: { Topping, Box, Pizza, Certificate, Note, Reply, DeepPizza, ProxyPizza, Mark },
};

declare module "asgimod" {
  interface Apps {
    loading: typeof import("./models.ts");
  }
}

/** An empty database. */
export function reset(database: string | object = "sqlite::memory:"): void {
  configure({ apps, databases: { default: database as string } });
  dropTablesSync();
  createTablesSync();
}

/** Three pizzas, two of them in boxes, each with a certificate and toppings. */
export function fill(): void {
  const toppings = ["Ham", "Basil"].map((name) => Topping.objects.create({ name }));
  const boxes = ["small", "large"].map((name) => Box.objects.create({ name }));
  for (const [i, name] of ["Hawaii", "Napoli", "Funghi"].entries()) {
    const pizza = Pizza.objects.create({ name, box: boxes[i] ?? null });
    Certificate.objects.create({ pizza, code: `c${i}` });
    pizza.toppings.add(...toppings.slice(0, i));
  }
}

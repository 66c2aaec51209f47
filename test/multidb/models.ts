/** The models of django_answers.py. */
import { CASCADE, CharField, ForeignKey, ManyToManyField, Model, OneToOneField, SET_NULL } from "asgimod";

export class Topping extends Model("shop.Topping", { name: CharField({ maxLength: 30 }) }) {
  override toString(): string {
    return this.name;
  }
}

export class Box extends Model("shop.Box", { name: CharField({ maxLength: 30 }) }) {
  override toString(): string {
    return this.name;
  }
}

export class Pizza extends Model(
  "shop.Pizza",
  {
    name: CharField({ maxLength: 30, unique: true }),
    box: ForeignKey("shop.Box", { null: true, onDelete: SET_NULL }),
    toppings: ManyToManyField("shop.Topping"),
  },
  { ordering: ["id"] },
) {
  override toString(): string {
    return this.name;
  }
}

export class Certificate extends Model("shop.Certificate", {
  pizza: OneToOneField("shop.Pizza", { onDelete: CASCADE }),
  code: CharField({ maxLength: 10 }),
}) {}

declare module "asgimod" {
  interface Apps {
    shop: typeof import("./models.ts");
  }
}

export const apps = { shop: { Topping, Box, Pizza, Certificate } };

/** Rows with the same keys in each of the databases, under names that tell them apart. */
export function fill(...aliases: string[]): void {
  for (const alias of aliases) {
    for (const model of [Certificate, Pizza, Box, Topping])
      (model as typeof Box).objects.using(alias).delete();
    for (const id of [1, 2]) {
      const topping = Topping.objects.using(alias).create({ id, name: `${alias} topping ${id}` });
      const box = Box.objects.using(alias).create({ id, name: `${alias} box ${id}` });
      const pizza = Pizza.objects.using(alias).create({ id, name: `${alias} pizza ${id}`, box });
      pizza.toppings.add(topping);
    }
    Certificate.objects.using(alias).create({ id: 1, pizza_id: 1, code: alias });
  }
}

/** {@link fill} for databases that sync code cannot wait for. */
export async function afill(...aliases: string[]): Promise<void> {
  for (const alias of aliases) {
    for (const model of [Certificate, Pizza, Box, Topping])
      await (model as typeof Box).aobjects.using(alias).delete();
    for (const id of [1, 2]) {
      const topping = await Topping.aobjects.using(alias).create({ id, name: `${alias} topping ${id}` });
      const box = await Box.aobjects.using(alias).create({ id, name: `${alias} box ${id}` });
      const pizza = await Pizza.aobjects.using(alias).create({ id, name: `${alias} pizza ${id}`, box });
      await pizza.atoppings.add(topping);
    }
    await Certificate.aobjects.using(alias).create({ id: 1, pizza_id: 1, code: alias });
  }
}

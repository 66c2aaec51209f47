/** The models and rows that the pages of this documentation query. */
import {
  CASCADE,
  CharField,
  configure,
  createTables,
  DecimalField,
  ForeignKey,
  ManyToManyField,
  Model,
  OneToOneField,
  SET_NULL,
} from "asgimod";

export class Topping extends Model("pizzeria.Topping", { name: CharField({ maxLength: 30 }) }) {}

export class Box extends Model("pizzeria.Box", { name: CharField({ maxLength: 50 }) }) {}

export class Price extends Model("pizzeria.Price", {
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  currency: CharField({ maxLength: 16, default: "usd" }),
}) {}

export class Pizza extends Model(
  "pizzeria.Pizza",
  {
    name: CharField({ maxLength: 50 }),
    toppings: ManyToManyField("pizzeria.Topping"),
    box: ForeignKey("pizzeria.Box", { null: true, onDelete: SET_NULL }),
    price: OneToOneField("pizzeria.Price", { onDelete: CASCADE }),
  },
  { ordering: ["id"] },
) {
  get shout() {
    return this.name.toUpperCase();
  }
}

declare module "asgimod" {
  interface Apps {
    pizzeria: typeof import("./pizzeria.ts");
  }
}

/** Opens a database in memory with three boxes, five toppings and three pizzas. */
export async function open(): Promise<void> {
  configure({
    apps: { pizzeria: { Topping, Box, Price, Pizza } },
    databases: { default: "sqlite::memory:" },
  });
  await createTables();

  const toppings = new Map<string, Topping>();
  for (const name of ["Mozzarella", "Tomato", "Basil", "Ham", "Pineapple"]) {
    toppings.set(name, await Topping.aobjects.create({ name }));
  }
  const boxes = new Map<string, Box>();
  for (const name of ["Small", "Medium", "Large"]) boxes.set(name, await Box.aobjects.create({ name }));

  const menu = [
    { name: "Margherita", amount: "7.50", box: "Medium", toppings: ["Mozzarella", "Tomato", "Basil"] },
    { name: "Hawaii", amount: "9.90", box: "Large", toppings: ["Mozzarella", "Tomato", "Ham", "Pineapple"] },
    { name: "Prosciutto", amount: "11.00", box: "", toppings: ["Mozzarella", "Tomato", "Ham"] },
  ];
  for (const entry of menu) {
    const price = await Price.aobjects.create({ amount: entry.amount });
    const pizza = await Pizza.aobjects.create({ name: entry.name, box: boxes.get(entry.box) ?? null, price });
    await pizza.atoppings.add(...entry.toppings.map((name) => toppings.get(name) as Topping));
  }
}

/** The pizzeria on a database in memory, with a few rows; for tests of queries. */
import {
  CASCADE,
  CharField,
  configure,
  connections,
  createTables,
  DecimalField,
  ForeignKey,
  IntegerField,
  ManyToManyField,
  Model,
  OneToOneField,
  SET_NULL,
} from "asgimod";

export class Topping extends Model("querytest.Topping", { name: CharField({ maxLength: 30 }) }) {}
export class Box extends Model("querytest.Box", { name: CharField({ maxLength: 50 }) }) {}
export class Price extends Model("querytest.Price", {
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  currency: CharField({ maxLength: 16, default: "usd" }),
}) {}
export class Pizza extends Model(
  "querytest.Pizza",
  {
    name: CharField({ maxLength: 50 }),
    size: IntegerField({ default: 30 }),
    toppings: ManyToManyField("querytest.Topping"),
    box: ForeignKey("querytest.Box", { null: true, onDelete: SET_NULL }),
    price: OneToOneField("querytest.Price", { onDelete: CASCADE }),
  },
  { ordering: ["id"] },
) {
  static large = Pizza.objects.extend({
    atLeast(size: number) {
      return this.filter({ size__gte: size });
    },
  });
}

declare module "asgimod" {
  interface Apps {
    querytest: { Topping: typeof Topping; Box: typeof Box; Price: typeof Price; Pizza: typeof Pizza };
  }
}

/** Opens a fresh database with three pizzas; close it with `connections.close()`. */
export async function open(): Promise<void> {
  configure({
    apps: { querytest: { Topping, Box, Price, Pizza } },
    databases: { default: "sqlite::memory:" },
  });
  await connections.close();
  await createTables({ apps: ["querytest"] });
  const box = await Box.aobjects.create({ name: "Medium" });
  const [basil, ham] = await Topping.aobjects.bulkCreate([
    new Topping({ name: "Basil" }),
    new Topping({ name: "Ham" }),
  ]);
  for (const [i, name] of ["Margherita", "Funghi", "Prosciutto"].entries()) {
    const price = await Price.aobjects.create({ amount: `${7 + i}.50` });
    const pizza = await Pizza.aobjects.create({ name, price, size: 26 + 4 * i, box: i === 2 ? null : box });
    if (basil && ham) await pizza.atoppings.add(...(i === 0 ? [basil] : [basil, ham]));
  }
}

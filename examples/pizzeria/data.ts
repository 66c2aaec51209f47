/** The rows that every part begins with. */
import { createTables, dropTables } from "asgimod";
import { Order } from "./orders/models.ts";
import { Box, Pizza, Price, Topping } from "./testapp/models.ts";

export const TOPPINGS = ["Mozzarella", "Tomato", "Basil", "Mushroom", "Bacon", "Pineapple"] as const;
export const BOXES = ["small", "medium", "large"] as const;

/** Name, price, currency, box, toppings. Prices and pizzas have the same keys: 1 to 4. */
const MENU = [
  ["Margherita", "7.50", "usd", "medium", ["Mozzarella", "Tomato", "Basil"]],
  ["Funghi", "9.90", "usd", "medium", ["Mozzarella", "Tomato", "Mushroom"]],
  ["Hawaii", "11.00", "eur", "large", ["Mozzarella", "Tomato", "Bacon", "Pineapple"]],
  ["Calzone", "12.50", "usd", null, ["Mozzarella", "Bacon", "Mushroom"]],
] as const;

/** Pizza, count, status, when. */
const ORDERS = [
  ["Margherita", 2, "D", "2024-01-14T18:05:00Z"],
  ["Hawaii", 1, "D", "2024-01-15T12:30:00Z"],
  ["Margherita", 1, "B", "2024-01-15T19:45:00Z"],
  ["Funghi", 3, "N", "2024-02-03T20:10:00Z"],
] as const;

/** Makes the tables anew and fills them. */
export async function fill(): Promise<void> {
  await dropTables();
  await createTables();

  await Topping.aobjects.bulkCreate(TOPPINGS.map((name) => new Topping({ name })));
  await Box.aobjects.bulkCreate(BOXES.map((name) => new Box({ name })));
  for (const [name, amount, currency, box, toppings] of MENU) {
    const price = await Price.aobjects.create({ amount, currency });
    const pizza = await Pizza.aobjects.create({
      name,
      price,
      box: box === null ? null : await Box.aobjects.get({ name: box }),
    });
    await pizza.atoppings.add(...(await Topping.aobjects.filter({ name__in: toppings })));
  }
  for (const [pizza, count, status, placed] of ORDERS) {
    await Order.aobjects.create({
      pizza: await Pizza.aobjects.get({ name: pizza }),
      count,
      status,
      day: placed.slice(0, 10),
      placed: new Date(placed),
    });
  }
}

/**
 * The cases on a server: asgimod's pool against a pool of the bare driver, on the same tables. As in `cases.ts`, the raw
 * side is what a careful developer writes by hand.
 */
import { F } from "asgimod";
import { Decimal } from "decimal.js";
import type { Case } from "./harness.ts";
import { Box, Pizza, Price, Sale, Topping } from "./models.ts";
import { PIZZAS, type Raw, type Row } from "./servers.ts";

interface RawPizza {
  id: number;
  name: string;
  box_id: number | null;
  price_id: number;
}

function pizzaOf(row: Row): RawPizza {
  return {
    id: Number(row[0]),
    name: row[1] as string,
    box_id: row[2] === null ? null : Number(row[2]),
    price_id: Number(row[3]),
  };
}

/** How many point reads run at once. */
const AT_ONCE = 100;

export async function serverCases(raw: Raw): Promise<Case[]> {
  const q = (name: string) => raw.quote(name);
  const columns = (table: string, ...names: string[]) =>
    names.map((name) => `${q(table)}.${q(name)}`).join(", ");
  const pizza = columns("bench_pizza", "id", "name", "box_id", "price_id");
  const mark = (at: number) => raw.placeholder(at);
  const point = `SELECT ${pizza} FROM ${q("bench_pizza")} WHERE ${q("bench_pizza")}.${q("id")} = ${mark(1)}`;
  const all = `SELECT ${pizza} FROM ${q("bench_pizza")} LIMIT 1000`;
  const hundred = `SELECT ${pizza} FROM ${q("bench_pizza")} LIMIT 100`;
  const joined =
    `SELECT ${pizza}, ${columns("bench_box", "id", "name")}, ${columns("bench_price", "id", "amount", "currency")} FROM ${q("bench_pizza")} ` +
    `LEFT OUTER JOIN ${q("bench_box")} ON (${columns("bench_pizza", "box_id")} = ${columns("bench_box", "id")}) ` +
    `INNER JOIN ${q("bench_price")} ON (${columns("bench_pizza", "price_id")} = ${columns("bench_price", "id")}) LIMIT 100`;
  const toppings =
    `SELECT ${columns("bench_pizza_toppings", "pizza_id")}, ${columns("bench_topping", "id", "name")} FROM ${q("bench_topping")} ` +
    `INNER JOIN ${q("bench_pizza_toppings")} ON (${columns("bench_topping", "id")} = ${columns("bench_pizza_toppings", "topping_id")}) ` +
    `WHERE ${columns("bench_pizza_toppings", "pizza_id")} ${raw.isIn(1, 100)}`;
  const insertPizza =
    `INSERT INTO ${q("bench_pizza")} (${q("name")}, ${q("box_id")}, ${q("price_id")}) ` +
    `VALUES (${mark(1)}, ${mark(2)}, ${mark(3)}) RETURNING ${q("id")}`;
  const insertThousand =
    `INSERT INTO ${q("bench_topping")} (${q("name")}) VALUES ` +
    `${Array.from({ length: 1000 }, (_, i) => `(${mark(i + 1)})`).join(", ")} RETURNING ${q("id")}`;
  const sales = `SELECT ${columns("bench_sale", "id", "at", "total", "note")} FROM ${q("bench_sale")}`;

  const readPizza = async (id: number): Promise<RawPizza> => {
    const [row] = await raw.rows(point, [id]);
    if (row === undefined) throw new Error("Pizza does not exist");
    return pizzaOf(row);
  };
  const box = await Box.aobjects.get({ id: 1 });
  const spare = await Price.aobjects.filter({ id__gt: PIZZAS }).orderBy("id");
  const forgetPizzas = () => raw.run(`DELETE FROM ${q("bench_pizza")} WHERE ${q("id")} > ${PIZZAS}`);
  const forgetToppings = () => raw.run(`DELETE FROM ${q("bench_topping")} WHERE ${q("id")} > 50`);
  const idOf = (i: number) => 1 + (i % PIZZAS);

  return [
    {
      name: "point read by pk",
      mark: 1.2,
      raw: (i) => readPizza(idOf(i)),
      orm: (i) => Pizza.aobjects.get({ id: idOf(i) }),
    },
    {
      name: `Promise.all of ${AT_ONCE} point reads`,
      mark: 1.2,
      raw: (i) => Promise.all(Array.from({ length: AT_ONCE }, (_, at) => readPizza(idOf(i + at)))),
      orm: (i) =>
        Promise.all(Array.from({ length: AT_ONCE }, (_, at) => Pizza.aobjects.get({ id: idOf(i + at) }))),
    },
    {
      name: "1,000 instances",
      mark: 1.2,
      raw: async () => (await raw.rows(all, [])).map(pizzaOf),
      orm: () => Pizza.aobjects.slice(0, 1000).eval(),
    },
    {
      name: "selectRelated, 100 rows, 2 relations",
      mark: 1.2,
      raw: async () =>
        (await raw.rows(joined, [])).map((row) => ({
          ...pizzaOf(row),
          box: row[4] === null ? null : { id: Number(row[4]), name: row[5] as string },
          price: { id: Number(row[6]), amount: new Decimal(row[7] as string), currency: row[8] as string },
        })),
      orm: () => Pizza.aobjects.selectRelated("box", "price").slice(0, 100).eval(),
    },
    {
      name: "prefetchRelated, 100 rows, many-to-many",
      mark: 1.2,
      raw: async () => {
        const pizzas = (await raw.rows(hundred, [])).map((row) => ({
          ...pizzaOf(row),
          toppings: [] as { id: number; name: string }[],
        }));
        const byId = new Map(pizzas.map((each) => [each.id, each]));
        for (const row of await raw.rows(toppings, raw.list([...byId.keys()]))) {
          byId.get(Number(row[0]))?.toppings.push({ id: Number(row[1]), name: row[2] as string });
        }
        return pizzas;
      },
      orm: () => Pizza.aobjects.prefetchRelated("toppings").slice(0, 100).eval(),
    },
    {
      name: "1,000 instances with instants and decimals",
      mark: 1.2,
      raw: async () =>
        (await raw.rows(sales, [])).map((row) => ({
          id: Number(row[0]),
          at: row[1] as Date,
          total: new Decimal(row[2] as string),
          note: row[3] as string | null,
        })),
      orm: () => Sale.aobjects.all().eval(),
    },
    {
      name: "create",
      mark: 1.3,
      batch: 200,
      reset: forgetPizzas,
      raw: async (i) => {
        const values = { name: `New ${i}`, box_id: box.id, price_id: (spare[i] as Price).id };
        const [row] = await raw.rows(insertPizza, [values.name, values.box_id, values.price_id]);
        return { id: Number(row?.[0]), ...values };
      },
      orm: (i) => Pizza.aobjects.create({ name: `New ${i}`, box, price: spare[i] as Price }),
    },
    {
      name: "bulkCreate of 1,000",
      mark: 1.3,
      batch: 5,
      reset: forgetToppings,
      raw: async () => {
        const names = Array.from({ length: 1000 }, (_, i) => `New ${i}`);
        const rows = await raw.rows(insertThousand, names);
        return rows.map((row, i) => ({ id: Number(row[0]), name: names[i] as string }));
      },
      orm: () =>
        Topping.aobjects.bulkCreate(
          Array.from({ length: 1000 }, (_, i) => new Topping({ name: `New ${i}` })),
        ),
    },
    {
      name: "update of one row",
      mark: 1.3,
      raw: (i) =>
        raw.rows(`UPDATE ${q("bench_topping")} SET ${q("name")} = ${mark(1)} WHERE ${q("id")} = ${mark(2)}`, [
          `Topping ${i % 7}`,
          1 + (i % 50),
        ]),
      orm: (i) => Topping.aobjects.filter({ id: 1 + (i % 50) }).update({ name: `Topping ${i % 7}` }),
    },
    {
      name: "filter, F and order over two joins",
      mark: 1.2,
      raw: async (i) =>
        (
          await raw.rows(
            `SELECT ${pizza} FROM ${q("bench_pizza")} INNER JOIN ${q("bench_price")} ON (${columns("bench_pizza", "price_id")} = ${columns("bench_price", "id")}) ` +
              `INNER JOIN ${q("bench_box")} ON (${columns("bench_pizza", "box_id")} = ${columns("bench_box", "id")}) ` +
              `WHERE ${columns("bench_price", "amount")} < ${mark(1)} AND ${columns("bench_box", "name")} <> ${columns("bench_pizza", "name")} ` +
              `ORDER BY ${columns("bench_price", "amount")} ASC, ${columns("bench_pizza", "id")} ASC LIMIT 20`,
            [String(6 + (i % 10))],
          )
        ).map(pizzaOf),
      orm: (i) =>
        Pizza.aobjects
          .filter({ price__amount__lt: String(6 + (i % 10)), box__isnull: false })
          .exclude({ box__name: F("name") })
          .orderBy("price__amount", "id")
          .slice(0, 20)
          .eval(),
    },
  ];
}

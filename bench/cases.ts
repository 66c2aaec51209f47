/**
 * What is measured. The raw side is what a careful developer writes by hand: statements prepared once,
 * rows as arrays, the same values converted to the same types, related rows grouped in one pass.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { F } from "asgimod";
import { Decimal } from "decimal.js";
import { execute, PIZZAS } from "./database.ts";
import type { Case } from "./harness.ts";
import { Box, Pizza, Price, Sale, Topping } from "./models.ts";

type Row = readonly unknown[];

interface RawPizza {
  id: number;
  name: string;
  box_id: number | null;
  price_id: number;
}

interface RawBox {
  id: number;
  name: string;
}

interface RawPrice {
  id: number;
  amount: Decimal;
  currency: string;
}

function pizzaOf(row: Row): RawPizza {
  return {
    id: row[0] as number,
    name: row[1] as string,
    box_id: row[2] as number | null,
    price_id: row[3] as number,
  };
}

/** SQLite keeps a decimal as a number; two places make it a decimal again. */
const decimalOf = (value: unknown): Decimal => new Decimal((value as number).toFixed(2));

/** `2024-01-15 12:00:00.123456` in UTC. The microseconds beyond the millisecond are lost by hand. */
const dateOf = (value: unknown): Date => new Date(`${(value as string).replace(" ", "T")}Z`);

const PIZZA = `"bench_pizza"."id", "bench_pizza"."name", "bench_pizza"."box_id", "bench_pizza"."price_id"`;

/** The cases, on a raw database and asgimod's connection that hold the same rows. */
export async function cases(db: DatabaseSync): Promise<Case[]> {
  const prepare = (sql: string): StatementSync => {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  // With array rows set, the declared type of a row (an object) is not what comes.
  const rowsOf = (statement: StatementSync, ...params: (string | number)[]) =>
    statement.all(...params) as unknown as Row[];
  const rowOf = (statement: StatementSync, ...params: (string | number)[]) =>
    statement.get(...params) as unknown as Row | undefined;

  const point = prepare(`SELECT ${PIZZA} FROM "bench_pizza" WHERE "bench_pizza"."id" = ?`);
  const all = prepare(`SELECT ${PIZZA} FROM "bench_pizza" LIMIT 1000`);
  const names = prepare(`SELECT "id", "name" FROM "bench_pizza" LIMIT 1000`);
  const sales = prepare(`SELECT "id", "at", "total", "note" FROM "bench_sale"`);
  const joined = prepare(
    `SELECT ${PIZZA}, "bench_box"."id", "bench_box"."name", "bench_price"."id", "bench_price"."amount", "bench_price"."currency" ` +
      `FROM "bench_pizza" LEFT OUTER JOIN "bench_box" ON ("bench_pizza"."box_id" = "bench_box"."id") ` +
      `INNER JOIN "bench_price" ON ("bench_pizza"."price_id" = "bench_price"."id") LIMIT 100`,
  );
  const hundred = prepare(`SELECT ${PIZZA} FROM "bench_pizza" LIMIT 100`);
  const toppings = prepare(
    `SELECT "bench_pizza_toppings"."pizza_id", "bench_topping"."id", "bench_topping"."name" FROM "bench_topping" ` +
      `INNER JOIN "bench_pizza_toppings" ON ("bench_topping"."id" = "bench_pizza_toppings"."topping_id") ` +
      `WHERE "bench_pizza_toppings"."pizza_id" IN (${Array(100).fill("?").join(", ")})`,
  );
  const insertPizza = prepare(`INSERT INTO "bench_pizza" ("name", "box_id", "price_id") VALUES (?, ?, ?)`);
  const insertTopping = prepare(`INSERT INTO "bench_topping" ("name") VALUES (?)`);
  const insertThousand = prepare(
    `INSERT INTO "bench_topping" ("name") VALUES ${Array(1000).fill("(?)").join(", ")} RETURNING "id"`,
  );

  const readPizza = (id: number): RawPizza => {
    const row = rowOf(point, id);
    if (row === undefined) throw new Error("Pizza does not exist");
    return pizzaOf(row);
  };

  const both = (sql: string) => () => {
    db.exec(sql);
    execute(sql);
  };
  const forgetPizzas = both(`DELETE FROM "bench_pizza" WHERE "id" > ${PIZZAS}`);
  const forgetToppings = both(`DELETE FROM "bench_topping" WHERE "id" > 50`);

  const box = await Box.aobjects.get({ id: 1 });
  const spare = await Price.aobjects.filter({ id__gt: PIZZAS }).orderBy("id");

  const threeJoins = (shape: string) => {
    const renamed = { [shape]: F("name") };
    return Pizza.aobjects
      .filter({ id: 1, box__name: "Box 2", price__amount__lt: "5", toppings__name: "Topping 1" })
      .annotate(renamed as { again: (typeof renamed)[string] });
  };
  let shapes = 0;

  const createThousand = () =>
    Topping.aobjects.bulkCreate(Array.from({ length: 1000 }, (_, i) => new Topping({ name: `New ${i}` })));

  return [
    {
      name: "await point read by pk",
      mark: 1.5,
      raw: async (i) => readPizza(1 + (i % PIZZAS)),
      orm: (i) => Pizza.aobjects.get({ id: 1 + (i % PIZZAS) }),
    },
    {
      name: "await 1,000 instances",
      mark: 1.5,
      raw: async () => rowsOf(all).map(pizzaOf),
      orm: () => Pizza.aobjects.slice(0, 1000).eval(),
    },
    {
      name: "await selectRelated, 100 rows, 2 relations",
      mark: 1.5,
      raw: async () =>
        rowsOf(joined).map((row) => ({
          ...pizzaOf(row),
          box: row[4] === null ? null : ({ id: row[4] as number, name: row[5] as string } satisfies RawBox),
          price: {
            id: row[6] as number,
            amount: decimalOf(row[7]),
            currency: row[8] as string,
          } satisfies RawPrice,
        })),
      orm: () => Pizza.aobjects.selectRelated("box", "price").slice(0, 100).eval(),
    },
    {
      name: "await prefetchRelated, 100 rows, many-to-many",
      mark: 1.5,
      raw: async () => {
        const pizzas = rowsOf(hundred).map((row) => ({ ...pizzaOf(row), toppings: [] as RawBox[] }));
        const byId = new Map(pizzas.map((pizza) => [pizza.id, pizza]));
        for (const row of rowsOf(toppings, ...byId.keys())) {
          byId.get(row[0] as number)?.toppings.push({ id: row[1] as number, name: row[2] as string });
        }
        return pizzas;
      },
      orm: () => Pizza.aobjects.prefetchRelated("toppings").slice(0, 100).eval(),
    },
    {
      name: "await create",
      mark: 2,
      batch: 1000,
      reset: forgetPizzas,
      raw: async (i) => {
        const price = spare[i] as Price;
        const values = { name: `New ${i}`, box_id: box.id, price_id: price.id };
        const { lastInsertRowid } = insertPizza.run(values.name, values.box_id, values.price_id);
        return { id: Number(lastInsertRowid), ...values };
      },
      orm: (i) => Pizza.aobjects.create({ name: `New ${i}`, box, price: spare[i] as Price }),
    },
    {
      name: "await bulkCreate of 1,000",
      mark: 1.5,
      batch: 5,
      reset: forgetToppings,
      raw: async () => {
        const names = Array.from({ length: 1000 }, (_, i) => `New ${i}`);
        return rowsOf(insertThousand, ...names).map(
          (row, i): RawBox => ({ id: row[0] as number, name: names[i] as string }),
        );
      },
      orm: createThousand,
    },
    {
      name: "plan cache miss, three joins",
      against: "a hit",
      markMicroseconds: 100,
      raw: () => threeJoins("again").eval(),
      orm: () => threeJoins(`again${shapes++}`).eval(),
    },
    {
      name: "await bulkCreate of 1,000, raw row by row",
      batch: 5,
      reset: forgetToppings,
      raw: async () => {
        const made: RawBox[] = [];
        db.exec("BEGIN");
        for (let i = 0; i < 1000; i++) {
          const name = `New ${i}`;
          made.push({ id: Number(insertTopping.run(name).lastInsertRowid), name });
        }
        db.exec("COMMIT");
        return made;
      },
      orm: createThousand,
    },
    {
      name: "point read by pk",
      awaited: false,
      raw: (i) => readPizza(1 + (i % PIZZAS)),
      orm: (i) => Pizza.objects.get({ id: 1 + (i % PIZZAS) }),
    },
    {
      name: "await 1,000 instances with instants and decimals",
      raw: async () =>
        rowsOf(sales).map((row) => ({
          id: row[0] as number,
          at: dateOf(row[1]),
          total: decimalOf(row[2]),
          note: row[3] as string | null,
        })),
      orm: () => Sale.aobjects.all().eval(),
    },
    {
      name: "await valuesList of 1,000",
      raw: async () => rowsOf(names),
      orm: () => Pizza.aobjects.valuesList("id", "name").slice(0, 1000).eval(),
    },
    {
      name: "await values of 1,000",
      raw: async () => rowsOf(names).map((row) => ({ id: row[0], name: row[1] })),
      orm: () => Pizza.aobjects.values("id", "name").slice(0, 1000).eval(),
    },
  ];
}

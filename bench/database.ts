/** The two databases: the same tables and rows, one behind asgimod, one behind prepared statements. */
import { DatabaseSync } from "node:sqlite";
import { configure, connections } from "asgimod";
import * as bench from "./models.ts";

/** Pizzas (and prices) that are there from the start. */
export const PIZZAS = 1000;
/** Prices without a pizza: each new pizza takes one. */
export const SPARE_PRICES = 4000;

const TABLES = [
  `CREATE TABLE "bench_topping" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(30) NOT NULL)`,
  `CREATE TABLE "bench_box" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL)`,
  `CREATE TABLE "bench_price" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "amount" decimal NOT NULL, "currency" varchar(16) NOT NULL)`,
  `CREATE TABLE "bench_pizza" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL, "box_id" bigint NULL REFERENCES "bench_box" ("id") DEFERRABLE INITIALLY DEFERRED, "price_id" bigint NOT NULL UNIQUE REFERENCES "bench_price" ("id") DEFERRABLE INITIALLY DEFERRED)`,
  `CREATE TABLE "bench_pizza_toppings" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "pizza_id" bigint NOT NULL REFERENCES "bench_pizza" ("id") DEFERRABLE INITIALLY DEFERRED, "topping_id" bigint NOT NULL REFERENCES "bench_topping" ("id") DEFERRABLE INITIALLY DEFERRED)`,
  `CREATE TABLE "bench_sale" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "total" decimal NOT NULL, "note" varchar(100) NULL)`,
  `CREATE INDEX "bench_pizza_box_id" ON "bench_pizza" ("box_id")`,
  `CREATE UNIQUE INDEX "bench_pizza_toppings_uniq" ON "bench_pizza_toppings" ("pizza_id", "topping_id")`,
  `CREATE INDEX "bench_pizza_toppings_topping_id" ON "bench_pizza_toppings" ("topping_id")`,
];

/** A table of the numbers 1 to n, as a common table expression `n(i)`. */
const upTo = (n: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})`;

const ROWS = [
  `INSERT INTO "bench_topping" ("name") ${upTo(50)} SELECT 'Topping ' || i FROM n`,
  `INSERT INTO "bench_box" ("name") ${upTo(10)} SELECT 'Box ' || i FROM n`,
  `INSERT INTO "bench_price" ("amount", "currency") ${upTo(PIZZAS + SPARE_PRICES)} SELECT 5 + (i % 100) * 0.25, 'usd' FROM n`,
  `INSERT INTO "bench_pizza" ("name", "box_id", "price_id") ${upTo(PIZZAS)} SELECT 'Pizza ' || i, 1 + i % 10, i FROM n`,
  `INSERT INTO "bench_pizza_toppings" ("pizza_id", "topping_id") ${upTo(PIZZAS * 5)} SELECT 1 + (i - 1) / 5, 1 + (i * 7) % 50 FROM n`,
  `INSERT INTO "bench_sale" ("at", "total", "note") ${upTo(1000)} SELECT printf('2024-01-15 12:%02d:%02d.123456', i / 60 % 60, i % 60), i * 0.5, CASE WHEN i % 3 THEN 'note ' || i END FROM n`,
];

/** Fills both databases and gives the raw one. */
export function prepare(): DatabaseSync {
  configure({ apps: { bench }, databases: { default: "sqlite::memory:" } });
  const raw = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
  for (const sql of [...TABLES, ...ROWS]) {
    raw.exec(sql);
    execute(sql);
  }
  return raw;
}

/** Sends one statement without rows through asgimod's own connection. */
export function execute(sql: string): void {
  connections.get("default").execute({ kind: "run", alias: "default", sql, params: [] }, "sync", null);
}

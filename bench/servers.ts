/** The servers of the benchmark: a database of its own with the benchmark's tables and rows, and a pool of the bare driver. */

import { createRequire } from "node:module";
import { configure, connections, createTables } from "asgimod";
import * as bench from "./models.ts";

/** Pizzas (and prices) that are there from the start. */
export const PIZZAS = 1000;
/** Prices without a pizza: each new pizza takes one. */
const SPARE_PRICES = 1000;
const POOL = 10;

export type Row = readonly unknown[];

/** The bare driver. */
export interface Raw {
  /** What it is, with its version. */
  readonly name: string;
  quote(name: string): string;
  placeholder(at: number): string;
  /** The condition that a column is one of `count` values, from parameter `at` on. */
  isIn(at: number, count: number): string;
  /** The parameters of that condition. */
  list(values: readonly number[]): readonly unknown[];
  rows(sql: string, params: readonly unknown[]): Promise<readonly Row[]>;
  run(sql: string): Promise<unknown>;
  /** Closes the pool and drops the database. */
  end(): Promise<void>;
}

/** Rows 1 to n, as `n(i)`. */
type Series = (count: number) => string;

function fill(quote: (name: string) => string, series: Series, text: (sql: string) => string): string[] {
  const into = (table: string, ...names: string[]) =>
    `INSERT INTO ${quote(`bench_${table}`)} (${names.map(quote).join(", ")})`;
  return [
    `${into("topping", "name")} SELECT CONCAT('Topping ', ${text("i")}) FROM ${series(50)}`,
    `${into("box", "name")} SELECT CONCAT('Box ', ${text("i")}) FROM ${series(10)}`,
    `${into("price", "amount", "currency")} SELECT 5 + (i % 100) * 0.25, 'usd' FROM ${series(PIZZAS + SPARE_PRICES)}`,
    `${into("pizza", "name", "box_id", "price_id")} SELECT CONCAT('Pizza ', ${text("i")}), 1 + i % 10, i FROM ${series(PIZZAS)}`,
    `${into("pizza_toppings", "pizza_id", "topping_id")} SELECT 1 + FLOOR((i - 1) / 5), 1 + (i * 7) % 50 FROM ${series(PIZZAS * 5)}`,
    `${into("sale", "at", "total", "note")} SELECT '2024-01-15 12:00:00.123456', i * 0.5, CASE WHEN i % 3 > 0 THEN CONCAT('note ', ${text("i")}) END FROM ${series(1000)}`,
  ];
}

interface PgQuery {
  text: string;
  rowMode: "array";
  name?: string;
  values?: readonly unknown[];
}

interface PgClient {
  connect(): Promise<unknown>;
  query(query: string | PgQuery): Promise<{ rows: Row[] }>;
  on(event: "error", listener: () => void): unknown;
  end(): Promise<void>;
}

interface Pg {
  readonly Client: new (options: object) => PgClient;
  readonly Pool: new (options: object) => PgClient;
}

const require = createRequire(import.meta.url);

async function prepared(url: string, raw: Raw, statements: readonly string[]): Promise<Raw> {
  configure({ apps: { bench }, databases: { default: { url, pool: POOL } } });
  await createTables();
  for (const sql of statements) await raw.run(sql);
  return raw;
}

async function postgresql(): Promise<Raw> {
  const server = process.env["ASGIMOD_POSTGRESQL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";
  const name = `asgimod_bench_${process.pid}`;
  const driver = require("pg") as Pg;
  const admin = new driver.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new driver.Pool({ connectionString: url.href, max: POOL });
  // Connections that are about to end when the database is dropped.
  pool.on("error", () => {});
  const names = new Map<string, string>();
  const [[version]] = (await admin.query({ text: "SHOW server_version", rowMode: "array" })).rows as [
    [string],
  ];
  const quote = (text: string) => `"${text}"`;
  const raw: Raw = {
    name: `PostgreSQL ${version}, pg`,
    quote,
    placeholder: (at) => `$${at}`,
    isIn: (at) => `= ANY($${at})`,
    list: (values) => [values],
    async rows(text, values) {
      let name = names.get(text);
      if (name === undefined) {
        name = `raw_${names.size}`;
        names.set(text, name);
      }
      return (await pool.query({ name, text, values, rowMode: "array" })).rows;
    },
    run: (sql) => pool.query(sql),
    async end() {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
  const series: Series = (count) => `generate_series(1, ${count}) AS n(i)`;
  return prepared(url.href, raw, [...fill(quote, series, (i) => `${i}::text`), "ANALYZE"]);
}

interface Mysql {
  createPool(options: object): MysqlPool;
}

interface MysqlPool {
  query(options: { sql: string; rowsAsArray: true }): Promise<[Row[]]>;
  execute(options: { sql: string; rowsAsArray: true; values: readonly unknown[] }): Promise<[Row[]]>;
  end(): Promise<void>;
}

async function mysql(): Promise<Raw> {
  const server = process.env["ASGIMOD_MYSQL"] ?? "mysql://root@127.0.0.1:3306/test";
  const name = `asgimod_bench_${process.pid}`;
  const { createPool } = require("mysql2/promise") as Mysql;
  const admin = createPool({ uri: server, connectionLimit: 1 });
  const tell = (sql: string) => admin.query({ sql, rowsAsArray: true });
  await tell(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const [[[version]]] = (await tell("SELECT VERSION()")) as unknown as [[[string]]];
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = createPool({ uri: url.href, connectionLimit: POOL, timezone: "Z" });
  const quote = (text: string) => `\`${text}\``;
  const raw: Raw = {
    name: `${version}, mysql2`,
    quote,
    placeholder: () => "?",
    isIn: (_at, count) => `IN (${Array(count).fill("?").join(", ")})`,
    list: (values) => values,
    rows: async (sql, values) => (await pool.execute({ sql, values, rowsAsArray: true }))[0],
    run: (sql) => pool.query({ sql, rowsAsArray: true }),
    async end() {
      await pool.end();
      await tell(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
  const series: Series = (count) => `(SELECT seq AS i FROM seq_1_to_${count}) AS n`;
  return prepared(
    url.href,
    raw,
    fill(quote, series, (i) => `CAST(${i} AS CHAR)`),
  );
}

const SERVERS: Readonly<Record<string, () => Promise<Raw>>> = { postgresql, mysql };

/** The server of a name, filled. */
export async function openServer(name: string): Promise<Raw> {
  const open = SERVERS[name];
  if (open === undefined) {
    throw new Error(`--backend must be sqlite or one of ${Object.keys(SERVERS).join(", ")}, not ${name}`);
  }
  return open();
}

/** Closes both sides. */
export async function closeServer(raw: Raw): Promise<void> {
  await connections.close();
  await raw.end();
}

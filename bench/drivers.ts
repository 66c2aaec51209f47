/**
 * Which driver for PostgreSQL? The work of this library, through each of them, without the library:
 *
 *   npm install --no-save postgres && node --conditions=asgimod-source bench/drivers.ts
 *
 * `ours` is this library's own session over `pg`'s socket and parser (`src/backends/postgresql/session.ts`).
 */

import { createRequire } from "node:module";
import "../src/index.ts";
import type { PostgresqlConnection } from "../src/backends/postgresql/connection.ts";
import { connections } from "../src/connections.ts";
import { configure } from "../src/settings.ts";
import type { Cursor, Rows } from "../src/task.ts";

const url = process.env["ASGIMOD_POSTGRESQL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";
const TABLE = "bench_drivers";
const POINT = `SELECT id, name, price, flag FROM ${TABLE} WHERE id = $1`;
const MANY = `SELECT id, name, price, flag FROM ${TABLE} ORDER BY id LIMIT 1000`;
const INSERT = `INSERT INTO ${TABLE}_new (name, price, flag) VALUES ($1, $2, $3) RETURNING id`;
const ALL = `SELECT id, name, price, flag FROM ${TABLE}`;

/** A way to ask. Rows come as arrays. */
interface Way {
  rows(sql: string, params: readonly unknown[]): Promise<unknown[][]>;
  /** The same over a pool of ten. */
  pooled(sql: string, params: readonly unknown[]): Promise<unknown[][]>;
  /** Counts all rows through a cursor, 2,000 at a time; null where there is none. */
  stream: ((sql: string) => Promise<number>) | null;
  end(): Promise<unknown>;
}

type Query = { text: string; values: readonly unknown[]; rowMode: "array"; name?: string; binary?: boolean };
interface PgClient {
  connect(): Promise<unknown>;
  query(query: Query): Promise<{ rows: unknown[][] }>;
  end(): Promise<unknown>;
}
type PgModule = { Client: new (o: object) => PgClient; Pool: new (o: object) => PgClient };

const require = createRequire(import.meta.url);
const names = new Map<string, string>();

function nameOf(sql: string): string {
  const name = names.get(sql) ?? `q${names.size}`;
  names.set(sql, name);
  return name;
}

async function viaPg({ prepare = false, binary = false, pipeline = false }): Promise<Way> {
  const pg = require("pg") as PgModule;
  const client = new pg.Client({ connectionString: url, pipeline });
  await client.connect();
  const pool = new pg.Pool({ connectionString: url, max: 10, pipeline });
  const query = (text: string, values: readonly unknown[]): Query => ({
    text,
    values,
    rowMode: "array",
    ...(prepare ? { name: nameOf(text) } : {}),
    ...(binary ? { binary } : {}),
  });
  return {
    rows: async (sql, params) => (await client.query(query(sql, params))).rows,
    // A pipeline is what takes the place of a pool.
    pooled: async (sql, params) => (await (pipeline ? client : pool).query(query(sql, params))).rows,
    stream: pipeline
      ? null
      : async (sql) => {
          await client.query(query("BEGIN", []));
          await client.query(query(`DECLARE c NO SCROLL CURSOR FOR ${sql}`, []));
          let count = 0;
          for (;;) {
            const { rows } = await client.query(query("FETCH FORWARD 2000 FROM c", []));
            count += rows.length;
            if (rows.length < 2000) break;
          }
          await client.query(query("COMMIT", []));
          return count;
        },
    end: () => Promise.all([client.end(), pool.end()]),
  };
}

interface Sql {
  unsafe(
    sql: string,
    params: readonly unknown[],
    options: object,
  ): { values(): Promise<unknown[][]>; cursor(size: number): AsyncIterable<unknown[]> };
  end(): Promise<void>;
}

async function viaPostgresJs(): Promise<Way> {
  const module = (await import("postgres" as string)) as { default: (url: string, o: object) => Sql };
  const one = module.default(url, { max: 1 });
  const ten = module.default(url, { max: 10 });
  const ask = (sql: Sql) => (text: string, params: readonly unknown[]) =>
    sql.unsafe(text, params, { prepare: true }).values();
  return {
    rows: ask(one),
    pooled: ask(ten),
    stream: async (sql) => {
      let count = 0;
      for await (const rows of one.unsafe(sql, [], { prepare: true }).cursor(2000)) count += rows.length;
      return count;
    },
    end: () => Promise.all([one.end(), ten.end()]),
  };
}

async function viaOurs(): Promise<Way> {
  configure({ databases: { default: { url, pool: 10 } } });
  const connection = connections.get() as unknown as PostgresqlConnection;
  const rows = async (sql: string, params: readonly unknown[]): Promise<unknown[][]> =>
    (await connection.execute({ kind: "rows", alias: "default", sql, params }, "async", null)) as Rows;
  return {
    rows,
    pooled: rows,
    stream: async (sql) => {
      const open = { kind: "open", alias: "default", sql, params: [], chunkSize: 2000 } as const;
      const cursor = (await connection.execute(open, "async", null)) as Cursor;
      let count = 0;
      for (;;) {
        const fetch = { kind: "fetch", alias: "default", cursor } as const;
        const chunk = (await connection.execute(fetch, "async", null)) as Rows;
        count += chunk.length;
        if (chunk.length < 2000) return count;
      }
    },
    end: () => connections.close(),
  };
}

/** Microseconds per call. */
interface Figure {
  readonly wall: number;
  /** What this program used the processor for. */
  readonly cpu: number;
}

/** The best of several rounds: other programs only ever make it slower. */
async function measure(calls: number, work: () => Promise<unknown>): Promise<Figure> {
  let wall = Number.POSITIVE_INFINITY;
  let cpu = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 9; round++) {
    const usage = process.cpuUsage();
    const start = performance.now();
    for (let i = 0; i < calls; i++) await work();
    wall = Math.min(wall, ((performance.now() - start) * 1000) / calls);
    const { user, system } = process.cpuUsage(usage);
    cpu = Math.min(cpu, (user + system) / calls);
  }
  return { wall, cpu };
}

function show(figure: Figure | null): string {
  if (figure === null) return "-".padStart(18);
  const { wall, cpu } = figure;
  const text =
    wall < 1000
      ? `${wall.toFixed(0)} (${cpu.toFixed(0)}) us`
      : `${(wall / 1000).toFixed(1)} (${(cpu / 1000).toFixed(1)}) ms`;
  return text.padStart(18);
}

async function report(name: string, way: Way): Promise<void> {
  let key = 0;
  const next = () => (++key % 100_000) + 1;
  const { stream } = way;
  const figures = [
    await measure(2000, () => way.rows(POINT, [next()])),
    await measure(100, () => way.rows(MANY, [])),
    await measure(300, () => way.rows(INSERT, ["some name", "12.50", true])),
    await measure(60, () => Promise.all(Array.from({ length: 100 }, () => way.pooled(POINT, [next()])))),
    stream === null ? null : await measure(1, () => stream(ALL)),
  ];
  console.log(name.padEnd(24) + figures.map(show).join(""));
}

const WAYS: Readonly<Record<string, () => Promise<Way>>> = {
  ours: viaOurs,
  pg: () => viaPg({}),
  "pg, prepared": () => viaPg({ prepare: true }),
  "pg, prepared, binary": () => viaPg({ prepare: true, binary: true }),
  "pg, prepared, pipeline": () => viaPg({ prepare: true, pipeline: true }),
  "postgres.js": viaPostgresJs,
};

async function setUp(): Promise<void> {
  const { Client } = require("pg") as PgModule;
  const client = new Client({ connectionString: url });
  await client.connect();
  const run = (text: string) => client.query({ text, values: [], rowMode: "array" });
  for (const table of [TABLE, `${TABLE}_new`]) {
    await run(`DROP TABLE IF EXISTS ${table}`);
    await run(
      `CREATE TABLE ${table} (id bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
        name varchar(50) NOT NULL, price numeric(10, 2) NOT NULL, flag boolean NOT NULL)`,
    );
  }
  await run(`INSERT INTO ${TABLE} (name, price, flag)
    SELECT 'name ' || i, i / 4.0, i % 2 = 0 FROM generate_series(1, 100000) i`);
  await run(`ANALYZE ${TABLE}`);
  await client.end();
}

async function tearDown(): Promise<void> {
  const { Client } = require("pg") as PgModule;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query({ text: `DROP TABLE ${TABLE}, ${TABLE}_new`, values: [], rowMode: "array" });
  await client.end();
}

await setUp();
const columns = ["point read", "1,000 rows", "insert", "100 point reads", "100,000 streamed"];
console.log("wall (processor)".padEnd(24) + columns.map((column) => column.padStart(18)).join(""));
for (const [name, make] of Object.entries(WAYS)) {
  try {
    const way = await make();
    await report(name, way).finally(() => way.end());
  } catch (error) {
    console.log(`${name.padEnd(24)}  fails: ${(error as Error).message.split("\n")[0]}`);
  }
}
await tearDown();

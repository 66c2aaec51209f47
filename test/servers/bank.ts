/** The tables of {@link models} in a database of their own, for a test file. */

import assert from "node:assert/strict";
import { after } from "node:test";
import { configure, connections, createTables } from "asgimod";
import type { DatabaseConnection } from "../../src/backends/base/connection.ts";
import type { PoolState } from "../../src/backends/base/server/pool.ts";
import { blockOn, currentBlock } from "../../src/backends/base/transaction.ts";
import type { DatabaseConfigObject } from "../../src/settings.ts";
import * as bank from "./models.ts";
import type { TestServer } from "./server.ts";

type Options = Omit<DatabaseConfigObject, "url">;

let url = "";

/** Puts other options of the same database in force. */
export function settings(options: Options = {}): void {
  configure({ apps: { bank }, databases: { default: { url, ...options } } });
}

/** Uses the empty database at `address` from now on. */
export async function createBank(address: string): Promise<void> {
  url = address;
  settings();
  await createTables();
}

/** A bank for all tests of a file. */
export async function setUp({ skip, database }: TestServer, name: string): Promise<void> {
  if (skip !== false) return;
  const own = await database(name);
  await createBank(own.url);
  after(() => connections.close());
}

/** The connection of the test's database. */
export function connection(): DatabaseConnection {
  return connections.get() as unknown as DatabaseConnection;
}

/** How its pool is doing. */
export function pool(): PoolState {
  return connection().poolState as PoolState;
}

/** Rows of plain SQL, outside of any transaction. */
export async function rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
  const op = { kind: "rows", alias: "default", sql, params } as const;
  return (await connection().execute(op, "async", null)) as unknown[][];
}

/** Rows of plain SQL, in the transaction of the caller. */
export async function rowsHere(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
  const op = { kind: "rows", alias: "default", sql, params } as const;
  const block = blockOn("default", currentBlock());
  return (await connection().execute(op, "async", block)) as unknown[][];
}

/** The one value of plain SQL, in the transaction of the caller. */
export async function valueHere(sql: string): Promise<unknown> {
  return (await rowsHere(sql))[0]?.[0];
}

/** Nobody holds a connection, and nobody waits for one. */
export function assertNothingLeaks(): void {
  const { size, idle, inUse, waiting } = pool();
  assert.deepEqual({ inUse, waiting, idle }, { inUse: 0, waiting: 0, idle: size });
}

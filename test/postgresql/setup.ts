/** The tables of {@link models} in a database of their own, for a test file. */

import assert from "node:assert/strict";
import { after } from "node:test";
import { configure, connections, createTables } from "asgimod";
import { blockOn, currentBlock } from "../../src/backends/base/transaction.ts";
import type { PostgresqlConnection } from "../../src/backends/postgresql/connection.ts";
import type { DatabaseConfigObject } from "../../src/settings.ts";
import * as bank from "./models.ts";
import { database, skip } from "./server.ts";

export { skip };

type Options = Omit<DatabaseConfigObject, "url">;

let url = "";

/** Puts other options of the same database in force. */
export function settings(options: Options = {}): void {
  configure({ apps: { bank }, databases: { default: { url, ...options } } });
}

export async function setUp(name: string): Promise<void> {
  if (skip !== false) return;
  ({ url } = await database(name));
  settings();
  await createTables();
  after(() => connections.close());
}

/** The connection of the test's database. */
export function connection(): PostgresqlConnection {
  return connections.get() as unknown as PostgresqlConnection;
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

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A promise with what settles it, to arrange who waits for whom. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Nobody holds a connection, and nobody waits for one. */
export function assertNothingLeaks(): void {
  const { size, idle, inUse, waiting } = connection().poolState;
  assert.deepEqual({ inUse, waiting, idle }, { inUse: 0, waiting: 0, idle: size });
}

/** The tables of the models in a database of their own, for a test file. */

import { after } from "node:test";
import { configure, connections, createTables } from "asgimod";
import { blockOn, currentBlock } from "../../src/backends/base/transaction.ts";
import type { MysqlConnection } from "../../src/backends/mysql/connection.ts";
import type { DatabaseConfigObject } from "../../src/settings.ts";
import * as bank from "../postgresql/models.ts";
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
export function connection(): MysqlConnection {
  return connections.get() as unknown as MysqlConnection;
}

/** Rows of plain SQL, in the transaction of the caller if there is one. */
export async function rows(sql: string, params: readonly unknown[] = []): Promise<unknown[][]> {
  const op = { kind: "rows", alias: "default", sql, params } as const;
  return (await connection().execute(op, "async", blockOn("default", currentBlock()))) as unknown[][];
}

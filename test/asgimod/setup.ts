/** A pizzeria in memory for every test, and one way to ask both halves of the API the same thing. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { configure, connections, countQueries } from "asgimod";
import { fill } from "../../examples/pizzeria/data.ts";
import * as orders from "../../examples/pizzeria/orders/models.ts";
import * as testapp from "../../examples/pizzeria/testapp/models.ts";

export { BOXES, TOPPINGS } from "../../examples/pizzeria/data.ts";
export { Order } from "../../examples/pizzeria/orders/models.ts";
export { Box, Pizza, Price, Topping } from "../../examples/pizzeria/testapp/models.ts";

/** Fresh rows before every test of the file. */
export function pizzeria(): void {
  configure({
    apps: { testapp, orders },
    databases: { default: "sqlite::memory:", other: "sqlite::memory:" },
  });
  beforeEach(fill);
  after(() => connections.close());
}

/** The same question to `aobjects` and to `objects`. */
export interface Both<T> {
  async: () => PromiseLike<T>;
  sync: () => T;
  /** How many queries each may take. */
  queries?: number;
}

/** Two tests: the asynchronous half answers as it should, and the synchronous one the same. */
export function both<T>(
  name: string,
  { async, sync, queries }: Both<T>,
  check: (value: T) => void | Promise<void>,
): void {
  test(`${name}, async`, async () => {
    const { value, count } = await countQueries(async () => await async());
    await check(value as T);
    if (queries !== undefined) assert.equal(count, queries, "the number of queries");
  });
  test(`${name}, sync`, async () => {
    const { value, count } = countQueries(() => [sync()] as const);
    await check(value[0]);
    if (queries !== undefined) assert.equal(count, queries, "the number of queries");
  });
}

/** The names of objects. */
export function names(rows: Iterable<{ name: string }>): string[] {
  return Array.from(rows, (row) => row.name);
}

/** The texts of amounts. */
export function amounts(rows: Iterable<{ amount: { toString(): string } }>): string[] {
  return Array.from(rows, (row) => row.amount.toString());
}

/** Sync code asks the server what it is, on which the SQL depends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { atomic, connections } from "asgimod";
import type { MysqlConnection } from "../../src/backends/mysql/connection.ts";
import { connection, settings, setUp } from "../servers/bank.ts";
import { Account } from "../servers/models.ts";
import { mysql, skip } from "./server.ts";

await setUp(mysql, "sync");

const server = () => (connection() as unknown as MysqlConnection).server;

describe("MySQL: sync access through a worker", { skip }, () => {
  it("asks the server what it is, without async code before", async () => {
    await connections.close();
    settings({ sync: true });
    assert.equal(server(), null);
    assert.equal(Account.objects.count(), 0);
    assert.notEqual(server(), null);
  });

  it("a transaction is read-only when it says so", () => {
    const write = () => Account.objects.create({ name: "no" });
    assert.throws(
      () => atomic(write, { isolation: "serializable", readOnly: true }),
      /READ ONLY transaction/,
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aatomic, connections, OperationalError, SynchronousOnlyOperation } from "asgimod";
import { runOnServer } from "../../scripts/conformance/server.ts";
import type { loadDriver } from "../../src/backends/postgresql/driver.ts";
import { parseDatabaseUrl, resolveConfig } from "../../src/settings.ts";
import { Account } from "./models.ts";
import { connection, rows, settings, setUp, skip } from "./setup.ts";

await setUp("connection");

describe("PostgreSQL: settings", () => {
  it("takes both schemes and options in the URL", () => {
    for (const scheme of ["postgresql", "postgres"]) {
      const { default: database } = resolveConfig({
        databases: { default: `${scheme}://me:secret@db.example:5433/shop?pool=3&statementTimeout=1000` },
      }).databases;
      assert.deepEqual(database, {
        alias: "default",
        engine: "postgresql",
        name: "shop",
        host: "db.example",
        port: 5433,
        user: "me",
        password: "secret",
        pool: 3,
        statementTimeout: 1000,
      });
    }
    assert.equal(parseDatabaseUrl("postgresql:///shop?host=/run/postgresql").host, "/run/postgresql");
    const { host, user, name } = parseDatabaseUrl("postgresql://me@/shop?host=/run/postgresql");
    assert.deepEqual([host, user, name], ["/run/postgresql", "me", "shop"]);
    assert.equal(parseDatabaseUrl("postgresql://me:secret@/shop").host, undefined);
  });

  it("refuses what it does not know", () => {
    const resolve = (options: object) => () =>
      resolveConfig({ databases: { default: { engine: "postgresql", name: "shop", ...options } } });
    assert.throws(resolve({ worker: true }), /has no setting 'worker'/);
    assert.throws(resolve({ pool: 0 }), /room for one connection/);
    assert.throws(
      resolve({ pool: { most: 3 } }),
      /no setting 'most'. Choices are: acquireTimeout, checkAfter, idleTimeout, max, maxLifetime, min/,
    );
    assert.throws(resolve({ pool: { max: 0 } }), /pool.max cannot be 0/);
    assert.throws(resolve({ pool: { min: 4, max: 3 } }), /pool.min \(4\) is more than pool.max \(3\)/);
    assert.throws(resolve({ lockTimeout: -1 }), /the lockTimeout must be a number of milliseconds/);
  });

  it("says how to install the driver", async () => {
    const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: "ERR_MODULE_NOT_FOUND" });
    // Another copy of the module has not loaded the driver yet.
    const { loadDriver: fresh } = (await import(
      "../../src/backends/postgresql/driver.ts?missing" as string
    )) as { loadDriver: typeof loadDriver };
    await assert.rejects(
      fresh(() => Promise.reject(missing)),
      /Run `npm install pg`/,
    );
  });
});

describe("PostgreSQL: connection", { skip }, () => {
  it("is in UTC", async () => {
    assert.deepEqual(await rows("SHOW TimeZone"), [["UTC"]]);
  });

  it("gives the server's version", async () => {
    const [major] = await connection().version("async");
    assert.ok((major as number) >= 14);
  });

  it("refuses sync access and names the async spelling", () => {
    assert.throws(() => Account.objects.count(), SynchronousOnlyOperation);
    assert.throws(() => Account.objects.count(), /aobjects instead of objects/);
    assert.throws(() => new Account({ name: "x" }).save(), /await account.asave\(\)/);
  });

  it("names the async spelling of a deferred column", async () => {
    await Account.aobjects.create({ name: "deferred", balance: 3 });
    const account = await Account.aobjects.only("name").get({ name: "deferred" });
    assert.throws(() => account.balance, /await account.arefreshFromDb\(\{ fields: \["balance"\] \}\)/);
    await account.arefreshFromDb({ fields: ["balance"] });
    assert.equal(account.balance, 3);
  });

  it("fails with an OperationalError where no server is", async () => {
    settings({ port: 1 });
    await assert.rejects(Account.aobjects.count(), OperationalError);
    settings();
    await Account.aobjects.count();
  });

  it("replaces connections that the server has closed", async () => {
    await Account.aobjects.count();
    const [[pid]] = (await rows("SELECT pg_backend_pid()")) as [[number]];
    settings({ pool: 1 });
    const [[other]] = (await rows("SELECT pg_backend_pid()")) as [[number]];
    assert.notEqual(other, pid);
    // Cut while it is in use: that statement fails, the next one has another connection.
    await assert.rejects(rows("SELECT pg_terminate_backend(pg_backend_pid())"), OperationalError);
    const [[next]] = (await rows("SELECT pg_backend_pid()")) as [[number]];
    assert.notEqual(next, other);
    assert.equal(connection().poolState.size, 1);
    settings();
  });

  it("reads go on when the server ends all idle connections", async () => {
    settings({ pool: 5 });
    const read = () => Promise.all(Array.from({ length: 20 }, () => Account.aobjects.count()));
    await read();
    const [[name]] = (await rows("SELECT current_database()")) as [[string]];
    await runOnServer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
    );
    assert.equal((await read()).length, 20);
    const { size, idle } = connection().poolState;
    assert.equal(idle, size);
    settings();
  });

  it("a transaction whose connection is cut fails as a whole, and leaves nothing behind", async () => {
    settings({ pool: 1 });
    const cut = aatomic(async () => {
      await Account.aobjects.create({ name: "cut" });
      await rows("SELECT 1");
      const op = {
        kind: "rows",
        alias: "default",
        sql: "SELECT pg_terminate_backend(pg_backend_pid())",
        params: [],
      } as const;
      const { blockOn, currentBlock } = await import("../../src/backends/base/transaction.ts");
      await connection().execute(op, "async", blockOn("default", currentBlock()));
    });
    // The pool has one connection, which the transaction holds.
    settings({ pool: 2 });
    await assert.rejects(cut);
    settings();
    assert.equal(await Account.aobjects.filter({ name: "cut" }).exists(), false);
  });

  it("prepares statements, a bounded number of them", async () => {
    settings({ pool: 1, statementCache: 5 });
    for (let i = 0; i < 20; i++) await rows(`SELECT ${i} + $1::int`, [1]);
    const [[count]] = (await rows("SELECT COUNT(*) FROM pg_prepared_statements")) as [[number]];
    assert.ok(count > 0 && count <= 6, `${count} statements`);
    settings({ pool: 1, statementCache: 0 });
    await Account.aobjects.filter({ name: "x" }).count();
    assert.deepEqual(await rows("SELECT COUNT(*) FROM pg_prepared_statements WHERE name <> ''"), [[0]]);
    settings();
  });

  it("prepares anew when the columns have changed", async () => {
    settings({ pool: 1 });
    await rows("CREATE TABLE changing AS SELECT 1 AS a");
    const read = () => rows("SELECT * FROM changing WHERE a = $1", [1]);
    assert.deepEqual(await read(), [[1]]);
    await rows("ALTER TABLE changing ADD b text DEFAULT 'x'");
    assert.deepEqual(await read(), [[1, "x"]]);
    await rows("DROP TABLE changing");
    settings();
  });

  it("sends lists of any length as one parameter", async () => {
    const names = Array.from({ length: 70_000 }, (_, i) => `n${i}`);
    assert.equal(await Account.aobjects.filter({ name__in: names }).count(), 0);
  });

  it("inserts more rows than one statement has parameters", async () => {
    const count = 40_000;
    await Account.aobjects.bulkCreate(
      Array.from({ length: count }, (_, i) => new Account({ name: `bulk${i}`, balance: i })),
    );
    assert.equal(await Account.aobjects.filter({ name__startswith: "bulk" }).count(), count);
    await Account.aobjects.filter({ name__startswith: "bulk" }).delete();
  });

  it("streams rows through a cursor of the server, and closes it on an early break", async () => {
    await Account.aobjects.bulkCreate(
      Array.from({ length: 500 }, (_, i) => new Account({ name: `s${i}`, balance: i })),
    );
    const streamed = Account.aobjects.filter({ name__startswith: "s" }).orderBy("balance");
    const seen: number[] = [];
    for await (const { balance } of streamed.iterator({ chunkSize: 50 })) {
      seen.push(balance);
      if (seen.length === 120) break;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 120 }, (_, i) => i),
    );
    assert.deepEqual(await rows("SELECT COUNT(*) FROM pg_cursors WHERE name <> ''"), [[0]]);
    await aatomic(async () => {
      let count = 0;
      for await (const _ of streamed.iterator({ chunkSize: 100 })) count++;
      assert.equal(count, 500);
    });
    const { size, idle } = connection().poolState;
    assert.equal(idle, size);
    await Account.aobjects.all().delete();
  });

  it("closes and opens again", async () => {
    await connections.close();
    assert.equal(await Account.aobjects.count(), 0);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { loadDriver } from "../../src/backends/postgresql/driver.ts";
import { parseDatabaseUrl, resolveConfig } from "../../src/settings.ts";
import { connection, rows, settings, setUp } from "../servers/bank.ts";
import { Account } from "../servers/models.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "connection");

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

  it("a cursor that is left early is closed on the server", async () => {
    await Account.aobjects.bulkCreate(Array.from({ length: 100 }, (_, i) => new Account({ name: `s${i}` })));
    settings({ pool: 1 });
    for await (const _ of Account.aobjects.iterator({ chunkSize: 50 })) break;
    assert.deepEqual(await rows("SELECT COUNT(*) FROM pg_cursors WHERE name <> ''"), [[0]]);
    settings();
  });
});

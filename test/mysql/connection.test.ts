import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aatomic, connections, OperationalError, SynchronousOnlyOperation } from "asgimod";
import { runOnMysql } from "../../scripts/conformance/server.ts";
import type { loadDriver } from "../../src/backends/mysql/driver.ts";
import { ASSUMED, MysqlFeatures } from "../../src/backends/mysql/features.ts";
import { parseDatabaseUrl, resolveConfig } from "../../src/settings.ts";
import { Account } from "../postgresql/models.ts";
import { connection, rows, settings, setUp, skip } from "./setup.ts";

await setUp("connection");

const byNumber = Account.aobjects.orderBy("balance");

describe("MySQL: settings", () => {
  it("takes both schemes and options in the URL", () => {
    for (const scheme of ["mysql", "mariadb"]) {
      const { default: database } = resolveConfig({
        databases: { default: `${scheme}://me:secret@db.example:3307/shop?pool=3&statementTimeout=1000` },
      }).databases;
      assert.deepEqual(database, {
        alias: "default",
        engine: "mysql",
        name: "shop",
        host: "db.example",
        port: 3307,
        user: "me",
        password: "secret",
        pool: 3,
        statementTimeout: 1000,
      });
    }
    assert.equal(
      parseDatabaseUrl("mysql://me@/shop?host=/run/mysqld/mysqld.sock").host,
      "/run/mysqld/mysqld.sock",
    );
  });

  it("refuses what it does not know", () => {
    const resolve = (options: object) => () =>
      resolveConfig({ databases: { default: { engine: "mysql", name: "shop", ...options } } });
    assert.throws(resolve({ statementCache: 5 }), /has no setting 'statementCache'/);
    assert.throws(resolve({ pool: 0 }), /room for one connection/);
  });

  it("says how to install the driver", async () => {
    const missing = Object.assign(new Error("Cannot find package 'mysql2'"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    // Another copy of the module has not loaded the driver yet.
    const { loadDriver: fresh } = (await import("../../src/backends/mysql/driver.ts?missing" as string)) as {
      loadDriver: typeof loadDriver;
    };
    await assert.rejects(
      fresh(() => Promise.reject(missing)),
      /Run `npm install mysql2`/,
    );
  });

  it("features follow the server and its version", () => {
    const mysql = (...version: number[]) => new MysqlFeatures({ ...ASSUMED, mariadb: false, version });
    const mariadb = (...version: number[]) => new MysqlFeatures({ ...ASSUMED, version });
    assert.equal(mysql(8, 0, 36).canReturnColumnsFromInsert, false);
    assert.equal(mysql(8, 0, 36).hasSelectForUpdateOf, true);
    assert.equal(mysql(8, 0, 30).supportsSelectIntersection, false);
    assert.equal(mysql(8, 4, 0).supportsExpressionIndexes, true);
    assert.equal(mariadb(10, 6, 5).hasNativeUuidField, false);
    assert.equal(mariadb(10, 11, 2).hasNativeUuidField, true);
    assert.equal(mariadb(11, 4, 2).supportsSelectDifference, true);
    assert.equal(mariadb(10, 5, 9).hasSelectForUpdateSkipLocked, false);
  });
});

describe("MySQL: connection", { skip }, () => {
  it("is in UTC, reads what was committed, and compares as Django's connections do", async () => {
    const [[zone, names, mode, nulls] = []] = await rows(
      "SELECT @@time_zone, @@character_set_connection, @@sql_mode, @@sql_auto_is_null",
    );
    assert.deepEqual([zone, names, nulls], ["+00:00", "utf8mb4", 0]);
    assert.doesNotMatch(String(mode), /NO_BACKSLASH_ESCAPES|IGNORE_SPACE/);
    const { mariadb } = connection().server ?? ASSUMED;
    const level = mariadb ? "@@tx_isolation" : "@@transaction_isolation";
    assert.deepEqual(await rows(`SELECT ${level}`), [["READ-COMMITTED"]]);
  });

  it("gives the server's version, and what it can do", async () => {
    const [major] = await connection().version("async");
    assert.ok((major as number) >= 8);
    const { server } = connection();
    assert.equal((connections.features() as MysqlFeatures).server, server);
  });

  it("refuses sync access and names the async spelling", () => {
    assert.throws(() => Account.objects.count(), SynchronousOnlyOperation);
    assert.throws(() => Account.objects.count(), /is MySQL or MariaDB, .* aobjects instead of objects/);
  });

  it("fails with an OperationalError where no server is, and goes on when there is one", async () => {
    settings({ port: 1 });
    await assert.rejects(Account.aobjects.count(), OperationalError);
    await assert.rejects(Account.aobjects.count(), OperationalError);
    settings({ user: "nobody-of-that-name", password: "wrong" });
    await assert.rejects(Account.aobjects.count(), { name: "OperationalError", message: /Access denied/ });
    settings();
    await Account.aobjects.count();
  });

  it("asks for the password when it connects", async () => {
    let asked = 0;
    settings({
      password: async () => {
        asked++;
        return "";
      },
    });
    await Account.aobjects.count();
    assert.ok(asked > 0);
    settings();
  });

  it("replaces connections that the server has closed", async () => {
    settings({ pool: 1 });
    const [[id]] = (await rows("SELECT CONNECTION_ID()")) as [[number]];
    await runOnMysql(`KILL ${id}`);
    const [[next]] = (await rows("SELECT CONNECTION_ID()")) as [[number]];
    assert.notEqual(next, id);
    assert.equal(connection().poolState.size, 1);
    // Killed by itself, while it is in use: that statement fails.
    await assert.rejects(rows("KILL CONNECTION_ID()"), OperationalError);
    const [[last]] = (await rows("SELECT CONNECTION_ID()")) as [[number]];
    assert.notEqual(last, next);
    settings();
  });

  it("a transaction whose connection is cut fails as a whole, and leaves nothing behind", async () => {
    await assert.rejects(
      aatomic(async () => {
        await Account.aobjects.create({ name: "cut" });
        const [[id]] = (await rows("SELECT CONNECTION_ID()")) as [[number]];
        await runOnMysql(`KILL ${id}`);
        await Account.aobjects.create({ name: "after" });
      }),
    );
    assert.equal(await Account.aobjects.count(), 0);
    const { size, idle } = connection().poolState;
    assert.equal(idle, size);
  });

  it("sends packets of all sizes: a packet that fills one of its parts is followed by an empty one", async () => {
    const [[most]] = (await rows("SELECT @@max_allowed_packet")) as [[number]];
    const sizes = [0xfffffb, 0xfffffc, 0xfffffd, 0xfffffe, 0xffffff, 0x1000000, 0x1fffffe, 0x1ffffff];
    const sent = sizes.filter((size) => size < most);
    assert.ok(sent.includes(0xffffff), `the server takes ${most} bytes only`);
    for (const size of sent) {
      // One byte says that it is a query.
      const text = "x".repeat(size - 1 - "SELECT LENGTH('')".length);
      assert.deepEqual(await rows("SELECT LENGTH(?)", [text]), [[text.length]]);
    }
  });

  it("streams rows through a cursor of the server, and closes it on an early break", async () => {
    await Account.aobjects.bulkCreate(
      Array.from({ length: 500 }, (_, i) => new Account({ name: `s${i}`, balance: i })),
    );
    settings({ pool: 1 });
    const seen: number[] = [];
    for await (const { balance } of byNumber.iterator({ chunkSize: 50 })) {
      seen.push(balance);
      if (seen.length === 120) break;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 120 }, (_, i) => i),
    );
    const closed =
      "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'COM_STMT_CLOSE'";
    if (connection().server?.mariadb === true) assert.deepEqual(await rows(closed), [["1"]]);
    const { size, idle } = connection().poolState;
    assert.equal(idle, size);
    settings();
  });

  it("other statements run while a cursor of the same transaction is open", async () => {
    await aatomic(async () => {
      let count = 0;
      for await (const account of byNumber.iterator({ chunkSize: 100 })) {
        account.balance += 1000;
        if (count++ % 50 === 0) await account.asave();
      }
      assert.equal(count, 500);
    });
    assert.equal(await Account.aobjects.filter({ balance__gte: 1000 }).count(), 10);
    await Account.aobjects.all().delete();
  });

  it("a query that is aborted is stopped on the server, and its connection is given back clean", async () => {
    settings({ pool: 1 });
    await rows("DO 0");
    const { runWithSignal } = await import("../../src/backends/base/signal.ts");
    const controller = new AbortController();
    const started = performance.now();
    const slow = runWithSignal(controller.signal, () => rows("SELECT SLEEP(20)"));
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await assert.rejects(slow, /enough/);
    assert.ok(performance.now() - started < 10_000);
    assert.deepEqual(await rows("SELECT 1"), [[1]]);
    assert.equal(connection().poolState.idle, 1);
    settings();
  });

  it("closes and opens again", async () => {
    await connections.close();
    assert.equal(await Account.aobjects.count(), 0);
  });
});

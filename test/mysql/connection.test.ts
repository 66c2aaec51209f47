import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connections } from "asgimod";
import type { MysqlConnection } from "../../src/backends/mysql/connection.ts";
import type { loadDriver } from "../../src/backends/mysql/driver.ts";
import { ASSUMED, MysqlFeatures } from "../../src/backends/mysql/features.ts";
import { parseDatabaseUrl, resolveConfig } from "../../src/settings.ts";
import { connection, rows, settings, setUp } from "../servers/bank.ts";
import { Account } from "../servers/models.ts";
import { mysql, skip } from "./server.ts";

await setUp(mysql, "connection");

/** What the server has said about itself. */
const server = () => (connection() as unknown as MysqlConnection).server;

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
    const { mariadb } = server() ?? ASSUMED;
    const level = mariadb ? "@@tx_isolation" : "@@transaction_isolation";
    assert.deepEqual(await rows(`SELECT ${level}`), [["READ-COMMITTED"]]);
  });

  it("gives the server's version, and what it can do", async () => {
    const [major] = await connection().version("async");
    assert.ok((major as number) >= 8);
    assert.equal((connections.features() as MysqlFeatures).server, server());
  });

  it("refuses who is not known", async () => {
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
        return mysql.password;
      },
    });
    await Account.aobjects.count();
    assert.ok(asked > 0);
    settings();
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

  it("a cursor that is left early is closed on the server", async (test) => {
    if (server()?.mariadb !== true) return test.skip("MariaDB counts what a session has closed");
    await Account.aobjects.bulkCreate(Array.from({ length: 100 }, (_, i) => new Account({ name: `s${i}` })));
    settings({ pool: 1 });
    for await (const _ of Account.aobjects.iterator({ chunkSize: 50 })) break;
    const closed =
      "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'COM_STMT_CLOSE'";
    assert.deepEqual(await rows(closed), [["1"]]);
    settings();
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type DriverName, findDriver } from "../../src/backends/sqlite/driver.ts";
import { countPlaceholders, nodeSqlite } from "../../src/backends/sqlite/driver-node.ts";
import "../../src/backends/sqlite/index.ts";
import { connections } from "../../src/connections.ts";
import {
  DataError,
  IntegrityError,
  InterfaceError,
  OperationalError,
  ProgrammingError,
} from "../../src/errors.ts";
import { runAsync, runSync } from "../../src/execute/run.ts";
import { configure } from "../../src/settings.ts";
import type { Cursor, Rows, RunResult, Task } from "../../src/task.ts";
import { atomic } from "../../src/transaction.ts";

function* rows(sql: string, params: unknown[] = [], bigints = false): Task<Rows> {
  return (yield { kind: "rows", alias: "default", sql, params, bigints }) as Rows;
}

function* run(sql: string, params: unknown[] = []): Task<RunResult> {
  return (yield { kind: "run", alias: "default", sql, params }) as RunResult;
}

function* chunks(sql: string, chunkSize: number): Task<Rows[]> {
  const cursor = (yield { kind: "open", alias: "default", sql, params: [], chunkSize }) as Cursor;
  const found: Rows[] = [];
  for (;;) {
    const chunk = (yield { kind: "fetch", alias: "default", cursor }) as Rows;
    if (chunk.length === 0) return found;
    found.push(chunk);
  }
}

const one = (sql: string, params: unknown[] = []): unknown => runSync(rows(sql, params))[0]?.[0];

function installed(name: DriverName): string | false {
  try {
    findDriver(name);
    return false;
  } catch (error) {
    return (error as Error).message;
  }
}

for (const driver of ["node:sqlite", "better-sqlite3"] as const) {
  for (const worker of [false, true]) {
    const missing = installed(driver);
    describe(`driver ${driver}${worker ? " on a worker" : ""}`, { skip: missing }, () => {
      let directory: string;
      before(() => {
        directory = mkdtempSync(join(tmpdir(), "asgimod-"));
        configure({
          databases: { default: { engine: "sqlite", name: join(directory, "x.db"), driver, worker } },
        });
        runSync(
          run(
            "CREATE TABLE t (id integer PRIMARY KEY, name text UNIQUE, price decimal NOT NULL, ref integer REFERENCES t (id), " +
              'CONSTRAINT "price_range" CHECK (price < 100)) ',
          ),
        );
        runSync(run("CREATE UNIQUE INDEX u_lower ON t (LOWER(name)) WHERE id > 1000"));
      });
      after(async () => {
        await connections.close();
        rmSync(directory, { recursive: true, force: true });
      });

      test("binds a number as a float, a bigint as an integer", () => {
        const sql = "SELECT typeof(?), typeof(?), typeof(?), typeof(?), typeof(?), 7 / ?, 7 / ?, 'x' || ?";
        const params = [1, 1n, "1", null, new Uint8Array([1]), 2n, 2, 5n];
        assert.deepEqual(runSync(rows(sql, params)), [
          ["real", "integer", "text", "null", "blob", 3, 3.5, "x5"],
        ]);
      });

      test("reads bytes, integers of any size, and bigints where asked for", () => {
        const bytes = one("SELECT ?", [new Uint8Array([0, 255])]);
        assert.ok(bytes instanceof Uint8Array);
        assert.deepEqual([...bytes], [0, 255]);
        assert.deepEqual(runSync(rows("SELECT 1, 1.5, 9007199254740993", [], true)), [
          [1n, 1.5, 9007199254740993n],
        ]);
        // Nobody expected a big one, for instance in a sum: it is not rounded.
        assert.deepEqual(runSync(rows("SELECT 1, 9007199254740993, ?", [2n])), [[1, 9007199254740993n, 2]]);
        assert.deepEqual(runSync(rows("SELECT 1, 2, ?", [2n])), [[1, 2, 2]]);
      });

      test("reports changes and keys", () => {
        const insert = runSync(run("INSERT INTO t (id, name, price) VALUES (41, 'a', 1), (42, 'b', 2)"));
        assert.deepEqual({ ...insert }, { changes: 2, lastInsertId: 42 });
        assert.deepEqual(runSync(rows("INSERT INTO t (name, price) VALUES ('c', 3) RETURNING id, name")), [
          [43, "c"],
        ]);
        assert.equal(runSync(run("UPDATE t SET price = price + 1")).changes, 3);
        assert.equal(runSync(run("DELETE FROM t WHERE id = 43")).changes, 1);
      });

      test("reads in chunks", async () => {
        const numbers =
          "WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 5) SELECT v FROM n";
        assert.deepEqual(runSync(chunks(numbers, 2)), [[[1], [2]], [[3], [4]], [[5]]]);
        assert.deepEqual(await runAsync(chunks(numbers, 5)), [[[1], [2], [3], [4], [5]]]);
        assert.deepEqual(runSync(chunks("SELECT 1 WHERE 0", 5)), []);
      });

      test("names the constraint that was violated", () => {
        const violations: [sql: string, message: string, constraint: string | undefined][] = [
          ["INSERT INTO t (name, price) VALUES ('a', 1)", "UNIQUE constraint failed: t.name", "t.name"],
          [
            "INSERT INTO t (id, name, price) VALUES (1001, 'K', 1), (1002, 'k', 1)",
            "UNIQUE constraint failed: index 'u_lower'",
            "u_lower",
          ],
          [
            "INSERT INTO t (name, price) VALUES ('x', 100)",
            "CHECK constraint failed: price_range",
            "price_range",
          ],
          ["INSERT INTO t (name) VALUES ('x')", "NOT NULL constraint failed: t.price", "t.price"],
          ["INSERT INTO t (name, price, ref) VALUES ('x', 1, 9)", "FOREIGN KEY constraint failed", undefined],
        ];
        for (const [sql, message, constraint] of violations) {
          assert.throws(
            () => runSync(run(sql)),
            (error: IntegrityError & { cause: { sql: string } }) => {
              assert.ok(error instanceof IntegrityError);
              assert.equal(error.message, message);
              assert.equal(error.constraint, constraint);
              assert.equal(error.code, "integrity_error");
              assert.equal(error.cause.sql, sql);
              return true;
            },
          );
        }
        assert.throws(() => runSync(run("INSERT INTO t (id, name, price) VALUES ('x', 'y', 1)")), {
          name: "IntegrityError",
          message: "datatype mismatch",
        });
      });

      test("tells other errors apart", async () => {
        const failing = (
          sql: string,
          params: unknown[],
          Class: new (message: string) => Error,
          message: RegExp,
        ) =>
          assert.throws(
            () => runSync(rows(sql, params)),
            (error: Error) => {
              assert.ok(error instanceof Class, `${error.name} for ${sql}`);
              assert.match(error.message, message);
              return true;
            },
          );
        failing("SELECT * FROM missing", [], OperationalError, /^no such table: missing$/);
        failing("SELEC 1", [], OperationalError, /^near "SELEC": syntax error$/);
        failing("SELECT COT(0)", [], OperationalError, /^user-defined function raised exception$/);
        failing("SELECT ?", [2n ** 64n], DataError, /too (large|big)/);
        failing(
          "SELECT ?, ?",
          [1n],
          ProgrammingError,
          /Incorrect number of bindings|Too few parameter values/,
        );
        failing(
          "SELECT ?",
          [1n, 2n],
          ProgrammingError,
          /Incorrect number of bindings|Too many parameter values/,
        );
        failing("SELECT ?, ?", [1n, new Date()], ProgrammingError, /./);
        failing("SELECT ?, ?", [1n, () => 1], ProgrammingError, /./);
        failing(
          "SELECT ?",
          [new Date()],
          TypeError,
          /^Error binding parameter 1: type 'Date' is not supported\.$/,
        );
        failing(
          "SELECT ?",
          [undefined],
          TypeError,
          /^Error binding parameter 1: type 'undefined' is not supported\.$/,
        );
        await assert.rejects(runAsync(rows("SELECT * FROM missing")), OperationalError);
      });

      test("foreign keys are on, the journal is WAL", () => {
        assert.deepEqual(
          ["foreign_keys", "legacy_alter_table", "busy_timeout", "journal_mode"].map((name) =>
            one(`PRAGMA ${name}`),
          ),
          [1, 0, 5_000, "wal"],
        );
      });

      test("runs the SQL functions", () => {
        assert.equal(one("SELECT 'straße' REGEXP '(?i)^STRA.E$'"), 1);
        assert.equal(
          one("SELECT django_datetime_extract('hour', '2024-07-01 10:00:00', 'Europe/Berlin', 'UTC')"),
          12,
        );
        assert.equal(one("SELECT STDDEV_POP(v) FROM (SELECT 1 AS v UNION ALL SELECT 3)"), 1);
      });

      test("a rolled back statement that failed in the middle leaves nothing", () => {
        assert.throws(
          () => atomic(() => runSync(run("INSERT INTO t (name, price) VALUES ('p', 1), ('q', 2), ('p', 3)"))),
          IntegrityError,
        );
        assert.equal(one("SELECT COUNT(*) FROM t WHERE name IN ('p', 'q')"), 0);
      });
    });
  }
}

describe("choice of the driver", () => {
  test("node:sqlite is the default where it is", () => {
    assert.equal(findDriver().name, nodeSqlite() === null ? "better-sqlite3" : "node:sqlite");
  });

  test("an unknown one is an error that names the choices", () => {
    assert.throws(
      () => configure({ databases: { default: { url: "sqlite:x.db", driver: "sqlite3" as never } } }),
      { name: "ImproperlyConfigured", message: /Choices are: node:sqlite, better-sqlite3\.$/ },
    );
  });

  test("what is not installed says how to install it", {
    skip: installed("better-sqlite3") === false,
  }, () => {
    assert.throws(() => findDriver("better-sqlite3"), { message: /npm install better-sqlite3/ });
  });
});

test("a session that is closed says so", () => {
  const database = findDriver().open(":memory:", { readOnly: false });
  database.close();
  assert.throws(() => database.prepare("SELECT 1"), /not open/);
});

test("a file that cannot be opened", async () => {
  configure({ databases: { default: "sqlite:/nonexistent/directory/x.db" } });
  assert.throws(() => runSync(rows("SELECT 1")), {
    name: "OperationalError",
    message: "unable to open database file",
  });
  await assert.rejects(runAsync(rows("SELECT 1")), { name: "OperationalError" });
  await connections.close();
});

test("read-only databases refuse writes", async () => {
  const directory = mkdtempSync(join(tmpdir(), "asgimod-"));
  const name = join(directory, "x.db");
  configure({ databases: { default: { engine: "sqlite", name } } });
  runSync(run("CREATE TABLE t (id integer PRIMARY KEY)"));
  configure({ databases: { default: { engine: "sqlite", name, readOnly: true } } });
  assert.throws(() => runSync(run("INSERT INTO t VALUES (1)")), {
    name: "OperationalError",
    message: "attempt to write a readonly database",
  });
  assert.equal(one("SELECT COUNT(*) FROM t"), 0);
  await connections.close();
  rmSync(directory, { recursive: true });
});

test("prepared statements are kept within bounds", async () => {
  configure({ databases: { default: { url: "sqlite::memory:", statementCache: 2 } } });
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 5; n += 1) assert.equal(one(`SELECT ${n}`), n);
  }
  await connections.close();
  assert.ok(new InterfaceError("x") instanceof Error);
});

test("placeholders are counted outside of texts, names and comments", () => {
  const cases: [string, number][] = [
    ["SELECT 1", 0],
    ["SELECT ?, ?", 2],
    [`SELECT '?', "?", \`?\`, [?], ? -- ?`, 1],
    ["SELECT '''?', /* ? */ ?", 1],
    ["SELECT ?1, ?1", -1],
    ["SELECT :name", -1],
  ];
  for (const [sql, count] of cases) assert.equal(countPlaceholders(sql), count, sql);
});

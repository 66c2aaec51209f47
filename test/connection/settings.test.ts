import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import "../../src/backends/sqlite/index.ts";
import { connections, onQuery, type QueryEvent } from "../../src/connections.ts";
import { runSync } from "../../src/execute/run.ts";
import {
  type Config,
  configure,
  defineConfig,
  getSettings,
  onConfigure,
  parseDatabaseUrl,
  resolveConfig,
  type Settings,
} from "../../src/settings.ts";
import type { Rows, Task } from "../../src/task.ts";
import { countQueries } from "../../src/testing/queries.ts";
import { atomic } from "../../src/transaction.ts";

function* rows(sql: string, alias = "default"): Task<Rows> {
  return (yield { kind: "rows", alias, sql, params: [] }) as Rows;
}

afterEach(() => connections.close());

describe("database URLs", () => {
  const cases: [string, object][] = [
    ["sqlite:db.sqlite3", { engine: "sqlite", name: "db.sqlite3" }],
    ["sqlite::memory:", { engine: "sqlite", name: ":memory:" }],
    ["sqlite:/data/db.sqlite3", { engine: "sqlite", name: "/data/db.sqlite3" }],
    ["sqlite:///data/db.sqlite3", { engine: "sqlite", name: "/data/db.sqlite3" }],
    ["sqlite://db.sqlite3", { engine: "sqlite", name: "db.sqlite3" }],
    ["sqlite:C:\\data\\db.sqlite3", { engine: "sqlite", name: "C:\\data\\db.sqlite3" }],
    [
      "sqlite:a.db?worker=true&busyTimeout=100",
      { engine: "sqlite", name: "a.db", worker: true, busyTimeout: 100 },
    ],
    [
      "postgresql://us%40er:p%3Aw@db.example:5433/shop?sync=true",
      {
        engine: "postgresql",
        host: "db.example",
        port: 5433,
        user: "us@er",
        password: "p:w",
        name: "shop",
        sync: true,
      },
    ],
    ["mysql://localhost/shop", { engine: "mysql", host: "localhost", name: "shop" }],
  ];
  for (const [url, parts] of cases) {
    test(url, () => assert.deepEqual(parseDatabaseUrl(url), parts));
  }
});

describe("configure", () => {
  test("the defaults", () => {
    const settings = resolveConfig({});
    assert.deepEqual(settings, {
      apps: {},
      databases: { default: { alias: "default", engine: "sqlite", name: "db.sqlite3" } },
      timeZone: "UTC",
      useTz: true,
      defaultAutoField: "BigAutoField",
      routers: [],
      slowQueries: null,
    });
  });

  const wrong: [string, unknown, RegExp][] = [
    [
      "a key",
      { database: {} },
      /^The configuration has no setting 'database'\. Choices are: apps, databases, default/,
    ],
    [
      "an option",
      { databases: { default: { url: "sqlite:a", pool: 3 } } },
      /^Database 'default' has no setting 'pool'\. Choices are: busyTimeout, driver, engine/,
    ],
    [
      "a scheme",
      { databases: { default: "oracle://x/y" } },
      /'oracle' isn't a database backend\. Installed backends are: sqlite\.$/,
    ],
    [
      "a backend",
      { databases: { default: "postgresql://x/y" } },
      /the backend 'postgresql' is not installed/,
    ],
    ["another backend", { databases: { default: "mariadb://x/y" } }, /the backend 'mysql' is not installed/],
    ["no URL", { databases: { default: "db.sqlite3" } }, /'db\.sqlite3' is not a database URL/],
    ["no name", { databases: { default: "sqlite:" } }, /please supply its name/],
    ["no engine", { databases: { default: { name: "x" } } }, /neither a url nor an engine/],
    ["no default", { databases: { other: "sqlite:a" } }, /You must define a 'default' database/],
    [
      "a time zone",
      { timeZone: "Mars/Olympus" },
      /Incorrect time zone setting for timeZone: 'Mars\/Olympus'/,
    ],
    [
      "an auto field",
      { defaultAutoField: "UUIDField" },
      /Choices are: AutoField, BigAutoField, SmallAutoField/,
    ],
    [
      "a mode",
      { databases: { default: { url: "sqlite:a", transactionMode: "NOW" } } },
      /transactionMode of database 'default' .* Choices are: DEFERRED, EXCLUSIVE, IMMEDIATE/,
    ],
  ];
  for (const [what, config, message] of wrong) {
    test(`unknown: ${what}`, () => {
      assert.throws(() => configure(config as Config), { name: "ImproperlyConfigured", message });
    });
  }

  test("tells the listeners, at once and later", () => {
    const heard: Settings[] = [];
    configure({ timeZone: "Europe/Berlin" });
    onConfigure((settings) => heard.push(settings));
    configure(defineConfig({ databases: { default: "sqlite::memory:" } }));
    assert.deepEqual(
      heard.map((settings) => settings.timeZone),
      ["Europe/Berlin", "UTC"],
    );
    assert.equal(getSettings(), heard[1]);
  });
});

describe("connections", () => {
  test("unknown aliases name the known ones", () => {
    configure({ databases: { default: "sqlite::memory:", replica: "sqlite::memory:" } });
    assert.throws(() => connections.get("other"), {
      name: "ConnectionDoesNotExist",
      message: "The connection 'other' doesn't exist. Choices are: default, replica.",
    });
    assert.throws(() => connections.get("constructor"), { name: "ConnectionDoesNotExist" });
    assert.deepEqual(connections.aliases, ["default", "replica"]);
  });

  test("each alias has its database and transaction", () => {
    configure({ databases: { default: "sqlite::memory:", other: "sqlite::memory:" } });
    runSync(rows("CREATE TABLE t (x)"));
    assert.throws(() => runSync(rows("SELECT * FROM t", "other")), { message: "no such table: t" });
    assert.throws(() =>
      atomic(
        () => {
          atomic(() => runSync(rows("INSERT INTO t VALUES (1)")));
          throw new Error("abort");
        },
        { using: "other" },
      ),
    );
    assert.deepEqual(runSync(rows("SELECT x FROM t")), [[1]]);
  });

  test("ops and features need no open database", () => {
    configure({ databases: { default: "sqlite:/nonexistent/x.db" } });
    assert.equal(connections.features().maxQueryParams, 999);
    assert.equal(connections.ops().quoteName("a"), '"a"');
    assert.equal(connections.get().vendor, "sqlite");
  });

  test("configuring again keeps connections whose settings stay", () => {
    configure({ databases: { default: "sqlite::memory:" } });
    runSync(rows("CREATE TABLE t (x)"));
    configure({ databases: { default: "sqlite::memory:" }, timeZone: "Europe/Berlin" });
    assert.deepEqual(runSync(rows("SELECT * FROM t")), []);
    configure({ databases: { default: { url: "sqlite::memory:", busyTimeout: 1 } } });
    assert.throws(() => runSync(rows("SELECT * FROM t")), { message: "no such table: t" });
  });

  test("the version", () => {
    configure({ databases: { default: "sqlite::memory:" } });
    const version = connections.get().version("sync") as readonly number[];
    assert.equal(version[0], 3);
  });
});

describe("queries observed", () => {
  test("onQuery tells what ran, control statements marked", () => {
    configure({ databases: { default: "sqlite::memory:" } });
    const events: QueryEvent[] = [];
    const stop = onQuery((event) => events.push(event));
    runSync(rows("SELECT 1 UNION SELECT 2"));
    atomic(() => atomic(() => {}));
    assert.throws(() => runSync(rows("SELEC")));
    stop();
    runSync(rows("SELECT 3"));
    assert.deepEqual(
      events.map(({ sql, control }) => [sql, control]),
      [
        ["SELECT 1 UNION SELECT 2", false],
        ["BEGIN", true],
        ['SAVEPOINT "s1"', true],
        ['RELEASE SAVEPOINT "s1"', true],
        ["COMMIT", true],
        ["SELEC", false],
      ],
    );
    assert.equal(events[0]?.rows, 2);
    assert.ok((events[0]?.duration ?? -1) >= 0);
    assert.match(String(events[5]?.error), /^OperationalError/);
  });

  test("countQueries counts, in both colours, and lets errors through", async () => {
    configure({ databases: { default: "sqlite::memory:" } });
    const counted = countQueries(() => atomic(() => runSync(rows("SELECT 1"))));
    assert.deepEqual([counted.count, counted.value], [1, [[1]]]);
    const later = await countQueries(async () => {
      runSync(rows("SELECT 1"));
      runSync(rows("SELECT 2"));
      return "x";
    });
    assert.deepEqual([later.count, later.value, later.queries[1]?.sql], [2, "x", "SELECT 2"]);
    assert.throws(() => countQueries(() => runSync(rows("SELEC"))));
    await assert.rejects(countQueries(async () => Promise.reject(new Error("x"))));
  });
});

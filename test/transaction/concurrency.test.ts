import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { connections } from "../../src/connections.ts";
import { runAsync, runSync } from "../../src/execute/run.ts";
import { configure } from "../../src/settings.ts";
import type { Cursor, Rows, Task } from "../../src/task.ts";
import { aatomic, atomic } from "../../src/transaction.ts";
import { aadd, aall, add, all, DATABASES, freshDatabase, gate, rows, run } from "./setup.ts";

function* openCursor(chunkSize: number): Task<Cursor> {
  const sql = "SELECT name FROM t ORDER BY id";
  return (yield { kind: "open", alias: "default", sql, params: [], chunkSize }) as Cursor;
}

function* fetchChunk(cursor: Cursor): Task<Rows> {
  return (yield { kind: "fetch", alias: "default", cursor }) as Rows;
}

function* closeCursor(cursor: Cursor): Task<void> {
  yield { kind: "close", alias: "default", cursor };
}

for (const [title, make] of Object.entries(DATABASES)) {
  const inMemory = title.includes("memory");

  describe(`concurrent tasks, database ${title}`, () => {
    let clean: () => Promise<void>;
    beforeEach(async () => {
      clean = await freshDatabase(make);
    });
    afterEach(() => clean());

    /** A transaction of another task that has written `x` and waits. */
    async function holding(work: () => Promise<void>, end: () => void = () => {}): Promise<void> {
      const started = gate();
      const finish = gate();
      const other = aatomic(async () => {
        await aadd("x");
        started.open();
        await finish.opened;
        end();
      });
      await started.opened;
      try {
        await work();
      } finally {
        finish.open();
        await other.catch(() => {});
      }
    }

    test("nobody sees another task's uncommitted rows", async () => {
      await aadd("a");
      let read: Promise<string> = Promise.resolve("");
      const abort = () => {
        throw new Error("abort");
      };
      await holding(async () => {
        read = aall();
        if (!inMemory) assert.equal(await read, "a");
      }, abort);
      assert.equal(await read, "a");
    });

    test("writes and transactions wait in line", async () => {
      const order: string[] = [];
      const waiting: Promise<unknown>[] = [];
      await holding(async () => {
        waiting.push(aadd("1").then(() => order.push("1")));
        waiting.push(
          aatomic(async () => {
            await aadd("2");
            await new Promise((resolve) => setTimeout(resolve, 3));
            order.push("2");
          }),
        );
        waiting.push(aadd("3").then(() => order.push("3")));
        waiting.push(
          runAsync(rows("INSERT INTO t (name) VALUES ('4') RETURNING id")).then(() => order.push("4")),
        );
        await new Promise((resolve) => setTimeout(resolve, 3));
        assert.deepEqual(order, []);
      });
      await Promise.all(waiting);
      assert.deepEqual(order, ["1", "2", "3", "4"]);
      assert.equal(all(), "x,1,2,3,4");
    });

    test("sync code meets an async transaction", async () => {
      await aadd("a");
      const locked = {
        name: "OperationalError",
        message: /^database is locked: an async transaction on 'default'/,
      };
      await holding(async () => {
        assert.throws(() => add("b"), locked);
        assert.throws(() => atomic(() => {}), locked);
        if (inMemory) assert.throws(all, locked);
        else assert.equal(all(), "a");
      });
      add("b");
      assert.equal(all(), "a,x,b");
    });

    test("queries side by side in one transaction", async () => {
      await aatomic(async () => {
        await Promise.all(["a", "b", "c"].map(aadd));
      });
      assert.equal(all(), "a,b,c");
    });

    test("nested blocks side by side take turns", async () => {
      const pause = () => new Promise((resolve) => setTimeout(resolve, 2));
      await aatomic(async () => {
        const results = await Promise.allSettled([
          aatomic(async () => {
            await aadd("a1");
            await pause();
            await aadd("a2");
          }),
          aatomic(async () => {
            await aadd("b1");
            await pause();
            throw new Error("b");
          }),
          aatomic(async () => {
            await aadd("c1");
            await pause();
          }),
          // Not in a block of its own: must not end up in the one that is rolled back.
          pause().then(() => aadd("d")),
        ]);
        assert.deepEqual(
          results.map((result) => result.status),
          ["fulfilled", "rejected", "fulfilled", "fulfilled"],
        );
      });
      assert.deepEqual(all().split(",").sort(), ["a1", "a2", "c1", "d"]);
    });

    test("a nested block that nobody awaits ends before the outer one", async () => {
      await aatomic(async () => {
        void aatomic(async () => {
          await aadd("a");
          await new Promise((resolve) => setTimeout(resolve, 3));
          await aadd("b");
        });
      });
      assert.equal(all(), "a,b");
    });

    test("a sync block cannot end around an open async one", async () => {
      let inner: Promise<unknown> = Promise.resolve();
      const act = () =>
        atomic(() => {
          add("a");
          inner = aatomic(async () => {
            await new Promise((resolve) => setTimeout(resolve, 3));
            await aadd("b");
          });
          inner.catch(() => {});
        });
      assert.throws(act, { name: "RuntimeError", message: /everything was rolled back/ });
      await assert.rejects(inner, { name: "TransactionManagementError", message: /escaped/ });
      assert.equal(all(), "");
      add("c");
      assert.equal(all(), "c");
    });

    test("many transactions count correctly", async () => {
      await runAsync(run("CREATE TABLE n (v integer)"));
      await runAsync(run("INSERT INTO n VALUES (0)"));
      const increment = () =>
        aatomic(async () => {
          const [[value]] = (await runAsync(rows("SELECT v FROM n"))) as [[number]];
          await new Promise((resolve) => setImmediate(resolve));
          await runAsync(run("UPDATE n SET v = ?", BigInt(value + 1)));
        });
      await Promise.all(Array.from({ length: 50 }, increment));
      assert.deepEqual(runSync(rows("SELECT v FROM n")), [[50]]);
    });

    test("a cursor keeps its rows while others write", async () => {
      await Promise.all(["a", "b", "c", "d"].map(aadd));
      const cursor = await runAsync(openCursor(2));
      assert.deepEqual(await runAsync(fetchChunk(cursor)), [["a"], ["b"]]);
      await aatomic(async () => {
        await runAsync(run("UPDATE t SET name = name || '!'"));
        await aadd("e");
      });
      assert.deepEqual(await runAsync(fetchChunk(cursor)), [["c"], ["d"]]);
      assert.deepEqual(await runAsync(fetchChunk(cursor)), []);
      const early = runSync(openCursor(1));
      assert.deepEqual(runSync(fetchChunk(early)), [["a!"]]);
      runSync(closeCursor(early));
      assert.deepEqual(runSync(fetchChunk(early)), []);
      await runAsync(run("DROP TABLE t"));
    });

    test("a cursor of a transaction ends with it", async () => {
      await Promise.all(["a", "b", "c"].map(aadd));
      const cursor = await aatomic(async () => {
        await aadd("d");
        const opened = await runAsync(openCursor(3));
        assert.equal((await runAsync(fetchChunk(opened))).length, 3);
        return opened;
      });
      await assert.rejects(runAsync(fetchChunk(cursor)), {
        name: "TransactionManagementError",
        message: /escaped/,
      });
    });

    test("closing fails those who wait, and the next use opens again", async () => {
      const waiting: Promise<unknown>[] = [];
      await holding(async () => {
        waiting.push(aadd("b"));
        waiting[0]?.catch(() => {});
        await connections.close();
      });
      await assert.rejects(waiting[0] as Promise<unknown>, {
        name: "OperationalError",
        message: "The connection 'default' was closed.",
      });
      if (inMemory) assert.throws(all, { name: "OperationalError", message: "no such table: t" });
      else assert.equal(all(), "");
    });
  });
}

test("who waits too long for another task's transaction gets an error", async () => {
  configure({ databases: { default: { url: "sqlite::memory:", busyTimeout: 20 } } });
  runSync(run("CREATE TABLE t (id integer PRIMARY KEY, name text UNIQUE)"));
  const inside = aatomic(async () => {
    // The transaction waits for a task that waits for the transaction.
    const stuck = connections
      .get("default")
      .execute({ kind: "run", alias: "default", sql: "DELETE FROM t", params: [] }, "async", null);
    await assert.rejects(stuck as Promise<unknown>, {
      name: "OperationalError",
      message: /^database is locked: another task has kept a transaction on 'default' open for 20 ms\./,
    });
  });
  await inside;
  await connections.close();
});

test("another connection's lock, as another process would hold it, is an error after busyTimeout", async () => {
  const clean = await freshDatabase(DATABASES["in a file"] as (directory: string) => string);
  const { name } = connections.settings();
  configure({
    databases: {
      default: `sqlite:${name}`,
      other: { engine: "sqlite", name, busyTimeout: 30 },
    },
  });
  await aatomic(async () => {
    await aadd("a");
    const insert = {
      kind: "run",
      alias: "other",
      sql: "INSERT INTO t (name) VALUES ('b')",
      params: [],
    } as const;
    const other = connections.get("other");
    assert.throws(() => other.execute(insert, "sync", null), {
      name: "OperationalError",
      message: "database is locked",
    });
    const read = { kind: "rows", alias: "other", sql: "SELECT COUNT(*) FROM t", params: [] } as const;
    assert.deepEqual(other.execute(read, "sync", null), [[0]]);
  });
  assert.equal(all(), "a");
  await clean();
});

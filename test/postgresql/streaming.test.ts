/** `iterator()`: rows through a cursor of the server. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { aatomic, DataError, OperationalError } from "asgimod";
import { assertNothingLeaks, pool, rows, rowsHere, settings, setUp } from "../servers/bank.ts";
import { Account } from "../servers/models.ts";
import { gate, pause, until } from "../servers/until.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "streaming");

const ROWS = 1_000_000;

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** What lives on the heap, in MB. */
function heap(): number {
  gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const streamed = () => Account.aobjects.filter({ name__startswith: "s" }).orderBy("pk");

/** No cursor is open, and no transaction. */
async function assertClosed(): Promise<void> {
  assertNothingLeaks();
  const open = `SELECT COUNT(*)::int FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
  assert.deepEqual(await rows(open), [[0]]);
}

describe("PostgreSQL: iterator()", { skip }, () => {
  before(async () => {
    if (skip !== false) return;
    await rows(
      `INSERT INTO bank_account (name, balance) SELECT 's' || i, i FROM generate_series(1, ${ROWS}) AS i`,
    );
  });

  it(`reads ${ROWS.toLocaleString("en")} objects in flat memory, outside of a transaction`, async (test) => {
    settings({ pool: 1 });
    let count = 0;
    let sum = 0;
    const heaps: number[] = [];
    for await (const { balance } of streamed().iterator()) {
      sum += balance;
      if (++count % 200_000 === 100_000) heaps.push(heap());
    }
    assert.equal(count, ROWS);
    assert.equal(sum, (ROWS * (ROWS + 1)) / 2);
    const growth = Math.max(...heaps) - (heaps[0] as number);
    test.diagnostic(`heap after each 200,000 rows, in MB: ${heaps.map((mb) => mb.toFixed(1)).join(", ")}`);
    assert.ok(growth < 8, `the heap grew by ${growth.toFixed(1)} MB: ${heaps.map((mb) => mb.toFixed(1))}`);
    await assertClosed();
  });

  it("gives the first row long before the last is read", async () => {
    const started = performance.now();
    let first = 0;
    for await (const _ of streamed().iterator({ chunkSize: 100 })) {
      first = performance.now() - started;
      break;
    }
    assert.ok(first > 0 && first < 500, `${first} ms`);
    await assertClosed();
  });

  it("an early break, a throw and a return close the cursor and give the connection back", async () => {
    settings({ pool: 1 });
    for await (const { balance } of streamed().iterator({ chunkSize: 10 })) if (balance === 25) break;
    await assertClosed();
    const failing = async () => {
      for await (const { balance } of streamed().iterator({ chunkSize: 10 }))
        if (balance === 25) throw new Error("enough");
    };
    await assert.rejects(failing(), /enough/);
    await assertClosed();
    const iterator = streamed().iterator({ chunkSize: 10 })[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value?.balance, 1);
    assert.equal(pool().inUse, 1);
    await iterator.return?.();
    await assertClosed();
  });

  it("in a transaction it uses its connection, among other queries", async () => {
    settings({ pool: 1 });
    await aatomic(async () => {
      await Account.aobjects.create({ name: "s-new", balance: 0 });
      let count = 0;
      for await (const account of streamed().filter({ balance__lte: 300 }).iterator({ chunkSize: 50 })) {
        if (++count % 100 === 0) await Account.aobjects.filter({ pk: account.pk }).update({ balance: 0 });
      }
      assert.equal(count, 301);
      for await (const _ of streamed().iterator({ chunkSize: 50 })) break;
      assert.deepEqual(await rowsHere("SELECT COUNT(*)::int FROM pg_cursors WHERE name <> ''"), [[0]]);
      // Two at a time.
      const one = streamed().iterator({ chunkSize: 1 })[Symbol.asyncIterator]();
      const two = streamed().reverse().iterator({ chunkSize: 1 })[Symbol.asyncIterator]();
      const seen: unknown[] = [];
      for (let i = 0; i < 3; i++) seen.push((await one.next()).value?.pk, (await two.next()).value?.pk);
      assert.equal(new Set(seen).size, 6);
      await one.return?.();
      throw new Error("undo");
    }).catch((error: Error) => assert.equal(error.message, "undo"));
    assert.equal(await Account.aobjects.filter({ balance: 0 }).count(), 0);
    await assertClosed();
  });

  it("sees one state of the table, whatever others write meanwhile", async () => {
    settings({ pool: 2 });
    const seen: number[] = [];
    for await (const { balance } of streamed().filter({ balance__lte: 100 }).iterator({ chunkSize: 10 })) {
      if (seen.length === 5)
        await Account.aobjects
          .filter({ balance__lte: 100 })
          .update({ name: "x" })
          .catch(() => {});
      if (seen.length === 15) await Account.aobjects.create({ name: "s-later", balance: 50 });
      seen.push(balance);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    await Account.aobjects.filter({ name: "s-later" }).delete();
    await assertClosed();
  });

  it("an error in the middle of the rows", async () => {
    settings({ pool: 1 });
    const broken = streamed().extra({ where: ["1 / (balance - 500) IS NOT NULL"] });
    let count = 0;
    const read = async () => {
      for await (const _ of broken.iterator({ chunkSize: 100 })) count++;
    };
    await assert.rejects(read(), DataError);
    assert.equal(count, 400);
    await assertClosed();
    // In a transaction, too; what is around it goes on.
    await aatomic(async () => {
      await assert.rejects(aatomic(read), DataError);
      assert.equal(await Account.aobjects.filter({ balance: 500 }).count(), 1);
    });
    await assertClosed();
    // At once.
    const wrong = async () => {
      for await (const _ of Account.aobjects.extra({ where: ["missing = 1"] }).iterator()) assert.fail();
    };
    await assert.rejects(wrong(), /column "missing" does not exist/);
    await assertClosed();
  });

  it("a connection that is cut in the middle of the rows", async () => {
    settings({ pool: 1 });
    const read = async () => {
      let count = 0;
      for await (const _ of streamed().iterator({ chunkSize: 100 })) {
        if (++count !== 150) continue;
        settings({ pool: 2 });
        await pause(20);
      }
    };
    // The settings have changed: the pool of the cursor is closed.
    await assert.rejects(read(), OperationalError);
    await assertClosed();
  });

  it("a signal ends it between and within chunks", async () => {
    settings({ pool: 1 });
    const controller = new AbortController();
    const reason = new Error("enough");
    let count = 0;
    const read = async () => {
      for await (const _ of streamed().withSignal(controller.signal).iterator({ chunkSize: 100 }))
        if (++count === 250) controller.abort(reason);
    };
    await assert.rejects(read(), (error) => error === reason);
    assert.equal(count, 300);
    await assertClosed();
    const slow = streamed().extra({ where: ["balance < 10 OR pg_sleep(5) IS NOT NULL"] });
    const within = async () => {
      for await (const _ of slow.withSignal(AbortSignal.timeout(60)).iterator({ chunkSize: 5 }));
    };
    await assert.rejects(within(), { name: "TimeoutError" });
    await assertClosed();
  });

  it("each of many iterators has a connection, and others wait", async () => {
    settings({ pool: 2 });
    const { open, opened } = gate();
    const reading = [1, 2].map(async () => {
      for await (const _ of streamed().iterator({ chunkSize: 10 })) {
        await opened;
        break;
      }
    });
    await until(() => pool().inUse === 2);
    const third = Account.aobjects.filter({ balance: 1 }).count();
    assert.equal(await Promise.race([third, pause(50)]), undefined);
    open();
    await Promise.all(reading);
    assert.equal(await third, 1);
    await assertClosed();
  });
});

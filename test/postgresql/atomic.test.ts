/** What transactions can be told on PostgreSQL, and what becomes of those that fail. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import {
  aatomic,
  aonCommit,
  DatabaseError,
  F,
  InternalError,
  OperationalError,
  RuntimeError,
  TransactionManagementError,
} from "asgimod";
import { assertNothingLeaks, rowsHere, settings, setUp } from "../servers/bank.ts";
import { Account } from "../servers/models.ts";
import { gate } from "../servers/until.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "atomic");

const show = async (name: string) => ((await rowsHere(`SHOW ${name}`)) as [[string]])[0][0];
const state = (error: unknown) => ((error as Error).cause as { code?: string } | undefined)?.code;

describe("PostgreSQL: options of aatomic()", { skip }, () => {
  beforeEach(async () => {
    if (skip === false) await Account.aobjects.all().delete();
  });

  for (const isolation of ["read committed", "repeatable read", "serializable"] as const) {
    it(`isolation: ${isolation}`, async () => {
      const found = await aatomic(() => show("transaction_isolation"), { isolation });
      assert.equal(found, isolation);
    });
  }

  it("readOnly and deferrable; the next transaction on the connection is as usual", async () => {
    settings({ pool: 1 });
    await aatomic(
      async () => {
        assert.equal(await show("transaction_read_only"), "on");
        assert.equal(await show("transaction_deferrable"), "on");
      },
      { isolation: "serializable", readOnly: true, deferrable: true },
    );
    await aatomic(async () => {
      assert.equal(await show("transaction_read_only"), "off");
      assert.equal(await show("transaction_isolation"), "read committed");
    });
    const write = aatomic(() => Account.aobjects.create({ name: "x" }), { readOnly: true });
    await assert.rejects(write, (error) => error instanceof InternalError && state(error) === "25006");
    await Account.aobjects.create({ name: "x" });
    assertNothingLeaks();
    settings();
  });

  it("durable, and options of the whole transaction, only outermost", async () => {
    await aatomic(async () => {
      await assert.rejects(
        aatomic(() => Promise.resolve(), { durable: true }),
        RuntimeError,
      );
      await assert.rejects(
        aatomic(() => Promise.resolve(), { isolation: "serializable" }),
        RuntimeError,
      );
      await assert.rejects(
        aatomic(() => Promise.resolve(), { retries: 2 }),
        RuntimeError,
      );
    });
  });

  it("repeatable read sees nothing of what others commit meanwhile", async () => {
    const account = await Account.aobjects.create({ name: "seen", balance: 1 });
    const first = gate();
    const second = gate();
    const reader = aatomic(
      async () => {
        const before = (await Account.aobjects.get({ name: "seen" })).balance;
        first.open();
        await second.opened;
        return [before, (await Account.aobjects.get({ name: "seen" })).balance];
      },
      { isolation: "repeatable read" },
    );
    await first.opened;
    await Account.aobjects.filter({ pk: account.pk }).update({ balance: 2 });
    second.open();
    assert.deepEqual(await reader, [1, 1]);
  });
});

describe("PostgreSQL: transactions that have to give way", { skip }, () => {
  beforeEach(async () => {
    if (skip === false) await Account.aobjects.all().delete();
  });

  it("a serialization failure is an OperationalError with the SQLSTATE in its cause", async () => {
    await Account.aobjects.create({ name: "hot", balance: 0 });
    const { open, opened } = gate();
    let readers = 0;
    const add = () =>
      aatomic(
        async () => {
          const account = await Account.aobjects.get({ name: "hot" });
          if (++readers === 2) open();
          await opened;
          account.balance += 1;
          await account.asave();
        },
        { isolation: "serializable" },
      );
    const results = await Promise.allSettled([add(), add()]);
    const failed = results.filter((result) => result.status === "rejected");
    assert.equal(failed.length, 1);
    const { reason } = failed[0] as PromiseRejectedResult;
    assert.ok(reason instanceof OperationalError);
    assert.equal(state(reason), "40001");
    assertNothingLeaks();
  });

  it("retries: 20 tasks add to one balance, serializable, and no addition is lost", async () => {
    settings({ pool: 10 });
    await Account.aobjects.create({ name: "hot", balance: 0 });
    let calls = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        aatomic(
          async () => {
            calls++;
            const account = await Account.aobjects.get({ name: "hot" });
            account.balance += 1;
            await account.asave();
          },
          { isolation: "serializable", retries: 100 },
        ),
      ),
    );
    assert.equal((await Account.aobjects.get({ name: "hot" })).balance, 20);
    assert.ok(calls > 20, `${calls} calls: no conflict came about`);
    assertNothingLeaks();
    settings();
  });

  it("a deadlock: one gives way, with retries both succeed, and hooks run once", async () => {
    await Account.aobjects.bulkCreate([new Account({ name: "a" }), new Account({ name: "b" })]);
    let deadlocks = 0;
    let hooks = 0;
    const transfer = (from: string, to: string, both: () => Promise<void>) =>
      aatomic(
        async () => {
          await aonCommit(() => hooks++);
          await Account.aobjects.filter({ name: from }).update({ balance: F("balance").sub(1) });
          await both();
          await Account.aobjects
            .filter({ name: to })
            .update({ balance: F("balance").add(1) })
            .then(undefined, (error: unknown) => {
              if (state(error) === "40P01") deadlocks++;
              throw error;
            });
        },
        { retries: 5 },
      );
    let arrived = 0;
    const { open, opened } = gate();
    const both = async () => {
      if (++arrived === 2) open();
      await opened;
    };
    await Promise.all([transfer("a", "b", both), transfer("b", "a", both)]);
    assert.equal(deadlocks, 1);
    assert.equal(hooks, 2);
    const balances = await Account.aobjects.orderBy("name").valuesList("balance", { flat: true });
    assert.deepEqual([...balances], [0, 0]);
    assertNothingLeaks();
  });

  it("retries: a failure at the commit counts, too", async () => {
    // Write skew: both read both rows, each changes the other one. Only the commit can tell.
    await Account.aobjects.bulkCreate([new Account({ name: "a" }), new Account({ name: "b" })]);
    let calls = 0;
    let arrived = 0;
    const { open, opened } = gate();
    const skew = (name: string) =>
      aatomic(
        async () => {
          calls++;
          const accounts = await Account.aobjects.all();
          const total = accounts.reduce((sum, { balance }) => sum + balance, 0);
          if (++arrived === 2) open();
          await opened;
          if (total === 0) await Account.aobjects.filter({ name }).update({ balance: 1 });
        },
        { isolation: "serializable", retries: 20 },
      );
    await Promise.all([skew("a"), skew("b")]);
    const balances = await Account.aobjects.valuesList("balance", { flat: true });
    assert.equal(
      balances.reduce((sum, balance) => sum + balance, 0),
      1,
    );
    assert.ok(calls >= 3);
    assertNothingLeaks();
  });
});

describe("PostgreSQL: the end of a block", { skip }, () => {
  beforeEach(async () => {
    if (skip === false) await Account.aobjects.all().delete();
  });

  it("a failed query whose error was caught inside: no silent rollback", async () => {
    const block = aatomic(async () => {
      await Account.aobjects.create({ name: "lost" });
      await Account.aobjects
        .extra({ where: ["1 / 0 = 1"] })
        .count()
        .catch(() => {});
    });
    await assert.rejects(block, (error) => {
      assert.ok(error instanceof TransactionManagementError);
      assert.match(error.message, /cannot be committed: a query inside the 'atomic' block failed/);
      return true;
    });
    assert.equal(await Account.aobjects.count(), 0);
    assertNothingLeaks();
  });

  it("a block around the query that may fail keeps the rest", async () => {
    await aatomic(async () => {
      await Account.aobjects.create({ name: "kept" });
      const risky = aatomic(() => Account.aobjects.extra({ where: ["1 / 0 = 1"] }).count());
      await assert.rejects(risky, DatabaseError);
    });
    assert.equal(await Account.aobjects.filter({ name: "kept" }).count(), 1);
  });

  it("queries that were not awaited are an error, and nothing is half done", async () => {
    let task: Promise<unknown> = Promise.resolve();
    const block = aatomic(async () => {
      await Account.aobjects.create({ name: "awaited" });
      task = (async () => {
        await Account.aobjects.create({ name: "first" });
        await Account.aobjects.create({ name: "second" });
      })();
      task.catch(() => {});
    });
    await assert.rejects(block, (error) => {
      assert.ok(error instanceof TransactionManagementError);
      assert.match(error.message, /^A query of the 'atomic' block on 'default' had not been awaited/);
      return true;
    });
    await assert.rejects(task, TransactionManagementError);
    assert.equal(await Account.aobjects.count(), 0);
    assertNothingLeaks();
  });

  it("a query that comes after the end is an error, never an autocommit", async () => {
    let late: Promise<unknown> = Promise.resolve();
    const { open: end, opened: ended } = gate();
    await aatomic(async () => {
      late = ended.then(() => Account.aobjects.create({ name: "late" }));
      late.catch(() => {});
    });
    end();
    await assert.rejects(late, /This query escaped its transaction/);
    assert.equal(await Account.aobjects.count(), 0);
  });

  it("an async queryset that the function returns is asked inside the transaction", async () => {
    const rows = await aatomic(async () => {
      await Account.aobjects.create({ name: "own" });
      return 1;
    });
    assert.equal(rows, 1);
    const locked = await aatomic(() => Account.aobjects.selectForUpdate().filter({ name: "own" }));
    assert.deepEqual(
      locked.map(({ name }) => name),
      ["own"],
    );
  });
});

/** Locks of rows, with tasks that really run side by side. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { aatomic, FieldError, OperationalError, TransactionManagementError } from "asgimod";
import { assertNothingLeaks, rowsHere, settings, setUp } from "../servers/bank.ts";
import { Account, Entry } from "../servers/models.ts";
import { gate, pause } from "../servers/until.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "locks");

type Result<T> = { value: T } | { error: unknown };

/** Runs `first` in a transaction, and `second` in another one while the first is still open. */
async function meanwhile<T>(
  first: () => Promise<unknown>,
  second: () => Promise<T>,
): Promise<{ result: Result<T>; waited: boolean }> {
  const holds = gate();
  const end = gate();
  let ended = false;
  const holder = aatomic(async () => {
    await first();
    holds.open();
    await end.opened;
    ended = true;
  });
  await holds.opened;
  let waited = false;
  const other = aatomic(second).then(
    (value): Result<T> => {
      waited = ended;
      return { value };
    },
    (error: unknown): Result<T> => {
      waited = ended;
      return { error };
    },
  );
  await Promise.race([other, pause(150)]);
  end.open();
  const result = await other;
  await holder;
  return { result, waited };
}

const one = () => Account.aobjects.selectForUpdate().get({ name: "a" });

describe("PostgreSQL: selectForUpdate()", { skip }, () => {
  beforeEach(async () => {
    if (skip !== false) return;
    settings();
    await Account.aobjects.all().delete();
    const [a] = await Account.aobjects.bulkCreate(["a", "b", "c"].map((name) => new Account({ name })));
    await Entry.aobjects.create({ account: a as Account, amount: "1.00" });
  });

  it("makes another task wait until the end of the transaction", async () => {
    const { result, waited } = await meanwhile(one, one);
    assert.ok("value" in result);
    assert.ok(waited);
    assertNothingLeaks();
  });

  it("makes writers wait, and readers not", async () => {
    const write = () => Account.aobjects.filter({ name: "a" }).update({ balance: 3 });
    assert.equal((await meanwhile(one, write)).waited, true);
    const read = () => Account.aobjects.get({ name: "a" });
    assert.equal((await meanwhile(one, read)).waited, false);
  });

  it("nowait: fails at once with an OperationalError", async () => {
    const { result, waited } = await meanwhile(one, () =>
      Account.aobjects.selectForUpdate({ nowait: true }).get({ name: "a" }),
    );
    assert.equal(waited, false);
    assert.ok("error" in result && result.error instanceof OperationalError);
    assert.equal(result.error.message, 'could not obtain lock on row in relation "bank_account"');
    assert.equal((result.error.cause as { code: string }).code, "55P03");
    assertNothingLeaks();
  });

  it("skipLocked: leaves out what others have locked", async () => {
    const { result, waited } = await meanwhile(one, async () => {
      const free = await Account.aobjects.selectForUpdate({ skipLocked: true }).orderBy("name");
      return free.map(({ name }) => name);
    });
    assert.deepEqual(result, { value: ["b", "c"] });
    assert.equal(waited, false);
  });

  it("skipLocked: ten workers share a queue, and each job is done once", async () => {
    settings({ pool: 10 });
    await Account.aobjects.bulkCreate(Array.from({ length: 60 }, (_, i) => new Account({ name: `job${i}` })));
    const done: string[] = [];
    const work = async () => {
      for (;;) {
        const job = await aatomic(async () => {
          const queue = Account.aobjects.filter({ name__startswith: "job" }).orderBy("pk");
          const found = await queue.selectForUpdate({ skipLocked: true }).first();
          if (found === null) return null;
          await found.adelete();
          return found.name;
        });
        if (job === null) return;
        done.push(job);
      }
    };
    await Promise.all(Array.from({ length: 10 }, work));
    assert.equal(done.length, 60);
    assert.equal(new Set(done).size, 60);
    assertNothingLeaks();
  });

  it("of: locks the named tables alone", async () => {
    const both = () => Entry.aobjects.selectRelated("account").selectForUpdate().get({});
    const own = () =>
      Entry.aobjects
        .selectRelated("account")
        .selectForUpdate({ of: ["self"] })
        .get({});
    const related = () =>
      Entry.aobjects
        .selectRelated("account")
        .selectForUpdate({ of: ["account"] })
        .get({});
    assert.equal((await meanwhile(both, one)).waited, true);
    assert.equal((await meanwhile(own, one)).waited, false);
    assert.equal((await meanwhile(related, one)).waited, true);
    const entry = () => Entry.aobjects.selectForUpdate().get({});
    assert.equal((await meanwhile(own, entry)).waited, true);
    assert.equal((await meanwhile(related, entry)).waited, false);
    await assert.rejects(
      aatomic(() => Entry.aobjects.selectForUpdate({ of: ["balance"] }).get({})),
      FieldError,
    );
  });

  it("noKey: lets others refer to the row, but not change it", async () => {
    const noKey = () => Account.aobjects.selectForUpdate({ noKey: true }).get({ name: "a" });
    // What a foreign key does to the row that it refers to.
    const refer = async () => {
      const account = await Account.aobjects.get({ name: "a" });
      await Entry.aobjects.create({ account, amount: "2.00" });
      await rowsHere("SET CONSTRAINTS ALL IMMEDIATE");
    };
    assert.equal((await meanwhile(one, refer)).waited, true);
    assert.equal((await meanwhile(noKey, refer)).waited, false);
    assert.equal((await meanwhile(noKey, noKey)).waited, true);
  });

  it("needs a transaction", async () => {
    await assert.rejects(async () => await one(), TransactionManagementError);
  });

  it("within a cursor", async () => {
    const { waited } = await meanwhile(async () => {
      for await (const { name } of Account.aobjects
        .selectForUpdate()
        .orderBy("name")
        .iterator({ chunkSize: 1 }))
        assert.ok(name);
    }, one);
    assert.equal(waited, true);
  });
});

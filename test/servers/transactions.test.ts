import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { aatomic, aonCommit, F, TransactionManagementError } from "asgimod";
import { assertNothingLeaks, settings } from "./bank.ts";
import { Account } from "./models.ts";
import { onEachServer } from "./servers.ts";
import { gate } from "./until.ts";

const names = () => Account.aobjects.orderBy("name").valuesList("name", { flat: true });

onEachServer("transactions", () => {
  beforeEach(() => Account.aobjects.all().delete());

  it("commits, and rolls back on an error", async () => {
    await aatomic(() => Account.aobjects.create({ name: "kept" }));
    await assert.rejects(
      aatomic(async () => {
        await Account.aobjects.create({ name: "lost" });
        throw new Error("no");
      }),
      /no/,
    );
    assert.deepEqual([...(await names())], ["kept"]);
  });

  it("concurrent tasks never see each other's uncommitted rows", async () => {
    const seen: number[] = [];
    settings({ pool: 20 });
    const { open: begin, opened: begun } = gate();
    const { open: end, opened: ended } = gate();
    let created = 0;
    let looked = 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        aatomic(async () => {
          await Account.aobjects.create({ name: `task${i}` });
          if (++created === 20) begin();
          await begun;
          seen.push(await Account.aobjects.exclude({ name: `task${i}` }).count());
          assert.equal(await Account.aobjects.filter({ name: `task${i}` }).count(), 1);
          await Account.aobjects.filter({ name: `task${i}` }).update({ balance: i });
          if (++looked === 20) end();
          await ended;
          if (i % 2 === 1) throw new Error("odd");
        }).catch((error: Error) => assert.equal(error.message, "odd")),
      ),
    );
    assert.equal(await Account.aobjects.count(), 10);
    assert.deepEqual(seen, Array(20).fill(0));
    assertNothingLeaks();
    settings();
  });

  it("queries of one transaction in parallel run one after the other", async () => {
    await aatomic(async () => {
      await Promise.all(Array.from({ length: 30 }, (_, i) => Account.aobjects.create({ name: `p${i}` })));
      assert.equal(await Account.aobjects.count(), 30);
    });
  });

  it("savepoints roll back on their own", async () => {
    await aatomic(async () => {
      await Account.aobjects.create({ name: "outer" });
      await assert.rejects(
        aatomic(async () => {
          await Account.aobjects.create({ name: "inner" });
          await Account.aobjects.create({ name: "outer" });
        }),
      );
      await Account.aobjects.create({ name: "later" });
    });
    assert.deepEqual([...(await names())], ["later", "outer"]);
  });

  it("selectForUpdate makes others wait, and needs a transaction", async () => {
    await Account.aobjects.create({ name: "locked", balance: 0 });
    await assert.rejects(async () => {
      await Account.aobjects.selectForUpdate().get({ name: "locked" });
    }, TransactionManagementError);
    await Promise.all(
      Array.from({ length: 10 }, () =>
        aatomic(async () => {
          const account = await Account.aobjects.selectForUpdate().get({ name: "locked" });
          account.balance += 1;
          await account.asave();
        }),
      ),
    );
    assert.equal((await Account.aobjects.get({ name: "locked" })).balance, 10);
    await Account.aobjects.filter({ name: "locked" }).update({ balance: F("balance").mul(2) });
    assert.equal((await Account.aobjects.get({ name: "locked" })).balance, 20);
  });

  it("runs hooks after the commit, outside of the transaction", async () => {
    const log: number[] = [];
    await aatomic(async () => {
      await Account.aobjects.create({ name: "hooked" });
      await aonCommit(async () => {
        log.push(await Account.aobjects.filter({ name: "hooked" }).count());
      });
      assert.deepEqual(log, []);
    });
    assert.deepEqual(log, [1]);
  });

  it("a query that outlives its transaction is an error", async () => {
    let escaped: Promise<unknown> = Promise.resolve();
    const { open: end, opened: ended } = gate();
    await aatomic(async () => {
      escaped = ended.then(() => Account.aobjects.count());
      escaped.catch(() => {});
    });
    end();
    await assert.rejects(escaped, TransactionManagementError);
  });
});

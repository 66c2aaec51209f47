import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { aatomic, connections, OperationalError } from "asgimod";
import { assertNothingLeaks, connection, pool, rows, settings, valueHere } from "./bank.ts";
import { Account, Entry } from "./models.ts";
import { onEachServer } from "./servers.ts";

const byBalance = Account.aobjects.orderBy("balance");

function fill(count: number): Promise<unknown> {
  return Account.aobjects.bulkCreate(
    Array.from({ length: count }, (_, i) => new Account({ name: `s${i}`, balance: i })),
  );
}

onEachServer("connection", ({ sql, run }) => {
  const connectionId = () => valueHere(sql.connectionId);

  beforeEach(async () => {
    settings();
    await Account.aobjects.all().delete();
  });

  it("refuses sync access, and names the async spelling", async () => {
    const { displayName } = connection().ops;
    assert.throws(() => Account.objects.count(), {
      name: "SynchronousOnlyOperation",
      message: new RegExp(`is ${displayName}, which sync code cannot wait for.* aobjects instead of objects`),
    });
    assert.throws(() => new Account({ name: "x" }).save(), /Here: `await account\.asave\(\)`\.$/);
    const account = await Account.aobjects.create({ name: "x", balance: 3 });
    await Entry.aobjects.create({ account, amount: "1.00" });
    const entry = await Entry.aobjects.get();
    assert.throws(
      () => entry.account,
      /cannot wait for.*Here: `await entry\.aaccount`, or `selectRelated\("account"\)`\.$/,
    );
    assert.equal((await entry.aaccount).name, "x");
    const partly = await Account.aobjects.only("name").get();
    assert.throws(() => partly.balance, /`await account\.arefreshFromDb\(\{ fields: \["balance"\] \}\)`/);
    await partly.arefreshFromDb({ fields: ["balance"] });
    assert.equal(partly.balance, 3);
  });

  it("fails with an OperationalError where no server is, and goes on when there is one", async () => {
    settings({ port: 1 });
    await assert.rejects(Account.aobjects.count(), OperationalError);
    await assert.rejects(Account.aobjects.count(), OperationalError);
    settings();
    await Account.aobjects.count();
  });

  it("replaces connections that the server has closed", async () => {
    settings({ pool: 1 });
    const id = await connectionId();
    await run(sql.kill(id));
    const next = await connectionId();
    assert.notEqual(next, id);
    assert.equal(pool().size, 1);
    // Cut while it is in use: that statement fails.
    await assert.rejects(rows(sql.killSelf), OperationalError);
    assert.notEqual(await connectionId(), next);
    assert.equal(pool().size, 1);
  });

  it("reads go on when the server ends all idle connections", async () => {
    settings({ pool: 5 });
    const read = () => Promise.all(Array.from({ length: 20 }, connectionId));
    for (const id of new Set(await read())) await run(sql.kill(id));
    assert.equal((await read()).length, 20);
    assertNothingLeaks();
  });

  it("a transaction whose connection is cut fails as a whole, and leaves nothing behind", async () => {
    await assert.rejects(
      aatomic(async () => {
        await Account.aobjects.create({ name: "cut" });
        await run(sql.kill(await connectionId()));
        await Account.aobjects.create({ name: "after" });
      }),
    );
    assert.equal(await Account.aobjects.count(), 0);
    assertNothingLeaks();
  });

  it("streams rows through a cursor of the server, and closes it on an early break", async () => {
    await fill(500);
    settings({ pool: 1 });
    const seen: number[] = [];
    for await (const { balance } of byBalance.iterator({ chunkSize: 50 })) {
      seen.push(balance);
      if (seen.length === 120) break;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 120 }, (_, i) => i),
    );
    assertNothingLeaks();
  });

  it("other statements run while a cursor of the same transaction is open", async () => {
    await fill(500);
    await aatomic(async () => {
      let count = 0;
      for await (const account of byBalance.iterator({ chunkSize: 100 })) {
        account.balance += 1000;
        if (count++ % 50 === 0) await account.asave();
      }
      assert.equal(count, 500);
    });
    assert.equal(await Account.aobjects.filter({ balance__gte: 1000 }).count(), 10);
  });

  it("closes and opens again", async () => {
    await connections.close();
    assert.equal(await Account.aobjects.count(), 0);
  });
});

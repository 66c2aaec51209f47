import assert from "node:assert/strict";
import { it } from "node:test";
import { aatomic, OperationalError } from "asgimod";
import { assertNothingLeaks, pool, rows, settings, valueHere } from "./bank.ts";
import { Account } from "./models.ts";
import { onEachServer } from "./servers.ts";
import { gate, pause, until } from "./until.ts";

onEachServer("pool", ({ sql, run }) => {
  const connectionId = () => valueHere(sql.connectionId);

  it("opens no more connections than it may, and serves everyone in turn", async () => {
    settings({ pool: { max: 3 } });
    const pids = await Promise.all(Array.from({ length: 60 }, () => rows(sql.sleep(0.002))));
    assert.ok(new Set(pids.map((found) => found[0]?.[0])).size <= 3);
    assert.deepEqual(pool(), {
      max: 3,
      size: 3,
      idle: 3,
      inUse: 0,
      waiting: 0,
      longestUse: 0,
      longestUser: "",
    });
  });

  it("10,000 tasks share 10 connections", async () => {
    settings({ pool: 10 });
    await Account.aobjects.create({ name: "shared", balance: 7 });
    const balances = await Promise.all(
      Array.from({ length: 10_000 }, () => Account.aobjects.get({ name: "shared" }).then((a) => a.balance)),
    );
    assert.ok(balances.every((balance) => balance === 7));
    const { size, idle, waiting } = pool();
    assert.ok(size <= 10);
    assert.deepEqual([idle, waiting], [size, 0]);
  });

  it("shows its state when nothing becomes free in time", async () => {
    settings({ pool: { max: 2, acquireTimeout: 60 } });
    const { open: end, opened: ended } = gate();
    const inside = [gate(), gate()];
    const holders = inside.map(({ open }) =>
      aatomic(() => {
        open();
        return ended;
      }),
    );
    await Promise.all(inside.map(({ opened }) => opened));
    await assert.rejects(Account.aobjects.count(), (error: unknown) => {
      assert.ok(error instanceof OperationalError);
      const text = error.message.replace(/for \d+ ms/, "for N ms");
      assert.equal(
        text.slice(0, text.indexOf(sql.begin) + sql.begin.length),
        "No connection to 'default' became free within 60 ms: 2 of at most 2 are open, 0 idle, 2 in use, 1 tasks wait. " +
          `The longest in use has been so for N ms, last asked: ${sql.begin}`,
      );
      return true;
    });
    end();
    await Promise.all(holders);
    assert.equal(await Account.aobjects.filter({ name: "nobody" }).count(), 0);
  });

  it("closes connections that nobody needs", async () => {
    settings({ pool: { max: 4, idleTimeout: 400, min: 1 } });
    const inside = gate();
    let open = 0;
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        aatomic(() => {
          if (++open === 4) inside.open();
          return inside.opened;
        }),
      ),
    );
    await until(() => pool().size === 1);
    assert.equal(pool().idle, 1);
  });

  it("min: keeps connections open before anybody needs them, and replaces those that are lost", async () => {
    settings({ pool: { min: 3, max: 4, idleTimeout: 100 } });
    await rows("SELECT 1");
    await until(() => pool().idle === 3);
    const ids = new Set<unknown>();
    const inside = gate();
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        aatomic(async () => {
          ids.add(await connectionId());
          if (ids.size === 4) inside.open();
          await inside.opened;
        }),
      ),
    );
    await until(() => pool().size === 3);
    for (const id of ids) await run(sql.kill(id)).catch(() => {});
    await until(() => pool().size === 0);
    await rows("SELECT 1");
    await until(() => pool().idle === 3);
  });

  it("maxLifetime: a connection is replaced once it is free, never while it works", async () => {
    settings({ pool: { max: 1, maxLifetime: 500 } });
    const [inside, still] = await aatomic(async () => {
      const before = await connectionId();
      await pause(600);
      return [before, await connectionId()];
    });
    assert.equal(still, inside);
    assert.notEqual(await connectionId(), inside);
    await until(() => pool().size === 0);
  });

  it("does not give on a connection that was left in a transaction", async () => {
    settings({ pool: 1 });
    const before = await connectionId();
    await rows(sql.begin);
    assert.notEqual(await connectionId(), before);
  });

  it("keeps its connections when statements fail", async () => {
    settings({ pool: 2 });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => rows(sql.failing)));
    assert.ok(results.every(({ status }) => status === "rejected"));
    assertNothingLeaks();
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aatomic, OperationalError } from "asgimod";
import { runOnServer } from "../../scripts/conformance/server.ts";
import { Account } from "./models.ts";
import { connection, gate, pause, rows, rowsHere, settings, setUp, skip } from "./setup.ts";

await setUp("pool");

describe("PostgreSQL: pool", { skip }, () => {
  it("opens no more connections than it may, and serves everyone in turn", async () => {
    settings({ pool: { max: 3 } });
    const pids = await Promise.all(
      Array.from({ length: 60 }, () => rows("SELECT pg_backend_pid() FROM pg_sleep(0.002)")),
    );
    assert.ok(new Set(pids.map((found) => found[0]?.[0])).size <= 3);
    assert.deepEqual(connection().poolState, {
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
    const { size, idle, waiting } = connection().poolState;
    assert.ok(size <= 10);
    assert.deepEqual([idle, waiting], [size, 0]);
  });

  it("shows its state when nothing becomes free in time", async () => {
    settings({ pool: { max: 2, acquireTimeout: 60 } });
    const { open: end, opened: until } = gate();
    const inside = [gate(), gate()];
    const holders = inside.map(({ open }) =>
      aatomic(() => {
        open();
        return until;
      }),
    );
    await Promise.all(inside.map(({ opened }) => opened));
    await assert.rejects(Account.aobjects.count(), (error: unknown) => {
      assert.ok(error instanceof OperationalError);
      assert.match(
        error.message,
        /No connection to 'default' became free within 60 ms: 2 of at most 2 are open, 0 idle, 2 in use, 1 tasks wait\. The longest in use has been so for \d+ ms, last asked: BEGIN\./,
      );
      return true;
    });
    end();
    await Promise.all(holders);
    assert.equal(await Account.aobjects.filter({ name: "nobody" }).count(), 0);
  });

  it("closes connections that nobody needs", async () => {
    settings({ pool: { max: 4, idleTimeout: 400, min: 1 } });
    await Promise.all([1, 2, 3, 4].map(() => rows("SELECT pg_sleep(0.01)")));
    assert.equal(connection().poolState.size, 4);
    for (let i = 0; i < 50 && connection().poolState.size > 1; i++) await pause(100);
    assert.equal(connection().poolState.size, 1);
  });

  it("min: keeps connections open before anybody needs them, and replaces those that are lost", async () => {
    settings({ pool: { min: 3, max: 4, idleTimeout: 100 } });
    const size = async (wanted: number) => {
      for (let i = 0; i < 100 && connection().poolState.idle !== wanted; i++) await pause(20);
      assert.equal(connection().poolState.idle, wanted);
    };
    await rows("SELECT 1");
    await size(3);
    await Promise.all([1, 2, 3, 4].map(() => rows("SELECT pg_sleep(0.05)")));
    assert.equal(connection().poolState.size, 4);
    await size(3);
    const [[name]] = (await rows("SELECT current_database()")) as [[string]];
    await runOnServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    await size(0);
    await rows("SELECT 1");
    await size(3);
  });

  it("maxLifetime: a connection is replaced once it is free, never while it works", async () => {
    settings({ pool: { max: 1, maxLifetime: 80 } });
    const backend = async () => ((await rowsHere("SELECT pg_backend_pid()")) as [[number]])[0][0];
    const first = await backend();
    assert.equal(await backend(), first);
    const [inside, still] = await aatomic(async () => {
      const before = await backend();
      await pause(120);
      return [before, await backend()];
    });
    assert.equal(still, inside);
    assert.notEqual(await backend(), inside);
    for (let i = 0; i < 50 && connection().poolState.size > 0; i++) await pause(20);
    assert.equal(connection().poolState.size, 0);
  });

  it("does not give on a connection that was left in a transaction", async () => {
    settings({ pool: 1 });
    const [[before]] = (await rows("SELECT pg_backend_pid()")) as [[number]];
    await rows("BEGIN");
    const [[after]] = (await rows("SELECT pg_backend_pid()")) as [[number]];
    assert.notEqual(after, before);
  });

  it("keeps its connections when statements fail", async () => {
    settings({ pool: 2 });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => rows("SELECT 1 / 0")));
    assert.ok(results.every(({ status }) => status === "rejected"));
    const { size, idle } = connection().poolState;
    assert.equal(idle, size);
  });
});

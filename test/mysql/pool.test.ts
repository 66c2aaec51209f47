import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aatomic, OperationalError } from "asgimod";
import { Account } from "../postgresql/models.ts";
import { connection, rows, settings, setUp, skip } from "./setup.ts";

await setUp("pool");

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("MySQL: pool", { skip }, () => {
  it("opens no more connections than it may, and serves everyone in turn", async () => {
    settings({ pool: { max: 3 } });
    const pids = await Promise.all(
      Array.from({ length: 60 }, () => rows("SELECT CONNECTION_ID(), SLEEP(0.002)")),
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
    let end = () => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    const holders = [0, 1].map(() => aatomic(() => until));
    await pause(30);
    await assert.rejects(Account.aobjects.count(), (error: unknown) => {
      assert.ok(error instanceof OperationalError);
      assert.match(
        error.message,
        /No connection to 'default' became free within 60 ms: 2 of at most 2 are open, 0 idle, 2 in use, 1 tasks wait\. The longest in use has been so for \d+ ms, last asked: START TRANSACTION\./,
      );
      return true;
    });
    end();
    await Promise.all(holders);
    assert.equal(await Account.aobjects.filter({ name: "nobody" }).count(), 0);
  });

  it("closes connections that nobody needs", async () => {
    settings({ pool: { max: 4, idleTimeout: 400, min: 1 } });
    await Promise.all([1, 2, 3, 4].map(() => rows("SELECT SLEEP(0.01)")));
    assert.equal(connection().poolState.size, 4);
    for (let i = 0; i < 50 && connection().poolState.size > 1; i++) await pause(100);
    assert.equal(connection().poolState.size, 1);
  });

  it("does not give on a connection that was left in a transaction", async () => {
    settings({ pool: 1 });
    const [[before]] = (await rows("SELECT CONNECTION_ID()")) as [[number]];
    await rows("BEGIN");
    const [[after]] = (await rows("SELECT CONNECTION_ID()")) as [[number]];
    assert.notEqual(after, before);
  });

  it("keeps its connections when statements fail", async () => {
    settings({ pool: 2 });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => rows("SELECT missing")));
    assert.ok(results.every(({ status }) => status === "rejected"));
    const { size, idle } = connection().poolState;
    assert.equal(idle, size);
  });
});

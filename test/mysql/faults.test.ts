/** What goes wrong between a program and its server, on a server of the test's own; see the tests of PostgreSQL. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { aatomic, configure, connections, createTables, DatabaseError, F, OperationalError } from "asgimod";
import type { DatabaseConfigObject } from "../../src/settings.ts";
import { pool, rows } from "../servers/bank.ts";
import { type Ledger, under as writingUnder } from "../servers/ledger.ts";
import * as bank from "../servers/models.ts";
import { Account } from "../servers/models.ts";
import { Proxy } from "../servers/proxy.ts";
import { pause } from "../servers/until.ts";
import { OwnServer, skipOwnServer } from "./own-server.ts";

let server: OwnServer;
let proxy: Proxy;

function settings(options: Omit<DatabaseConfigObject, "url"> = {}): void {
  configure({
    apps: { bank },
    databases: { default: { url: server.url("faults"), connectTimeout: 3000, ...options } },
  });
}

/** Nobody holds a connection, and the next query works. */
async function assertWhole(): Promise<void> {
  const { size, idle, inUse, waiting } = pool();
  assert.deepEqual({ inUse, waiting, idle }, { inUse: 0, waiting: 0, idle: size });
  await Account.aobjects.count();
}

async function under(disturb: () => Promise<void>): Promise<Ledger> {
  const ledger = await writingUnder(disturb);
  await assertWhole();
  return ledger;
}

const errno = (error: unknown) => ((error as Error).cause as { errno?: number } | undefined)?.errno;

describe("MySQL: faults", { skip: skipOwnServer }, () => {
  before(async () => {
    server = await OwnServer.create();
    await server.run("CREATE DATABASE faults CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    proxy = await new Proxy(server.port).listen();
    settings();
    await createTables();
  });
  after(async () => {
    await connections.close();
    await proxy.close();
    await server.destroy();
  });
  beforeEach(async () => {
    settings({ pool: 6 });
    await Account.aobjects.all().delete();
  });

  it("the server is restarted in the middle of queries and transactions", async () => {
    const ledger = await under(() => server.restart("SIGTERM"));
    assert.ok(ledger.errors.length > 0);
  });

  it("the server crashes", async () => {
    const ledger = await under(() => server.restart("SIGKILL"));
    assert.ok(ledger.errors.length > 0);
  });

  it("a transaction over a restart fails as a whole, with an OperationalError", async () => {
    const block = aatomic(async () => {
      await Account.aobjects.create({ name: "before" });
      await server.restart();
      await Account.aobjects.create({ name: "after" });
    });
    await assert.rejects(block, OperationalError);
    assert.equal(await Account.aobjects.filter({ name__in: ["before", "after"] }).count(), 0);
    await assertWhole();
  });

  it("while the server is down every query fails at once, and none waits for ever", async () => {
    await Account.aobjects.count();
    await server.stop();
    const started = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0 ? Account.aobjects.count() : Account.aobjects.create({ name: `down${i}` }),
      ),
    );
    assert.ok(performance.now() - started < 5_000);
    for (const result of results) {
      assert.ok(result.status === "rejected" && result.reason instanceof OperationalError, String(result));
    }
    await server.start();
    assert.equal(await Account.aobjects.count(), 0);
    await assertWhole();
  });

  it("connections are killed, one after the other, wherever they are", async () => {
    const ledger = await under(async () => {
      for (let i = 0; i < 25; i++) {
        const found = await rows(
          "SELECT id FROM information_schema.processlist WHERE db = 'faults' ORDER BY RAND() LIMIT 2",
        ).catch(() => []);
        for (const [id] of found) await server.run(`KILL ${String(id)}`).catch(() => {});
        await pause(20);
      }
    });
    assert.ok(ledger.errors.length > 0);
  });

  it("the way to the server is cut, again and again", async () => {
    settings({ pool: 6, port: proxy.port });
    const ledger = await under(async () => {
      for (let i = 0; i < 15; i++) {
        proxy.cut();
        await pause(20);
      }
    });
    assert.ok(ledger.errors.length > 0);
  });

  it("deadlocks lose nothing, and what follows in their transaction is not sent", async () => {
    settings({ pool: 8 });
    await Account.aobjects.bulkCreate(["a", "b"].map((name) => new Account({ name, balance: 1000 })));
    const seen = new Set<number | undefined>();
    const move = async (i: number) => {
      const [from, to] = i % 2 === 0 ? ["a", "b"] : ["b", "a"];
      try {
        await aatomic(async () => {
          await Account.aobjects.filter({ name: from }).update({ balance: F("balance").sub(1) });
          await pause(i % 3);
          try {
            await Account.aobjects.selectForUpdate().get({ name: to });
          } catch (error) {
            assert.ok(error instanceof DatabaseError);
            seen.add(errno(error));
            // The error of a read does not break the block, but the server has rolled everything back.
            await assert.rejects(Account.aobjects.count(), /has rolled the transaction back: Deadlock/);
            await Account.aobjects.create({ name: "never" });
          }
          await Account.aobjects.filter({ name: to }).update({ balance: F("balance").add(1) });
        });
      } catch (error) {
        assert.ok(error instanceof OperationalError, String(error));
      }
    };
    await Promise.all(Array.from({ length: 120 }, (_, i) => move(i)));
    assert.deepEqual([...seen], [1213]);
    const balances = await Account.aobjects.valuesList("balance", { flat: true });
    assert.deepEqual(balances.length, 2);
    assert.equal(
      balances.reduce((sum, balance) => sum + balance, 0),
      2000,
    );
    await assertWhole();
  });

  it("with retries every transfer comes about", async () => {
    settings({ pool: 8 });
    await Account.aobjects.bulkCreate(["a", "b"].map((name) => new Account({ name, balance: 1000 })));
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        aatomic(
          async () => {
            const [from, to] = i % 3 === 0 ? ["a", "b"] : ["b", "a"];
            await Account.aobjects.filter({ name: from }).update({ balance: F("balance").sub(1) });
            await pause(i % 3);
            await Account.aobjects.filter({ name: to }).update({ balance: F("balance").add(1) });
          },
          { retries: 100 },
        ),
      ),
    );
    assert.equal((await Account.aobjects.get({ name: "a" })).balance, 1020);
    assert.equal((await Account.aobjects.get({ name: "b" })).balance, 980);
    await assertWhole();
  });
});

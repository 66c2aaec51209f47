/**
 * What goes wrong between a program and its server, on a server of the test's own. Each time: what was acknowledged is
 * there, what failed as a whole is not, nobody holds a connection at the end, and the next query works.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { aatomic, configure, connections, createTables, F, OperationalError } from "asgimod";
import type { DatabaseConfigObject } from "../../src/settings.ts";
import { assertNothingLeaks, pool, rows, rowsHere } from "../servers/bank.ts";
import { Ledger, under as writingUnder } from "../servers/ledger.ts";
import * as bank from "../servers/models.ts";
import { Account } from "../servers/models.ts";
import { Proxy } from "../servers/proxy.ts";
import { gate, pause } from "../servers/until.ts";
import { type Cluster, runAsServer, skipCluster, startCluster } from "./cluster.ts";

let cluster: Cluster;
let proxy: Proxy;

type Options = Omit<DatabaseConfigObject, "url">;

function settings(options: Options = {}, port: number = cluster.port): void {
  const url = cluster.url("faults", port);
  configure({ apps: { bank }, databases: { default: { url, applicationName: "faults", ...options } } });
}

/** How many connections the server counts. */
async function seenByServer(): Promise<number> {
  const sql =
    "SELECT COUNT(*)::int FROM pg_stat_activity WHERE application_name = 'faults' AND pid <> pg_backend_pid()";
  return ((await rows(sql)) as [[number]])[0][0] + 1;
}

/** The pool is whole, the server counts the same connections, and none of them is in a transaction. */
async function assertWhole(): Promise<void> {
  assertNothingLeaks();
  const size = () => pool().size;
  for (let i = 0; i < 100 && (await seenByServer()) > size(); i++) await pause(30);
  assert.ok((await seenByServer()) <= size(), `${await seenByServer()} connections, the pool has ${size()}`);
  const open =
    "SELECT COUNT(*)::int FROM pg_stat_activity WHERE application_name = 'faults' AND state LIKE 'idle in%'";
  assert.deepEqual(await rows(open), [[0]]);
  await Account.aobjects.count();
}

const codeOf = (error: unknown) => ((error as Error).cause as { code?: string } | undefined)?.code;

/** Eight tasks write while `disturb` does its worst; afterwards nothing is lost, and the pool is whole. */
async function under(disturb: () => Promise<void>): Promise<Ledger> {
  const ledger = await writingUnder(disturb);
  await assertWhole();
  return ledger;
}

describe("PostgreSQL: faults", { skip: skipCluster }, () => {
  before(async () => {
    cluster = await startCluster();
    await cluster.run("CREATE DATABASE faults");
    proxy = await new Proxy(cluster.port).listen();
    settings();
    await createTables();
  });
  after(async () => {
    await connections.close();
    await proxy.close();
    await cluster.destroy();
  });
  beforeEach(async () => {
    settings({ pool: 6 });
    await Account.aobjects.all().delete();
  });

  it("the server is restarted in the middle of queries and transactions", async () => {
    const ledger = await under(async () => {
      await cluster.restart("fast");
      await pause(200);
      await cluster.restart("fast");
    });
    assert.ok(ledger.errors.length > 0);
  });

  it("the server crashes", async () => {
    const ledger = await under(() => cluster.restart("immediate"));
    assert.ok(ledger.errors.length > 0);
  });

  it("a transaction over a restart fails as a whole, with an OperationalError", async () => {
    const block = aatomic(async () => {
      await Account.aobjects.create({ name: "before" });
      await cluster.restart("fast");
      await Account.aobjects.create({ name: "after" });
    });
    await assert.rejects(block, OperationalError);
    assert.equal(await Account.aobjects.filter({ name__in: ["before", "after"] }).count(), 0);
    await assertWhole();
  });

  it("while the server is down every query fails at once, and none waits for ever", async () => {
    await Account.aobjects.count();
    await cluster.stop("fast");
    const started = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? Account.aobjects.count() : Account.aobjects.create({ name: `down${i}` }),
      ),
    );
    assert.ok(performance.now() - started < 5_000);
    for (const result of results) {
      assert.ok(result.status === "rejected" && result.reason instanceof OperationalError);
      assert.match(result.reason.message, /ECONNREFUSED|Connection terminated/);
    }
    assert.deepEqual(pool().size, 0);
    await cluster.start();
    assert.equal(await Account.aobjects.count(), 0);
    await assertWhole();
  });

  it("backends are terminated, one after the other, wherever they are", async () => {
    const ledger = await under(async () => {
      for (let i = 0; i < 25; i++) {
        await cluster.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faults' ORDER BY random() LIMIT 2",
        );
        await pause(20);
      }
    });
    assert.ok(ledger.errors.length > 0);
  });

  it("idle connections that the server has ended are taken out, and nobody fails for them", async () => {
    await Promise.all(Array.from({ length: 6 }, () => rows("SELECT pg_sleep(0.02)")));
    assert.equal(pool().size, 6);
    await cluster.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faults'",
    );
    for (let i = 0; i < 50 && pool().size > 0; i++) await pause(10);
    assert.equal(pool().size, 0);
    await Account.aobjects.create({ name: "write" });
    await aatomic(() => Account.aobjects.create({ name: "transaction" }));
    await assertWhole();
  });

  it("the way to the server is cut, again and again", async () => {
    settings({ pool: 6 }, proxy.port);
    const ledger = await under(async () => {
      for (let i = 0; i < 25; i++) {
        proxy.cut();
        await pause(20);
      }
    });
    assert.ok(ledger.errors.length > 0);
  });

  it("cut in the moment of the commit: an error, whatever became of it", async () => {
    settings({ pool: 2 }, proxy.port);
    await Account.aobjects.count();
    proxy.onData = (data) => {
      if (data.includes("COMMIT")) setImmediate(() => proxy.cut());
    };
    let calls = 0;
    const block = aatomic(
      () => {
        calls++;
        return Account.aobjects.create({ name: "maybe" });
      },
      { retries: 3 },
    );
    await assert.rejects(block, OperationalError);
    proxy.onData = null;
    // Nobody knows whether it was committed: it is not tried again.
    assert.equal(calls, 1);
    await assertWhole();
  });

  it("a cut in the middle of a write that is not in a transaction: it is not sent twice", async () => {
    settings({ pool: 1 }, proxy.port);
    await Account.aobjects.create({ name: "first" });
    proxy.onData = (data) => {
      // The server has it, and the answer is lost.
      if (data.includes("twice")) setTimeout(() => proxy.cut(), 15);
    };
    const write = Account.aobjects.extra({ where: ["pg_sleep(0.05) IS NOT NULL AND 'twice' <> ''"] });
    await assert.rejects(write.update({ balance: F("balance").add(1) }), OperationalError);
    proxy.onData = null;
    await pause(100);
    assert.ok((await Account.aobjects.get({ name: "first" })).balance <= 1);
    await assertWhole();
  });

  it("a connection that died without a sign is found out before it is used", async () => {
    settings({ pool: { max: 2, checkAfter: 50 }, connectTimeout: 300 }, proxy.port);
    await Promise.all([rows("SELECT pg_sleep(0.02)"), rows("SELECT pg_sleep(0.02)")]);
    proxy.freeze();
    await pause(100);
    proxy.thaw();
    await Account.aobjects.create({ name: "write" });
    await aatomic(() => Account.aobjects.create({ name: "transaction" }));
    assert.equal(await Account.aobjects.filter({ name__in: ["write", "transaction"] }).count(), 2);
    proxy.cut();
    await pause(50);
    await assertWhole();
  });

  it("an aborted query whose server cannot be reached gives its connection up", async () => {
    settings({ pool: 1, connectTimeout: 300 }, proxy.port);
    await Account.aobjects.create({ name: "only" });
    const reason = new Error("enough");
    const controller = new AbortController();
    const lost = Account.aobjects.withSignal(controller.signal).extra({ where: ["pg_sleep(1) IS NULL"] });
    const query = lost.count();
    query.catch(() => {});
    await pause(30);
    proxy.freeze();
    controller.abort(reason);
    await assert.rejects(query, (error) => error === reason || error instanceof OperationalError);
    proxy.thaw();
    proxy.cut();
    assert.equal(await Account.aobjects.count(), 1);
    await assertWhole();
  });

  it("the pool is exhausted: the error shows who holds it up, and the others are served after", async () => {
    settings({ pool: { max: 3, acquireTimeout: 100 } });
    const { open, opened } = gate();
    const holders = Array.from({ length: 3 }, (_, i) =>
      aatomic(async () => {
        await Account.aobjects.create({ name: `held${i}` });
        await opened;
      }),
    );
    await pause(50);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => Account.aobjects.count()));
    for (const result of results) {
      assert.ok(result.status === "rejected" && result.reason instanceof OperationalError);
      assert.match(
        result.reason.message,
        /3 of at most 3 are open, 0 idle, 3 in use, \d+ tasks wait\. The longest in use has been so for \d+ ms, last asked: INSERT INTO "bank_account"/,
      );
    }
    open();
    await Promise.all(holders);
    assert.equal(await Account.aobjects.count(), 3);
    await assertWhole();
  });

  it("10,000 tasks that write share 10 connections", async () => {
    settings({ pool: 10 });
    await Account.aobjects.bulkCreate([
      new Account({ name: "from", balance: 10_000 }),
      new Account({ name: "to" }),
    ]);
    const ledger = new Ledger();
    const transfer = () =>
      aatomic(async () => {
        await Account.aobjects.filter({ name: "from" }).update({ balance: F("balance").sub(1) });
        await Account.aobjects.filter({ name: "to" }).update({ balance: F("balance").add(1) });
      });
    await Promise.all(
      Array.from({ length: 10_000 }, (_, i) => {
        if (i % 50 === 0) return transfer();
        return i % 4 === 0 ? ledger.write() : Account.aobjects.filter({ name: "from" }).count();
      }),
    );
    assert.equal(ledger.acknowledged.size, ledger.tried.size);
    await ledger.check();
    assert.equal((await Account.aobjects.get({ name: "from" })).balance, 9_800);
    assert.equal((await Account.aobjects.get({ name: "to" })).balance, 200);
    assert.equal(pool().size, 10);
    await assertWhole();
  });

  it("timeouts and deadlocks in the middle of many transactions lose nothing", async () => {
    settings({ pool: 8, statementTimeout: 200, lockTimeout: 60 });
    await Account.aobjects.bulkCreate(["a", "b", "c"].map((name) => new Account({ name, balance: 100 })));
    let moved = 0;
    const outcomes = new Set<string | undefined>();
    const move = async (i: number) => {
      const [from, to] = [
        ["a", "b"],
        ["b", "c"],
        ["c", "a"],
      ][i % 3] as [string, string];
      try {
        await aatomic(async () => {
          await Account.aobjects.filter({ name: from }).update({ balance: F("balance").sub(1) });
          await pause(i % 5);
          if (i % 40 === 7) await rowsHere("SELECT pg_sleep(1)");
          await Account.aobjects.filter({ name: to }).update({ balance: F("balance").add(1) });
        });
        moved++;
      } catch (error) {
        assert.ok(error instanceof OperationalError, String(error));
        outcomes.add(codeOf(error));
      }
    };
    await Promise.all(Array.from({ length: 300 }, (_, i) => move(i)));
    const balances = await Account.aobjects.valuesList("balance", { flat: true });
    assert.equal(
      balances.reduce((sum, balance) => sum + balance, 0),
      300,
    );
    assert.ok(moved > 0);
    assert.ok(outcomes.has("57014") && outcomes.has("55P03"), [...outcomes].join());
    await assertWhole();
  });

  it("a database that turned read-only", async () => {
    await Account.aobjects.create({ name: "old" });
    await cluster.run("ALTER DATABASE faults SET default_transaction_read_only = on");
    settings({ pool: 3 });
    await assert.rejects(Account.aobjects.create({ name: "new" }), (error) => codeOf(error) === "25006");
    await assert.rejects(
      aatomic(() => Account.aobjects.filter({ name: "old" }).update({ balance: 1 })),
      (error) => codeOf(error) === "25006",
    );
    assert.equal((await Account.aobjects.get({ name: "old" })).balance, 0);
    await assertWhole();
    await cluster.run("ALTER DATABASE faults SET default_transaction_read_only = off");
    settings({ pool: 6 });
    await Account.aobjects.create({ name: "new" });
  });

  it("the disk is full: what was written before stays, and what frees room helps", async (test) => {
    const disk = join(cluster.directory, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4M,mode=1777", "tmpfs", disk], { stdio: "pipe" });
    } catch (error) {
      test.skip(`NO SMALL DISK: ${(error as Error).message.trim()}`);
      return;
    }
    try {
      runAsServer("mkdir", [join(disk, "space")]);
      await cluster.run(`CREATE TABLESPACE tiny LOCATION '${join(disk, "space")}'`);
      await cluster.run("ALTER TABLE bank_account SET TABLESPACE tiny", "faults");
      settings({ pool: 3 });
      let written = 0;
      const fill = async () => {
        for (let i = 0; i < 200; i++) {
          const batch = Array.from({ length: 1_000 }, (_, k) => new Account({ name: `fill${i}-${k}` }));
          await Account.aobjects.bulkCreate(batch);
          written += batch.length;
        }
      };
      await assert.rejects(fill(), (error) => error instanceof OperationalError && codeOf(error) === "53100");
      assert.ok(written > 0);
      assert.equal(await Account.aobjects.count(), written);
      await assertWhole();
      await cluster.run("TRUNCATE bank_account CASCADE", "faults");
      await Account.aobjects.create({ name: "again" });
    } finally {
      await cluster.run("ALTER TABLE bank_account SET TABLESPACE pg_default", "faults");
      await cluster.run("DROP TABLESPACE tiny");
      execFileSync("umount", [disk]);
    }
  });
});

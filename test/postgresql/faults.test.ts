/** Faults that PostgreSQL has for itself, or that take long; the rest is in `test/servers/faults.test.ts`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { aatomic, F, OperationalError } from "asgimod";
import { pool, rowsHere, settings } from "../servers/bank.ts";
import { describeFaults } from "../servers/faults.ts";
import { Ledger } from "../servers/ledger.ts";
import { Account } from "../servers/models.ts";
import { pause } from "../servers/until.ts";
import { runAsServer } from "./cluster.ts";
import { postgresql } from "./server.ts";

const codeOf = (error: unknown) => ((error as Error).cause as { code?: string } | undefined)?.code;

describeFaults(postgresql, ({ server, assertWhole }) => {
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
    await server().run("ALTER DATABASE faults SET default_transaction_read_only = on");
    settings({ pool: 3 });
    await assert.rejects(Account.aobjects.create({ name: "new" }), (error) => codeOf(error) === "25006");
    await assert.rejects(
      aatomic(() => Account.aobjects.filter({ name: "old" }).update({ balance: 1 })),
      (error) => codeOf(error) === "25006",
    );
    assert.equal((await Account.aobjects.get({ name: "old" })).balance, 0);
    await assertWhole();
    await server().run("ALTER DATABASE faults SET default_transaction_read_only = off");
    settings({ pool: 6 });
    await Account.aobjects.create({ name: "new" });
  });

  it("the disk is full: what was written before stays, and what frees room helps", async (test) => {
    const disk = join(server().directory, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4M,mode=1777", "tmpfs", disk], { stdio: "pipe" });
    } catch (error) {
      test.skip(`NO SMALL DISK: ${(error as Error).message.trim()}`);
      return;
    }
    try {
      runAsServer("mkdir", [join(disk, "space")]);
      await server().run(`CREATE TABLESPACE tiny LOCATION '${join(disk, "space")}'`);
      await server().run("ALTER TABLE bank_account SET TABLESPACE tiny", "faults");
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
      await server().run("TRUNCATE bank_account CASCADE", "faults");
      await Account.aobjects.create({ name: "again" });
    } finally {
      await server().run("ALTER TABLE bank_account SET TABLESPACE pg_default", "faults");
      await server().run("DROP TABLESPACE tiny");
      execFileSync("umount", [disk]);
    }
  });
});

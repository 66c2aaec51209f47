/** Deadlocks, after which MariaDB has rolled everything back; the rest is in `test/servers/faults.test.ts`. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { aatomic, DatabaseError, F, OperationalError } from "asgimod";
import { settings } from "../servers/bank.ts";
import { describeFaults } from "../servers/faults.ts";
import { Account } from "../servers/models.ts";
import { pause } from "../servers/until.ts";
import { mysql } from "./server.ts";

const errno = (error: unknown) => ((error as Error).cause as { errno?: number } | undefined)?.errno;

describeFaults(mysql, ({ assertWhole }) => {
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

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aatomic,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from "asgimod";
import { runInBlock } from "../../src/backends/base/transaction.ts";
import { assertNothingLeaks, rows, settings, setUp } from "../servers/bank.ts";
import { Account, Entry } from "../servers/models.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "errors");

describe("PostgreSQL: errors", { skip }, () => {
  it("a violated unique constraint is named", async () => {
    await Account.aobjects.create({ name: "twin" });
    await assert.rejects(Account.aobjects.create({ name: "twin" }), (error: unknown) => {
      assert.ok(error instanceof IntegrityError);
      assert.equal(error.constraint, "bank_account_name_key");
      assert.match(
        error.message,
        /duplicate key value .*\nDETAIL: {2}Key \(name\)=\(twin\) already exists\./s,
      );
      assert.match(String((error.cause as { sql: string }).sql), /^INSERT INTO "bank_account"/);
      return true;
    });
  });

  it("a foreign key is checked at the commit", async () => {
    await assert.rejects(
      aatomic(() => Entry.aobjects.create({ account_id: 999, amount: "1.00" })),
      (error: unknown) =>
        error instanceof IntegrityError && /^bank_entry_account_id_\w+_fk_/.test(error.constraint ?? ""),
    );
  });

  const cases: readonly (readonly [string, new (...args: never[]) => Error])[] = [
    ["SELECT * FROM missing", ProgrammingError],
    ["SELEC 1", ProgrammingError],
    ["SELECT 1 / 0", DataError],
    ["SELECT 'x'::int", DataError],
    ["SELECT 'infinity'::timestamptz", DataError],
    ["INSERT INTO bank_account (name, balance) VALUES (NULL, 1)", IntegrityError],
    ["CREATE TABLE a (x int GENERATED NEVER AS (1) STORED)", ProgrammingError],
    ["SELECT 1 FROM bank_account GROUP BY id FOR UPDATE", NotSupportedError],
  ];
  for (const [sql, expected] of cases) {
    it(`${sql}: ${expected.name}`, async () => {
      await assert.rejects(rows(sql), expected);
    });
  }

  it("a statement that takes too long", async () => {
    settings({ pool: 1, statementTimeout: 40 });
    const slow = Account.aobjects.extra({ where: ["pg_sleep(20) IS NOT NULL"] });
    await assert.rejects(slow.count(), (error: unknown) => {
      assert.ok(error instanceof OperationalError);
      assert.equal(error.message, "canceling statement due to statement timeout");
      assert.equal((error.cause as { code: string }).code, "57014");
      return true;
    });
    assert.equal(await Account.aobjects.count(), 1);
    assertNothingLeaks();
    settings();
  });

  it("one that waits for a lock too long", async () => {
    settings({ pool: 2, lockTimeout: 40 });
    const locked = Account.aobjects.filter({ name: "twin" });
    await aatomic(async () => {
      await locked.selectForUpdate().get();
      // Outside of this transaction.
      await assert.rejects(
        runInBlock(null, () => locked.update({ balance: 9 })),
        (error: unknown) => {
          assert.ok(error instanceof OperationalError);
          assert.match(error.message, /^canceling statement due to lock timeout/);
          assert.equal((error.cause as { code: string }).code, "55P03");
          return true;
        },
      );
    });
    assertNothingLeaks();
    settings();
  });

  it("after a failed read, the server refuses the rest of the transaction", async () => {
    await assert.rejects(
      aatomic(async () => {
        await assert.rejects(Account.aobjects.extra({ where: ["1 / 0 = 1"] }).count(), DataError);
        await Account.aobjects.count();
      }),
      InternalError,
    );
    assert.equal(await Account.aobjects.filter({ name: "twin" }).count(), 1);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aatomic,
  DataError,
  IntegrityError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from "asgimod";
import { runInBlock } from "../../src/backends/base/transaction.ts";
import { rows, settings, setUp } from "../servers/bank.ts";
import { Account, Entry } from "../servers/models.ts";
import { mysql, skip } from "./server.ts";

await setUp(mysql, "errors");

describe("MySQL: errors", { skip }, () => {
  it("a violated unique constraint is named, with the server's error as the cause", async () => {
    await Account.aobjects.create({ name: "twin" });
    await assert.rejects(Account.aobjects.create({ name: "twin" }), (error: unknown) => {
      assert.ok(error instanceof IntegrityError);
      assert.equal(error.constraint, "name");
      assert.match(error.message, /^Duplicate entry 'twin' for key '(?:bank_account\.)?name'$/);
      const { errno, sqlState, sql } = error.cause as { errno: number; sqlState: string; sql: string };
      assert.deepEqual([errno, sqlState], [1062, "23000"]);
      assert.match(sql, /^INSERT INTO `bank_account`/);
      return true;
    });
  });

  it("a foreign key is checked at once", async () => {
    await assert.rejects(
      Entry.aobjects.create({ account_id: 999, amount: "1.00" }),
      (error: unknown) =>
        error instanceof IntegrityError && /^bank_entry_account_id_\w+_fk_/.test(error.constraint ?? ""),
    );
  });

  const cases: readonly (readonly [string, new (...args: never[]) => Error])[] = [
    ["SELECT * FROM missing", ProgrammingError],
    ["SELEC 1", ProgrammingError],
    ["SELECT missing FROM bank_account", OperationalError],
    ["INSERT INTO bank_account (name, balance) VALUES ('x', 99999999999)", DataError],
    ["INSERT INTO bank_account (name, balance) VALUES (REPEAT('x', 21), 1)", DataError],
    ["INSERT INTO bank_account (name, balance) VALUES (NULL, 1)", IntegrityError],
    ["SELECT * FROM bank_account WHERE id IN (SELECT id FROM bank_account LIMIT 1)", NotSupportedError],
  ];
  for (const [sql, expected] of cases) {
    it(`${sql}: ${expected.name}`, async () => {
      await assert.rejects(rows(sql), expected);
    });
  }

  it("numbers that are none have no literal", async () => {
    await assert.rejects(
      Account.aobjects
        .filter({ balance: 1 })
        .extra({ where: ["1 = %s"], params: [Number.NaN] })
        .count(),
      { name: "ProgrammingError", message: "nan can not be used with MySQL" },
    );
  });

  it("as many parameters as places", async () => {
    await assert.rejects(rows("SELECT ?, '?', ? -- ?", [1]), /has 2 placeholders, but 1 parameters/);
    assert.deepEqual(await rows("SELECT ?, '?', `?` FROM (SELECT ? AS `?`) t /* ? */ # ?", [1, 2]), [
      [1, "?", 2],
    ]);
  });

  it("texts are literals, whatever is in them", async () => {
    const texts = [
      "'",
      '"',
      "\\",
      "\\'",
      "a\0b",
      "\r\n\x1a",
      "?",
      "%",
      "`",
      "'; DROP TABLE bank_account; -- ",
    ];
    for (const text of texts) assert.deepEqual(await rows("SELECT ?, ?", [text, text]), [[text, text]]);
  });

  it("a statement that takes too long", async () => {
    settings({ statementTimeout: 100 });
    const slow =
      "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b WHERE a.column_name < b.column_name";
    await assert.rejects(rows(slow), OperationalError);
    settings();
  });

  it("one that waits for a lock too long", async () => {
    settings({ lockTimeout: 1000, pool: 2 });
    const { id } = await Account.aobjects.create({ name: "locked" });
    const raise = () => Account.aobjects.filter({ id }).update({ balance: 1 });
    await aatomic(async () => {
      await Account.aobjects.selectForUpdate().get({ id });
      // Outside of this transaction.
      await assert.rejects(runInBlock(null, raise), /Lock wait timeout exceeded/);
    });
    assert.equal(await raise(), 1);
    settings();
  });
});

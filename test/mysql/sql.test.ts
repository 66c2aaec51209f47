/** Statements that only MySQL and MariaDB know. */
import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { Count, configure, connections, createTables, StringAgg } from "asgimod";
import { ASSUMED, MysqlFeatures } from "../../src/backends/mysql/features.ts";
import { MysqlOperations } from "../../src/backends/mysql/operations.ts";
import * as bank from "../servers/models.ts";
import { Account, Entry } from "../servers/models.ts";
import { sent } from "../statements.ts";
import { database, skip } from "./server.ts";

describe("MySQL: SQL", { skip }, async () => {
  if (skip !== false) return;
  const { url } = await database("sql");
  configure({ apps: { bank }, databases: { default: url } });
  await createTables();
  after(() => connections.close());
  beforeEach(async () => {
    await Account.aobjects.all().delete();
    await Account.aobjects.bulkCreate(["c", "a", "b"].map((name, balance) => new Account({ name, balance })));
  });

  it("deletes from joined tables", async () => {
    for (const account of await Account.aobjects.all())
      await Entry.aobjects.create({ account, amount: "1.00" });
    const statements = await sent(() => Entry.aobjects.filter({ account__name: "b" }).delete());
    assert.deepEqual(statements, [
      "DELETE `bank_entry` FROM `bank_entry` INNER JOIN `bank_account` ON (`bank_entry`.`account_id` = " +
        "`bank_account`.`id`) WHERE `bank_account`.`name` = ?",
    ]);
    assert.equal(await Entry.aobjects.count(), 2);
  });

  it("what is there is updated instead, or left as it is", async () => {
    const [update] = await sent(() =>
      Account.aobjects.bulkCreate([new Account({ name: "a", balance: 50 })], {
        updateConflicts: true,
        updateFields: ["balance"],
      }),
    );
    assert.match(
      String(update),
      / ON DUPLICATE KEY UPDATE `balance` = (?:VALUE\(`balance`\)|new\.`balance`)/,
    );
    assert.equal((await Account.aobjects.get({ name: "a" })).balance, 50);
    const [ignore] = await sent(() =>
      Account.aobjects.bulkCreate([new Account({ name: "a", balance: 70 })], { ignoreConflicts: true }),
    );
    assert.match(String(ignore), /^INSERT IGNORE INTO `bank_account`/);
    assert.equal((await Account.aobjects.get({ name: "a" })).balance, 50);
  });

  it("what is updated instead, by the server's version", () => {
    const of = (mariadb: boolean, ...version: number[]) =>
      new MysqlOperations(new MysqlFeatures({ ...ASSUMED, mariadb, version })).onConflictSuffixSql("update", [
        "a",
      ]);
    assert.equal(of(true, 10, 11, 0), "ON DUPLICATE KEY UPDATE `a` = VALUE(`a`)");
    assert.equal(of(false, 8, 0, 18), "ON DUPLICATE KEY UPDATE `a` = VALUES(`a`)");
    assert.equal(of(false, 8, 0, 19), "AS new ON DUPLICATE KEY UPDATE `a` = new.`a`");
  });

  it("texts are joined with their delimiter, in an order, and filtered", async () => {
    const found = await Account.aobjects.aggregate({
      all: StringAgg("name", ", ", { orderBy: "name" }),
      some: StringAgg("name", "'", { orderBy: "-name", filter: { balance__gte: 1 } as never }),
    });
    assert.deepEqual(found, { all: "a, b, c", some: "b'a" });
  });

  it("groups are not sorted where no order is asked for", async () => {
    const [sql] = await sent(() => Account.aobjects.values("balance").annotate({ n: Count("id") }));
    assert.match(String(sql), / GROUP BY 1 ORDER BY NULL$/);
  });

  it("names are quoted", () => {
    assert.equal(new MysqlOperations(new MysqlFeatures()).quoteName("a`b"), "`a``b`");
  });
});

/**
 * A server that returns no rows of an INSERT and selects from no table that it updates: MySQL. MariaDB is told to be one,
 * as far as both understand the same statements.
 */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  CharField,
  configure,
  connections,
  createTables,
  DateTimeField,
  F,
  Model,
  Now,
  Upper,
  Value,
} from "asgimod";
import type { MysqlFeatures } from "../../src/backends/mysql/features.ts";
import { MysqlSession } from "../../src/backends/mysql/session.ts";
import * as bank from "../servers/models.ts";
import { Account, Entry } from "../servers/models.ts";
import { sent } from "../statements.ts";
import { database, skip } from "./server.ts";

class Visit extends Model("visits.Visit", {
  place: CharField({ maxLength: 20 }),
  came: DateTimeField({ dbDefault: Now() }),
}) {}

describe("MySQL: without RETURNING", { skip }, async () => {
  if (skip !== false) return;
  const { rows } = MysqlSession.prototype;
  MysqlSession.prototype.rows = async function (this: MysqlSession, statement, ...rest) {
    const found = await rows.call(this, statement, ...rest);
    if (statement.sql.includes("VERSION()")) (found[0] as unknown[])[0] = "8.0.12";
    return found;
  };
  const { url } = await database("without_returning");
  configure({ apps: { bank, visits: { Visit } }, databases: { default: url } });
  await createTables();
  after(async () => {
    await connections.close();
    MysqlSession.prototype.rows = rows;
  });

  it("is taken for MySQL", () => {
    const features = connections.features() as MysqlFeatures;
    assert.equal(features.server.mariadb, false);
    assert.equal(features.canReturnColumnsFromInsert, false);
  });

  it("a new object has the key that the server reports, also beside what the database fills in", async () => {
    const first = await Visit.aobjects.create({ place: "a" });
    const second = await Visit.aobjects.create({ place: Upper(Value("b")) as never, came: new Date(0) });
    assert.equal(second.id, first.id + 1);
    await first.arefreshFromDb();
    assert.ok(first.came instanceof Date);
    assert.equal((await Visit.aobjects.get({ id: second.id })).place, "B");
  });

  it("many new objects have no keys, as in Django", async () => {
    const made = await Account.aobjects.bulkCreate([
      new Account({ name: "a" }),
      new Account({ name: "b", balance: 1 }),
    ]);
    assert.deepEqual(
      made.map(({ pk }) => pk ?? null),
      [null, null],
    );
    assert.equal(await Account.aobjects.count(), 2);
  });

  it("an update over several tables selects its keys before", async () => {
    const account = await Account.aobjects.get({ name: "a" });
    const entry = await Entry.aobjects.create({ account, amount: "1.00" });
    const statements = await sent(() =>
      Entry.aobjects.filter({ account__name: "a" }).update({ amount: F("amount").add(5) }),
    );
    assert.equal(statements.length, 2);
    assert.match(statements[0] as string, /^SELECT `bank_entry`.`id` AS `id` FROM `bank_entry` INNER JOIN/);
    assert.match(statements[1] as string, /^UPDATE `bank_entry` SET .* WHERE `bank_entry`.`id` IN \(\?\)$/);
    assert.equal(String((await Entry.aobjects.get({ id: entry.id })).amount), "6.00");
  });

  it("rows are updated in an order", async () => {
    const [update] = await sent(() =>
      Account.aobjects.orderBy("-balance").update({ balance: F("balance").add(1) }),
    );
    assert.match(String(update), /^UPDATE `bank_account` SET .* ORDER BY `bank_account`.`balance` DESC$/);
    assert.equal((await Account.aobjects.get({ name: "b" })).balance, 2);
  });
});

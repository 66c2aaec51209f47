/** PostgreSQL in this process: the dialect on a machine without a server. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  aatomic,
  configure,
  connections,
  createTables,
  F,
  IntegrityError,
  NotSupportedError,
  SynchronousOnlyOperation,
  TransactionManagementError,
} from "asgimod";
import { bulkCopy, listen } from "asgimod/postgres";
import { type DatabaseConfigObject, resolveConfig } from "../../src/settings.ts";
import { assertNothingLeaks, connection, rows } from "../servers/bank.ts";
import * as bank from "../servers/models.ts";
import { Account, Entry } from "../servers/models.ts";
import { pause } from "../servers/until.ts";

function settings(options: Omit<DatabaseConfigObject, "url"> = {}): void {
  const database = { url: "postgresql::memory:", driver: "pglite", ...options } as const;
  configure({ apps: { bank }, databases: { default: database } });
}

describe("PGlite", () => {
  before(async () => {
    settings();
    await createTables();
  });
  after(() => connections.close());

  it("reads and writes", async () => {
    const account = await Account.aobjects.create({ name: "one", balance: 1 });
    await Account.aobjects.filter({ pk: account.pk }).update({ balance: F("balance").add(1) });
    assert.equal((await Account.aobjects.get({ name: "one" })).balance, 2);
    await assert.rejects(Account.aobjects.create({ name: "one" }), IntegrityError);
    const [major] = await connection().version("async");
    assert.ok((major as number) >= 16);
    assert.throws(() => Account.objects.count(), SynchronousOnlyOperation);
  });

  it("transactions, savepoints, and who waits for them", async () => {
    await Account.aobjects.all().delete();
    const seen: number[] = [];
    await Promise.all([
      aatomic(async () => {
        await Account.aobjects.create({ name: "outer" });
        await assert.rejects(aatomic(() => Account.aobjects.create({ name: "outer" })));
        await pause(20);
        await Account.aobjects.create({ name: "later" });
      }),
      pause(5).then(async () => seen.push(await Account.aobjects.count())),
    ]);
    assert.deepEqual(seen, [2]);
    const failing = aatomic(async () => {
      await Account.aobjects.create({ name: "lost" });
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);
    assert.equal(await Account.aobjects.count(), 2);
    await assert.rejects(
      aatomic(() =>
        Account.aobjects
          .extra({ where: ["1 / 0 = 1"] })
          .count()
          .catch(() => 0),
      ),
      TransactionManagementError,
    );
    assertNothingLeaks();
  });

  it("foreign keys are checked at the commit", async () => {
    await assert.rejects(
      aatomic(() => Entry.aobjects.create({ account_id: 99, amount: "1.00" })),
      IntegrityError,
    );
  });

  it("iterator(), with queries between its rows", async () => {
    await Account.aobjects.all().delete();
    await Account.aobjects.bulkCreate(
      Array.from({ length: 250 }, (_, i) => new Account({ name: `s${i}`, balance: i })),
    );
    let count = 0;
    for await (const { pk } of Account.aobjects.orderBy("pk").iterator({ chunkSize: 100 })) {
      if (count++ % 100 === 0) await Account.aobjects.filter({ pk }).update({ balance: -1 });
    }
    assert.equal(count, 250);
    assert.equal(await Account.aobjects.filter({ balance: -1 }).count(), 3);
    assertNothingLeaks();
  });

  it("there is no bulkCopy(), and no listen()", async () => {
    await assert.rejects(bulkCopy(Account, [new Account({ name: "copied" })]), NotSupportedError);
    await assert.rejects(listen("orders").ready, NotSupportedError);
    await Account.aobjects.count();
    assertNothingLeaks();
  });

  it("a directory keeps the rows", async () => {
    const directory = mkdtempSync(join(tmpdir(), "asgimod-pglite-"));
    try {
      settings({ name: join(directory, "data") });
      await createTables();
      await Account.aobjects.create({ name: "kept" });
      await connections.close();
      assert.equal(await Account.aobjects.filter({ name: "kept" }).count(), 1);
      await connections.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("settings", () => {
    const resolve = (options: object) => () =>
      resolveConfig({ databases: { default: { engine: "postgresql", name: ":memory:", ...options } } });
    assert.throws(resolve({ driver: "pglite", sync: true }), /sync code has no way/);
    assert.throws(resolve({ driver: "pglite", pool: 2 }), /one connection, not more/);
    assert.throws(resolve({ driver: "better-sqlite3" }), /Choices are: pg, pglite/);
    assert.throws(resolve({ pglite: {} }), /need driver: "pglite"/);
  });

  it("extensions", async () => {
    const { hstore } = (await import("@electric-sql/pglite/contrib/hstore" as string)) as { hstore: object };
    settings({ pglite: { extensions: { hstore } } });
    await rows("CREATE EXTENSION hstore");
    assert.deepEqual(await rows("SELECT ('a=>1'::hstore -> 'a')"), [["1"]]);
    await connections.close();
  });
});

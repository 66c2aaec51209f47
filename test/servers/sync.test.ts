import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { Worker } from "node:worker_threads";
import {
  aatomic,
  atomic,
  connections,
  Decimal,
  ImproperlyConfigured,
  IntegrityError,
  OperationalError,
  onCommit,
  onQuery,
  ProgrammingError,
  SynchronousOnlyOperation,
} from "asgimod";
import { connection, rows, settings } from "./bank.ts";
import { Account, Entry, Thing } from "./models.ts";
import { onEachServer } from "./servers.ts";
import { until } from "./until.ts";

/** Runs a statement in sync code, apart from the models. */
function runSync(sql: string): void {
  connection().execute({ kind: "run", alias: "default", sql, params: [] }, "sync", null);
}

onEachServer("sync access through a worker", ({ sql: words, password }) => {
  beforeEach(async () => {
    settings({ sync: true });
    await Account.aobjects.all().delete();
    await Thing.aobjects.all().delete();
  });

  it("reads and writes; both colours see the same rows", async () => {
    const account = Account.objects.create({ name: "Ann", balance: 3 });
    assert.equal(typeof account.id, "number");
    account.balance = 4;
    account.save();
    assert.equal((await Account.aobjects.get({ name: "Ann" })).balance, 4);
    await Account.aobjects.create({ name: "Bea" });
    assert.deepEqual([...Account.objects.orderBy("name").valuesList("name", { flat: true })], ["Ann", "Bea"]);
    assert.equal(Account.objects.count(), 2);
    assert.deepEqual(Account.objects.filter({ name: "Bea" }).delete(), [1, { "bank.Account": 1 }]);
    assert.throws(() => Account.objects.get({ name: "Bea" }), Account.DoesNotExist);
  });

  it("values of every type arrive as in async code", async () => {
    const made = await Thing.aobjects.create({
      text: "ä\u{1F355}",
      flag: true,
      small: -5,
      big: 9007199254740993n,
      float: 0.1,
      decimal: "123456789.0123456789",
      date: "2024-02-29",
      time: "23:59:59.999999",
      instant: "2024-01-15T12:00:00.123456Z",
      duration: "P1DT2H3M4.000005S",
      bytes: new Uint8Array([0, 255]),
      uuid: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      ip: "2001:db8::1",
      json: { a: [1, null, "x"] },
    });
    const sync = Thing.objects.get({ id: made.id });
    assert.deepEqual(sync.toJSON(), (await Thing.aobjects.get({ id: made.id })).toJSON());
    assert.ok(sync.decimal instanceof Decimal);
    for (const name of [
      "decimal",
      "float",
      "date",
      "time",
      "instant",
      "duration",
      "bytes",
      "json",
    ] as const) {
      assert.equal(Thing.objects.filter({ [name]: sync[name] } as { text: string }).count(), 1, name);
    }
    const streamed = [...Thing.objects.all().iterator({ chunkSize: 1 })];
    assert.deepEqual(streamed[0]?.toJSON(), sync.toJSON());
  });

  it("a relation that is not loaded loads", () => {
    const account = Account.objects.create({ name: "Ann" });
    Entry.objects.create({ account, amount: "1.50" });
    const entry = Entry.objects.get({ account__name: "Ann" });
    assert.equal(entry.account.name, "Ann");
    assert.equal(account.entry_set.count(), 1);
  });

  it("a transaction commits or rolls back, with savepoints, and nobody sees it before", async () => {
    const calls: string[] = [];
    atomic(() => {
      Account.objects.create({ name: "kept" });
      onCommit(() => calls.push("committed"));
      assert.throws(() =>
        atomic(() => {
          Account.objects.create({ name: "lost" });
          throw new Error("no");
        }),
      );
      assert.equal(Account.objects.count(), 1);
    });
    assert.deepEqual(calls, ["committed"]);
    assert.throws(() =>
      atomic(() => {
        Account.objects.create({ name: "lost, too" });
        throw new Error("no");
      }),
    );
    assert.deepEqual([...Account.objects.valuesList("name", { flat: true })], ["kept"]);
    assert.equal(await Account.aobjects.count(), 1);
  });

  it("iterator() reads in chunks; an early end gives the session back", () => {
    Account.objects.bulkCreate(Array.from({ length: 50 }, (_, i) => new Account({ name: `a${i}` })));
    const seen: number[] = [];
    for (const { id } of Account.objects.orderBy("id").iterator({ chunkSize: 7 })) seen.push(id);
    assert.equal(seen.length, 50);
    for (let round = 0; round < 30; round++) {
      for (const account of Account.objects.iterator({ chunkSize: 7 })) {
        if (account.name === "a3") break;
      }
    }
    atomic(() => {
      for (const _ of Account.objects.iterator({ chunkSize: 7 })) break;
      assert.equal(Account.objects.count(), 50);
    });
  });

  it("errors are those of async code, with the server's as their cause", async () => {
    await Account.aobjects.create({ name: "Ann" });
    assert.throws(
      () => Account.objects.create({ name: "Ann" }),
      (error: unknown) => {
        assert.ok(error instanceof IntegrityError);
        assert.match(error.constraint ?? "", /name/);
        assert.match(error.message, /duplicate/i);
        const { code, errno } = error.cause as { code?: string; errno?: number };
        assert.equal(code ?? errno, words.duplicate);
        return true;
      },
    );
    assert.throws(() => [...Account.objects.raw("SELECT nothing FROM nowhere")], ProgrammingError);
    assert.equal(Account.objects.count(), 1);
  });

  it("queries are told to listeners", () => {
    const seen: string[] = [];
    const stop = onQuery(({ sql, control }) => seen.push(control ? sql : sql.slice(0, 6)));
    atomic(() => {
      Account.objects.create({ name: "kept" });
      assert.throws(() =>
        atomic(() => {
          Account.objects.create({ name: "lost" });
          throw new Error("no");
        }),
      );
    });
    stop();
    assert.deepEqual(
      seen.map((sql) => sql.replace(/["`]/g, "")),
      [
        words.begin,
        "INSERT",
        "SAVEPOINT s1",
        "INSERT",
        "ROLLBACK TO SAVEPOINT s1",
        "RELEASE SAVEPOINT s1",
        "COMMIT",
      ],
    );
  });

  it("sync code in an async transaction is refused: it could not wait for its connection", async () => {
    await aatomic(async () => {
      await Account.aobjects.create({ name: "Ann" });
      assert.throws(() => Account.objects.count(), SynchronousOnlyOperation);
      assert.throws(() => atomic(() => {}), SynchronousOnlyOperation);
      assert.equal(await Account.aobjects.count(), 1);
    });
    assert.equal(Account.objects.count(), 1);
  });

  it("a session that the server ends is an error; the next statement gets another one", () => {
    assert.throws(
      () =>
        atomic(() => {
          Account.objects.create({ name: "lost" });
          runSync(words.killSelf);
        }),
      OperationalError,
    );
    assert.equal(Account.objects.count(), 0);
  });

  it("a worker that dies is an error; the next statement gets a new one", async () => {
    settings({ sync: true, applicationName: "another" });
    const workers: Worker[] = [];
    const note = (worker: Worker) => workers.push(worker);
    process.on("worker", note);
    Account.objects.count();
    await new Promise(setImmediate);
    assert.equal(workers.length, 1);
    assert.throws(
      () =>
        atomic(() => {
          Account.objects.create({ name: "lost" });
          void workers[0]?.terminate();
          for (let i = 0; i < 1000; i++) Account.objects.count();
        }),
      OperationalError,
    );
    assert.equal(Account.objects.count(), 0);
    await new Promise(setImmediate);
    process.off("worker", note);
    assert.equal(workers.length, 2);
  });

  it("a password function gives a text", () => {
    settings({ sync: true, password: () => password });
    assert.equal(Account.objects.count(), 0);
    settings({ sync: true, password: async () => password });
    assert.throws(() => Account.objects.count(), ImproperlyConfigured);
  });

  it("without the setting the error names it, and the async spelling", () => {
    settings();
    assert.throws(() => Account.objects.count(), /aobjects instead of objects[\s\S]*'sync: true'/);
  });

  it("the worker's sessions are closed with the connection", async () => {
    const count = async () => (await rows(words.connections)).length;
    Account.objects.count();
    const before = await count();
    await connections.close();
    await until(async () => (await count()) < before);
  });
});

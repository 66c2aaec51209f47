/** What sync access through the worker owes to this backend; the worker itself is tested on PostgreSQL. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import {
  aatomic,
  atomic,
  connections,
  Decimal,
  IntegrityError,
  OperationalError,
  onQuery,
  ProgrammingError,
  SynchronousOnlyOperation,
} from "asgimod";
import { Account, Thing } from "../postgresql/models.ts";
import { connection, settings, setUp, skip } from "./setup.ts";

await setUp("sync");

/** Runs a statement in sync code, apart from the models. */
function runSync(sql: string): void {
  connection().execute({ kind: "run", alias: "default", sql, params: [] }, "sync", null);
}

describe("MySQL: sync access through a worker", { skip }, () => {
  beforeEach(async () => {
    if (skip !== false) return;
    settings({ sync: true });
    await Account.aobjects.all().delete();
    await Thing.aobjects.all().delete();
  });

  it("asks the server what it is, without async code before", async () => {
    await connections.close();
    settings({ sync: true });
    assert.equal(connection().server, null);
    assert.equal(Account.objects.count(), 0);
    assert.notEqual(connection().server, null);
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

  it("a transaction commits or rolls back, with savepoints, and is read-only when it says so", () => {
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
    assert.deepEqual(seen, [
      "START TRANSACTION",
      "INSERT",
      "SAVEPOINT `s1`",
      "INSERT",
      "ROLLBACK TO SAVEPOINT `s1`",
      "RELEASE SAVEPOINT `s1`",
      "COMMIT",
    ]);
    assert.deepEqual([...Account.objects.valuesList("name", { flat: true })], ["kept"]);
    assert.throws(
      () =>
        atomic(() => Account.objects.create({ name: "no" }), { isolation: "serializable", readOnly: true }),
      /READ ONLY transaction/,
    );
  });

  it("errors are those of async code, with the server's as their cause", () => {
    Account.objects.create({ name: "Ann" });
    assert.throws(
      () => Account.objects.create({ name: "Ann" }),
      (error: unknown) => {
        assert.ok(error instanceof IntegrityError);
        assert.equal(error.constraint, "name");
        assert.equal((error.cause as { errno?: number }).errno, 1062);
        return true;
      },
    );
    assert.throws(() => [...Account.objects.raw("SELECT nothing FROM nowhere")], ProgrammingError);
    assert.equal(Account.objects.count(), 1);
  });

  it("sync code in an async transaction is refused", async () => {
    await aatomic(async () => {
      await Account.aobjects.create({ name: "Ann" });
      assert.throws(() => Account.objects.count(), SynchronousOnlyOperation);
    });
    assert.equal(Account.objects.count(), 1);
  });

  it("a session that the server ends is an error; the next statement gets another one", () => {
    assert.throws(
      () =>
        atomic(() => {
          Account.objects.create({ name: "lost" });
          runSync("KILL CONNECTION_ID()");
        }),
      OperationalError,
    );
    assert.equal(Account.objects.count(), 0);
  });
});

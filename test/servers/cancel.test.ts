/** Aborted queries are stopped on the server, and their connections go on to serve. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { aatomic, TransactionManagementError, withSignal } from "asgimod";
import { assertNothingLeaks, pool, rowsHere, settings, valueHere } from "./bank.ts";
import { Account } from "./models.ts";
import { onEachServer } from "./servers.ts";
import { gate, until } from "./until.ts";

function aborting(after: number): { signal: AbortSignal; reason: Error } {
  const controller = new AbortController();
  const reason = new Error("nobody wants it any more");
  setTimeout(() => controller.abort(reason), after);
  return { signal: controller.signal, reason };
}

onEachServer("aborted queries", ({ sql, run }) => {
  const connectionId = () => valueHere(sql.connectionId);
  const slow = (seconds: number) => Account.aobjects.extra({ where: [sql.slow(seconds)] });
  /** How many statements run on the server that take so long. */
  const running = async (seconds: number) => Number(await valueHere(sql.running(`(${seconds})`)));

  it("withSignal() of a queryset stops the statement on the server, and keeps the connection", async () => {
    settings({ pool: 1 });
    await Account.aobjects.create({ name: "one" });
    const id = await connectionId();
    const { signal, reason } = aborting(50);
    const started = performance.now();
    await assert.rejects(slow(20).withSignal(signal).count(), (error) => error === reason);
    assert.ok(performance.now() - started < 15_000);
    assert.equal(await connectionId(), id);
    assert.equal(await Account.aobjects.count(), 1);
    assert.equal(await running(20), 0);
    assertNothingLeaks();
  });

  it("each way of asking heeds the signal", async () => {
    settings({ pool: 4 });
    const ways: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => slow(21).withSignal(signal).eval(),
      async (signal) => await slow(21).withSignal(signal),
      (signal) => slow(21).withSignal(signal).get({ name: "one" }),
      async (signal) => {
        for await (const _ of slow(21).withSignal(signal)) assert.fail();
      },
      async (signal) => {
        for await (const _ of slow(21).withSignal(signal).iterator()) assert.fail();
      },
      (signal) => slow(21).withSignal(signal).update({ balance: 1 }),
      (signal) => slow(21).withSignal(signal).delete(),
      (signal) =>
        Account.aobjects
          .withSignal(signal)
          .raw(`SELECT id FROM bank_account WHERE ${sql.slow(21)}`)
          .eval(),
      (signal) => withSignal(signal, () => slow(21).first()),
      (signal) => withSignal(signal, () => slow(21)),
      (signal) => aatomic(() => slow(21).first(), { signal }),
      (signal) => aatomic(() => aatomic(() => slow(21)), { signal }),
    ];
    for (const [index, ask] of ways.entries()) {
      const { signal, reason } = aborting(30);
      await assert.rejects(ask(signal), (error) => error === reason, `way ${index}`);
    }
    assert.equal(await running(21), 0);
    assertNothingLeaks();
  });

  it("AbortSignal.timeout() gives its TimeoutError", async () => {
    await assert.rejects(slow(22).withSignal(AbortSignal.timeout(30)).count(), { name: "TimeoutError" });
  });

  it("an aborted signal asks nothing at all", async () => {
    const reason = new Error("before");
    const aborted = Account.aobjects.withSignal(AbortSignal.abort(reason));
    await assert.rejects(aborted.count(), (error) => error === reason);
    await assert.rejects(aborted.create({ name: "never" }), (error) => error === reason);
    assert.equal(await Account.aobjects.filter({ name: "never" }).exists(), false);
  });

  it("a task that waits for a connection is taken out of the line", async () => {
    settings({ pool: 1 });
    const { open: end, opened: ended } = gate();
    const holder = aatomic(() => ended);
    await until(() => pool().inUse === 1);
    const { signal, reason } = aborting(30);
    const waiting = Account.aobjects.withSignal(signal).count();
    const patient = Account.aobjects.count();
    await assert.rejects(waiting, (error) => error === reason);
    assert.equal(pool().waiting, 1);
    end();
    await holder;
    assert.equal(await patient, 1);
    assertNothingLeaks();
  });

  it("a statement that waits for its turn in a transaction is dropped; the one that runs is not harmed", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error("not this one");
    await assert.rejects(
      aatomic(async () => {
        const first = rowsHere(sql.sleep(0.2));
        const second = withSignal(signal, () => Account.aobjects.count());
        controller.abort(reason);
        await assert.rejects(second, (error) => error === reason);
        assert.equal((await first).length, 1);
        throw new Error("end");
      }),
      /end/,
    );
    assertNothingLeaks();
  });

  it("in a transaction: everything is rolled back, also when the program catches the error", async () => {
    settings({ pool: 2 });
    const { signal, reason } = aborting(50);
    const block = aatomic(async () => {
      await Account.aobjects.create({ name: "half" });
      await assert.rejects(slow(23).withSignal(signal).count(), (error) => error === reason);
      await assert.rejects(Account.aobjects.count(), TransactionManagementError);
    });
    await block;
    assert.equal(await Account.aobjects.filter({ name: "half" }).exists(), false);
    // With a savepoint around the query the rest may go on.
    const again = aborting(50);
    await aatomic(async () => {
      await Account.aobjects.create({ name: "whole" });
      const inner = aatomic(() => slow(23).count(), { signal: again.signal });
      await assert.rejects(inner, (error) => error === again.reason);
      await Account.aobjects.filter({ name: "whole" }).update({ balance: 5 });
    });
    assert.equal((await Account.aobjects.get({ name: "whole" })).balance, 5);
    await Account.aobjects.filter({ name: "whole" }).delete();
    assertNothingLeaks();
  });

  it("a cancellation never hits the statement that comes next", async () => {
    settings({ pool: 1 });
    let aborted = 0;
    let done = 0;
    for (let i = 0; i < 150; i++) {
      const controller = new AbortController();
      const query = Account.aobjects.withSignal(controller.signal).filter({ balance: i }).count();
      // About as long as the query takes: often too late.
      setTimeout(() => controller.abort(), Math.random() * 1.5);
      await query.then(
        () => done++,
        (error: Error) => {
          assert.equal(error.name, "AbortError");
          aborted++;
        },
      );
      assert.equal(await Account.aobjects.count(), 1);
    }
    assert.equal(aborted + done, 150);
    assertNothingLeaks();
  });

  it("a cancellation that comes before the statement is not lost", async () => {
    settings({ pool: 1 });
    for (let i = 0; i < 40; i++) {
      const controller = new AbortController();
      const query = slow(26).withSignal(controller.signal).count();
      // At once: the statement is on its way.
      if (i % 2 === 0) setImmediate(() => controller.abort());
      else queueMicrotask(() => controller.abort());
      await assert.rejects(query, { name: "AbortError" });
    }
    assert.equal(await running(26), 0);
    assertNothingLeaks();
  });

  it("many at once, each with a signal of its own", async () => {
    settings({ pool: 5 });
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => {
        const ask = i % 2 === 0 ? slow(24) : slow(0.01);
        return i % 2 === 0 ? ask.withSignal(AbortSignal.timeout(20 + i)).count() : ask.count();
      }),
    );
    for (const [i, { status }] of results.entries())
      assert.equal(status, i % 2 === 0 ? "rejected" : "fulfilled");
    assert.equal(await running(24), 0);
    assertNothingLeaks();
  });

  it("a connection is given up when the server cannot be asked to stop", async () => {
    // The way to it is cut in the tests of faults; here the connection is ended while its statement is being stopped.
    settings({ pool: 1 });
    const id = await connectionId();
    const controller = new AbortController();
    const dying = slow(25).withSignal(controller.signal).count();
    dying.catch(() => {});
    controller.abort();
    await run(sql.kill(id)).catch(() => {});
    await assert.rejects(dying);
    assert.equal(await Account.aobjects.count(), 1);
    assertNothingLeaks();
  });
});

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { NotSupportedError, OperationalError, RuntimeError } from "../../src/errors.ts";
import { runSync } from "../../src/execute/run.ts";
import { aatomic, aonCommit, atomic, withSignal } from "../../src/transaction.ts";
import { aadd, add, all, DATABASES, freshDatabase, gate, run } from "./setup.ts";

/** An error as SQLite gives it when another process is in the way. */
function busy(): OperationalError {
  return new OperationalError("database is locked", {
    cause: Object.assign(new Error("database is locked"), { errcode: 517 }),
  });
}

for (const [title, make] of Object.entries(DATABASES)) {
  describe(`options of atomic, database ${title}`, () => {
    let clean: () => Promise<void>;
    before(async () => {
      clean = await freshDatabase(make);
    });
    after(() => clean());
    beforeEach(() => runSync(run("DELETE FROM t")));

    test("SQLite is serializable, and refuses other levels by name", async () => {
      await aatomic(() => aadd("serial"), { isolation: "serializable" });
      assert.equal(all(), "serial");
      await assert.rejects(
        aatomic(() => aadd("x"), { isolation: "read committed" }),
        {
          name: "NotSupportedError",
          message: "This database has no isolation level 'read committed'. Choices are: serializable.",
        },
      );
      await assert.rejects(
        aatomic(() => aadd("x"), { readOnly: true }),
        NotSupportedError,
      );
      assert.throws(() => atomic(() => add("x"), { deferrable: true }), NotSupportedError);
      assert.equal(all(), "serial");
    });

    test("only the outermost block says how the transaction is", async () => {
      const nested = aatomic(() => aatomic(() => aadd("x"), { isolation: "serializable" }));
      await assert.rejects(nested, RuntimeError);
      await assert.rejects(nested, /only its outermost atomic block takes them/);
      assert.equal(all(), "");
    });

    test("retries: the whole block runs again after a conflict, and only then", async () => {
      let calls = 0;
      const value = await aatomic(
        async () => {
          await aadd(`try${++calls}`);
          if (calls < 3) throw new Error("wrapped by the program", { cause: busy() });
          return calls;
        },
        { retries: 3 },
      );
      assert.equal(value, 3);
      assert.equal(all(), "try3");

      calls = 0;
      const other = () => aatomic(() => Promise.reject(new Error(`call ${++calls}`)), { retries: 3 });
      await assert.rejects(other, /call 1/);
      assert.equal(calls, 1);
    });

    test("retries: the last error is thrown when they are used up", async () => {
      let calls = 0;
      const always = aatomic(
        async () => {
          calls++;
          throw busy();
        },
        { retries: 2 },
      );
      await assert.rejects(always, OperationalError);
      assert.equal(calls, 3);
    });

    test("retries: what is committed is not done again, whatever its hooks throw", async () => {
      let calls = 0;
      const failing = aatomic(
        async () => {
          await aadd(`hooked${++calls}`);
          await aonCommit(() => Promise.reject(busy()));
        },
        { retries: 3 },
      );
      await assert.rejects(failing, OperationalError);
      assert.equal(all(), "hooked1");
    });

    test("retries: hooks of a try that failed are forgotten", async () => {
      const log: number[] = [];
      let calls = 0;
      await aatomic(
        async () => {
          const call = ++calls;
          await aonCommit(() => log.push(call));
          if (call < 2) throw busy();
        },
        { retries: 1 },
      );
      assert.deepEqual(log, [2]);
    });

    test("retries: not inside another block, and a number", async () => {
      const nested = aatomic(() => aatomic(() => aadd("x"), { retries: 1 }));
      await assert.rejects(nested, RuntimeError);
      await assert.rejects(nested, /only a whole transaction can be tried again/);
      await assert.rejects(
        aatomic(() => aadd("x"), { retries: -1 }),
        /retries must be a number/,
      );
      assert.equal(all(), "");
    });

    test("an aborted signal ends a block, which is rolled back", async () => {
      const controller = new AbortController();
      const reason = new Error("the user has gone");
      const block = aatomic(
        async () => {
          await aadd("one");
          controller.abort(reason);
          await aadd("two");
        },
        { signal: controller.signal },
      );
      await assert.rejects(block, (error) => error === reason);
      assert.equal(all(), "");
      // Also when nothing more was asked.
      const late = new AbortController();
      const quiet = aatomic(
        async () => {
          await aadd("one");
          late.abort(reason);
        },
        { signal: late.signal },
      );
      await assert.rejects(quiet, (error) => error === reason);
      assert.equal(all(), "");
    });

    test("withSignal() holds for sync and async queries, also across awaits, and for nothing else", async () => {
      const reason = new Error("stop");
      const controller = new AbortController();
      const inside = withSignal(controller.signal, async () => {
        await aadd("before");
        await new Promise((resolve) => setTimeout(resolve, 5));
        controller.abort(reason);
        add("sync"); // throws
      });
      await assert.rejects(inside, (error) => error === reason);
      await assert.rejects(
        withSignal(controller.signal, () => aadd("async")),
        (error) => error === reason,
      );
      add("outside");
      assert.equal(all(), "before,outside");
    });

    test("a signal inside another: either aborts", async () => {
      const outer = new AbortController();
      const inner = new AbortController();
      outer.abort(new Error("outer"));
      await assert.rejects(
        withSignal(outer.signal, () => withSignal(inner.signal, () => aadd("x"))),
        /outer/,
      );
    });

    test("waiting for another task's transaction can be aborted", async () => {
      const { open: end, opened: until } = gate();
      const holder = aatomic(async () => {
        await aadd("held");
        await until;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const reason = new Error("no patience");
      const waiting = aatomic(() => aadd("x"), { signal: AbortSignal.abort(reason) });
      await assert.rejects(waiting, (error) => error === reason);
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 20);
      await assert.rejects(
        withSignal(controller.signal, () => aatomic(() => aadd("y"))),
        (error) => error === reason,
      );
      end();
      await holder;
      await aadd("next");
      assert.equal(all(), "held,next");
    });
  });
}

describe("signals", () => {
  test("are checked", () => {
    assert.throws(() => withSignal({} as AbortSignal, () => 1), /takes an AbortSignal/);
    assert.throws(() => withSignal(AbortSignal.abort(), 1 as never), /must be given a function/);
  });
});

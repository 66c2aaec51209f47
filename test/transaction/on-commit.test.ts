import assert from "node:assert/strict";
import { after, before, beforeEach, describe, mock, test } from "node:test";
import { runAsync, runSync } from "../../src/execute/run.ts";
import { atomically } from "../../src/task.ts";
import { aatomic, aonCommit, atomic, inAtomicBlock, onCommit } from "../../src/transaction.ts";
import { add, all, DATABASES, freshDatabase, insert, run } from "./setup.ts";

/** Fails after its argument was evaluated. */
function abort(_done?: unknown): never {
  throw new Error("abort");
}

for (const [title, make] of Object.entries(DATABASES)) {
  describe(`onCommit, database ${title}`, () => {
    let clean: () => Promise<void>;
    let log: string[] = [];
    const note = (label: string) => () => {
      log.push(label);
    };
    before(async () => {
      clean = await freshDatabase(make);
    });
    after(() => clean());
    beforeEach(() => {
      log = [];
      runSync(run("DELETE FROM t"));
    });

    test("runs at once outside of a transaction", async () => {
      onCommit(note("now"));
      await aonCommit(async () => note("awaited")());
      assert.deepEqual(log, ["now", "awaited"]);
    });

    test("runs after the commit, in order, outside of the transaction", () => {
      atomic(() => {
        onCommit(() => log.push(`1 ${inAtomicBlock()} ${all()}`));
        atomic(() => onCommit(note("2")));
        onCommit(note("3"));
        add("a");
        log.push("inside");
      });
      assert.deepEqual(log, ["inside", "1 false a", "2", "3"]);
    });

    test("async hooks are awaited one after another", async () => {
      await aatomic(async () => {
        await aonCommit(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          log.push("1");
        });
        onCommit(note("2"));
      });
      assert.deepEqual(log, ["1", "2"]);
    });

    test("a rollback forgets the hooks of what it undoes", async () => {
      await aatomic(async () => {
        onCommit(note("kept"));
        await assert.rejects(
          aatomic(async () => {
            onCommit(note("lost"));
            await aatomic(() => onCommit(note("lost too")));
            abort();
          }),
        );
      });
      assert.deepEqual(log, ["kept"]);
      assert.throws(() => atomic(() => abort(onCommit(note("lost")))));
      assert.deepEqual(log, ["kept"]);
    });

    test("a failing hook stops the later ones; the commit stands", () => {
      assert.throws(
        () =>
          atomic(() => {
            add("a");
            onCommit(note("1"));
            onCommit(abort);
            onCommit(note("3"));
          }),
        /abort/,
      );
      assert.deepEqual(log, ["1"]);
      assert.equal(all(), "a");
    });

    test("a robust one is logged and the later ones run", () => {
      const logged = mock.method(console, "error", () => {});
      atomic(() => {
        onCommit(abort, { robust: true });
        onCommit(note("2"));
      });
      onCommit(abort, { robust: true });
      assert.deepEqual(log, ["2"]);
      assert.match(
        String(logged.mock.calls[0]?.arguments[0]),
        /^Error calling abort in onCommit\(\) \(Error: abort\)\.$/,
      );
      assert.equal(logged.mock.callCount(), 2);
      logged.mock.restore();
    });

    test("a hook may register hooks and open transactions", () => {
      atomic(() => {
        onCommit(() => {
          log.push("1");
          onCommit(note("nested"));
          atomic(() => {
            add("b");
            onCommit(note("of its own"));
          });
        });
        onCommit(note("2"));
      });
      assert.deepEqual(log, ["1", "nested", "of its own", "2"]);
      assert.equal(all(), "b");
    });

    test("a sync transaction cannot await a hook", () => {
      assert.throws(() => atomic(() => onCommit(async () => {})), {
        name: "RuntimeError",
        message: /aonCommit/,
      });
      assert.throws(() => onCommit("no function" as unknown as () => void), {
        name: "TypeError",
        message: "onCommit()'s callback must be a callable.",
      });
    });

    test("runs after the transaction of a task", async () => {
      const task = () =>
        atomically("default", function* () {
          yield* insert("x");
          onCommit(() => log.push(`${inAtomicBlock()} ${all()}`));
          log.push("inside");
        });
      await runAsync(task());
      runSync(run("DELETE FROM t"));
      runSync(task());
      assert.deepEqual(log, ["inside", "false x", "inside", "false x"]);
    });
  });
}

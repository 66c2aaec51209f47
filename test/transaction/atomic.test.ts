import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { runAsync, runSync } from "../../src/execute/run.ts";
import { atomically, markForRollbackOnError, type Task } from "../../src/task.ts";
import {
  aatomic,
  asavepoint,
  asavepointCommit,
  asavepointRollback,
  atomic,
  getRollback,
  inAtomicBlock,
  savepoint,
  savepointCommit,
  savepointRollback,
  setRollback,
} from "../../src/transaction.ts";
import { aadd, aall, add, all, DATABASES, freshDatabase, insert, names, rows, run } from "./setup.ts";

const BROKEN = {
  name: "TransactionManagementError",
  message:
    "An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block.",
};

class Abort extends Error {}

/** Fails after its argument was evaluated. */
function abort(_done?: unknown): never {
  throw new Abort("abort");
}

for (const [title, make] of Object.entries(DATABASES)) {
  describe(`atomic, database ${title}`, () => {
    let clean: () => Promise<void>;
    before(async () => {
      clean = await freshDatabase(make);
    });
    after(() => clean());
    beforeEach(() => {
      runSync(run("DELETE FROM t"));
    });

    test("commits and gives the value", async () => {
      assert.equal(
        atomic(() => {
          add("a");
          return 7;
        }),
        7,
      );
      assert.equal(
        await aatomic(async () => {
          await aadd("b");
          return 8;
        }),
        8,
      );
      assert.equal(all(), "a,b");
    });

    test("rolls back when the function throws or rejects", async () => {
      assert.throws(() => atomic(() => abort(add("a"))), Abort);
      await assert.rejects(
        aatomic(async () => abort(await aadd("b"))),
        Abort,
      );
      assert.equal(await aall(), "");
      assert.equal(inAtomicBlock(), false);
    });

    test("a nested block rolls back alone", async () => {
      atomic(() => {
        add("a");
        assert.throws(() => atomic(() => abort(add("b"))), Abort);
        atomic(() => add("c"));
      });
      await aatomic(async () => {
        await aadd("d");
        await assert.rejects(
          aatomic(async () => {
            await aadd("e");
            await aatomic(() => aadd("f"));
            abort();
          }),
          Abort,
        );
        await aadd("g");
      });
      assert.equal(all(), "a,c,d,g");
    });

    test("an outer rollback takes a nested commit along", () => {
      assert.throws(
        () =>
          atomic(() => {
            atomic(() => add("a"));
            abort();
          }),
        Abort,
      );
      assert.equal(all(), "");
    });

    test("a block without savepoint marks the outer one", async () => {
      await aatomic(async () => {
        await aadd("a");
        await assert.rejects(
          aatomic(async () => abort(await aadd("b")), { savepoint: false }),
          Abort,
        );
        assert.equal(getRollback(), true);
        await assert.rejects(aall(), BROKEN);
        assert.throws(all, BROKEN);
        await assert.rejects(asavepoint(), BROKEN);
      });
      assert.equal(all(), "");
    });

    test("an error of a write breaks the block until its end", async () => {
      add("a");
      await aatomic(async () => {
        await aadd("b");
        await assert.rejects(aadd("a"), {
          name: "IntegrityError",
          message: "UNIQUE constraint failed: t.name",
        });
        await assert.rejects(aall(), BROKEN);
      });
      assert.equal(all(), "a");
      // With a block of its own around the write, the outer one goes on.
      await aatomic(async () => {
        await aadd("c");
        await assert.rejects(
          aatomic(() => aadd("a")),
          { name: "IntegrityError" },
        );
        await aadd("d");
      });
      assert.equal(all(), "a,c,d");
    });

    test("an error of a read breaks nothing", async () => {
      await aatomic(async () => {
        await aadd("a");
        await assert.rejects(runAsync(rows("SELECT missing FROM t")), {
          name: "OperationalError",
          message: "no such column: missing",
        });
        await aadd("b");
      });
      assert.equal(all(), "a,b");
    });

    test("setRollback rolls back without an error, and recovers after a savepoint", async () => {
      await aatomic(async () => {
        await aadd("a");
        setRollback(true);
        await assert.rejects(aadd("b"), BROKEN);
      });
      assert.equal(all(), "");
      await aatomic(async () => {
        await aadd("a");
        const sid = await asavepoint();
        await assert.rejects(aadd("a"), { name: "IntegrityError" });
        await assert.rejects(asavepointRollback(sid), BROKEN);
        setRollback(false);
        await asavepointRollback(sid);
        await aadd("c");
      });
      assert.equal(all(), "a,c");
      assert.throws(() => setRollback(true), {
        name: "TransactionManagementError",
        message: "The rollback flag doesn't work outside of an 'atomic' block.",
      });
      assert.throws(() => getRollback(), { name: "TransactionManagementError" });
    });

    test("savepoints by hand", async () => {
      assert.equal(savepoint(), null);
      savepointRollback(null);
      atomic(() => {
        add("a");
        const first = savepoint();
        add("b");
        savepointRollback(first);
        add("c");
        const second = savepoint();
        add("d");
        savepointCommit(second);
      });
      assert.equal(all(), "a,c,d");
      await aatomic(async () => {
        const first = await asavepoint();
        await aadd("e");
        const second = await asavepoint();
        await aadd("f");
        await asavepointCommit(second);
        await asavepointRollback(first);
      });
      assert.equal(all(), "a,c,d");
      assert.throws(() => atomic(() => savepointRollback('s1"; --')), { name: "TransactionManagementError" });
    });

    test("durable must be the outermost", async () => {
      const message = "A durable atomic block cannot be nested within another atomic block.";
      atomic(() => add("a"), { durable: true });
      atomic(() => {
        assert.throws(() => atomic(() => add("b"), { durable: true }), { name: "RuntimeError", message });
        add("c");
      });
      await aatomic(async () => {
        await assert.rejects(
          aatomic(() => aadd("d"), { durable: true }),
          { name: "RuntimeError", message },
        );
      });
      assert.equal(all(), "a,c");
    });

    test("sync code inside an async transaction is part of it", async () => {
      await assert.rejects(
        aatomic(async () => {
          await aadd("a");
          add("b");
          assert.equal(all(), "a,b");
          atomic(() => add("c"));
          assert.equal(await aall(), "a,b,c");
          abort();
        }),
        Abort,
      );
      assert.equal(all(), "");
    });

    test("atomic() refuses an async function and rolls back", async () => {
      let inside: Promise<unknown> = Promise.resolve();
      assert.throws(
        () =>
          atomic(() => {
            add("a");
            inside = new Promise((resolve) => setTimeout(resolve, 5)).then(() => aadd("b"));
            return inside;
          }),
        { name: "RuntimeError", message: /aatomic/ },
      );
      await assert.rejects(inside, {
        name: "TransactionManagementError",
        message: /escaped its transaction/,
      });
      assert.equal(all(), "");
    });

    test("a query that outlives its block is an error", async () => {
      let late: Promise<unknown> = Promise.resolve();
      let nested: Promise<unknown> = Promise.resolve();
      const wait = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
      await aatomic(async () => {
        late = wait(40).then(() => aadd("late"));
        late.catch(() => {});
        await aatomic(async () => {
          nested = wait().then(() => aatomic(() => aadd("nested")));
          nested.catch(() => {});
        });
        await assert.rejects(nested, {
          name: "TransactionManagementError",
          message: /escaped its transaction/,
        });
      });
      await assert.rejects(late, { name: "TransactionManagementError", message: /escaped its transaction/ });
      assert.equal(all(), "");
    });

    test("tasks open blocks of their own, visible to what they call", async () => {
      function* body(fails: boolean, seen: string[]): Task<string> {
        return yield* atomically("default", function* () {
          yield* insert("a");
          // As a signal receiver would: called inside the task, sync and async.
          seen.push(`${inAtomicBlock()} ${all()}`);
          yield { kind: "wait", value: aadd("b"), what: "a receiver" };
          if (fails) abort();
          return yield* names();
        });
      }
      const seen: string[] = [];
      assert.equal(await runAsync(body(false, seen)), "a,b");
      assert.deepEqual(seen, ["true a"]);
      runSync(run("DELETE FROM t"));
      await assert.rejects(runAsync(body(true, seen)), Abort);
      assert.equal(all(), "");
      assert.throws(() => runSync(body(false, seen)), {
        name: "SynchronousOnlyOperation",
        message: /^a receiver returned a promise/,
      });
      assert.equal(inAtomicBlock(), false);
    });

    test("a task can mark the transaction without opening one", async () => {
      const failing = () =>
        markForRollbackOnError("default", function* (): Task<void> {
          yield* insert("a");
          abort();
        });
      await assert.rejects(runAsync(failing()), Abort);
      assert.equal(all(), "a");
      runSync(run("DELETE FROM t"));
      atomic(() => {
        assert.throws(() => runSync(failing()), Abort);
        assert.throws(all, BROKEN);
      });
      assert.equal(all(), "");
    });

    test("a deferred foreign key is checked at the commit, which rolls back", async () => {
      runSync(run("CREATE TABLE c (p integer REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)"));
      const orphan = async () => {
        await runAsync(run("INSERT INTO c VALUES (77)"));
        await aadd("x");
      };
      await assert.rejects(aatomic(orphan), {
        name: "IntegrityError",
        message: "FOREIGN KEY constraint failed",
      });
      assert.equal(all(), "");
      await aatomic(async () => {
        await runAsync(run("INSERT INTO c VALUES (77)"));
        await runAsync(run("INSERT INTO t (id, name) VALUES (77, 'y')"));
      });
      assert.equal(all(), "y");
      runSync(run("DROP TABLE c"));
    });
  });
}

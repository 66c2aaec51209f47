import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { after, describe, it } from "node:test";
import { IntegrityError, ObjectDoesNotExist } from "../../src/errors.ts";
import {
  closeWorkers,
  createExecutor,
  type Executor,
  ExecutorClosedError,
  syncToAsync,
  UncloneableValueError,
  WorkerDiedError,
  WorkerLoadError,
} from "../../src/sync/index.ts";
import type * as work from "./fixtures/work.ts";

const url = new URL("./fixtures/work.ts", import.meta.url);
type Work = typeof work;

/** A wrapped export; `pool` lets it run outside the dedicated worker. */
function remote<
  K extends { [N in keyof Work]: Work[N] extends (...args: never[]) => unknown ? N : never }[keyof Work],
>(name: K, executor?: Executor, pool = false) {
  return syncToAsync<Extract<Work[K], (...args: never[]) => unknown>>(url, name, {
    threadSensitive: !pool,
    ...(executor && { executor }),
  });
}

describe("syncToAsync of a closure", () => {
  it("passes arguments, this and the result on", async () => {
    const join = syncToAsync((a: string, b = "-", ...rest: number[]) => a + b + rest.join());
    assert.equal(await join("a", "b", 1, 2), "ab1,2");
    assert.equal(await join("a"), "a-");
    const oven = {
      heat: 300,
      warm: syncToAsync(function (this: { heat: number }, by: number) {
        return this.heat + by;
      }),
    };
    assert.equal(await oven.warm(20), 320);
    assert.equal(syncToAsync(function bake() {}).name, "bake");
  });

  it("never runs inside the caller's tick, nor in its microtasks", async () => {
    const seen: string[] = [];
    const run = syncToAsync(() => seen.push("run"));
    const done = run();
    seen.push("after the call");
    await Promise.resolve();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    seen.push("after the microtasks");
    await done;
    assert.deepEqual(seen, ["after the call", "after the microtasks", "run"]);
  });

  it("runs calls of different functions one after another, in order, over failures", async () => {
    const seen: number[] = [];
    const even = syncToAsync((n: number) => void seen.push(n));
    const odd = syncToAsync((n: number) => {
      seen.push(n);
      if (n === 3) throw new RangeError("three");
    });
    const results = await Promise.allSettled([even(0), odd(1), even(2), odd(3), even(4)]);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.deepEqual(
      results.map((r) => r.status),
      ["fulfilled", "fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
  });

  it("keeps the order of calls that are made by calls", async () => {
    const seen: string[] = [];
    const note = syncToAsync((text: string) => void seen.push(text));
    const outer = syncToAsync(() => {
      seen.push("outer");
      return note("inner");
    });
    await Promise.all([outer(), note("second")]);
    assert.deepEqual(seen, ["outer", "second", "inner"]);
  });

  it("rejects with the very error that is thrown", async () => {
    const error = new Error("burnt");
    await assert.rejects(
      syncToAsync(() => {
        throw error;
      })(),
      (e) => e === error,
    );
  });

  it("has the caller's AsyncLocalStorage context, each call its own", async () => {
    const storage = new AsyncLocalStorage<string>();
    const read = syncToAsync(() => storage.getStore());
    const seen = await Promise.all([
      storage.run("a", () => read()),
      read(),
      storage.run("b", async () => [await read(), storage.getStore()]),
    ]);
    assert.deepEqual(seen, ["a", undefined, ["b", "b"]]);
  });

  it("works without thread sensitivity", async () => {
    assert.equal(await syncToAsync((n: number) => n + 1, { threadSensitive: false })(1), 2);
  });

  it("refuses async functions and executors", async () => {
    assert.throws(() => syncToAsync(async () => 1), { name: "TypeError", message: /is async already/ });
    const executor = createExecutor({ size: 1 });
    const options = { executor } as {};
    assert.throws(() => syncToAsync(() => 1, options), {
      name: "TypeError",
      message: /cannot run a closure.*new URL/,
    });
    await executor.close();
  });
});

describe("syncToAsync of an export", () => {
  after(() => closeWorkers());

  it("passes arguments and results, of sync and async functions", async () => {
    assert.equal(await remote("add")(1, 2), 3);
    assert.equal(await remote("greet")("Ann"), "hello Ann!");
    assert.equal(await remote("greet")("Ann", "?", "and", "Bob"), "hello Ann? and Bob");
    assert.equal(await remote("later")("x"), "x");
    assert.equal(await remote("greet")("Ann", undefined, "x"), "hello Ann! x");
    assert.equal(await syncToAsync<typeof work.add>(url.href, "add")(2, 2), 4);
    assert.equal(remote("add").name, "add");
  });

  it("runs thread-sensitive calls in one other thread, in order", async () => {
    const threads = await Promise.all(Array.from({ length: 5 }, () => remote("thread")()));
    assert.equal(new Set(threads.map((t) => t.id)).size, 1);
    assert.equal(threads[0]?.main, false);
    const times = await Promise.all([remote("busy")(20), remote("busy")(1), remote("busy")(5)]);
    for (let i = 1; i < times.length; i++) assert.ok(times[i]![0] >= times[i - 1]![1], "one after another");
    const counts = await Promise.all(Array.from({ length: 10 }, () => remote("count")()));
    assert.deepEqual(
      counts,
      counts.map((_, i) => counts[0]! + i),
    );
  });

  it("runs other calls side by side in a pool, apart from the dedicated worker", async (t) => {
    const executor = createExecutor({ size: 2 });
    t.after(() => executor[Symbol.asyncDispose]());
    assert.equal(executor.size, 2);
    const busy = remote("busy", executor, true);
    await Promise.all([busy(20), busy(20)]);
    const [a, b] = await Promise.all([busy(150), busy(150)]);
    assert.notEqual(a[2], b[2]);
    assert.ok(a[0] < b[1] && b[0] < a[1], "they overlap");
    const sensitive = await remote("thread", executor)();
    assert.ok(sensitive.id !== a[2] && sensitive.id !== b[2]);
    const threads = await Promise.all(Array.from({ length: 20 }, () => busy(1)));
    assert.ok(new Set(threads.map((t) => t[2])).size <= 2);
  });

  it("does not hold the caller's event loop up", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await remote("busy")(100);
    clearInterval(timer);
    assert.ok(ticks >= 5, `${ticks} ticks`);
  });

  it("keeps the caller's context after the call", async () => {
    const storage = new AsyncLocalStorage<string>();
    await storage.run("here", async () => {
      assert.equal(await remote("context")(), undefined);
      assert.equal(storage.getStore(), "here");
    });
  });

  it("keeps class name, message, code, stack, cause and properties of errors", async () => {
    for (const name of ["fail", "failLater"] as const) {
      const error = await remote(name)("own").then(
        () => assert.fail("no error"),
        (e: unknown) => e,
      );
      assert.ok(error instanceof Error);
      assert.equal(error.name, "NoCheese");
      assert.equal(error.constructor.name, "NoCheese");
      assert.equal(error.message, "Marinara has no cheese");
      assert.equal((error as Error & { code: string }).code, "no_cheese");
      assert.equal((error as Error & { pizza: string }).pizza, "Marinara");
      assert.match(String(error.stack), /NoCheese: Marinara has no cheese\n.*work\.ts:\d+/s);
      assert.ok(error.cause instanceof RangeError);
      assert.equal(error.cause.message, "cow missing");
      assert.equal(error.cause.cause, "left");
    }
  });

  it("gives errors of JavaScript and of this library as their own classes", async () => {
    await assert.rejects(remote("fail")("type"), (e) => e instanceof TypeError && e.message === "bad type");
    await assert.rejects(remote("fail")("integrity"), (e) => {
      assert.ok(e instanceof IntegrityError);
      assert.equal(e.code, "integrity_error");
      assert.equal(e.constraint, "pizza_name");
      return (e.cause as Error).message === "driver";
    });
    await assert.rejects(remote("fail")("missing"), (e) => {
      assert.ok(e instanceof ObjectDoesNotExist);
      return e.constructor.name === "DoesNotExist" && e.code === "does_not_exist";
    });
    await assert.rejects(
      remote("fail")("node"),
      (e) => e instanceof Error && (e as NodeJS.ErrnoException).code === "ERR_WORKER_UNSUPPORTED_OPERATION",
    );
    await assert.rejects(
      remote("fail")("abort"),
      (e) => e instanceof DOMException && e.name === "AbortError" && e.code === 20,
    );
    await assert.rejects(remote("fail")("many"), (e) => {
      assert.ok(e instanceof AggregateError);
      return e.errors[0] instanceof TypeError && e.errors[1] instanceof RangeError;
    });
  });

  it("passes thrown values that are no errors, and names those that cannot pass", async () => {
    await assert.rejects(remote("fail")("string"), (e) => e === "just text");
    await assert.rejects(remote("fail")("function"), UncloneableValueError);
    await assert.rejects(remote("fail")("fat"), { message: "fat", kept: 7 });
    assert.equal(await remote("add")(1, 1), 2);
  });

  it("refuses an argument that cannot be copied, by its place, and goes on", async () => {
    const echo = syncToAsync<(value: unknown, other?: unknown) => unknown>(url, "echo");
    class Oven {}
    for (const [value, message] of [
      [() => 1, /argument 1 of echo\(\) cannot be passed between threads: it is a function/],
      [{ a: [1, { "b c": Symbol("x") }] }, /`\.a\[1\]\["b c"\]` is a symbol/],
      [new Map([["k", new Oven()]]), /`\.k` is an instance of Oven/],
      [new Set([new WeakMap()]), /an instance of WeakMap/],
      [Promise.resolve(1), /is a promise \(await it first\)/],
      [new Oven(), /is an instance of Oven.*primary key/],
      [new Proxy({}, {}), /is a Proxy/],
    ] as const) {
      await assert.rejects(echo(value), (e) => {
        assert.ok(e instanceof UncloneableValueError, String(e));
        assert.equal(e.code, "uncloneable_value");
        assert.match(e.message, message);
        return true;
      });
    }
    await assert.rejects(
      echo(1, () => 1),
      /argument 2 of echo\(\)/,
    );
    const detached = new Uint8Array(8);
    structuredClone(detached, { transfer: [detached.buffer] });
    await assert.rejects(echo([detached]), /`\[0\]` is a detached buffer/);
    assert.equal(await echo(5), 5);
  });

  it("refuses a result that cannot be copied, and goes on in the same worker", async () => {
    const before = await remote("thread")();
    for (const kind of ["function", "symbol", "class", "proxy", "promise"]) {
      await assert.rejects(remote("uncloneable")(kind), (e) => {
        assert.ok(e instanceof UncloneableValueError, String(e));
        return e.message.startsWith("the result of uncloneable() cannot be passed between threads");
      });
    }
    await assert.rejects(remote("uncloneable")("function"), /`\.rows\[0\]\.run` is the function run/);
    assert.deepEqual(await remote("thread")(), before);
  });

  it("says that the worker ended, why, and has a new one for the next call", async (t) => {
    const executor = createExecutor({ size: 2 });
    t.after(() => executor[Symbol.asyncDispose]());
    for (const pool of [false, true]) {
      await assert.rejects(remote("exit", executor, pool)(3), (e) => {
        assert.ok(e instanceof WorkerDiedError);
        assert.equal(e.code, "worker_died");
        return /exit code 3 before exit\(\) returned/.test(e.message);
      });
      assert.equal(await remote("add", executor, pool)(1, 2), 3);
      await assert.rejects(remote("crash", executor, pool)(), (e) => {
        assert.ok(e instanceof WorkerDiedError);
        assert.match(e.message, /uncaught error before crash\(\) returned: Bianca has no cheese/);
        return e.cause instanceof Error;
      });
      assert.equal(await remote("add", executor, pool)(1, 2), 3);
      assert.equal(await remote("dieSoon", executor, pool)(), "bye");
      await remote("later", executor, pool)(1, 30).catch((e) => assert.ok(e instanceof WorkerDiedError));
      assert.equal(await remote("add", executor, pool)(1, 2), 3);
    }
  });

  it("loses none of the calls that wait behind a worker's death", async (t) => {
    const executor = createExecutor({ size: 2 });
    t.after(() => executor[Symbol.asyncDispose]());
    const exit = remote("exit", executor, true);
    const add = remote("add", executor, true);
    const results = await Promise.allSettled([exit(1), exit(2), add(1, 1), exit(3), add(2, 2), add(3, 3)]);
    assert.deepEqual(
      results.map((r) => (r.status === "fulfilled" ? r.value : (r.reason as Error).constructor.name)),
      ["WorkerDiedError", "WorkerDiedError", 2, "WorkerDiedError", 4, 6],
    );
  });

  it("names the exports where there is no such one", async () => {
    const wrong = syncToAsync(url, "ad");
    await assert.rejects(wrong(), (e) => {
      assert.ok(e instanceof WorkerLoadError);
      assert.equal(e.code, "worker_load_error");
      return /no exported function 'ad'.*Its functions are: .*add, big, busy/.test(e.message);
    });
    await assert.rejects(syncToAsync(url, "limit")(), /'limit' is a number/);
    await assert.rejects(syncToAsync(url, "toString")(), WorkerLoadError);
  });

  it("says which module could not be loaded, and why", async () => {
    await assert.rejects(syncToAsync(new URL("./fixtures/broken.mjs", import.meta.url), "work")(), (e) => {
      assert.ok(e instanceof WorkerLoadError);
      assert.match(e.message, /broken\.mjs could not be loaded in a worker \(SyntaxError: half baked\)/);
      return e.cause instanceof SyntaxError;
    });
    await assert.rejects(syncToAsync(new URL("./nowhere.js", import.meta.url), "work")(), /nowhere\.js/);
    assert.equal(await remote("add")(1, 2), 3);
  });

  it("finds the .ts file of a .js URL", async () => {
    const add = syncToAsync<typeof work.add>(new URL("./fixtures/work.js", import.meta.url), "add");
    assert.equal(await add(1, 2), 3);
  });

  it("refuses what is no URL", () => {
    assert.throws(() => syncToAsync("./work.js", "add"), {
      name: "TypeError",
      message: /not the path '\.\/work\.js'/,
    });
    assert.throws(() => syncToAsync(url, ""), TypeError);
    assert.throws(() => syncToAsync(url, "add", { executor: {} as Executor }), TypeError);
    assert.throws(() => createExecutor({ size: 0 }), TypeError);
  });

  it("passes big values", async () => {
    const size = 8 * 1024 * 1024;
    const { text, bytes, rows } = await remote("big")(size);
    assert.equal(text.length, size);
    assert.equal(bytes.length, size);
    assert.equal(bytes[size - 1], 7);
    assert.deepEqual(rows[999], [999, 1998]);
    const back = await syncToAsync<(value: Uint8Array) => Uint8Array>(url, "echo")(bytes);
    assert.equal(back.length, size);
    assert.equal(bytes.length, size, "the caller keeps its own");
  });
});

describe("an executor", () => {
  it("finishes what it accepted, then takes no more", async () => {
    const executor = createExecutor({ size: 1 });
    const calls = [
      remote("later", executor)(1, 20),
      remote("later", executor)(2, 5),
      remote("later", executor, true)(3),
    ];
    const closing = executor.close();
    assert.equal(executor.closed, true);
    await assert.rejects(remote("add", executor)(1, 2), (e) => {
      assert.ok(e instanceof ExecutorClosedError);
      return e.code === "executor_closed";
    });
    await closing;
    assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
    await executor.close();
  });

  it("stops what runs and rejects what waits, when told to cancel", async () => {
    const executor = createExecutor({ size: 1 });
    const calls = [
      remote("never", executor)(),
      remote("add", executor)(1, 2),
      remote("never", executor, true)(),
    ];
    const settled = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await executor.close({ cancel: true });
    for (const result of await settled) {
      assert.ok(result.status === "rejected" && result.reason instanceof ExecutorClosedError);
    }
  });

  it("starts afresh after closeWorkers()", async () => {
    const first = await remote("thread")();
    await closeWorkers();
    assert.notEqual((await remote("thread")()).id, first.id);
    await closeWorkers();
  });
});

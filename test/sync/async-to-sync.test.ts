import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { threadId } from "node:worker_threads";
import { IntegrityError } from "../../src/errors.ts";
import { Bridge } from "../../src/sync/bridge.ts";
import {
  asyncToSync,
  closeWorkers,
  ExecutorClosedError,
  syncToAsync,
  UncloneableValueError,
  WorkerDiedError,
  WorkerLoadError,
  WorkerTimeoutError,
} from "../../src/sync/index.ts";
import type * as work from "./fixtures/work.ts";

const url = new URL("./fixtures/work.ts", import.meta.url);
const thread = asyncToSync<typeof work.thread>(url, "thread");
const add = asyncToSync<typeof work.add>(url, "add");

/** What a call throws. */
function thrown(fn: () => unknown): Error & { code?: unknown } {
  try {
    fn();
  } catch (error) {
    return error as Error;
  }
  assert.fail("nothing was thrown");
}

describe("asyncToSync", () => {
  after(() => closeWorkers());

  it("blocks until the promise has settled, and gives its value", () => {
    const later = asyncToSync<(value: string, ms: number) => Promise<string>>(url, "later");
    const start = performance.now();
    assert.equal(later("done", 60), "done");
    assert.ok(performance.now() - start >= 55);
    assert.equal(add(1, 2), 3);
    assert.equal(asyncToSync<typeof work.greet>(url, "greet")("Ann", undefined, "x"), "hello Ann! x");
    assert.equal(later.name, "later");
  });

  it("runs in one worker, which keeps its modules", () => {
    assert.equal(thread().main, false);
    assert.equal(thread().id, thread().id);
    const count = asyncToSync<typeof work.count>(url, "count");
    assert.equal(count(), 1);
    assert.equal(count(), 2);
  });

  it("refuses a closure, saying why and what to do", () => {
    assert.throws(() => asyncToSync(async () => 1), {
      name: "TypeError",
      message:
        /cannot take a closure: .*would never settle.*new URL\("\.\/work\.js", import\.meta\.url\).*await it/,
    });
    async function bake(): Promise<void> {}
    assert.throws(() => asyncToSync(bake), /cannot take the function bake: .*"bake"\)/);
    assert.throws(() => asyncToSync("./work.js", "add"), /not the path/);
  });

  it("keeps class name, message, code, stack and cause of errors", () => {
    for (const name of ["fail", "failLater"]) {
      const error = thrown(() => asyncToSync<typeof work.fail>(url, name)("own"));
      assert.ok(error instanceof Error);
      assert.equal(error.name, "NoCheese");
      assert.equal(error.constructor.name, "NoCheese");
      assert.equal(error.message, "Marinara has no cheese");
      assert.equal(error.code, "no_cheese");
      assert.match(String(error.stack), /NoCheese: Marinara has no cheese\n.*work\.ts:\d+/s);
      assert.ok(error.cause instanceof RangeError);
    }
    const fail = asyncToSync<typeof work.fail>(url, "fail");
    assert.ok(thrown(() => fail("integrity")) instanceof IntegrityError);
    assert.ok(thrown(() => fail("abort")) instanceof DOMException);
  });

  it("refuses what cannot be copied, and goes on in the same worker", () => {
    const before = thread().id;
    const echo = asyncToSync<(value: unknown) => unknown>(url, "echo");
    assert.match(thrown(() => echo({ f() {} })).message, /argument 1 of echo\(\).*`\.f` is the function f/);
    const uncloneable = asyncToSync<typeof work.uncloneable>(url, "uncloneable");
    for (const kind of ["function", "symbol", "class", "proxy", "promise"]) {
      assert.ok(thrown(() => uncloneable(kind)) instanceof UncloneableValueError);
    }
    assert.ok(thrown(() => uncloneable("fickle")) instanceof UncloneableValueError);
    let reads = 0;
    const fickle = Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => (reads++ === 0 ? 1 : () => 1),
    });
    assert.ok(thrown(() => echo(fickle)) instanceof UncloneableValueError);
    assert.equal(thread().id, before);
  });

  it("says that the worker ended, why, and has a new one for the next call", () => {
    const exited = thrown(() => asyncToSync<typeof work.exit>(url, "exit")(3));
    assert.ok(exited instanceof WorkerDiedError);
    assert.match(exited.message, /exit code 3 before exit\(\) returned/);
    assert.equal(add(1, 2), 3);

    const crashed = thrown(() => asyncToSync<typeof work.crash>(url, "crash")());
    assert.ok(crashed instanceof WorkerDiedError);
    assert.match(crashed.message, /uncaught error before crash\(\) returned: Bianca has no cheese/);
    assert.equal((crashed.cause as Error).name, "NoCheese");
    assert.equal(add(1, 2), 3);

    assert.equal(asyncToSync<typeof work.dieSoon>(url, "dieSoon")(), "bye");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    assert.equal(add(1, 2), 3, "a worker that died between two calls is replaced");
  });

  it("notices a worker that ended without a word", () => {
    const bridge = new Bridge({ resourceLimits: { maxOldGenerationSizeMb: 48 } });
    assert.ok(thrown(() => bridge.call({ url: url.href, name: "exhaust" }, [])) instanceof WorkerDiedError);
    assert.equal(bridge.call({ url: url.href, name: "add" }, [1, 2]), 3);
    return bridge.close();
  });

  it("stops waiting at the timeout", () => {
    const never = asyncToSync<typeof work.never>(url, "never", { timeout: 50 });
    const error = thrown(never);
    assert.ok(error instanceof WorkerTimeoutError);
    assert.match(error.message, /never\(\) took longer than 50 ms/);
    assert.equal(add(1, 2), 3);
    assert.throws(() => asyncToSync(url, "never", { timeout: Number.NaN }), TypeError);
  });

  it("names the exports where there is no such one, and the module that does not load", () => {
    assert.match(thrown(() => asyncToSync(url, "ad")()).message, /no exported function 'ad'.*add, big/);
    const broken = asyncToSync(new URL("./fixtures/broken.mjs", import.meta.url), "work");
    assert.ok(thrown(broken) instanceof WorkerLoadError);
    assert.equal(add(1, 2), 3);
  });

  it("works inside a worker, and inside that one's worker", async () => {
    const threads = asyncToSync<typeof work.nested>(url, "nested")(2);
    assert.equal(new Set([threadId, ...threads]).size, 4);
    const fromPool = await syncToAsync<typeof work.nested>(url, "nested")(1);
    assert.equal(new Set(fromPool).size, 2);
    assert.equal(thrown(asyncToSync<typeof work.nestedFail>(url, "nestedFail")).name, "NoCheese");
  });

  it("passes big values", () => {
    const size = 8 * 1024 * 1024;
    const { text, bytes } = asyncToSync<typeof work.big>(url, "big")(size);
    assert.equal(text.length, size);
    assert.equal(bytes.length, size);
  });

  it("starts afresh after closeWorkers(); a closed bridge stays closed", async () => {
    const before = thread().id;
    await closeWorkers();
    assert.notEqual(thread().id, before);
    const bridge = new Bridge({ name: "database" });
    assert.equal(bridge.threadId, -1);
    assert.equal(bridge.call({ url: url.href, name: "add" }, [1, 2]), 3);
    assert.ok(bridge.threadId > 0);
    await bridge.close();
    const error = thrown(() => bridge.call({ url: url.href, name: "add" }, [1, 2]));
    assert.ok(error instanceof ExecutorClosedError);
    assert.match(error.message, /the bridge 'database' is closed/);
  });
});

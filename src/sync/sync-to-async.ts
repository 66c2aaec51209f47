/** `syncToAsync`: a promise-returning face for a synchronous function. */

import { setImmediate } from "node:timers";
import { types } from "node:util";
import { ArgumentTypeError } from "../errors.ts";
import { defaultExecutor } from "./defaults.ts";
import type { Executor } from "./executor.ts";
import { WorkerExecutor } from "./executor.ts";
import { targetOf } from "./target.ts";
import type { AnyFunction, Asyncified } from "./types.ts";

export interface SyncToAsyncOptions {
  /** Whether calls run one after another on one thread; `true` by default. */
  readonly threadSensitive?: boolean;
}

export interface ModuleSyncToAsyncOptions extends SyncToAsyncOptions {
  /** The threads to use instead of the shared ones; see `createExecutor`. */
  readonly executor?: Executor;
}

/**
 * Gives a synchronous function a promise-returning face. Python: `sync_to_async`.
 *
 * JavaScript cannot move a closure to another thread, so `fn` runs on the calling one: never inside the caller's tick,
 * one call after the other in the order of the calls, with the caller's `AsyncLocalStorage` context and `this`. Long work still
 * holds the event loop up; for that, give a module's export instead.
 *
 * @param fn a synchronous function; its parameters, result and `this` keep their types
 * @param options `threadSensitive: false` promises no order between calls
 * @returns a function that calls `fn` and gives a promise of its result; what `fn` throws rejects it
 * @throws TypeError where `fn` is an async function, or an `executor` is given
 * @example
 * const slug = syncToAsync((title: string) => title.toLowerCase().replaceAll(" ", "-"));
 * await slug("Quattro Stagioni"); // "quattro-stagioni"
 */
export function syncToAsync<This, A extends unknown[], R>(
  fn: (this: This, ...args: A) => R,
  options?: SyncToAsyncOptions,
): (this: This, ...args: A) => Promise<Awaited<R>>;
/**
 * Calls a module's export in another thread. Python: `sync_to_async`, with its `executor`.
 *
 * Thread-sensitive calls, the default, run one after another in one dedicated worker, which keeps its modules and what they
 * hold; the others run side by side in a pool. Arguments and results are copied: plain data, and the decimals,
 * dates, buffers and errors that this library uses. The caller's `AsyncLocalStorage` context stays with the caller.
 *
 * @param url the module: `new URL("./work.js", import.meta.url)`; a `.ts` file works where Node strips types, and where a
 *   file is not there as `.ts` it is looked for as `.js`, and the reverse
 * @param name the export
 * @param options `threadSensitive: false` for the pool; `executor` for threads of one's own
 * @returns a function of the export's parameters that gives a promise of its result. It is rejected with what the
 *   export throws (same class name, message, `code` and stack), or with `WorkerDiedError`, `WorkerLoadError`,
 *   `UncloneableValueError` or `ExecutorClosedError`; the next call works
 * @throws TypeError where `url` is no URL, or `executor` was not made by `createExecutor`
 * @example
 * import type * as work from "./work.js";
 * const squares = syncToAsync<typeof work.squares>(new URL("./work.js", import.meta.url), "squares");
 * await squares(3); // 14
 */
export function syncToAsync<F extends AnyFunction = (...args: unknown[]) => unknown>(
  url: URL | string,
  name: string,
  options?: ModuleSyncToAsyncOptions,
): Asyncified<F>;
export function syncToAsync(
  what: unknown,
  nameOrOptions?: unknown,
  moduleOptions?: ModuleSyncToAsyncOptions,
): (...args: unknown[]) => Promise<unknown> {
  if (typeof what === "function") {
    return ofClosure(
      what as (...args: unknown[]) => unknown,
      nameOrOptions as ModuleSyncToAsyncOptions | undefined,
    );
  }
  return ofExport(what, nameOrOptions, moduleOptions);
}

function ofClosure(
  fn: (...args: unknown[]) => unknown,
  options: ModuleSyncToAsyncOptions | undefined,
): (...args: unknown[]) => Promise<unknown> {
  if (types.isAsyncFunction(fn)) {
    throw new ArgumentTypeError(
      `syncToAsync takes a synchronous function; ${fn.name || "this one"} is async already: call it as it is.`,
    );
  }
  if (options?.executor !== undefined) {
    throw new ArgumentTypeError(
      "An executor's threads cannot run a closure: it belongs to the thread that made it. Export the function from a " +
        'module and give its URL: syncToAsync(new URL("./work.js", import.meta.url), "work", { executor }).',
    );
  }
  // Immediates run one at a time, in their order, each in the context of the call that set it.
  function wrapped(this: unknown, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(fn.apply(this, args));
        } catch (error) {
          reject(error);
        }
      });
    });
  }
  Object.defineProperty(wrapped, "name", { value: fn.name, configurable: true });
  return wrapped;
}

function ofExport(
  url: unknown,
  name: unknown,
  { threadSensitive = true, executor }: ModuleSyncToAsyncOptions = {},
): (...args: unknown[]) => Promise<unknown> {
  const target = targetOf("syncToAsync", url, name);
  if (executor !== undefined && !(executor instanceof WorkerExecutor)) {
    throw new ArgumentTypeError("executor must be made by createExecutor().");
  }
  const wrapped = (...args: unknown[]): Promise<unknown> =>
    (executor ?? defaultExecutor()).run(target, args, threadSensitive);
  Object.defineProperty(wrapped, "name", { value: target.name, configurable: true });
  return wrapped;
}

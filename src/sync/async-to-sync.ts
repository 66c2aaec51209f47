/** `asyncToSync`: a blocking face for an asynchronous function. */

import { ArgumentTypeError } from "../errors.ts";
import { defaultBridge } from "./defaults.ts";
import { targetOf } from "./target.ts";
import type { AnyFunction, Syncified } from "./types.ts";

export interface AsyncToSyncOptions {
  /** Milliseconds that a call may take; `WorkerTimeoutError` then, and the worker is stopped. Without it, any time. */
  readonly timeout?: number;
}

/**
 * Gives an asynchronous export of a module a blocking face. Python: `async_to_sync`.
 *
 * The call blocks the calling thread until the promise of the export has settled, in a worker that all such functions
 * of the calling thread share. A call costs some microseconds more than a message to the worker and back. Nothing else runs on the
 * blocked thread: that suits scripts, commands and workers, and not a server's event loop.
 *
 * @param url the module: `new URL("./work.js", import.meta.url)`; a `.ts` file works where Node strips types, and where a
 *   file is not there as `.ts` it is looked for as `.js`, and the reverse
 * @param name the export
 * @param options `timeout` in milliseconds
 * @returns a function of the export's parameters that gives the settled result. It throws what the export throws
 *   (same class name, message, `code` and stack), or `WorkerDiedError`, `WorkerLoadError`, `UncloneableValueError` or
 *   `WorkerTimeoutError`; the next call works
 * @throws TypeError where `url` is no URL
 * @example
 * import type * as work from "./work.js";
 * const fetchTitle = asyncToSync<typeof work.fetchTitle>(new URL("./work.js", import.meta.url), "fetchTitle");
 * const title: string = fetchTitle(1);
 */
export function asyncToSync<F extends AnyFunction = (...args: unknown[]) => unknown>(
  url: URL | string,
  name: string,
  options?: AsyncToSyncOptions,
): Syncified<F>;
/**
 * A closure is refused.
 *
 * @deprecated Its promise can only settle on the very thread that would wait for it. Export the function from a module
 *   and give its URL and name, or await it.
 * @throws TypeError always
 */
export function asyncToSync(fn: AnyFunction): never;
export function asyncToSync(
  url: unknown,
  name?: unknown,
  { timeout }: AsyncToSyncOptions = {},
): (...args: unknown[]) => unknown {
  if (typeof url === "function") throw new ArgumentTypeError(refusal(url.name));
  const target = targetOf("asyncToSync", url, name);
  if (timeout !== undefined && !(timeout >= 0)) {
    throw new ArgumentTypeError("timeout must be a number of milliseconds.");
  }
  const wrapped = (...args: unknown[]): unknown => defaultBridge().call(target, args, timeout);
  Object.defineProperty(wrapped, "name", { value: target.name, configurable: true });
  return wrapped;
}

function refusal(name: string): string {
  const fn = name || "work";
  return (
    `asyncToSync cannot take ${name ? `the function ${name}` : "a closure"}: it belongs to this thread, and while this ` +
    "thread waits nothing on it runs, so its promise would never settle. Export it from a module and give the module's " +
    `URL: asyncToSync(new URL("./work.js", import.meta.url), "${fn}"); or stay asynchronous and await it.`
  );
}

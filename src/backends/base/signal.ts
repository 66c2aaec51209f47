/** Which `AbortSignal` holds for the running code: like the current transaction, it follows the awaits. */

import { AsyncLocalStorage } from "node:async_hooks";

/** Made by the first use: programs without signals pay nothing for looking. */
let storage: AsyncLocalStorage<AbortSignal | null> | null = null;

/** The signal that aborts the caller's queries; null when there is none. */
export function currentSignal(): AbortSignal | null {
  return storage === null ? null : (storage.getStore() ?? null);
}

/** Calls `fn`; its queries are aborted by `signal`, and by the signal that holds around it. */
export function runWithSignal<T>(signal: AbortSignal, fn: () => T): T {
  storage ??= new AsyncLocalStorage();
  const outer = storage.getStore() ?? null;
  const both = outer === null || outer === signal ? signal : AbortSignal.any([outer, signal]);
  return storage.run(both, fn);
}

/** Calls `fn` without a signal: what has to be done although the work was aborted. */
export function runWithoutSignal<T>(fn: () => T): T {
  return storage === null || storage.getStore() == null ? fn() : storage.run(null, fn);
}

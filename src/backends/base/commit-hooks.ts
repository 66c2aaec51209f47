/** What runs after the commit of a transaction. */
import { RuntimeError } from "../../errors.ts";
import type { Mode } from "../../task.ts";
import { type Flow, isThenable } from "../../util/promise.ts";
import type { CommitHook } from "./transaction.ts";

/** Calls the hooks in the order of their registration; one that is not robust and throws stops the rest. */
export function* runHooks(hooks: readonly CommitHook[], mode: Mode): Flow<void> {
  for (const { callback, robust } of hooks) yield* runHook(callback, robust, mode);
}

/** Calls one hook; an async one is awaited in async mode and an error in sync mode. */
export function* runHook(callback: () => unknown, robust: boolean, mode: Mode): Flow<void> {
  try {
    const result = callback();
    if (!isThenable(result)) return;
    const promise = Promise.resolve(result);
    if (mode === "sync") {
      promise.catch(() => {});
      throw new RuntimeError(
        "An onCommit() callback of a sync transaction returned a promise, which nothing can await. " +
          "Use aatomic() and aonCommit(), or a sync callback.",
      );
    }
    yield promise;
  } catch (error) {
    if (!robust) throw error;
    console.error(`Error calling ${callback.name || "a callback"} in onCommit() (${String(error)}).`, error);
  }
}

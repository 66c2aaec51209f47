import type { Task } from "../task.ts";

/** Told of long work after each step: how much is done, of how much. May be async where the work is. */
export type OnProgress = (done: number, total: number) => unknown;

/** Tells of a step; waits where the callback is async. An error of it ends the work. */
export function* report(onProgress: OnProgress | undefined, done: number, total: number): Task<void> {
  if (onProgress === undefined) return;
  const value = onProgress(done, total);
  if (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  ) {
    yield { kind: "wait", value, what: "onProgress" };
  }
}

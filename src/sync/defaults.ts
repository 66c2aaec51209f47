/** The threads that are used where the user names none; each is made when it is first needed. */

import { Bridge } from "./bridge.ts";
import type { CloseOptions } from "./executor.ts";
import { WorkerExecutor } from "./executor.ts";

let executor: WorkerExecutor | null = null;
let bridge: Bridge | null = null;

export function defaultExecutor(): WorkerExecutor {
  executor ??= new WorkerExecutor();
  return executor;
}

export function defaultBridge(): Bridge {
  bridge ??= new Bridge({ name: "asyncToSync" });
  return bridge;
}

/**
 * Ends the workers that `syncToAsync` and `asyncToSync` started by themselves; later calls start new ones.
 *
 * A program does not need it to exit. A test or a reload does, to have the modules in the workers loaded afresh.
 *
 * @param options `{ cancel: true }` does not wait for the calls that run
 * @example
 * await closeWorkers();
 */
export async function closeWorkers(options?: CloseOptions): Promise<void> {
  const closing = [executor?.close(options), bridge?.close()];
  executor = null;
  bridge = null;
  await Promise.all(closing);
}

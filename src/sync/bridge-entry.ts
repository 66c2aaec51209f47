/** What runs in a bridge's worker: it answers the calls of a thread that is blocked until the answer is there. */

import { workerData } from "node:worker_threads";
import type { BridgeData, BridgeReply, BridgeRequest } from "./bridge.ts";
import { refusalOfClone } from "./errors.ts";
import { failed, invoke } from "./target.ts";
import type { PackedError } from "./thrown.ts";

const { port, lifeline, state } = workerData as BridgeData;
let fatal: PackedError | undefined;

function wake(): void {
  Atomics.add(state, 0, 1);
  Atomics.notify(state, 0);
}

function reply(message: BridgeReply): void {
  port.postMessage(message);
  wake();
}

port.on("message", async ({ id, target, args }: BridgeRequest) => {
  const outcome = await invoke(target, args);
  try {
    reply({ id, outcome });
  } catch (error) {
    reply({ id, outcome: failed(refusalOfClone(`the result of ${target.name}()`, error) ?? error) });
  }
});

// The caller asks this port whether the thread is still there; see `Bridge`.
lifeline.on("message", () => {});
lifeline.unref();

process.on("uncaughtExceptionMonitor", (error) => {
  const outcome = failed(error);
  fatal = "error" in outcome ? outcome.error : undefined;
});

// The blocked caller cannot see the thread's own `exit` event.
process.on("exit", (code) => {
  Atomics.store(state, 1, 1);
  try {
    reply({ died: code, ...(fatal && { error: fatal }) });
  } catch {
    wake();
  }
});

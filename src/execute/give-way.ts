import { pauseBefore } from "../backends/base/retry.ts";
import { currentSignal } from "../backends/base/signal.ts";
import { blockOn, currentBlock } from "../backends/base/transaction.ts";
import { connections } from "../connections.ts";
import type { Mode, Task } from "../task.ts";

const MOST_TRIES = 20;

/**
 * Does what `body` says, which opens a transaction; again when it gave way to another task (a deadlock). Only where
 * the transaction is its own: in one of the caller's, only the caller knows what else there is to do again.
 */
export function* givingWay<T>(
  alias: string,
  mode: Mode,
  body: (told: (error: unknown) => void) => Task<T>,
): Task<T> {
  if (blockOn(alias, currentBlock()) !== null) return yield* body(() => {});
  for (let tries = 1; ; tries++) {
    // Errors from after the commit are none of the transaction's.
    let refused: unknown;
    try {
      return yield* body((error) => {
        refused = error;
      });
    } catch (error) {
      if (
        tries >= MOST_TRIES ||
        error !== refused ||
        !connections.get(alias).isSerializationFailure(error as Error)
      )
        throw error;
    }
    if (mode === "async") yield { kind: "wait", value: pauseBefore(tries, currentSignal()), what: "a pause" };
  }
}

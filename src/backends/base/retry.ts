/** Which transactions are worth another try, and when. */

import { setTimeout as pause } from "node:timers/promises";
import type { DatabaseConnection } from "./connection.ts";
import type { Transaction } from "./transaction.ts";

const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 1_000;

/**
 * Whether the transaction that failed with `error` gave way to another one. The error that says so may be the cause of
 * the one that was thrown, or may have been caught inside the block. What has been committed is never done again.
 */
export function worthRetrying(
  error: unknown,
  transaction: Transaction,
  connection: DatabaseConnection,
): boolean {
  if (transaction.committed) return false;
  for (const first of [error, transaction.rollbackCause]) {
    let cause = first;
    for (let depth = 0; depth < 8 && cause instanceof Error; depth++, cause = cause.cause) {
      if (connection.isSerializationFailure(cause)) return true;
    }
  }
  return false;
}

/** Waits before the `tries`-th retry: longer each time, and not as long as others do that gave way in the same moment. */
export async function pauseBefore(tries: number, signal: AbortSignal | null): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries);
  try {
    await pause(longest * (0.5 + Math.random() / 2), undefined, signal === null ? {} : { signal });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}

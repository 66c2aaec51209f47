/** What can go wrong between two threads, apart from what the called function throws itself. */

import { AsgimodError } from "../errors.ts";

/** The base of the errors that `asgimod/sync` throws on its own behalf. */
export class WorkerError extends AsgimodError {
  static override readonly code: string = "worker_error";
}

/** The worker ended before it answered; `cause` is what it died of, where that is known. The next call gets a new worker. */
export class WorkerDiedError extends WorkerError {
  static override readonly code: string = "worker_died";
}

/** The worker could not load the module, or the module has no such function. */
export class WorkerLoadError extends WorkerError {
  static override readonly code: string = "worker_load_error";
}

/** An argument, result or thrown value cannot be copied to another thread, or would arrive as something else. */
export class UncloneableValueError extends WorkerError {
  static override readonly code: string = "uncloneable_value";
}

/** A blocking call took longer than its `timeout`; its worker was stopped. */
export class WorkerTimeoutError extends WorkerError {
  static override readonly code: string = "worker_timeout";
}

/** The executor was closed before the call could run, or while it ran. */
export class ExecutorClosedError extends WorkerError {
  static override readonly code: string = "executor_closed";
}

/**
 * What `postMessage` refused although it had looked like data: a getter with another value at its second reading, say.
 *
 * @returns the refusal as an error of ours, or null where `error` is something else
 */
export function refusalOfClone(what: string, error: unknown): UncloneableValueError | null {
  if (!(error instanceof DOMException) || error.name !== "DataCloneError") return null;
  return new UncloneableValueError(`${what} cannot be passed between threads: ${error.message}`, {
    cause: error,
  });
}

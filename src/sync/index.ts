/**
 * `asgimod/sync`: typed ways between synchronous and asynchronous code, saying where each runs.
 *
 * @module
 */

export { type AsyncToSyncOptions, asyncToSync } from "./async-to-sync.ts";
export { closeWorkers } from "./defaults.ts";
export {
  ExecutorClosedError,
  UncloneableValueError,
  WorkerDiedError,
  WorkerError,
  WorkerLoadError,
  WorkerTimeoutError,
} from "./errors.ts";
export { type CloseOptions, createExecutor, type Executor, type ExecutorOptions } from "./executor.ts";
export { type ModuleSyncToAsyncOptions, type SyncToAsyncOptions, syncToAsync } from "./sync-to-async.ts";
export type { AnyFunction, Asyncified, Syncified } from "./types.ts";

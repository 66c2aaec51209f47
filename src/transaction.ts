/**
 * Transactions, as Django's `django.db.transaction`: `atomic` in both colours, savepoints, and what runs
 * after the commit.
 *
 * A transaction belongs to the code that runs inside the callback, across its awaits, and to nothing else:
 * other tasks neither see its rows nor work in it.
 */

import { runHook } from "./backends/base/commit-hooks.ts";
import type { DatabaseConnection } from "./backends/base/connection.ts";
import { pauseBefore, worthRetrying } from "./backends/base/retry.ts";
import { currentSignal, runWithSignal } from "./backends/base/signal.ts";
import { type Block, blockOn, currentBlock, runInBlock } from "./backends/base/transaction.ts";
import { connections, DEFAULT_DB_ALIAS } from "./connections.ts";
import { ArgumentTypeError, RuntimeError, TransactionManagementError, ValueError } from "./errors.ts";
import type { EnterOp, IsolationLevel } from "./task.ts";
import { isThenable, runFlow } from "./util/promise.ts";

export interface UsingOptions {
  /** The alias of the database. Default `"default"`. */
  using?: string;
}

export interface AtomicOptions extends UsingOptions {
  /** Whether a nested block gets a savepoint, so that it can roll back alone. Default true. */
  savepoint?: boolean;
  /** Whether the block must be the outermost: what it commits is then really committed. Default false. */
  durable?: boolean;
  /**
   * What the transaction sees of others that run at the same time. Only the outermost block takes it. Default: what the
   * server's settings say; for PostgreSQL that is `"read committed"`.
   */
  isolation?: IsolationLevel;
  /** Whether the database refuses writes in this transaction. Only the outermost block takes it. */
  readOnly?: boolean;
  /**
   * PostgreSQL, with `isolation: "serializable"` and `readOnly`: waits at its start until no conflict can happen.
   * Only the outermost block takes it.
   */
  deferrable?: boolean;
}

export interface AsyncAtomicOptions extends AtomicOptions {
  /**
   * How many times the whole block is run again after a serialization failure or a deadlock, with pauses that grow.
   * Only the outermost block takes it. Default 0.
   */
  retries?: number;
  /** Aborts the queries of the block, which is then rolled back; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface OnCommitOptions extends UsingOptions {
  /** Whether an error of the callback is logged and the callbacks after it still run. Default false. */
  robust?: boolean;
}

/**
 * Calls `fn` in a transaction: commits when it returns, rolls back when it throws. Inside another `atomic`
 * it is a savepoint.
 *
 * @returns what `fn` returns
 * @throws RuntimeError for a durable block inside another, or when `fn` returns a promise
 * @throws OperationalError when another task's async transaction holds the database
 *
 * SQL: `BEGIN`, then `COMMIT` or `ROLLBACK`; nested `SAVEPOINT "s1"`, then `RELEASE` or `ROLLBACK TO`.
 * Django: Database transactions, "Controlling transactions explicitly".
 *
 * @example
 * atomic(() => {
 *   const box = Box.objects.create({ name: "M" });
 *   Pizza.objects.filter({ box: null }).update({ box });
 * });
 */
export function atomic<T>(fn: () => T, options: AtomicOptions = {}): T {
  checkCallback(fn, "atomic");
  const { connection, op, parent, outer } = entering(options);
  const block = connection.enter(op, "sync", parent, outer) as Block;
  let value: T;
  try {
    value = runInBlock(block, fn);
    if (isThenable(value)) {
      Promise.resolve(value).catch(() => {});
      throw new RuntimeError(
        "The function given to atomic() returned a promise: its work would run after the transaction has " +
          "ended. Use `await aatomic(async () => ...)`.",
      );
    }
  } catch (error) {
    connection.leave(block, true, "sync");
    throw error;
  }
  connection.leave(block, false, "sync");
  return value;
}

/**
 * Calls `fn` in a transaction and awaits it: commits when it resolves, rolls back when it rejects. The async
 * twin of {@link atomic}; waits in line while another task's transaction holds the database.
 *
 * With `retries`, a transaction that the database refuses for the sake of another one (a serialization failure, a
 * deadlock) is rolled back and `fn` called anew: whatever else it does must bear that.
 *
 * @throws TransactionManagementError when a query of `fn` was not awaited, or failed and its error was caught inside
 *
 * @example
 * await aatomic(async () => {
 *   const box = await Box.aobjects.create({ name: "M" });
 *   await Pizza.aobjects.filter({ box: null }).update({ box });
 * });
 */
export async function aatomic<T>(
  fn: () => T | PromiseLike<T>,
  options: AsyncAtomicOptions = {},
): Promise<Awaited<T>> {
  checkCallback(fn, "aatomic");
  const { signal, retries = 0, ...rest } = options;
  if (signal !== undefined) return runWithSignal(signal, () => aatomic(fn, { retries, ...rest }));
  if (!Number.isInteger(retries) || retries < 0) throw new ValueError("retries must be a number of times.");
  const entry = entering(rest);
  if (retries === 0) return attempt(fn, entry, () => false);
  if (entry.parent !== null) {
    throw new RuntimeError(
      "An atomic block with retries cannot be nested within another atomic block: only a whole transaction can be " +
        "tried again.",
    );
  }
  for (let tries = 0; ; tries++) {
    let again = false;
    try {
      return await attempt(fn, entry, (error, block) => {
        again = tries < retries && worthRetrying(error, block.transaction, entry.connection);
        return again;
      });
    } catch (error) {
      if (!again) throw error;
    }
    await pauseBefore(tries + 1, currentSignal());
  }
}

/** Runs the block once. `failed` is told of the error and the block, before anybody else is. */
async function attempt<T>(
  fn: () => T | PromiseLike<T>,
  { connection, op, parent, outer }: ReturnType<typeof entering>,
  failed: (error: unknown, block: Block) => void,
): Promise<Awaited<T>> {
  const block = await connection.enter(op, "async", parent, outer);
  let value: Awaited<T>;
  try {
    // An async queryset that `fn` returns is asked inside, too.
    value = await runInBlock(block, async () => fn());
    currentSignal()?.throwIfAborted();
  } catch (error) {
    await connection.leave(block, true, "async");
    failed(error, block);
    throw error;
  }
  try {
    await connection.leave(block, false, "async");
  } catch (error) {
    failed(error, block);
    throw error;
  }
  return value;
}

function entering({ using = DEFAULT_DB_ALIAS, savepoint = true, durable = false, ...kind }: AtomicOptions) {
  const connection = connections.get(using);
  const outer = currentBlock();
  const op: EnterOp = { kind: "enter", alias: using, savepoint, durable, ...kind };
  return { connection, op, parent: blockOn(using, outer), outer };
}

/**
 * Calls `fn`; the queries that it makes, also in what it awaits, are aborted when `signal` is: those that wait for a
 * connection, those that wait for their turn, and those that a server runs, which is told to stop. They reject with the
 * signal's reason, and later ones do so at once. A transaction whose query was aborted is rolled back.
 *
 * SQLite works in the program's own thread and cannot be interrupted: there the signal is heeded between statements.
 *
 * @returns what `fn` returns
 *
 * @example
 * const pizzas = await withSignal(AbortSignal.timeout(500), () => Pizza.aobjects.filter({ price__lt: "8" }).eval());
 */
export function withSignal<T>(signal: AbortSignal, fn: () => PromiseLike<T>): Promise<T>;
export function withSignal<T>(signal: AbortSignal, fn: () => T): T;
export function withSignal(signal: AbortSignal, fn: () => unknown): unknown {
  if (!(signal instanceof AbortSignal)) throw new ArgumentTypeError("withSignal() takes an AbortSignal.");
  checkCallback(fn, "withSignal");
  return runWithSignal(signal, () => {
    const result = fn();
    // An async queryset asks when it is awaited, which shall be here.
    return isThenable(result) && !(result instanceof Promise) ? (async () => result)() : result;
  });
}

function checkCallback(fn: unknown, name: string): void {
  if (typeof fn !== "function") {
    throw new ArgumentTypeError(`${name}() must be given a function to call.`);
  }
}

/** The connection and the innermost block on it in which the caller runs. */
function here({ using = DEFAULT_DB_ALIAS }: UsingOptions): {
  connection: DatabaseConnection;
  block: Block | null;
} {
  return { connection: connections.get(using), block: blockOn(using, currentBlock()) };
}

/** Whether the caller runs in an `atomic` block on the database. */
export function inAtomicBlock(options: UsingOptions = {}): boolean {
  return here(options).block !== null;
}

/**
 * Has `fn` called when the transaction has been committed, and forgotten when it, or the savepoint it was
 * registered in, is rolled back. Outside of a transaction `fn` is called at once.
 *
 * Callbacks are called in the order of their registration; one that throws keeps the later ones from being
 * called (unless `robust`), while the commit stands. In a transaction of `aatomic`, `fn` may be async.
 *
 * Django: Database transactions, "Performing actions after commit".
 *
 * @example
 * atomic(() => {
 *   order.save();
 *   onCommit(() => queue.add("confirm", order.pk));
 * });
 */
export function onCommit(fn: () => unknown, options: OnCommitOptions = {}): void {
  if (!register(fn, options)) runFlow(runHook(fn, options.robust === true, "sync"));
}

/** Like {@link onCommit}; outside of a transaction it awaits `fn`. */
export async function aonCommit(fn: () => unknown, options: OnCommitOptions = {}): Promise<void> {
  if (!register(fn, options)) await runFlow(runHook(fn, options.robust === true, "async"));
}

function register(callback: () => unknown, options: OnCommitOptions): boolean {
  if (typeof callback !== "function") {
    throw new ArgumentTypeError("onCommit()'s callback must be a callable.");
  }
  const { block } = here(options);
  if (block === null) return false;
  block.checkOpen();
  block.transaction.hooks.push({ callback, robust: options.robust === true, sids: block.sids });
  return true;
}

/** Whether the innermost block with a savepoint will be rolled back at its end. */
export function getRollback(options: UsingOptions = {}): boolean {
  return requireBlock(options).transaction.needsRollback;
}

/**
 * Sets whether the innermost block with a savepoint is rolled back at its end, although nothing was thrown.
 * `false` revokes that; only do so after rolling back to a savepoint yourself.
 *
 * @throws TransactionManagementError outside of an `atomic` block
 */
export function setRollback(rollback: boolean, options: UsingOptions = {}): void {
  const { transaction } = requireBlock(options);
  transaction.needsRollback = rollback;
  if (!rollback) transaction.rollbackCause = undefined;
}

function requireBlock(options: UsingOptions): Block {
  const { block } = here(options);
  if (block === null) {
    throw new TransactionManagementError("The rollback flag doesn't work outside of an 'atomic' block.");
  }
  block.checkOpen();
  return block;
}

/**
 * Makes a savepoint in the current transaction; gives its id, or null outside of a transaction. An `atomic`
 * block is nearly always the better way.
 */
export function savepoint(options: UsingOptions = {}): string | null {
  const { connection, block } = here(options);
  return connection.savepoint(block, "sync") as string | null;
}

/** Releases a savepoint: its work now belongs to what surrounds it. */
export function savepointCommit(sid: string | null, options: UsingOptions = {}): void {
  const { connection, block } = here(options);
  connection.savepointCommit(sid, block, "sync");
}

/** Undoes everything since the savepoint, which stays. */
export function savepointRollback(sid: string | null, options: UsingOptions = {}): void {
  const { connection, block } = here(options);
  connection.savepointRollback(sid, block, "sync");
}

/** The async twin of {@link savepoint}. */
export async function asavepoint(options: UsingOptions = {}): Promise<string | null> {
  const { connection, block } = here(options);
  return connection.savepoint(block, "async");
}

/** The async twin of {@link savepointCommit}. */
export async function asavepointCommit(sid: string | null, options: UsingOptions = {}): Promise<void> {
  const { connection, block } = here(options);
  await connection.savepointCommit(sid, block, "async");
}

/** The async twin of {@link savepointRollback}. */
export async function asavepointRollback(sid: string | null, options: UsingOptions = {}): Promise<void> {
  const { connection, block } = here(options);
  await connection.savepointRollback(sid, block, "async");
}

/**
 * The drivers of tasks. A task yields operations; these send them to the connection and give the results
 * back. In async mode nothing is awaited that is there already: an embedded database answers at once, and a
 * query then costs what the statement costs.
 */

import type { QueryOp } from "../backends/base/executor.ts";
import { Block, blockOn, currentBlock, runInBlock } from "../backends/base/transaction.ts";
import { watchers } from "../backends/base/watch.ts";
import { connections } from "../connections.ts";
import { SynchronousOnlyOperation } from "../errors.ts";
import type { BreakOp, EnterOp, LeaveOp, Mode, Op, Question, Rows, Task, WaitOp } from "../task.ts";
import { isThenable } from "../util/promise.ts";
import { sendWatched } from "./watched.ts";

type LocalOp = EnterOp | LeaveOp | BreakOp | WaitOp;

/**
 * Runs a task to its end and returns its result.
 *
 * @throws SynchronousOnlyOperation when the database is async only, or a callback returned a promise
 */
export function runSync<T>(task: Task<T>): T {
  if (connections.pending) connections.prepareSync();
  const head = currentBlock();
  let step = task.next();
  while (!step.done) {
    const op = step.value;
    if (isLocal(op)) return new Runner("sync", task, head).runSync(step);
    let result: unknown;
    try {
      result = query(op, "sync", head);
    } catch (error) {
      step = task.throw(error);
      continue;
    }
    step = task.next(result);
  }
  return step.value;
}

/**
 * Runs a task and resolves to its result. It starts at once; the promise is settled already when nothing had
 * to wait.
 */
export function runAsync<T>(task: Task<T>): Promise<T> {
  if (connections.pending) return connections.prepare().then(() => runAsync(task));
  try {
    const head = currentBlock();
    let step = task.next();
    while (!step.done) {
      const op = step.value;
      if (isLocal(op)) return new Runner("async", task, head).runAsync(step);
      let result: unknown;
      try {
        result = query(op, "async", head);
      } catch (error) {
        step = task.throw(error);
        continue;
      }
      if (result instanceof Promise) return new Runner("async", task, head).resume(result);
      step = task.next(result);
    }
    return Promise.resolve(step.value);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** {@link runSync} for a single query. */
export function askSync<T>(question: Question<T>): T {
  return question.answer(query(question, "sync", currentBlock()) as Rows);
}

/** {@link runAsync} for a single query. */
export async function askAsync<T>(question: Question<T>): Promise<T> {
  const rows = query(question, "async", currentBlock());
  return question.answer((rows instanceof Promise ? await rows : rows) as Rows);
}

/** Operations for which the runner must keep state; the plain loops do without. */
function isLocal(op: Op): op is LocalOp {
  return op.kind === "enter" || op.kind === "wait" || op.kind === "break" || op.kind === "leave";
}

function query(op: QueryOp, mode: Mode, head: Block | null): unknown {
  if (watchers !== null) {
    const watcher = watchers.get(op.alias);
    if (watcher !== undefined) {
      const isInBlock = blockOn(op.alias, head) !== null;
      return sendWatched(op, watcher, isInBlock, (statement) => send(statement, mode, head));
    }
  }
  return send(op, mode, head);
}

function send(op: QueryOp, mode: Mode, head: Block | null): unknown {
  return connections.get(op.alias).execute(op, mode, head === null ? null : blockOn(op.alias, head));
}

/** Drives a task that opens blocks of its own or waits for callbacks: keeps the innermost block. */
class Runner<T> {
  readonly #mode: Mode;
  readonly #task: Task<T>;
  /** The block in which the caller runs. */
  readonly #base: Block | null;
  /** The innermost block now. */
  #head: Block | null;

  constructor(mode: Mode, task: Task<T>, head: Block | null) {
    this.#mode = mode;
    this.#task = task;
    this.#base = head;
    this.#head = head;
  }

  runSync(first: IteratorResult<Op, T>): T {
    let step = first;
    while (!step.done) {
      let result: unknown;
      try {
        result = this.#perform(step.value);
      } catch (error) {
        step = this.#throw(error);
        continue;
      }
      step = this.#next(result);
    }
    return step.value;
  }

  async runAsync(first: IteratorResult<Op, T>): Promise<T> {
    let step = first;
    while (!step.done) {
      let result: unknown;
      try {
        result = this.#perform(step.value);
        if (result instanceof Promise) result = await result;
        if (step.value.kind === "enter") this.#head = result as Block;
      } catch (error) {
        step = this.#throw(error);
        continue;
      }
      step = this.#next(result);
    }
    return step.value;
  }

  /** Goes on with a task whose operation is already under way. */
  async resume(pending: Promise<unknown>): Promise<T> {
    let step: IteratorResult<Op, T>;
    try {
      step = this.#next(await pending);
    } catch (error) {
      step = this.#throw(error);
    }
    return this.runAsync(step);
  }

  #perform(op: Op): unknown {
    switch (op.kind) {
      case "enter": {
        const connection = connections.get(op.alias);
        const block = connection.enter(op, this.#mode, blockOn(op.alias, this.#head), this.#head);
        if (block instanceof Block) this.#head = block;
        return block;
      }
      case "leave": {
        const block = op.block as Block;
        // Whatever leaving brings, the task is outside then: hooks run there.
        this.#head = block.outer;
        return connections.get(op.alias).leave(block, op.failed, this.#mode);
      }
      case "break": {
        const block = blockOn(op.alias, this.#head);
        if (block !== null) connections.get(op.alias).breakTransaction(block, op.error);
        return undefined;
      }
      case "wait":
        return this.#wait(op);
      default:
        return query(op, this.#mode, this.#head);
    }
  }

  #wait(op: WaitOp): unknown {
    if (!isThenable(op.value)) return op.value;
    const promise = Promise.resolve(op.value);
    if (this.#mode === "async") return promise;
    promise.catch(() => {});
    throw new SynchronousOnlyOperation(
      `${op.what} returned a promise, which sync code cannot await. Use the async API (aobjects, asave(), ...).`,
    );
  }

  /** The task's code, and the callbacks that it calls, run inside the blocks that it has opened. */
  #next(value: unknown): IteratorResult<Op, T> {
    if (this.#head === this.#base) return this.#task.next(value);
    return runInBlock(this.#head, () => this.#task.next(value));
  }

  #throw(error: unknown): IteratorResult<Op, T> {
    if (this.#head === this.#base) return this.#task.throw(error);
    return runInBlock(this.#head, () => this.#task.throw(error));
  }
}

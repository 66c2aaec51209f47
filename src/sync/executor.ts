/** Threads for the exports of modules: one dedicated worker and a pool, both tinypool's. */

import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { ArgumentTypeError } from "../errors.ts";
import { ExecutorClosedError, refusalOfClone, WorkerDiedError } from "./errors.ts";
import type { PoolTask } from "./pool-entry.ts";
import type { Outcome, Target } from "./target.ts";
import { packArguments, settle, siblingUrl } from "./target.ts";

export interface ExecutorOptions {
  /** How many workers the pool may have; by default one less than the machine's processors, at least one. */
  readonly size?: number;
  /** Milliseconds after which a worker of the pool without work ends; 10,000 by default. The dedicated one stays. */
  readonly idleTimeout?: number;
}

export interface CloseOptions {
  /** Do not wait: calls that wait are rejected with {@link ExecutorClosedError}, and calls that run are stopped. */
  readonly cancel?: boolean;
}

/** Threads that several wrapped functions share; made by {@link createExecutor}. */
export interface Executor extends AsyncDisposable {
  /** How many workers the pool may have. */
  readonly size: number;
  /** Whether `close()` was called. */
  readonly closed: boolean;
  /** Takes no more calls, lets the accepted ones finish (or not: `{ cancel: true }`), and ends the workers. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Makes threads of one's own for {@link syncToAsync}: one dedicated worker for thread-sensitive calls, and a pool.
 *
 * Workers start when they are needed. Without work they do not keep the process alive, so closing is for those who
 * want the threads gone, or their work finished, at a certain point.
 *
 * @throws TypeError where `size` or `idleTimeout` is no such number
 * @example
 * const executor = createExecutor({ size: 4 });
 * const resize = syncToAsync<typeof work.resize>(new URL("./work.js", import.meta.url), "resize", {
 *   threadSensitive: false,
 *   executor,
 * });
 * await Promise.all(pictures.map((picture) => resize(picture)));
 * await executor.close();
 */
export function createExecutor(options: ExecutorOptions = {}): Executor {
  return new WorkerExecutor(options);
}

/** The executor behind the interface. */
export class WorkerExecutor implements Executor {
  readonly size: number;
  readonly #dedicated = new Lane({ minThreads: 1, maxThreads: 1 });
  readonly #pool: Lane;
  #closed = false;

  constructor({
    size = Math.max(availableParallelism() - 1, 1),
    idleTimeout = 10_000,
  }: ExecutorOptions = {}) {
    if (!Number.isInteger(size) || size < 1) throw new ArgumentTypeError("size must be a positive integer.");
    if (!(idleTimeout >= 0)) throw new ArgumentTypeError("idleTimeout must be a number of milliseconds.");
    this.size = size;
    this.#pool = new Lane({
      minThreads: 0,
      maxThreads: size,
      idleTimeout: Math.min(idleTimeout, 2 ** 31 - 1),
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls an export in the dedicated worker, or in the pool. */
  async run(target: Target, args: readonly unknown[], threadSensitive: boolean): Promise<unknown> {
    if (this.#closed) throw closedError(target);
    const task: PoolTask = { target, args: packArguments(target, args) };
    return settle(await (threadSensitive ? this.#dedicated : this.#pool).run(task));
  }

  async close({ cancel = false }: CloseOptions = {}): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#dedicated.close(cancel), this.#pool.close(cancel)]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function closedError(target: Target): ExecutorClosedError {
  return new ExecutorClosedError(`the executor is closed; ${target.name}() did not run to its end.`);
}

interface Call {
  readonly task: PoolTask;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

type LaneOptions = { minThreads: number; maxThreads: number; idleTimeout?: number };

/**
 * A tinypool with a queue in front.
 *
 * The queue is ours since tinypool forgets a queued task when the worker that it waits for dies; and tinypool hears
 * of uncaught errors but not of `process.exit()`, so the threads' `exit` is passed on to it.
 */
class Lane {
  readonly #options: LaneOptions;
  readonly #waiting: Call[] = [];
  readonly #running = new Set<Call>();
  readonly #watched = new WeakSet<object>();
  #pool: Tinypool | null = null;
  #cancelled = false;
  #whenIdle: (() => void) | null = null;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  run(task: PoolTask): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#advance();
    });
  }

  async close(cancel: boolean): Promise<void> {
    if (cancel) {
      this.#cancelled = true;
      for (const { task, reject } of this.#waiting.splice(0)) reject(closedError(task.target));
    } else if (this.#running.size > 0) {
      await new Promise<void>((resolve) => {
        const earlier = this.#whenIdle;
        this.#whenIdle = () => {
          earlier?.();
          resolve();
        };
      });
    }
    const pool = this.#pool;
    this.#pool = null;
    await pool?.destroy();
  }

  #advance(): void {
    while (this.#running.size < this.#options.maxThreads) {
      const call = this.#waiting.shift();
      if (call === undefined) break;
      this.#running.add(call);
      void this.#start(call);
    }
    if (this.#running.size === 0) this.#whenIdle?.();
  }

  async #start(call: Call): Promise<void> {
    try {
      this.#pool ??= this.#open();
      const outcome = this.#pool.run(call.task, { filename: siblingUrl("pool-entry").href, name: "default" });
      this.#watchThreads(this.#pool);
      call.resolve((await outcome) as Outcome);
    } catch (error) {
      const { target } = call.task;
      call.reject(
        this.#cancelled
          ? closedError(target)
          : (refusalOfClone(`an argument or the result of ${target.name}()`, error) ??
              deathOf(target, error)),
      );
    }
    this.#running.delete(call);
    this.#advance();
  }

  #open(): Tinypool {
    const pool = new Tinypool({
      ...this.#options,
      runtime: "worker_threads",
      // Otherwise an idle worker sleeps outside its event loop, and whatever a module keeps open there stands still.
      useAtomics: false,
    });
    // A worker that died without a call, perhaps before it was ready for one.
    pool.on("error", (error: unknown) => {
      if (pool !== this.#pool || pool.threads.length > 0) return;
      this.#pool = null;
      void pool.destroy();
      for (const { task, reject } of this.#running) reject(deathOf(task.target, error));
    });
    return pool;
  }

  #watchThreads(pool: Tinypool): void {
    for (const thread of pool.threads) {
      if (this.#watched.has(thread)) continue;
      this.#watched.add(thread);
      thread.once("exit", (code: number) => {
        if (pool.threads.includes(thread)) thread.emit("error", new ExitedError(code));
      });
    }
  }
}

/** A worker's end without an error: somebody called `process.exit()`. */
class ExitedError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

function deathOf(target: Target, error: unknown): WorkerDiedError {
  if (error instanceof ExitedError) {
    return new WorkerDiedError(
      `the worker ended with exit code ${error.exitCode} before ${target.name}() returned`,
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkerDiedError(
    `the worker ended of an uncaught error before ${target.name}() returned: ${reason}`,
    {
      cause: error,
    },
  );
}

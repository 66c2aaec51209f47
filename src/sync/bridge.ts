/**
 * The blocking bridge: a worker that runs asynchronous code while the calling thread waits for it.
 *
 * The worker lives as long as the bridge, so what its modules hold stays there between calls: an asynchronous
 * driver with its connections, for instance. A call costs two messages and a wake-up.
 */

import type { MessagePort, WorkerOptions } from "node:worker_threads";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { ExecutorClosedError, refusalOfClone, WorkerDiedError, WorkerTimeoutError } from "./errors.ts";
import type { Outcome, Target } from "./target.ts";
import { packArguments, settle, siblingUrl } from "./target.ts";
import type { PackedError } from "./thrown.ts";
import { unpackError } from "./thrown.ts";
import type { Packed } from "./values.ts";
import { unpack } from "./values.ts";

export interface BridgeData {
  readonly port: MessagePort;
  readonly lifeline: MessagePort;
  /** [0] counts the messages to the caller, [1] is 1 when the worker has ended. */
  readonly state: Int32Array;
}

export interface BridgeRequest {
  readonly id: number;
  readonly target: Target;
  readonly args: Packed;
}

export type BridgeReply =
  | { readonly id: number; readonly outcome: Outcome }
  | { readonly died: number; readonly error?: PackedError };

export interface BridgeOptions {
  /** Named in errors and in the thread's name. */
  readonly name?: string;
  /** Milliseconds that a call may take; without it, a call may take for ever. */
  readonly timeout?: number;
  /** Limits of the worker's memory. */
  readonly resourceLimits?: WorkerOptions["resourceLimits"];
}

/** Milliseconds between two looks at whether the worker still lives, while a call waits. */
const HEARTBEAT = 100;

/**
 * Calls exports of modules in one worker, and blocks until they have settled.
 *
 * The worker starts with the first call, and never keeps the process alive. When it ends (`process.exit`, an uncaught
 * error, no memory) the call throws {@link WorkerDiedError}, and the next one gets a new worker.
 *
 * @example
 * const bridge = new Bridge({ name: "database" });
 * const driver = new URL("./driver.js", import.meta.url).href;
 * bridge.call({ url: driver, name: "open" }, ["postgresql://..."]);
 * const rows = bridge.call({ url: driver, name: "query" }, ["SELECT 1", []]);
 * await bridge.close();
 */
export class Bridge {
  readonly #options: BridgeOptions;
  #connection: Connection | null = null;
  #closed = false;

  constructor(options: BridgeOptions = {}) {
    this.#options = options;
  }

  /** The id of the worker's thread; -1 when there is none. */
  get threadId(): number {
    return this.#connection === null || this.#connection.ended ? -1 : this.#connection.worker.threadId;
  }

  /**
   * Calls an export in the worker and gives what it returns, or what its promise is fulfilled with.
   *
   * @param target the module's URL and the export's name
   * @param args copied by structured clone, see `values.ts`
   * @param timeout milliseconds; the bridge's own without it
   * @throws what the export throws; UncloneableValueError, WorkerDiedError, WorkerTimeoutError, WorkerLoadError
   */
  call(target: Target, args: readonly unknown[], timeout = this.#options.timeout): unknown {
    if (this.#closed)
      throw new ExecutorClosedError(`${this.#label} is closed; ${target.name}() was not called.`);
    const packed = packArguments(target, args);
    if (this.#connection === null || this.#connection.ended) this.#connection = new Connection(this.#options);
    return settle(this.#connection.ask(target, packed, timeout));
  }

  /** Ends the worker. Later calls throw {@link ExecutorClosedError}. */
  async close(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = null;
    await connection?.worker.terminate();
  }

  get #label(): string {
    return `the bridge${this.#options.name === undefined ? "" : ` '${this.#options.name}'`}`;
  }
}

/** One worker and the way to it. */
class Connection {
  readonly worker: Worker;
  readonly #port: MessagePort;
  readonly #lifeline: MessagePort;
  readonly #state = new Int32Array(new SharedArrayBuffer(8));
  readonly #probes: boolean;
  #nextId = 0;
  #exited = false;

  constructor({ name, resourceLimits }: BridgeOptions) {
    const messages = new MessageChannel();
    const life = new MessageChannel();
    this.#port = messages.port1;
    this.#lifeline = life.port1;
    this.#port.unref();
    this.#lifeline.unref();
    const data: BridgeData = { port: messages.port2, lifeline: life.port2, state: this.#state };
    this.worker = new Worker(siblingUrl("bridge-entry"), {
      name: name ?? "asgimod sync",
      workerData: data,
      transferList: [messages.port2, life.port2],
      ...(resourceLimits && { resourceLimits }),
    });
    this.worker.unref();
    // Its death is told by the call that meets it: an event without a listener would end the process.
    this.worker.on("error", () => {});
    this.worker.on("exit", () => {
      this.#exited = true;
    });
    this.#probes = this.#isReachable();
  }

  get ended(): boolean {
    return this.#exited || Atomics.load(this.#state, 1) === 1;
  }

  ask(target: Target, args: Packed, timeout: number | undefined): Outcome {
    const id = ++this.#nextId;
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
    const request: BridgeRequest = { id, target, args };
    try {
      this.#port.postMessage(request);
    } catch (error) {
      throw refusalOfClone(`an argument of ${target.name}()`, error) ?? error;
    }
    for (;;) {
      const count = Atomics.load(this.#state, 0);
      const received = receiveMessageOnPort(this.#port);
      if (received !== undefined) {
        const message = received.message as BridgeReply;
        if ("died" in message) throw this.#death(target, message);
        if (message.id === id) return message.outcome;
        continue;
      }
      if (this.ended) throw this.#death(target, null);
      const left = deadline - performance.now();
      if (left <= 0) throw this.#overdue(target, timeout as number);
      const woken = Atomics.wait(this.#state, 0, count, Math.min(HEARTBEAT, left));
      if (woken === "timed-out" && this.#probes && !this.#isReachable()) {
        Atomics.store(this.#state, 1, 1);
      }
    }
  }

  /**
   * Whether the other end of the lifeline is open, asked without the event loop.
   *
   * A thread that runs out of memory ends without a word, and its `exit` event cannot reach a blocked caller.
   * Its ports close, though: once the closing was received, Node's `postMessage` no longer returns `true`.
   * That it does while the port is open is checked when the worker starts; where it does not, nothing is concluded.
   */
  #isReachable(): boolean {
    receiveMessageOnPort(this.#lifeline);
    return (this.#lifeline.postMessage(null) as unknown) === true;
  }

  #death(target: Target, message: Extract<BridgeReply, { died: number }> | null): WorkerDiedError {
    const how =
      message === null ? "" : message.error ? " of an uncaught error" : ` with exit code ${message.died}`;
    const cause = message?.error && unpackError(message.error, unpack);
    return new WorkerDiedError(
      `the worker ended${how} before ${target.name}() returned${cause instanceof Error ? `: ${cause.message}` : ""}`,
      cause === undefined ? undefined : { cause },
    );
  }

  #overdue(target: Target, timeout: number): WorkerTimeoutError {
    Atomics.store(this.#state, 1, 1);
    void this.worker.terminate();
    return new WorkerTimeoutError(`${target.name}() took longer than ${timeout} ms; its worker was stopped`);
  }
}

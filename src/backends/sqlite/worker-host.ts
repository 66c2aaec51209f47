/** The side of the program: sessions whose database lives on a worker thread. */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { OperationalError } from "../../errors.ts";
import type { Mode, Rows, RunResult } from "../../task.ts";
import type { Maybe } from "../../util/promise.ts";
import type { OpenStatement, RowsStatement, RunStatement, SessionCursor } from "../base/session.ts";
import { checkParams } from "./driver.ts";
import type { FileSession, OpenOptions } from "./session.ts";
import {
  type Answer,
  fromPlainError,
  type OpenedCursor,
  type Request,
  type Work,
  type WorkerStart,
} from "./worker-protocol.ts";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Starts the worker, sends requests and hands out the answers. */
export class WorkerHost {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #flag: Int32Array;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #stopped: Error | null = null;

  /** @param onStop called when the worker has ended, expected or not */
  constructor(onStop: () => void) {
    const signal = new SharedArrayBuffer(4);
    const { port1, port2 } = new MessageChannel();
    const start: WorkerStart = { signal, port: port2 };
    // The file has the ending of this one: .ts in the sources, .js in the package.
    const file = new URL(import.meta.url.endsWith(".ts") ? "worker.ts" : "worker.js", import.meta.url);
    this.#worker = new Worker(file, { workerData: start, transferList: [port2] });
    this.#port = port1;
    this.#flag = new Int32Array(signal);
    this.#port.unref();
    // The worker keeps the program alive only while someone waits for it.
    this.#worker.unref();
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#stop(error));
    this.#worker.on("exit", () => {
      this.#stop(null);
      onStop();
    });
  }

  open(options: OpenOptions): FileSession {
    const session = this.nextId();
    this.tell({ kind: "session", session, options });
    return new WorkerSession(this, session);
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Sends without waiting for an answer. */
  tell(work: Work): void {
    if (this.#stopped === null) this.#worker.postMessage({ id: 0, sync: false, work } satisfies Request);
  }

  /** Sends and gives the answer: by a promise, or, in sync mode, when the thread has slept until it came. */
  ask(work: Work, mode: Mode): unknown {
    if (this.#stopped !== null) throw this.#stopped;
    return mode === "sync" ? this.#askSync(work) : this.#askAsync(work);
  }

  #askAsync(work: Work): Promise<unknown> {
    const id = this.nextId();
    this.#worker.postMessage({ id, sync: false, work } satisfies Request);
    if (this.#waiting.size === 0) this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #askSync(work: Work): unknown {
    Atomics.store(this.#flag, 0, 0);
    this.#worker.postMessage({ id: this.nextId(), sync: true, work } satisfies Request);
    Atomics.wait(this.#flag, 0, 0);
    const answer = receiveMessageOnPort(this.#port)?.message as Answer;
    if (answer.error !== undefined) throw fromPlainError(answer.error);
    return answer.value;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (answer.error === undefined) waiting?.resolve(answer.value);
    else waiting?.reject(fromPlainError(answer.error));
  }

  #stop(cause: unknown): void {
    this.#stopped ??= new OperationalError(
      "The worker thread of the database has stopped.",
      cause === null ? {} : { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#stopped);
    this.#waiting.clear();
  }

  /** Closes the databases and ends the worker. */
  async close(): Promise<void> {
    if (this.#stopped === null) await this.#askAsync({ kind: "exit" }).catch(() => {});
    this.#port.close();
    await this.#worker.terminate();
  }
}

class WorkerSession implements FileSession {
  readonly #host: WorkerHost;
  readonly #session: number;

  constructor(host: WorkerHost, session: number) {
    this.#host = host;
    this.#session = session;
  }

  rows({ sql, params, bigints = false }: RowsStatement, mode: Mode): Maybe<Rows> {
    const work: Work = { kind: "rows", session: this.#session, sql, params: checkParams(params), bigints };
    return this.#host.ask(work, mode) as Maybe<Rows>;
  }

  run({ sql, params }: RunStatement, mode: Mode): Maybe<RunResult> {
    const work: Work = { kind: "run", session: this.#session, sql, params: checkParams(params) };
    return this.#host.ask(work, mode) as Maybe<RunResult>;
  }

  open({ sql, params, bigints = false }: OpenStatement, mode: Mode): Maybe<SessionCursor> {
    const host = this.#host;
    const cursor = host.nextId();
    const work: Work = {
      kind: "open",
      session: this.#session,
      cursor,
      sql,
      params: checkParams(params),
      bigints,
    };
    const opened = host.ask(work, mode);
    const made = (about: unknown) => new WorkerCursor(host, cursor, about as OpenedCursor);
    return opened instanceof Promise ? opened.then(made) : made(opened);
  }

  close(): void {
    this.#host.tell({ kind: "closeSession", session: this.#session });
  }
}

class WorkerCursor implements SessionCursor {
  readonly #host: WorkerHost;
  readonly #cursor: number;
  readonly columns: readonly string[];
  readonly types: readonly (string | null)[];

  constructor(host: WorkerHost, cursor: number, { columns, types }: OpenedCursor) {
    this.#host = host;
    this.#cursor = cursor;
    this.columns = columns;
    this.types = types;
  }

  fetch(count: number, mode: Mode): Maybe<Rows> {
    return this.#host.ask({ kind: "fetch", cursor: this.#cursor, count }, mode) as Maybe<Rows>;
  }

  detach(mode: Mode): Maybe<void> {
    return this.#host.ask({ kind: "detach", cursor: this.#cursor }, mode) as Maybe<void>;
  }

  close(mode: Mode): Maybe<void> {
    return this.#host.ask({ kind: "closeCursor", cursor: this.#cursor }, mode) as Maybe<void>;
  }
}

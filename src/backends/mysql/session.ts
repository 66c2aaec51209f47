/** One connection to the server: sends one request after the other, and stops those that are aborted. */

import { OperationalError } from "../../errors.ts";
import type { Mode, Rows, RunResult } from "../../task.ts";
import type { SessionCursor } from "../base/connection.ts";
import { PooledSession } from "../base/pooled-session.ts";
import {
  CloseStatement,
  FetchRequest,
  inTransaction,
  OpenRequest,
  PingRequest,
  PrepareRequest,
  QueryRequest,
  type Request,
  type Sent,
  ServerError,
  type Watcher,
} from "./commands.ts";
import { BufferedCursor, MysqlCursor } from "./cursor.ts";
import type { Client } from "./driver.ts";
import { withLiterals } from "./literals.ts";

/** The server ends the connection with this error: it shuts down, or somebody has killed the connection. */
const ENDING = new Set([1053, 1927, 4031]);

/** Of a deadlock's tasks the server chooses one, whose transaction it rolls back as a whole. */
const DEADLOCK = 1213;

export interface SessionOptions {
  /** Asks the server to stop what the client runs; settles when the server has taken note of it. */
  readonly cancel: () => Promise<void>;
  /** How long stopping may take until the connection is given up, in milliseconds. */
  readonly cancelTimeout: number;
}

export class MysqlSession extends PooledSession {
  readonly #client: Client;
  readonly #options: SessionOptions;
  readonly #watcher: Watcher;
  #status = 0;
  #active: Sent | null = null;
  #queue: Sent[] = [];
  /** The server is being asked to stop something: until it has, nothing else is sent. */
  #cancelling = false;
  /** The error with which the server has rolled the transaction back by itself. */
  #rolledBack: ServerError | null = null;

  constructor(client: Client, options: SessionOptions) {
    super();
    this.#client = client;
    this.#options = options;
    this.#watcher = {
      status: (bits) => {
        this.#status = bits;
      },
      lost: (error) => this.lose(error),
    };
    client.on("error", (error) => this.lose(error));
    client.on("end", () => this.lose(new Error("Connection lost: The server closed the connection.")));
  }

  override get inTransaction(): boolean {
    return inTransaction(this.#status);
  }

  get transactionFailed(): boolean {
    return this.#rolledBack !== null;
  }

  /** A session that waits does not keep the program running. */
  override rest(): void {
    this.#client.stream.unref?.();
  }

  override wake(): void {
    this.#client.stream.ref?.();
  }

  override end(): Promise<void> {
    const dead = this.lost !== null;
    this.onLost = null;
    this.lose(new Error("Connection was closed"));
    if (dead || this.#active !== null) {
      this.#client.destroy();
      return Promise.resolve();
    }
    // Else a program that has nothing else to do would end before.
    this.wake();
    return new Promise((resolve) => this.#client.end(() => resolve()));
  }

  override rows(
    sql: string,
    params: readonly unknown[],
    bigints: boolean,
    _mode: Mode,
    signal: AbortSignal | null,
  ): Promise<Rows> {
    return this.#query(sql, params, bigints, signal).then(({ rows }) => rows);
  }

  override run(
    sql: string,
    params: readonly unknown[],
    _mode: Mode,
    signal: AbortSignal | null,
  ): Promise<RunResult> {
    if (sql === "ROLLBACK") this.#rolledBack = null;
    return this.#query(sql, params, false, signal).then(({ changes, lastInsertId }) => ({
      changes,
      lastInsertId,
    }));
  }

  override async open(
    sql: string,
    params: readonly unknown[],
    bigints: boolean,
    _mode: Mode,
    signal: AbortSignal | null,
    whole: boolean,
  ): Promise<SessionCursor> {
    if (whole) {
      const { rows, columns } = await this.#query(sql, params, bigints, signal);
      return new BufferedCursor(
        columns.map(({ name }) => name),
        rows,
      );
    }
    const statement = await this.#send(new PrepareRequest(this.#watcher, this.#text(sql, params)), signal);
    const close = () => {
      if (this.lost === null) this.#client.addCommand(new CloseStatement(statement));
    };
    try {
      const opened = await this.#send(new OpenRequest(this.#watcher, statement, bigints), signal);
      const { columns } = opened;
      return new MysqlCursor(opened, close, (count, fetchSignal) =>
        this.#send(new FetchRequest(this.#watcher, statement, count, columns, bigints), fetchSignal),
      );
    } catch (error) {
      close();
      throw error;
    }
  }

  override async check(): Promise<void> {
    await this.#send(new PingRequest(this.#watcher), null);
  }

  #text(sql: string, params: readonly unknown[]): string {
    this.lastSql = sql;
    return withLiterals(sql, params);
  }

  async #query(sql: string, params: readonly unknown[], bigints: boolean, signal: AbortSignal | null) {
    return this.#send(new QueryRequest(this.#watcher, this.#text(sql, params), bigints), signal);
  }

  #send<T>(request: Request<T>, signal: AbortSignal | null): Promise<T> {
    if (signal !== null) this.#heed(signal, request);
    request.whenAnswered = this.#next;
    if (this.#active === null && !this.#cancelling) this.#start(request);
    else this.#queue.push(request);
    return request.answer;
  }

  #start(request: Sent): void {
    this.#active = request;
    if (this.lost !== null) {
      const message = this.lost instanceof Error ? this.lost.message : String(this.lost);
      request.fail(new OperationalError(`The connection to the server is lost: ${message}`));
    } else if (this.#rolledBack !== null) {
      request.fail(
        new OperationalError(`The server has rolled the transaction back: ${this.#rolledBack.message}`, {
          cause: this.#rolledBack,
        }),
      );
    } else {
      this.#client.addCommand(request);
    }
  }

  readonly #next = (error: unknown): void => {
    this.#active = null;
    if (error instanceof ServerError) {
      if (ENDING.has(error.errno)) this.lose(error);
      if (error.errno === DEADLOCK && this.inTransaction) this.#rolledBack = error;
    }
    if (!this.#cancelling) this.#startNext();
  };

  #startNext(): void {
    const request = this.#queue.shift();
    if (request !== undefined) this.#start(request);
  }

  #heed(signal: AbortSignal, request: Sent): void {
    const abort = () => this.#abort(request, signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    const answered = () => signal.removeEventListener("abort", abort);
    request.answer.then(answered, answered);
  }

  /** A request that was not sent yet is dropped; one that runs is stopped on the server. */
  #abort(request: Sent, reason: unknown): void {
    const index = this.#queue.indexOf(request);
    if (index >= 0) {
      this.#queue.splice(index, 1);
      request.drop(reason);
    } else if (this.#active === request && !this.#cancelling) {
      request.cancelled = { reason };
      void this.#cancel(request);
    }
  }

  async #cancel(request: Sent): Promise<void> {
    this.#cancelling = true;
    const { cancel, cancelTimeout } = this.#options;
    const timer = setTimeout(() => this.#client.destroy(), cancelTimeout);
    const ignore = () => {};
    await Promise.all([cancel().catch(ignore), request.answer.catch(ignore)]);
    // It may be that the statement had ended before: what comes next must not be stopped in its place.
    const absorbing = new QueryRequest(this.#watcher, "DO 0", false);
    absorbing.whenAnswered = this.#next;
    this.#start(absorbing);
    await absorbing.answer.catch(ignore);
    clearTimeout(timer);
    this.#cancelling = false;
    if (this.#active === null) this.#startNext();
  }
}

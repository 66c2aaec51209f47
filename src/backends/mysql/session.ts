/** One connection to the server: sends one request after the other, and stops those that are aborted. */

import { OperationalError } from "../../errors.ts";
import type { Mode, Rows, RunResult } from "../../task.ts";
import { BufferedCursor } from "../base/server/buffered-cursor.ts";
import { PooledSession } from "../base/server/pooled-session.ts";
import { type CancelOptions, RequestQueue } from "../base/server/request-queue.ts";
import type { OpenStatement, RowsStatement, RunStatement, SessionCursor } from "../base/session.ts";
import {
  type Answer,
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
import { MysqlCursor } from "./cursor.ts";
import type { Client } from "./driver.ts";
import { withLiterals } from "./literals.ts";

/** The server ends the connection with this error: it shuts down, or somebody has killed the connection. */
const ENDING = new Set([1053, 1927, 4031]);

/** Of a deadlock's tasks the server chooses one, whose transaction it rolls back as a whole. */
const DEADLOCK = 1213;

export class MysqlSession extends PooledSession {
  readonly #client: Client;
  readonly #watcher: Watcher;
  readonly #requests: RequestQueue<Sent>;
  #status = 0;
  /** The error with which the server has rolled the transaction back by itself. */
  #rolledBack: ServerError | null = null;

  constructor(client: Client, options: CancelOptions) {
    super();
    this.#client = client;
    this.#watcher = {
      status: (bits) => {
        this.#status = bits;
      },
      lost: (error) => this.lose(error),
    };
    this.#requests = new RequestQueue<Sent>({
      ...options,
      start: (request) => this.#start(request),
      nothing: () => new QueryRequest(this.#watcher, "DO 0", false),
      cut: () => this.#cut("The server could not be asked to stop."),
    });
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
    if (dead || this.#requests.busy) {
      this.#cut("Connection was closed");
      return Promise.resolve();
    }
    // Else a program that has nothing else to do would end before.
    this.wake();
    return new Promise((resolve) => this.#client.end(() => resolve()));
  }

  override rows(statement: RowsStatement, _mode: Mode, signal: AbortSignal | null): Promise<Rows> {
    return this.#query(statement, signal).then(({ rows }) => rows);
  }

  override run(statement: RunStatement, _mode: Mode, signal: AbortSignal | null): Promise<RunResult> {
    if (statement.sql === "ROLLBACK") this.#rolledBack = null;
    return this.#query(statement, signal).then(({ changes, lastInsertId }) => ({ changes, lastInsertId }));
  }

  override async open(asked: OpenStatement, _mode: Mode, signal: AbortSignal | null): Promise<SessionCursor> {
    if (asked.whole === true) {
      const { rows, columns } = await this.#query(asked, signal);
      return new BufferedCursor(
        columns.map(({ name }) => name),
        rows,
      );
    }
    const bigints = asked.bigints === true;
    const statement = await this.#send(new PrepareRequest(this.#watcher, this.#text(asked)), signal);
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

  /** At once, so that who waits for an answer is told; the client's own `destroy()` would wait for it. */
  #cut(reason: string): void {
    this.#client.stream.destroy(new Error(reason));
  }

  #text({ sql, params }: RowsStatement): string {
    this.lastSql = sql;
    return withLiterals(sql, params);
  }

  async #query(statement: RowsStatement, signal: AbortSignal | null): Promise<Answer> {
    const { bigints = false } = statement;
    return this.#send(new QueryRequest(this.#watcher, this.#text(statement), bigints), signal);
  }

  #send<T>(request: Request<T>, signal: AbortSignal | null): Promise<T> {
    return this.#requests.send(request, signal) as Promise<T>;
  }

  #start(request: Sent): void {
    request.whenAnswered = this.#answered;
    const refused = this.lostError() ?? this.#rolledBackError();
    if (refused === null) this.#client.addCommand(request);
    else request.fail(refused);
  }

  #rolledBackError(): OperationalError | null {
    const cause = this.#rolledBack;
    if (cause === null) return null;
    return new OperationalError(`The server has rolled the transaction back: ${cause.message}`, { cause });
  }

  readonly #answered = (error: unknown): void => {
    if (error instanceof ServerError) {
      if (ENDING.has(error.errno)) this.lose(error);
      if (error.errno === DEADLOCK && this.inTransaction) this.#rolledBack = error;
    }
    this.#requests.answered();
  };
}

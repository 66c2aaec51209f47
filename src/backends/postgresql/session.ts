/** One connection to the server: sends one request after the other, and stops those that are aborted. */

import { NotSupportedError } from "../../errors.ts";
import type { Mode, Rows, RunResult } from "../../task.ts";
import { BufferedCursor } from "../base/server/buffered-cursor.ts";
import { PooledSession } from "../base/server/pooled-session.ts";
import { type CancelOptions, RequestQueue } from "../base/server/request-queue.ts";
import type { OpenStatement, RowsStatement, RunStatement, SessionCursor } from "../base/session.ts";
import { CopyRequest } from "./copy-request.ts";
import { type Answer, PostgresqlCursor } from "./cursor.ts";
import type { Client } from "./driver.ts";
import { sqlState } from "./errors.ts";
import { DeclareRequest, type Done, type Request, StatementRequest, TextRequest } from "./request.ts";
import { type Statement, StatementCache } from "./statement.ts";
import { oidOf, type Wire, wireOf } from "./types.ts";

/** The prepared statement is gone, or its columns have changed. */
const STALE = new Set(["0A000", "26000"]);

export interface SessionOptions extends CancelOptions {
  /** How many prepared statements are kept; 0: none, for poolers that hand out connections by transaction. */
  readonly statementCache: number;
  /** The database is in this process: cursors read all rows at once, and there is no COPY. */
  readonly embedded?: boolean;
}

export class PostgresqlSession extends PooledSession {
  readonly #client: Client;
  readonly #embedded: boolean;
  readonly #statements: StatementCache;
  readonly #requests: RequestQueue<Request>;
  #cursors = 0;
  #lastFailed = false;

  constructor(client: Client, { statementCache, embedded = false, ...cancelling }: SessionOptions) {
    super();
    this.#client = client;
    this.#embedded = embedded;
    this.#statements = new StatementCache(statementCache);
    this.#requests = new RequestQueue<Request>({
      ...cancelling,
      start: (request) => this.#start(request),
      nothing: () => new TextRequest("", false, this.#answered),
      cut: () => client.connection.stream.destroy(),
    });
    client.on("error", (error) => this.lose(error));
    client.on("end", () => this.lose(new Error("Connection terminated unexpectedly")));
  }

  get #status(): string {
    return this.#client.getTransactionStatus?.() ?? "I";
  }

  override get inTransaction(): boolean {
    return this.#status !== "I";
  }

  get transactionFailed(): boolean {
    const status = this.#status;
    return status === "E" || (status === "T" && this.#lastFailed);
  }

  /** A session that waits does not keep the program running. */
  override rest(): void {
    this.#client.unref();
  }

  override wake(): void {
    this.#client.ref();
  }

  override async check(): Promise<void> {
    await this.#send(new TextRequest("", false, this.#answered), null);
  }

  override async end(): Promise<void> {
    this.lose(new Error("Connection was closed"));
    // Else a program that has nothing else to do would end before.
    this.#client.ref();
    try {
      await this.#client.end();
    } catch {}
  }

  override rows(statement: RowsStatement, _mode: Mode, signal: AbortSignal | null): Promise<Rows> {
    return this.#execute(statement, signal).then(({ rows }) => rows);
  }

  override run(statement: RunStatement, _mode: Mode, signal: AbortSignal | null): Promise<RunResult> {
    const { sql, params, input } = statement;
    this.lastSql = sql;
    if (input !== undefined && this.#embedded)
      throw new NotSupportedError("PGlite takes no COPY: use bulkCreate() instead of bulkCopy().");
    const answer =
      input !== undefined
        ? this.#send(new CopyRequest(sql, input, this.#answered), signal)
        : params.length === 0
          ? this.#send(new TextRequest(sql, false, this.#answered), signal)
          : this.#execute(statement, signal);
    return answer.then(({ tag }) => ({ changes: Number(/\d+$/.exec(tag)?.[0] ?? 0), lastInsertId: 0 }));
  }

  override async open(asked: OpenStatement, _mode: Mode, signal: AbortSignal | null): Promise<SessionCursor> {
    if (asked.whole === true || this.#embedded) {
      const { rows, columns } = await this.#execute(asked, signal);
      return new BufferedCursor(columns ?? [], rows);
    }
    const { sql, params, bigints = false } = asked;
    this.lastSql = sql;
    const name = `asgimod_${++this.#cursors}`;
    const begin = !this.inTransaction;
    const request = new DeclareRequest(
      `DECLARE "${name}" NO SCROLL CURSOR FOR`,
      begin,
      sql,
      params.map(oidOf),
      params.map(wireOf),
      this.#answered,
    );
    try {
      await this.#send(request, signal);
    } catch (error) {
      if (begin) await this.#sendText("ROLLBACK", false, null).catch(() => {});
      throw error;
    }
    return new PostgresqlCursor(name, request.columns, begin ? "COMMIT" : `CLOSE "${name}"`, (text, by) =>
      this.#sendText(text, bigints, by),
    );
  }

  #sendText(text: string, bigints: boolean, signal: AbortSignal | null): Promise<Answer> {
    return this.#send(new TextRequest(text, bigints, this.#answered), signal);
  }

  #execute({ sql, params, bigints = false }: RowsStatement, signal: AbortSignal | null): Promise<Answer> {
    this.lastSql = sql;
    const values = new Array<Wire>(params.length);
    const oids = new Array<number>(params.length);
    for (let i = 0; i < params.length; i++) {
      const param = params[i];
      oids[i] = oidOf(param);
      values[i] = wireOf(param);
    }
    const statement = this.#statements.find(sql, oids, values);
    const { prepared } = statement;
    const answer = this.#send(this.#request(statement, values, bigints), signal);
    return answer.catch((error: unknown) => {
      // Whether the server has a statement that failed at once is not known.
      if (!prepared) this.#statements.forget(statement);
      else if (STALE.has(sqlState(error) ?? "")) {
        this.#statements.forget(statement);
        if (!this.inTransaction) {
          const again = this.#statements.find(sql, oids, values);
          return this.#send(this.#request(again, values, bigints), signal);
        }
      }
      throw error;
    });
  }

  #request(statement: Statement, values: readonly Wire[], bigints: boolean): StatementRequest {
    return new StatementRequest(statement, values, bigints, this.#statements, this.#answered);
  }

  #send(request: Request, signal: AbortSignal | null): Promise<Answer> {
    return this.#requests.send(request, signal);
  }

  #start(request: Request): void {
    try {
      const lost = this.lostError();
      if (lost !== null) throw lost;
      this.#client.query(request);
    } catch (error) {
      request.handleError(error);
    }
  }

  readonly #answered: Done = (error) => {
    this.#lastFailed = error !== undefined;
    if (error !== undefined && isFatal(error)) this.lose(error);
    this.#requests.answered();
  };
}

/** The server ends the connection with this error, or it comes from the driver, which has lost it. */
function isFatal(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  return severity === undefined || severity === "FATAL" || severity === "PANIC";
}

/** Set on every new connection, so that texts of values have one form only. */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
};

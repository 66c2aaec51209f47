/**
 * One connection to the server: sends one request after the other, keeps prepared statements, reads rows.
 *
 * A statement is prepared under a name together with the types of its parameters; the same text with parameters of
 * other types is another statement. The oldest are closed when there are too many.
 */

import { OperationalError, SynchronousOnlyOperation } from "../../errors.ts";
import type { Mode, Rows, RunResult } from "../../task.ts";
import type { Session, SessionCursor } from "../base/connection.ts";
import type { Client, Exchange, Protocol } from "./driver.ts";
import { sqlState } from "./errors.ts";
import { oidOf, type Reader, readerOf, type Wire, wireOf } from "./types.ts";

interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/** A statement of a session, for parameters of certain types. */
class Statement {
  readonly text: string;
  readonly name: string;
  readonly oids: readonly number[];
  /** The same text with parameters of other types. */
  next: Statement | null = null;
  prepared = false;
  used = false;
  #columns: readonly Column[] = [];
  #readers: readonly Reader[] | null = null;
  #bigintReaders: readonly Reader[] | null = null;

  constructor(text: string, name: string, oids: readonly number[]) {
    this.text = text;
    this.name = name;
    this.oids = oids;
  }

  describe(columns: readonly Column[]): void {
    this.#columns = columns;
    this.#readers = null;
    this.#bigintReaders = null;
  }

  get columns(): readonly string[] {
    return this.#columns.map(({ name }) => name);
  }

  readers(bigints: boolean): readonly Reader[] {
    if (bigints) {
      this.#bigintReaders ??= this.#columns.map(({ dataTypeID }) => readerOf(dataTypeID, true));
      return this.#bigintReaders;
    }
    this.#readers ??= this.#columns.map(({ dataTypeID }) => readerOf(dataTypeID, false));
    return this.#readers;
  }

  /** Whether parameters of these types fit. NULL is of any type. */
  fits(oids: readonly number[], values: readonly Wire[]): boolean {
    for (let i = 0; i < oids.length; i++) {
      if (oids[i] !== this.oids[i] && values[i] !== null) return false;
    }
    return true;
  }
}

/** What a request gave. */
interface Answer {
  readonly rows: Rows;
  /** `UPDATE 3` */
  readonly tag: string;
}

/** Called when a request has been answered, with the error that the server or the driver gave. */
type Done = (error?: unknown) => void;

/** A request with its answer; `send` writes its messages. */
abstract class Request implements Exchange {
  readonly rows: Rows = [];
  tag = "";
  readonly answer: Promise<Answer>;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  readonly #done: Done;
  #failed = false;

  constructor(done: Done) {
    this.#done = done;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  protected abstract send(protocol: Protocol): void;

  submit(protocol: Protocol): void {
    const { stream } = protocol;
    stream.cork();
    try {
      this.send(protocol);
    } finally {
      stream.uncork();
    }
  }

  abstract handleRowDescription(message: { fields: readonly Column[] }): void;
  abstract handleDataRow(message: { fields: (string | null)[] }): void;

  handlePortalSuspended(): void {}

  handleEmptyQuery(): void {}

  handleCommandComplete({ text }: { text: string }): void {
    this.tag = text;
  }

  /** Fails the request; rows that still come are not looked at. */
  fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#reject(error);
  }

  get failed(): boolean {
    return this.#failed;
  }

  handleError(error: unknown): void {
    this.fail(error);
    this.#done(error);
  }

  handleReadyForQuery(): void {
    if (!this.#failed) this.#resolve(this);
    this.#done();
  }
}

/** Puts the values of a row in place of their texts. */
function readRow(fields: unknown[], readers: readonly Reader[]): unknown[] {
  for (let i = 0; i < fields.length; i++) {
    const read = readers[i];
    if (read !== null && read !== undefined && fields[i] !== null) fields[i] = read(fields[i] as string);
  }
  return fields;
}

/** Runs a statement, prepared or not yet. */
class StatementRequest extends Request {
  readonly statement: Statement;
  readonly #values: readonly Wire[];
  readonly #bigints: boolean;
  readonly #closing: readonly string[];
  #readers: readonly Reader[] | null = null;

  constructor(
    statement: Statement,
    values: readonly Wire[],
    bigints: boolean,
    closing: readonly string[],
    done: Done,
  ) {
    super(done);
    this.statement = statement;
    this.#values = values;
    this.#bigints = bigints;
    this.#closing = closing;
  }

  protected override send(protocol: Protocol): void {
    const { statement } = this;
    const { name } = statement;
    for (const old of this.#closing) protocol.close({ type: "S", name: old });
    const fresh = !statement.prepared;
    if (fresh) {
      protocol.parse({ text: statement.text, name, types: statement.oids });
      statement.prepared = name !== "";
    }
    protocol.bind({ portal: "", statement: name, values: this.#values, binary: false });
    // Not of the statement: its answer counts parameters, which `pg` cannot read beyond 32,767.
    if (fresh) protocol.describe({ type: "P", name: "" });
    protocol.execute({ portal: "", rows: 0 });
    protocol.sync();
  }

  override handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.statement.describe(fields);
  }

  override handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.failed) return;
    this.#readers ??= this.statement.readers(this.#bigints);
    try {
      this.rows.push(readRow(fields, this.#readers));
    } catch (error) {
      this.fail(error);
    }
  }
}

/** Text without parameters, one or more statements: as it is. */
class TextRequest extends Request {
  readonly #text: string;
  readonly #bigints: boolean;
  #readers: readonly Reader[] = [];

  constructor(text: string, bigints: boolean, done: Done) {
    super(done);
    this.#text = text;
    this.#bigints = bigints;
  }

  protected override send(protocol: Protocol): void {
    protocol.query(this.#text);
  }

  override handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.#readers = fields.map(({ dataTypeID }) => readerOf(dataTypeID, this.#bigints));
  }

  override handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.failed) return;
    try {
      this.rows.push(readRow(fields, this.#readers));
    } catch (error) {
      this.fail(error);
    }
  }
}

/** Declares a cursor, and asks for the columns of its query. */
class DeclareRequest extends Request {
  readonly #declaration: string;
  readonly #text: string;
  readonly #oids: readonly number[];
  readonly #values: readonly Wire[];
  columns: readonly string[] = [];

  constructor(
    declaration: string,
    text: string,
    oids: readonly number[],
    values: readonly Wire[],
    done: Done,
  ) {
    super(done);
    this.#declaration = declaration;
    this.#text = text;
    this.#oids = oids;
    this.#values = values;
  }

  protected override send(protocol: Protocol): void {
    protocol.parse({ text: this.#text, name: "", types: this.#oids });
    protocol.bind({ portal: "", statement: "", values: this.#values, binary: false });
    protocol.describe({ type: "P", name: "" });
    protocol.parse({ text: `${this.#declaration} ${this.#text}`, name: "", types: this.#oids });
    protocol.bind({ portal: "", statement: "", values: this.#values, binary: false });
    protocol.execute({ portal: "", rows: 0 });
    protocol.sync();
  }

  override handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.columns = fields.map(({ name }) => name);
  }

  override handleDataRow(): void {}
}

/** The prepared statement is gone, or its columns have changed. */
const STALE = new Set(["0A000", "26000"]);

export interface SessionOptions {
  readonly alias: string;
  /** How many prepared statements are kept; 0: none, for poolers that hand out connections by transaction. */
  readonly statementCache: number;
}

export class PostgresqlSession implements Session {
  readonly #client: Client;
  readonly #alias: string;
  readonly #limit: number;
  readonly #statements = new Map<string, Statement>();
  /** Names of statements that the server shall forget. */
  #closing: string[] = [];
  #names = 0;
  #count = 0;
  #active: Request | null = null;
  #queue: Request[] = [];
  /** The connection is lost. */
  lost: unknown = null;
  /** When it was last given back, for the pool. */
  idleSince = 0;

  constructor(client: Client, { alias, statementCache }: SessionOptions) {
    this.#client = client;
    this.#alias = alias;
    this.#limit = statementCache;
    client.on("error", (error) => this.#lose(error));
    client.on("end", () => this.#lose(new Error("Connection terminated unexpectedly")));
  }

  #lose(error: unknown): void {
    this.lost ??= error ?? new Error("Connection terminated unexpectedly");
  }

  /** Whether the server is in the middle of a transaction. */
  get inTransaction(): boolean {
    const status = this.#client.getTransactionStatus?.();
    return status !== undefined && status !== null && status !== "I";
  }

  /** A session that waits does not keep the program running. */
  rest(): void {
    this.#client.unref();
  }

  wake(): void {
    this.#client.ref();
  }

  async end(): Promise<void> {
    this.#lose(new Error("Connection was closed"));
    // Else a program that has nothing else to do would end before.
    this.#client.ref();
    try {
      await this.#client.end();
    } catch {}
  }

  rows(sql: string, params: readonly unknown[], bigints: boolean, mode: Mode): Promise<Rows> {
    this.#checkMode(mode);
    return this.#execute(sql, params, bigints).then(({ rows }) => rows);
  }

  run(sql: string, params: readonly unknown[], mode: Mode): Promise<RunResult> {
    this.#checkMode(mode);
    const answer =
      params.length === 0
        ? this.#send(new TextRequest(sql, false, this.#next))
        : this.#execute(sql, params, false);
    return answer.then(({ tag }) => ({ changes: Number(/\d+$/.exec(tag)?.[0] ?? 0), lastInsertId: 0 }));
  }

  async open(
    sql: string,
    params: readonly unknown[],
    bigints: boolean,
    mode: Mode,
  ): Promise<PostgresqlCursor> {
    this.#checkMode(mode);
    const name = `asgimod_${++this.#names}`;
    const hold = this.inTransaction ? "" : " WITH HOLD";
    const request = new DeclareRequest(
      `DECLARE "${name}" NO SCROLL CURSOR${hold} FOR`,
      sql,
      params.map(oidOf),
      params.map(wireOf),
      this.#next,
    );
    await this.#send(request);
    return new PostgresqlCursor(name, request.columns, (text) =>
      this.#send(new TextRequest(text, bigints, this.#next)),
    );
  }

  #checkMode(mode: Mode): void {
    if (mode === "sync") throw syncError(this.#alias);
  }

  #execute(sql: string, params: readonly unknown[], bigints: boolean): Promise<Answer> {
    const values = new Array<Wire>(params.length);
    const oids = new Array<number>(params.length);
    for (let i = 0; i < params.length; i++) {
      const param = params[i];
      oids[i] = oidOf(param);
      values[i] = wireOf(param);
    }
    const statement = this.#statement(sql, oids, values);
    const { prepared } = statement;
    const answer = this.#send(this.#request(statement, values, bigints));
    return answer.catch((error: unknown) => {
      // Whether the server has a statement that failed at once is not known.
      if (!prepared) this.#forget(statement);
      else if (STALE.has(sqlState(error) ?? "")) {
        this.#forget(statement);
        if (!this.inTransaction) {
          const again = this.#statement(sql, oids, values);
          return this.#send(this.#request(again, values, bigints));
        }
      }
      throw error;
    });
  }

  #request(statement: Statement, values: readonly Wire[], bigints: boolean): StatementRequest {
    const closing = this.#closing;
    if (closing.length > 0) this.#closing = [];
    return new StatementRequest(statement, values, bigints, closing, this.#next);
  }

  #statement(sql: string, oids: readonly number[], values: readonly Wire[]): Statement {
    if (this.#limit <= 0) return new Statement(sql, "", oids);
    const first = this.#statements.get(sql) ?? null;
    for (let known = first; known !== null; known = known.next) {
      if (known.fits(oids, values)) {
        known.used = true;
        return known;
      }
    }
    if (this.#count >= this.#limit) this.#makeRoom();
    const made = new Statement(sql, `asgimod_s${++this.#names}`, oids);
    made.next = this.#statements.get(sql) ?? null;
    this.#statements.set(sql, made);
    this.#count++;
    return made;
  }

  /** Throws out the oldest text that was not used again since it was last considered. */
  #makeRoom(): void {
    for (const [sql, first] of this.#statements) {
      this.#statements.delete(sql);
      if (first.used) {
        first.used = false;
        this.#statements.set(sql, first);
        continue;
      }
      for (let old: Statement | null = first; old !== null; old = old.next) {
        this.#count--;
        this.#closing.push(old.name);
      }
      return;
    }
  }

  #forget(statement: Statement): void {
    if (statement.name === "") return;
    const { text } = statement;
    let before: Statement | null = null;
    for (let known = this.#statements.get(text) ?? null; known !== null; known = known.next) {
      if (known === statement) {
        if (before !== null) before.next = known.next;
        else if (known.next !== null) this.#statements.set(text, known.next);
        else this.#statements.delete(text);
        this.#count--;
        this.#closing.push(statement.name);
        return;
      }
      before = known;
    }
  }

  #send(request: Request): Promise<Answer> {
    if (this.#active === null) this.#start(request);
    else this.#queue.push(request);
    return request.answer;
  }

  #start(request: Request): void {
    this.#active = request;
    if (this.lost !== null) {
      const message = this.lost instanceof Error ? this.lost.message : String(this.lost);
      request.handleError(new OperationalError(`The connection to the server is lost: ${message}`));
      return;
    }
    try {
      this.#client.query(request);
    } catch (error) {
      request.handleError(error);
    }
  }

  readonly #next: Done = (error) => {
    this.#active = null;
    if (error !== undefined && isFatal(error)) this.#lose(error);
    const request = this.#queue.shift();
    if (request !== undefined) this.#start(request);
  };
}

/** The server ends the connection with this error, or it comes from the driver, which has lost it. */
function isFatal(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  return severity === undefined || severity === "FATAL" || severity === "PANIC";
}

/** A cursor on the server: holds no more rows than one chunk. */
export class PostgresqlCursor implements SessionCursor {
  readonly #name: string;
  readonly columns: readonly string[];
  readonly #send: (text: string) => Promise<Answer>;

  constructor(name: string, columns: readonly string[], send: (text: string) => Promise<Answer>) {
    this.#name = name;
    this.columns = columns;
    this.#send = send;
  }

  async fetch(count: number): Promise<Rows> {
    const { rows } = await this.#send(`FETCH FORWARD ${Math.trunc(count)} FROM "${this.#name}"`);
    return rows;
  }

  /** Of a transaction that has failed, the cursors are gone already. */
  async close(): Promise<void> {
    try {
      await this.#send(`CLOSE "${this.#name}"`);
    } catch (error) {
      if (sqlState(error) === null) throw error;
    }
  }
}

export function syncError(alias: string): SynchronousOnlyOperation {
  return new SynchronousOnlyOperation(
    `The database '${alias}' is PostgreSQL, which sync code cannot wait for. Use the async spelling: aobjects ` +
      "instead of objects, asave() instead of save(), aatomic() instead of atomic().",
  );
}

/** Set on every new connection, so that texts of values have one form only. */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
};

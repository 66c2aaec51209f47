/** What is asked of the server: the messages that are sent, and what becomes of the answer. */

import type { Rows } from "../../task.ts";
import type { QueuedRequest } from "../base/server/request-queue.ts";
import type { Answer } from "./cursor.ts";
import type { Exchange, Protocol } from "./driver.ts";
import { sqlState } from "./errors.ts";
import type { Column, Statement, StatementCache } from "./statement.ts";
import { type Reader, readerOf, type Wire } from "./types.ts";

/** The server has stopped a statement because it was asked to. */
const CANCELLED = "57014";

/** Called when a request has been answered, with the error that the server or the driver gave. */
export type Done = (error?: unknown) => void;

/** A request with its answer; `send` writes its messages. */
export abstract class Request implements Exchange, QueuedRequest {
  readonly rows: Rows = [];
  tag = "";
  readonly answer: Promise<Answer>;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  readonly #done: Done;
  #failed = false;
  cancelled: { readonly reason: unknown } | null = null;

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

  /** Rejects the answer; rows that still come are not looked at. */
  reject(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#reject(error);
  }

  get failed(): boolean {
    return this.#failed;
  }

  handleError(error: unknown): void {
    this.reject(this.cancelled !== null && sqlState(error) === CANCELLED ? this.cancelled.reason : error);
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
export class StatementRequest extends Request {
  readonly statement: Statement;
  readonly #values: readonly Wire[];
  readonly #bigints: boolean;
  readonly #cache: StatementCache;
  #readers: readonly Reader[] | null = null;

  constructor(
    statement: Statement,
    values: readonly Wire[],
    bigints: boolean,
    cache: StatementCache,
    done: Done,
  ) {
    super(done);
    this.statement = statement;
    this.#values = values;
    this.#bigints = bigints;
    this.#cache = cache;
  }

  protected override send(protocol: Protocol): void {
    const { statement } = this;
    const { name } = statement;
    for (const old of this.#cache.takeClosing()) protocol.close({ type: "S", name: old });
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

  get columns(): readonly string[] {
    return this.statement.columns;
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
      this.reject(error);
    }
  }
}

/** Text without parameters, one or more statements: as it is. */
export class TextRequest extends Request {
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
      this.reject(error);
    }
  }
}

/** Declares a cursor, in a transaction of its own where there is none, and asks for the columns of its query. */
export class DeclareRequest extends Request {
  readonly #declaration: string;
  readonly #begin: boolean;
  readonly #text: string;
  readonly #oids: readonly number[];
  readonly #values: readonly Wire[];
  columns: readonly string[] = [];

  constructor(
    declaration: string,
    begin: boolean,
    text: string,
    oids: readonly number[],
    values: readonly Wire[],
    done: Done,
  ) {
    super(done);
    this.#declaration = declaration;
    this.#begin = begin;
    this.#text = text;
    this.#oids = oids;
    this.#values = values;
  }

  protected override send(protocol: Protocol): void {
    if (this.#begin) {
      protocol.parse({ text: "BEGIN", name: "", types: [] });
      protocol.bind({ portal: "", statement: "", values: [], binary: false });
      protocol.execute({ portal: "", rows: 0 });
    }
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

import type { Rows } from "../../task.ts";
import type { SessionCursor } from "../base/session.ts";
import { sqlState } from "./errors.ts";

/** What a request gave. */
export interface Answer {
  readonly rows: Rows;
  /** `UPDATE 3` */
  readonly tag: string;
  /** The names of the columns, of statements with parameters. */
  readonly columns?: readonly string[];
}

/**
 * A cursor on the server: holds no more rows than one chunk. `end` is what closes it: `CLOSE`, or the end of the
 * transaction that it has for itself.
 */
export class PostgresqlCursor implements SessionCursor {
  readonly #name: string;
  readonly columns: readonly string[];
  readonly #end: string;
  readonly #send: (text: string, signal: AbortSignal | null) => Promise<Answer>;

  constructor(
    name: string,
    columns: readonly string[],
    end: string,
    send: (text: string, signal: AbortSignal | null) => Promise<Answer>,
  ) {
    this.#name = name;
    this.columns = columns;
    this.#end = end;
    this.#send = send;
  }

  async fetch(count: number, _mode: unknown, signal: AbortSignal | null): Promise<Rows> {
    const { rows } = await this.#send(`FETCH FORWARD ${Math.trunc(count)} FROM "${this.#name}"`, signal);
    if (rows.length < count) await this.close();
    return rows;
  }

  /** Of a transaction that has failed, the cursors are gone already. */
  async close(): Promise<void> {
    try {
      await this.#send(this.#end, null);
    } catch (error) {
      if (sqlState(error) === null) throw error;
    }
  }
}

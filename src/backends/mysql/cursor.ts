import type { Mode, Rows } from "../../task.ts";
import type { SessionCursor } from "../base/session.ts";
import type { Fetched } from "./commands.ts";

type Fetch = (count: number, signal: AbortSignal | null) => Promise<Fetched>;

/** A cursor on the server: holds no more rows than one chunk. Other statements may run between two chunks. */
export class MysqlCursor implements SessionCursor {
  readonly columns: readonly string[];
  /** All rows, where the server has no cursor for the statement. */
  #rows: Rows;
  #finished: boolean;
  #closed = false;
  readonly #fetch: Fetch;
  readonly #close: () => void;

  constructor({ columns, rows, finished }: Fetched, close: () => void, fetch: Fetch) {
    this.columns = columns.map(({ name }) => name);
    this.#rows = rows;
    this.#finished = finished;
    this.#fetch = fetch;
    this.#close = close;
    if (finished) this.#end();
  }

  async fetch(count: number, _mode: Mode, signal: AbortSignal | null): Promise<Rows> {
    if (this.#finished) return this.#rows.splice(0, count);
    const { rows, finished } = await this.#fetch(Math.trunc(count), signal);
    if (finished || rows.length < count) {
      this.#finished = true;
      this.#end();
    }
    return rows;
  }

  close(): Promise<void> {
    this.#rows = [];
    this.#finished = true;
    this.#end();
    return Promise.resolve();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#close();
  }
}

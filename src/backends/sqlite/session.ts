/** An open SQLite database on this thread: prepared statements are kept, cursors read row by row. */

import type { Rows, RunResult } from "../../task.ts";
import type { Maybe } from "../../util/promise.ts";
import type { OpenStatement, RowsStatement, RunStatement, Session, SessionCursor } from "../base/session.ts";
import {
  checkParams,
  type DriverDatabase,
  type DriverName,
  type DriverStatement,
  findDriver,
} from "./driver.ts";
import { registerFunctions } from "./functions.ts";

/** How a database file is opened; plain data, so that it can go to a worker. */
export interface OpenOptions {
  readonly path: string;
  readonly driver: DriverName | undefined;
  readonly readOnly: boolean;
  /** A reader beside the writer: refuses to write. */
  readonly queryOnly: boolean;
  readonly busyTimeout: number;
  readonly journalMode: string | null;
  readonly initCommand: string;
  readonly statementCache: number;
}

/** A session on this thread or on a worker. */
export interface FileSession extends Session {
  close(): Maybe<void>;
}

interface Cached {
  readonly statement: DriverStatement;
  /** Used since the cache was last full: not thrown out then. */
  used: boolean;
}

export class SqliteSession implements FileSession {
  readonly #db: DriverDatabase;
  readonly #limit: number;
  readonly #statements = new Map<string, Cached>();

  constructor(options: OpenOptions) {
    this.#db = findDriver(options.driver).open(options.path, { readOnly: options.readOnly });
    this.#limit = Math.max(1, options.statementCache);
    try {
      // The timeout first: the other settings may already meet a lock.
      this.#db.exec(`PRAGMA busy_timeout = ${Math.max(0, Math.trunc(options.busyTimeout))}`);
      if (options.journalMode !== null) this.#db.exec(`PRAGMA journal_mode = ${options.journalMode}`);
      this.#db.exec("PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = OFF");
      registerFunctions(this.#db);
      if (options.initCommand !== "") this.#db.exec(options.initCommand);
      if (options.queryOnly) this.#db.exec("PRAGMA query_only = ON");
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  rows({ sql, params, bigints = false, single }: RowsStatement): Rows {
    const statement = this.#prepare(sql);
    return single === true
      ? statement.one(checkParams(params), bigints)
      : statement.all(checkParams(params), bigints);
  }

  run({ sql, params }: RunStatement): RunResult {
    return this.#prepare(sql).run(checkParams(params));
  }

  open({ sql, params, bigints = false }: OpenStatement): SqliteCursor {
    // A statement of its own: running it again would start the rows of the cursor anew.
    const statement = this.#db.prepare(sql);
    return new SqliteCursor(
      statement.iterate(checkParams(params), bigints),
      statement.columns(),
      statement.types(),
    );
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): DriverStatement {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) {
      cached.used = true;
      return cached.statement;
    }
    const statement = this.#db.prepare(sql);
    if (this.#statements.size >= this.#limit) this.#makeRoom();
    this.#statements.set(sql, { statement, used: false });
    return statement;
  }

  /** Throws out the oldest statement that was not used again since it was last considered. */
  #makeRoom(): void {
    for (const [sql, cached] of this.#statements) {
      this.#statements.delete(sql);
      if (!cached.used) return;
      cached.used = false;
      this.#statements.set(sql, cached);
    }
  }
}

export class SqliteCursor implements SessionCursor {
  #rows: Iterator<unknown[]>;
  readonly columns: readonly string[];
  readonly types: readonly (string | null)[];

  constructor(rows: Iterator<unknown[]>, columns: readonly string[], types: readonly (string | null)[]) {
    this.#rows = rows;
    this.columns = columns;
    this.types = types;
  }

  fetch(count: number): Rows {
    const chunk: Rows = [];
    while (chunk.length < count) {
      const next = this.#rows.next();
      if (next.done) break;
      chunk.push(next.value);
    }
    return chunk;
  }

  /** Reads what is left, so that what happens to the tables from now on does not show. */
  detach(): void {
    const left: Rows = [];
    for (let next = this.#rows.next(); !next.done; next = this.#rows.next()) left.push(next.value);
    this.#rows = left.values();
  }

  close(): void {
    this.#rows.return?.();
  }
}

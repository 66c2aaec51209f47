/**
 * Sync access to a server: a worker thread owns the async driver, and the caller's thread sleeps until it has answered.
 *
 * The worker has a pool of its own. A transaction of sync code lives on one session there; what its statements are,
 * how errors are named and who is told of them stays here, as with any other session.
 */

import { ImproperlyConfigured, OperationalError } from "../../../errors.ts";
import type { DatabaseSettings } from "../../../settings.ts";
import { Bridge } from "../../../sync/bridge.ts";
import { WorkerDiedError } from "../../../sync/errors.ts";
import type { Rows, RunResult } from "../../../task.ts";
import { isThenable } from "../../../util/promise.ts";
import type { OpenStatement, RowsStatement, RunStatement, Session, SessionCursor } from "../session.ts";
import type * as entry from "./sync-bridge-entry.ts";

type Entry = typeof entry;
type Call = keyof Entry;

/** Outside of any transaction: the worker takes whatever session is free. */
const AUTOCOMMIT = 0;

export class SyncBridge {
  readonly #settings: DatabaseSettings;
  readonly #bridge: Bridge;
  /** The thread whose connection was opened; another one, after a death, has to open it anew. */
  #openedBy = -1;
  /** The session of statements outside of transactions. */
  readonly autocommit: BridgedSession = new BridgedSession(this, AUTOCOMMIT);

  constructor(settings: DatabaseSettings) {
    this.#settings = settings;
    this.#bridge = new Bridge({ name: `asgimod sync ${settings.alias}` });
  }

  /** Calls a function of the worker and gives its result. */
  ask<N extends Call>(name: N, ...args: Parameters<Entry[N]>): Awaited<ReturnType<Entry[N]>> {
    try {
      if (this.#openedBy < 0 || this.#openedBy !== this.#bridge.threadId) {
        this.#call("open", [workerSettings(this.#settings)]);
        this.#openedBy = this.#bridge.threadId;
      }
      return this.#call(name, args);
    } catch (error) {
      if (!(error instanceof WorkerDiedError)) throw error;
      throw new OperationalError(
        `The sync worker of the database '${this.#settings.alias}' has ended; its transactions are rolled back. The next ` +
          "statement gets a new one.",
        { cause: error },
      );
    }
  }

  #call<N extends Call>(name: N, args: readonly unknown[]): Awaited<ReturnType<Entry[N]>> {
    return this.#bridge.call({ url: ENTRY.href, name }, args) as Awaited<ReturnType<Entry[N]>>;
  }

  /** A session for the caller alone, until it is released. */
  lend(): BridgedSession {
    return new BridgedSession(this, this.ask("lend"));
  }

  /** Closes the worker's sessions and ends it. */
  async close(): Promise<void> {
    if (this.#openedBy >= 0 && this.#openedBy === this.#bridge.threadId) this.ask("close");
    await this.#bridge.close();
  }
}

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "sync-bridge-entry.ts" : "sync-bridge-entry.js",
  import.meta.url,
);

/** What the worker opens: the same database, asked asynchronously. */
function workerSettings(settings: DatabaseSettings): DatabaseSettings {
  const { sync: _, password, ...rest } = settings;
  if (typeof password !== "function") return password === undefined ? rest : { ...rest, password };
  const given = password();
  if (isThenable(given)) {
    Promise.resolve(given).catch(() => {});
    throw new ImproperlyConfigured(
      `Database '${settings.alias}': with 'sync: true' the password function must return a text, not a promise: sync ` +
        "code cannot wait for it.",
    );
  }
  return { ...rest, password: given };
}

/**
 * A session of the worker, which gets of a statement what can be sent to a thread. Its answers are there when a call
 * returns, in either mode.
 */
export class BridgedSession implements Session {
  readonly #bridge: SyncBridge;
  readonly id: number;

  constructor(bridge: SyncBridge, id: number) {
    this.#bridge = bridge;
    this.id = id;
  }

  rows({ sql, params, bigints = false }: RowsStatement): Rows {
    return this.#bridge.ask("rows", this.id, { sql, params, bigints });
  }

  run({ sql, params }: RunStatement): RunResult {
    return this.#bridge.ask("run", this.id, { sql, params });
  }

  open({ sql, params, bigints = false, whole = false }: OpenStatement): SessionCursor {
    const { cursor, columns } = this.#bridge.ask("openCursor", this.id, { sql, params, bigints, whole });
    return {
      columns,
      fetch: (count) => this.#bridge.ask("fetch", cursor, count),
      close: () => this.#bridge.ask("closeCursor", cursor),
    };
  }

  /** Gives the session back to the worker's pool. */
  release(broken: boolean): void {
    this.#bridge.ask("release", this.id, broken);
  }
}

/** LISTEN and NOTIFY. */
import { type Client, type NotificationMessage, openClient } from "../backends/postgresql/driver.ts";
import { wrapPostgresqlError } from "../backends/postgresql/errors.ts";
import { PostgresqlSession } from "../backends/postgresql/session.ts";
import { connections } from "../connections.ts";
import { runAsync } from "../execute/run.ts";
import { DEFAULT_DB_ALIAS } from "../router.ts";
import type { Task } from "../task.ts";
import { onlyOnPostgresql } from "./only.ts";

/** What a channel was told. */
export interface Notification {
  readonly channel: string;
  /** The text that was sent; empty where there was none. */
  readonly payload: string;
  /** The process on the server that sent it. */
  readonly pid: number;
}

/** A time in which notifications may have been missed. */
export interface ListenGap {
  /** When the connection was found to be lost. */
  readonly since: Date;
  /** How long it took until another one listened, in milliseconds. */
  readonly duration: number;
  /** Why it was lost. */
  readonly error: unknown;
}

export interface ListenOptions {
  /** The database's alias. */
  using?: string | undefined;
  /** Ends the listening: the iterator throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Called when the connection was lost and another one listens: what was sent meanwhile is gone, so read what you may have
   * missed. A process warning where it is left out.
   */
  onReconnect?: ((gap: ListenGap) => void) | undefined;
  /** How often the connection is looked at, in milliseconds; 30,000 by default. */
  heartbeat?: number | undefined;
}

const HEARTBEAT = 30_000;
/** The longest pause between two tries to connect again, in milliseconds. */
const LONGEST_PAUSE = 5_000;

/**
 * What one or more channels are told, from now on, over a connection of its own.
 *
 * Listening begins at the call; `await listener.ready` waits until the server knows of it. It ends with `break`, with the
 * signal, or with `close()`. A lost connection is replaced, see `onReconnect`.
 *
 * @throws OperationalError from the iterator where no connection can be made in the first place
 * @example
 * ```ts
 * for await (const { payload } of listen("orders", { signal })) {
 *   await handle(await Order.aobjects.get({ id: Number(payload) }));
 * }
 * // LISTEN "orders"
 * ```
 */
export function listen(channels: string | readonly string[], options: ListenOptions = {}): Listener {
  return new Listener(typeof channels === "string" ? [channels] : channels, options);
}

/**
 * Tells a channel. In a transaction, the notification is sent when it commits, and never where it rolls back.
 *
 * @param payload a text of less than 8000 bytes
 * @example
 * await notify("orders", String(order.id)); // SELECT pg_notify('orders', '7')
 */
export function notify(channel: string, payload = "", { using }: { using?: string } = {}): Promise<void> {
  return runAsync(telling(channel, payload, using ?? DEFAULT_DB_ALIAS));
}

function* telling(channel: string, payload: string, alias: string): Task<void> {
  onlyOnPostgresql(connections.get(alias).ops, "notify()");
  const sql = "SELECT pg_notify($1, $2)";
  yield { kind: "rows", alias, sql, params: [channel, payload], write: true };
}

/** A connection that listens. */
interface Line {
  readonly client: Client;
  readonly session: PostgresqlSession;
  timer: NodeJS.Timeout | null;
}

interface Waiting {
  resolve(result: IteratorResult<Notification, undefined>): void;
  reject(error: unknown): void;
}

/** The notifications of some channels: see `listen`. */
export class Listener implements AsyncIterableIterator<Notification, undefined> {
  /** Resolves when the server knows that somebody listens; rejects where no connection can be made. */
  readonly ready: Promise<void>;
  readonly #channels: readonly string[];
  readonly #options: ListenOptions;
  readonly #alias: string;
  #queue: Notification[] = [];
  #waiting: Waiting[] = [];
  #line: Line | null = null;
  #closed = false;
  /** What the iterator throws, once. */
  #failure: { readonly error: unknown } | null = null;
  #pause: NodeJS.Timeout | null = null;
  readonly #abort = () => this.#fail(this.#options.signal?.reason);

  constructor(channels: readonly string[], options: ListenOptions) {
    this.#channels = channels;
    this.#options = options;
    this.#alias = options.using ?? DEFAULT_DB_ALIAS;
    onlyOnPostgresql(connections.get(this.#alias).ops, "listen()");
    const { signal } = options;
    if (signal?.aborted === true) {
      this.#failure = { error: signal.reason };
      this.#closed = true;
      this.ready = Promise.reject(signal.reason);
    } else {
      signal?.addEventListener("abort", this.#abort, { once: true });
      this.ready = this.#open();
    }
    // Whoever does not wait for it sees the error in the iterator.
    this.ready.catch((error: unknown) => this.#fail(error));
  }

  async #open(): Promise<void> {
    const { settings, ops } = connections.get(this.#alias);
    const sql = this.#channels.map((channel) => `LISTEN ${ops.quoteName(channel)}`).join("; ");
    try {
      const { client, cancel } = await openClient(settings);
      const session = new PostgresqlSession(client, { statementCache: 0, cancel, cancelTimeout: HEARTBEAT });
      const line: Line = { client, session, timer: null };
      if (this.#closed) return void session.end();
      client.on("notification", (message) => this.#receive(message));
      session.onLost = () => this.#lose(line, session.lost);
      this.#line = line;
      await session.run({ sql, params: [] }, "async", null);
      this.#watch(line);
    } catch (error) {
      const line = this.#line;
      this.#line = null;
      if (line !== null) void line.session.end();
      throw wrapPostgresqlError(error, sql);
    }
  }

  /** A connection can be dead without a sign of it. */
  #watch(line: Line): void {
    let asked = false;
    line.timer = setInterval(() => {
      if (asked) return line.client.connection.stream.destroy();
      asked = true;
      line.session.check().then(
        () => {
          asked = false;
        },
        () => line.client.connection.stream.destroy(),
      );
    }, this.#options.heartbeat ?? HEARTBEAT);
    line.timer.unref();
  }

  #receive({ channel, payload = "", processId }: NotificationMessage): void {
    if (this.#closed) return;
    const notification: Notification = { channel, payload, pid: processId };
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#queue.push(notification);
    else waiting.resolve({ value: notification, done: false });
  }

  #lose(line: Line, error: unknown): void {
    if (line.timer !== null) clearInterval(line.timer);
    if (this.#closed || this.#line !== line) return;
    // Before it listened for the first time there is nothing to be replaced: `#open` fails.
    if (line.timer === null) return;
    this.#line = null;
    void line.session.end();
    this.#reconnect({ since: new Date(), error }, 100);
  }

  #reconnect(lost: { since: Date; error: unknown }, pause: number): void {
    this.#pause = setTimeout(() => {
      this.#open().then(
        () => this.#report({ ...lost, duration: Date.now() - lost.since.getTime() }),
        () => {
          if (!this.#closed) this.#reconnect(lost, Math.min(pause * 2, LONGEST_PAUSE));
        },
      );
    }, pause);
  }

  #report(gap: ListenGap): void {
    if (this.#closed) return;
    const { onReconnect } = this.#options;
    if (onReconnect === undefined) {
      const names = this.#channels.map((channel) => `'${channel}'`).join(", ");
      process.emitWarning(
        `The connection that listens to ${names} was lost and replaced: notifications of ${gap.duration} ms may be missing.`,
        "ListenGapWarning",
      );
      return;
    }
    try {
      onReconnect(gap);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#failure = { error };
    else waiting.reject(error);
    void this.close();
  }

  next(): Promise<IteratorResult<Notification, undefined>> {
    if (this.#failure !== null) {
      const { error } = this.#failure;
      this.#failure = null;
      return Promise.reject(error);
    }
    const notification = this.#queue.shift();
    if (notification !== undefined) return Promise.resolve({ value: notification, done: false });
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Ends the listening: what `break` calls. */
  async return(): Promise<IteratorResult<Notification, undefined>> {
    this.#queue = [];
    await this.close();
    return { value: undefined, done: true };
  }

  /** Ends the listening and the connection. What was received before can still be read. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    if (this.#pause !== null) clearTimeout(this.#pause);
    for (const waiting of this.#waiting.splice(0)) waiting.resolve({ value: undefined, done: true });
    const line = this.#line;
    this.#line = null;
    if (line === null) return;
    if (line.timer !== null) clearInterval(line.timer);
    await line.session.end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

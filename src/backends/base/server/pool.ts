/** A pool of sessions: opened when they are needed, kept for the next task, waited for in order. */

import { OperationalError } from "../../../errors.ts";
import { within } from "../../../util/promise.ts";
import type { PoolOptions } from "./pool-options.ts";

/** What the pool asks of its members. */
export interface Pooled {
  /** Why it is of no more use; null while it works. */
  readonly lost: unknown;
  /** Whether the server is in the middle of a transaction. */
  readonly inTransaction: boolean;
  /** Called when the session is lost while nobody uses it. */
  onLost: (() => void) | null;
  /** What it was asked last, for the report of a pool that is exhausted. */
  readonly lastSql: string;
  openedAt: number;
  lentAt: number;
  /** When it was last given back; 0 while it is new. */
  idleSince: number;
  /** Nobody uses it: it must not keep the program running. */
  rest(): void;
  wake(): void;
  /** Asks the server for a sign of life. Rejects when there is none. */
  check(): Promise<void>;
  end(): Promise<void>;
}

/** How a pool is doing. */
export interface PoolState {
  readonly max: number;
  /** Sessions that are open or being opened. */
  readonly size: number;
  readonly idle: number;
  readonly inUse: number;
  /** Tasks that wait for a session. */
  readonly waiting: number;
  /** For how long the session that has been in use for the longest is, in milliseconds; 0 when none is. */
  readonly longestUse: number;
  /** What that session was asked last. */
  readonly longestUser: string;
}

interface Waiter<S> {
  readonly deadline: number;
  grant(session: S): void;
  fail(error: unknown): void;
}

export class Pool<S extends Pooled> {
  readonly options: PoolOptions;
  readonly #open: () => Promise<S>;
  #size = 0;
  /** In the order in which they were given back; the last one is taken first. */
  readonly #idle: S[] = [];
  readonly #lent = new Set<S>();
  readonly #waiting: Waiter<S>[] = [];
  #deadlineTimer: NodeJS.Timeout | null = null;
  #upkeepTimer: NodeJS.Timeout | null = null;
  /** Sessions opened before the last {@link close} do not come back. */
  #generation = 0;

  constructor(options: PoolOptions, open: () => Promise<S>) {
    this.options = options;
    this.#open = open;
  }

  get state(): PoolState {
    let longest: S | null = null;
    for (const session of this.#lent)
      if (longest === null || session.lentAt < longest.lentAt) longest = session;
    return {
      max: this.options.max,
      size: this.#size,
      idle: this.#idle.length,
      inUse: this.#lent.size,
      waiting: this.#waiting.length,
      longestUse: longest === null ? 0 : Date.now() - longest.lentAt,
      longestUser: longest === null ? "" : longest.lastSql,
    };
  }

  /** A session that can be used right now; null when one must be opened, checked or waited for. */
  take(): S | null {
    const session = this.#idle.at(-1);
    if (session === undefined) return null;
    const now = Date.now();
    if (session.lost !== null || now - session.idleSince > this.options.checkAfter) return null;
    this.#idle.pop();
    return this.#lend(session, now);
  }

  #lend(session: S, now: number): S {
    session.onLost = null;
    session.wake();
    session.lentAt = now;
    this.#lent.add(session);
    return session;
  }

  /**
   * A session for the caller alone, until it is {@link release}d.
   *
   * @throws OperationalError when none becomes free in time, with the state of the pool; what `signal` was aborted
   *   with, when that happens first
   */
  async acquire(signal: AbortSignal | null = null): Promise<S> {
    for (;;) {
      signal?.throwIfAborted();
      const session = this.take() ?? (await this.#checked());
      if (session !== null) return session;
      if (this.#idle.length > 0) continue;
      if (this.#size < this.options.max) return this.#opened(signal);
      return this.#turn(signal);
    }
  }

  /** An idle session after it has answered; null when the one that was asked is gone. */
  async #checked(): Promise<S | null> {
    const session = this.#idle.pop();
    if (session === undefined) return null;
    this.#lend(session, Date.now());
    const generation = this.#generation;
    try {
      if (session.lost === null)
        await within(
          session.check(),
          this.options.checkTimeout,
          () => new OperationalError("The server does not answer."),
        );
    } catch {
      this.release(session, true);
      return null;
    }
    if (session.lost !== null || generation !== this.#generation) {
      this.release(session, true);
      return null;
    }
    return session;
  }

  /** Opens a session for the caller. One that is aborted meanwhile leaves it to the next. */
  #opened(signal: AbortSignal | null): Promise<S> {
    const opening = this.#openOne();
    if (signal === null) return opening;
    return new Promise((grant, fail) => {
      const abort = () => fail(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      opening.then(
        (session) => {
          signal.removeEventListener("abort", abort);
          if (signal.aborted) this.release(session, false);
          else grant(session);
        },
        (error: unknown) => {
          signal.removeEventListener("abort", abort);
          fail(error);
        },
      );
    });
  }

  /** Waits in line. */
  #turn(signal: AbortSignal | null): Promise<S> {
    return new Promise((grant, fail) => {
      const deadline = Date.now() + this.options.acquireTimeout;
      const waiter: Waiter<S> = { deadline, grant, fail };
      if (signal !== null) {
        const abort = () => {
          const index = this.#waiting.indexOf(waiter);
          if (index >= 0) this.#waiting.splice(index, 1);
          fail(signal.reason);
        };
        signal.addEventListener("abort", abort, { once: true });
        waiter.grant = (session) => {
          signal.removeEventListener("abort", abort);
          // Aborted in the moment in which it was its turn.
          if (signal.aborted) this.release(session, false);
          else grant(session);
        };
        waiter.fail = (error) => {
          signal.removeEventListener("abort", abort);
          fail(error);
        };
      }
      this.#waiting.push(waiter);
      this.#watch();
    });
  }

  async #openOne(): Promise<S> {
    const generation = this.#generation;
    this.#size++;
    let session: S;
    try {
      session = await this.#open();
    } catch (error) {
      if (generation === this.#generation) {
        this.#size--;
        // Whoever waits must not wait for a session that nobody opens.
        this.#serve();
      }
      throw error;
    }
    if (generation !== this.#generation) {
      void session.end();
      throw this.#closedError();
    }
    session.openedAt = Date.now();
    this.#lend(session, session.openedAt);
    this.#fill();
    return session;
  }

  /** Opens as many as are to be kept, besides what tasks do. */
  #fill(): void {
    if (this.#size >= this.options.min || this.#size >= this.options.max) return;
    this.#openOne().then(
      (session) => this.release(session, false),
      () => {},
    );
  }

  /** Takes a session back. One that is broken, lost, too old, or left in a transaction is closed. */
  release(session: S, broken: boolean): void {
    if (!this.#lent.delete(session)) return;
    const now = Date.now();
    if (broken || session.lost !== null || session.inTransaction || this.#expired(session, now)) {
      this.#discard(session);
      this.#serve();
      this.#fill();
      return;
    }
    session.idleSince = now;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      session.lentAt = now;
      this.#lent.add(session);
      waiter.grant(session);
      return;
    }
    session.rest();
    session.onLost = () => this.#dropIdle(session);
    this.#idle.push(session);
    this.#keepUp();
  }

  #expired(session: S, now: number): boolean {
    const { maxLifetime } = this.options;
    return maxLifetime > 0 && now - session.openedAt > maxLifetime;
  }

  #dropIdle(session: S): void {
    const index = this.#idle.indexOf(session);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#discard(session);
  }

  #discard(session: S): void {
    this.#size--;
    session.onLost = null;
    void session.end();
  }

  /** Opens sessions for those who wait, as many as there may be. */
  #serve(): void {
    while (this.#waiting.length > 0 && this.#size < this.options.max) {
      const waiter = this.#waiting.shift() as Waiter<S>;
      this.#openOne().then(
        (session) => waiter.grant(session),
        (error: unknown) => waiter.fail(error),
      );
    }
  }

  /** All wait equally long, so the first deadline is that of the first one. */
  #watch(): void {
    if (this.#deadlineTimer !== null || this.options.acquireTimeout <= 0) return;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#deadlineTimer = setTimeout(
      () => {
        this.#deadlineTimer = null;
        this.#expireWaiters();
        this.#watch();
      },
      Math.max(1, first.deadline - Date.now()),
    );
  }

  #expireWaiters(): void {
    const now = Date.now();
    while (this.#waiting.length > 0 && (this.#waiting[0] as Waiter<S>).deadline <= now) {
      const error = this.#exhaustedError();
      (this.#waiting.shift() as Waiter<S>).fail(error);
    }
  }

  #exhaustedError(): OperationalError {
    const { alias, acquireTimeout, max } = this.options;
    const { size, idle, inUse, waiting, longestUse, longestUser } = this.state;
    const last = longestUser.length > 80 ? `${longestUser.slice(0, 80)}...` : longestUser;
    const holder =
      inUse === 0
        ? ""
        : ` The longest in use has been so for ${longestUse} ms, last asked: ${last || "nothing yet"}.`;
    return new OperationalError(
      `No connection to '${alias}' became free within ${acquireTimeout} ms: ${size} of at most ${max} are ` +
        `open, ${idle} idle, ${inUse} in use, ${waiting} tasks wait.${holder} Keep transactions and ` +
        "iterators short, or raise the setting pool ({ max, acquireTimeout }).",
    );
  }

  #closedError(): OperationalError {
    return new OperationalError(`The connection '${this.options.alias}' was closed.`);
  }

  /** Closes from time to time what is idle for too long, or too old. */
  #keepUp(): void {
    const { idleTimeout, maxLifetime } = this.options;
    if (this.#upkeepTimer !== null || (idleTimeout <= 0 && maxLifetime <= 0)) return;
    const pause = Math.min(...[idleTimeout, maxLifetime].filter((time) => time > 0));
    this.#upkeepTimer = setTimeout(() => {
      this.#upkeepTimer = null;
      this.#closeOld();
      if (this.#idle.length > 0) this.#keepUp();
    }, pause);
    this.#upkeepTimer.unref();
  }

  #closeOld(): void {
    const { idleTimeout, min } = this.options;
    const now = Date.now();
    for (const session of [...this.#idle]) if (this.#expired(session, now)) this.#dropIdle(session);
    const limit = idleTimeout > 0 ? now - idleTimeout : 0;
    while (this.#size > min && this.#idle.length > 0 && (this.#idle[0] as S).idleSince <= limit) {
      this.#dropIdle(this.#idle[0] as S);
    }
    this.#fill();
  }

  /** Closes every session; those who wait fail. The pool can be used again. */
  async close(): Promise<void> {
    this.#generation++;
    if (this.#deadlineTimer !== null) clearTimeout(this.#deadlineTimer);
    if (this.#upkeepTimer !== null) clearTimeout(this.#upkeepTimer);
    this.#deadlineTimer = null;
    this.#upkeepTimer = null;
    const sessions = [...this.#idle.splice(0), ...this.#lent];
    this.#lent.clear();
    this.#size = 0;
    for (const waiter of this.#waiting.splice(0)) waiter.fail(this.#closedError());
    await Promise.all(
      sessions.map((session) => {
        session.onLost = null;
        return session.end();
      }),
    );
  }
}

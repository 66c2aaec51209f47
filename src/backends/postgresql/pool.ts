/** A pool of connections: opened when they are needed, kept for the next one, waited for in order. */

import { OperationalError } from "../../errors.ts";

/** What the pool asks of its members. */
export interface Pooled {
  /** Why it is of no more use; null while it works. */
  readonly lost: unknown;
  readonly inTransaction: boolean;
  idleSince: number;
  rest(): void;
  wake(): void;
  end(): Promise<void>;
}

export interface PoolOptions {
  readonly alias: string;
  /** Connections that are kept although nobody uses them. */
  readonly min: number;
  readonly max: number;
  /** How long to wait for a connection, in milliseconds; 0: for ever. */
  readonly acquireTimeout: number;
  /** How long an unused connection is kept, in milliseconds; 0: for ever. */
  readonly idleTimeout: number;
}

/** How a pool is doing. */
export interface PoolState {
  readonly max: number;
  /** Connections that are open or being opened. */
  readonly size: number;
  readonly idle: number;
  readonly waiting: number;
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
  readonly #idle: S[] = [];
  readonly #lent = new Set<S>();
  readonly #waiting: Waiter<S>[] = [];
  #deadlineTimer: NodeJS.Timeout | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  /** Connections opened before the last {@link close} do not come back. */
  #generation = 0;

  constructor(options: PoolOptions, open: () => Promise<S>) {
    this.options = options;
    this.#open = open;
  }

  get state(): PoolState {
    return {
      max: this.options.max,
      size: this.#size,
      idle: this.#idle.length,
      waiting: this.#waiting.length,
    };
  }

  /** A connection that is free right now; null when one must be opened or waited for. */
  take(): S | null {
    for (let session = this.#idle.pop(); session !== undefined; session = this.#idle.pop()) {
      if (session.lost === null) {
        session.wake();
        this.#lent.add(session);
        return session;
      }
      this.#discard(session);
    }
    return null;
  }

  /**
   * A connection for the caller alone, until it is {@link release}d.
   *
   * @throws OperationalError when none becomes free in time, with the state of the pool
   */
  acquire(): Promise<S> {
    const session = this.take();
    if (session !== null) return Promise.resolve(session);
    if (this.#size < this.options.max) return this.#openOne();
    return new Promise((grant, fail) => {
      this.#waiting.push({ deadline: Date.now() + this.options.acquireTimeout, grant, fail });
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
        // Whoever waits must not wait for a connection that nobody opens.
        this.#serve();
      }
      throw error;
    }
    if (generation !== this.#generation) {
      void session.end();
      throw new OperationalError(`The connection '${this.options.alias}' was closed.`);
    }
    this.#lent.add(session);
    return session;
  }

  /** Takes a connection back. One that is broken, lost, or left in a transaction is closed. */
  release(session: S, broken: boolean): void {
    if (!this.#lent.delete(session)) return;
    if (broken || session.lost !== null || session.inTransaction) {
      this.#discard(session);
      this.#serve();
      return;
    }
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      this.#lent.add(session);
      waiter.grant(session);
      return;
    }
    session.idleSince = Date.now();
    session.rest();
    this.#idle.push(session);
    this.#watchIdle();
  }

  #discard(session: S): void {
    this.#size--;
    void session.end();
  }

  /** Opens connections for those who wait, as many as there may be. */
  #serve(): void {
    while (this.#waiting.length > 0 && this.#size < this.options.max) {
      const waiter = this.#waiting.shift() as Waiter<S>;
      this.#openOne().then(waiter.grant, waiter.fail);
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
        this.#expire();
        this.#watch();
      },
      Math.max(1, first.deadline - Date.now()),
    );
  }

  #expire(): void {
    const now = Date.now();
    while (this.#waiting.length > 0 && (this.#waiting[0] as Waiter<S>).deadline <= now) {
      const { alias, acquireTimeout, max } = this.options;
      const { size, idle, waiting } = this.state;
      const waiter = this.#waiting.shift() as Waiter<S>;
      waiter.fail(
        new OperationalError(
          `No connection to '${alias}' became free within ${acquireTimeout} ms: ${size} of at most ${max} are ` +
            `open, ${idle} idle, ${this.#lent.size} in use, ${waiting} tasks wait. Keep transactions and ` +
            "iterators short, or raise the setting pool ({ max, acquireTimeout }).",
        ),
      );
    }
  }

  #watchIdle(): void {
    const { idleTimeout, min } = this.options;
    if (this.#idleTimer !== null || idleTimeout <= 0 || this.#size <= min) return;
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = null;
      const limit = Date.now() - idleTimeout;
      while (this.#size > min && this.#idle.length > 0 && (this.#idle[0] as S).idleSince <= limit) {
        this.#discard(this.#idle.shift() as S);
      }
      if (this.#idle.length > 0) this.#watchIdle();
    }, idleTimeout);
    this.#idleTimer.unref();
  }

  /** Closes every connection; those who wait fail. The pool can be used again. */
  async close(): Promise<void> {
    this.#generation++;
    if (this.#deadlineTimer !== null) clearTimeout(this.#deadlineTimer);
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#deadlineTimer = null;
    this.#idleTimer = null;
    const sessions = [...this.#idle.splice(0), ...this.#lent];
    this.#lent.clear();
    this.#size = 0;
    for (const waiter of this.#waiting.splice(0)) {
      waiter.fail(new OperationalError(`The connection '${this.options.alias}' was closed.`));
    }
    await Promise.all(sessions.map((session) => session.end()));
  }
}

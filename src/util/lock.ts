/** A lock that is granted in the order in which it was asked for. */
export class FifoLock {
  #held = false;
  #queue: { grant: () => void; fail: (error: unknown) => void }[] = [];
  #timer: NodeJS.Timeout | null = null;
  readonly #timeout: number;
  readonly #expired: (milliseconds: number) => unknown;

  /**
   * @param timeout how long one holder may keep others waiting, in milliseconds; 0: for ever
   * @param expired makes the error with which the waiters then fail
   */
  constructor(timeout: number, expired: (milliseconds: number) => unknown) {
    this.#timeout = timeout;
    this.#expired = expired;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Takes the lock if that needs no waiting. */
  tryAcquire(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  /** Takes the lock when all who asked before have released it. Rejects with the reason of `signal` when that aborts. */
  acquire(signal: AbortSignal | null = null): Promise<void> {
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter = { grant: resolve, fail: reject };
      if (signal !== null) {
        const abort = () => {
          const index = this.#queue.indexOf(waiter);
          if (index < 0) return;
          this.#queue.splice(index, 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", abort, { once: true });
        waiter.grant = () => {
          signal.removeEventListener("abort", abort);
          resolve();
        };
      }
      this.#queue.push(waiter);
      if (this.#timer === null) this.#watch();
    });
  }

  release(): void {
    const next = this.#queue.shift();
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
    if (next === undefined) {
      this.#held = false;
      return;
    }
    if (this.#queue.length > 0) this.#watch();
    next.grant();
  }

  /** Fails everyone who waits. */
  abort(error: unknown): void {
    for (const waiter of this.#queue.splice(0)) waiter.fail(error);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The time counts from the moment when the lock last changed hands: a long queue that moves is no error. */
  #watch(): void {
    if (this.#timeout <= 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.abort(this.#expired(this.#timeout));
    }, this.#timeout);
  }
}

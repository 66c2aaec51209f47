/** The requests to a server over one connection: one after the other, and those that are aborted are stopped there. */

import { setTimeout as pause } from "node:timers/promises";

/** What the queue needs of a request. */
export interface QueuedRequest {
  readonly answer: Promise<unknown>;
  /** Set when the caller does not want the answer any more. */
  cancelled: { readonly reason: unknown } | null;
  /** Rejects the answer of a request that was not sent. */
  reject(reason: unknown): void;
}

/** How a statement that runs is stopped. */
export interface CancelOptions {
  /** Asks the server to stop what it runs; settles when the server has taken note of it. */
  readonly cancel: () => Promise<void>;
  /** How long stopping may take until the connection is given up, in milliseconds. */
  readonly cancelTimeout: number;
}

/** The connection, as the queue uses it. */
export interface RequestLine<R extends QueuedRequest> extends CancelOptions {
  /** Sends a request, or has it fail. In either case `answered()` is called when the answer is there. */
  readonly start: (request: R) => void;
  /** A statement that does nothing. */
  readonly nothing: () => R;
  /** Gives the connection up. */
  readonly cut: () => void;
}

/** How long the server has to stop before it is asked again, in milliseconds: at first, and at most. */
const PATIENCE = { first: 20, most: 1_000 } as const;

export class RequestQueue<R extends QueuedRequest> {
  readonly #line: RequestLine<R>;
  #active: R | null = null;
  #waiting: R[] = [];
  /** The server is being asked to stop something: until it has, nothing else is sent. */
  #cancelling = false;

  constructor(line: RequestLine<R>) {
    this.#line = line;
  }

  /** Whether the server has not answered yet. */
  get busy(): boolean {
    return this.#active !== null;
  }

  /** Sends a request as soon as those before it are answered. */
  send<Q extends R>(request: Q, signal: AbortSignal | null): Q["answer"] {
    if (signal !== null) this.#heed(signal, request);
    if (this.#active === null && !this.#cancelling) this.#start(request);
    else this.#waiting.push(request);
    return request.answer;
  }

  /** The request that was sent has been answered: the next one may be. */
  answered(): void {
    this.#active = null;
    if (!this.#cancelling) this.#startNext();
  }

  #start(request: R): void {
    this.#active = request;
    this.#line.start(request);
  }

  #startNext(): void {
    const request = this.#waiting.shift();
    if (request !== undefined) this.#start(request);
  }

  #heed(signal: AbortSignal, request: R): void {
    const abort = () => this.#abort(request, signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    const answered = () => signal.removeEventListener("abort", abort);
    request.answer.then(answered, answered);
  }

  /** A request that was not sent yet is dropped; one that runs is stopped on the server. */
  #abort(request: R, reason: unknown): void {
    const index = this.#waiting.indexOf(request);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      request.reject(reason);
    } else if (this.#active === request && !this.#cancelling) {
      request.cancelled = { reason };
      void this.#cancel(request);
    }
  }

  async #cancel(request: R): Promise<void> {
    this.#cancelling = true;
    const timer = setTimeout(() => this.#line.cut(), this.#line.cancelTimeout);
    await this.#stop(settled(request));
    // It may be that the statement had ended before: what comes next must not be stopped in its place.
    const nothing = this.#line.nothing();
    this.#start(nothing);
    await settled(nothing);
    clearTimeout(timer);
    this.#cancelling = false;
    if (this.#active === null) this.#startNext();
  }

  /**
   * Asks the server to stop, until there is an answer: it forgets what it is asked before it has begun to work on the
   * statement, which may still be on its way.
   */
  async #stop(answer: Promise<void>): Promise<void> {
    let answered = false;
    const end = answer.then(() => {
      answered = true;
    });
    for (let wait: number = PATIENCE.first; !answered; wait = Math.min(PATIENCE.most, wait * 2)) {
      await this.#line.cancel().catch(() => {});
      const patience = new AbortController();
      await Promise.race([end, pause(wait, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
    }
  }
}

/** Waits for the answer, whatever it is. */
function settled({ answer }: QueuedRequest): Promise<void> {
  return answer.then(
    () => {},
    () => {},
  );
}

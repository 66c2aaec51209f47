/** A router for a primary and its read replicas. */
import { AsyncLocalStorage } from "node:async_hooks";
import { blockOn, currentBlock } from "./backends/base/transaction.ts";
import type { Watcher } from "./backends/base/watch.ts";
import { ImproperlyConfigured } from "./errors.ts";
import type { DatabaseSettings } from "./settings.ts";
import type { DatabaseRouter, RoutedInstance, RoutedModel, RouterHints } from "./types/routers.ts";

export interface ReplicaOptions {
  /** The alias of the database that is written to. Default `"default"`. */
  primary?: string;
  /** The aliases of the databases that follow it. */
  replicas: readonly string[];
  /** Which replica answers: one after the other, or any. Default `"round-robin"`. */
  choose?: "round-robin" | "random";
  /**
   * Outside of {@link ReplicaRouter.task}: for how long all reads go to the primary after a write of this process, in
   * milliseconds; longer than replicas usually lag. Default 5,000.
   */
  window?: number;
  /** For how long a replica that could not be reached is left alone, in milliseconds. Default 10,000. */
  retryAfter?: number;
}

/** Options of {@link ReplicaRouter.task}. */
export interface ReplicaTaskOptions {
  /** Whether the task reads from the primary from its start, as if it had written. Default false. */
  primary?: boolean;
}

/** What runs inside `task()`. */
class Scope {
  readonly outer: Scope | null;
  #wrote = false;

  constructor(outer: Scope | null) {
    this.outer = outer;
  }

  get hasWritten(): boolean {
    return this.#wrote || this.outer?.hasWritten === true;
  }

  /** Also those around it must see what was written. */
  write(): void {
    this.#wrote = true;
    this.outer?.write();
  }
}

/**
 * Writes to the primary, reads from replicas, and never reads older rows than the task has written: inside a transaction
 * of the primary, and in a task that has written, reads go to the primary as well.
 *
 * A task is what {@link task} runs, a request for instance. Outside of tasks, a write of the process sends all reads to
 * the primary for `window` milliseconds. A replica that cannot be reached is left alone for a while: its queries are
 * sent to the primary, the one that has found out included.
 *
 * @example
 * const replicas = new ReplicaRouter({ replicas: ["replica1", "replica2"] });
 * configure({ apps, databases: { default: primaryUrl, replica1: url1, replica2: url2 }, routers: [replicas] });
 * server.on("request", (request, response) => replicas.task(() => handle(request, response)));
 *
 * Django: Multiple databases, "An example" with a primary and replicas, which leaves these things to you.
 */
export class ReplicaRouter implements DatabaseRouter {
  readonly primary: string;
  readonly replicas: readonly string[];
  readonly #choose: "round-robin" | "random";
  readonly #window: number;
  readonly #retryAfter: number;
  readonly #scopes = new AsyncLocalStorage<Scope>();
  /** Until when a replica is left alone. */
  readonly #lostUntil = new Map<string, number>();
  #lastWrite = Number.NEGATIVE_INFINITY;
  #turn = 0;

  constructor(options: ReplicaOptions) {
    const {
      primary = "default",
      replicas,
      choose = "round-robin",
      window = 5_000,
      retryAfter = 10_000,
    } = options;
    if (replicas.length === 0 || replicas.includes(primary) || new Set(replicas).size < replicas.length) {
      throw new ImproperlyConfigured(
        "A ReplicaRouter needs replicas, each once, and other ones than the primary.",
      );
    }
    if (choose !== "round-robin" && choose !== "random") {
      throw new ImproperlyConfigured(`A ReplicaRouter chooses "round-robin" or "random", not '${choose}'.`);
    }
    for (const [name, time] of Object.entries({ window, retryAfter })) {
      if (!(time >= 0)) throw new ImproperlyConfigured(`${name} must be a number of milliseconds.`);
    }
    this.primary = primary;
    this.replicas = replicas;
    this.#choose = choose;
    this.#window = window;
    this.#retryAfter = retryAfter;
  }

  /**
   * Calls `fn` as one task: once it has written, it reads from the primary, in all that it awaits. Tasks may be nested;
   * what an inner one has written, the outer ones see, too.
   *
   * @returns what `fn` returns
   */
  task<T>(fn: () => T, { primary = false }: ReplicaTaskOptions = {}): T {
    const scope = new Scope(this.#scopes.getStore() ?? null);
    return this.#scopes.run(scope, () => {
      if (primary) scope.write();
      return fn();
    });
  }

  /** Whether reads go to the primary just now: the task has written, or runs in a transaction. */
  get readsFromPrimary(): boolean {
    return this.#sticks() || blockOn(this.primary, currentBlock()) !== null;
  }

  #sticks(): boolean {
    const scope = this.#scopes.getStore();
    if (scope !== undefined) return scope.hasWritten;
    return performance.now() - this.#lastWrite < this.#window;
  }

  #owns(alias: string): boolean {
    return alias === this.primary || this.replicas.includes(alias);
  }

  /** Objects of other databases stay there. */
  #isForeign({ instance }: RouterHints): boolean {
    const alias = instance?._state.db ?? null;
    return alias !== null && !this.#owns(alias);
  }

  dbForRead(_model: RoutedModel, hints: RouterHints): string | null {
    if (this.#isForeign(hints)) return null;
    const head = currentBlock();
    if (head !== null) {
      // In a transaction of a replica, too, all is to be seen as it was at one time.
      const open = [this.primary, ...this.replicas].find((alias) => blockOn(alias, head) !== null);
      if (open !== undefined) return open;
    }
    return this.#sticks() ? this.primary : this.#pick();
  }

  dbForWrite(_model: RoutedModel, hints: RouterHints): string | null {
    return this.#isForeign(hints) ? null : this.primary;
  }

  allowRelation(one: RoutedInstance, other: RoutedInstance): boolean | null {
    const [a, b] = [one._state.db, other._state.db];
    return a !== null && b !== null && this.#owns(a) && this.#owns(b) ? true : null;
  }

  /** The tables of replicas are those of the primary. */
  allowMigrate(alias: string): boolean | null {
    return this.replicas.includes(alias) ? false : null;
  }

  sameData(alias: string, other: string): boolean | null {
    return this.#owns(alias) && this.#owns(other) ? true : null;
  }

  /** A replica that can be reached as far as is known, else the primary. */
  #pick(): string {
    const { length } = this.replicas;
    const first = this.#choose === "random" ? Math.floor(Math.random() * length) : this.#turn;
    for (let i = 0; i < length; i++) {
      const index = (first + i) % length;
      const alias = this.replicas[index] as string;
      if (!this.#mayAnswer(alias)) continue;
      this.#turn = (index + 1) % length;
      return alias;
    }
    return this.primary;
  }

  /** A replica that was lost is tried again after a while, by one query. */
  #mayAnswer(alias: string): boolean {
    const until = this.#lostUntil.get(alias);
    if (until === undefined) return true;
    const now = performance.now();
    if (now < until) return false;
    this.#lostUntil.set(alias, now + this.#retryAfter);
    return true;
  }

  /** What the router wants to know of statements, by alias. */
  watchers(): ReadonlyMap<string, Watcher> {
    const watchers = new Map<string, Watcher>();
    const writing = () => {
      const scope = this.#scopes.getStore();
      if (scope === undefined) this.#lastWrite = performance.now();
      else scope.write();
    };
    watchers.set(this.primary, { writing });
    for (const alias of this.replicas) {
      watchers.set(alias, {
        standIn: this.primary,
        answered: () => this.#lostUntil.delete(alias),
        lost: () => this.#lostUntil.set(alias, performance.now() + this.#retryAfter),
      });
    }
    return watchers;
  }

  /** Throws `ImproperlyConfigured` unless the databases exist and are of one kind. */
  check(databases: Readonly<Record<string, DatabaseSettings>>): void {
    const engines = [this.primary, ...this.replicas].map((alias) => {
      const settings = Object.hasOwn(databases, alias) ? databases[alias] : undefined;
      if (settings !== undefined) return settings.engine;
      const choices = Object.keys(databases).join(", ");
      throw new ImproperlyConfigured(`A ReplicaRouter names '${alias}'. Databases are: ${choices}.`);
    });
    if (new Set(engines).size > 1) {
      throw new ImproperlyConfigured(
        `A primary and its replicas are databases of one kind, not ${engines.join(", ")}.`,
      );
    }
  }
}

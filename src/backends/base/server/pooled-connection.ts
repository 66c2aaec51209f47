/** The connection to a server: a pool of sessions, one for each transaction and each cursor. */

import { SynchronousOnlyOperation } from "../../../errors.ts";
import type { DatabaseSettings } from "../../../settings.ts";
import type { Mode, OpenOp, RowsOp, RunOp, RunResult } from "../../../task.ts";
import type { Maybe } from "../../../util/promise.ts";
import { DatabaseConnection, type TransactionKind } from "../connection.ts";
import type { QueryOp } from "../executor.ts";
import type { DatabaseFeatures } from "../features.ts";
import type { ControlKind } from "../observe.ts";
import type { DatabaseOperations } from "../operations.ts";
import type { Session } from "../session.ts";
import { currentSignal } from "../signal.ts";
import type { Block } from "../transaction.ts";
import { Pool, type PoolState } from "./pool.ts";
import { type PoolOptions, poolOptions } from "./pool-options.ts";
import type { PooledSession } from "./pooled-session.ts";
import { BridgedSession, SyncBridge } from "./sync-bridge.ts";

/** What the worker of a {@link SyncBridge} asks of its connection: sessions, as the pool has them. */
export interface SessionLender {
  /** Calls `work` with a session, and gives it back afterwards. */
  borrow<T>(work: (session: Session) => T | PromiseLike<T>): Promise<T>;
  /** A session for the caller alone. */
  lend(): Promise<Session>;
  /** `broken`: its transaction could not be ended. */
  giveBack(session: Session, broken: boolean): void;
  close(): Promise<void>;
}

export abstract class PooledConnection<S extends PooledSession>
  extends DatabaseConnection
  implements SessionLender
{
  readonly #pool: Pool<S>;
  /** Sync code's way to the server, where the settings allow it. */
  #bridge: SyncBridge | null = null;

  constructor(settings: DatabaseSettings, ops: DatabaseOperations, features: DatabaseFeatures) {
    super(settings, ops, features);
    this.#pool = new Pool(this.poolOptions(settings), () => this.connect());
  }

  protected poolOptions(settings: DatabaseSettings): PoolOptions {
    return poolOptions(settings);
  }

  /** Opens a session, ready for work. Throws our errors. */
  protected abstract connect(): Promise<S>;

  /** How the pool of sessions is doing. */
  override get poolState(): PoolState {
    return this.#pool.state;
  }

  override execute(op: QueryOp, mode: Mode, block: Block | null): unknown {
    if (mode === "sync") {
      this.#checkSync();
      if (block !== null) this.#checkBridged(block.transaction.session);
    }
    return super.execute(op, mode, block);
  }

  protected override control(
    session: Session,
    sql: string,
    mode: Mode,
    kind?: ControlKind,
  ): Maybe<RunResult> {
    if (mode === "sync") this.#checkBridged(session);
    return super.control(session, sql, mode, kind);
  }

  protected override executeAutocommit(op: RowsOp | RunOp | OpenOp, mode: Mode): unknown {
    if (mode === "sync") return this.perform(this.#syncBridge().autocommit, op, mode, null, null);
    const session = this.#pool.take();
    if (session !== null) return this.#perform(session, op, mode);
    return this.#pool.acquire(currentSignal()).then((acquired) => this.#perform(acquired, op, mode));
  }

  #perform(session: S, op: RowsOp | RunOp | OpenOp, mode: Mode): unknown {
    if (op.kind === "open") {
      return this.perform(session, op, mode, null, () => this.#pool.release(session, false));
    }
    const fresh = session.idleSince === 0;
    let result: Promise<unknown>;
    try {
      result = this.perform(session, op, mode, null, null) as Promise<unknown>;
    } catch (error) {
      this.#pool.release(session, false);
      throw error;
    }
    return result.then(
      (value) => {
        this.#pool.release(session, false);
        return value;
      },
      (error: unknown) => {
        const dead = session.lost !== null && !fresh;
        this.#pool.release(session, false);
        // The connection was cut while it looked free. A query changes nothing, so another connection can run it; a
        // new one that fails is not replaced.
        if (!dead || op.kind !== "rows" || op.write === true) throw error;
        return this.#pool.acquire(currentSignal()).then((next) => this.#perform(next, op, mode));
      },
    );
  }

  protected override begin(mode: Mode, kind: TransactionKind): Maybe<Session> {
    if (mode === "sync") {
      this.#checkSync();
      return this.#beginSync(this.ops.startTransactionSql(kind));
    }
    return this.#begin(mode, this.ops.startTransactionSql(kind));
  }

  #beginSync(statements: readonly string[]): Session {
    const session = this.#syncBridge().lend();
    try {
      for (const sql of statements) void this.control(session, sql, "sync");
    } catch (error) {
      session.release(true);
      throw error;
    }
    return session;
  }

  async #begin(mode: Mode, statements: readonly string[]): Promise<Session> {
    for (;;) {
      const session = this.#pool.take() ?? (await this.#pool.acquire(currentSignal()));
      const fresh = session.idleSince === 0;
      try {
        for (const sql of statements) await this.control(session, sql, mode);
        return session;
      } catch (error) {
        const dead = session.lost !== null && !fresh;
        this.#pool.release(session, true);
        // Nothing was done yet: the transaction begins on another connection.
        if (!dead) throw error;
      }
    }
  }

  protected override release(session: Session, broken: boolean): void {
    if (session instanceof BridgedSession) session.release(broken);
    else this.#pool.release(session as S, broken);
  }

  async borrow<T>(work: (session: Session) => T | PromiseLike<T>): Promise<T> {
    const session = await this.lend();
    try {
      return await work(session);
    } finally {
      this.giveBack(session, false);
    }
  }

  async lend(): Promise<Session> {
    return this.#pool.take() ?? (await this.#pool.acquire());
  }

  giveBack(session: Session, broken: boolean): void {
    this.#pool.release(session as S, broken);
  }

  override async close(): Promise<void> {
    const bridge = this.#bridge;
    this.#bridge = null;
    await Promise.all([this.#pool.close(), bridge?.close()]);
  }

  #syncBridge(): SyncBridge {
    this.#bridge ??= new SyncBridge(this.settings);
    return this.#bridge;
  }

  /** Sync code needs the setting. */
  #checkSync(): void {
    if (this.settings.sync === true) return;
    throw new SynchronousOnlyOperation(
      `The database '${this.alias}' is ${this.ops.displayName}, which sync code cannot wait for. Use the async spelling: ` +
        "aobjects instead of objects, asave() instead of save(), aatomic() instead of atomic(). Or allow sync access, " +
        "by a worker thread, with the setting 'sync: true'.",
    );
  }

  /** Sync code cannot work in a transaction that async code has begun. */
  #checkBridged(session: Session): void {
    if (session instanceof BridgedSession) return;
    throw new SynchronousOnlyOperation(
      `The transaction on '${this.alias}' is an async one, whose connection sync code cannot wait for. Use the async ` +
        "spelling in aatomic(), or a sync transaction: atomic().",
    );
  }
}

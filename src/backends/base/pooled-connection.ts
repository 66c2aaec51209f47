/** The connection to a server: a pool of sessions, one for each transaction and each cursor. */

import { SynchronousOnlyOperation } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import type { Mode, OpenOp, RowsOp, RunOp } from "../../task.ts";
import type { Maybe } from "../../util/promise.ts";
import { DatabaseConnection, type QueryOp, type Session, type TransactionKind } from "./connection.ts";
import type { DatabaseFeatures } from "./features.ts";
import type { DatabaseOperations } from "./operations.ts";
import { Pool, type PoolState } from "./pool.ts";
import { poolOptions } from "./pool-options.ts";
import type { PooledSession } from "./pooled-session.ts";
import { currentSignal } from "./signal.ts";
import type { Block } from "./transaction.ts";

export abstract class PooledConnection<S extends PooledSession> extends DatabaseConnection {
  /** The product's name, for messages: `PostgreSQL`. */
  protected abstract readonly displayName: string;
  readonly #pool: Pool<S>;

  constructor(settings: DatabaseSettings, ops: DatabaseOperations, features: DatabaseFeatures) {
    super(settings, ops, features);
    this.#pool = new Pool(poolOptions(settings), () => this.connect());
  }

  /** Opens a session, ready for work. Throws our errors. */
  protected abstract connect(): Promise<S>;

  /** How the pool of sessions is doing. */
  override get poolState(): PoolState {
    return this.#pool.state;
  }

  override execute(op: QueryOp, mode: Mode, block: Block | null): unknown {
    if (mode === "sync") throw this.syncError();
    return super.execute(op, mode, block);
  }

  protected override executeAutocommit(op: RowsOp | RunOp | OpenOp, mode: Mode): unknown {
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
    if (mode === "sync") throw this.syncError();
    return this.#begin(mode, this.ops.startTransactionSql(kind));
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
    this.#pool.release(session as S, broken);
  }

  override close(): Promise<void> {
    return this.#pool.close();
  }

  protected syncError(): SynchronousOnlyOperation {
    return new SynchronousOnlyOperation(
      `The database '${this.alias}' is ${this.displayName}, which sync code cannot wait for. Use the async spelling: ` +
        "aobjects instead of objects, asave() instead of save(), aatomic() instead of atomic().",
    );
  }
}

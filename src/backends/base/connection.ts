/**
 * What a database connection is to the rest of the library: it executes the operations of tasks, and keeps the rules of
 * transactions. A backend adds sessions (its driver), and when a session may be used.
 */

import { RuntimeError, TransactionManagementError } from "../../errors.ts";
import type { EnterOp, Mode, RunResult } from "../../task.ts";
import { type Flow, type Maybe, runFlow } from "../../util/promise.ts";
import { runHooks } from "./commit-hooks.ts";
import { Executor } from "./executor.ts";
import { forgetTransaction } from "./observe.ts";
import type { PoolState } from "./server/pool.ts";
import type { Session } from "./session.ts";
import { currentSignal } from "./signal.ts";
import { Block, Transaction } from "./transaction.ts";

/** How a transaction begins; what is not given is as the server's settings say. */
export type TransactionKind = Pick<EnterOp, "isolation" | "readOnly" | "deferrable">;

export abstract class DatabaseConnection extends Executor {
  abstract readonly vendor: string;

  /** The dialect is known. Nothing may be compiled before. */
  get isPrepared(): boolean {
    return true;
  }

  /** Asks the server for what the dialect depends on. */
  prepare(_mode: Mode): Maybe<void> {}

  /** How the pool of connections to a server is doing; null where there is no server. */
  get poolState(): PoolState | null {
    return null;
  }

  /** Gives a session with a transaction begun, for the caller alone. */
  protected abstract begin(mode: Mode, kind: TransactionKind): Maybe<Session>;

  /** Takes back a session whose transaction has ended. `broken`: it could not even be rolled back. */
  protected abstract release(session: Session, broken: boolean): void;

  /** Whether `error` says that the transaction may succeed when it is tried once more, from its beginning. */
  isSerializationFailure(_error: unknown): boolean {
    return false;
  }

  /** Whether `error` says that the database cannot be reached, or serves nobody just now. */
  isUnavailable(_error: unknown): boolean {
    return false;
  }

  /** Closes what is open. The connection opens again when it is used again. */
  abstract close(): Maybe<void>;

  /** The server's version. */
  abstract version(mode: Mode): Maybe<readonly number[]>;

  // Blocks. ---------------------------------------------------------------------------------------

  /**
   * Enters an atomic block; `parent` is the enclosing one on this alias, `outer` the one of any alias.
   *
   * @throws RuntimeError for a durable block inside another one
   */
  enter(op: EnterOp, mode: Mode, parent: Block | null, outer: Block | null): Maybe<Block> {
    return runFlow(this.#enter(op, mode, parent, outer));
  }

  *#enter(op: EnterOp, mode: Mode, parent: Block | null, outer: Block | null): Flow<Block> {
    currentSignal()?.throwIfAborted();
    if (parent === null) {
      const session = (yield this.begin(mode, op)) as Session;
      const transaction = new Transaction(this.alias, session);
      const block = new Block(transaction, null, outer, null);
      transaction.moveTo(block);
      return block;
    }
    parent.checkOpen();
    if (op.durable) {
      throw new RuntimeError("A durable atomic block cannot be nested within another atomic block.");
    }
    if (op.isolation !== undefined || op.readOnly !== undefined || op.deferrable !== undefined) {
      throw new RuntimeError(
        "isolation, readOnly and deferrable belong to the whole transaction: only its outermost atomic block takes them.",
      );
    }
    const { transaction } = parent;
    if (op.savepoint && !transaction.needsRollback) {
      while (transaction.tip !== parent.frame) {
        yield this.turn(parent, mode);
        parent.checkOpen();
      }
      // While we waited, the transaction may have been broken: then a savepoint is of no use.
      if (!transaction.needsRollback) {
        const sid = transaction.nextSavepointId();
        const block = new Block(transaction, parent, outer, sid);
        transaction.moveTo(block);
        try {
          yield this.#mark(transaction.session, "savepoint", sid, mode);
        } catch (error) {
          transaction.moveTo(parent.frame);
          throw error;
        }
        return block;
      }
    }
    return new Block(transaction, parent, outer, null);
  }

  /**
   * Leaves an atomic block: commits or rolls back, by `failed` and by whether the block was marked for
   * rollback. After the commit of the outermost, the hooks run.
   */
  leave(block: Block, failed: boolean, mode: Mode): Maybe<void> {
    return runFlow(this.#leave(block, failed, mode));
  }

  *#leave(block: Block, failed: boolean, mode: Mode): Flow<void> {
    const { transaction } = block;
    block.checkOpen();
    if (block.frame === block && transaction.tip !== block) {
      // A nested block that nobody awaited is still open. It ends first; a sync block cannot wait for it.
      if (mode === "sync") {
        yield* this.#leaveNow(block, true, mode);
        if (failed) return;
        throw new RuntimeError(
          "An async 'atomic' block was still open when the sync one around it ended: everything was rolled back.",
        );
      }
      while (transaction.tip !== block) yield transaction.changed();
    }
    const running = block.parent === null && !failed ? transaction.running : 0;
    yield* this.#leaveNow(block, failed || running > 0, mode);
    if (running > 0) {
      throw new TransactionManagementError(
        `${running === 1 ? "A query" : `${running} queries`} of the 'atomic' block on '${this.alias}' had not been ` +
          "awaited when its function returned: everything was rolled back. Await every query inside the block.",
      );
    }
  }

  *#leaveNow(block: Block, failed: boolean, mode: Mode): Flow<void> {
    const { transaction } = block;
    if (block.parent === null) return yield* this.#leaveOutermost(block, failed, mode);
    try {
      const rollback = failed || transaction.needsRollback;
      if (!rollback) {
        if (block.sid !== null) yield* this.#releaseSavepoint(block, mode);
      } else if (block.sid === null) {
        // Without a savepoint the rollback is left to the enclosing block.
        transaction.needsRollback = true;
      } else {
        transaction.needsRollback = false;
        try {
          yield* this.#rollbackTo(transaction, block.sid, mode);
        } catch (error) {
          // The rollback is left to the enclosing block; the error that led to it is the one to be seen.
          this.breakTransaction(block, error);
        }
      }
    } finally {
      block.ended = true;
      if (block.frame === block) transaction.moveTo(block.parent.frame);
    }
  }

  *#releaseSavepoint(block: Block, mode: Mode): Flow<void> {
    const { transaction } = block;
    try {
      yield this.#mark(transaction.session, "release", block.sid as string, mode);
    } catch (error) {
      try {
        yield* this.#rollbackTo(transaction, block.sid as string, mode);
      } catch (second) {
        this.breakTransaction(block, second);
      }
      throw error;
    }
  }

  *#rollbackTo(transaction: Transaction, sid: string, mode: Mode): Flow<void> {
    yield this.#mark(transaction.session, "rollbackToSavepoint", sid, mode);
    transaction.hooks = transaction.hooks.filter((hook) => !hook.sids.has(sid));
    yield this.#mark(transaction.session, "release", sid, mode);
  }

  *#leaveOutermost(block: Block, failed: boolean, mode: Mode): Flow<void> {
    const { transaction } = block;
    const { session } = transaction;
    const commit = !failed && !transaction.needsRollback;
    block.ended = true;
    let broken = false;
    try {
      for (const cursor of [...transaction.cursors]) yield this.closeCursor(cursor, mode);
      if (commit) {
        try {
          if (session.transactionFailed === true) throw failedError(this.alias);
          yield this.control(session, "COMMIT", mode, "commit");
          transaction.committed = true;
        } catch (error) {
          broken = !(yield* this.#tryRollback(session, mode));
          throw error;
        }
      } else {
        broken = !(yield* this.#tryRollback(session, mode));
      }
    } finally {
      forgetTransaction(session);
      this.release(session, broken);
      transaction.moveTo(null);
    }
    if (commit) yield* runHooks(transaction.hooks, mode);
  }

  *#tryRollback(session: Session, mode: Mode): Flow<boolean> {
    try {
      yield this.control(session, "ROLLBACK", mode, "rollback");
      return true;
    } catch {
      return false;
    }
  }

  // Savepoints and hooks by hand. -------------------------------------------------------------------

  /** Creates a savepoint; null outside of a transaction, where Django does nothing either. */
  savepoint(block: Block | null, mode: Mode): Maybe<string | null> {
    if (block === null) return null;
    const sid = block.transaction.nextSavepointId();
    return runFlow(this.#savepointControl(block, "savepoint", sid, mode));
  }

  /** Releases a savepoint. */
  savepointCommit(sid: string | null, block: Block | null, mode: Mode): Maybe<string | null> {
    if (block === null || sid === null) return null;
    return runFlow(this.#savepointControl(block, "release", checkSid(sid), mode));
  }

  /** Rolls back to a savepoint. */
  savepointRollback(sid: string | null, block: Block | null, mode: Mode): Maybe<string | null> {
    if (block === null || sid === null) return null;
    return runFlow(this.#savepointRollback(sid, block, mode));
  }

  *#savepointRollback(sid: string, block: Block, mode: Mode): Flow<string> {
    yield* this.#savepointControl(block, "rollbackToSavepoint", checkSid(sid), mode);
    const { transaction } = block;
    transaction.hooks = transaction.hooks.filter((hook) => !hook.sids.has(sid));
    return sid;
  }

  *#savepointControl(block: Block, kind: SavepointKind, sid: string, mode: Mode): Flow<string> {
    block.checkUsable();
    while (block.transaction.tip !== block.frame) {
      yield this.turn(block, mode);
      block.checkUsable();
    }
    yield this.#mark(block.transaction.session, kind, sid, mode);
    return sid;
  }

  #mark(session: Session, kind: SavepointKind, sid: string, mode: Mode): Maybe<RunResult> {
    return this.control(session, `${SAVEPOINT_SQL[kind]} ${this.ops.quoteName(sid)}`, mode, kind);
  }
}

type SavepointKind = "savepoint" | "release" | "rollbackToSavepoint";

const SAVEPOINT_SQL: Readonly<Record<SavepointKind, string>> = {
  savepoint: "SAVEPOINT",
  release: "RELEASE SAVEPOINT",
  rollbackToSavepoint: "ROLLBACK TO SAVEPOINT",
};

function checkSid(sid: string): string {
  if (!/^s\d+$/.test(sid)) throw new TransactionManagementError(`'${sid}' is not a savepoint.`);
  return sid;
}

function failedError(alias: string): TransactionManagementError {
  return new TransactionManagementError(
    `The transaction on '${alias}' cannot be committed: a query inside the 'atomic' block failed, and its error was ` +
      "caught there. Everything was rolled back. Catch errors around the block, or give the query that may fail a " +
      "block of its own.",
  );
}

/**
 * What a database connection is to the rest of the library: it executes the operations of tasks and keeps
 * the rules of transactions. A backend adds sessions (its driver), and when a session may be used.
 */

import { OperationalError, RuntimeError, TransactionManagementError } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import type { CloseOp, EnterOp, FetchOp, Mode, OpenOp, Rows, RowsOp, RunOp, RunResult } from "../../task.ts";
import { type Flow, type Maybe, runFlow } from "../../util/promise.ts";
import { callerOf, callersWanted, rememberCaller } from "./caller.ts";
import { runHooks } from "./commit-hooks.ts";
import type { DatabaseFeatures } from "./features.ts";
import {
  type ControlKind,
  forgetTransaction,
  type Outcome,
  observe,
  observed,
  type StatementKind,
  type StatementStart,
  transactionNumber,
} from "./observe.ts";
import { OpenCursor } from "./open-cursor.ts";
import type { DatabaseOperations } from "./operations.ts";
import type { PoolState } from "./pool.ts";
import type { Session } from "./session.ts";
import { currentSignal } from "./signal.ts";
import { Block, Transaction } from "./transaction.ts";

/** How a transaction begins; what is not given is as the server's settings say. */
export type TransactionKind = Pick<EnterOp, "isolation" | "readOnly" | "deferrable">;

/** Operations that need the database itself; entering and leaving blocks is apart. */
export type QueryOp = RowsOp | RunOp | OpenOp | FetchOp | CloseOp;

export abstract class DatabaseConnection {
  readonly alias: string;
  abstract readonly vendor: string;
  readonly settings: DatabaseSettings;
  #ops: DatabaseOperations;
  #features: DatabaseFeatures;

  constructor(settings: DatabaseSettings, ops: DatabaseOperations, features: DatabaseFeatures) {
    this.alias = settings.alias;
    this.settings = settings;
    this.#ops = ops;
    this.#features = features;
  }

  get ops(): DatabaseOperations {
    return this.#ops;
  }

  get features(): DatabaseFeatures {
    return this.#features;
  }

  /** Puts another dialect in force, once the server has said what it can do. */
  protected speak(features: DatabaseFeatures, ops: DatabaseOperations): void {
    ops.alias = this.alias;
    this.#features = features;
    this.#ops = ops;
  }

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

  /** Runs an operation outside of any transaction. */
  protected abstract executeAutocommit(op: RowsOp | RunOp | OpenOp, mode: Mode): unknown;

  /** Gives a session with a transaction begun, for the caller alone. */
  protected abstract begin(mode: Mode, kind: TransactionKind): Maybe<Session>;

  /** Takes back a session whose transaction has ended. `broken`: it could not even be rolled back. */
  protected abstract release(session: Session, broken: boolean): void;

  /** Makes one of our errors of what the driver threw. */
  protected abstract wrapError(error: unknown, sql: string): unknown;

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

  /**
   * Runs one operation of a task: inside `block`, or in autocommit when that is null.
   * Gives the result itself or, in async mode where something has to wait, a promise.
   */
  execute(op: QueryOp, mode: Mode, block: Block | null): unknown {
    if (op.kind === "close") return this.#closeCursor(op.cursor as OpenCursor, mode);
    const signal = currentSignal();
    if (signal?.aborted === true) {
      // As when it is aborted while it runs, which is a matter of luck.
      if (block !== null) this.breakTransaction(block, signal.reason);
      throw signal.reason;
    }
    if (op.kind === "fetch") return this.#fetch(op, mode);
    if (callersWanted()) rememberCaller(op);
    return block === null ? this.executeAutocommit(op, mode) : this.#executeIn(block, op, mode);
  }

  #executeIn(block: Block, op: RowsOp | RunOp | OpenOp, mode: Mode): unknown {
    block.checkUsable();
    const { transaction } = block;
    if (transaction.tip !== block.frame) {
      return this.#turn(block, mode).then(() => this.#executeIn(block, op, mode));
    }
    const result = this.perform(transaction.session, op, mode, block, null);
    if (result instanceof Promise) transaction.track(result);
    return result;
  }

  /** Waits until an `atomic` block inside `block`, which another task has open, has ended. */
  #turn(block: Block, mode: Mode): Promise<void> {
    if (mode === "sync") {
      throw new OperationalError(
        `A nested 'atomic' block on '${this.alias}' is still open in another async task of this transaction, ` +
          "and sync access cannot wait for it. Await that task first, or use the async API.",
      );
    }
    return block.transaction.changed();
  }

  /** Sends an operation to a session. An error of a write breaks the transaction, as in Django. */
  protected perform(
    session: Session,
    op: RowsOp | RunOp | OpenOp,
    mode: Mode,
    block: Block | null,
    release: ((cursor: OpenCursor | null) => void) | null,
  ): unknown {
    if (observed()) return this.#performObserved(session, op, mode, block, release);
    try {
      const result = this.#send(session, op, mode, block, release);
      return result instanceof Promise
        ? result.catch((error) => this.#fail(error, op, block, release))
        : result;
    } catch (error) {
      return this.#fail(error, op, block, release);
    }
  }

  #send(
    session: Session,
    op: RowsOp | RunOp | OpenOp,
    mode: Mode,
    block: Block | null,
    release: ((cursor: OpenCursor | null) => void) | null,
  ): unknown {
    const signal = currentSignal();
    switch (op.kind) {
      case "rows":
        return session.rows(op, mode, signal);
      case "run":
        return session.run(op, mode, signal);
      case "open": {
        const handle = session.open(op, mode, signal);
        return handle instanceof Promise
          ? handle.then((opened) => new OpenCursor(opened, block, op, release))
          : new OpenCursor(handle, block, op, release);
      }
    }
  }

  #fail(
    error: unknown,
    op: RowsOp | RunOp | OpenOp,
    block: Block | null,
    release: ((cursor: OpenCursor | null) => void) | null,
  ): never {
    const aborted = isReasonOfSignal(error);
    const wrapped = aborted ? error : this.wrapError(error, op.sql);
    if (block !== null && (aborted || op.kind === "run" || (op.kind === "rows" && op.write === true))) {
      this.breakTransaction(block, wrapped);
    }
    // No cursor came to be that could give the session back.
    if (op.kind === "open") release?.(null);
    throw wrapped;
  }

  /** Nothing more may run in the transaction of `block` until it is rolled back. */
  breakTransaction(block: Block, cause: unknown): void {
    block.transaction.needsRollback = true;
    block.transaction.rollbackCause = cause;
  }

  #performObserved(
    session: Session,
    op: RowsOp | RunOp | OpenOp,
    mode: Mode,
    block: Block | null,
    release: ((cursor: OpenCursor | null) => void) | null,
  ): unknown {
    const caller = callerOf(op);
    const about: StatementStart = {
      alias: this.alias,
      sql: op.sql,
      params: op.params,
      kind: "query",
      ...(block === null ? {} : { transaction: transactionNumber(session) }),
      ...(caller === undefined ? {} : { caller }),
    };
    const outcomeOf = (result: unknown): Outcome => {
      if (op.kind === "rows") return { rows: (result as Rows).length };
      return op.kind === "run" ? { changes: (result as RunResult).changes } : {};
    };
    const wrap = (error: unknown) => (isReasonOfSignal(error) ? error : this.wrapError(error, op.sql));
    const send = () => this.#send(session, op, mode, block, release);
    try {
      const result = observe(about, send, outcomeOf, wrap);
      return result instanceof Promise
        ? result.catch((error) => this.#fail(error, op, block, release))
        : result;
    } catch (error) {
      return this.#fail(error, op, block, release);
    }
  }

  /** Sends a statement of transaction control. */
  protected control(
    session: Session,
    sql: string,
    mode: Mode,
    kind: ControlKind = "begin",
  ): Maybe<RunResult> {
    const fail = (error: unknown): never => {
      throw this.wrapError(error, sql);
    };
    const send = () => session.run({ sql, params: [] }, mode, null);
    try {
      const result = observed() ? this.#controlObserved(session, sql, kind, send) : send();
      return result instanceof Promise ? result.catch(fail) : result;
    } catch (error) {
      return fail(error);
    }
  }

  #controlObserved(
    session: Session,
    sql: string,
    kind: StatementKind,
    send: () => Maybe<RunResult>,
  ): Maybe<RunResult> {
    const about = { alias: this.alias, sql, params: [], kind, transaction: transactionNumber(session) };
    const wrap = (error: unknown) => {
      // A transaction that did not begin is none.
      if (kind === "begin") forgetTransaction(session);
      return this.wrapError(error, sql);
    };
    return observe(about, send, () => ({}), wrap);
  }

  #fetch(op: FetchOp, mode: Mode): Maybe<Rows> {
    const cursor = op.cursor as OpenCursor;
    if (cursor.block?.ended) cursor.block.checkOpen();
    if (cursor.done) return [];
    const { chunkSize, sql } = cursor.op;
    const taken = (rows: Rows): Rows => {
      if (rows.length < chunkSize) cursor.finish();
      return rows;
    };
    const fail = (error: unknown): Maybe<never> => {
      const wrapped = isReasonOfSignal(error) ? error : this.wrapError(error, sql);
      if (cursor.block !== null && wrapped === error) this.breakTransaction(cursor.block, error);
      const closed = this.#closeCursor(cursor, mode);
      if (!(closed instanceof Promise)) throw wrapped;
      const end = () => Promise.reject(wrapped);
      return closed.then(end, end);
    };
    try {
      const rows = cursor.handle.fetch(chunkSize, mode, currentSignal());
      if (rows instanceof Promise) cursor.block?.transaction.track(rows);
      return rows instanceof Promise ? rows.then(taken, fail) : taken(rows);
    } catch (error) {
      return fail(error);
    }
  }

  #closeCursor(cursor: OpenCursor, mode: Mode): Maybe<void> {
    if (cursor.done) return;
    cursor.done = true;
    const closed = cursor.handle.close(mode);
    cursor.done = false;
    if (closed instanceof Promise) return closed.finally(() => cursor.finish());
    cursor.finish();
  }

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
        yield this.#turn(parent, mode);
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
      for (const cursor of [...transaction.cursors]) yield this.#closeCursor(cursor, mode);
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
      yield this.#turn(block, mode);
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

/** Whether `error` is what the signal of the caller was aborted with, and not one of the database. */
function isReasonOfSignal(error: unknown): boolean {
  const signal = currentSignal();
  return signal?.aborted === true && signal.reason === error;
}

function failedError(alias: string): TransactionManagementError {
  return new TransactionManagementError(
    `The transaction on '${alias}' cannot be committed: a query inside the 'atomic' block failed, and its error was ` +
      "caught there. Everything was rolled back. Catch errors around the block, or give the query that may fail a " +
      "block of its own.",
  );
}

/** Sends the operations of tasks to sessions: inside a transaction or outside, observed, with our errors. */

import { OperationalError } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import type { CloseOp, FetchOp, Mode, OpenOp, Rows, RowsOp, RunOp, RunResult } from "../../task.ts";
import type { Maybe } from "../../util/promise.ts";
import { callerOf, callersWanted, rememberCaller } from "./caller.ts";
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
import type { Session } from "./session.ts";
import { currentSignal } from "./signal.ts";
import type { Block } from "./transaction.ts";

/** Operations that need the database itself; entering and leaving blocks is apart. */
export type QueryOp = RowsOp | RunOp | OpenOp | FetchOp | CloseOp;

/** Gives the session of a cursor back, when the cursor is closed; with `null` where none came to be. */
type Release = ((cursor: OpenCursor | null) => void) | null;

export abstract class Executor {
  readonly alias: string;
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

  /** Runs an operation outside of any transaction. */
  protected abstract executeAutocommit(op: RowsOp | RunOp | OpenOp, mode: Mode): unknown;

  /** Makes one of our errors of what the driver threw. */
  protected abstract wrapError(error: unknown, sql: string): unknown;

  /**
   * Runs one operation of a task: inside `block`, or in autocommit when that is null.
   * Gives the result itself or, in async mode where something has to wait, a promise.
   */
  execute(op: QueryOp, mode: Mode, block: Block | null): unknown {
    if (op.kind === "close") return this.closeCursor(op.cursor as OpenCursor, mode);
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
      return this.turn(block, mode).then(() => this.#executeIn(block, op, mode));
    }
    const result = this.perform(transaction.session, op, mode, block, null);
    if (result instanceof Promise) transaction.track(result);
    return result;
  }

  /** Waits until an `atomic` block inside `block`, which another task has open, has ended. */
  protected turn(block: Block, mode: Mode): Promise<void> {
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
    release: Release,
  ): unknown {
    try {
      const result = observed()
        ? this.#sendObserved(session, op, mode, block, release)
        : this.#send(session, op, mode, block, release);
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
    release: Release,
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

  #fail(error: unknown, op: RowsOp | RunOp | OpenOp, block: Block | null, release: Release): never {
    const aborted = isReasonOfSignal(error);
    const wrapped = this.#errorOf(error, op);
    if (block !== null && (aborted || op.kind === "run" || (op.kind === "rows" && op.write === true))) {
      this.breakTransaction(block, wrapped);
    }
    // No cursor came to be that could give the session back.
    if (op.kind === "open") release?.(null);
    throw wrapped;
  }

  /** The error that the caller gets: the reason of an abort as it is. */
  #errorOf(error: unknown, op: RowsOp | RunOp | OpenOp): unknown {
    return isReasonOfSignal(error) ? error : this.wrapError(error, op.sql);
  }

  /** Nothing more may run in the transaction of `block` until it is rolled back. */
  breakTransaction(block: Block, cause: unknown): void {
    block.transaction.needsRollback = true;
    block.transaction.rollbackCause = cause;
  }

  #sendObserved(
    session: Session,
    op: RowsOp | RunOp | OpenOp,
    mode: Mode,
    block: Block | null,
    release: Release,
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
    return observe(
      about,
      () => this.#send(session, op, mode, block, release),
      outcomeOf,
      (error) => this.#errorOf(error, op),
    );
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
      const closed = this.closeCursor(cursor, mode);
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

  protected closeCursor(cursor: OpenCursor, mode: Mode): Maybe<void> {
    if (cursor.done) return;
    cursor.done = true;
    const closed = cursor.handle.close(mode);
    cursor.done = false;
    if (closed instanceof Promise) return closed.finally(() => cursor.finish());
    cursor.finish();
  }
}

/** Whether `error` is what the signal of the caller was aborted with, and not one of the database. */
function isReasonOfSignal(error: unknown): boolean {
  const signal = currentSignal();
  return signal?.aborted === true && signal.reason === error;
}

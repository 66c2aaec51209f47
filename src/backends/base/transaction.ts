/**
 * Transactions as state: which blocks are open, who may use the connection now, what runs on commit.
 *
 * A {@link Transaction} is one real transaction of one database session. Its {@link Block}s are the nested
 * `atomic` blocks. The innermost block of the running code lives in `AsyncLocalStorage`, so that whatever
 * runs inside a block, and nothing else, works in its transaction. No SQL here: the connection sends it.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { TransactionManagementError } from "../../errors.ts";
import type { OpenCursor } from "./open-cursor.ts";
import type { Session } from "./session.ts";

/** Called after the commit of the outermost block. */
export interface CommitHook {
  readonly callback: () => unknown;
  readonly robust: boolean;
  /** The savepoints that must survive for the hook to run. */
  readonly sids: ReadonlySet<string>;
}

export class Transaction {
  readonly alias: string;
  /** The database session which the transaction has for itself. */
  readonly session: Session;
  /** A database error happened: nothing may run until the rollback. */
  needsRollback = false;
  /** The error that set {@link needsRollback}. */
  rollbackCause: unknown = undefined;
  hooks: CommitHook[] = [];
  /** The server has confirmed the commit; whatever fails now, the work stays. */
  committed = false;
  /** How many statements have been sent and not been answered. */
  running = 0;
  /** The block whose code may use the session now: the innermost with a savepoint, or the outermost. */
  tip: Block | null = null;
  /** Cursors opened in this transaction; they end with it. */
  readonly cursors: Set<OpenCursor> = new Set();
  #savepoints = 0;
  #waiting: (() => void)[] = [];

  constructor(alias: string, session: Session) {
    this.alias = alias;
    this.session = session;
  }

  /** Counts a statement until it is answered. */
  track(result: Promise<unknown>): void {
    this.running++;
    const answered = () => {
      this.running--;
    };
    result.then(answered, answered);
  }

  nextSavepointId(): string {
    this.#savepoints += 1;
    return `s${this.#savepoints}`;
  }

  /** Makes `block` the one that may work, and wakes those who wait for their turn. */
  moveTo(block: Block | null): void {
    this.tip = block;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Settles when {@link tip} has changed; whoever waited looks again then. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

export class Block {
  readonly transaction: Transaction;
  /** The enclosing block of the same transaction; null for the outermost. */
  readonly parent: Block | null;
  /** The enclosing block of any alias: the next entry of the context. */
  readonly outer: Block | null;
  /** The savepoint of this block, null where it has none. */
  readonly sid: string | null;
  /** The block itself, or the nearest enclosing one with a savepoint: what must be the tip for work to run. */
  readonly frame: Block;
  ended = false;

  constructor(transaction: Transaction, parent: Block | null, outer: Block | null, sid: string | null) {
    this.transaction = transaction;
    this.parent = parent;
    this.outer = outer;
    this.sid = sid;
    this.frame = parent === null || sid !== null ? this : parent.frame;
  }

  /** The savepoints of this block and those around it. */
  get sids(): Set<string> {
    const sids = new Set<string>();
    for (let block: Block | null = this; block !== null; block = block.parent) {
      if (block.sid !== null) sids.add(block.sid);
    }
    return sids;
  }

  /** Throws unless this block and those around it are still open: code started inside must not outlive them. */
  checkOpen(): void {
    let open: Block | null = this;
    while (open !== null && !open.ended) open = open.parent;
    if (open !== null) {
      throw new TransactionManagementError(
        `This query escaped its transaction: the 'atomic' block on '${this.transaction.alias}' in which it was ` +
          "started has already ended. Await everything inside the block, or start it after the block or in onCommit().",
      );
    }
  }

  /** Throws when the transaction waits for its rollback. */
  checkUsable(): void {
    this.checkOpen();
    if (this.transaction.needsRollback) {
      throw new TransactionManagementError(
        "An error occurred in the current transaction. You can't execute queries until the end of the " +
          "'atomic' block.",
        { cause: this.transaction.rollbackCause },
      );
    }
  }
}

/** Made by the first transaction: programs without one pay nothing for looking. */
let storage: AsyncLocalStorage<Block | null> | null = null;

/** The innermost block, of any alias, in which the caller runs. */
export function currentBlock(): Block | null {
  return storage === null ? null : (storage.getStore() ?? null);
}

/** The innermost block on `alias`, starting at `head`. */
export function blockOn(alias: string, head: Block | null): Block | null {
  let block = head;
  while (block !== null && block.transaction.alias !== alias) block = block.outer;
  return block;
}

/** Calls `fn` inside `block`. */
export function runInBlock<T>(block: Block | null, fn: () => T): T {
  storage ??= new AsyncLocalStorage();
  return storage.run(block, fn);
}

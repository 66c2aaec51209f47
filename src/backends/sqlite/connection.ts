/**
 * The connection to an SQLite database.
 *
 * A file has one writer, guarded by a lock that a transaction holds until its end, and readers beside it: no
 * code ever sees the uncommitted rows of a transaction that it is not part of, although everything runs in one
 * process. A database in memory has the one session only; there readers wait as well.
 */

import { OperationalError } from "../../errors.ts";
import type { DatabaseSettings } from "../../settings.ts";
import type { Mode, OpenOp, RowsOp, RunOp } from "../../task.ts";
import { FifoLock } from "../../util/lock.ts";
import type { Maybe } from "../../util/promise.ts";
import { DatabaseConnection, type TransactionKind } from "../base/connection.ts";
import type { DatabaseFeatures } from "../base/features.ts";
import type { OpenCursor } from "../base/open-cursor.ts";
import type { DatabaseOperations } from "../base/operations.ts";
import type { Session, SessionCursor } from "../base/session.ts";
import { currentSignal } from "../base/signal.ts";
import { resultCode, wrapSqliteError } from "./errors.ts";
import { type FileSession, type OpenOptions, SqliteSession } from "./session.ts";
import { WorkerHost } from "./worker-host.ts";

/** A cursor that can be taken off the database. */
interface DetachableCursor extends SessionCursor {
  detach(mode: Mode): Maybe<void>;
}

/** Readers without work that are kept open. */
const SPARE_READERS = 2;

export class SqliteConnection extends DatabaseConnection {
  override readonly vendor = "sqlite";
  readonly inMemory: boolean;
  readonly #busyTimeout: number;
  readonly #lock: FifoLock;
  readonly #begin: string;
  #writer: FileSession | null = null;
  /** Serves single reads while the writer is in a transaction. */
  #reader: FileSession | null = null;
  /** Sessions for cursors, each of which needs one for itself. */
  #spare: FileSession[] = [];
  readonly #lent = new Set<FileSession>();
  /** Cursors on the only session of a database in memory. */
  readonly #cursors = new Set<OpenCursor>();
  #host: WorkerHost | null = null;

  constructor(settings: DatabaseSettings, ops: DatabaseOperations, features: DatabaseFeatures) {
    super(settings, ops, features);
    this.inMemory = isInMemory(settings.name);
    this.#busyTimeout = settings.busyTimeout ?? 5_000;
    this.#begin = settings.transactionMode ? `BEGIN ${settings.transactionMode}` : "BEGIN";
    this.#lock = new FifoLock(this.#busyTimeout, (milliseconds) => this.#lockedError(milliseconds));
  }

  protected override executeAutocommit(op: RowsOp | RunOp | OpenOp, mode: Mode): unknown {
    const writes = op.kind === "run" || (op.kind === "rows" && op.write === true);
    if (op.kind === "open") return this.#openCursor(op, mode);
    if (!this.#lock.held) return this.perform(this.#writer ?? this.#open(), op, mode, null, null);
    if (!writes && !this.inMemory) return this.#read(op as RowsOp, mode);
    if (mode === "sync") throw this.#lockedError(null);
    return this.#whenFree(() => this.perform(this.#writer ?? this.#open(), op, mode, null, null));
  }

  /** Reads beside a transaction. */
  #read(op: RowsOp, mode: Mode): unknown {
    this.#reader ??= this.#connect(true);
    const again = (error: unknown): unknown => {
      // A statement that writes although nobody said so, for instance raw(): it has to wait as writes do.
      if (!isReadOnlyError(error)) throw error;
      if (mode === "sync") throw this.#lockedError(null);
      return this.#whenFree(() => this.perform(this.#writer ?? this.#open(), op, mode, null, null));
    };
    try {
      const rows = this.perform(this.#reader, op, mode, null, null);
      return rows instanceof Promise ? rows.catch(again) : rows;
    } catch (error) {
      return again(error);
    }
  }

  /** A cursor lives across other statements, so it gets a reader of its own. */
  #openCursor(op: OpenOp, mode: Mode): unknown {
    if (!this.inMemory) {
      const session = this.#spare.pop() ?? this.#connect(true);
      this.#lent.add(session);
      return this.perform(session, op, mode, null, () => this.#giveBack(session));
    }
    const open = (): unknown => {
      const opened = this.perform(this.#writer ?? this.#open(), op, mode, null, (cursor) => {
        if (cursor !== null) this.#cursors.delete(cursor);
      });
      const keep = (cursor: unknown) => {
        this.#cursors.add(cursor as OpenCursor);
        return cursor;
      };
      return opened instanceof Promise ? opened.then(keep) : keep(opened);
    };
    if (!this.#lock.held) return open();
    if (mode === "sync") throw this.#lockedError(null);
    return this.#whenFree(open);
  }

  #giveBack(session: FileSession): void {
    if (!this.#lent.delete(session)) return;
    if (this.#spare.length < SPARE_READERS) this.#spare.push(session);
    else void session.close();
  }

  async #whenFree(work: () => unknown): Promise<unknown> {
    await this.#lock.acquire(currentSignal());
    try {
      return await work();
    } finally {
      this.#lock.release();
    }
  }

  protected override begin(mode: Mode, kind: TransactionKind): Maybe<Session> {
    // Refuses what there is not; a transaction of SQLite is serializable as it is.
    this.ops.startTransactionSql(kind);
    if (this.#lock.tryAcquire()) return this.#beginLocked(mode);
    if (mode === "sync") throw this.#lockedError(null);
    return this.#lock.acquire(currentSignal()).then(() => this.#beginLocked(mode));
  }

  #beginLocked(mode: Mode): Maybe<Session> {
    const fail = (error: unknown): never => {
      this.#lock.release();
      throw error;
    };
    try {
      const session = this.#writer ?? this.#open();
      const detached = this.#detachCursors(mode);
      const begun =
        detached instanceof Promise
          ? detached.then(() => this.control(session, this.#begin, mode))
          : this.control(session, this.#begin, mode);
      return begun instanceof Promise ? begun.then(() => session, fail) : session;
    } catch (error) {
      return fail(error);
    }
  }

  /** Cursors of others must not see the rows of the transaction that now begins on their session. */
  #detachCursors(mode: Mode): Maybe<unknown> {
    if (this.#cursors.size === 0) return undefined;
    const waiting: unknown[] = [];
    for (const cursor of this.#cursors) waiting.push((cursor.handle as DetachableCursor).detach(mode));
    this.#cursors.clear();
    return waiting.some((one) => one instanceof Promise) ? Promise.all(waiting) : undefined;
  }

  protected override release(session: Session, broken: boolean): void {
    if (broken && session === this.#writer && !this.inMemory) {
      void this.#writer.close();
      this.#writer = null;
    }
    this.#lock.release();
  }

  protected override wrapError(error: unknown, sql: string): unknown {
    return wrapSqliteError(error, sql);
  }

  /** Another process has written since this transaction began to read, or is writing. */
  override isSerializationFailure(error: unknown): boolean {
    return error instanceof OperationalError && resultCode(error.cause) === 5;
  }

  override version(mode: Mode): Maybe<readonly number[]> {
    const parse = (rows: unknown): number[] =>
      String((rows as string[][])[0]?.[0])
        .split(".")
        .map(Number);
    const op: RowsOp = { kind: "rows", alias: this.alias, sql: "SELECT sqlite_version()", params: [] };
    const rows = this.executeAutocommit(op, mode);
    return rows instanceof Promise ? rows.then(parse) : parse(rows);
  }

  override close(): Maybe<void> {
    this.#lock.abort(new OperationalError(`The connection '${this.alias}' was closed.`));
    const sessions = [this.#writer, this.#reader, ...this.#spare, ...this.#lent];
    const host = this.#host;
    this.#forget();
    if (host !== null) return host.close();
    for (const session of sessions) void session?.close();
  }

  #forget(): void {
    this.#host = null;
    this.#writer = null;
    this.#reader = null;
    this.#spare = [];
    this.#lent.clear();
    this.#cursors.clear();
  }

  /** A worker that dies takes its sessions along; the next use starts another. */
  #startWorker(): WorkerHost {
    const host: WorkerHost = new WorkerHost(() => {
      if (this.#host === host) this.#forget();
    });
    return host;
  }

  #open(): FileSession {
    this.#writer = this.#connect(false);
    return this.#writer;
  }

  #connect(queryOnly: boolean): FileSession {
    const { settings } = this;
    const options: OpenOptions = {
      path: settings.name,
      driver: settings.driver as OpenOptions["driver"],
      readOnly: settings.readOnly === true,
      queryOnly,
      busyTimeout: this.#busyTimeout,
      journalMode:
        queryOnly || this.inMemory || settings.readOnly === true ? null : (settings.journalMode ?? "wal"),
      initCommand: settings.initCommand ?? "",
      statementCache: settings.statementCache ?? 256,
    };
    try {
      if (settings.worker === true) {
        this.#host ??= this.#startWorker();
        return this.#host.open(options);
      }
      return new SqliteSession(options);
    } catch (error) {
      throw wrapSqliteError(error, `open ${settings.name}`);
    }
  }

  #lockedError(milliseconds: number | null): OperationalError {
    return milliseconds === null
      ? new OperationalError(
          `database is locked: an async transaction on '${this.alias}' is open in another task, and sync access ` +
            "cannot wait for it. Use the async API here (aobjects, asave(), aatomic()), or await that task first.",
        )
      : new OperationalError(
          `database is locked: another task has kept a transaction on '${this.alias}' open for ${milliseconds} ms. ` +
            "Does it wait for this task? Keep transactions short, or raise the setting busyTimeout.",
        );
  }
}

/** Whether that name means a database in memory. */
export function isInMemory(name: string): boolean {
  return name === ":memory:" || name.includes("mode=memory");
}

function isReadOnlyError(error: unknown): boolean {
  return error instanceof OperationalError && resultCode(error.cause) === 8;
}

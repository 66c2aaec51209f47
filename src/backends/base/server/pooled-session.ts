/** A session with a server, as a member of a pool: what all drivers have in common. */

import { OperationalError } from "../../../errors.ts";
import type { Mode, Rows, RunResult } from "../../../task.ts";
import type { OpenStatement, RowsStatement, RunStatement, Session, SessionCursor } from "../session.ts";
import type { Pooled } from "./pool.ts";

export abstract class PooledSession implements Session, Pooled {
  /** Why the connection is lost; null while it works. */
  lost: unknown = null;
  onLost: (() => void) | null = null;
  /** The statement sent last. */
  lastSql = "";
  openedAt = 0;
  lentAt = 0;
  idleSince = 0;

  abstract readonly inTransaction: boolean;

  abstract rows(statement: RowsStatement, mode: Mode, signal: AbortSignal | null): Promise<Rows>;
  abstract run(statement: RunStatement, mode: Mode, signal: AbortSignal | null): Promise<RunResult>;
  abstract open(statement: OpenStatement, mode: Mode, signal: AbortSignal | null): Promise<SessionCursor>;

  abstract rest(): void;
  abstract wake(): void;
  abstract check(): Promise<void>;
  abstract end(): Promise<void>;

  /** Notes that the connection is lost. The pool takes it out, unless somebody uses it. */
  protected lose(error: unknown): void {
    if (this.lost !== null) return;
    this.lost = error ?? new Error("Connection terminated unexpectedly");
    this.onLost?.();
  }

  /** What a request gets that comes when the connection is lost; null while it works. */
  protected lostError(): OperationalError | null {
    if (this.lost === null) return null;
    const message = this.lost instanceof Error ? this.lost.message : String(this.lost);
    return new OperationalError(`The connection to the server is lost: ${message}`);
  }
}

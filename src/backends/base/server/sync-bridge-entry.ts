/** What runs in the worker of a {@link SyncBridge}: the async connection, its sessions and cursors by number. */

import { InterfaceError } from "../../../errors.ts";
import type { DatabaseSettings } from "../../../settings.ts";
import type { Rows, RunResult } from "../../../task.ts";
import { getBackend } from "../backend.ts";
import type { OpenStatement, RowsStatement, RunStatement, Session, SessionCursor } from "../session.ts";
import type { SessionLender } from "./pooled-connection.ts";

interface OpenCursor {
  readonly handle: SessionCursor;
  /** Given back at the cursor's end; null where a transaction keeps it. */
  readonly session: Session | null;
}

let connection: SessionLender | null = null;
const sessions = new Map<number, Session>();
const cursors = new Map<number, OpenCursor>();
let lastId = 0;

/** Makes the connection; it opens with its first statement. */
export async function open(settings: DatabaseSettings): Promise<void> {
  // The backends make themselves known when the library is loaded.
  await import("../../../index.ts");
  const backend = getBackend(settings.engine, settings.alias);
  const features = backend.createFeatures(settings);
  const ops = backend.createOperations(features, settings);
  connection = backend.createConnection(settings, ops, features) as unknown as SessionLender;
}

function lender(): SessionLender {
  if (connection === null) throw new InterfaceError("The connection is not open.");
  return connection;
}

function sessionOf(id: number): Session {
  const session = sessions.get(id);
  if (session === undefined) throw new InterfaceError("The connection that held the transaction is gone.");
  return session;
}

/** Calls `work` with a session of a transaction, or with any that is free (0). */
async function on<T>(id: number, work: (session: Session) => T | PromiseLike<T>): Promise<T> {
  return id === 0 ? lender().borrow(work) : work(sessionOf(id));
}

export async function rows(id: number, statement: RowsStatement): Promise<Rows> {
  return on(id, (session) => session.rows(statement, "async", null));
}

export async function run(id: number, statement: RunStatement): Promise<RunResult> {
  return on(id, (session) => session.run(statement, "async", null));
}

/** Lends a session to a transaction; gives its number. */
export async function lend(): Promise<number> {
  const session = await lender().lend();
  sessions.set(++lastId, session);
  return lastId;
}

/** Ends the use of a session by a transaction. */
export async function release(id: number, broken: boolean): Promise<void> {
  const session = sessions.get(id);
  sessions.delete(id);
  if (session !== undefined) lender().giveBack(session, broken);
}

export async function openCursor(
  id: number,
  statement: OpenStatement,
): Promise<{ cursor: number; columns: readonly string[] }> {
  const session = id === 0 ? await lender().lend() : sessionOf(id);
  try {
    const handle = await session.open(statement, "async", null);
    cursors.set(++lastId, { handle, session: id === 0 ? session : null });
    return { cursor: lastId, columns: handle.columns };
  } catch (error) {
    if (id === 0) lender().giveBack(session, false);
    throw error;
  }
}

export async function fetch(id: number, count: number): Promise<Rows> {
  const cursor = cursors.get(id);
  if (cursor === undefined) return [];
  const taken = await cursor.handle.fetch(count, "async", null);
  if (taken.length < count) finish(id, cursor);
  return taken;
}

export async function closeCursor(id: number): Promise<void> {
  const cursor = cursors.get(id);
  if (cursor === undefined) return;
  try {
    await cursor.handle.close("async");
  } finally {
    finish(id, cursor);
  }
}

function finish(id: number, { session }: OpenCursor): void {
  cursors.delete(id);
  if (session !== null) lender().giveBack(session, false);
}

export async function close(): Promise<void> {
  await connection?.close();
  sessions.clear();
  cursors.clear();
}

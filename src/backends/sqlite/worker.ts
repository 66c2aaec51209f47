/** The thread that owns a database when the setting `worker` is on. */

import { parentPort, workerData } from "node:worker_threads";
import { type OpenOptions, type SqliteCursor, SqliteSession } from "./session.ts";
import {
  type Answer,
  type OpenedCursor,
  type Request,
  toPlainError,
  type Work,
  type WorkerStart,
} from "./worker-protocol.ts";

const { signal, port } = workerData as WorkerStart;
const flag = new Int32Array(signal);
const options = new Map<number, OpenOptions>();
const sessions = new Map<number, SqliteSession>();
const cursors = new Map<number, SqliteCursor>();

/** Opens at the first use, so that a failure is that statement's, and the next one tries again. */
function session(id: number): SqliteSession {
  let found = sessions.get(id);
  if (found === undefined) {
    const how = options.get(id);
    if (how === undefined)
      throw Object.assign(new Error("database is not open"), { code: "ERR_INVALID_STATE" });
    found = new SqliteSession(how);
    sessions.set(id, found);
  }
  return found;
}

function perform(work: Work): unknown {
  switch (work.kind) {
    case "session":
      options.set(work.session, work.options);
      return undefined;
    case "rows":
      return session(work.session).rows(work);
    case "run":
      return session(work.session).run(work);
    case "open": {
      const cursor = session(work.session).open(work);
      cursors.set(work.cursor, cursor);
      return { columns: cursor.columns, types: cursor.types } satisfies OpenedCursor;
    }
    case "fetch": {
      const rows = cursors.get(work.cursor)?.fetch(work.count) ?? [];
      if (rows.length < work.count) cursors.delete(work.cursor);
      return rows;
    }
    case "detach":
      cursors.get(work.cursor)?.detach();
      return undefined;
    case "closeCursor":
      cursors.get(work.cursor)?.close();
      cursors.delete(work.cursor);
      return undefined;
    case "closeSession":
      sessions.get(work.session)?.close();
      sessions.delete(work.session);
      options.delete(work.session);
      return undefined;
    case "exit":
      for (const open of sessions.values()) open.close();
      sessions.clear();
      return undefined;
  }
}

function answer({ id, work }: Request): Answer {
  try {
    return { id, value: perform(work) };
  } catch (error) {
    return { id, error: toPlainError(error) };
  }
}

parentPort?.on("message", (request: Request) => {
  const reply = answer(request);
  if (request.sync) {
    port.postMessage(reply);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  } else if (request.id !== 0) {
    parentPort?.postMessage(reply);
  }
});

/** Statements of databases that a router watches: it learns of writes, and of replicas that cannot serve. */
import type { QueryOp } from "../backends/base/executor.ts";
import type { Watcher } from "../backends/base/watch.ts";
import { connections } from "../connections.ts";

type Send = (op: QueryOp) => unknown;

/** Sends a statement; a query that the database cannot serve is sent to its stand-in. */
export function sendWatched(op: QueryOp, watcher: Watcher, isInBlock: boolean, send: Send): unknown {
  if (op.kind === "fetch" || op.kind === "close") return send(op);
  if (mayWrite(op)) {
    watcher.writing?.();
    return send(op);
  }
  const { standIn } = watcher;
  if (standIn === undefined || isInBlock) return send(op);
  const answered = (result: unknown) => {
    watcher.answered?.();
    return result;
  };
  const failed = (error: unknown): unknown => {
    const connection = connections.get(op.alias);
    const isLost = connection.isUnavailable(error);
    if (isLost) watcher.lost?.();
    // A replica gives up queries that stand in the way of what it has to apply.
    else if (!connection.isSerializationFailure(error)) throw error;
    return send({ ...op, alias: standIn });
  };
  let result: unknown;
  try {
    result = send(op);
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? result.then(answered, failed) : answered(result);
}

const READS = /^\s*(?:SELECT|VALUES|TABLE|EXPLAIN|SHOW|PRAGMA|WITH|\()/i;
const WRITES = /\b(?:INSERT|UPDATE|DELETE|MERGE|REPLACE)\b/i;

/** Of SQL by hand the text has to tell. */
function mayWrite(op: Exclude<QueryOp, { kind: "fetch" | "close" }>): boolean {
  if (op.kind === "run" || (op.kind === "rows" && op.write === true)) return true;
  return !READS.test(op.sql) || (/^\s*(?:WITH|EXPLAIN)/i.test(op.sql) && WRITES.test(op.sql));
}

import type { ModelInstance } from "../models/types.ts";
import type { Cursor, Rows, Task } from "../task.ts";
import { convertDeclared } from "./declared-types.ts";
import { boundPlan, type ReadableQuerySet, readRows, setKnownRelated } from "./fetch.ts";
import { prefetchRelatedObjects } from "./prefetch.ts";

/** A queryset that is read in chunks. */
export interface Stream {
  readonly queryset: ReadableQuerySet;
  readonly db: string;
  readonly cursor: Cursor | null;
  readonly read: (rows: Rows) => unknown[];
}

/** Opens a cursor for the rows of a queryset. */
export function* openStream(queryset: ReadableQuerySet, chunkSize: number): Task<Stream> {
  const { db } = queryset;
  const bound = boundPlan(queryset.shape, db, queryset.bindings);
  const { plan, params } = bound;
  if (plan.sql === null) return { queryset, db, cursor: null, read: () => [] };
  const op = { kind: "open", alias: db, sql: plan.sql, params, bigints: plan.bigints, chunkSize } as const;
  const cursor = (yield op) as Cursor;
  const peers: WeakRef<ModelInstance>[] = [];
  const { untyped } = plan;
  const typed = (rows: Rows) => (untyped.length > 0 ? convertDeclared(rows, untyped, cursor, db) : rows);
  return { queryset, db, cursor, read: (rows) => readRows(queryset, db, bound, typed(rows), peers) };
}

/** The next rows, with what is to be prefetched; none at the end. */
export function* nextChunk({ queryset, db, cursor, read }: Stream): Task<readonly unknown[]> {
  if (cursor === null) return [];
  const rows = (yield { kind: "fetch", alias: db, cursor }) as Rows;
  if (rows.length === 0) return rows;
  const results = read(rows);
  if (queryset.known.length > 0) setKnownRelated(queryset, results as ModelInstance[]);
  if (queryset.prefetches.length > 0)
    yield* prefetchRelatedObjects(results as ModelInstance[], queryset.prefetches);
  return results;
}

/** Closes the cursor; needed when the reader stops early. */
export function* closeStream({ db, cursor }: Stream): Task<void> {
  if (cursor !== null) yield { kind: "close", alias: db, cursor };
}

import { ArgumentTypeError } from "../errors.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Prefetch } from "../query/prefetch.ts";
import type { Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { prefetchRelatedObjects as prefetch } from "./prefetch.ts";
import { runAsync, runSync } from "./run.ts";

/** The public functions; they are typed in `types/loading.ts`. */

function* task(objects: Iterable<object>, lookups: readonly unknown[]): Task<void> {
  if (typeof objects?.[Symbol.iterator] !== "function")
    throw new ArgumentTypeError(`prefetchRelatedObjects() takes a list of objects, not ${repr(objects)}.`);
  yield* prefetch([...objects] as ModelInstance[], lookups as readonly (string | Prefetch)[]);
}

export function prefetchRelatedObjects(objects: Iterable<object>, ...lookups: readonly unknown[]): void {
  runSync(task(objects, lookups));
}

export function aprefetchRelatedObjects(
  objects: Iterable<object>,
  ...lookups: readonly unknown[]
): Promise<void> {
  return runAsync(task(objects, lookups));
}

/** Counting queries in tests. */

import { onQuery, type QueryEvent } from "../backends/base/observe.ts";
import { isThenable } from "../util/promise.ts";

/** What ran while a function ran. */
export interface CountedQueries<T> {
  /** What the function returned. */
  readonly value: T;
  /** How many queries ran, transaction control left out. */
  readonly count: number;
  readonly queries: readonly QueryEvent[];
}

/**
 * Calls `fn` and counts the queries that run meanwhile, as Django's `assertNumQueries` does. An async `fn` is
 * awaited. An error of `fn` passes through.
 *
 * @example
 * const { count } = await countQueries(() => Pizza.aobjects.selectRelated("box").eval());
 * assert.equal(count, 1);
 */
export function countQueries<T>(
  fn: () => PromiseLike<T>,
  options?: { using?: string },
): Promise<CountedQueries<T>>;
export function countQueries<T>(fn: () => T, options?: { using?: string }): CountedQueries<T>;
export function countQueries(
  fn: () => unknown,
  { using }: { using?: string } = {},
): CountedQueries<unknown> | Promise<CountedQueries<unknown>> {
  const queries: QueryEvent[] = [];
  const stop = onQuery((event) => {
    if (!event.control && (using === undefined || event.alias === using)) queries.push(event);
  });
  const counted = (value: unknown) => {
    stop();
    return { value, count: queries.length, queries };
  };
  let value: unknown;
  try {
    value = fn();
  } catch (error) {
    stop();
    throw error;
  }
  if (!isThenable(value)) return counted(value);
  return Promise.resolve(value).then(counted, (error) => {
    stop();
    throw error;
  });
}

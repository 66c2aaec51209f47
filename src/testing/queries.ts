/** Counting and capturing queries in tests. */
import { AssertionError } from "node:assert";
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

/** Which queries are meant. */
export interface CaptureOptions {
  /** The alias of the database. Default: every database. */
  using?: string;
  /** Whether the queries say which line of code asks (`query.caller`). Default false. */
  caller?: boolean;
}

/** The queries that run until {@link stop} is called. */
export interface CapturedQueries extends Iterable<QueryEvent> {
  /** The queries so far, transaction control left out. */
  readonly queries: readonly QueryEvent[];
  /** How many they are. */
  readonly length: number;
  /** Ends it. `using captured = captureQueries();` does so at the end of the block. */
  stop(): void;
  [Symbol.dispose](): void;
}

/**
 * Collects the queries that run from now on, transaction control left out.
 *
 * @example
 * const captured = captureQueries();
 * Pizza.objects.count();
 * captured.stop();
 * captured.queries[0]?.sql; // 'SELECT COUNT(*) AS "__count" FROM "testapp_pizza"'
 *
 * Django: `django.test.utils.CaptureQueriesContext`.
 */
export function captureQueries({ using, caller = false }: CaptureOptions = {}): CapturedQueries {
  const queries: QueryEvent[] = [];
  const stop = onQuery(
    (event) => {
      if (!event.control && (using === undefined || event.alias === using)) queries.push(event);
    },
    { caller },
  );
  return {
    queries,
    get length() {
      return queries.length;
    },
    stop,
    [Symbol.dispose]: stop,
    [Symbol.iterator]: () => queries[Symbol.iterator](),
  };
}

/**
 * Calls `fn` and counts the queries that run meanwhile. An async `fn` is awaited. An error of `fn` passes through.
 *
 * @example
 * const { count } = await countQueries(() => Pizza.aobjects.selectRelated("box").eval());
 * assert.equal(count, 1);
 */
export function countQueries<T>(
  fn: () => PromiseLike<T>,
  options?: CaptureOptions,
): Promise<CountedQueries<T>>;
export function countQueries<T>(fn: () => T, options?: CaptureOptions): CountedQueries<T>;
export function countQueries(
  fn: () => unknown,
  options: CaptureOptions = {},
): CountedQueries<unknown> | Promise<CountedQueries<unknown>> {
  const captured = captureQueries(options);
  const counted = (value: unknown) => {
    captured.stop();
    return { value, count: captured.length, queries: captured.queries };
  };
  let value: unknown;
  try {
    value = fn();
  } catch (error) {
    captured.stop();
    throw error;
  }
  if (!isThenable(value)) return counted(value);
  return Promise.resolve(value).then(counted, (error) => {
    captured.stop();
    throw error;
  });
}

/**
 * Calls `fn` and fails unless exactly `expected` queries run meanwhile; the message shows them. An async `fn` is awaited.
 *
 * @returns what `fn` returns
 * @throws `AssertionError` of `node:assert`
 *
 * @example
 * await assertNumQueries(2, () => Pizza.aobjects.prefetchRelated("toppings").eval());
 *
 * Django: `TransactionTestCase.assertNumQueries()`.
 */
export function assertNumQueries<T>(
  expected: number,
  fn: () => PromiseLike<T>,
  options?: CaptureOptions,
): Promise<T>;
export function assertNumQueries<T>(expected: number, fn: () => T, options?: CaptureOptions): T;
export function assertNumQueries(expected: number, fn: () => unknown, options: CaptureOptions = {}): unknown {
  const counted = countQueries(fn, options);
  return counted instanceof Promise
    ? counted.then((queries) => checkCount(expected, queries))
    : checkCount(expected, counted);
}

function checkCount<T>(expected: number, { value, count, queries }: CountedQueries<T>): T {
  if (count === expected) return value;
  const list = queries.map(
    ({ sql, caller }, i) => `${i + 1}. ${sql}${caller === undefined ? "" : ` -- ${caller}`}`,
  );
  throw new AssertionError({
    message: `${count} queries executed, ${expected} expected\nCaptured queries were:\n${list.join("\n")}`,
    actual: count,
    expected,
    operator: "assertNumQueries",
    stackStartFn: assertNumQueries,
  });
}

/**
 * The stream of query events: for `onQuery()`, the diagnostics channels, and what is built on them. Costs nothing when
 * nobody listens.
 */
import { tracingChannel } from "node:diagnostics_channel";
import { wantCallers } from "./caller.ts";

/** What a statement is for: asking and writing, or the control of transactions. */
export type StatementKind =
  | "query"
  | "begin"
  | "commit"
  | "rollback"
  | "savepoint"
  | "release"
  | "rollbackToSavepoint";

/** The control of transactions. */
export type ControlKind = Exclude<StatementKind, "query">;

/** A statement that was sent to a database. */
export interface QueryEvent {
  /** The alias of the database. */
  readonly alias: string;
  readonly sql: string;
  /** The bound parameters, as the driver received them. */
  readonly params: readonly unknown[];
  readonly kind: StatementKind;
  /** `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT` and `RELEASE`, which Django does not count as queries. */
  readonly control: boolean;
  /** The number of the transaction in this process, from its `BEGIN` to its end; missing outside of one. */
  readonly transaction?: number;
  /** The line of user code, `/app/orders.ts:12:30`, where a listener has asked for it and there is one. */
  readonly caller?: string;
  /** How long the database worked, in milliseconds; -1 until it has answered. */
  readonly duration: number;
  /** How many rows came back, for a statement that gives rows all at once. */
  readonly rows?: number;
  /** How many rows were changed, for a statement that gives none. */
  readonly changes?: number;
  /** What the statement failed with. */
  readonly error?: unknown;
}

/** What is known of a statement before it is sent. */
export type StatementStart = Pick<QueryEvent, "alias" | "sql" | "params" | "kind" | "transaction" | "caller">;

/** How a statement ended. */
export type Outcome = Pick<QueryEvent, "rows" | "changes" | "error">;

export type QueryListener = (event: QueryEvent) => void;

/** Options of {@link onQuery}. */
export interface OnQueryOptions {
  /** Whether events say which line of user code asks (`event.caller`). Takes microseconds per query. Default false. */
  caller?: boolean;
}

let listeners: readonly QueryListener[] | null = null;

/**
 * The diagnostics channels of statements: `tracing:asgimod:query:start`, `end`, `asyncStart`, `asyncEnd`, `error`.
 * Their messages are {@link QueryEvent}s, which get their outcome when there is one.
 */
const channel = tracingChannel("asgimod:query");
const { start, end, asyncStart, asyncEnd, error: failed } = channel;

/**
 * Calls `listener` after every statement, transaction control included (`event.control`).
 * Returns a function that removes the listener. Like Django's `connection.execute_wrapper`.
 *
 * @example
 * const stop = onQuery(({ sql, params }) => console.log(sql, params));
 * Pizza.objects.count(); // prints: SELECT COUNT(*) AS "__count" FROM "testapp_pizza" []
 * stop();
 */
export function onQuery(listener: QueryListener, options: OnQueryOptions = {}): () => void {
  listeners = [...(listeners ?? []), listener];
  const without = options.caller === true ? wantCallers() : () => {};
  return () => {
    without();
    const left = (listeners ?? []).filter((other) => other !== listener);
    listeners = left.length === 0 ? null : left;
  };
}

/** Whether anyone listens; asked before an event is made. */
export function observed(): boolean {
  return (
    listeners !== null ||
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    failed.hasSubscribers ||
    asyncStart.hasSubscribers
  );
}

type Growing = { -readonly [K in keyof QueryEvent]: QueryEvent[K] };

/** Sends a statement, and tells of it. `wrap` makes of the driver's error the one that users see. */
export function observe<T>(
  about: StatementStart,
  send: () => T,
  outcomeOf: (result: Awaited<T>) => Outcome,
  wrap: (error: unknown) => unknown,
): T {
  const event: Growing = { ...about, control: about.kind !== "query", duration: -1 };
  const started = performance.now();
  const finish = (outcome: Outcome) => {
    event.duration = performance.now() - started;
    Object.assign(event, outcome);
  };
  const notify = () => {
    for (const listener of listeners ?? []) listener(event);
  };
  let result: T;
  try {
    result = start.runStores(event, send);
  } catch (error) {
    finish({ error: wrap(error) });
    failed.publish(event);
    end.publish(event);
    notify();
    throw error;
  }
  if (!(result instanceof Promise)) {
    finish(outcomeOf(result as Awaited<T>));
    end.publish(event);
    notify();
    return result;
  }
  end.publish(event);
  const settle = (outcome: Outcome) => {
    finish(outcome);
    if (outcome.error !== undefined) failed.publish(event);
    asyncStart.publish(event);
    asyncEnd.publish(event);
    notify();
  };
  return result.then(
    (value: Awaited<T>) => {
      settle(outcomeOf(value));
      return value;
    },
    (error: unknown) => {
      settle({ error: wrap(error) });
      throw error;
    },
  ) as T;
}

const numbers = new WeakMap<object, number>();
let last = 0;

/** The number of the transaction that a session is in; given when it is first asked for. */
export function transactionNumber(session: object): number {
  let number = numbers.get(session);
  if (number === undefined) {
    last += 1;
    number = last;
    numbers.set(session, number);
  }
  return number;
}

/** The transaction of a session has ended. */
export function forgetTransaction(session: object): void {
  numbers.delete(session);
}

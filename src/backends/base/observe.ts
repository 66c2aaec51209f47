/** The query observer: tests count queries with it, programs print their SQL. Costs nothing when unused. */

/** A statement that was sent to a database. */
export interface QueryEvent {
  /** The alias of the database. */
  readonly alias: string;
  readonly sql: string;
  /** The bound parameters, as the driver received them. */
  readonly params: readonly unknown[];
  /** How long the database worked, in milliseconds. */
  readonly duration: number;
  /** How many rows came back, for a statement that gives rows all at once. */
  readonly rows?: number;
  /** How many rows were changed, for a statement that gives none. */
  readonly changes?: number;
  /** `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT` and `RELEASE`, which Django does not count as queries. */
  readonly control: boolean;
  /** What the statement failed with. */
  readonly error?: unknown;
}

export type QueryListener = (event: QueryEvent) => void;

let listeners: readonly QueryListener[] | null = null;

/**
 * Calls `listener` after every statement, transaction control included (`event.control`).
 * Returns a function that removes the listener. Like Django's `connection.execute_wrapper`.
 *
 * @example
 * const stop = onQuery(({ sql, params }) => console.log(sql, params));
 * Pizza.objects.count(); // prints: SELECT COUNT(*) AS "__count" FROM "testapp_pizza" []
 * stop();
 */
export function onQuery(listener: QueryListener): () => void {
  listeners = [...(listeners ?? []), listener];
  return () => {
    const left = (listeners ?? []).filter((other) => other !== listener);
    listeners = left.length === 0 ? null : left;
  };
}

/** Whether anyone listens; asked before an event is made. */
export function observed(): boolean {
  return listeners !== null;
}

/** Tells the listeners. */
export function notify(event: QueryEvent): void {
  for (const listener of listeners ?? []) listener(event);
}

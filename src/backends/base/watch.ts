/** What routers want to know of the statements that a database is sent. */

/** Told of the statements of one database. */
export interface Watcher {
  /** A statement that may change rows is about to be sent. */
  writing?(): void;
  /** The database that a query goes to instead when this one cannot serve it; not from within a transaction. */
  readonly standIn?: string;
  /** The database has answered a query. */
  answered?(): void;
  /** The database could not be reached. */
  lost?(): void;
}

/** The watchers by alias; `null`: there are none, which costs nothing. */
export let watchers: ReadonlyMap<string, Watcher> | null = null;

export function watchStatements(byAlias: ReadonlyMap<string, Watcher>): void {
  watchers = byAlias.size === 0 ? null : byAlias;
}

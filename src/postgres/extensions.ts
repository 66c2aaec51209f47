/** Extensions of the server. Django: django.contrib.postgres, "Creating extension using migrations". */
import { connections, DEFAULT_DB_ALIAS } from "../connections.ts";
import { runAsync } from "../execute/run.ts";
import type { Task } from "../task.ts";
import { onlyOnPostgresql } from "./only.ts";

export interface ExtensionOptions {
  /** The database's alias. */
  using?: string | undefined;
}

function* creation(name: string, alias: string): Task<void> {
  const { ops } = connections.get(alias);
  onlyOnPostgresql(ops, "An extension");
  yield { kind: "run", alias, sql: `CREATE EXTENSION IF NOT EXISTS ${ops.quoteName(name)}`, params: [] };
}

/**
 * Makes an extension of the server known to the database, unless it is already: `hstore`, `pg_trgm`, `unaccent`,
 * `btree_gist`, `bloom`, `citext`.
 *
 * @param name the extension's name on the server
 * @example
 * await createExtension("hstore"); // CREATE EXTENSION IF NOT EXISTS "hstore"
 * await createTables();
 * @throws ProgrammingError or OperationalError where the server does not have it, or the user may not create it.
 * Django: `CreateExtension`.
 */
export function createExtension(
  name: string,
  { using = DEFAULT_DB_ALIAS }: ExtensionOptions = {},
): Promise<void> {
  return runAsync(creation(name, using));
}

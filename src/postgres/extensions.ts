/** Extensions of the server and collations. Django: django.contrib.postgres, "Database migration operations". */
import { connections, DEFAULT_DB_ALIAS } from "../connections.ts";
import { ValueError } from "../errors.ts";
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

export interface CollationOptions extends ExtensionOptions {
  /** Whose rules these are: `"libc"`, the default, or `"icu"`. */
  provider?: "libc" | "icu" | undefined;
  /** `false`: different texts may be equal, whatever their case, for example. Only with `"icu"`. */
  deterministic?: boolean | undefined;
}

function* collation(name: string, locale: string, options: CollationOptions): Task<void> {
  const { using: alias = DEFAULT_DB_ALIAS, provider = "libc", deterministic = true } = options;
  if (provider !== "libc" && provider !== "icu") throw new ValueError(`Unknown provider: '${provider}'.`);
  const { ops } = connections.get(alias);
  onlyOnPostgresql(ops, "A collation");
  const parts = [`locale=${ops.quoteName(locale)}`];
  if (provider !== "libc") parts.push(`provider=${provider}`);
  if (!deterministic) parts.push("deterministic=false");
  const sql = `CREATE COLLATION IF NOT EXISTS ${ops.quoteName(name)} (${parts.join(", ")})`;
  yield { kind: "run", alias, sql, params: [] };
}

/**
 * Makes a collation, unless there is one of that name: rules by which texts are ordered and equal, for `dbCollation`.
 *
 * @param name what `dbCollation` calls it
 * @param locale the locale in the words of the provider: `"de-u-kn-true"`, `"und-u-ks-level2"`
 * @example
 * // texts that are equal whatever their case, Django's way since its CITextField is gone
 * await createCollation("case_insensitive", "und-u-ks-level2", { provider: "icu", deterministic: false });
 * email: EmailField({ dbCollation: "case_insensitive", unique: true })
 * // CREATE COLLATION IF NOT EXISTS "case_insensitive" (locale="und-u-ks-level2", provider=icu, deterministic=false)
 * @throws ProgrammingError where the server does not know the locale or the provider.
 * Django: `CreateCollation`.
 */
export function createCollation(name: string, locale: string, options: CollationOptions = {}): Promise<void> {
  return runAsync(collation(name, locale, options));
}

import { BaseTable, type FromItem, INNER, Join, LOUTER } from "./joins.ts";
import type { Query } from "./query.ts";

/** The tables of a query under their aliases: who is joined to whom, how, and how often it is used. */

function tableAlias(query: Query, tableName: string, filteredAlias: string | null): string {
  const aliases = query.tableMap.get(tableName);
  let alias: string;
  if (aliases === undefined) {
    alias = filteredAlias ?? tableName;
    query.tableMap.set(tableName, [alias]);
  } else {
    alias = `${query.aliasPrefix}${query.aliasMap.size + 1}`;
    query.tableMap.set(tableName, [...aliases, alias]);
  }
  query.aliasRefcount.set(alias, 1);
  return alias;
}

/** A further table of `extra(tables=...)`: its alias, used once more. */
export function extraTableAlias(query: Query, tableName: string): string {
  const alias = query.tableMap.get(tableName)?.[0];
  if (alias === undefined) return tableAlias(query, tableName, null);
  refAlias(query, alias);
  return alias;
}

export function refAlias(query: Query, alias: string): void {
  query.aliasRefcount.set(alias, (query.aliasRefcount.get(alias) ?? 0) + 1);
}

export function unrefAlias(query: Query, alias: string, amount = 1): void {
  query.aliasRefcount.set(alias, (query.aliasRefcount.get(alias) ?? 0) - amount);
}

export function item(query: Query, alias: string): FromItem {
  const found = query.aliasMap.get(alias);
  if (found === undefined) throw new Error(`No table has the alias '${alias}'.`);
  return found;
}

/** The alias of the query's own table; one use more. */
export function initialAlias(query: Query): string {
  const base = query.baseTable;
  if (base !== undefined) {
    refAlias(query, base);
    return base;
  }
  const name = query.opts.dbTable;
  const alias = tableAlias(query, name, null);
  query.aliasMap.set(alias, new BaseTable(name, alias));
  return alias;
}

/**
 * Joins a table, or finds the same join among those that may be reused.
 *
 * @param reuse `null`: any alias may be reused; else those of the set
 */
export function joinTable(query: Query, join: Join, reuse: ReadonlySet<string> | null): string {
  const { identity } = join;
  let last: string | undefined;
  for (const [alias, other] of query.aliasMap) {
    if ((reuse === null || reuse.has(alias)) && other.identity === identity) {
      last = alias;
      if (alias === join.tableAlias) break;
    }
  }
  if (last !== undefined) {
    refAlias(query, last);
    return last;
  }
  const alias = tableAlias(query, join.tableName, join.filteredRelation?.alias ?? null);
  const outer = item(query, join.parentAlias).joinType === LOUTER || join.nullable;
  query.aliasMap.set(alias, join.with({ joinType: outer ? LOUTER : INNER, tableAlias: alias }));
  if (join.filteredRelation !== null) {
    const resolveReuse = reuse === null ? null : new Set([...reuse, alias]);
    const before = query.aliasMap.size;
    const filteredRelation = join.filteredRelation.resolve(query, resolveReuse);
    const current = query.aliasMap.get(alias) as Join;
    // Tables that the condition needs come before the join that uses them.
    if (before < query.aliasMap.size) query.aliasMap.delete(alias);
    query.aliasMap.set(alias, current.with({ filteredRelation }));
  }
  return alias;
}

/** Makes joins outer where they may find no row, and all that hang on them. */
export function promoteJoins(query: Query, aliases: Iterable<string>): void {
  const queue = [...aliases];
  for (let alias = queue.shift(); alias !== undefined; alias = queue.shift()) {
    const join = item(query, alias);
    if (!(join instanceof Join)) continue;
    const parentOuter = item(query, join.parentAlias).joinType === LOUTER;
    if ((!join.nullable && !parentOuter) || join.joinType === LOUTER) continue;
    query.aliasMap.set(alias, join.promote());
    for (const [child, { parentAlias }] of query.aliasMap) {
      if (parentAlias === alias && !queue.includes(child)) queue.push(child);
    }
  }
}

/** Makes joins inner that must find a row, and those that they hang on. */
export function demoteJoins(query: Query, aliases: Iterable<string>): void {
  const queue = [...aliases];
  for (let alias = queue.shift(); alias !== undefined; alias = queue.shift()) {
    const join = item(query, alias);
    if (!(join instanceof Join) || join.joinType !== LOUTER) continue;
    query.aliasMap.set(alias, join.demote());
    if (item(query, join.parentAlias).joinType === INNER) queue.push(join.parentAlias);
  }
}

export function resetRefcounts(query: Query, counts: ReadonlyMap<string, number>): void {
  for (const alias of query.aliasRefcount.keys()) query.aliasRefcount.set(alias, counts.get(alias) ?? 0);
}

/** Renames aliases everywhere in the query. */
export function changeAliases(query: Query, changes: ReadonlyMap<string, string>): void {
  if (changes.size === 0) return;
  query.where = query.where.relabeledClone(changes) as typeof query.where;
  if (Array.isArray(query.groupBy))
    query.groupBy = query.groupBy.map((expression) => expression.relabeledClone(changes));
  query.select = query.select.map((expression) => expression.relabeledClone(changes));
  for (const [name, annotation] of query.annotations)
    query.annotations.set(name, annotation.relabeledClone(changes));
  for (const [oldAlias, newAlias] of changes) {
    const old = query.aliasMap.get(oldAlias);
    if (old === undefined) continue;
    const renamed = old.relabeledClone(changes);
    query.aliasMap.set(newAlias, renamed);
    query.aliasRefcount.set(newAlias, query.aliasRefcount.get(oldAlias) ?? 0);
    query.aliasRefcount.delete(oldAlias);
    query.aliasMap.delete(oldAlias);
    const aliases = query.tableMap.get(renamed.tableName) ?? [];
    query.tableMap.set(
      renamed.tableName,
      aliases.map((alias) => (alias === oldAlias ? newAlias : alias)),
    );
  }
  const external = new Map<string, boolean>();
  for (const [alias, renamed] of query.externalAliases) {
    external.set(changes.get(alias) ?? alias, renamed || changes.has(alias));
  }
  query.externalAliases = external;
  for (const combined of query.combinedQueries) {
    changeAliases(combined, new Map([...changes].filter(([alias]) => combined.externalAliases.has(alias))));
  }
}

function* prefixes(after: string): Generator<string> {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  yield String.fromCharCode(after.charCodeAt(0) + 1);
  for (const letter of alphabet.slice(alphabet.indexOf(after[0] as string) + 1)) yield letter;
  const words = function* (length: number): Generator<string> {
    if (length === 0) yield "";
    else for (const head of words(length - 1)) for (const letter of alphabet) yield head + letter;
  };
  for (let length = 2; ; length++) yield* words(length);
}

/** Gives a subquery aliases that the query around it does not use. */
export function bumpPrefix(query: Query, other: Query, exclude: ReadonlySet<string> = new Set()): void {
  if (query.aliasPrefix !== other.aliasPrefix) return;
  for (const prefix of prefixes(query.aliasPrefix)) {
    if (!query.subqAliases.has(prefix) && !other.subqAliases.has(prefix) && /^[A-Z]+$/.test(prefix)) {
      query.aliasPrefix = prefix;
      break;
    }
  }
  query.subqAliases = new Set([...query.subqAliases, query.aliasPrefix]);
  other.subqAliases = new Set([...other.subqAliases, ...query.subqAliases]);
  const changes = new Map<string, string>();
  let position = 0;
  for (const alias of query.aliasMap.keys()) {
    if (!exclude.has(alias)) changes.set(alias, `${query.aliasPrefix}${position}`);
    position++;
  }
  changeAliases(query, changes);
}

/** Raw SQL that names columns of a parent model needs its table joined. */
export function joinParentsNamedIn(query: Query, text: string): void {
  const { opts } = query;
  const lower = text.toLowerCase();
  for (const parent of opts.allParents) {
    for (const field of parent._meta.localFields) {
      if (lower.includes(field.column.toLowerCase())) {
        query.resolveRef(field.name, { allowJoins: true, reuse: null });
        break;
      }
    }
  }
}

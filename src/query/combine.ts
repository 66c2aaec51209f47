import { ArgumentTypeError, ValueError } from "../errors.ts";
import { bumpPrefix, initialAlias, item, joinTable, unrefAlias } from "./aliases.ts";
import { JoinPromoter } from "./join-promoter.ts";
import { INNER, Join } from "./joins.ts";
import type { Connector } from "./q.ts";
import type { Query } from "./query.ts";
import type { WhereNode } from "./where.ts";

/** Merges another query's conditions into this one: `qa.and(qb)`, `qa.or(qb)`, `qa.xor(qb)`. */
export function combine(query: Query, other: Query, connector: Connector): void {
  if (query.model !== other.model)
    throw new ArgumentTypeError("Cannot combine queries on two different base models.");
  if (query.isSliced) throw new ArgumentTypeError("Cannot combine queries once a slice has been taken.");
  if (query.distinct !== other.distinct) {
    throw new ArgumentTypeError("Cannot combine a unique query with a non-unique query.");
  }
  if (query.distinctFields.join() !== other.distinctFields.join()) {
    throw new ArgumentTypeError("Cannot combine queries with different distinct fields.");
  }
  const initial = initialAlias(query);
  const rhs = other.clone();
  // The two sides must not use each other's aliases, but for the table they share.
  bumpPrefix(rhs, query, new Set([initial]));
  const changes = new Map<string, string>();
  const conjunction = connector === "AND";
  // Under AND, two conditions on a multi-valued relation may be met by different rows: no reuse.
  const reuse = new Set(conjunction ? [] : query.aliasMap.keys());
  const promoter = new JoinPromoter(connector, 2, false);
  promoter.addVotes(
    [...query.aliasMap].filter(([, join]) => join.joinType === INNER).map(([alias]) => alias),
  );
  const votes = new Set<string>();
  for (const alias of [...rhs.aliasMap.keys()].slice(1)) {
    const original = item(rhs, alias);
    const join = original.relabeledClone(changes);
    if (!(join instanceof Join)) continue;
    const tables = query.aliasMap.size;
    const made = joinTable(query, join, reuse);
    // A new join starts as what it is here: over a nullable relation it stays outer, as in Django.
    const joinType = query.aliasMap.size > tables ? item(query, made).joinType : join.joinType;
    if (joinType === INNER) votes.add(made);
    reuse.delete(made);
    if (alias !== made) changes.set(alias, made);
    if ((rhs.aliasRefcount.get(alias) ?? 0) === 0) unrefAlias(query, made);
  }
  promoter.addVotes(votes);
  promoter.updateJoinTypes(query);
  query.subqAliases = new Set([...query.subqAliases, ...rhs.subqAliases]);
  const where = rhs.where.relabeledClone(changes) as WhereNode;
  if (query.where.isEmpty && connector === "AND") query.where = where;
  else query.where = query.where.with(where, connector);
  if (rhs.select.length > 0) query.setSelect(rhs.select.map((column) => column.relabeledClone(changes)));
  else query.select = [];
  if (connector === "OR" && query.extra.size > 0 && rhs.extra.size > 0) {
    throw new ValueError(
      "When merging querysets using 'or', you cannot have extra(select=...) on both sides.",
    );
  }
  for (const [name, extra] of rhs.extra) query.extra.set(name, extra);
  const mask = [...(query.extraSelectMask ?? []), ...(rhs.extraSelectMask ?? [])];
  if (mask.length > 0) query.setExtraMask(mask);
  query.extraTables = [...query.extraTables, ...rhs.extraTables];
  if (rhs.orderBy.length > 0) query.orderBy = rhs.orderBy;
  if (rhs.extraOrderBy.length > 0) query.extraOrderBy = rhs.extraOrderBy;
}

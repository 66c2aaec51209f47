import type { Expression } from "../expressions/base.ts";
import { makeCol } from "../expressions/col.ts";
import type { Field } from "../fields/field.ts";
import { item, unrefAlias } from "./aliases.ts";
import { BaseTable, LOUTER } from "./joins.ts";
import type { NamesWithPath } from "./names.ts";
import type { PathInfo } from "./path.ts";
import type { Query } from "./query.ts";

/**
 * Turns a query over `a__b__c` into one that begins at the first relation to many rows and selects what ties it to
 * the outer query.
 *
 * @returns the path in the outer query to compare with, and whether an outer join was cut off
 */
export function trimStart(
  query: Query,
  namesWithPath: NamesWithPath,
): { prefix: string; containsOuter: boolean } {
  const paths = namesWithPath.flatMap(([, path]) => path);
  const used = new Set(query.lookupJoins);
  const tables = [...query.aliasMap.keys()].filter((alias) => used.has(alias) || alias === query.baseTable);
  const alias = (i: number) => tables[i] as string;
  let containsOuter = false;
  let trimmed = 0;
  for (const path of paths) {
    if (path.m2m) break;
    if (item(query, alias(trimmed + 1)).joinType === LOUTER) containsOuter = true;
    unrefAlias(query, alias(trimmed));
    trimmed++;
  }
  const many = paths[trimmed] as PathInfo;
  const field = (many.joinField as unknown as { field: RelatedField }).field;
  let left = trimmed;
  const prefix: string[] = [];
  for (const [name, path] of namesWithPath) {
    if (left - path.length < 0) break;
    prefix.push(name);
    left -= path.length;
  }
  prefix.push((field.foreignRelatedFields[0] as Field).name);

  const first = alias(trimmed + 1);
  const firstJoin = item(query, first);
  let columns: readonly Field[];
  let selectAlias: string;
  if (firstJoin.joinType !== LOUTER && firstJoin.filteredRelation === null) {
    columns = field.relatedFields.map(([lhs]) => lhs);
    selectAlias = first;
    unrefAlias(query, alias(trimmed));
    const restriction = field.getExtraRestriction?.(null, first) as Expression | null | undefined;
    if (restriction) query.where = query.where.with(restriction, "AND");
  } else {
    columns = field.relatedFields.map(([, rhs]) => rhs);
    selectAlias = alias(trimmed);
  }
  // The first table still in use is where the query begins.
  for (const [table, from] of query.aliasMap) {
    if ((query.aliasRefcount.get(table) ?? 0) > 0) {
      query.aliasMap.set(table, new BaseTable(from.tableName, table));
      break;
    }
  }
  query.setSelect(columns.map((column) => makeCol(selectAlias, column)));
  return { prefix: prefix.join("__"), containsOuter };
}

interface RelatedField {
  readonly foreignRelatedFields: readonly Field[];
  readonly relatedFields: readonly (readonly [Field, Field])[];
  getExtraRestriction?(alias: string | null, relatedAlias: string | null): unknown;
}

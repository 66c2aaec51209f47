import { EmptyResultSet, FullResultSet } from "../../../errors.ts";
import type { Expression } from "../../../expressions/base.ts";
import { Col, Ref } from "../../../expressions/col.ts";
import { raw, type Sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";
import type { OrderEntry } from "./order-by.ts";
import type { SelectEntry } from "./select-list.ts";
import { sharingParams } from "./shared-params.ts";

export interface Grouping {
  /** The terms of GROUP BY. */
  readonly terms: readonly Sql[];
  /** Gives what is grouped by the same parameters wherever it stands in other SQL of the query. */
  readonly share: (fragment: Sql) => Sql;
}

const NOT_GROUPED: Grouping = { terms: [], share: (fragment) => fragment };

/** What is grouped by: what the query says, and what is selected, ordered by or filtered on beside aggregates. */
export function groupBySql(
  compiler: Compiler,
  select: readonly SelectEntry[],
  order: readonly OrderEntry[],
): Grouping {
  const { query, having } = compiler;
  if (query.groupBy === null) return NOT_GROUPED;
  const expressions: Expression[] = [];
  const refs = new Set<string>();
  if (query.groupBy !== true) {
    for (const expression of query.groupBy) {
      if (!(expression instanceof Ref)) {
        expressions.push(expression);
      } else if (!refs.has(expression.refs)) {
        refs.add(expression.refs);
        expressions.push(expression.source);
      }
    }
  }
  const positions = new Map<string, number>();
  select.forEach(({ expression, alias }, i) => {
    if (alias) positions.set(expression.identity, i + 1);
    if (alias !== null && refs.has(alias)) return;
    expressions.push(...expression.getGroupByCols());
  });
  if (!compiler.metaOrdering) {
    for (const { expression, isRef } of order) if (!isRef) expressions.push(...expression.getGroupByCols());
  }
  const havingColumns = having?.getGroupByCols() ?? [];
  expressions.push(...havingColumns);
  const terms: Sql[] = [];
  const written: Sql[] = [];
  const seen = new Set<string>();
  for (const expression of collapse(compiler, expressions, havingColumns)) {
    let term: Sql;
    try {
      term = compiler.compile(expression);
    } catch (error) {
      if (error instanceof EmptyResultSet || error instanceof FullResultSet) continue;
      throw error;
    }
    written.push(term);
    const position = positions.get(expression.identity);
    if (compiler.features.allowsGroupBySelectIndex && position !== undefined) term = raw(String(position));
    else term = expression.selectFormat(compiler, term);
    const { key } = term;
    if (!seen.has(key)) {
      seen.add(key);
      terms.push(term);
    }
  }
  if (!compiler.ops.numbersParameters) return { terms, share: NOT_GROUPED.share };
  const share = sharingParams(written);
  return { terms: terms.map(share), share };
}

/** Where a table's key is grouped by, its other columns need not be. */
function collapse(
  compiler: Compiler,
  expressions: readonly Expression[],
  having: readonly Expression[],
): readonly Expression[] {
  if (!compiler.features.allowsGroupBySelectedPks) return expressions;
  const pks = expressions.filter(
    (expression): expression is Col => expression instanceof Col && expression.target.primaryKey,
  );
  const aliases = new Set(pks.map((pk) => pk.alias));
  const kept = new Set<string>([...pks, ...having].map((expression) => expression.identity));
  return expressions.filter(
    (expression) =>
      kept.has(expression.identity) || !(expression instanceof Col) || !aliases.has(expression.alias),
  );
}

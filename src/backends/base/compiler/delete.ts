import { FullResultSet } from "../../../errors.ts";
import { Expression, type Source } from "../../../expressions/base.ts";
import { makeCol } from "../../../expressions/col.ts";
import { Q } from "../../../query/q.ts";
import { Query } from "../../../query/query.ts";
import type { WhereNode } from "../../../query/where.ts";
import { joinSql, raw, type Sql, sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";
import { activeTables, withWhere } from "./update.ts";

function refersTo(expression: Source, query: Query): boolean {
  if (expression === null) return false;
  if (expression.isQuery) return (expression as Query).opts.concreteOpts === query.opts.concreteOpts;
  return expression.sources().some((source) => refersTo(source, query));
}

/** The SQL that deletes the rows of the compiler's query; conditions over several tables become a subquery of keys. */
export function deleteSql(compiler: Compiler): Sql {
  const { query, features } = compiler;
  const alias = query.getInitialAlias();
  const refersToItself = (): boolean =>
    [...query.annotations.values(), ...query.where.children].some((expression) =>
      refersTo(expression, query),
    );
  if (activeTables(query) === 1 && (features.deleteCanSelfReferenceSubquery || !refersToItself())) {
    return deleteFrom(compiler);
  }
  if (features.canDeleteFromJoins && activeTables(query) > 1) {
    const { where, having, qualify } = query.where.splitHavingQualify(false, query.groupBy !== null);
    if (having === null && qualify === null) return deleteFromJoins(compiler, alias, where);
  }
  const { pk } = query.opts;
  const inner = query.clone();
  inner.clearSelectClause();
  inner.select = [makeCol(alias, pk)];
  const outer = new Query(query.model);
  outer.addQ(new Q([["pk__in", features.updateCanSelfSelect ? inner : new Materialized(inner)]]));
  const nested = compiler.nested(outer);
  outer.getInitialAlias();
  return deleteFrom(nested);
}

/** A query behind a further SELECT: some databases read only so from the table that they delete from. */
class Materialized extends Expression {
  private readonly query: Query;

  constructor(query: Query) {
    super();
    this.query = query;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(SELECT * FROM (${compiler.nested(this.query).asSql()}) subquery)`;
  }
}

/** The rows of one of several joined tables. */
function deleteFromJoins(compiler: Compiler, alias: string, where: WhereNode | null): Sql {
  const from = joinSql(compiler.fromSql(), " ");
  const statement = sql`DELETE ${raw(compiler.quoteNameUnlessAlias(alias))} FROM ${from}`;
  if (where === null || where.isEmpty) return statement;
  try {
    return sql`${statement} WHERE ${compiler.compile(where)}`;
  } catch (error) {
    if (error instanceof FullResultSet) return statement;
    throw error;
  }
}

function deleteFrom(compiler: Compiler): Sql {
  const table = compiler.quoteNameUnlessAlias(compiler.query.baseTable as string);
  return withWhere(compiler, raw(`DELETE FROM ${table}`));
}

import { DatabaseError, EmptyResultSet } from "../../../errors.ts";
import type { Combinator } from "../../../query/query.ts";
import { setValues } from "../../../query/select.ts";
import { joinSql, type Sql, sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";
import { orderBy } from "./order-by.ts";

/** `SELECT ... UNION SELECT ...`, and its like. */
export function combinatorSql(compiler: Compiler, combinator: Combinator): Sql {
  const { query, features, ops } = compiler;
  const compilers = query.combinedQueries.map((combined) => compiler.nested(combined.clone()));
  if (!features.supportsSlicingOrderingInCompound) {
    for (const part of compilers) {
      if (part.query.isSliced)
        throw new DatabaseError("LIMIT/OFFSET not allowed in subqueries of compound statements.");
      if (orderBy(part).length > 0)
        throw new DatabaseError("ORDER BY not allowed in subqueries of compound statements.");
    }
  }
  const parts: Sql[] = [];
  let empty: Compiler | null = null;
  for (const part of compilers) {
    try {
      parts.push(partSql(compiler, part));
    } catch (error) {
      if (!(error instanceof EmptyResultSet)) throw error;
      // An empty part adds nothing to a union, and takes nothing away in a difference.
      if (combinator !== "union" && !(combinator === "difference" && parts.length > 0)) throw error;
      empty = part;
    }
  }
  if (parts.length === 0) throw new EmptyResultSet("");
  if (parts.length === 1 && combinator === "union" && query.isSliced && empty !== null) {
    empty.elideEmpty = false;
    parts.push(partSql(compiler, empty));
  }
  const operator = `${ops.setOperators[combinator]}${query.combinatorAll && combinator === "union" ? " ALL" : ""}`;
  const braces = !query.subquery && features.supportsSlicingOrderingInCompound;
  return joinSql(
    parts.map((part) => (braces ? sql`(${part})` : part)),
    ` ${operator} `,
  );
}

function partSql(compiler: Compiler, part: Compiler): Sql {
  const { query, features } = compiler;
  if (query.selected !== null && part.query.selected === null) {
    part.query = part.query.clone();
    setValues(part.query, [...query.selected.keys()]);
  }
  const inner = part.asSql({ withColAliases: true });
  if (part.query.combinator !== null) {
    if (!features.supportsParenthesesInCompound) return sql`SELECT * FROM (${inner})`;
    if (query.subquery || !features.supportsSlicingOrderingInCompound) return sql`(${inner})`;
  } else if (query.subquery && features.supportsSlicingOrderingInCompound) {
    return sql`(${inner})`;
  }
  return inner;
}

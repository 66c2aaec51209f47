import type { Expression } from "../../../expressions/base.ts";
import { Ref } from "../../../expressions/col.ts";
import { WhereNode } from "../../../query/where.ts";
import { joinSql, raw, type Sql, sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";
import { orderBy } from "./order-by.ts";
import { selectList } from "./select-list.ts";

/** Conditions on window functions hold for the rows of a subquery that computes them. */
export function qualifySql(compiler: Compiler): Sql {
  const { query, ops } = compiler;
  const inner = query.clone();
  inner.subquery = true;
  inner.where = new WhereNode(
    [compiler.where, compiler.having].filter((node): node is WhereNode => node !== null),
  );
  selectList(compiler, true);
  const aliases = new Map<string, string>();
  for (const { expression, alias } of compiler.select) aliases.set(expression.identity, alias as string);
  const selected = new Set(aliases.values());
  const extra = new Set<string>();
  const replacements = new Map<string, Expression>();

  const collect = (expressions: readonly Expression[]): void => {
    const queue = [...expressions];
    for (let expression = queue.pop(); expression !== undefined; expression = queue.pop()) {
      const { identity } = expression;
      if (replacements.has(identity)) continue;
      const sources = () =>
        (expression as Expression).sources().filter((source): source is Expression => source !== null);
      const alias = aliases.get(identity);
      if (alias !== undefined) {
        replacements.set(identity, new Ref(alias, expression));
      } else if ("lookupName" in expression && "rhs" in expression) {
        queue.push(...sources());
      } else if (expression instanceof Ref) {
        if (!selected.has(expression.refs)) queue.push(...sources());
      } else {
        const name = `qual${extra.size}`;
        extra.add(name);
        inner.addAnnotation(expression, name);
        replacements.set(identity, new Ref(name, expression));
      }
    }
  };
  collect([...(compiler.qualify as WhereNode).leaves()]);
  const qualify = (compiler.qualify as WhereNode).replaceExpressions(replacements);
  const ordering = orderBy(compiler).map(({ expression }) => {
    collect(expression.sources().filter((source): source is Expression => source !== null));
    return expression.replaceExpressions(replacements);
  });
  const innerSql = compiler.nested(inner).asSql({ withLimits: false, withColAliases: true });
  let result = sql`SELECT * FROM ( ${innerSql} ) ${raw(ops.quoteName("qualify"))} WHERE ${compiler.compile(qualify)}`;
  if (extra.size > 0) {
    const columns = raw(compiler.select.map(({ alias }) => ops.quoteName(alias as string)).join(", "));
    result = sql`SELECT ${columns} FROM ( ${result} ) ${raw(ops.quoteName("qualify_mask"))}`;
  }
  if (ordering.length > 0) {
    const terms = ordering.map((expression) => compiler.compile(expression));
    result = sql`${result} ORDER BY ${joinSql(terms, ", ")}`;
  }
  return result;
}

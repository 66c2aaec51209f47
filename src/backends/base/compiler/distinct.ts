import { setupJoins, trimJoins } from "../../../query/names.ts";
import { raw, type Sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";

/** The columns of `distinct("a", "b")`. */
export function distinctSql(compiler: Compiler): Sql[] {
  const { query } = compiler;
  return query.distinctFields.flatMap((name) => {
    if (query.annotationSelect.has(name)) return [raw(compiler.ops.quoteName(name))];
    const info = setupJoins(query, name.split("__"), query.opts, query.getInitialAlias());
    const { targets, alias } = trimJoins(query, info.targets, info.joins, info.path);
    return targets.map((target) => compiler.compile(info.transform(target, alias)));
  });
}

/** Conditions and expressions in the definition of a table: on its own columns, with values as constants. */

import type { Expression } from "../../expressions/base.ts";
import { buildWhere } from "../../query/filter.ts";
import { Q } from "../../query/q.ts";
import { Query } from "../../query/query.ts";
import type { Bound } from "../../sql/bound.ts";
import { Cursor } from "../../sql/node.ts";
import { CONSTANT, Param, Sql } from "../../sql/sql.ts";
import { Compiler } from "./compiler/compiler.ts";
import type { DatabaseFeatures } from "./features.ts";
import type { DatabaseOperations } from "./operations.ts";
import type { CompileCondition } from "./schema-editor.ts";

/** The {@link CompileCondition} that compiles as queries do. */
export function schemaCompiler(ops: DatabaseOperations, features: DatabaseFeatures): CompileCondition {
  return (opts, given) => {
    const query = new Query(opts.model);
    query.aliasCols = false;
    const cursor = new Cursor(0);
    const template = (given as Expression).template(cursor) as Expression;
    const node =
      template instanceof Q
        ? buildWhere(query, template)
        : template.resolveExpression(query, { allowJoins: false });
    const bounds = cursor.bounds as readonly Bound[];
    const values = bounds.map(({ value, prepare }) => (prepare === null ? value : prepare(value)));
    const compiler = new Compiler(query, { ops, features, values, dependsOnValues: false, literal: true });
    const { parts } = compiler.compile(node);
    return new Sql(
      parts.map((part) => (part instanceof Param && part.slot >= 0 ? fixed(part, values) : part)),
    );
  };
}

/** A parameter of a query with its value. */
function fixed({ slot, index, adapt }: Param, values: readonly unknown[]): Param {
  const value = values[slot];
  return new Param(CONSTANT, index < 0 ? value : (value as readonly unknown[])[index], adapt);
}

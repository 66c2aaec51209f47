import { EmptyResultSet } from "../../../errors.ts";
import type { Expression } from "../../../expressions/base.ts";
import { binder, type Plan } from "../../../query/plan.ts";
import type { Query } from "../../../query/query.ts";
import { lengthsOf, type Shape } from "../../../query/shape.ts";
import { PlanDependsOnValue, type Prepare } from "../../../sql/bound.ts";
import { Capture, Cursor } from "../../../sql/node.ts";
import type { Sql } from "../../../sql/sql.ts";
import { type DatabaseOperations, rendered } from "../operations.ts";
import { Compiler, type CompilerContext } from "./compiler.ts";

/** A statement that writes, with its parameters. `sql` is `null` where no row can be meant. */
export interface BoundStatement {
  readonly sql: string | null;
  readonly params: unknown[];
}

/**
 * The statement of a shape that writes, compiled when it is first asked for.
 *
 * @param compile gives the SQL of the shape's query, of which the compiler has a copy
 */
export function statementFor(
  shape: Shape,
  ops: DatabaseOperations,
  values: readonly unknown[],
  compile: (compiler: Compiler) => Sql,
): BoundStatement {
  let plan = shape.plan(ops, values);
  if (plan === undefined) {
    const { made, keep } = makePlan(shape.query, ops, values, compile);
    plan = made;
    if (keep) shape.keepPlan(ops, plan);
  }
  try {
    return { sql: plan.sql, params: plan.bind(values) };
  } catch (error) {
    if (!(error instanceof PlanDependsOnValue)) throw error;
    const { made } = makePlan(shape.query, ops, values, compile);
    return { sql: made.sql, params: made.bind(values) };
  }
}

function makePlan(
  template: Query,
  ops: DatabaseOperations,
  values: readonly unknown[],
  compile: (compiler: Compiler) => Sql,
): { made: Plan; keep: boolean } {
  const context: CompilerContext = { ops, features: ops.features, values, dependsOnValues: false };
  let sql: string | null = null;
  let bind: Plan["bind"] = () => [];
  try {
    const fragment = compile(new Compiler(template.clone(), context));
    const { text, params } = rendered(fragment, ops);
    sql = text;
    bind = binder(params);
  } catch (error) {
    if (!(error instanceof EmptyResultSet)) throw error;
  }
  const lengths = context.dependsOnLengths === true ? lengthsOf(values) : null;
  const made: Plan = { sql, bind, bigints: false, read: () => [], columnCount: 0, untyped: [], lengths };
  return { made, keep: !context.dependsOnValues };
}

/** Expressions apart from their values: the key of their shape, the values, and what makes templates of them. */
export interface CapturedExpressions {
  readonly key: string;
  readonly values: readonly unknown[];
}

export function captureExpressions(expressions: readonly Expression[]): CapturedExpressions {
  const sink = new Capture();
  for (const expression of expressions) {
    expression.capture(sink);
    sink.text(";");
  }
  return { key: sink.key, values: sink.values };
}

/** The templates of expressions, whose values begin with slot 0, and what prepares those values. */
export function templatesOf(expressions: readonly Expression[]): {
  templates: readonly Expression[];
  prepare: (values: readonly unknown[]) => readonly unknown[];
} {
  const cursor = new Cursor(0);
  const templates = expressions.map((expression) => expression.template(cursor));
  // Read when it is called: an expression sets what prepares its value when it is resolved.
  const prepares = (): (Prepare | null)[] => cursor.bounds.map((bound) => bound?.prepare ?? null);
  return {
    templates,
    prepare(values) {
      const all = prepares();
      return values.map((value, i) => {
        const prepare = all[i];
        return prepare == null ? value : prepare(value);
      });
    },
  };
}

/** The SELECT of a query that `build` makes of templates of some expressions, for the values in these. */
export function statementText(
  expressions: readonly Expression[],
  ops: DatabaseOperations,
  build: (templates: readonly Expression[]) => Query,
): BoundStatement {
  const { values } = captureExpressions(expressions);
  const { templates, prepare } = templatesOf(expressions);
  const query = build(templates);
  const prepared = prepare(values);
  const context: CompilerContext = { ops, features: ops.features, values: prepared, dependsOnValues: false };
  try {
    const fragment = new Compiler(query, context).asSql();
    const { text, params } = rendered(fragment, ops);
    return { sql: text, params: binder(params)(prepared) };
  } catch (error) {
    if (error instanceof EmptyResultSet) return { sql: null, params: [] };
    throw error;
  }
}

import { statementText } from "../backends/base/compiler/captured.ts";
import { blockOn, currentBlock } from "../backends/base/transaction.ts";
import { connections } from "../connections.ts";
import { DatabaseError, FieldError } from "../errors.ts";
import type { Expression, ResolveOptions } from "../expressions/base.ts";
import { Value } from "../expressions/value.ts";
import { BooleanField } from "../fields/index.ts";
import { Coalesce } from "../functions/comparison.ts";
import type { Options } from "../models/options.ts";
import type { ModelClass } from "../models/types.ts";
import { Q } from "../query/q.ts";
import { Query } from "../query/query.ts";
import { atomically, type Rows, type Task } from "../task.ts";

/** A query without a table: names are those of the values that it is given. */
class CheckQuery extends Query {
  override get opts(): Options {
    return null as never;
  }

  override getInitialAlias(): string {
    return null as never;
  }

  override resolveRef(name: string, options: ResolveOptions = {}): Expression {
    const [first = ""] = name.split("__");
    if (!this.annotations.has(first)) {
      throw new FieldError(
        `Cannot resolve keyword '${first}' into field. Choices are: ${[...this.annotations.keys()].sort().join(", ")}`,
      );
    }
    return super.resolveRef(name, options);
  }
}

const boolean = new BooleanField({});

/**
 * Asks the database whether a condition holds for some values. Unknown counts as true.
 *
 * @throws FieldError when the condition names something that is not among the values
 */
export function* holds(
  condition: Expression,
  against: ReadonlyMap<string, Expression>,
  model: ModelClass,
  using: string,
): Task<boolean> {
  const { ops, features } = connections.get(using);
  const q = features.supportsComparingBooleanExpr
    ? new Q([new Coalesce(condition, new Value(true), { outputField: boolean })])
    : new Q([condition]);
  const names = [...against.keys()];
  const { sql, params } = statementText([...against.values(), q], ops, ([...values]) => {
    const query = new CheckQuery(model);
    query.defaultCols = false;
    query.defaultOrdering = false;
    const template = values.pop() as Q;
    for (const [i, value] of values.entries()) query.addAnnotation(value, names[i] as string, false);
    query.addAnnotation(new Value(1), "_check");
    query.addQ(template);
    return query;
  });
  if (sql === null) return false;
  function* ask(): Task<boolean> {
    return ((yield { kind: "rows", alias: using, sql: sql as string, params }) as Rows).length > 0;
  }
  try {
    // In a transaction an error of this question must not break it.
    return blockOn(using, currentBlock()) === null ? yield* ask() : yield* atomically(using, ask);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    process.emitWarning(`A condition could not be checked, and counts as true: ${error.message}`);
    return true;
  }
}

import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ValueError } from "../errors.ts";
import { joinSql, raw, type Sql, sql } from "../sql/sql.ts";
import { Expression, type Source } from "./base.ts";
import { parseExpression } from "./combinable.ts";
import { F } from "./f.ts";
import { compileArgument } from "./func.ts";
import { OrderBy } from "./order-by.ts";

/** Expressions in a row inside a function call: `PARTITION BY a, b`, `ORDER BY a, b DESC`. */
export class OrderByList extends Expression {
  readonly expressions: readonly Expression[];

  constructor(expressions: readonly Expression[]) {
    super();
    this.expressions = expressions;
  }

  override sources(): readonly Source[] {
    return this.expressions;
  }

  override withSources(sources: readonly Source[]): Expression {
    return this.copy({ expressions: sources });
  }

  override getGroupByCols(): Expression[] {
    return this.expressions.flatMap((expression) => expression.getGroupByCols());
  }

  override toString(): string {
    return this.expressions.join(", ");
  }

  /** Nothing at all for an empty list. */
  override asSql(compiler: Compiler, prefix = ""): Sql {
    if (this.expressions.length === 0) return raw("");
    const list = joinSql(
      this.expressions.map((expression) => compileArgument(expression, compiler)),
      ", ",
    );
    return sql`${raw(prefix)}${list}`;
  }
}

/** Names, `-names` and expressions, one or a list of them. Throws ValueError for anything else. */
export function orderByList(given: unknown, what: string): OrderByList {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (!Array.isArray(given) && typeof given !== "string" && !(given instanceof Expression)) {
    throw new ValueError(
      `${what} must be either a string reference to a field, an expression, or a list or tuple of them.`,
    );
  }
  return new OrderByList(
    list.map((item) =>
      typeof item === "string" && item.startsWith("-")
        ? new OrderBy(new F(item.slice(1)), { descending: true })
        : parseExpression(item),
    ),
  );
}

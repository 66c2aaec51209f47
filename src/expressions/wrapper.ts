import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, EmptyResultSet, FullResultSet } from "../errors.ts";
import { BooleanField, type Field } from "../fields/index.ts";
import type { Query } from "../query/query.ts";
import { joinSql, raw, type Sql, sql } from "../sql/sql.ts";
import { checkOptions } from "../util/check-options.ts";
import { Expression, type ResolveOptions, type Source } from "./base.ts";
import { Value } from "./value.ts";
import { withOutputField } from "./with-output-field.ts";

/**
 * Gives an expression another output field.
 *
 * @example ExpressionWrapper(F("price").mul(F("count")), { outputField: DecimalField({ maxDigits: 10, decimalPlaces: 2 }) })
 *
 * Django: Query Expressions, `ExpressionWrapper()` expressions.
 */
export class ExpressionWrapper extends Expression {
  readonly expression: Expression;

  constructor(expression: Expression, options: { outputField?: Field | null } = {}) {
    super();
    checkOptions("ExpressionWrapper", options, ["outputField"]);
    this.expression = expression;
    this.explicitOutputField = options.outputField ?? null;
  }

  override sources(): readonly Source[] {
    return [this.expression];
  }

  override withSources([expression]: readonly Source[]): Expression {
    return this.copy({ expression });
  }

  override getGroupByCols(): Expression[] {
    // Its own type need not be known: it is given here.
    const own = this.outputFieldOrNull;
    const inner = own === null ? this.expression : withOutputField(this.expression, own);
    if (isGroupedAsWhole(inner)) return super.getGroupByCols();
    return inner.getGroupByCols().map((column) => (column === inner ? this : column));
  }

  override asSql(compiler: Compiler): Sql {
    return compiler.compile(this.expression);
  }
}

/** Conditions and subqueries are grouped by as a whole, not by the columns in them. */
function isGroupedAsWhole(expression: Expression): boolean {
  return expression.isSubquery || expression.isConditionTree;
}

/** The negation of a condition. */
export class NegatedExpression extends ExpressionWrapper {
  constructor(expression: Expression) {
    super(expression, { outputField: boolean });
  }

  not(): Expression {
    return this.expression;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options) as this;
    if (!resolved.expression.conditional)
      throw new ArgumentTypeError("Cannot negate non-conditional expressions.");
    return resolved;
  }

  override getGroupByCols(): Expression[] {
    return isGroupedAsWhole(this.expression) ? super.getGroupByCols() : this.expression.getGroupByCols();
  }

  override asSql(compiler: Compiler): Sql {
    let inner: Sql;
    try {
      inner = compiler.compile(this.expression);
    } catch (error) {
      if (error instanceof EmptyResultSet) {
        return compiler.features.supportsBooleanExprInSelectClause
          ? compiler.compile(new Value(true))
          : raw("1=1");
      }
      if (error instanceof FullResultSet) throw new EmptyResultSet("");
      throw error;
    }
    return sql`NOT ${compiler.ops.conditionalExpressionSupportedInWhereClause(this.expression) ? inner : sql`(${inner})`}`;
  }
}

const boolean: Field = new BooleanField({});

/** Expressions in a row, with commas. */
export class ExpressionList extends Expression {
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

  override asSql(compiler: Compiler): Sql {
    return joinSql(
      this.expressions.map((expression) => compiler.compile(expression)),
      ", ",
    );
  }
}

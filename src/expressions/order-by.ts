import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { fill, joinSql, type Sql } from "../sql/sql.ts";
import { checkOptions } from "../util/check-options.ts";
import { Expression, type Source } from "./base.ts";
import { ColPairs } from "./col.ts";

export interface OrderByOptions {
  readonly descending?: boolean;
  readonly nullsFirst?: boolean | null;
  readonly nullsLast?: boolean | null;
}

/**
 * An ordering: `F("amount").desc({ nullsLast: true })`.
 *
 * Django: Query Expressions, `Expression.asc()` and `desc()`.
 */
export class OrderBy extends Expression {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: true | null;
  readonly nullsLast: true | null;

  constructor(expression: Expression, options: OrderByOptions = {}) {
    super();
    checkOptions("OrderBy", options, ["descending", "nullsFirst", "nullsLast"]);
    const { nullsFirst = null, nullsLast = null } = options;
    if (nullsFirst === true && nullsLast === true) {
      throw new ValueError("nullsFirst and nullsLast are mutually exclusive");
    }
    if (nullsFirst === false || nullsLast === false) {
      throw new ValueError("nullsFirst and nullsLast values must be true or null.");
    }
    if (!(expression instanceof Expression))
      throw new ArgumentTypeError("expression must be an expression type");
    this.expression = expression;
    this.descending = options.descending ?? false;
    this.nullsFirst = nullsFirst;
    this.nullsLast = nullsLast;
  }

  override get constraintValidationCompatible(): boolean {
    return false;
  }

  override sources(): readonly Source[] {
    return [this.expression];
  }

  override withSources([expression]: readonly Source[]): Expression {
    return this.copy({ expression });
  }

  override shapeKey(): string {
    return `${this.descending ? "d" : "a"}${this.nullsFirst ? "f" : ""}${this.nullsLast ? "l" : ""}`;
  }

  override get outputFieldOrNull(): Field | null {
    return this.expression.outputFieldOrNull;
  }

  override get conditional(): boolean {
    return false;
  }

  override get allowsCompositeExpressions(): boolean {
    return true;
  }

  override getGroupByCols(): Expression[] {
    return this.expression.getGroupByCols();
  }

  override asSql(compiler: Compiler): Sql {
    if (this.expression instanceof ColPairs) {
      return joinSql(
        this.expression.getCols().map((col) => compiler.compile(this.withSources([col]))),
        ", ",
      );
    }
    let template = "%(expression)s %(ordering)s";
    if (compiler.features.supportsOrderByNullsModifier) {
      if (this.nullsLast) template += " NULLS LAST";
      else if (this.nullsFirst) template += " NULLS FIRST";
    } else if (this.nullsLast && !(this.descending && compiler.features.orderByNullsFirst)) {
      template = `%(expression)s IS NULL, ${template}`;
    } else if (this.nullsFirst && !(!this.descending && compiler.features.orderByNullsFirst)) {
      template = `%(expression)s IS NOT NULL, ${template}`;
    }
    return fill(template, {
      expression: compiler.compile(this.expression),
      ordering: this.descending ? "DESC" : "ASC",
    });
  }

  reverseOrdering(): OrderBy {
    return this.copy({
      descending: !this.descending,
      nullsFirst: this.nullsLast,
      nullsLast: this.nullsFirst,
    });
  }

  override toString(): string {
    return `OrderBy(${this.expression}, descending=${this.descending ? "True" : "False"})`;
  }
}

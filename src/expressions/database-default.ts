import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { raw, type Sql } from "../sql/sql.ts";
import { Expression, type ResolveOptions, type Source } from "./base.ts";

/** What an unsaved object holds for a column with `dbDefault`: the database chooses the value. */
export class DatabaseDefault extends Expression {
  readonly expression: Expression;

  constructor(expression: Expression, options: { outputField?: Field | null } = {}) {
    super();
    this.expression = expression;
    this.explicitOutputField = options.outputField ?? null;
  }

  override sources(): readonly Source[] {
    return [this.expression];
  }

  override withSources([expression]: readonly Source[]): Expression {
    return this.copy({ expression });
  }

  /** Outside of an INSERT it stands for its expression. */
  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const expression = this.expression.resolveExpression(query, options);
    return options.forSave === true ? this.copy({ expression }) : expression;
  }

  override asSql(compiler: Compiler): Sql {
    return compiler.features.supportsDefaultKeywordInInsert
      ? raw("DEFAULT")
      : compiler.compile(this.expression);
  }
}

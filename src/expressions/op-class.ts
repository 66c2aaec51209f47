import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ValueError } from "../errors.ts";
import { raw, type Sql, sql } from "../sql/sql.ts";
import { repr } from "../util/repr.ts";
import { Expression, type Source } from "./base.ts";
import { parseExpression } from "./combinable.ts";

/** An expression in an index, with the operator class by which it is kept. Django: `OpClass`. */
export class OpClass extends Expression {
  readonly expression: Expression;
  /** The name of the operator class. */
  readonly opclass: string;

  constructor(expression: unknown, name: string) {
    super();
    if (typeof name !== "string" || !/^[\w.]+$/.test(name)) {
      throw new ValueError(`Invalid name of an operator class: ${repr(name)}.`);
    }
    this.expression = parseExpression(expression);
    this.opclass = name;
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
    return this.opclass;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`${compiler.compile(this.expression)} ${raw(this.opclass)}`;
  }
}

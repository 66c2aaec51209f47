import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { Bound, constantBound } from "../sql/bound.ts";
import type { Capture, Cursor } from "../sql/node.ts";
import { Sql, sql } from "../sql/sql.ts";
import { Expression, type ResolveOptions } from "./base.ts";
import { fieldKey } from "./keys.ts";

/**
 * SQL of the user's own, in which `%s` stands for a parameter and `%%` for a percent sign.
 *
 * @example Pizza.objects.annotate({ long: RawSQL("length(name) > %s", [10]) })
 *
 * Django: Query Expressions, "Raw SQL expressions".
 */
export class RawSQL extends Expression {
  readonly sql: string;
  readonly bounds: readonly Bound[];

  constructor(text: string, params: readonly unknown[] = [], options: { outputField?: Field | null } = {}) {
    super();
    this.sql = text;
    this.bounds = params.map((param) => (param instanceof Bound ? param : constantBound(param)));
    this.explicitOutputField = options.outputField ?? null;
  }

  override capture(sink: Capture): void {
    sink.text(
      `R${this.sql}\u0000${this.explicitOutputField === null ? "" : fieldKey(this.explicitOutputField)}`,
    );
    for (const bound of this.bounds) sink.value(bound.value);
  }

  override template(cursor: Cursor): Expression {
    return this.copy({
      bounds: this.bounds.map((bound) => {
        const made = cursor.value(bound.value);
        return made instanceof Bound ? made : bound;
      }),
    });
  }

  override shifted(by: number): Expression {
    return this.copy({ bounds: this.bounds.map((bound) => bound.shifted(by)) });
  }

  override get identity(): string {
    return `R${this.sql}(${this.bounds.map((bound) => (bound.slot < 0 ? String(bound.value) : `@${bound.slot}`)).join()})`;
  }

  override resolveExpression(query: Query, _options: ResolveOptions = {}): Expression {
    query.joinParentsNamedIn(this.sql);
    return this;
  }

  override getGroupByCols(): Expression[] {
    return [this];
  }

  /** Its type is the user's business. */
  override selectFormat(compiler: Compiler, inner: Sql): Sql {
    return this.outputFieldOrNull === null ? inner : super.selectFormat(compiler, inner);
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${fillRaw(this.sql, this.bounds, compiler)})`;
  }
}

/** Puts parameters in the places of `%s`; `%%` becomes `%`. */
export function fillRaw(text: string, bounds: readonly Bound[], compiler: Compiler): Sql {
  const parts: (string | ReturnType<Bound["param"]>)[] = [];
  let next = 0;
  let last = 0;
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", last)) {
    const mark = text[at + 1];
    if (mark === "s") {
      const bound = bounds[next++];
      if (bound === undefined)
        throw new RangeError(`SQL '${text}' has more %s than the ${bounds.length} parameters given.`);
      parts.push(
        text.slice(last, at),
        bound.param((value) => compiler.ops.adaptUnknownValue(value)),
      );
    } else {
      parts.push(text.slice(last, at + 1));
      if (mark !== "%") {
        last = at + 1;
        continue;
      }
    }
    last = at + 2;
  }
  parts.push(text.slice(last));
  return new Sql(parts);
}

import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { Expression, type ResolveOptions, type Source } from "../expressions/base.ts";
import { fieldKey } from "../expressions/keys.ts";
import type { Field } from "../fields/field.ts";
import { toStore } from "../fields/stored.ts";
import type { Query } from "../query/query.ts";
import { type Bound, constantBound } from "../sql/bound.ts";
import type { Capture, Cursor } from "../sql/node.ts";
import { joinSql, raw, type Sql, sql } from "../sql/sql.ts";

/**
 * `CASE WHEN pk = ? THEN ? ... END` for many rows at once: its shape is how many rows there are, its values are two
 * lists, so that a batch of the same size finds its SQL again.
 */
export class CaseByKey extends Expression {
  private readonly field: Field;
  private readonly keys: Bound;
  private readonly results: Bound;
  private readonly count: number;
  private readonly column: Expression | null = null;

  constructor(keys: readonly unknown[], results: readonly unknown[], field: Field) {
    super();
    this.field = field;
    this.keys = constantBound(keys);
    this.results = constantBound(results);
    this.count = keys.length;
    this.explicitOutputField = field;
  }

  override capture(sink: Capture): void {
    sink.text(`CK${fieldKey(this.field)}${this.count}`);
    sink.values.push(this.keys.value, this.results.value);
  }

  override template(cursor: Cursor): Expression {
    return this.copy({ keys: cursor.next(this.keys.value), results: cursor.next(this.results.value) });
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const { pk } = query.opts;
    this.keys.prepare ??= (list) => (list as unknown[]).map((key) => pk.getPrepValue(key));
    return this.copy({ column: query.resolveRef("pk", options) });
  }

  override sources(): readonly Source[] {
    return [this.column];
  }

  override withSources([column]: readonly Source[]): Expression {
    return this.copy({ column });
  }

  override asSql(compiler: Compiler): Sql {
    const { ops } = compiler;
    const column = this.column as Expression & { readonly target: Field };
    const lhs = compiler.compile(column);
    const { field } = this;
    const adaptKey = (value: unknown) => column.target.getDbPrepValue(value, ops);
    const adapt = (value: unknown) => toStore(field, value, ops);
    const whens: Sql[] = [];
    for (let i = 0; i < this.count; i++) {
      const param = this.results.param(adapt, i);
      const then = field.placeholder?.(param, compiler) ?? sql`${param}`;
      whens.push(sql`WHEN (${lhs} = ${this.keys.param(adaptKey, i)}) THEN ${then}`);
    }
    return sql`CASE ${joinSql(whens, " ")}${raw(" ELSE NULL END")}`;
  }
}

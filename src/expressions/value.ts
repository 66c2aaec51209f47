import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { Bound, constantBound } from "../sql/bound.ts";
import type { Capture, Cursor } from "../sql/node.ts";
import { raw, type Sql, sql } from "../sql/sql.ts";
import { checkOptions } from "../util/check-options.ts";
import { Expression, type ResolveOptions } from "./base.ts";
import { fieldKey } from "./keys.ts";
import { fieldOfKind, kindOf } from "./value-kinds.ts";

/**
 * A literal value in an expression, bound as a parameter.
 *
 * Its type is inferred from JavaScript's (`"x"` CharField, `1` IntegerField, `1.5` FloatField, `Decimal`, `Date`,
 * `Temporal.PlainDate`, ...) unless `outputField` says otherwise.
 *
 * @example Pizza.objects.annotate({ kind: Value("pizza") })   // SELECT ..., ? AS "kind"
 *
 * Django: Query Expressions, `Value()` expressions.
 */
export class Value extends Expression {
  readonly bound: Bound;
  readonly forSave: boolean;

  constructor(value: unknown, options: { outputField?: Field | null } = {}) {
    super();
    checkOptions("Value", options, ["outputField"]);
    this.bound = value instanceof Bound ? value : constantBound(value);
    this.explicitOutputField = options.outputField ?? null;
    this.forSave = false;
    this.adopt();
  }

  /** The value given; in a template only an example. */
  get value(): unknown {
    return this.bound.value;
  }

  private adopt(): void {
    const field = this.explicitOutputField;
    if (field !== null && this.bound.slot >= 0) this.bound.prepare ??= (value) => field.getPrepValue(value);
  }

  override capture(sink: Capture): void {
    sink.text(`V${kindOf(this.bound.value)}`);
    if (this.explicitOutputField !== null) sink.text(fieldKey(this.explicitOutputField));
    sink.value(this.bound.value);
  }

  override template(cursor: Cursor): Expression {
    const bound = cursor.value(this.bound.value);
    const copy = this.copy({ bound: bound instanceof Bound ? bound : this.bound });
    copy.adopt();
    return copy;
  }

  override resolveExpression(_query: Query, options: ResolveOptions = {}): Expression {
    return options.forSave === true ? this.copy({ forSave: true }) : this;
  }

  protected override resolveOutputField(): Field | null {
    return fieldOfKind(kindOf(this.bound.value));
  }

  override asSql(compiler: Compiler): Sql {
    const field = this.outputFieldOrNull;
    if (this.bound.value === null && this.bound.slot < 0 && this.isSqlNull(field, compiler))
      return raw("NULL");
    if (field === null) return sql`${this.bound.param(null)}`;
    const explicit = this.explicitOutputField !== null;
    const { ops } = compiler;
    const param =
      this.bound.slot < 0 && explicit
        ? this.bound.param((value) => field.getDbPrepValue(field.getPrepValue(value), ops))
        : this.bound.param((value) => field.getDbPrepValue(value, ops));
    return field.placeholder?.(param, compiler) ?? sql`${param}`;
  }

  /** A field may have a null of its own, as JSON does. */
  private isSqlNull(field: Field | null, { ops }: Compiler): boolean {
    if (field === null) return true;
    const sent = this.forSave
      ? field.getDbPrepSave(null, ops)
      : field.getDbPrepValue(field.getPrepValue(null), ops);
    return sent === null;
  }

  override shifted(by: number): Expression {
    return this.copy({ bound: this.bound.shifted(by) });
  }

  override get emptyResultSetValue(): unknown {
    return this.bound.slot < 0 ? this.bound.value : this.bound;
  }

  override getGroupByCols(): Expression[] {
    return [];
  }

  override get identity(): string {
    const { slot, value } = this.bound;
    const field = this.explicitOutputField === null ? "" : fieldKey(this.explicitOutputField);
    return slot >= 0 ? `V@${slot}${field}` : `V${kindOf(value)}${String(value)}${field}`;
  }

  override toString(): string {
    return `Value(${String(this.bound.value)})`;
  }
}

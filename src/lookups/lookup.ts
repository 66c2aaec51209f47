import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import { Expression, type ResolveOptions, type Source } from "../expressions/base.ts";
import { Col, ColPairs } from "../expressions/col.ts";
import { classKey } from "../expressions/keys.ts";
import { BOOLEAN } from "../expressions/types.ts";
import { Value } from "../expressions/value.ts";
import { ExpressionWrapper } from "../expressions/wrapper.ts";
import { Field as BaseField, type Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { Bound, constantBound } from "../sql/bound.ts";
import { type Capture, type Cursor, isList, Node, toArray } from "../sql/node.ts";
import { type Adapt, type Sql, sql } from "../sql/sql.ts";
import type { Transform } from "./transform.ts";

/** `NOT a` with a comparison behind it would be read as `NOT (a ...)`. Django writes a negated `Q` so all the same. */
function isWrappedCondition(expression: Expression): boolean {
  if (!(expression instanceof ExpressionWrapper)) return false;
  const inner = expression.expression as Expression & { readonly negated?: boolean };
  if (inner instanceof ExpressionWrapper) return isWrappedCondition(inner);
  return inner.isConditionTree && inner.negated !== true;
}

/** The right side of a lookup in a query: values of the call, or SQL. */
export type Rhs = Bound | Expression | readonly (Bound | Expression)[];

/** A class of transforms that is applied to both sides. */
export type TransformClass = new (lhs: Expression) => Transform;

/**
 * A condition: a left side, a comparison, a right side.
 *
 * Also an expression of its own: `filter(GreaterThan(F("a"), F("b")))`, or an annotation. A subclass gives
 * `lookupName` and `asSql`, made of {@link processLhs} and {@link processRhs}. The right side may be a value, whose
 * place in the SQL is a parameter: what a value must be is said in {@link prepare} (checked when the call is
 * chained), how it is sent in {@link adapter}.
 *
 * @example
 * class NotEqual extends Lookup {
 *   static override readonly lookupName = "ne";
 *   override asSql(compiler: Compiler): Sql {
 *     return sql`${this.processLhs(compiler)} <> ${this.processRhs(compiler)}`;
 *   }
 * }
 * CharField.registerLookup(NotEqual);   // filter({ name__ne: "x" })
 *
 * Django: Custom Lookups.
 */
export abstract class Lookup extends Expression {
  static readonly lookupKind = "lookup";
  /** The name after the last `__` of a filter. */
  static readonly lookupName: string = "";
  /** Values pass through the field's `getPrepValue`. */
  static readonly prepareRhs: boolean = true;
  /** `null` is a value to compare with, and does not stand for `isnull`. */
  static readonly canUseNoneAsRhs: boolean = false;

  readonly lhs: Expression;
  /** In a query: {@link Rhs}. As the user made it: what he gave. */
  readonly rhs: unknown;
  readonly bilateralTransforms: readonly TransformClass[];

  constructor(lhs: unknown, rhs: unknown) {
    super();
    this.lhs = this.prepLhs(lhs);
    this.bilateralTransforms = bilateralTransformsOf(this.lhs);
    if (this.bilateralTransforms.length > 0 && rhs instanceof Expression && rhs.isQuery) {
      throw new NotImplementedError("Bilateral transformations on nested querysets are not implemented.");
    }
    this.rhs = this.prepRhs(rhs);
  }

  protected get class(): typeof Lookup {
    return this.constructor as typeof Lookup;
  }

  get lookupName(): string {
    return this.class.lookupName;
  }

  get canUseNoneAsRhs(): boolean {
    return this.class.canUseNoneAsRhs;
  }

  protected prepLhs(lhs: unknown): Expression {
    return lhs instanceof Expression ? lhs : new Value(lhs);
  }

  /** The field of the left side; `null` while its names are not resolved. */
  protected get lhsField(): Field | null {
    return this.lhs.outputFieldOrNull;
  }

  /** The right side as it stands in the lookup. Values are checked here for the first time. */
  protected prepRhs(rhs: unknown): unknown {
    // A queryset stays one until it is part of a query.
    if (rhs instanceof Node) return rhs;
    if (rhs instanceof Bound) return this.prepBound(rhs);
    if (isList(rhs)) {
      const list = toArray(rhs);
      if (list.some(isTemplated)) return this.prepItems(list);
    }
    if (this.class.prepareRhs && !this.takesList && this.lhsField === null) return new Value(rhs);
    this.check(rhs);
    return rhs;
  }

  /** A list with expressions in it. */
  protected prepItems(list: readonly unknown[]): readonly unknown[] {
    return list;
  }

  /** The lookup compares with several values at once. */
  protected get takesList(): boolean {
    return false;
  }

  private check(value: unknown): void {
    const prepare = this.preparation();
    if (prepare !== null) prepare(value);
  }

  /** Lets the value pass through {@link prepare}: at once, and at each later call of the same shape. */
  protected prepBound(bound: Bound): Bound {
    const prepare = this.preparation();
    if (prepare === null) return bound;
    const prepared = prepare(bound.value);
    if (bound.slot < 0) return constantBound(prepared);
    bound.prepare ??= prepare;
    return bound;
  }

  /** Checks a value and makes it canonical; `null`: any value will do. May not depend on the lookup staying alive. */
  protected preparation(): ((value: unknown) => unknown) | null {
    const field = this.lhsField;
    if (!this.class.prepareRhs || field === null) return null;
    return (value) => field.getPrepValue(value);
  }

  override capture(sink: Capture): void {
    sink.text(`L${classKey(this)}${this.shapeKey()}(`);
    this.lhs.capture(sink);
    sink.text(",");
    sink.value(this.rhs);
    sink.text(")");
  }

  override template(cursor: Cursor): Expression {
    const lhs = this.lhs.template(cursor);
    return this.rebuilt(lhs, cursor.value(this.rhs));
  }

  /** A copy with other sides, prepared anew. */
  protected rebuilt(lhs: Expression, rhs: unknown): this {
    const copy = this.copy({ lhs, bilateralTransforms: bilateralTransformsOf(lhs) });
    return Object.assign(copy, { rhs: copy.prepRhs(rhs) });
  }

  override sources(): readonly Source[] {
    return [this.lhs, ...expressionsIn(this.rhs)];
  }

  override withSources([lhs, ...rest]: readonly Source[]): Expression {
    return this.copy({ lhs, rhs: withExpressions(this.rhs, rest) });
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options) as this;
    if (!this.allowsCompositeExpressions && resolved.sources().some((source) => source instanceof ColPairs)) {
      throw new ValueError(`${this.constructor.name} expression does not support composite primary keys.`);
    }
    return resolved;
  }

  override shifted(by: number): Expression {
    if (by === 0) return this;
    const shifted = super.shifted(by) as this;
    const rhs = shiftedRhs(shifted.rhs, by);
    return rhs === shifted.rhs ? shifted : this.copy({ lhs: shifted.lhs, rhs });
  }

  override get identity(): string {
    return `L${classKey(this)}${this.shapeKey()}(${this.lhs.identity},${rhsKey(this.rhs)})`;
  }

  protected override resolveOutputField(): Field | null {
    return BOOLEAN;
  }

  override get conditional(): boolean {
    return true;
  }

  override getGroupByCols(): Expression[] {
    return this.sources().flatMap((source) => source?.getGroupByCols() ?? []);
  }

  override selectFormat(compiler: Compiler, inner: Sql): Sql {
    return compiler.features.supportsBooleanExprInSelectClause
      ? inner
      : sql`CASE WHEN ${inner} THEN 1 ELSE 0 END`;
  }

  /** The right side is values, not SQL. */
  get rhsIsDirectValue(): boolean {
    return !(this.rhs instanceof Expression);
  }

  /** The value of the right side, where it is a single one or a single list. */
  get bound(): Bound {
    return this.rhs instanceof Bound ? this.rhs : constantBound(this.rhs);
  }

  /** Turns a prepared value into what the driver takes. */
  protected adapter(compiler: Compiler): Adapt {
    const field = this.lhsField;
    const { ops } = compiler;
    return field === null || !this.class.prepareRhs
      ? (value) => ops.adaptUnknownValue(value)
      : fieldAdapter(field, ops);
  }

  protected processLhs(compiler: Compiler, lhs: Expression = this.lhs): Sql {
    const inner = compiler.compile(lhs);
    return lhs instanceof Lookup || isWrappedCondition(lhs) ? sql`(${inner})` : inner;
  }

  protected processRhs(compiler: Compiler): Sql {
    if (this.bilateralTransforms.length > 0) {
      const value =
        this.rhs instanceof Expression
          ? this.rhs
          : new Value(this.bound, { outputField: this.lhs.outputField });
      return this.compileRhs(compiler, this.applyBilateralTransforms(value));
    }
    if (this.rhs instanceof Expression) return this.compileRhs(compiler, this.rhs);
    return sql`${this.bound.param(this.adapter(compiler))}`;
  }

  protected compileRhs(compiler: Compiler, value: Expression): Sql {
    const inner = compiler.compile(value);
    if (value instanceof ColPairs)
      throw new ValueError("CompositePrimaryKey cannot be used as a lookup value.");
    return value instanceof Value || startsWithParenthesis(inner) ? inner : sql`(${inner})`;
  }

  protected applyBilateralTransforms(value: Expression): Expression {
    return this.bilateralTransforms.reduce<Expression>(
      (inner, TransformClass) => new TransformClass(inner),
      value,
    );
  }
}

/** The condition as the databases know it: `lhs <operator> rhs`. */
export abstract class BuiltinLookup extends Lookup {
  protected override processLhs(compiler: Compiler, lhs: Expression = this.lhs): Sql {
    return this.castLhs(compiler, super.processLhs(compiler, lhs));
  }

  /** The left side in the form in which the database compares it. */
  protected castLhs(compiler: Compiler, inner: Sql): Sql {
    return compiler.ops.lookupCast(this.lookupName, this.lhs.outputField.internalType, inner);
  }

  override asSql(compiler: Compiler): Sql {
    return this.comparisonSql(compiler, this.processLhs(compiler), this.processRhs(compiler));
  }

  /** The condition with both sides inside of something. */
  asSqlWith(compiler: Compiler, around: (side: Sql) => Sql): Sql {
    return this.comparisonSql(compiler, around(this.processLhs(compiler)), around(this.processRhs(compiler)));
  }

  protected comparisonSql(compiler: Compiler, lhs: Sql, rhs: Sql): Sql {
    return sql`${lhs} ${this.getRhsOp(compiler, rhs)}`;
  }

  protected getRhsOp(compiler: Compiler, rhs: Sql): Sql {
    return compiler.ops.operatorSql(this.lookupName, rhs);
  }
}

/** A lookup whose values are sent as the field sends them; relations count as the field that they lead to. */
export abstract class FieldLookup extends BuiltinLookup {
  protected override adapter(compiler: Compiler): Adapt {
    const field = this.lhs.outputField;
    const target = (field as { targetField?: Field }).targetField ?? field;
    // Compared with a column, a value need not have the column's very type, which may be dear to make.
    const plain = this.lhs instanceof Col && compiler.context.literal !== true;
    if (plain && compiler.ops.values.comparesPlainNumbers(target.internalType)) return null;
    return fieldAdapter(target, compiler.ops);
  }
}

/** What a field's prepared values become for the driver; `null` when they stay as they are. */
export function fieldAdapter(field: Field, ops: DatabaseOperations): Adapt {
  if (field.getDbPrepValue === BaseField.prototype.getDbPrepValue) return null;
  return (value) => field.getDbPrepLookup(value, ops);
}

function bilateralTransformsOf(lhs: Expression): readonly TransformClass[] {
  return (lhs as { getBilateralTransforms?: () => TransformClass[] }).getBilateralTransforms?.() ?? [];
}

/** A list, or a list in it, holds what stands in a query, besides the user's values. */
function isTemplated(item: unknown): boolean {
  return item instanceof Node || item instanceof Bound || (Array.isArray(item) && item.some(isTemplated));
}

function expressionsIn(rhs: unknown): readonly Expression[] {
  if (rhs instanceof Expression) return [rhs];
  return Array.isArray(rhs) ? rhs.flatMap(expressionsIn) : [];
}

/** The right side with other expressions, taken from the list in order. */
function withExpressions(rhs: unknown, expressions: Source[]): unknown {
  if (rhs instanceof Expression) return expressions.shift();
  return Array.isArray(rhs) ? rhs.map((item) => withExpressions(item, expressions)) : rhs;
}

function shiftedRhs(rhs: unknown, by: number): unknown {
  if (rhs instanceof Bound) return rhs.shifted(by);
  return Array.isArray(rhs) ? rhs.map((item) => shiftedRhs(item, by)) : rhs;
}

/** Equal keys mean that the right sides are equal in every query of the shape. */
function rhsKey(rhs: unknown): string {
  if (rhs instanceof Bound) return rhs.slot >= 0 ? `@${rhs.slot}` : `=${String(rhs.value)}`;
  if (rhs instanceof Expression) return rhs.identity;
  if (Array.isArray(rhs)) return `[${rhs.map(rhsKey).join()}]`;
  return `${typeof rhs}:${String(rhs)}`;
}

function startsWithParenthesis(fragment: Sql): boolean {
  const [first] = fragment.parts;
  return typeof first === "string" && first.startsWith("(");
}

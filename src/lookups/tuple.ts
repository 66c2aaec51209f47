import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { EmptyResultSet, ValueError } from "../errors.ts";
import { Expression, type Source } from "../expressions/base.ts";
import { ColPairs } from "../expressions/col.ts";
import { ResolvedOuterRef } from "../expressions/f.ts";
import { Exists, Subquery } from "../expressions/subquery.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { Bound, PlanDependsOnValue } from "../sql/bound.ts";
import { isList, toArray } from "../sql/node.ts";
import { joinSql, type Param, type Sql, sql } from "../sql/sql.ts";
import { repr } from "../util/repr.ts";
import {
  checkSelectedFields,
  Exact,
  GreaterThan,
  GreaterThanOrEqual,
  LessThan,
  LessThanOrEqual,
  selectingPk,
} from "./comparison.ts";
import { fieldAdapter, Lookup } from "./lookup.ts";

/*
 * Comparisons of several columns with as many values: composite primary keys. Databases that cannot compare rows
 * get the same as comparisons of the single columns.
 */

/** Columns that belong together, other than those of a key. */
export class Tuple extends Expression {
  readonly expressions: readonly Expression[];

  constructor(expressions: readonly Expression[]) {
    super();
    this.expressions = expressions;
  }

  get length(): number {
    return this.expressions.length;
  }

  override get allowsCompositeExpressions(): boolean {
    return true;
  }

  override sources(): readonly Source[] {
    return this.expressions;
  }

  override withSources(sources: readonly Source[]): Expression {
    return this.copy({ expressions: sources });
  }

  override get outputFieldOrNull(): Field | null {
    return null;
  }

  override asSql(compiler: Compiler): Sql {
    return sql`(${joinSql(
      this.expressions.map((expression) => compiler.compile(expression)),
      ", ",
    )})`;
  }
}

function prepareWith(bound: Bound, field: Field): void {
  if (bound.slot < 0) return;
  bound.prepare ??= (value) => field.getPrepValue(value);
  bound.prepare(bound.value);
}

function all(conditions: readonly Sql[]): Sql {
  const joined = joinSql(conditions, " AND ");
  return conditions.length > 1 ? sql`(${joined})` : joined;
}

function any(conditions: readonly Sql[]): Sql {
  const joined = joinSql(conditions, " OR ");
  return conditions.length > 1 ? sql`(${joined})` : joined;
}

abstract class TupleLookup extends Lookup {
  override get allowsCompositeExpressions(): boolean {
    return true;
  }

  protected override prepLhs(lhs: unknown): Expression {
    return Array.isArray(lhs) ? new Tuple(lhs as Expression[]) : super.prepLhs(lhs);
  }

  protected get cols(): readonly Expression[] {
    return this.lhs instanceof ColPairs ? this.lhs.getCols() : (this.lhs as Tuple).expressions;
  }

  protected get lhsText(): string {
    if (this.lhs instanceof ColPairs) return repr(this.lhs.outputField.name);
    return `(${this.cols.map((col) => repr((col as { name?: string }).name ?? "")).join(", ")})`;
  }

  protected fail(what: string): never {
    throw new ValueError(`${repr(this.lookupName)} lookup of ${this.lhsText} ${what}`);
  }

  protected override get takesList(): boolean {
    return true;
  }

  protected override prepRhs(rhs: unknown): unknown {
    if (rhs instanceof Expression) {
      this.checkExpression(rhs);
      return rhs.isQuery ? this.prepQuery(rhs as Query) : rhs;
    }
    return super.prepRhs(rhs);
  }

  protected prepQuery(query: Query): Query {
    return query;
  }

  protected checkExpression(rhs: Expression): void {
    if (rhs instanceof ResolvedOuterRef || rhs.isQuery) return;
    throw new ValueError(
      `${repr(this.lookupName)} subquery lookup of ${this.lhsText} only supports OuterRef and QuerySet objects (received ${repr(rhs.constructor.name)})`,
    );
  }

  protected override prepItems(list: readonly unknown[]): readonly unknown[] {
    this.checkLength(list.length);
    list.forEach((item, i) => {
      if (item instanceof Bound) prepareWith(item, (this.cols[i] as Expression).outputField);
    });
    return list;
  }

  private checkLength(length: number): void {
    if (length !== this.cols.length) this.fail(`must have ${this.cols.length} elements`);
  }

  protected override preparation(): (value: unknown) => unknown {
    const fields = this.cols.map((col) => col.outputField);
    return (value) => {
      if (!isList(value)) this.fail("must be a tuple or a list");
      const list = toArray(value);
      this.checkLength(list.length);
      return list.map((item, i) => (item === null ? null : (fields[i] as Field).getPrepValue(item)));
    };
  }

  /** The SQL of the single values. */
  protected rhsItems(compiler: Compiler): Sql[] {
    const { rhs, cols } = this;
    if (rhs instanceof ColPairs) return rhs.getCols().map((col) => compiler.compile(col));
    if (rhs instanceof Expression) {
      throw new ValueError("Composite field lookups only work with composite expressions.");
    }
    return cols.map((col, i) => {
      const adapt = fieldAdapter(col.outputField, compiler.ops);
      if (!Array.isArray(rhs)) return sql`${this.bound.param(adapt, i)}`;
      const item = (rhs as readonly (Bound | Expression)[])[i] as Bound | Expression;
      return item instanceof Bound ? sql`${item.param(adapt)}` : compiler.compile(item);
    });
  }

  protected lhsItems(compiler: Compiler): Sql[] {
    return this.cols.map((col) => compiler.compile(col));
  }

  protected tupleSql(items: readonly Sql[]): Sql {
    return sql`(${joinSql(items, ", ")})`;
  }

  protected compare(compiler: Compiler, operator: string, lhs: Sql, rhs: Sql): Sql {
    return sql`${lhs} ${compiler.ops.operatorSql(operator, rhs)}`;
  }

  /** The comparison of the rows themselves. */
  protected rowSql(compiler: Compiler, rhs: Sql): Sql {
    return this.compare(compiler, this.lookupName, this.tupleSql(this.lhsItems(compiler)), rhs);
  }

  override asSql(compiler: Compiler): Sql {
    if (this.rhs instanceof Expression && this.rhs.isQuery) {
      return this.rowSql(compiler, this.compileRhs(compiler, this.rhs));
    }
    const rhs = this.rhsItems(compiler);
    if (compiler.features.supportsTupleLookups) return this.rowSql(compiler, this.tupleSql(rhs));
    return this.fallbackSql(compiler, this.lhsItems(compiler), rhs);
  }

  /** Column by column. */
  protected abstract fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql;

  /** `a > x OR (a = x AND (b > y OR (b = y AND c > z)))`; with `orEqual`, the last columns may be equal. */
  protected orderSql(
    compiler: Compiler,
    operator: string,
    lhs: readonly Sql[],
    rhs: readonly Sql[],
    orEqual: boolean,
  ): Sql {
    const at = (i: number): Sql => {
      const [left, right] = [lhs[i] as Sql, rhs[i] as Sql];
      const beyond = this.compare(compiler, operator, left, right);
      const equal = () => this.compare(compiler, "exact", left, right);
      if (i === lhs.length - 1) return orEqual ? any([beyond, equal()]) : beyond;
      return any([beyond, all([equal(), at(i + 1)])]);
    };
    return at(0);
  }
}

export class TupleExact extends TupleLookup {
  static override readonly lookupName: string = Exact.lookupName;

  protected override prepQuery(query: Query): Query {
    if (!query.hasLimitOne) {
      throw new ValueError(
        "The QuerySet value for an exact lookup must be limited to one result using slicing.",
      );
    }
    checkSelectedFields(this.lhs, query, "exact lookup");
    return selectingPk(query);
  }

  protected override fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql {
    return all(lhs.map((left, i) => this.compare(compiler, "exact", left, rhs[i] as Sql)));
  }
}

export class TupleGreaterThan extends TupleLookup {
  static override readonly lookupName: string = GreaterThan.lookupName;

  protected override fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql {
    return this.orderSql(compiler, "gt", lhs, rhs, false);
  }
}

export class TupleGreaterThanOrEqual extends TupleLookup {
  static override readonly lookupName: string = GreaterThanOrEqual.lookupName;

  protected override fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql {
    return this.orderSql(compiler, "gt", lhs, rhs, true);
  }
}

export class TupleLessThan extends TupleLookup {
  static override readonly lookupName: string = LessThan.lookupName;

  protected override fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql {
    return this.orderSql(compiler, "lt", lhs, rhs, false);
  }
}

export class TupleLessThanOrEqual extends TupleLookup {
  static override readonly lookupName: string = LessThanOrEqual.lookupName;

  protected override fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql {
    return this.orderSql(compiler, "lt", lhs, rhs, true);
  }
}

export class TupleIsNull extends TupleLookup {
  static override readonly lookupName: string = "isnull";

  protected override prepRhs(rhs: unknown): unknown {
    const value = rhs instanceof Bound && rhs.slot < 0 ? rhs.value : rhs;
    if (typeof value !== "boolean") {
      throw new ValueError("The QuerySet value for an isnull lookup must be True or False.");
    }
    return rhs;
  }

  override asSql(compiler: Compiler): Sql {
    const isNull = this.bound.value === true;
    const lhs = this.lhsItems(compiler);
    return isNull
      ? any(lhs.map((col) => sql`${col} IS NULL`))
      : all(lhs.map((col) => sql`${col} IS NOT NULL`));
  }

  protected override fallbackSql(compiler: Compiler): Sql {
    return this.asSql(compiler);
  }
}

export class TupleIn extends TupleLookup {
  static override readonly lookupName: string = "in";

  protected override checkExpression(rhs: Expression): void {
    if (rhs.isQuery || rhs instanceof Subquery) return;
    throw new ValueError(
      `'in' subquery lookup of ${this.lhsText} must be a Query object (received ${repr(rhs.constructor.name)})`,
    );
  }

  protected override prepQuery(query: Query): Query {
    checkSelectedFields(this.lhs, query, "'in' lookup");
    const clone = query.clone();
    clone.clearOrdering({ clearDefault: true });
    return selectingPk(clone);
  }

  protected override prepItems(list: readonly unknown[]): readonly unknown[] {
    const prepare = super.preparation();
    const { cols } = this;
    for (const item of list) {
      if (Array.isArray(item)) {
        if (item.length !== cols.length) this.fail(`must have ${cols.length} elements each`);
        item.forEach((part, i) => {
          if (part instanceof Bound) prepareWith(part, (cols[i] as Expression).outputField);
        });
      } else if (item instanceof Bound && isList(item.value)) {
        item.prepare ??= prepare;
        prepare(item.value);
      } else {
        this.fail("must be a collection of tuples or lists");
      }
    }
    return list;
  }

  protected override preparation(): (value: unknown) => unknown {
    const prepare = super.preparation();
    return (value) => {
      if (!isList(value)) this.fail("must be a tuple or a list");
      const list = toArray(value);
      if (!list.every(isList)) this.fail("must be a collection of tuples or lists");
      if (!list.every((item) => toArray(item as readonly unknown[]).length === this.cols.length)) {
        this.fail(`must have ${this.cols.length} elements each`);
      }
      return list.map(prepare);
    };
  }

  override asSql(compiler: Compiler): Sql {
    if (this.rhs instanceof Expression) return this.subquerySql(compiler, this.rhs);
    const rows = this.rows(compiler);
    if (rows.length === 0) throw new EmptyResultSet("");
    const lhs = this.lhsItems(compiler);
    if (compiler.features.supportsTupleLookups) {
      return sql`${this.tupleSql(lhs)} IN (${joinSql(
        rows.map((row) => this.tupleSql(row)),
        ", ",
      )})`;
    }
    return any(rows.map((row) => this.fallbackSql(compiler, lhs, row)));
  }

  protected override fallbackSql(compiler: Compiler, lhs: readonly Sql[], rhs: readonly Sql[]): Sql {
    return all(lhs.map((left, i) => this.compare(compiler, "exact", left, rhs[i] as Sql)));
  }

  /**
   * The condition with one parameter for each column, whatever the number of rows; `null` where there are other things
   * than values, or no row without a NULL.
   */
  asSqlWithColumns(
    compiler: Compiler,
    encode: (cells: readonly unknown[]) => unknown,
    compare: (lhs: Sql, columns: readonly Sql[]) => Sql,
  ): Sql | null {
    const { cols, rhs } = this;
    if (!(rhs instanceof Bound) || !isList(rhs.value)) return null;
    if (completeRows(compiler.valueOf(rhs)).length === 0) return null;
    const columns = cols.map((col, i) => {
      const adapt = fieldAdapter(col.outputField, compiler.ops);
      return sql`${rhs.param((rows) => {
        const complete = completeRows(rows);
        if (complete.length === 0) throw new PlanDependsOnValue();
        return encode(complete.map((row) => (adapt === null ? row[i] : adapt(row[i]))));
      })}`;
    });
    return compare(this.tupleSql(this.lhsItems(compiler)), columns);
  }

  private subquerySql(compiler: Compiler, rhs: Expression): Sql {
    if (compiler.features.supportsTupleLookups || !rhs.isQuery) {
      return sql`${this.tupleSql(this.lhsItems(compiler))} IN ${this.compileRhs(compiler, rhs)}`;
    }
    // EXISTS(SELECT ... WHERE inner.a = outer.a AND inner.b = outer.b)
    const query = (rhs as Query).clone();
    const inner = compiler.nested(query.clone());
    inner.setup();
    inner.outputs.forEach((output, i) => {
      query.where = query.where.with(new Exact(this.cols[i] as Expression, output), "AND");
    });
    return compiler.compile(new Exists(query));
  }

  /** The rows of values; a row with a NULL in it is equal to nothing, and left out. */
  private rows(compiler: Compiler): Sql[][] {
    const { cols, rhs } = this;
    const adapts = cols.map((col) => fieldAdapter(col.outputField, compiler.ops));
    const cell = (i: number) => (row: unknown) => {
      const value = (row as readonly unknown[])[i];
      if (value === null) throw new PlanDependsOnValue();
      const adapt = adapts[i] as ((value: unknown) => unknown) | null;
      return adapt === null ? value : adapt(value);
    };
    const hasNull = (row: unknown) => {
      const found = (row as readonly unknown[]).includes(null);
      if (found) compiler.dependsOnValues();
      return found;
    };
    const params = (make: (i: number) => Param) => cols.map((_, i) => sql`${make(i)}`);
    if (!Array.isArray(rhs)) {
      const list = this.bound;
      compiler.lengthOf(list);
      const values = compiler.valueOf(list) as readonly unknown[];
      return values.flatMap((row, index) =>
        hasNull(row) ? [] : [params((i) => list.param(cell(i), index))],
      );
    }
    return (rhs as readonly (Bound | readonly (Bound | Expression)[])[]).flatMap((row) => {
      if (row instanceof Bound)
        return hasNull(compiler.valueOf(row)) ? [] : [params((i) => row.param(cell(i)))];
      return [
        row.map((item, i) =>
          item instanceof Bound ? sql`${item.param(adapts[i] ?? null)}` : compiler.compile(item),
        ),
      ];
    });
  }
}

/** A row with a NULL in it is equal to nothing. */
function completeRows(rows: unknown): readonly (readonly unknown[])[] {
  return (rows as readonly (readonly unknown[])[]).filter((row) => !row.includes(null));
}

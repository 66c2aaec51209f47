import type { Compiler } from "../backends/base/compiler/compiler.ts";
import type { DatabaseOperations } from "../backends/base/operations.ts";
import type { ConverterOptions } from "../backends/base/values.ts";
import { EmptyResultSet, FullResultSet, NotImplementedError } from "../errors.ts";
import { Expression, type ResolveOptions, type Source } from "../expressions/base.ts";
import { BOOLEAN } from "../expressions/types.ts";
import type { Field } from "../fields/field.ts";
import { Bound } from "../sql/bound.ts";
import { joinSql, type Param, Sql, sql } from "../sql/sql.ts";
import type { Connector } from "./q.ts";
import type { Query } from "./query.ts";

/** A tree of resolved conditions: lookups, subqueries, and further trees. */
export class WhereNode extends Expression {
  readonly children: readonly Expression[];
  readonly connector: Connector;
  readonly negated: boolean;

  constructor(children: readonly Expression[] = [], connector: Connector = "AND", negated = false) {
    super();
    this.children = children;
    this.connector = connector;
    this.negated = negated;
  }

  get isEmpty(): boolean {
    return this.children.length === 0;
  }

  /** A tree with one more condition, joined by `connector`. */
  with(child: Expression, connector: Connector): WhereNode {
    if (this.connector !== connector) {
      return new WhereNode([this, child], connector);
    }
    if (this.children.includes(child)) return this;
    const flatten =
      child instanceof WhereNode &&
      !child.negated &&
      (child.connector === connector || child.children.length === 1);
    return new WhereNode(
      [...this.children, ...(flatten ? child.children : [child])],
      this.connector,
      this.negated,
    );
  }

  override sources(): readonly Source[] {
    return this.children;
  }

  override withSources(children: readonly Source[]): Expression {
    return new WhereNode(children as readonly Expression[], this.connector, this.negated);
  }

  override shapeKey(): string {
    return `${this.negated ? "!" : ""}${this.connector}`;
  }

  override get conditional(): boolean {
    return true;
  }

  override get isConditionTree(): boolean {
    return true;
  }

  override get outputFieldOrNull(): Field | null {
    return BOOLEAN;
  }

  /** The database's own value where it has booleans: also the 0 of a condition that is never true. */
  override converter(
    ops: DatabaseOperations,
    options: ConverterOptions = {},
  ): ((value: unknown) => unknown) | null {
    return this.isEmpty ? null : BOOLEAN.fromDb(ops, { ...options, column: false });
  }

  override getGroupByCols(): Expression[] {
    return this.children.flatMap((child) => child.getGroupByCols());
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    return this.mapSources((child) => child.resolveExpression(query, options));
  }

  override asSql(compiler: Compiler): Sql {
    let full = this.connector === "AND" ? this.children.length : 1;
    let empty = this.connector === "AND" ? 1 : this.children.length;
    if (this.connector === "XOR" && !compiler.features.supportsLogicalXor) {
      return compiler.compile(this.withoutXor());
    }
    const result: Sql[] = [];
    for (const child of this.children) {
      try {
        const compiled = compiler.compile(child);
        if (compiled.isEmpty) full--;
        else result.push(compiled);
      } catch (error) {
        if (error instanceof EmptyResultSet) empty--;
        else if (error instanceof FullResultSet) full--;
        else throw error;
      }
      // One side decided: the whole is nothing, or everything.
      if (empty === 0) {
        if (this.negated) throw new FullResultSet("");
        throw new EmptyResultSet("");
      }
      if (full === 0) {
        if (this.negated) throw new EmptyResultSet("");
        throw new FullResultSet("");
      }
    }
    if (result.length === 0) throw new FullResultSet("");
    const joined = joinSql(result, ` ${this.connector} `);
    if (this.negated) return sql`NOT (${joined})`;
    if (result.length > 1) return sql`(${joined})`;
    return joined;
  }

  /** a XOR b XOR c as (a OR b OR c) AND an odd number of them. */
  private withoutXor(): Expression {
    const some = new WhereNode(this.children, "OR");
    const odd = new OddCount(this.children);
    return new WhereNode([some, odd], "AND", this.negated);
  }

  override selectFormat(compiler: Compiler, inner: Sql): Sql {
    return compiler.features.supportsBooleanExprInSelectClause
      ? inner
      : sql`CASE WHEN ${inner} THEN 1 ELSE 0 END`;
  }

  /** Conditions on rows (WHERE), on groups (HAVING) and on window functions (QUALIFY). */
  splitHavingQualify(
    negated = false,
    mustGroupBy = false,
  ): { where: WhereNode | null; having: WhereNode | null; qualify: WhereNode | null } {
    if (!this.containsAggregate && !this.containsOverClause)
      return { where: this, having: null, qualify: null };
    const inNegated = negated !== this.negated;
    const mustRemainConnected =
      (inNegated && this.connector === "AND") ||
      (!inNegated && this.connector === "OR") ||
      this.connector === "XOR";
    if (mustRemainConnected && this.containsAggregate && !this.containsOverClause) {
      return { where: null, having: this, qualify: null };
    }
    const where: Expression[] = [];
    const having: Expression[] = [];
    const qualify: Expression[] = [];
    for (const child of this.children) {
      if (child instanceof WhereNode) {
        const parts = child.splitHavingQualify(inNegated, mustGroupBy);
        if (parts.where !== null) where.push(parts.where);
        if (parts.having !== null) having.push(parts.having);
        if (parts.qualify !== null) qualify.push(parts.qualify);
      } else if (child.containsOverClause) {
        qualify.push(child);
      } else if (child.containsAggregate) {
        having.push(child);
      } else {
        where.push(child);
      }
    }
    const node = (children: Expression[]) =>
      children.length > 0 ? new WhereNode(children, this.connector, this.negated) : null;
    if (mustRemainConnected && qualify.length > 0) {
      if (where.length === 0 || (where.length > 0 && !mustGroupBy))
        return { where: null, having: null, qualify: this };
      throw new NotImplementedError(
        "Heterogeneous disjunctive predicates against window functions are not implemented when performing conditional aggregation.",
      );
    }
    return { where: node(where), having: node(having), qualify: node(qualify) };
  }

  /** The conditions at the ends of the tree. */
  *leaves(): Generator<Expression> {
    for (const child of this.children) {
      if (child instanceof WhereNode) yield* child.leaves();
      else yield child;
    }
  }
}

/** True when an odd number of conditions holds. */
class OddCount extends Expression {
  private readonly children: readonly Expression[];

  constructor(children: readonly Expression[]) {
    super();
    this.children = children;
  }

  override sources(): readonly Source[] {
    return this.children;
  }

  override withSources(children: readonly Source[]): Expression {
    return new OddCount(children as readonly Expression[]);
  }

  override get conditional(): boolean {
    return true;
  }

  override asSql(compiler: Compiler): Sql {
    const terms = this.children.map((child) => {
      try {
        const condition = compiler.compile(child);
        return sql`CASE WHEN ${condition} THEN 1 ELSE 0 END`;
      } catch (error) {
        if (error instanceof EmptyResultSet) return new Sql(["0"]);
        if (error instanceof FullResultSet) return new Sql(["1"]);
        throw error;
      }
    });
    return sql`(${compiler.ops.combineExpression("%%", [sql`(${joinSql(terms, " + ")})`, new Sql(["2"])])}) = 1`;
  }
}

/** A condition that no row meets. */
export class NothingNode extends Expression {
  override asSql(): Sql {
    throw new EmptyResultSet("");
  }

  override get conditional(): boolean {
    return true;
  }

  override getGroupByCols(): Expression[] {
    return [];
  }
}

/** Conditions in the user's own SQL, from `extra(where=...)`. */
export class ExtraWhere extends Expression {
  private readonly conditions: readonly string[];
  private readonly bounds: readonly Bound[];

  constructor(conditions: readonly string[], bounds: readonly Bound[]) {
    super();
    this.conditions = conditions;
    this.bounds = bounds;
  }

  override shapeKey(): string {
    return this.conditions.join("\u0000");
  }

  override get conditional(): boolean {
    return true;
  }

  override shifted(by: number): Expression {
    return new ExtraWhere(
      this.conditions,
      this.bounds.map((bound) => bound.shifted(by)),
    );
  }

  override getGroupByCols(): Expression[] {
    return [];
  }

  override asSql(compiler: Compiler): Sql {
    const parts: (string | Param)[] = [];
    let next = 0;
    const text = this.conditions.map((condition) => `(${condition})`).join(" AND ");
    for (const [i, piece] of text.split("%s").entries()) {
      if (i > 0) {
        const bound = this.bounds[next++];
        if (bound === undefined) throw new RangeError(`extra(where) '${text}' has more %s than parameters.`);
        parts.push(bound.param((value) => compiler.ops.adaptUnknownValue(value)));
      }
      parts.push(piece.replaceAll("%%", "%"));
    }
    return new Sql(parts);
  }
}

export function isNullBound(value: unknown): boolean {
  return value instanceof Bound && value.slot < 0 && value.value === null;
}

export function isConstant(value: unknown, expected: unknown): boolean {
  return value instanceof Bound && value.slot < 0 && value.value === expected;
}

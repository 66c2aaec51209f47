import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { EmptyResultSet, FullResultSet, ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { ColPairs } from "../expressions/col.ts";
import { Value } from "../expressions/value.ts";
import type { Query } from "../query/query.ts";
import { Bound, PlanDependsOnValue } from "../sql/bound.ts";
import { type Adapt, type Sql, sql } from "../sql/sql.ts";
import { BuiltinLookup, FieldLookup } from "./lookup.ts";

type Outcome = typeof EmptyResultSet | typeof FullResultSet;

/** What it means that a value lies below or above everything that the column can hold. */
interface OutOfRange {
  readonly below: Outcome;
  readonly above: Outcome;
}

/** A comparison of two values. */
export abstract class Comparison extends FieldLookup {
  static readonly outOfRange: OutOfRange | null = null;
  /** Fractions are rounded up before the comparison with an integer. */
  static readonly roundsUp: boolean = false;

  protected override preparation(): ((value: unknown) => unknown) | null {
    const prepare = super.preparation();
    if (prepare === null || !(this.constructor as typeof Comparison).roundsUp) return prepare;
    return (value) => prepare(typeof value === "number" && Number.isFinite(value) ? Math.ceil(value) : value);
  }

  private range(compiler: Compiler): readonly [min: bigint | null, max: bigint | null] {
    return compiler.ops.values.integerFieldRange(this.lhs.outputField.internalType);
  }

  protected override adapter(compiler: Compiler): Adapt {
    const adapt = super.adapter(compiler);
    if ((this.constructor as typeof Comparison).outOfRange === null) return adapt;
    const [min, max] = this.range(compiler);
    const inRange = rangeCheck(min, max);
    return (value) => {
      if (!inRange(value)) throw new PlanDependsOnValue();
      return adapt === null ? value : adapt(value);
    };
  }

  protected override processRhs(compiler: Compiler): Sql {
    const { outOfRange } = this.constructor as typeof Comparison;
    if (outOfRange !== null && this.rhs instanceof Bound) {
      const value = compiler.valueOf(this.rhs);
      const [min, max] = this.range(compiler);
      if (!fits(value, min, max)) {
        compiler.dependsOnValues();
        const Outcome =
          min !== null && (value as bigint | number) < min ? outOfRange.below : outOfRange.above;
        throw new Outcome("");
      }
    }
    return super.processRhs(compiler);
  }
}

function fits(value: unknown, min: bigint | null, max: bigint | null): boolean {
  if (typeof value !== "number" && typeof value !== "bigint") return true;
  return (min === null || value >= min) && (max === null || value <= max);
}

/** The same check for each run: comparing a number with a bigint is slow. */
function rangeCheck(min: bigint | null, max: bigint | null): (value: unknown) => boolean {
  const least = min === null ? -Infinity : Number(min);
  const most = max === null ? Infinity : Number(max);
  return (value) =>
    (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) ||
    fits(value, min, max);
}

/** `lhs = rhs`. A boolean column stands for itself. */
export class Exact extends Comparison {
  static override readonly lookupName: string = "exact";

  protected override prepRhs(rhs: unknown): unknown {
    if (!(rhs instanceof Expression) || !rhs.isQuery) return super.prepRhs(rhs);
    const query = rhs as Query;
    if (!query.hasLimitOne) {
      throw new ValueError(
        "The QuerySet value for an exact lookup must be limited to one result using slicing.",
      );
    }
    checkSelectedFields(this.lhs, query, "exact lookup");
    return selectingPk(query);
  }

  override asSql(compiler: Compiler): Sql {
    const { rhs, lhs } = this;
    if (
      rhs instanceof Bound &&
      rhs.slot < 0 &&
      typeof rhs.value === "boolean" &&
      lhs.conditional &&
      compiler.ops.conditionalExpressionSupportedInWhereClause(lhs)
    ) {
      const condition = this.processLhs(compiler);
      return rhs.value ? condition : sql`NOT ${condition}`;
    }
    return super.asSql(compiler);
  }
}

/** Fails unless a subquery selects as many columns as it is compared with. */
export function checkSelectedFields(lhs: Expression, query: Query, what: string): void {
  const expected = lhs instanceof ColPairs ? lhs.length : ((lhs as { length?: number }).length ?? 1);
  const received = query.subqueryFieldsLength;
  if (received !== expected) {
    throw new ValueError(
      `The QuerySet value for the ${what} must have ${expected} selected fields (received ${received})`,
    );
  }
}

/** A subquery that selects the primary key, unless it says what it selects. */
export function selectingPk(query: Query): Query {
  if (query.hasSelectFields) return query;
  const clone = query.clone();
  clone.clearSelectClause();
  clone.addFields(["pk"]);
  return clone;
}

export class GreaterThan extends Comparison {
  static override readonly lookupName: string = "gt";
}

export class GreaterThanOrEqual extends Comparison {
  static override readonly lookupName: string = "gte";
}

export class LessThan extends Comparison {
  static override readonly lookupName: string = "lt";
}

export class LessThanOrEqual extends Comparison {
  static override readonly lookupName: string = "lte";
}

export class IntegerFieldExact extends Exact {
  static override readonly outOfRange: OutOfRange = { below: EmptyResultSet, above: EmptyResultSet };
}

export class IntegerGreaterThan extends GreaterThan {
  static override readonly outOfRange: OutOfRange = { below: FullResultSet, above: EmptyResultSet };
}

export class IntegerGreaterThanOrEqual extends GreaterThanOrEqual {
  static override readonly outOfRange: OutOfRange = { below: FullResultSet, above: EmptyResultSet };
  static override readonly roundsUp: boolean = true;
}

export class IntegerLessThan extends LessThan {
  static override readonly outOfRange: OutOfRange = { below: EmptyResultSet, above: FullResultSet };
  static override readonly roundsUp: boolean = true;
}

export class IntegerLessThanOrEqual extends LessThanOrEqual {
  static override readonly outOfRange: OutOfRange = { below: EmptyResultSet, above: FullResultSet };
}

/** `lhs IS NULL`, or with `false` `lhs IS NOT NULL`. */
export class IsNull extends BuiltinLookup {
  static override readonly lookupName: string = "isnull";
  static override readonly prepareRhs: boolean = false;

  protected override prepRhs(rhs: unknown): unknown {
    return rhs;
  }

  /** What is asked for. Throws ValueError when it is no boolean. */
  protected get isNull(): boolean {
    const value = this.rhs instanceof Bound && this.rhs.slot < 0 ? this.rhs.value : this.rhs;
    if (typeof value !== "boolean") {
      throw new ValueError("The QuerySet value for an isnull lookup must be True or False.");
    }
    return value;
  }

  override asSql(compiler: Compiler): Sql {
    const { isNull } = this;
    if (this.lhs instanceof Value) {
      const { bound } = this.lhs;
      const lhsIsNull = bound.slot < 0 && bound.value === null;
      throw lhsIsNull === isNull ? new FullResultSet("") : new EmptyResultSet("");
    }
    const lhs = this.processLhs(compiler);
    return isNull ? sql`${lhs} IS NULL` : sql`${lhs} IS NOT NULL`;
  }
}

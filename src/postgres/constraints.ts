/** Exclusion constraints. Django: django.contrib.postgres, "PostgreSQL specific database constraints". */
import { ArgumentTypeError, ValueError } from "../errors.ts";
import { exists } from "../execute/fetch.ts";
import { defaultQuerySet } from "../execute/querysets.ts";
import { others } from "../execute/uniqueness.ts";
import {
  conditionMeets,
  expressionMap,
  refersToExcluded,
  replacementsOf,
  violation,
} from "../execute/validate-constraint.ts";
import { Expression } from "../expressions/base.ts";
import { F } from "../expressions/f.ts";
import {
  BaseConstraint,
  type ConstraintOptions,
  Deferrable,
  type DefinitionWriter,
} from "../models/constraints.ts";
import { isQ } from "../models/indexes.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { raw, type Sql } from "../sql/sql.ts";
import type { Task } from "../task.ts";
import { OperatorLookup } from "./lookups/operator.ts";
import { onlyOnPostgresql } from "./only.ts";

export interface ExclusionOptions extends ConstraintOptions {
  /** What is compared with each other row's, and by which operator: `["room", "="], ["during", RangeOperators.OVERLAPS]`. */
  expressions: readonly (readonly [expression: unknown, operator: string])[];
  /** `"GIST"`, the default, or `"SPGIST"`. */
  indexType?: string | undefined;
  /** Only rows for which it holds exclude each other: a `Q`. */
  condition?: unknown;
  deferrable?: Deferrable | undefined;
  include?: readonly string[] | undefined;
}

/** A comparison by any operator. */
class Comparison extends OperatorLookup {
  private readonly symbol: string;

  constructor(lhs: Expression, symbol: string, rhs: Expression) {
    super(lhs, rhs);
    this.symbol = symbol;
  }

  override get operator(): string {
    return this.symbol;
  }

  override shapeKey(): string {
    return this.symbol;
  }
}

/** No two rows for which all comparisons are true. Django: `ExclusionConstraint`. */
export class ExclusionConstraint extends BaseConstraint {
  readonly expressions: readonly (readonly [expression: Expression, operator: string])[];
  readonly indexType: string;
  readonly condition: unknown;
  readonly deferrable: Deferrable | null;
  readonly include: readonly string[];

  constructor(options: ExclusionOptions) {
    const { expressions, indexType, condition = null, deferrable = null, include = [] } = options;
    if (indexType && !["gist", "spgist"].includes(indexType.toLowerCase())) {
      throw new ValueError("Exclusion constraints only support GiST or SP-GiST indexes.");
    }
    if (!expressions || expressions.length === 0) {
      throw new ValueError("At least one expression is required to define an exclusion constraint.");
    }
    if (!expressions.every((pair) => Array.isArray(pair) && pair.length === 2)) {
      throw new ValueError("The expressions must be a list of 2-tuples.");
    }
    if (condition !== null && !isQ(condition)) {
      throw new ValueError("ExclusionConstraint.condition must be a Q instance.");
    }
    if (deferrable !== null && !Object.values(Deferrable).includes(deferrable)) {
      throw new ValueError("ExclusionConstraint.deferrable must be a Deferrable instance.");
    }
    if (!Array.isArray(include)) throw new ValueError("ExclusionConstraint.include must be a list or tuple.");
    if (!options.name) throw new ArgumentTypeError("ExclusionConstraint needs a name.");
    super(options);
    this.expressions = expressions.map(([expression, operator]) => [
      expression instanceof Expression ? expression : new F(String(expression)),
      checkedOperator(operator),
    ]);
    this.indexType = indexType || "GIST";
    this.condition = condition;
    this.deferrable = deferrable;
    this.include = include;
  }

  override deconstruct(): ReturnType<BaseConstraint["deconstruct"]> {
    const parts = super.deconstruct();
    const { kwargs } = parts;
    kwargs["expressions"] = this.expressions;
    if (this.condition !== null) kwargs["condition"] = this.condition;
    if (this.indexType.toLowerCase() !== "gist") kwargs["indexType"] = this.indexType;
    if (this.deferrable !== null) kwargs["deferrable"] = this.deferrable;
    if (this.include.length > 0) kwargs["include"] = this.include;
    return parts;
  }

  override definitionSql(opts: Options, writer: DefinitionWriter): string {
    onlyOnPostgresql(writer.ops, "ExclusionConstraint");
    const parts = this.expressions.map(
      ([expression, operator]) => `${writer.indexExpression(opts, expression)} WITH ${operator}`,
    );
    const where = this.condition === null ? "" : ` WHERE (${writer.conditionSql(opts, this.condition)})`;
    return (
      `EXCLUDE USING ${this.indexType} (${parts.join(", ")})` +
      `${writer.includeSql(opts, this.include)}${where}${writer.deferrableSql(this.deferrable)}`
    );
  }

  override *validationTask(
    opts: Options,
    instance: ModelInstance,
    exclude: ReadonlySet<string>,
    using: string,
  ): Task<void> {
    if (this.expressions.some(([expression]) => refersToExcluded(opts, expression, exclude))) return;
    const replacements = replacementsOf(expressionMap(instance, opts, exclude));
    const conditions = this.expressions.map(([given, operator]) => {
      const expression = given.getExpressionForValidation();
      return new Comparison(expression, operator, expression.replaceExpressions(replacements));
    });
    const rows = others(defaultQuerySet(opts, using).filterWith(conditions), instance, opts);
    const violated =
      this.condition === null
        ? yield* exists(rows)
        : yield* conditionMeets(this.condition, rows, opts, instance, exclude, using);
    if (violated) throw violation(this);
  }
}

/** An operator is part of the statement's text, so it must be one. */
function checkedOperator(operator: string): string {
  if (typeof operator === "string" && /^[-+*/<>=~!@#%^&|`?]+$/.test(operator)) return operator;
  throw new ValueError(`Invalid operator: '${String(operator)}'.`);
}

export interface RangeBoundaryOptions {
  inclusiveLower?: boolean | undefined;
  inclusiveUpper?: boolean | undefined;
}

/** The bounds of a range that a function makes. Django: `RangeBoundary`. */
export class RangeBoundary extends Expression {
  private readonly bounds: string;

  constructor({ inclusiveLower = true, inclusiveUpper = false }: RangeBoundaryOptions = {}) {
    super();
    this.bounds = `${inclusiveLower ? "[" : "("}${inclusiveUpper ? "]" : ")"}`;
  }

  override shapeKey(): string {
    return this.bounds;
  }

  override get outputFieldOrNull(): null {
    return null;
  }

  override asSql(): Sql {
    return raw(`'${this.bounds}'`);
  }
}

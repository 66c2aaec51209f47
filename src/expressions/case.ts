import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, EmptyResultSet, FullResultSet, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import { fill, joinSql, type Sql } from "../sql/sql.ts";
import { checkOptions } from "../util/check-options.ts";
import { Expression, type ResolveOptions, type Source } from "./base.ts";
import { parseExpression } from "./combinable.ts";
import { isOptions, splitOptions } from "./func.ts";

let parseLookups: (lookups: object) => Expression = () => {
  throw new ArgumentTypeError("Conditions are not loaded: import from the package's main entry.");
};

/** Says what makes a condition of an object of lookups: `Q`, which comes later in the order of imports. */
export function setLookupsParser(parse: (lookups: object) => Expression): void {
  parseLookups = parse;
}

/** A condition as it is, or an object of lookups as a `Q`. */
export function parseCondition(condition: unknown): unknown {
  return isOptions(condition) ? parseLookups(condition) : condition;
}

/**
 * A condition and its value, for {@link Case}.
 *
 * @example When(Q({ price__gt: 10 }), { then: Value("dear") })   // WHEN "price" > ? THEN ?
 *
 * Django: Conditional Expressions, `When`.
 * @throws {ArgumentTypeError} when the condition is none; {@link ValueError} for an empty `Q`.
 */
export class When extends Expression {
  readonly condition: Expression;
  readonly result: Expression;

  constructor(given: unknown, options: { readonly then?: unknown } = {}) {
    super();
    checkOptions("When", options, ["then"]);
    // Only options: the condition is missing.
    const condition = isOptions(given) && "then" in given ? null : parseCondition(given);
    if (!(condition instanceof Expression) || !condition.conditional) {
      throw new ArgumentTypeError(
        "When() supports a Q object, a boolean expression, or lookups as a condition.",
      );
    }
    if ((condition as { isEmpty?: unknown }).isEmpty === true) {
      throw new ValueError("An empty Q() can't be used as a When() condition.");
    }
    this.condition = condition;
    this.result = parseExpression(options.then ?? null);
  }

  override get conditional(): boolean {
    return false;
  }

  override sources(): readonly Source[] {
    return [this.condition, this.result];
  }

  override withSources([condition, result]: readonly Source[]): Expression {
    return this.copy({ condition, result });
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    return this.copy({
      // The condition is a filter, also where the values are written.
      condition: this.condition.resolveExpression(
        query,
        options.forSave === true ? { ...options, forSave: false } : options,
      ),
      result: this.result.resolveExpression(query, options),
    });
  }

  protected override resolveOutputField(): Field | null {
    return this.result.outputFieldOrNull;
  }

  override get isUndecided(): boolean {
    return this.result.isUndecided;
  }

  override asSql(compiler: Compiler): Sql {
    compiler.ops.checkExpressionSupport(this);
    return fill("WHEN %(condition)s THEN %(result)s", {
      condition: compiler.compile(this.condition),
      result: compiler.compile(this.result),
    });
  }

  override getGroupByCols(): Expression[] {
    return [...this.condition.getGroupByCols(), ...this.result.getGroupByCols()];
  }
}

/**
 * The value of the first condition that holds, else `default` (NULL when omitted).
 *
 * @example
 * Case(When({ price__gt: 10 }, { then: Value("dear") }), { default: Value("cheap") })
 * // CASE WHEN "price" > ? THEN ? ELSE ? END
 *
 * Django: Conditional Expressions, `Case`.
 * @throws {ArgumentTypeError} when an argument is no {@link When}.
 */
export class Case extends Expression {
  readonly cases: readonly When[];
  readonly default: Expression;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(...args: readonly unknown[]) {
    super();
    const { positional, options } = splitOptions(args);
    if (!positional.every((arg) => arg instanceof When)) {
      throw new ArgumentTypeError("Positional arguments must all be When objects.");
    }
    const {
      outputField = null,
      default: otherwise = null,
      ...extra
    } = options as { outputField?: Field; default?: unknown };
    this.cases = positional;
    this.default = parseExpression(otherwise);
    this.extra = extra;
    this.explicitOutputField = outputField;
  }

  override sources(): readonly Source[] {
    return [...this.cases, this.default];
  }

  override withSources(sources: readonly Source[]): Expression {
    return this.copy({ cases: sources.slice(0, -1), default: sources.at(-1) });
  }

  override shapeKey(): string {
    return isOptions(this.extra) && Object.keys(this.extra).length > 0 ? JSON.stringify(this.extra) : "";
  }

  override get isUndecided(): boolean {
    return this.explicitOutputField === null && this.sources().some((source) => source?.isUndecided === true);
  }

  override asSql(compiler: Compiler): Sql {
    compiler.ops.checkExpressionSupport(this);
    const parts: Sql[] = [];
    let otherwise: Expression = this.default;
    for (const branch of this.cases) {
      try {
        parts.push(compiler.compile(branch));
      } catch (error) {
        if (error instanceof EmptyResultSet) continue;
        if (!(error instanceof FullResultSet)) throw error;
        otherwise = branch.result;
        break;
      }
    }
    const rest = compiler.compile(otherwise);
    if (parts.length === 0) return rest;
    const template = (this.extra["template"] as string | undefined) ?? "CASE %(cases)s ELSE %(default)s END";
    const sql = fill(template, { ...this.extra, cases: joinSql(parts, " "), default: rest });
    return this.outputFieldOrNull === null ? sql : compiler.ops.unificationCastSql(this.outputField, sql);
  }

  override getGroupByCols(): Expression[] {
    return this.cases.length === 0 ? this.default.getGroupByCols() : super.getGroupByCols();
  }
}

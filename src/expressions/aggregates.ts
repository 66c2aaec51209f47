import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, FieldError, FullResultSet, NotSupportedError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import type { Sql } from "../sql/sql.ts";
import type { Expression, ResolveOptions, Source } from "./base.ts";
import { Case, parseCondition, When } from "./case.ts";
import { Coalesce } from "./coalesce.ts";
import { ColPairs, Star } from "./col.ts";
import { parseValue } from "./combinable.ts";
import { Func, type FuncContext, numericField, splitOptions } from "./func.ts";
import { type OrderByList, orderByList } from "./order-by-list.ts";
import { INTEGER, TEXT } from "./types.ts";
import { Value } from "./value.ts";

/** Keyword arguments of an aggregate. */
export interface AggregateOptions {
  /** Counts each value once. */
  readonly distinct?: boolean | undefined;
  /** Only rows that meet the condition take part. */
  readonly filter?: Expression | null | undefined;
  /** The result where there are no rows. */
  readonly default?: unknown;
  /** The order in which values are taken; names, `-names`, expressions. */
  readonly orderBy?: unknown;
  readonly outputField?: Field | null | undefined;
  readonly [extra: string]: unknown;
}

/**
 * A function over the rows of a group.
 *
 * A subclass sets `static function`, and `allowDistinct`, `allowOrderBy`, `arity` or `template` where they differ.
 *
 * @example
 * class Median extends Aggregate {
 *   static override readonly function = "MEDIAN";
 * }
 *
 * Django: Query Expressions, "Creating your own Aggregate Functions".
 */
export class Aggregate extends Func {
  static override readonly template: string = "%(function)s(%(distinct)s%(expressions)s%(orderBy)s)";
  static override readonly windowCompatible: boolean = true;
  static readonly allowDistinct: boolean = false;
  static readonly allowOrderBy: boolean = false;
  /** The result over no rows. */
  static readonly emptyResultSetValue: unknown = null;

  readonly distinct: boolean;
  readonly filter: Expression | null;
  readonly orderBy: OrderByList | null;
  readonly default: Expression | null;
  /** The default was given as a value, and gets the aggregate's type. */
  private readonly plainDefault: boolean;
  /** Computed over the whole query, by `aggregate()`. */
  readonly isSummary: boolean = false;

  constructor(...args: readonly unknown[]) {
    const { positional, options } = splitOptions(args);
    const {
      distinct = false,
      filter = null,
      default: given = null,
      orderBy = null,
      ...rest
    } = options as AggregateOptions;
    super(...positional, rest);
    const { allowDistinct, allowOrderBy, emptyResultSetValue } = this.class;
    const { name } = this.constructor;
    if (distinct && !allowDistinct) throw new ArgumentTypeError(`${name} does not allow distinct.`);
    if (orderBy !== null && !allowOrderBy) throw new ArgumentTypeError(`${name} does not allow orderBy.`);
    if (given !== null && emptyResultSetValue !== null)
      throw new ArgumentTypeError(`${name} does not allow default.`);
    this.distinct = distinct;
    this.filter = parseCondition(filter) as Expression | null;
    this.orderBy = orderBy === null ? null : orderByList(orderBy, `${name}.orderBy`);
    this.default = given === null ? null : parseValue(given);
    this.plainDefault = this.default !== given;
  }

  protected override get class(): typeof Aggregate {
    return this.constructor as typeof Aggregate;
  }

  override get containsAggregate(): boolean {
    return true;
  }

  override get emptyResultSetValue(): unknown {
    return this.class.emptyResultSetValue;
  }

  override sources(): readonly Source[] {
    return [...this.expressions, this.filter, this.orderBy, this.default];
  }

  override withSources(sources: readonly Source[]): Expression {
    const [filter, orderBy, otherwise] = sources.slice(-3);
    return this.copy({ expressions: sources.slice(0, -3), filter, orderBy, default: otherwise });
  }

  override shapeKey(): string {
    return `${this.distinct ? "D" : ""}${this.isSummary ? "S" : ""}${super.shapeKey()}`;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const { forSave: _, ...rest } = options;
    const resolved = super.resolveExpression(query, rest) as this;
    const { name } = this.constructor;
    if (options.summarize === true) {
      for (const ref of resolved.getRefs()) {
        const annotation = query.annotations.get(ref);
        if (annotation !== undefined && isSummary(annotation)) {
          throw new FieldError(`Cannot compute ${name}('${ref}'): '${ref}' is an aggregate`);
        }
      }
    } else if (!this.isSummary) {
      resolved.expressions.forEach((expression, i) => {
        if (!expression.containsAggregate) return;
        const inner = nameOf(this.expressions[i] as Expression);
        throw new FieldError(`Cannot compute ${name}('${inner}'): '${inner}' is an aggregate`);
      });
    }
    const bare = resolved.copy({ default: null, isSummary: options.summarize === true });
    return resolved.default === null ? bare : this.withDefault(bare, resolved.default);
  }

  private withDefault(aggregate: this, given: Expression): Expression {
    const field = aggregate.outputFieldOrNull;
    const otherwise =
      this.plainDefault && given instanceof Value ? new Value(given.bound, { outputField: field }) : given;
    return new Coalesce(aggregate, otherwise, { outputField: field });
  }

  /** The name that `aggregate(Sum("amount"))` gives the result: `amount__sum`. */
  get defaultAlias(): string {
    const sources = this.sources().filter(
      (source) => source !== null && source !== this.default,
    ) as Expression[];
    const [source] = sources;
    if (sources.length === 1 && source !== undefined) {
      const name = plainNameOf(source);
      if (name !== null) return `${name}__${this.constructor.name.toLowerCase()}`;
    }
    throw new ArgumentTypeError("Complex expressions require an alias");
  }

  override getGroupByCols(): Expression[] {
    return [];
  }

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    const orderBy = this.orderBySql(compiler);
    const data = { distinct: this.distinct ? "DISTINCT " : "", orderBy, ...context };
    if (this.filter === null) return super.asSql(compiler, data);
    if (!compiler.features.supportsAggregateFilterClause)
      return this.withFilterInside().asSql(compiler, context);
    let filter: Sql;
    try {
      filter = compiler.compile(this.filter);
    } catch (error) {
      if (error instanceof FullResultSet) return super.asSql(compiler, data);
      throw error;
    }
    const template =
      (context["template"] as string | undefined) ??
      (this.extra["template"] as string | undefined) ??
      this.class.template;
    return super.asSql(compiler, { ...data, template: `${template} FILTER (WHERE %(filter)s)`, filter });
  }

  private orderBySql(compiler: Compiler): Sql | string {
    if (this.orderBy === null) return "";
    if (!compiler.features.supportsAggregateOrderByClause) {
      throw new NotSupportedError(
        "This database backend does not support specifying an order on aggregates.",
      );
    }
    return this.orderBy.asSql(compiler, " ORDER BY ");
  }

  /** `SUM(CASE WHEN <filter> THEN <expression> END)`, for databases without FILTER. */
  private withFilterInside(): this {
    const [first, ...rest] = this.expressions;
    const inside = new Case(new When(this.filter, { then: first }));
    return this.copy({ filter: null, expressions: [inside, ...rest] });
  }
}

function isSummary(annotation: Expression): boolean {
  for (const part of annotation.flatten()) if (part instanceof Aggregate && part.isSummary) return true;
  return false;
}

function plainNameOf(expression: Expression): string | null {
  if (expression instanceof Aggregate) return expression.constructor.name;
  const { name } = expression as { name?: unknown };
  return typeof name === "string" ? name : null;
}

function nameOf(expression: Expression): string {
  return plainNameOf(expression) ?? String(expression);
}

/** The average. Django: `Avg`. */
export class Avg extends Aggregate {
  static override readonly function: string = "AVG";
  static override readonly allowDistinct: boolean = true;
  static override readonly arity: number = 1;

  protected override resolveOutputField(): Field | null {
    return numericField(this.sourceFields());
  }
}

/** The number of values that are not NULL; of rows with `"*"`. Django: `Count`. */
export class Count extends Aggregate {
  static override readonly function: string = "COUNT";
  static override readonly outputField: Field = INTEGER;
  static override readonly allowDistinct: boolean = true;
  static override readonly emptyResultSetValue: unknown = 0;
  static override readonly arity: number = 1;

  constructor(...args: readonly unknown[]) {
    const [expression, ...rest] = args;
    const counted = expression === "*" ? new Star() : expression;
    if (counted instanceof Star && (splitOptions(rest).options as AggregateOptions).filter != null) {
      throw new ValueError("Star cannot be used with filter. Please specify a field.");
    }
    super(...(args.length === 0 ? [] : [counted, ...rest]));
  }

  override get allowsCompositeExpressions(): boolean {
    return true;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options);
    const counted = resolved instanceof Count ? resolved.expressions[0] : null;
    if (!(counted instanceof ColPairs)) return resolved;
    if (this.distinct) throw new ValueError("COUNT(DISTINCT) doesn't support composite primary keys");
    return (resolved as Count).copy({ expressions: [counted.getCols()[0]] });
  }
}

/** The greatest value. Django: `Max`. */
export class Max extends Aggregate {
  static override readonly function: string = "MAX";
  static override readonly arity: number = 1;
}

/** The least value. Django: `Min`. */
export class Min extends Aggregate {
  static override readonly function: string = "MIN";
  static override readonly arity: number = 1;
}

/** The sum. Django: `Sum`. */
export class Sum extends Aggregate {
  static override readonly function: string = "SUM";
  static override readonly allowDistinct: boolean = true;
  static override readonly arity: number = 1;
}

/** The options of {@link StdDev} and {@link Variance}, with the function chosen by `sample`. */
function sampled(args: readonly unknown[], population: string, sample: string): unknown[] {
  const { positional, options } = splitOptions(args);
  const { sample: ofSample = false, ...rest } = options;
  return [...positional, { function: ofSample === true ? sample : population, ...rest }];
}

/** The standard deviation of the population, or with `{ sample: true }` of the sample. Django: `StdDev`. */
export class StdDev extends Aggregate {
  static override readonly arity: number = 1;

  constructor(...args: readonly unknown[]) {
    super(...sampled(args, "STDDEV_POP", "STDDEV_SAMP"));
  }

  protected override resolveOutputField(): Field | null {
    return numericField(this.sourceFields());
  }
}

/** The variance of the population, or with `{ sample: true }` of the sample. Django: `Variance`. */
export class Variance extends Aggregate {
  static override readonly arity: number = 1;

  constructor(...args: readonly unknown[]) {
    super(...sampled(args, "VAR_POP", "VAR_SAMP"));
  }

  protected override resolveOutputField(): Field | null {
    return numericField(this.sourceFields());
  }
}

/** Any of the values that are not NULL. Django: `AnyValue`. */
export class AnyValue extends Aggregate {
  static override readonly function: string = "ANY_VALUE";
  static override readonly arity: number = 1;
  static override readonly windowCompatible: boolean = false;

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    if (!compiler.features.supportsAnyValue) {
      throw new NotSupportedError("ANY_VALUE is not supported on this database backend.");
    }
    return super.asSql(compiler, context);
  }
}

/**
 * The texts with a delimiter between them.
 *
 * @example StringAgg("name", ", ", { orderBy: "name" })
 *
 * Django: `StringAgg`.
 */
export class StringAgg extends Aggregate {
  static override readonly function: string = "STRING_AGG";
  static override readonly outputField: Field = TEXT;
  static override readonly allowDistinct: boolean = true;
  static override readonly allowOrderBy: boolean = true;
  static override readonly arity: number = 2;

  /** A delimiter that is a string is a text, not the name of a field. */
  constructor(expression: unknown, delimiter: unknown, ...rest: readonly unknown[]) {
    super(expression, typeof delimiter === "string" ? new Value(delimiter) : delimiter, ...rest);
  }
}

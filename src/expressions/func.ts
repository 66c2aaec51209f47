import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, EmptyResultSet, FullResultSet, ValueError } from "../errors.ts";
import { DecimalField, type Field, IntegerField } from "../fields/index.ts";
import type { Query } from "../query/query.ts";
import { fill, joinSql, Sql } from "../sql/sql.ts";
import { Expression, type ResolveOptions, type Source } from "./base.ts";
import { ColPairs } from "./col.ts";
import { parseExpression } from "./combinable.ts";
import { commonField } from "./common-field.ts";
import { fieldKey, objectKey } from "./keys.ts";
import { DECIMAL, FLOAT } from "./types.ts";
import { Value } from "./value.ts";

/** Keyword arguments of a function: its type, and what replaces the class's own SQL. */
export interface FuncOptions {
  /** The field whose values the function gives. */
  readonly outputField?: Field | null | undefined;
  /** The name of the function in SQL. */
  readonly function?: string | undefined;
  /** `%(function)s(%(expressions)s)` with the names of other options, as `%(name)s`. */
  readonly template?: string | undefined;
  /** What stands between the arguments, `, ` when omitted. */
  readonly argJoiner?: string | undefined;
  readonly [extra: string]: unknown;
}

/** What a dialect puts in place of a function's own SQL, for one compilation. */
export type FuncContext = Readonly<Record<string, unknown>>;

/**
 * A function of the database.
 *
 * A subclass sets `static function`, and `template`, `argJoiner`, `arity` or `outputField` where they differ.
 * Wrap it with `callable` to use it without `new`.
 *
 * @example
 * Pizza.objects.annotate({ lower: Func("name", { function: "LOWER" }) })   // LOWER("testapp_pizza"."name")
 *
 * Django: Query Expressions, `Func()` expressions.
 * @throws {ArgumentTypeError} when the number of arguments is not the function's.
 */
export class Func extends Expression {
  /** The name of the function in SQL. */
  static readonly function: string | null = null;
  static readonly template: string = "%(function)s(%(expressions)s)";
  static readonly argJoiner: string = ", ";
  /** How many arguments the function takes; `null`: any number. */
  static readonly arity: number | null = null;
  /** The type of the result, when it is always the same. */
  static override readonly outputField: Field | null = null;
  static readonly windowCompatible: boolean = false;

  readonly expressions: readonly Expression[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(...args: readonly unknown[]) {
    super();
    const { positional, options } = splitOptions(args);
    const { arity, outputField } = this.class;
    if (arity !== null && positional.length !== arity) {
      throw new ArgumentTypeError(
        `'${this.constructor.name}' takes exactly ${arity} ${arity === 1 ? "argument" : "arguments"} (${positional.length} given)`,
      );
    }
    const { outputField: given, ...extra } = options;
    this.expressions = positional.map(parseExpression);
    this.extra = extra;
    this.explicitOutputField = given ?? outputField;
  }

  protected get class(): typeof Func {
    return this.constructor as typeof Func;
  }

  override get windowCompatible(): boolean {
    return this.class.windowCompatible;
  }

  override sources(): readonly Source[] {
    return this.expressions;
  }

  override withSources(sources: readonly Source[]): Expression {
    return this.copy({ expressions: sources });
  }

  override shapeKey(): string {
    let key = "";
    for (const name in this.extra) key += `${name}=${extraKey(this.extra[name])};`;
    return key;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options);
    this.checkComposite(resolved);
    return resolved;
  }

  protected checkComposite(resolved: Expression): void {
    if (this.allowsCompositeExpressions) return;
    if (resolved.sources().some((source) => source instanceof ColPairs)) {
      throw new ValueError(`${this.constructor.name} expression does not support composite primary keys.`);
    }
  }

  /** The types of the arguments, from which the type of the result is inferred. */
  protected sourceFields(): (Field | null)[] {
    return this.expressions.map((expression) => expression.outputFieldOrNull);
  }

  protected override resolveOutputField(): Field | null {
    return commonField(this.sourceFields());
  }

  /**
   * `context` takes the place of the options given, and these of the class's own.
   *
   * Overrides of a dialect call this with what is different there.
   */
  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    compiler.ops.checkExpressionSupport(this);
    const args = this.expressions.map((expression) => compileArgument(expression, compiler));
    const data: Record<string, unknown> = { function: this.class.function, ...this.extra, ...context };
    const template = (data["template"] as string | undefined) ?? this.class.template;
    const joiner = (data["argJoiner"] as string | undefined) ?? this.class.argJoiner;
    const expressions = joinSql(args, joiner);
    return fill(template, { ...data, expressions, field: expressions });
  }

  override toString(): string {
    return `${this.constructor.name}(${this.expressions.join(", ")})`;
  }
}

/** The arguments of a call, and the options object at their end. */
export function splitOptions(args: readonly unknown[]): {
  positional: readonly unknown[];
  options: FuncOptions;
} {
  const last = args.at(-1);
  return isOptions(last)
    ? { positional: args.slice(0, -1), options: last }
    : { positional: args, options: {} };
}

export function isOptions(value: unknown): value is FuncOptions {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

function extraKey(value: unknown): string {
  if (value instanceof Sql) return value.key;
  return typeof value === "object" && value !== null ? objectKey(value) : `${typeof value}:${String(value)}`;
}

/** An argument's SQL; one that cannot have rows stands for its empty value. */
export function compileArgument(expression: Expression, compiler: Compiler): Sql {
  try {
    return compiler.compile(expression);
  } catch (error) {
    if (error instanceof FullResultSet) return compiler.compile(new Value(true));
    if (!(error instanceof EmptyResultSet)) throw error;
    const value = expression.emptyResultSetValue;
    if (value === undefined) throw error;
    return compiler.compile(new Value(value));
  }
}

/** What a foreign key holds. */
function keyField(field: Field): Field {
  const { targetField } = field as Field & { readonly targetField?: Field };
  return targetField === undefined ? field : targetField.isRelation ? keyField(targetField) : targetField;
}

/** The type of a calculation: decimal when a decimal takes part, float for integers. */
export function numericField(given: readonly (Field | null)[]): Field | null {
  const fields = given.map((field) => (field?.isRelation === true ? keyField(field) : field));
  if (fields.some((field) => field instanceof DecimalField)) return DECIMAL;
  if (fields.some((field) => field instanceof IntegerField)) return FLOAT;
  return fields.length > 0 ? commonField(fields) : FLOAT;
}

/** A constructor of the class that can be called without `new`. It is the class in every other respect. */
export type Callable<C extends new (...args: never[]) => unknown> = C &
  ((...args: ConstructorParameters<C>) => InstanceType<C>);

/**
 * Makes a class callable without `new`, as all functions, aggregates and lookups of the library are.
 *
 * @example
 * class Soundex extends Func { static override readonly function = "SOUNDEX"; }
 * export const soundex = callable(Soundex);
 * Author.objects.annotate({ sound: soundex("name") });
 */
export function callable<C extends new (...args: never[]) => object>(Class: C): Callable<C> {
  function call(this: unknown, ...args: unknown[]): object {
    return Reflect.construct(Class, args, new.target ?? Class) as object;
  }
  Object.setPrototypeOf(call, Class);
  Object.defineProperties(call, {
    prototype: { value: Class.prototype },
    name: { value: Class.name },
    length: { value: Class.length },
  });
  return call as unknown as Callable<C>;
}

/** A text that stands for a field in shape keys; `-` for none. */
export function fieldKeyOrNone(field: Field | null): string {
  return field === null ? "-" : fieldKey(field);
}

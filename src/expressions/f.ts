import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, NotSupportedError, ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Query } from "../query/query.ts";
import type { Capture } from "../sql/node.ts";
import type { Sql } from "../sql/sql.ts";
import { repr } from "../util/repr.ts";
import { Expression, type ResolveOptions } from "./base.ts";

/**
 * The value of a field, of a field across relations, or of an annotation.
 *
 * @example Pizza.objects.update({ count: F("count").add(1) })   // SET "count" = ("testapp_pizza"."count" + 1)
 *
 * Django: Query Expressions, `F()` expressions.
 */
export class F extends Expression {
  readonly name: string;

  constructor(name: string) {
    super();
    if (typeof name !== "string")
      throw new ArgumentTypeError(`F() takes the name of a field, not ${repr(name)}.`);
    this.name = name;
  }

  override shapeKey(): string {
    return this.name;
  }

  override capture(sink: Capture): void {
    sink.text(`${this.constructor === F ? "F" : super.identity}:${this.name};`);
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    return query.resolveRef(this.name, options);
  }

  override get outputFieldOrNull(): Field | null {
    return null;
  }

  override get isUndecided(): boolean {
    return true;
  }

  override asSql(_compiler: Compiler): Sql {
    throw new ValueError(`F(${this.name}) was not resolved.`);
  }

  override replaceExpressions(replacements: ReadonlyMap<string, Expression>): Expression {
    const whole = replacements.get(this.identity);
    if (whole !== undefined) return whole;
    const [name = "", ...transforms] = this.name.split("__");
    if (transforms.length === 0) return this;
    let replacement = replacements.get(new F(name).identity);
    if (replacement === undefined || replacement.outputFieldOrNull === null) return this;
    for (const transform of transforms) {
      const transformClass = replacement.getTransform(transform) as
        | (new (
            lhs: Expression,
          ) => Expression)
        | undefined;
      if (transformClass === undefined) return this;
      replacement = new transformClass(replacement);
    }
    return replacement;
  }

  override prefixReferences(prefix: string): Expression {
    return new F(prefix + this.name);
  }

  /** A part of a text: `F("name").slice(0, 3)` is Python's `F("name")[:3]`. */
  slice(start: number | null, stop?: number | null): Expression {
    return new Sliced(this, start, stop ?? null);
  }

  /** One character of a text: `F("name").at(0)` is Python's `F("name")[0]`. */
  at(index: number): Expression {
    if (index < 0) throw new ValueError("Negative indexing is not supported.");
    return new Sliced(this, index, index + 1);
  }

  override toString(): string {
    return `${this.constructor.name}(${this.name})`;
  }
}

/** Stands in a subquery for a field of the query around it, once that query is known. */
export class ResolvedOuterRef extends F {
  override get containsAggregate(): boolean {
    return false;
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = super.resolveExpression(query, options);
    if (resolved.containsOverClause) {
      throw new NotSupportedError(
        `Referencing outer query window expression is not supported: ${this.name}.`,
      );
    }
    return this.name.includes("__") ? markMultivalued(resolved) : resolved;
  }

  override asSql(_compiler: Compiler): Sql {
    throw new ValueError(
      "This queryset contains a reference to an outer query and may only be used in a subquery.",
    );
  }

  override getGroupByCols(): Expression[] {
    return [];
  }
}

/** A column reached over a relation may stand for several rows. */
function markMultivalued(expression: Expression): Expression {
  const copy = Object.create(Object.getPrototypeOf(expression) as object) as Expression & {
    possiblyMultivalued: boolean;
  };
  Object.assign(copy, expression);
  copy.possiblyMultivalued = true;
  return copy;
}

/**
 * In a subquery: a field of the query around it. `OuterRef(OuterRef("pk"))` reaches one query further out.
 *
 * Django: Query Expressions, "Referencing columns from the outer queryset".
 */
export class OuterRef extends F {
  readonly inner: OuterRef | null;

  constructor(name: string | OuterRef) {
    super(typeof name === "string" ? name : name.name);
    this.inner = typeof name === "string" ? null : name;
  }

  override shapeKey(): string {
    return this.inner === null ? this.name : `^${this.inner.shapeKey()}`;
  }

  override capture(sink: Capture): void {
    sink.text(`O${this.shapeKey()};`);
  }

  override get containsAggregate(): boolean {
    return false;
  }

  override resolveExpression(): Expression {
    return this.inner ?? new ResolvedOuterRef(this.name);
  }

  override prefixReferences(): Expression {
    return this;
  }
}

/** A part of a text field. */
class Sliced extends F {
  private readonly object: F;
  private readonly start: number;
  private readonly length: number | null;

  constructor(object: F, start: number | null, stop: number | null) {
    super(object.name);
    if ((start !== null && start < 0) || (stop !== null && stop < 0)) {
      throw new ValueError("Negative indexing is not supported.");
    }
    if (start !== null && stop !== null && stop < start) {
      throw new ValueError("Slice stop must be greater than slice start.");
    }
    this.object = object;
    this.start = (start ?? 0) + 1;
    this.length = stop === null ? null : stop - (start ?? 0);
  }

  override shapeKey(): string {
    return `${this.object.shapeKey()}[${this.start}:${this.length}]`;
  }

  override capture(sink: Capture): void {
    this.object.capture(sink);
    sink.text(`[${this.start}:${this.length}]`);
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    const resolved = query.resolveRef(this.name, options);
    const nested = this.object instanceof OuterRef || this.object instanceof Sliced;
    const expression = nested ? this.object.resolveExpression(query, options) : resolved;
    const field = resolved.outputField as Field & {
      sliceExpression?(expression: Expression, start: number, length: number | null): Expression;
    };
    if (field.sliceExpression === undefined)
      throw new NotSupportedError("This field does not support slicing.");
    return field.sliceExpression(expression, this.start, this.length);
  }
}

export function assertName(name: unknown, what: string): asserts name is string {
  if (typeof name !== "string" || name === "") {
    throw new ArgumentTypeError(`${what} takes the name of a field, not ${String(name)}.`);
  }
}

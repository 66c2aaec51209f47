import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ArgumentTypeError, NotImplementedError } from "../errors.ts";
import { Expression, type ResolveOptions } from "../expressions/base.ts";
import type { Field } from "../fields/field.ts";
import type { Capture, Cursor } from "../sql/node.ts";
import type { Sql } from "../sql/sql.ts";
import type { Query } from "./query.ts";

export type Connector = "AND" | "OR" | "XOR";

/** A lookup with its value, or a condition. */
export type QChild = readonly [lookup: string, value: unknown] | Expression;

/**
 * Conditions that can be combined.
 *
 * @example Q({ name: "x" }).or(Q({ price__gt: 5 })).not()   // NOT ("name" = ? OR "price" > ?)
 *
 * Django: Making queries, "Complex lookups with Q objects".
 */
export class Q extends Expression {
  readonly children: readonly QChild[];
  readonly connector: Connector;
  readonly negated: boolean;

  constructor(children: readonly QChild[], connector: Connector = "AND", negated = false) {
    super();
    this.children = children;
    this.connector = connector;
    this.negated = negated;
  }

  /** Conditions from the arguments of `filter`: nodes first, then lookups in the order of their names. */
  static of(args: readonly unknown[]): Q {
    const nodes: QChild[] = [];
    const pairs: [string, unknown][] = [];
    const byName = (a: [string, unknown], b: [string, unknown]) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
    for (const arg of args) {
      if (arg instanceof Expression) nodes.push(arg);
      else if (isPlainObject(arg)) pairs.push(...Object.entries(arg));
      else
        throw new ArgumentTypeError(
          `Conditions are objects of lookups, Q objects or expressions, not ${String(arg)}.`,
        );
    }
    return new Q([...nodes, ...pairs.sort(byName)]);
  }

  get isEmpty(): boolean {
    return this.children.length === 0;
  }

  and(...others: readonly unknown[]): Q {
    return this.combine(others, "AND");
  }

  or(...others: readonly unknown[]): Q {
    return this.combine(others, "OR");
  }

  xor(...others: readonly unknown[]): Q {
    return this.combine(others, "XOR");
  }

  not(): Q {
    return new Q(this.children, this.connector, !this.negated);
  }

  private combine(others: readonly unknown[], connector: Connector): Q {
    let result: Q = this;
    for (const other of others) {
      const q = asQ(other);
      if (result.isEmpty) result = q;
      else if (!q.isEmpty) result = new Q([], connector).with(result).with(q);
    }
    return result;
  }

  /** A copy with one more child; a child that is joined the same way is flattened into it. */
  private with(child: Q): Q {
    const flatten = !child.negated && (child.connector === this.connector || child.children.length === 1);
    return new Q([...this.children, ...(flatten ? child.children : [child])], this.connector, this.negated);
  }

  override get conditional(): boolean {
    return true;
  }

  override get isConditionTree(): boolean {
    return true;
  }

  override get outputFieldOrNull(): Field | null {
    return null;
  }

  override get containsAggregate(): boolean {
    return this.children.some((child) => child instanceof Expression && child.containsAggregate);
  }

  override capture(sink: Capture): void {
    sink.text(`Q${this.negated ? "!" : ""}${this.connector[0]}(`);
    for (const child of this.children) {
      if (child instanceof Expression) {
        child.capture(sink);
      } else {
        sink.text(`${child[0]}=`);
        sink.value(child[1]);
      }
      sink.text(",");
    }
    sink.text(")");
  }

  override template(cursor: Cursor): Q {
    const children = this.children.map(
      (child): QChild =>
        child instanceof Expression ? child.template(cursor) : [child[0], cursor.value(child[1])],
    );
    return new Q(children, this.connector, this.negated);
  }

  override resolveExpression(query: Query, options: ResolveOptions = {}): Expression {
    return query.resolveQ(this, options);
  }

  override *flatten(): Generator<Expression> {
    yield this;
    for (const child of this.children) {
      const node = child instanceof Expression ? child : child[1];
      if (node instanceof Expression) yield* node.flatten();
    }
  }

  /** A copy with each child replaced. */
  mapChildren(replace: (child: QChild) => QChild): Q {
    return new Q(this.children.map(replace), this.connector, this.negated);
  }

  override asSql(_compiler: Compiler): Sql {
    throw new ArgumentTypeError("A Q object is part of a filter; it has no SQL of its own.");
  }

  override get identity(): string {
    return `Q${this.negated ? "!" : ""}${this.connector}(${this.children
      .map((child) => (child instanceof Expression ? child.identity : `${child[0]}=${String(child[1])}`))
      .join()})`;
  }
}

export function asQ(value: unknown): Q {
  if (value instanceof Q) return value;
  if (value instanceof Expression) {
    if (value.conditional) return new Q([value]);
    throw new ArgumentTypeError("Only conditions can be combined with and(), or() and xor().");
  }
  return Q.of([value]);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/** Conditions that are no `Q` become one when they are combined. */
for (const name of ["and", "or", "xor"] as const) {
  if (Object.hasOwn(Expression.prototype, name)) continue;
  Object.defineProperty(Expression.prototype, name, {
    value(this: Expression, ...others: readonly unknown[]): Q {
      const conditions = [this, ...others].every((part) => !(part instanceof Expression) || part.conditional);
      if (!conditions) {
        throw new NotImplementedError(
          "Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.",
        );
      }
      return new Q([this])[name](...others);
    },
    writable: true,
    configurable: true,
  });
}

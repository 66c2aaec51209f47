/** Querysets out of querysets; with what it extends, all of a queryset that asks no database. */

import { ArgumentTypeError } from "../../errors.ts";
import { checkOptions } from "../../util/check-options.ts";
import { repr } from "../../util/repr.ts";
import { combine } from "../combine.ts";
import { type Connector, isPlainObject } from "../q.ts";
import type { Combinator } from "../query.ts";
import { ROOT_VALUES, Shape } from "../shape.ts";
import type { Constructor } from "./base.ts";
import { ColumnsChain } from "./columns.ts";

/**
 * The chainable half of a queryset: each method gives a new queryset and asks no database.
 *
 * Names are resolved when a chain of this shape is made for the first time; later calls look it up.
 */
export abstract class QuerySetChain extends ColumnsChain {
  private combined(combinator: Combinator, others: readonly QuerySetChain[], all: boolean): this {
    const parts = [this, ...others];
    const key = `${combinator}${all}${parts.map((part) => part.shape.id).join()}`;
    const values = parts.flatMap((part) => part.bindings);
    const own = this.query;
    const step = Shape.root(this.model).step(
      key,
      ROOT_VALUES,
      values,
      (_query, cursor) => {
        const queries = parts.map((part) => part.query.shifted(cursor.reserve(part.bindings.length)));
        // What the first part selects is what the whole selects.
        const whole = own.shifted(ROOT_VALUES.length).chain();
        whole.clearOrdering({ force: true });
        whole.clearLimits();
        whole.combinedQueries = queries;
        whole.combinator = combinator;
        whole.combinatorAll = all;
        return whole;
      },
      this.shape.rows,
    );
    return this.with(step);
  }

  union(...args: readonly unknown[]): this {
    const last = args[args.length - 1];
    const options = isPlainObject(last) ? last : {};
    const others = querysets(isPlainObject(last) ? args.slice(0, -1) : args, "union");
    checkOptions("union", options, ["all"]);
    const all = Boolean((options as { all?: boolean }).all);
    if (this.query.isEmpty) {
      const some = others.filter((other) => !other.query.isEmpty) as this[];
      const [first, ...rest] = some;
      if (first === undefined) return this;
      return rest.length === 0 ? first : first.combined("union", rest, all);
    }
    return others.length === 0 ? this : this.combined("union", others, all);
  }

  intersection(...args: readonly unknown[]): this {
    const others = querysets(args, "intersection");
    if (this.query.isEmpty) return this;
    const empty = others.find((other) => other.query.isEmpty);
    return empty !== undefined ? (empty as this) : this.combined("intersection", others, false);
  }

  difference(...args: readonly unknown[]): this {
    const others = querysets(args, "difference");
    return this.query.isEmpty ? this : this.combined("difference", others, false);
  }

  and(other: unknown): this {
    const rhs = this.operand(other, "&");
    if (rhs.query.isEmpty) return rhs;
    if (this.query.isEmpty) return this;
    return this.merge(rhs, "AND");
  }

  or(other: unknown): this {
    return this.disjunction(other, "|", "OR");
  }

  xor(other: unknown): this {
    return this.disjunction(other, "^", "XOR");
  }

  private disjunction(other: unknown, operator: string, connector: Connector): this {
    const rhs = this.operand(other, operator);
    if (this.query.isEmpty) return rhs;
    if (rhs.query.isEmpty) return this;
    return this.unsliced().merge(rhs.unsliced(), connector);
  }

  private operand(other: unknown, operator: string): this {
    if (!(other instanceof QuerySetChain)) {
      throw new ArgumentTypeError(`Operator ${operator} takes another queryset, not ${String(other)}.`);
    }
    if (this.query.combinator !== null || other.query.combinator !== null) {
      throw new ArgumentTypeError(`Cannot use ${operator} operator with combined queryset.`);
    }
    if (this.fields !== null) {
      const same = (a: Iterable<string>, b: Iterable<string>) =>
        [...new Set(a)].sort().join() === [...new Set(b)].sort().join();
      const [own, its] = [this.query, other.query];
      if (
        !same(own.valuesSelect, its.valuesSelect) ||
        !same(own.extraSelect.keys(), its.extraSelect.keys()) ||
        !same(own.annotationSelect.keys(), its.annotationSelect.keys())
      ) {
        throw new ArgumentTypeError("Merging 'QuerySet' classes must involve the same values in each case.");
      }
    }
    return other as this;
  }

  /** A slice can only be combined as a condition on keys. */
  private unsliced(): this {
    if (!this.query.isSliced) return this;
    const base = new (this.constructor as Constructor)(
      { ...this.state, fields: null, prefetches: [], known: [] },
      Shape.root(this.model),
      ROOT_VALUES,
    ) as this;
    return base.filter({ pk__in: this.values("pk") });
  }

  private merge(other: this, connector: Connector): this {
    const step = this.step(`${connector}${other.shape.id}`, other.bindings, (query, cursor) => {
      combine(query, other.query.shifted(cursor.reserve(other.bindings.length)), connector);
    });
    return this.with(step, { known: [...this.known, ...other.known] });
  }
}

function querysets(args: readonly unknown[], method: string): QuerySetChain[] {
  return args.map((arg) => {
    if (arg instanceof QuerySetChain) return arg;
    throw new ArgumentTypeError(`${method}() takes querysets, not ${repr(arg)}.`);
  });
}

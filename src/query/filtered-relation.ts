import { ArgumentTypeError, ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { F } from "../expressions/f.ts";
import { type Capture, type Cursor, Node } from "../sql/node.ts";
import { checkOptions } from "../util/check-options.ts";
import { repr } from "../util/repr.ts";
import { checkAlias } from "./check-alias.ts";
import { buildFilteredCondition, solveLookup } from "./filter.ts";
import { Q, type QChild } from "./q.ts";
import type { Query } from "./query.ts";
import type { WhereNode } from "./where.ts";

/**
 * A relation whose join has a condition of its own (in `ON`), under a name.
 *
 * @example
 * Restaurant.objects.annotate({ vegetarian: FilteredRelation("pizzas", { condition: Q({ pizzas__vegetarian: true }) }) })
 *   .filter({ vegetarian__name__icontains: "mozzarella" })
 *
 * Django: QuerySet API reference, `FilteredRelation()` objects.
 */
export class FilteredRelation extends Node {
  readonly relationName: string;
  readonly condition: Q;
  readonly alias: string;
  /** The condition with its names resolved, once the relation is joined. */
  readonly resolved: WhereNode | null;

  constructor(
    relationName: string,
    options: { condition?: Q } = {},
    alias = "",
    resolved: WhereNode | null = null,
  ) {
    super();
    checkOptions("FilteredRelation", options, ["condition"]);
    if (relationName && typeof relationName !== "string")
      throw new ArgumentTypeError(`relationName must be a text, not ${repr(relationName)}.`);
    if (!relationName) throw new ValueError("relationName cannot be empty.");
    const condition = options.condition ?? new Q([]);
    if (!(condition instanceof Q)) throw new ValueError("condition argument must be a Q() instance.");
    this.relationName = relationName;
    this.condition = condition;
    this.alias = alias;
    this.resolved = resolved;
  }

  get identity(): string {
    return `${this.relationName}\u0000${this.alias}\u0000${this.condition.identity}`;
  }

  private with(changes: { condition?: Q; alias?: string; resolved?: WhereNode | null }): FilteredRelation {
    const { condition = this.condition, alias = this.alias, resolved = this.resolved } = changes;
    return new FilteredRelation(this.relationName, { condition }, alias, resolved);
  }

  override capture(sink: Capture): void {
    sink.text(`FR${this.relationName}:`);
    this.condition.capture(sink);
  }

  override template(cursor: Cursor): FilteredRelation {
    return this.with({ condition: this.condition.template(cursor) });
  }

  relabeledClone(changes: ReadonlyMap<string, string>): FilteredRelation {
    return this.resolved === null
      ? this
      : this.with({ resolved: this.resolved.relabeledClone(changes) as WhereNode });
  }

  shifted(by: number): FilteredRelation {
    return this.with({
      condition: shiftedQ(this.condition, by),
      resolved: (this.resolved?.shifted(by) as WhereNode | undefined) ?? null,
    });
  }

  resolve(query: Query, reuse: Set<string> | null): FilteredRelation {
    return this.with({ resolved: buildFilteredCondition(query, this.condition, reuse) });
  }

  /** Under a name in a query, with the condition's paths beginning at that name. */
  named(alias: string, condition: Q): FilteredRelation {
    return this.with({ alias, condition });
  }
}

function shiftedQ(q: Q, by: number): Q {
  return q.mapChildren((child): QChild => {
    if (child instanceof Q) return shiftedQ(child, by);
    if (child instanceof Expression) return child.shifted(by);
    const value = child[1] as { shifted?(by: number): unknown };
    return [child[0], typeof value?.shifted === "function" ? value.shifted(by) : value];
  });
}

/** Makes a filtered relation known to the query under `alias`. */
export function addFilteredRelation(query: Query, relation: FilteredRelation, alias: string): void {
  if (alias.includes(".")) {
    throw new ValueError(`FilteredRelation doesn't support aliases with periods (got ${repr(alias)}).`);
  }
  checkAlias(alias);
  const { relationName } = relation;
  const own = solveLookup(query, relationName);
  if (own.lookups.length > 0) {
    throw new ValueError(
      `FilteredRelation's relation_name cannot contain lookups (got ${repr(relationName)}).`,
    );
  }
  for (const path of pathsOf(relation.condition)) {
    const { lookups, parts } = solveLookup(query, path);
    const within = parts.slice(0, lookups.length > 0 ? -1 : -2);
    within.forEach((part, i) => {
      if (own.parts.length > i && own.parts[i] !== part) {
        throw new ValueError(
          `FilteredRelation's condition doesn't support relations outside the ${repr(relationName)} (got ${repr(path)}).`,
        );
      }
    });
    if (parts.length > own.parts.length + 1) {
      throw new ValueError(
        `FilteredRelation's condition doesn't support nested relations deeper than the relation_name (got ${repr(path)} for ${repr(relationName)}).`,
      );
    }
  }
  query.filteredRelations.set(
    alias,
    relation.named(alias, renamePrefix(relationName, alias, relation.condition)),
  );
}

function* pathsOf(node: Expression): Generator<string> {
  if (node instanceof Q) {
    for (const child of node.children) {
      if (child instanceof Expression) {
        yield* pathsOf(child);
      } else {
        yield child[0];
        if (child[1] instanceof Expression) yield* pathsOf(child[1]);
      }
    }
  } else if (node instanceof F) {
    yield node.name;
  } else {
    for (const source of node.sources()) if (source !== null) yield* pathsOf(source);
  }
}

function renamePrefix(prefix: string, replacement: string, q: Q): Q {
  const renamed = (path: string) =>
    path.startsWith(`${prefix}__`) ? replacement + path.slice(prefix.length) : path;
  const inExpression = (expression: Expression): Expression => {
    if (expression instanceof Q) return renamePrefix(prefix, replacement, expression);
    if (expression instanceof F) return new F(renamed(expression.name));
    if (expression.isSubquery && !expression.isQuery) return expression;
    if (expression.isQuery)
      throw new ValueError("Passing a QuerySet within a FilteredRelation is not supported.");
    return expression.mapSources(inExpression);
  };
  return q.mapChildren((child): QChild => {
    if (child instanceof Expression) return inExpression(child);
    const [path, value] = child;
    const isF = value instanceof F;
    return [renamed(path), value instanceof Expression && !isF ? inExpression(value) : value];
  });
}

import { FieldError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { F } from "../expressions/f.ts";
import { OrderBy } from "../expressions/order-by.ts";
import { repr } from "../util/repr.ts";
import { namesToPath } from "./names.ts";
import type { Query } from "./query.ts";

/** Adds to the ordering; names are checked at once, as Django does. No names: no ordering, not even the model's. */
export function addOrdering(query: Query, items: readonly unknown[]): void {
  const errors: unknown[] = [];
  const ordering: (string | Expression)[] = [];
  for (const item of items) {
    if (typeof item === "string") {
      ordering.push(item);
      if (item === "?") continue;
      const name = item.startsWith("-") ? item.slice(1) : item;
      if (query.annotations.has(name) || query.extra.has(name)) continue;
      namesToPath(query, name.split("__"), query.opts);
    } else if (item instanceof Expression) {
      if (item.containsAggregate) {
        throw new FieldError(
          `Using an aggregate in order_by() without also including it in annotate() is not allowed: ${item}`,
        );
      }
      ordering.push(item);
    } else {
      errors.push(item);
    }
  }
  if (errors.length > 0) throw new FieldError(`Invalid orderBy arguments: ${repr(errors)}`);
  if (ordering.length > 0) query.orderBy = [...query.orderBy, ...ordering];
  else query.defaultOrdering = false;
}

/** `-name` is `name` descending; `?` means random. */
export function orderDirection(name: string, ascending: boolean): { name: string; descending: boolean } {
  return name.startsWith("-")
    ? { name: name.slice(1), descending: ascending }
    : { name, descending: !ascending };
}

/**
 * Whether the order has the primary key, or other columns that are unique together and not null: Django's
 * `totally_ordered`. Names of relations, `extra` and expressions other than `F` are not looked into.
 */
export function isTotallyOrdered(query: Query): boolean {
  const { opts } = query;
  const ordering = query.orderBy.length > 0 ? query.orderBy : query.defaultOrdering ? opts.ordering : [];
  const keys = opts.pkFields.map(({ attname }) => attname);
  const ordered = new Set<string>();
  for (const item of ordering) {
    const name = columnName(item);
    if (name === "pk") return true;
    const field = name === null ? undefined : (opts.findField(name) as OrderedField | undefined);
    // A relation by its name is ordered by the order of its own model.
    if (field === undefined || (field.isRelation && field.name === name)) continue;
    if ((keys.length === 1 && field.attname === keys[0]) || (field.unique && !field.null)) return true;
    ordered.add(field.attname);
  }
  if (keys.every((key) => ordered.has(key))) return true;
  const constraints = [
    ...opts.uniqueTogether,
    ...opts.totalUniqueConstraints.map(({ fields }) => fields ?? []),
  ];
  return constraints.some((names) => {
    const fields = names.map((name) => opts.findField(name) as OrderedField | undefined);
    return fields.length > 0 && fields.every((field) => field && !field.null && ordered.has(field.attname));
  });
}

interface OrderedField {
  readonly name: string;
  readonly attname: string;
  readonly isRelation: boolean;
  readonly unique: boolean;
  readonly null: boolean;
}

/** The name that a part of an order goes by; `null` for an expression. */
function columnName(item: unknown): string | null {
  if (typeof item === "string") return item.replace(/^-+/, "");
  const expression = item instanceof OrderBy ? item.expression : item;
  return expression instanceof F ? expression.name : null;
}

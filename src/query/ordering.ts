import { FieldError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
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

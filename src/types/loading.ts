/** How values that are not loaded are loaded. Django: "Fetch modes". */
import type { Prefetch } from "./prefetch.ts";

/** What happens when a value is read that is not loaded: `FETCH_ONE`, `FETCH_PEERS` or `FETCH_RAISE`. */
export interface FetchMode {
  readonly name: string;
  /** Objects know those that were fetched together with them. */
  readonly trackPeers: boolean;
}

/** A path of relations of an object, as far as its class tells: the first part is one of its members. */
export type ObjectPath<T, P> =
  P extends Prefetch<string, unknown, string>
    ? P
    : P extends `${infer H}__${string}`
      ? H extends keyof T
        ? P
        : keyof T & string
      : P extends keyof T
        ? P
        : keyof T & string;

/**
 * Loads relations of objects that are there already, with one query for each relation.
 *
 * @param objects of one model; those that have a relation loaded keep it
 * @param lookups as of `prefetchRelated`
 * @throws `ArgumentTypeError` for a name that objects do not have; `ValueError` for one that is no relation
 * @example `prefetchRelatedObjects([pizza, other], "toppings", Prefetch("box", { queryset }))`
 *
 * Django: QuerySet API reference, `prefetch_related_objects()`.
 */
export type PrefetchRelatedObjects<R> = <
  T extends object,
  const P extends readonly (string | Prefetch<string, unknown, string>)[],
>(
  objects: Iterable<T>,
  ...lookups: { [I in keyof P]: ObjectPath<T, P[I]> }
) => R;

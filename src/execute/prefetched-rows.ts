import type { ReadableQuerySet } from "./fetch.ts";

/** The objects that prefetching has loaded for a related manager, and the queryset that `Prefetch` gave for them. */
export class PrefetchedRows {
  readonly rows: readonly unknown[];
  /** The queryset of the `Prefetch`; `null`: the manager's own. */
  readonly queryset: ReadableQuerySet | null;

  constructor(rows: readonly unknown[], queryset: ReadableQuerySet | null) {
    this.rows = rows;
    this.queryset = queryset;
  }
}

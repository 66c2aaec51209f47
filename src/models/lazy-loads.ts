/** Where it is told that related objects or deferred columns are loaded afterwards: for the N+1 detector. */
import type { Hint } from "../query/chain/base.ts";
import type { ModelInstance } from "./types.ts";

/** What was asked of the related objects. */
export type Asked = "rows" | "count" | "exists";

export interface LazyLoadObserver {
  /** Objects that were fetched together; `peers` is the same for all chunks of one reading. */
  fetched(objects: readonly ModelInstance[], hint: Hint | null, peers: object | undefined): void;
  /** Objects related to `hint.instance` are about to be asked for; `source` is the queryset that asks. */
  loading(hint: Hint, asked: Asked, source: object): void;
  /** Columns are about to be loaded that an instance was read without. */
  loadingColumns(instance: ModelInstance, attnames: readonly string[]): void;
  /** The queryset is that of a related manager, with nothing chained to it. */
  isPlain(queryset: object): void;
}

/** The observer; `null`: nobody wants to know, which costs nothing. */
export let lazyLoads: LazyLoadObserver | null = null;

export function observeLazyLoads(observer: LazyLoadObserver | null): void {
  lazyLoads = observer;
}

import { ValueError } from "../errors.ts";
import { checkOptions } from "../util/check-options.ts";

/** What a `Prefetch` needs to know of a queryset. */
export interface PrefetchSource {
  readonly shape?: { readonly rows: string };
}

/** Rows of a prefetch must be instances. */
function checkSource(source: PrefetchSource): void {
  if (source.shape?.rows !== "model") {
    throw new ValueError("Prefetch querysets cannot use raw(), values(), and valuesList().");
  }
}

/**
 * A relation to load, with a queryset of its own.
 *
 * @example Box.objects.prefetchRelated(Prefetch("pizza_set", { queryset: Pizza.objects.filter({ name: "x" }), toAttr: "some" }))
 *
 * Django: QuerySet API reference, `Prefetch()` objects.
 */
export class Prefetch {
  /** The path of relations, from the objects. */
  readonly prefetchThrough: string;
  /** The path under which the result is kept. */
  readonly prefetchTo: string;
  readonly queryset: PrefetchSource | null;
  /** The querysets of a relation to several models. */
  readonly querysets: readonly PrefetchSource[];
  readonly toAttr: string | null;

  constructor(
    lookup: string,
    options: { queryset?: unknown; querysets?: readonly unknown[]; toAttr?: string | null } = {},
  ) {
    checkOptions("Prefetch", options, ["queryset", "querysets", "toAttr"]);
    const { queryset = null, toAttr = null } = options;
    const source = queryset as PrefetchSource | null;
    const sources = (options.querysets ?? (source === null ? [] : [source])) as readonly PrefetchSource[];
    for (const each of sources) checkSource(each);
    this.prefetchThrough = lookup;
    this.queryset = source;
    this.querysets = sources;
    this.toAttr = toAttr;
    this.prefetchTo = toAttr === null ? lookup : [...lookup.split("__").slice(0, -1), toAttr].join("__");
  }
}

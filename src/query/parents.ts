import type { Options } from "../models/options.ts";
import type { ModelClass } from "../models/types.ts";
import { setupJoins } from "./names.ts";
import type { Query } from "./query.ts";

/**
 * Makes sure that the table of a parent model (multi-table inheritance) is joined.
 *
 * @param seen the aliases of the models joined so far; `null` stands for the query's own
 */
export function joinParentModel(
  query: Query,
  opts: Options,
  model: ModelClass | null,
  alias: string,
  seen: Map<ModelClass | null, string>,
): string {
  const known = seen.get(model);
  if (known !== undefined) return known;
  if (model === null) return alias;
  const chain = opts.getBaseChain(model);
  if (chain.length === 0) return alias;
  let current = opts;
  let at = alias;
  for (const between of chain) {
    const joined = seen.get(between);
    if (joined !== undefined) {
      current = between._meta;
      at = joined;
      continue;
    }
    // A proxy has no table of its own.
    if (!current.parents.get(between)) {
      current = between._meta;
      continue;
    }
    const link = current.getAncestorLink(between);
    if (link === null || link === undefined) continue;
    const info = setupJoins(query, [link.name], current, at);
    current = between._meta;
    at = info.joins[info.joins.length - 1] as string;
    seen.set(between, at);
  }
  return at;
}

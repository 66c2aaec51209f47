import type { CachedRelation } from "../fields/related/cache.ts";
import { FETCH_ONE, type FetchMode } from "./fetch-modes.ts";
import type { ModelInstance } from "./types.ts";

/** What an instance knows about itself beside its fields. */
export class ModelState {
  /** Not saved yet: matters to validation alone. */
  adding = true;
  /** The alias of the database it came from or went to. */
  db: string | null = null;
  /** Loaded single relations, by the name of the field or of the reverse accessor. */
  fieldsCache: Record<string, CachedRelation> | null = null;
  /** Prefetched lists, by the name of the accessor. */
  prefetched: Map<string, unknown> | null = null;
  /** What happens when a value is read that is not loaded. */
  declare fetchMode: FetchMode;
  /** The instances that were fetched together with this one, where its mode wants to know. */
  declare peers: readonly WeakRef<ModelInstance>[];
}

// The defaults are on the prototype: they cost instances nothing.
ModelState.prototype.fetchMode = FETCH_ONE;
ModelState.prototype.peers = [];

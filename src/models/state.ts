import type { CachedRelation } from "../fields/related/cache.ts";

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
}

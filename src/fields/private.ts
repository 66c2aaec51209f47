import type { Options } from "../models/options.ts";
import type { Manager, ModelInstance } from "../models/types.ts";
import type { Field } from "./field.ts";
import type { ForeignObjectRel } from "./related/rel.ts";

/**
 * A field without a column that is part of one model alone: generic foreign keys, generic relations. What it is to
 * the rest of the library it says itself.
 */
export interface PrivateField extends Field {
  /** Adds the accessors to the instances of its model. */
  install(opts: Options): void;
  /** Throws `ImproperlyConfigured` where the model lacks what the field needs. */
  check(): void;
  /** The field for a model that inherits from this one's, with a table of its own or as a proxy. */
  inherited(): Field;
  /** How it is loaded for many instances: a `Prefetcher`. */
  prefetcher(): unknown;
  /** A queryset of what is deleted with these instances; none where nothing is. */
  bulkRelatedObjects?(instances: readonly ModelInstance[], using: string): unknown;
  /** Before its instance is written. Throws `ValueError` for an object that is not saved. */
  prepareSave?(instance: ModelInstance, operation: string): void;
  /** Forgets what the instance has loaded. */
  deleteCachedValue(instance: ModelInstance): void;
}

/** A private field that leads to many objects: it makes the manager for them itself. */
export interface PrivateRelation extends PrivateField {
  readonly remoteField: ForeignObjectRel;
  /** The manager for no instance yet: a `RelatedManager` on the target's default manager. */
  makeManager(manager: Manager): unknown;
}

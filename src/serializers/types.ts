/** The options of serializers, and what they take and give. */
import type { ModelInstance } from "../types/index.ts";
import type { FormatName } from "./formats.ts";

/**
 * Is told how far it is.
 *
 * @param done how many objects are written or saved
 * @param total how many there are in all; `null` where that is not known
 */
export type Progress = (done: number, total: number | null) => void;

/** The options of `serialize`. */
export interface SerializeOptions<Name extends string = string> {
  /** Only these fields. */
  fields?: Iterable<Name> | null;
  /** How many spaces a level is indented by; everything on one line when left out. */
  indent?: number | null;
  /** Refers to objects by their natural keys where they have some. */
  useNaturalForeignKeys?: boolean;
  /** Leaves out the primary keys of objects that have a natural key. */
  useNaturalPrimaryKeys?: boolean;
  /** Is called after each object. */
  progress?: Progress;
}

/** The options of `deserialize`. */
export interface DeserializeOptions {
  /** The alias of the database in which natural keys are looked up. */
  using?: string;
  /** Leaves out models (of plain formats) and fields that do not exist any more. */
  ignorenonexistent?: boolean;
  /** Leaves natural keys that are not found to `saveDeferredFields()`; they are an error otherwise. */
  handleForwardReferences?: boolean;
}

/** The options of `dumpdata`. */
export interface DumpdataOptions extends Omit<SerializeOptions, "fields"> {
  /** The format; `"json"` by default. */
  format?: FormatName;
  /** The alias of the database. */
  using?: string;
  /** Labels of apps and models that are left out. */
  exclude?: readonly string[];
  /** Also objects that the default managers hide: the base managers are asked. */
  useBaseManager?: boolean;
  /** Only the objects with these primary keys; of one model alone. */
  primaryKeys?: readonly unknown[];
}

/** The options of `loaddata`. */
export interface LoaddataOptions {
  /** The alias of the database. */
  using?: string;
  /** Leaves out fields (and models) that do not exist any more. */
  ignorenonexistent?: boolean;
  /** Labels of apps and models that are not loaded. */
  exclude?: readonly string[];
  /** Directories in which files are looked for, before the current directory. */
  fixtureDirs?: readonly string[];
  /** Is called after each object; the total is not known. */
  progress?: Progress;
}

/** What `loaddata` has done. */
export interface Loaded {
  /** How many files were read. */
  readonly fixtures: number;
  /** How many objects were in them. */
  readonly objects: number;
  /** How many of those were saved: all but the excluded ones. */
  readonly loaded: number;
}

/** An object of any model. */
export type AnyInstance = Pick<ModelInstance, "pk" | "_state">;

/** The names that `fields` may have: the attributes of the objects. */
export type FieldName<T> = keyof T & string;

/** The options of saving an object that was read. */
export interface SaveDeserializedOptions {
  /** The alias of the database. */
  using?: string | null;
  /** `false` leaves the many-to-many relations as they are. */
  saveM2m?: boolean;
}

/** An object that was read from a file and is not saved. Django: "Deserializing data". */
export interface DeserializedObject<T = AnyInstance> {
  /** The object. */
  readonly object: T;
  /** The keys of related objects by the name of the many-to-many field; `null` once they are saved. */
  readonly m2mData: ReadonlyMap<string, readonly unknown[]> | null;
  /** What fields have in the file whose natural keys were not found. */
  readonly deferredFields: ReadonlyMap<{ readonly name: string }, unknown>;

  /**
   * Saves the row as it is in the file: without the model's `save()`, without `autoNow`, without the parents' rows; the
   * signals say `raw: true`. Then the many-to-many relations.
   *
   * @throws `IntegrityError` when the database refuses the row
   */
  save(options?: SaveDeserializedOptions): void;
  /** {@link save} as a promise. */
  asave(options?: SaveDeserializedOptions): Promise<void>;
  /**
   * Looks up the natural keys that were not found before, and saves again.
   *
   * @throws `DeserializationError` when they are still not found
   */
  saveDeferredFields(options?: { using?: string | null }): void;
  /** {@link saveDeferredFields} as a promise. */
  asaveDeferredFields(options?: { using?: string | null }): Promise<void>;
}

/** What bytes and texts are read from. */
export type SyncSource = string | Uint8Array | Iterable<string | Uint8Array>;
export type AsyncSource = SyncSource | AsyncIterable<string | Uint8Array>;

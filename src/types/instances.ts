/** What an object of a model has. */
import type { Mode, Result } from "../task.ts";
import type { FactsOf } from "./facts.ts";
import type { AnyField, Fields } from "./fields.ts";
import type { GenericRelatedManagerOf } from "./generic.ts";
import type { FetchMode } from "./loading.ts";
import type { FieldNames, OutOf, PkOf, RelationColumn } from "./names.ts";
import type { Empty } from "./queryset.ts";
import type { KeyOf, LocalModel, ModelByLabel, ModelInfo, Target } from "./registry.ts";
import type { ManyToManyRelatedManagerOf, ManyToOneRelatedManagerOf } from "./related-managers.ts";
import type { ReverseOf } from "./relations.ts";
import type { Nullable, types } from "./util.ts";
import type { SuggestFor, Where } from "./where.ts";

/** The instance type of a model: the user's own class where its app is registered. */
export type InstanceOf<M> = FactsOf<M>["instance"];

/** What {@link InstanceOf} is worked out by. */
export type InstanceIn<M> = M extends string
  ? [ModelByLabel<M>] extends [never]
    ? ForeignInstance
    : InstanceOfClass<ModelByLabel<M>>
  : M extends LocalModel<infer Info extends ModelInfo>
    ? Instance<Info>
    : never;

// by `prototype`: to match the constructor, the compiler would compare its parameter, and so all fields
type InstanceOfClass<C> = C extends { readonly prototype: infer I }
  ? I
  : C extends abstract new (
        ...args: never
      ) => infer I
    ? I
    : never;

/** An object of a model that is not known at compile time. */
export type ForeignInstance = ModelInstance<string | number>;

/**
 * An object of the model that `Info` describes.
 *
 * Columns and forward relations by name, `box_id` beside `box`, `abox` for the promise, reverse relations under
 * the names that Django gives them, and the methods of every model.
 */
export type Instance<Info extends ModelInfo> = OwnAttributes<KeyOf<Info>, Info["fields"]> &
  ImpliedKey<FieldNames<Info["fields"]>["pk"]> &
  ForeignKeys<KeyOf<Info>, Info["fields"], FieldNames<Info["fields"]>["foreign"]> &
  AsyncForward<KeyOf<Info>, Info["fields"], FieldNames<Info["fields"]>["forward"]> &
  SyncReverse<KeyOf<Info>> &
  AsyncReverse<KeyOf<Info>> &
  Displays<FieldNames<Info["fields"]>["chosen"]> &
  Neighbours<KeyOf<Info>, FieldNames<Info["fields"]>["dates"]> &
  ModelInstance<PkOf<KeyOf<Info>>>;

/** {@link Instance} without its async half: what a model made by `SyncModel` has. */
export type SyncInstance<Info extends ModelInfo> = OwnAttributes<KeyOf<Info>, Info["fields"]> &
  ImpliedKey<FieldNames<Info["fields"]>["pk"]> &
  ForeignKeys<KeyOf<Info>, Info["fields"], FieldNames<Info["fields"]>["foreign"]> &
  SyncReverse<KeyOf<Info>> &
  Displays<FieldNames<Info["fields"]>["chosen"]> &
  SyncNeighbours<KeyOf<Info>, FieldNames<Info["fields"]>["dates"]> &
  Omit<ModelInstance<PkOf<KeyOf<Info>>>, AsyncMethod>;

type AsyncMethod =
  | "asave"
  | "adelete"
  | "arefreshFromDb"
  | "afullClean"
  | "acleanFields"
  | "avalidateUnique"
  | "avalidateConstraints";

/** The value of a column: `null` where it may be. */
export type ColumnValue<T extends AnyField[typeof types]> = Nullable<T["out"], T["null"]>;

type ManyManagerOf<C extends "sync" | "async", M, T extends AnyField[typeof types]> = T["options"] extends {
  readonly generic: true;
  readonly held: infer Held;
}
  ? GenericRelatedManagerOf<C, Target<M, T["to"]>, Held>
  : ManyToManyRelatedManagerOf<C, Target<M, T["to"]>>;

type OwnAttributes<M, F extends Fields> = {
  -readonly [K in keyof F]: F[K][typeof types]["kind"] extends "column"
    ? ColumnValue<F[K][typeof types]>
    : F[K][typeof types]["kind"] extends "m2m"
      ? ManyManagerOf<"sync", M, F[K][typeof types]>
      : Nullable<InstanceOf<Target<M, F[K][typeof types]["to"]>>, F[K][typeof types]["null"]>;
};

type ImpliedKey<Pk> = [Pk] extends [never] ? AutoId : unknown;

interface AutoId {
  id: number;
}

// Names are made by the keys and taken apart in the values: a mapped type that renames its keys would be asked for
// all of them each time that the compiler looks whether they are known.
type ForeignKeys<M, F extends Fields, Names extends string> = {
  -readonly [K in `${Names}_id`]: K extends `${infer N}_id` ? ForeignValue<M, F, N> : never;
};

type ForeignValue<M, F extends Fields, N> = N extends keyof F
  ? Nullable<OutOf<RelationColumn<M, F[N][typeof types]>>, F[N][typeof types]["null"]>
  : never;

type AsyncForward<M, F extends Fields, Names extends string> = {
  readonly [K in `a${Names}`]: K extends `a${infer N}` ? ForwardPromise<M, F, N> : never;
};

type ForwardPromise<M, F extends Fields, N> = N extends keyof F
  ? F[N][typeof types]["kind"] extends "m2m"
    ? ManyManagerOf<"async", M, F[N][typeof types]>
    : Promise<Nullable<InstanceOf<Target<M, F[N][typeof types]["to"]>>, F[N][typeof types]["null"]>>
  : never;

type SyncReverse<M> = { [A in ReverseOf<M>["accessor"]]: ReverseAccess<"sync", ReverseAt<M, A>> };

type AsyncReverse<M> = {
  readonly [K in `a${ReverseOf<M>["accessor"]}`]: K extends `a${infer A}`
    ? ReverseAccess<"async", ReverseAt<M, A>>
    : never;
};

type ReverseAt<M, A> = Extract<ReverseOf<M>, { accessor: A }>;

type ReverseAccess<
  Mode extends "sync" | "async",
  E extends { from: string; kind: string; field: string },
> = E["kind"] extends "o2o"
  ? Result<Mode, InstanceOf<E["from"]>>
  : E["kind"] extends "m2m"
    ? ManyToManyRelatedManagerOf<Mode, E["from"]>
    : ManyToOneRelatedManagerOf<Mode, E["from"], E["field"]>;

type Displays<Names extends string> = { readonly [K in `get_${Names}_display`]: () => string };

/**
 * The next and the previous object in the order of a date, which must not be null.
 * Django: Model instance reference, "Other methods".
 */
type Neighbours<M, Names extends string> = SyncNeighbours<M, Names> & {
  readonly [K in `aget_next_by_${Names}` | `aget_previous_by_${Names}`]: Neighbour<"async", M>;
};

type SyncNeighbours<M, Names extends string> = {
  readonly [K in `get_next_by_${Names}` | `get_previous_by_${Names}`]: Neighbour<"sync", M>;
};

/** Takes the lookups that the neighbour must fulfil. Throws the model's `DoesNotExist` where there is none. */
type Neighbour<C extends Mode, M> = <W = Empty>(
  conditions?: SuggestFor<M, unknown, W> & Where<M, Empty, W>,
) => Result<C, InstanceOf<M>>;

/** Options of `save`. */
export interface SaveOptions {
  /** Only insert; an existing key is an `IntegrityError`. */
  forceInsert?: boolean | readonly unknown[];
  /** Only update; a missing row is a `DatabaseError`. */
  forceUpdate?: boolean;
  /** The alias of the database. */
  using?: string | null;
  /** Save only these fields. */
  updateFields?: Iterable<string> | null;
}

/**
 * Told of long work after each statement: how many objects are done, of how many. May return a promise in async code;
 * an error ends the work, which is then rolled back.
 */
export type OnProgress = (done: number, total: number) => unknown;

/** Options of `delete`. */
export interface DeleteOptions {
  using?: string | null;
  /** Leave the rows of the parent models in place. */
  keepParents?: boolean;
  /** Told after each statement how many of the objects that had to be loaded are deleted, of how many. */
  onProgress?: OnProgress;
}

/** How many objects were deleted, in all and per label. */
export type DeleteResult = [count: number, perLabel: Record<string, number>];

/** Options of `refreshFromDb`. */
export interface RefreshOptions {
  using?: string | null;
  /** Only these fields. */
  fields?: Iterable<string> | null;
  /** The queryset to read from: its `selectRelated` and `prefetchRelated` count. */
  fromQueryset?: object | null;
}

/** Fields that validation leaves out. */
export interface ExcludeOptions {
  exclude?: Iterable<string>;
}

/** Options of `fullClean`. */
export interface FullCleanOptions {
  exclude?: Iterable<string> | null;
  validateUnique?: boolean;
  validateConstraints?: boolean;
}

/** Where an object comes from. */
export interface ModelStateView {
  /** `true` until the object is saved or was loaded. */
  adding: boolean;
  /** The alias of its database. */
  db: string | null;
  /** What happens when a value is read that is not loaded. */
  fetchMode: FetchMode;
}

/** The methods of every object. Django: "Model instance reference". */
export interface ModelInstance<Pk = unknown> {
  /** The value of the primary key, whatever its field is called. */
  pk: Pk;
  readonly _state: ModelStateView;

  /**
   * Inserts or updates the row. Django: Model instance reference, "Saving objects".
   *
   * @throws `IntegrityError` when a constraint of the database refuses the row
   * @example `pizza.name = "Margherita"; pizza.save({ updateFields: ["name"] });`
   */
  save(options?: SaveOptions): void;
  /** {@link save} as a promise. */
  asave(options?: SaveOptions): Promise<void>;

  /**
   * Deletes the row and what depends on it, and returns how many rows went, per label.
   * Django: Model instance reference, "Deleting objects".
   *
   * @throws `ProtectedError`, `RestrictedError` when `PROTECT` or `RESTRICT` keep it
   */
  delete(options?: DeleteOptions): DeleteResult;
  /** {@link delete} as a promise. */
  adelete(options?: DeleteOptions): Promise<DeleteResult>;

  /**
   * Reads the object's fields again. Django: Model instance reference, "Refreshing objects from database".
   *
   * @throws `DoesNotExist` when the row is gone
   */
  refreshFromDb(options?: RefreshOptions): void;
  /** {@link refreshFromDb} as a promise. */
  arefreshFromDb(options?: RefreshOptions): Promise<void>;

  /** The attributes that were not loaded (`only`, `defer`). */
  getDeferredFields(): Set<string>;
  /** The same model and the same key; an object without a key equals only itself. */
  equals(other: unknown): boolean;
  /** The columns by attribute name, as `JSON.stringify` takes them. */
  toJSON(): Record<string, unknown>;
  /** The object's model and key: `Pizza object (1)`; models override it. */
  toString(): string;

  /**
   * Validates the fields, the model, its unique and other constraints.
   *
   * @throws `ValidationError` with the messages per field
   */
  fullClean(options?: FullCleanOptions): void;
  /** {@link fullClean} as a promise. */
  afullClean(options?: FullCleanOptions): Promise<void>;
  /** Validates each field. */
  cleanFields(options?: ExcludeOptions): void;
  acleanFields(options?: ExcludeOptions): Promise<void>;
  /** Asks the database whether unique fields are. */
  validateUnique(options?: ExcludeOptions): void;
  avalidateUnique(options?: ExcludeOptions): Promise<void>;
  /** Validates the constraints of `Meta`. */
  validateConstraints(options?: ExcludeOptions): void;
  avalidateConstraints(options?: ExcludeOptions): Promise<void>;
  /** For models to override: validation across fields. */
  clean(): void;
}

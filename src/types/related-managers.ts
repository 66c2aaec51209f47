/** Managers of related objects: `box.pizza_set`, `pizza.toppings`. Django: "Related objects reference". */
import type { Mode, Result } from "../task.ts";
import type { CreateArg, Given, InitSuggestFor, Missing, PartialArg } from "./init.ts";
import type { InstanceOf } from "./instances.ts";
import type { ManagerMembers } from "./managers.ts";
import type { PkInOf } from "./names.ts";
import type { AsyncQueries, AsyncQuerySet, Empty, QuerySet, SyncQueries } from "./queryset.ts";
import type { InfoOf } from "./registry.ts";
import type { Condition } from "./where.ts";

/** The manager of a many-to-one relation in its colour: `box.pizza_set`, `box.apizza_set`. */
export type ManyToOneRelatedManagerOf<C extends Mode, M, Field extends string> = C extends "sync"
  ? ManyToOneRelatedManager<M, Field>
  : AsyncManyToOneRelatedManager<M, Field>;

/** The manager of a many-to-many relation in its colour: `pizza.toppings`, `pizza.atoppings`. */
export type ManyToManyRelatedManagerOf<C extends Mode, M> = C extends "sync"
  ? ManyToManyRelatedManager<M>
  : AsyncManyToManyRelatedManager<M>;

/**
 * The field of a related manager that somebody wrote down, as in `(m: AsyncManyToOneRelatedManager<"testapp.Pizza">) =>
 * ...`: whichever it is may be passed.
 */
// biome-ignore lint/suspicious/noExplicitAny: only `any` is related to every other argument
export type SomeField = any;

/** `box.pizza_set`: the objects whose field `Field` is this one. */
export interface ManyToOneRelatedManager<in out M, in out Field extends string = SomeField>
  extends SyncQueries<M, InstanceOf<M>, Empty, unknown>,
    ManagerMembers<"sync", M, unknown>,
    ManyToOneMethods<"sync", M, Field> {}

/** `box.apizza_set`: the objects whose field `Field` is this one. */
export interface AsyncManyToOneRelatedManager<in out M, in out Field extends string = SomeField>
  extends AsyncQueries<M, InstanceOf<M>, Empty, unknown>,
    ManagerMembers<"async", M, unknown>,
    ManyToOneMethods<"async", M, Field> {}

/** `pizza.toppings`. */
export interface ManyToManyRelatedManager<in out M>
  extends SyncQueries<M, InstanceOf<M>, Empty, unknown>,
    ManagerMembers<"sync", M, unknown>,
    ManyToManyMethods<"sync", M> {}

/** `pizza.atoppings`. */
export interface AsyncManyToManyRelatedManager<in out M>
  extends AsyncQueries<M, InstanceOf<M>, Empty, unknown>,
    ManagerMembers<"async", M, unknown>,
    ManyToManyMethods<"async", M> {}

/** What the queryset methods of `box.pizza_set` give. */
export interface ManyToOneRelatedQuerySet<M> extends QuerySet<M> {}
/** What the queryset methods of `box.apizza_set` give. */
export interface AsyncManyToOneRelatedQuerySet<M> extends AsyncQuerySet<M> {}
/** What the queryset methods of `pizza.toppings` give. */
export interface ManyToManyRelatedQuerySet<M> extends QuerySet<M> {}
/** What the queryset methods of `pizza.atoppings` give. */
export interface AsyncManyToManyRelatedQuerySet<M> extends AsyncQuerySet<M> {}

/** The values of a new related object: the relation itself is given by the manager. */
export type RelatedCreateArg<M, W, Field> = [InfoOf<M>] extends [never]
  ? Readonly<Record<string, unknown>>
  : InitSuggestFor<M, W> & Given<M, W> & Missing<M, keyof W | Field>;

/** Options of methods that may go by one statement. */
export interface BulkOptions {
  /** `false` saves each object by itself, with signals. The default is one statement. */
  bulk?: boolean;
}

/** The methods of `box.pizza_set`. */
export interface ManyToOneMethods<C extends Mode, M, Field extends string> {
  /**
   * Makes saved objects related, with one `UPDATE`. Django: Related objects reference, `add()`.
   *
   * @throws `ArgumentTypeError` for an object of another model; `ValueError` for one that is not saved
   * @example `box.pizza_set.add(pizza, other) // UPDATE testapp_pizza SET box_id = 1 WHERE id IN (1, 2)`
   */
  add(...objects: readonly (InstanceOf<M> | BulkOptions)[]): Result<C, void>;
  /**
   * Sets the relation of these objects to null; only where it may be. Django: Related objects reference, `remove()`.
   *
   * @throws the model's `DoesNotExist` for an object that is not related
   */
  remove(...objects: readonly (InstanceOf<M> | BulkOptions)[]): Result<C, void>;
  /** Sets the relation of all related objects to null; only where it may be. */
  clear(options?: BulkOptions): Result<C, void>;
  /** Makes exactly these objects related. Django: Related objects reference, `set()`. */
  set(objects: Iterable<InstanceOf<M>>, options?: BulkOptions & { clear?: boolean }): Result<C, void>;
  /** Makes and inserts a related object. Django: Related objects reference, `create()`. */
  create<W = Empty>(values: RelatedCreateArg<M, W, Field>): Result<C, InstanceOf<M>>;
  /** As `getOrCreate` of a queryset, among the related objects. */
  getOrCreate<W = Empty, D = Empty>(
    lookups: Condition<M, Empty, W>,
    options?: { defaults?: PartialArg<M, D> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
  /** As `updateOrCreate` of a queryset, among the related objects. */
  updateOrCreate<W = Empty, D = Empty, D2 = Empty>(
    lookups: Condition<M, Empty, W>,
    options?: { defaults?: PartialArg<M, D>; createDefaults?: PartialArg<M, D2> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
}

/** Options of methods that make rows of the table between. */
export interface ThroughOptions {
  /** Further values of the rows of the `through` model. */
  throughDefaults?: Readonly<Record<string, unknown>>;
}

/** The methods of `pizza.toppings`. */
export interface ManyToManyMethods<C extends Mode, M> {
  /** The model of the table between. */
  readonly through: unknown;
  /**
   * Relates objects or keys; those already related are left alone. Django: Related objects reference, `add()`.
   *
   * @example `pizza.toppings.add(bacon, 3, { throughDefaults: { amount: 2 } })`
   */
  add(...objects: readonly (InstanceOf<M> | PkInOf<M> | ThroughOptions)[]): Result<C, void>;
  /** Ends the relation to these objects or keys. Django: Related objects reference, `remove()`. */
  remove(...objects: readonly (InstanceOf<M> | PkInOf<M>)[]): Result<C, void>;
  /** Ends all relations. Django: Related objects reference, `clear()`. */
  clear(): Result<C, void>;
  /** Relates exactly these objects or keys. Django: Related objects reference, `set()`. */
  set(
    objects: Iterable<InstanceOf<M> | PkInOf<M>>,
    options?: ThroughOptions & { clear?: boolean },
  ): Result<C, void>;
  /** Makes, inserts and relates an object. Django: Related objects reference, `create()`. */
  create<W = Empty>(values: CreateArg<M, W>, options?: ThroughOptions): Result<C, InstanceOf<M>>;
  /** As `getOrCreate` of a queryset, among the related objects. */
  getOrCreate<W = Empty, D = Empty>(
    lookups: Condition<M, Empty, W>,
    options?: ThroughOptions & { defaults?: PartialArg<M, D> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
  /** As `updateOrCreate` of a queryset, among the related objects. */
  updateOrCreate<W = Empty, D = Empty, D2 = Empty>(
    lookups: Condition<M, Empty, W>,
    options?: ThroughOptions & { defaults?: PartialArg<M, D>; createDefaults?: PartialArg<M, D2> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
}

/** Generic relations: to objects of any model. Django: The contenttypes framework, "Generic relations". */

import type { Mode, Result } from "../task.ts";
import type { Fields, Relation } from "./fields.ts";
import type { Given, InitSuggestFor, Missing, PartialArg } from "./init.ts";
import type { InstanceOf } from "./instances.ts";
import type { AnySubquery } from "./lookups.ts";
import type { ManagerMembers } from "./managers.ts";
import type { FieldNames } from "./names.ts";
import type { Prefetch } from "./prefetch.ts";
import type { AsyncQueries, Empty, SyncQueries } from "./queryset.ts";
import type { CheckLabel, InfoOf } from "./registry.ts";
import type { BulkOptions } from "./related-managers.ts";
import type { types } from "./util.ts";
import type { Condition } from "./where.ts";

/** A label that no model has: the object may be of any. */
export type AnyModel = "*.*";

/**
 * A declared generic foreign key: it holds its value in the two fields that it names.
 *
 * @example `content_object: GenericForeignKey() // GenericKey<"content_type", "object_id">`
 */
export interface GenericKey<Ct extends string = string, Fk extends string = string> {
  readonly [types]: {
    kind: "generic";
    out: unknown;
    in: unknown;
    null: true;
    holds: unknown;
    takes: unknown;
    optional: true;
    lookups: unknown;
    flags: never;
    flagged: unknown;
    to: AnyModel;
    options: { readonly ctField: Ct; readonly fkField: Fk };
  };
  readonly name: string;
  readonly column: string | null;
}

/** The fields that the generic foreign keys among `Keys` hold their values in: who gives the object need not give them. */
export type HeldBy<F extends Fields, Keys> = [FieldNames<F>["generic"]] extends [never]
  ? never
  : HeldIn<F, FieldNames<F>["generic"] & Keys>;

type HeldIn<F, Keys> = {
  [K in keyof F & Keys]: F[K] extends GenericKey<infer Ct, infer Fk> ? Ct | Fk : never;
}[keyof F & Keys];

/**
 * A relation to an object of any model.
 *
 * @param ctField the foreign key to `ContentType` that holds the object's model
 * @param fkField the field that holds the object's primary key
 * @param options `forConcreteModel: false`: a proxy counts as a model of its own
 * @example
 * ```ts
 * class Tag extends Model("blog.Tag", {
 *   name: CharField({ maxLength: 30 }),
 *   content_type: ForeignKey("contenttypes.ContentType", { onDelete: CASCADE }),
 *   object_id: IntegerField(),
 *   content_object: GenericForeignKey(),
 * }) {}
 * ```
 */
export type GenericForeignKeyFactory = <
  const Ct extends string = "content_type",
  const Fk extends string = "object_id",
>(
  ctField?: Ct,
  fkField?: Fk,
  options?: { forConcreteModel?: boolean },
) => GenericKey<Ct, Fk>;

/** Options of `GenericRelation`. */
export interface GenericRelationOptions {
  /** The name of this model in queries of the other one; without it they cannot lead here. */
  relatedQueryName?: string;
  /** The fields of the generic foreign key; the defaults are `object_id` and `content_type`. */
  objectIdField?: string;
  contentTypeField?: string;
  /** `false`: a proxy counts as a model of its own. */
  forConcreteModel?: boolean;
  limitChoicesTo?: object;
}

/** What is known of a generic relation: other relations have their options there. */
export interface GenericOptions<O> {
  readonly relatedName: "+";
  readonly relatedQueryName: O extends { readonly relatedQueryName: infer Q extends string } ? Q : never;
  readonly symmetrical: false;
  readonly generic: true;
  /** The fields that the relation itself gives to new objects. */
  readonly held:
    | (O extends { readonly contentTypeField: infer C extends string } ? C : "content_type")
    | (O extends { readonly objectIdField: infer I extends string } ? I : "object_id");
}

/**
 * The way back of a generic foreign key: the objects of another model that refer to one of this.
 *
 * @param to the label of the model with the generic foreign key
 * @example `tags: GenericRelation("blog.Tag", { relatedQueryName: "post" }) // post.tags, Tag.filter({ post__title: "x" })`
 */
export type GenericRelationFactory = <
  const To extends string,
  const O extends GenericRelationOptions = Empty,
>(
  to: To extends CheckLabel<To> ? To : NoInfer<CheckLabel<To>>,
  options?: O,
) => Relation<To, "m2m", false, true, never, GenericOptions<O>>;

/**
 * Makes a `Prefetch` of a generic foreign key, with a queryset for each model that needs one.
 *
 * @throws `ValueError` when prefetching, for two querysets of one model
 * @example `Tag.objects.prefetchRelated(GenericPrefetch("content_object", [Post.objects.selectRelated("author")]))`
 *
 * Django: The contenttypes framework, `GenericPrefetch()`.
 */
export type GenericPrefetchFactory = <const Path extends string, const ToAttr extends string = never>(
  lookup: Path,
  querysets: readonly (AnySubquery | null)[],
  options?: { toAttr?: ToAttr },
) => Prefetch<Path, InstanceOf<AnyModel>, ToAttr>;

/** The manager of a generic relation in its colour: `post.tags`, `post.atags`. */
export type GenericRelatedManagerOf<C extends Mode, M, Held> = C extends "sync"
  ? GenericRelatedManager<M, Held>
  : AsyncGenericRelatedManager<M, Held>;

/** `post.tags`: the objects that refer to this one. */
export interface GenericRelatedManager<in out M, in out Held = "content_type" | "object_id">
  extends SyncQueries<M, InstanceOf<M>, Empty, unknown>,
    ManagerMembers<"sync", M, unknown>,
    GenericRelatedMethods<"sync", M, Held> {}

/** `post.atags`: the objects that refer to this one. */
export interface AsyncGenericRelatedManager<in out M, in out Held = "content_type" | "object_id">
  extends AsyncQueries<M, InstanceOf<M>, Empty, unknown>,
    ManagerMembers<"async", M, unknown>,
    GenericRelatedMethods<"async", M, Held> {}

/** The values of a new object: the manager itself gives those that refer to its object. */
export type GenericCreateArg<M, W, Held> = [InfoOf<M>] extends [never]
  ? Readonly<Record<string, unknown>>
  : InitSuggestFor<M, W> & Given<M, W> & Missing<M, keyof W | Held>;

/** The methods of `post.tags`. */
export interface GenericRelatedMethods<C extends Mode, in out M, in out Held> {
  /**
   * Makes saved objects refer to this one, with one `UPDATE`.
   *
   * @throws `ArgumentTypeError` for an object of another model; `ValueError` for one that is not saved
   */
  add(...objects: readonly (InstanceOf<M> | BulkOptions)[]): Result<C, void>;
  /** Deletes objects that refer to this one: they cannot refer to nothing. `bulk: false` deletes each by itself. */
  remove(...objects: readonly (InstanceOf<M> | BulkOptions)[]): Result<C, void>;
  /** Deletes all objects that refer to this one. */
  clear(options?: BulkOptions): Result<C, void>;
  /** Makes these objects refer to this one, and deletes the others that do. */
  set(objects: Iterable<InstanceOf<M>>, options?: BulkOptions & { clear?: boolean }): Result<C, void>;
  /** Makes and inserts an object that refers to this one. */
  create<W = Empty>(values: GenericCreateArg<M, W, Held>): Result<C, InstanceOf<M>>;
  /** As `getOrCreate` of a queryset, among the objects that refer to this one. */
  getOrCreate<W = Empty, D = Empty>(
    lookups: Condition<M, Empty, W>,
    options?: { defaults?: PartialArg<M, D> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
  /** As `updateOrCreate` of a queryset, among the objects that refer to this one. */
  updateOrCreate<W = Empty, D = Empty, D2 = Empty>(
    lookups: Condition<M, Empty, W>,
    options?: { defaults?: PartialArg<M, D>; createDefaults?: PartialArg<M, D2> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
}

/**
 * What Django has in `django.db.models`: the names of this package from `Model` to `Window`, also as
 * `import { models } from "asgimod"`.
 */
import * as loading from "./execute/prefetch-objects.ts";
import { Expression as BaseExpression } from "./expressions/base.ts";
import { Model as makeModel, SyncModel as makeSyncModel, AsyncMixin as mixAsync } from "./models/factory.ts";
import * as modes from "./models/fetch-modes.ts";
import * as queries from "./query/factories.ts";
import type * as types from "./types/index.ts";

export const Model: types.ModelFactory = makeModel as unknown as types.ModelFactory;
export const SyncModel: types.SyncModelFactory = makeSyncModel as unknown as types.SyncModelFactory;
export const AsyncMixin: types.AsyncMixinFactory = mixAsync as unknown as types.AsyncMixinFactory;

/** Loads a missing value for the one object on which it is read: the default. Django: "Fetch modes". */
export const FETCH_ONE: types.FetchMode = modes.FETCH_ONE;
/** Loads a missing value for all objects of the queryset, with one query. Django: "Fetch modes". */
export const FETCH_PEERS: types.FetchMode = modes.FETCH_PEERS;
/** Reading a missing value throws `FieldFetchBlocked`. Django: "Fetch modes". */
export const FETCH_RAISE: types.FetchMode = modes.FETCH_RAISE;
export const prefetchRelatedObjects: types.PrefetchRelatedObjects<void> = loading.prefetchRelatedObjects;
/** {@link prefetchRelatedObjects} as a promise. */
export const aprefetchRelatedObjects: types.PrefetchRelatedObjects<Promise<void>> =
  loading.aprefetchRelatedObjects;

export * from "./fields/factories.ts";
export { Field } from "./fields/field.ts";
export * from "./fields/related/factories.ts";
export {
  CASCADE,
  DB_CASCADE,
  DB_SET_DEFAULT,
  DB_SET_NULL,
  DO_NOTHING,
  PROTECT,
  RESTRICT,
  SET,
  SET_DEFAULT,
  SET_NULL,
} from "./fields/related/on-delete.ts";
export { Deferrable } from "./models/constraints.ts";
export { CheckConstraint, Index, UniqueConstraint } from "./models/meta-factories.ts";

export type Expression = BaseExpression;
/** The base of expressions of your own. Django: "Writing your own Query Expressions". */
export const Expression: types.BaseClass<typeof BaseExpression> =
  BaseExpression as unknown as types.BaseClass<typeof BaseExpression>;

export const Q: types.QFactory = queries.Q as unknown as types.QFactory;
export const Prefetch: types.PrefetchFactory = queries.Prefetch as unknown as types.PrefetchFactory;
export const FilteredRelation: types.FilteredRelationFactory =
  queries.FilteredRelation as unknown as types.FilteredRelationFactory;

export * from "./expressions/factories.ts";
export { Lookup, Transform } from "./lookups/factories.ts";

/**
 * `asgimod/db`: the classes of asynchronous querysets and managers, to ask `instanceof` and to name their types.
 *
 * @module
 */
import "./install.ts";
import * as managers from "./manager.ts";
import * as querysets from "./queryset.ts";
import * as related from "./related.ts";
import type * as types from "./types/index.ts";

/** A class that users ask about but do not make objects of. */
type Kind<T> = abstract new (...args: never) => T;

/** What `Pizza.aobjects.filter(...)` gives. */
export type AsyncQuerySet<
  M,
  Row = types.InstanceOf<M>,
  A = types.SomeAnnotations,
  X = unknown,
> = types.AsyncQuerySet<M, Row, A, X>;
export const AsyncQuerySet: Kind<types.AsyncQuerySet<string>> = kind(querysets.AsyncQuerySet);

/** What `Pizza.aobjects` is. */
export type AsyncManager<M, X = unknown> = types.AsyncManager<M, X>;
export const AsyncManager: Kind<types.AsyncManager<string>> = kind(managers.AsyncManager);

/** What `box.apizza_set` is. */
export type AsyncManyToOneRelatedManager<
  M,
  Field extends string = types.SomeField,
> = types.AsyncManyToOneRelatedManager<M, Field>;
export const AsyncManyToOneRelatedManager: Kind<types.AsyncManyToOneRelatedManager<string>> = kind(
  related.AsyncManyToOneRelatedManager,
);

/** What `pizza.atoppings` is. */
export type AsyncManyToManyRelatedManager<M> = types.AsyncManyToManyRelatedManager<M>;
export const AsyncManyToManyRelatedManager: Kind<types.AsyncManyToManyRelatedManager<string>> = kind(
  related.AsyncManyToManyRelatedManager,
);

/** What `box.apizza_set.filter(...)` gives: an {@link AsyncQuerySet}. */
export type AsyncManyToOneRelatedQuerySet<M> = types.AsyncManyToOneRelatedQuerySet<M>;
export const AsyncManyToOneRelatedQuerySet: Kind<types.AsyncManyToOneRelatedQuerySet<string>> = kind(
  querysets.AsyncQuerySet,
);

/** What `pizza.atoppings.filter(...)` gives: an {@link AsyncQuerySet}. */
export type AsyncManyToManyRelatedQuerySet<M> = types.AsyncManyToManyRelatedQuerySet<M>;
export const AsyncManyToManyRelatedQuerySet: Kind<types.AsyncManyToManyRelatedQuerySet<string>> = kind(
  querysets.AsyncQuerySet,
);

/** The class under its public type; the library's own types are loose. */
function kind<T>(Class: unknown): Kind<T> {
  return Class as Kind<T>;
}

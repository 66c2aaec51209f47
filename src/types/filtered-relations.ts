/** `FilteredRelation`: a relation under another name, whose join has a condition. */
import type { ConditionRefs } from "./conditions.ts";
import type { Expression, Symbolic } from "./expressions.ts";
import type { Hop, Segment } from "./names.ts";
import type { Q } from "./q.ts";

declare const joined: unique symbol;
declare const relation: unique symbol;

/**
 * What a name stands for that `FilteredRelation` was given: model `R`, to be followed in paths (`cheap__name`). Rows do
 * not get it.
 */
export interface Joined<R> {
  readonly [joined]: R;
}

/** The model at the end of a path of relations, known once the model is. */
export interface RelationAt<P extends string> extends Symbolic {
  readonly [relation]: P;
}

/** The model at the end of a path of relations. */
export type JoinedAt<M, P> = P extends `${infer H}__${infer T}`
  ? Segment<M, H> extends Hop<infer R>
    ? JoinedAt<R, T>
    : never
  : Segment<M, P> extends Hop<infer R>
    ? Joined<R>
    : never;

/**
 * Makes a relation with a condition of its own, in the `ON` of its join, under a name for later calls.
 * Django: QuerySet API reference, "FilteredRelation() objects".
 *
 * @param relationName a relation, or a path of them
 * @param options `condition`: paths begin at the model, with the relation
 * @throws `ValueError` for a condition that names something else than the relation's own fields
 * @example
 * ```ts
 * Box.objects
 *   .alias({ cheap: FilteredRelation("pizza", { condition: Q({ pizza__price__lt: 5 }) }) })
 *   .annotate({ n: Count("cheap") });
 * // ... LEFT JOIN pizza cheap ON (box.id = cheap.box_id AND cheap.price < 5)
 * ```
 */
export type FilteredRelationFactory = <
  const P extends string,
  const O extends { readonly condition?: Q } = Record<never, never>,
>(
  relationName: P,
  options?: O,
) => Expression<RelationAt<P>, P | (O extends { readonly condition: infer C } ? ConditionRefs<C> : never)>;

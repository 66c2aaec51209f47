/** `Prefetch` and the paths of `prefetchRelated`, which go by accessor: `box.pizza_set`. */
import type { FactsOf } from "./facts.ts";
import type { AnyField } from "./fields.ts";
import type { InstanceOf } from "./instances.ts";
import type { AnySubquery, RowOf } from "./lookups.ts";
import type { IsForeign } from "./names.ts";
import type { FieldsOf, Target } from "./registry.ts";
import type { ReverseByAccessor, ReverseOf, ReverseRelation } from "./relations.ts";
import type { types, Under } from "./util.ts";

declare const prefetch: unique symbol;

/**
 * A relation to load, with a queryset of its own. Django: "Prefetch() objects".
 *
 * @example
 * ```ts
 * const [box] = Box.objects.prefetchRelated(Prefetch("pizza_set", { queryset: Pizza.objects.filter(...), toAttr: "some" }));
 * box.some; // Pizza[]
 * ```
 */
export interface Prefetch<Path extends string = string, Row = unknown, ToAttr extends string = never> {
  readonly [prefetch]: { path: Path; row: Row; toAttr: ToAttr };
  readonly toAttr: string | null;
}

/** Makes a {@link Prefetch}. */
export type PrefetchFactory = <
  const Path extends string,
  const O extends { readonly queryset?: AnySubquery | null; readonly toAttr?: string } = Record<never, never>,
>(
  lookup: Path,
  options?: O,
) => Prefetch<
  Path,
  O extends { readonly queryset: infer Q extends AnySubquery } ? RowOf<Q> : typeof prefetch,
  O extends { readonly toAttr: infer T extends string } ? T : never
>;

/** The relations of a model by accessor. */
export type AccessorNames<M> = FactsOf<M>["own"]["forward"] | (ReverseOf<M>["accessor"] & string);

/** The model behind an accessor. */
export type AccessorTarget<M, K> = K extends keyof FieldsOf<M>
  ? FieldsOf<M>[K] extends AnyField
    ? Target<M, FieldsOf<M>[K][typeof types]["to"]>
    : never
  : K extends keyof ReverseByAccessor<M>
    ? FromOf<ReverseByAccessor<M>[K]>
    : never;

type FromOf<E> = E extends ReverseRelation ? E["from"] : never;

/** A path of accessors, or what it could be. */
export type PrefetchPath<M, P extends string> =
  IsForeign<M> extends true
    ? string
    : P extends AccessorNames<M>
      ? P
      : P extends `${infer H}__${infer T}`
        ? H extends AccessorNames<M>
          ? Under<H, PrefetchPath<AccessorTarget<M, H>, T>>
          : { [K in AccessorNames<M>]: K }[AccessorNames<M>]
        : { [K in AccessorNames<M>]: K }[AccessorNames<M>];

/** An argument of `prefetchRelated`. */
export type PrefetchArg<M, P> = P extends string
  ? P extends PrefetchPath<M, P>
    ? P
    : NoInfer<PrefetchPath<M, P>>
  : P extends Prefetch<infer Path, unknown, string>
    ? Path extends PrefetchPath<M, Path>
      ? P
      : NoInfer<Prefetch<PrefetchPath<M, Path> & string, unknown, string>>
    : P;

/** The rows with what `toAttr` adds to them. */
export type Prefetched<M, Row, P> = [Extract<P, Prefetch<string, unknown, string>>] extends [never]
  ? Row
  : Row & PrefetchAttributes<M, P>;

/** What `toAttr` adds to the rows. Deeper paths add to deeper rows, which types do not follow. */
export type PrefetchAttributes<M, P> = {
  [X in Extract<
    P,
    Prefetch<string, unknown, string>
  > as X[typeof prefetch]["path"] extends `${string}__${string}`
    ? never
    : X[typeof prefetch]["toAttr"]]: Held<
    AccessorKind<M, X[typeof prefetch]["path"]>,
    X[typeof prefetch]["row"] extends typeof prefetch
      ? InstanceOf<AccessorTarget<M, X[typeof prefetch]["path"]>>
      : X[typeof prefetch]["row"]
  >;
};

/** The objects of a relation; of one to a single object that object, or `null`. */
type Held<Kind, Row> = Kind extends "fk" | "o2o" | "generic" ? Row | null : Row[];

type AccessorKind<M, K> = K extends keyof FieldsOf<M>
  ? FieldsOf<M>[K] extends AnyField
    ? FieldsOf<M>[K][typeof types]["kind"]
    : never
  : K extends keyof ReverseByAccessor<M>
    ? ReverseKind<ReverseByAccessor<M>[K]>
    : never;

// A foreign key is a relation to one object only the way that it points.
type ReverseKind<E> = E extends { kind: "o2o" } ? "o2o" : "many";

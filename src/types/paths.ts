/** Paths of values: what `values`, `orderBy`, `F` and their like name, and the type that is found there. */
import type { FactsOf, PathFactsOf } from "./facts.ts";
import type { AnyField, Fields } from "./fields.ts";
import type { Joined } from "./filtered-relations.ts";
import type { InitNames } from "./init.ts";
import type { JsonLookups, OutKey, TransformsKey } from "./lookups.ts";
import type { Column, Hop, IsForeign, PkOf, Segment, SegmentNames } from "./names.ts";
import type { FieldsOf, InfoOf, Target } from "./registry.ts";
import type { QueryNameOf, ReverseOf, ReverseRelation } from "./relations.ts";
import type { FieldError, Join, Nullable, types, Under } from "./util.ts";
import type { JsonStep, UnknownName } from "./where.ts";

/**
 * The type of a value path on model `M` with annotations `A`.
 *
 * @example `PathValue<"testapp.Pizza", {}, "box__name">` is `string | null`
 */
export type PathValue<M, A, P> = P extends keyof A
  ? A[P]
  : [keyof A] extends [never]
    ? PathFactsOf<M, P>["value"]
    : PathBehind<M, A, P>;

/** A path that may begin with the name of a `FilteredRelation`. */
type PathBehind<M, A, P> = P extends `${infer H}__${infer T}`
  ? H extends keyof A
    ? A[H] extends Joined<infer R>
      ? PathOn<R, T, true>
      : PathFactsOf<M, P>["value"]
    : PathFactsOf<M, P>["value"]
  : PathFactsOf<M, P>["value"];

/** The type of a path that begins at a model. */
export type PathOn<M, P, Null> = PathFrom<M, FieldsOf<M>, P, Null>;

type PathFrom<M, F extends Fields, P, Null> = P extends keyof F
  ? F[P][typeof types]["kind"] extends "column"
    ? Nullable<F[P][typeof types]["holds"], Null>
    : LeafOther<Segment<M, P>, M, P, Null>
  : P extends `${infer H}__${infer T}`
    ? PathIn<M, F, H, T, Null>
    : LeafOther<Segment<M, P>, M, P, Null>;

type PathIn<M, F extends Fields, H extends string, T, Null> = H extends keyof F
  ? F[H][typeof types]["kind"] extends "column"
    ? TransformValue<F[H][typeof types]["lookups"], T, Or<F[H][typeof types]["null"], Null>>
    : F[H][typeof types]["kind"] extends "m2m"
      ? PathOn<Target<M, F[H][typeof types]["to"]>, T, true>
      : PathOn<Target<M, F[H][typeof types]["to"]>, T, Or<F[H][typeof types]["null"], Null>>
  : PathOther<Segment<M, H>, M, H, T, Null>;

type PathOther<S, M, H extends string, T, Null> = [S] extends [never]
  ? UnknownName<M, H>
  : S extends Hop<infer R, infer N>
    ? PathOn<R, T, Or<N, Null>>
    : S extends Column<infer C extends AnyField, infer N>
      ? TransformValue<C[typeof types]["lookups"], T, Or<N, Null>>
      : never;

type LeafOther<S, M, P, Null> = [S] extends [never]
  ? UnknownName<M, P>
  : S extends Column<infer C extends AnyField, infer N>
    ? Nullable<C[typeof types]["out"], Or<N, Null>>
    : S extends Hop<infer R, infer N>
      ? Nullable<PkOf<R>, Or<N, Null>>
      : never;

/** `true` where either is. */
type Or<A, B> = A extends true ? true : B;

/** The value of `created__year`, `data__owner__name`. */
type TransformValue<L, T, Null> =
  L extends JsonLookups<infer J>
    ? JsonPath<J, T>
    : T extends `${infer H}__${infer R}`
      ? L extends { readonly [K in TransformsKey]: infer X }
        ? H extends keyof X
          ? TransformValue<X[H], R, Null>
          : NoTransform<H, X>
        : NoTransform<H, unknown>
      : L extends { readonly [K in TransformsKey]: infer X }
        ? T extends keyof X
          ? X[T] extends { readonly [K in OutKey]: infer O }
            ? Nullable<O, Null>
            : never
          : NoTransform<T, X>
        : NoTransform<T, unknown>;

type NoTransform<T, X> =
  FieldError<`Unsupported lookup '${T & string}' or join on the field not permitted. Choices are: ${Join<keyof X & string>}`>;

/** The value under a path of keys in JSON; a missing key gives `null`. */
type JsonPath<J, T> = T extends `${infer H}__${infer R}`
  ? JsonPath<JsonStep<J, H>, R>
  : JsonLeaf<JsonStep<J, T>>;

type JsonLeaf<V> = unknown extends V ? unknown : V extends FieldError<string> ? V : V | null;

/** The names that a path may start with. */
export type FirstSegments<M, A> = SegmentNames<M> | (keyof A & string);

/**
 * The path `P` itself where it is good, otherwise what it could be: checks a path, and lets the editor
 * complete the next segment from what was typed.
 *
 * @example `AutoPath<"testapp.Pizza", "box__na">` is `"box__id" | "box__name" | ...`
 */
export type AutoPath<M, A, P extends string> = P extends keyof FactsOf<M>["fields"]
  ? P
  : [keyof A] extends [never]
    ? AutoOn<M, P>
    : AutoBehind<M, A, P>;

/** {@link AutoPath} without annotations. */
// where nothing fits, the names themselves, so that an error lists them and not the alias
type AutoOn<M, P> = P extends `${infer H}__${infer T}`
  ? AutoNext<Segment<M, H>, M, H, T, unknown>
  : P extends SegmentNames<M>
    ? P
    : { [K in SegmentNames<M>]: K }[SegmentNames<M>];

/** {@link AutoPath} where a path may begin with an annotation. */
type AutoBehind<M, A, P extends string> = P extends keyof A
  ? P
  : P extends `${infer H}__${infer T}`
    ? H extends keyof A
      ? A[H] extends Joined<infer R>
        ? Under<H, AutoPath<R, unknown, T>>
        : { [K in FirstSegments<M, A>]: K }[FirstSegments<M, A>]
      : AutoNext<Segment<M, H>, M, H, T, A>
    : P extends SegmentNames<M>
      ? P
      : { [K in FirstSegments<M, A>]: K }[FirstSegments<M, A>];

type AutoNext<S, M, H extends string, T extends string, A> = [S] extends [never]
  ? { [K in FirstSegments<M, A>]: K }[FirstSegments<M, A>]
  : S extends Hop<infer R>
    ? Under<H, AutoPath<R, unknown, T>>
    : S extends Column<infer C extends AnyField, infer _N>
      ? Under<H, AutoTransform<C[typeof types]["lookups"], T>>
      : never;

type AutoTransform<L, T extends string> =
  L extends JsonLookups<infer J>
    ? AutoJson<J, T>
    : L extends { readonly [K in TransformsKey]: infer X }
      ? T extends `${infer H}__${infer R}`
        ? H extends keyof X & string
          ? Under<H, AutoTransform<X[H], R>>
          : keyof X & string
        : keyof X & string
      : never;

/** The keys of JSON whose type is known; anything else goes. */
type AutoJson<J, T extends string> = unknown extends J
  ? T
  : T extends `${infer H}__${infer R}`
    ? JsonStep<J, H> extends FieldError<string>
      ? JsonKeys<J>
      : Under<H, AutoJson<JsonStep<J, H>, R>>
    : JsonStep<J, T> extends FieldError<string>
      ? JsonKeys<J>
      : T;

type JsonKeys<J> = J extends null | undefined ? never : J extends object ? keyof J & string : string;

/**
 * As {@link AutoPath}, with `-` before it for descending order, and `"?"` for a random one.
 *
 * @example `OrderPath<"testapp.Pizza", {}, "-box__name">` is `"-box__name"`
 */
export type OrderPath<M, A, P extends string> = P extends "?"
  ? P
  : P extends `-${infer R}`
    ? Descending<AutoPath<M, A, R>>
    : AutoPath<M, A, P>;

type Descending<P> = P extends string ? `-${P}` : never;

/** The names of a model's columns: what `only` and `bulkUpdate` name. */
export type ColumnNames<M> = IsForeign<M> extends true ? string : InitNames<FieldsOf<M>> | "pk";

/**
 * Paths of relations to one object: for `selectRelated`.
 *
 * @example `SinglePath<"testapp.Pizza", "box">` is `"box"`
 */
export type SinglePath<M, P> = PathFactsOf<M, P>["single"];

/** What {@link SinglePath} is worked out by. Own relations are looked at directly, because they are most. */
export type SingleOn<M, P> = P extends FactsOf<M>["own"]["foreign"]
  ? P
  : P extends `${infer H}__${infer T}`
    ? H extends FactsOf<M>["own"]["foreign"]
      ? Under<H, SinglePath<TargetOf<M, FieldsOf<M>, H>, T>>
      : OtherSingle<M, H, T>
    : P extends FactsOf<M>["singles"]
      ? P
      : { [K in FactsOf<M>["singles"]]: K }[FactsOf<M>["singles"]];

type TargetOf<M, F extends Fields, K> = K extends keyof F ? Target<M, F[K][typeof types]["to"]> : never;

type OtherSingle<M, H extends string, T extends string> = H extends FactsOf<M>["singles"]
  ? Segment<M, H> extends Hop<infer R>
    ? Under<H, SinglePath<R, T>>
    : never
  : { [K in FactsOf<M>["singles"]]: K }[FactsOf<M>["singles"]];

/** The relations of a model to one object, by their names in queries: any text where the model is not known. */
export type SingleRelations<M> = [InfoOf<M>] extends [never]
  ? string
  : Exclude<FactsOf<M>["own"]["forward"], FactsOf<M>["own"]["many"]> | ReverseSingles<ReverseOf<M>>;

type ReverseSingles<E> = E extends ReverseRelation
  ? E["kind"] extends "o2o"
    ? QueryNameOf<E>
    : never
  : never;

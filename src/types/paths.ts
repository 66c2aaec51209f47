/** Paths of values: what `values`, `orderBy`, `F` and their like name, and the type that is found there. */
import type { AnyField } from "./fields.ts";
import type { JsonLookups, OutKey, TransformsKey } from "./lookups.ts";
import type { Column, Hop, IsForeign, PkOf, Segments } from "./names.ts";
import type { FieldError, Join, Nullable, types } from "./util.ts";
import type { JsonStep, UnknownName } from "./where.ts";

/**
 * The type of a value path on model `M` with annotations `A`.
 *
 * @example `PathValue<"testapp.Pizza", {}, "box__name">` is `string | null`
 */
export type PathValue<M, A, P> = P extends keyof A ? A[P] : PathOn<M, P, false>;

type PathOn<M, P, Null> =
  IsForeign<M> extends true
    ? unknown
    : P extends keyof Segments<M>
      ? LeafValue<Segments<M>[P], Null>
      : P extends `${infer H}__${infer T}`
        ? H extends keyof Segments<M>
          ? Segments<M>[H] extends Hop<infer R, infer N>
            ? PathOn<R, T, N extends true ? true : Null>
            : Segments<M>[H] extends Column<infer C extends AnyField, infer N>
              ? TransformValue<C[typeof types]["lookups"], T, N extends true ? true : Null>
              : never
          : UnknownName<M, H>
        : UnknownName<M, P>;

type LeafValue<S, Null> =
  S extends Column<infer C extends AnyField, infer N>
    ? Nullable<C[typeof types]["out"], N extends true ? true : Null>
    : S extends Hop<infer R, infer N>
      ? Nullable<PkOf<R>, N extends true ? true : Null>
      : never;

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
  : unknown extends JsonStep<J, T>
    ? unknown
    : JsonStep<J, T> | null;

/** The names that a path may start with. */
export type FirstSegments<M, A> = (keyof Segments<M> & string) | (keyof A & string);

/**
 * The path `P` itself where it is good, otherwise what it could be: checks a path, and lets the editor
 * complete the next segment from what was typed.
 *
 * @example `AutoPath<"testapp.Pizza", "box__na">` is `"box__id" | "box__name" | ...`
 */
export type AutoPath<M, A, P extends string> =
  IsForeign<M> extends true
    ? string
    : P extends keyof A
      ? P
      : P extends `${infer H}__${infer T}`
        ? H extends keyof Segments<M>
          ? Segments<M>[H] extends Hop<infer R>
            ? `${H}__${AutoPath<R, unknown, T>}`
            : Segments<M>[H] extends Column<infer C extends AnyField, infer _N>
              ? `${H}__${AutoTransform<C[typeof types]["lookups"], T>}`
              : never
          : FirstSegments<M, A>
        : FirstSegments<M, A>;

type AutoTransform<L, T extends string> =
  L extends JsonLookups<infer J>
    ? JsonPath<J, T> extends FieldError<string>
      ? JsonKeys<J>
      : T
    : L extends { readonly [K in TransformsKey]: infer X }
      ? T extends `${infer H}__${infer R}`
        ? H extends keyof X & string
          ? `${H}__${AutoTransform<X[H], R>}`
          : keyof X & string
        : keyof X & string
      : never;

type JsonKeys<J> = J extends object ? keyof J & string : string;

/**
 * As {@link AutoPath}, with `-` before it for descending order, and `"?"` for a random one.
 *
 * @example `OrderPath<"testapp.Pizza", {}, "-box__name">` is `"-box__name"`
 */
export type OrderPath<M, A, P extends string> = P extends "?"
  ? P
  : P extends `-${infer R}`
    ? `-${AutoPath<M, A, R>}`
    : P extends `+${infer R}`
      ? `+${AutoPath<M, A, R>}`
      : AutoPath<M, A, P>;

/** The names of a model's columns: what `only` and `bulkUpdate` name. */
export type ColumnNames<M> =
  IsForeign<M> extends true
    ? string
    : {
        [K in keyof Segments<M> & string]: Segments<M>[K] extends Hop<unknown, boolean, true> ? never : K;
      }[keyof Segments<M> & string];

/**
 * Paths of relations: for `selectRelated` (`Single` is `true`: those with one object) and `prefetchRelated`.
 *
 * @example `RelationPath<"testapp.Pizza", "box", true>` is `"box"`
 */
export type RelationPath<M, P extends string, Single extends boolean> =
  IsForeign<M> extends true
    ? string
    : P extends `${infer H}__${infer T}`
      ? H extends RelationNames<M, Single>
        ? Segments<M>[H & keyof Segments<M>] extends Hop<infer R>
          ? `${H}__${RelationPath<R, T, Single>}`
          : never
        : RelationNames<M, Single>
      : RelationNames<M, Single>;

/** The relations of a model by their names in queries. */
export type RelationNames<M, Single extends boolean> = {
  [K in keyof Segments<M> & string]: Segments<M>[K] extends Hop<unknown, boolean, infer Many>
    ? Single extends true
      ? Many extends true
        ? never
        : K
      : K
    : never;
}[keyof Segments<M> & string];

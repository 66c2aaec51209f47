/** The checks of `filter`, `get`, `exclude` and `Q`: every key that was written is parsed, to any depth. */
import type { AnyExpression, CheckedExpression } from "./expressions.ts";
import type { AnyField, Fields } from "./fields.ts";
import type { InstanceOf } from "./instances.ts";
import type {
  AnyLookups,
  FamilyOf,
  HiddenKey,
  InValue,
  JsonLookups,
  JsonValue,
  NumberLookups,
  OneValue,
  TransformsKey,
} from "./lookups.ts";
import type { ChoiceNames, Column, Hop, IsForeign, LocalHint, ModelText, PkInOf, PkName, Segment, SegmentNames } from "./names.ts";
import type { Q } from "./q.ts";
import type { FieldsOf, Target } from "./registry.ts";
import type { ReverseOf, ReverseRelation } from "./relations.ts";
import type { FieldError, Join, types } from "./util.ts";

/**
 * The conditions that `W` wrote, each with the type that its key takes.
 * A key that means nothing on the model has a {@link FieldError} that names the choices.
 *
 * @example `Where<"testapp.Pizza", {}, { name__in: unknown }>` is `{ name__in: InValue<string> }`
 */
export type Where<M, A, W> = {
  // `-?`: an optional property could be undefined, which is never a value
  // `NoInfer`: only the keys and the expressions are inferred; following `LookupValue` would never end
  [K in keyof W]-?: W[K] extends AnyExpression
    ? CheckedExpression<M, A, W[K]>
    : NoInfer<LookupValue<M, A, K>>;
};

/**
 * One argument of `filter`: an object of lookups, a `Q`, or a condition such as `Exists(...)`.
 *
 * The object is inferred through `Where`, never intersected with what was written: so that an error shows the
 * type that a key takes, and not `never`.
 */
export type Condition<M, A, W> = (Suggest<M, A> & Where<M, A, W>) | Q<Where<M, A, W>> | BooleanExpression;

/** An expression that is true or false. */
export type BooleanExpression = AnyExpression<boolean>;

/**
 * What the lookup key `P` takes on model `M`.
 *
 * @example `LookupValue<"testapp.Pizza", {}, "box__name__icontains">` is `string`
 */
export type LookupValue<M, A, P> = P extends keyof A
  ? OneValue<A[P]>
  : [keyof A] extends [never]
    ? OnModel<M, P>
    : OnAnnotation<A, P> extends infer V
      ? [V] extends [never]
        ? OnModel<M, P>
        : V
      : never;

/** A lookup on an annotation, whose name may hold `__` itself: `amount__sum__gt`. */
type OnAnnotation<A, P> = {
  [K in keyof A & string]: P extends `${K}__${infer T}` ? InFamily<FamilyOf<A[K]>, T, K> : never;
}[keyof A & string];

type OnModel<M, P> =
  IsForeign<M> extends true
    ? unknown
    : P extends `${infer H}__${infer T}`
      ? Segment<M, H> extends infer S
        ? [S] extends [never]
          ? UnknownName<M, H>
          : S extends Hop<infer R>
            ? T extends keyof RelatedLookups<R>
              ? RelatedLookups<R>[T]
              : OnModel<R, T>
            : S extends Column<infer C extends AnyField, infer N>
              ? InFamily<C[typeof types]["lookups"], T, `${ModelText<M>}.${H}`, N>
              : never
        : never
      : Segment<M, P> extends infer S
        ? [S] extends [never]
          ? UnknownName<M, P>
          : Exact<S>
        : never;

/** The error for a name that a model does not have. */
export type UnknownName<M, P> =
  FieldError<`Cannot resolve keyword '${P & string}' into field. Choices are: ${Join<ChoiceNames<M>>}${LocalHint<M>}`>;

/** What `filter({ name: value })` takes. */
type Exact<S> =
  S extends Column<infer C extends AnyField, infer N>
    ? OneValue<C[typeof types]["in"]> | (N extends true ? null : never)
    : S extends Hop<infer R, infer N>
      ? RelatedValue<R> | (N extends true ? null : never)
      : never;

/** An object of a model, its key, or a queryset of such. */
export type RelatedValue<R> = OneValue<InstanceOf<R> | PkInOf<R>>;

/** The lookups of a relation itself. */
export interface RelatedLookups<R> {
  exact: RelatedValue<R> | null;
  in: InValue<InstanceOf<R> | PkInOf<R>>;
  gt: OneValue<PkInOf<R>>;
  gte: OneValue<PkInOf<R>>;
  lt: OneValue<PkInOf<R>>;
  lte: OneValue<PkInOf<R>>;
  isnull: boolean;
}

/** What lookup `T` of a family takes, through transforms. `Name` is for the error. */
type InFamily<L, T, Name extends string, N = false> = T extends keyof L
  ? L[T] | (N extends true ? (T extends "exact" ? null : never) : never)
  : L extends JsonLookups<infer J>
    ? JsonLookup<J, L, T>
    : T extends keyof Hidden<L>
      ? Hidden<L>[T]
      : T extends `${infer H}__${infer R}`
        ? H extends keyof Transforms<L>
          ? InFamily<Transforms<L>[H], R, `${Name}__${H}`>
          : NoLookup<L, H, Name>
        : NoLookup<L, T, Name>;

type Hidden<L> = L extends { readonly [K in HiddenKey]: infer H } ? H : unknown;
type Transforms<L> = L extends { readonly [K in TransformsKey]: infer X } ? X : unknown;

/** The error for a lookup that a field does not have. */
type NoLookup<L, T, Name extends string> = AnyLookups extends L // not the reverse: text has all of them too
  ? unknown
  : FieldError<`Unsupported lookup '${T & string}' for ${Name}. Choices are: ${Join<keyof L & string>}`>;

/** A lookup on JSON: of the value, or of a key. */
type JsonLookup<J, L, T> = T extends keyof Hidden<L>
  ? Hidden<L>[T]
  : T extends `${infer H}__${infer R}`
    ? JsonStep<J, H> extends infer V
      ? R extends keyof JsonLookups<V>
        ? JsonLookups<V>[R]
        : JsonLookup<V, JsonLookups<V>, R>
      : never
    : JsonStep<J, T> extends infer V
      ? unknown extends V
        ? JsonValue
        : V | null
      : never;

/**
 * The value under a key or an index; `unknown` where the type does not say.
 *
 * @example `JsonStep<{ owner: { name: string } }, "owner">` is `{ name: string }`
 */
export type JsonStep<J, K> = unknown extends J
  ? unknown
  : J extends readonly (infer E)[]
    ? E
    : K extends keyof J
      ? J[K]
      : J extends object
        ? K extends `${number}`
          ? unknown
          : string extends keyof J
            ? J[keyof J]
            : FieldError<`The JSON value has no key '${K & string}'. Choices are: ${Join<keyof J & string>}`>
        : unknown;

/**
 * The keys that the editor offers: own fields with their lookups, and the fields of related models.
 * It must have an index signature, or the check for weak types would reject deeper keys.
 */
export type Suggest<M, A = unknown> = { readonly [K in SuggestedKeys<M>]?: unknown } & {
  readonly [K in keyof A]?: unknown;
} & { readonly [key: string]: unknown };

/** The keys of {@link Suggest}. */
export type SuggestedKeys<M> = IsForeign<M> extends true ? never : SuggestedIn<M, FieldsOf<M>>;

type SuggestedIn<M, F extends Fields> =
  | OwnSuggested<M, F>
  | SegmentNames<M>
  | ReverseSuggested<ReverseOf<M>>
  | (`${PkName<F> & string}__${keyof NumberLookups & string}`);

type OwnSuggested<M, F extends Fields> = {
  [K in keyof F & string]: `${K}__${(F[K][typeof types]["kind"] extends "column"
    ? keyof F[K][typeof types]["lookups"]
    : SegmentNames<Target<M, F[K][typeof types]["to"]>> | "isnull" | "in") &
    string}`;
}[keyof F & string];

type ReverseSuggested<E> = E extends ReverseRelation
  ? `${E["query"]}__${(SegmentNames<E["from"]> | "isnull" | "in") & string}`
  : never;

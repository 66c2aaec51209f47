/** The checks of `filter`, `get`, `exclude` and `Q`: every key that was written is parsed, to any depth. */
import type { Conditional } from "./conditions.ts";
import type { AnyExpression, BadRefs, RefErrors, RefsOf } from "./expressions.ts";
import type { AnyField, Fields } from "./fields.ts";
import type { Joined } from "./filtered-relations.ts";
import type { InstanceOf } from "./instances.ts";
import type {
  AnyLookups,
  FamilyOf,
  HiddenKey,
  InValue,
  JsonLookups,
  JsonValue,
  NumberLookups,
  TransformsKey,
} from "./lookups.ts";
import type {
  ChoiceNames,
  Column,
  Hop,
  IsForeign,
  LocalHint,
  ModelText,
  PkInOf,
  PkName,
  Segment,
  SegmentNames,
} from "./names.ts";
import type { Q } from "./q.ts";
import type { FieldsOf, InfoOf, ModelInfo, Target } from "./registry.ts";
import type { QueryNameOf, ReverseOf, ReverseRelation } from "./relations.ts";
import type { FieldError, Join, Nullable, types } from "./util.ts";

/**
 * The conditions that `W` wrote, each with the type that its key takes.
 * A key that means nothing on the model has a {@link FieldError} that names the choices.
 *
 * @example `Where<"testapp.Pizza", {}, { name__in: unknown }>` is `{ name__in: InValue<string> }`
 */
export type Where<M, A, W> = {
  // `-?`: an optional property could be undefined, which is never a value
  // `NoInfer`: only the keys and the expressions are inferred; following `LookupValue` would never end
  // the mapped type under `~`, as in `Later`, but worked out only where it is taken: the check of an expression is not
  // looked into while `W` is inferred
  [K in keyof W]-?: W[K] extends AnyExpression<unknown>
    ? W[K] & { [X in W extends unknown ? "x" : never as `~${X}`]: RightError<M, A, K, W[K]> }["~x"]
    : NoInfer<LookupValue<M, A, K>>;
};

/** An expression on the right side: any type goes, but name and paths must be good. */
type RightError<M, A, K, E> = [BadKey<M, A, K> | BadRefs<M, A, RefsOf<E>>] extends [never]
  ? unknown
  : BadKey<M, A, K> | BadRefs<M, A, RefsOf<E>>;

type BadKey<M, A, K> =
  LookupValue<M, A, K> extends infer V
    ? V extends FieldError<infer Text>
      ? FieldError<Text>
      : never
    : never;

/**
 * One argument of `filter`: an object of lookups, a `Q`, or a condition such as `Exists(...)`.
 *
 * The object is inferred through `Where`, never intersected with what was written: so that an error shows the
 * type that a key takes, and not `never`.
 */
export type Condition<M, A, W> =
  | (SuggestFor<M, A, W> & Where<M, A, W>)
  | Q<Where<M, A, W>>
  | CheckedCondition<M, A, W>;

/**
 * As {@link Condition}, for a method whose `W` is {@link Suggested} by default: so it is while nothing is inferred, when
 * the editor asks what there is to write. The compiler, which knows `W`, need not look at all that could be.
 */
export type FirstCondition<M, A, W> =
  | Where<M, A, W>
  | Nothing
  | Q<Where<M, A, W>>
  | CheckedCondition<M, A, W>;

declare const nothing: unique symbol;

/** The object without conditions, from which nothing is inferred. */
export interface Nothing {
  readonly [nothing]?: never;
}

/** What the editor offers for {@link FirstCondition}. */
export type Suggested<M, A> = Offered<One, M, A>;

// renames one key to all names: the compiler does so when it looks at the properties, not when it meets the type
type Offered<O, M, A> = { readonly [K in keyof O as SuggestedKeys<M> | (keyof A & string)]?: O[K] };

/** Whose one key is renamed to all names. */
export interface One {
  readonly one: unknown;
}

/**
 * A condition such as `Exists(...)`, which names `R`: here `W` is what an expression names, not an object. The
 * methods are named so that an error is about this, and not about the object of lookups that it could be, too.
 */
interface CheckedCondition<M, A, R> extends Named {
  readonly [types]: {
    readonly expression: true;
    readonly out: boolean;
    readonly refs: CheckedRefs<M, A, R>;
    readonly alias: string;
  };
}

type Named = { readonly [K in keyof Conditional & string]?: unknown };

type CheckedRefs<M, A, R> = [BadRefs<M, A, R>] extends [never] ? R : NoInfer<RefErrors<M, A, R>>;

/** An expression that is true or false. */
export type BooleanExpression = AnyExpression<boolean>;

/**
 * What the lookup key `P` takes on model `M`.
 *
 * @example `LookupValue<"testapp.Pizza", {}, "box__name__icontains">` is `string`
 */
export type LookupValue<M, A, P> = P extends keyof A
  ? A[P]
  : [keyof A] extends [never]
    ? OnModel<M, P>
    : OnAnnotation<A, P> extends infer V
      ? [V] extends [never]
        ? OnModel<M, P>
        : V
      : never;

/** A lookup on an annotation, whose name may hold `__` itself: `amount__sum__gt`. */
type OnAnnotation<A, P> = {
  [K in keyof A & string]: P extends `${K}__${infer T}`
    ? A[K] extends Joined<infer R>
      ? OnRelation<R, T>
      : InFamily<FamilyOf<A[K]>, T, "annotation", K>
    : never;
}[keyof A & string];

/** What a lookup key takes that begins at a model. */
export type OnModel<M, P> = OnFields<M, FieldsOf<M>, P>;

type OnFields<M, F extends Fields, P> = P extends keyof F
  ? F[P][typeof types]["kind"] extends "column"
    ? F[P][typeof types]["takes"]
    : F[P][typeof types]["kind"] extends "generic"
      ? NoWayBack<P>
      : Nullable<RelatedValue<Target<M, F[P][typeof types]["to"]>>, F[P][typeof types]["null"]>
  : P extends `${infer H}__${infer T}`
    ? OnSegment<M, F, H, T>
    : OtherLeaf<Segment<M, P>, M, P>;

/** `box__name`: the name `H`, then `T`. Own names are looked at directly, because they are most. */
type OnSegment<M, F extends Fields, H extends string, T> = H extends keyof F
  ? F[H][typeof types]["kind"] extends "column"
    ? InFamily<F[H][typeof types]["lookups"], T, M, H, F[H][typeof types]["null"]>
    : F[H][typeof types]["kind"] extends "generic"
      ? NoWayBack<H>
      : OnRelation<Target<M, F[H][typeof types]["to"]>, T>
  : OnOther<Segment<M, H>, M, H, T>;

/** The error for a generic foreign key, which leads to no one model. */
type NoWayBack<P> =
  FieldError<`Field '${P & string}' does not generate an automatic reverse relation and therefore cannot be used for reverse querying. If it is a GenericForeignKey, consider adding a GenericRelation.`>;

type OnOther<S, M, H extends string, T> = [S] extends [never]
  ? UnknownName<M, H>
  : S extends Hop<infer R>
    ? OnRelation<R, T>
    : S extends Column<infer C extends AnyField, infer N>
      ? InFamily<C[typeof types]["lookups"], T, M, H, N>
      : never;

type OnRelation<R, T> = T extends RelatedLookupNames ? RelatedLookups<R>[T] : OnModel<R, T>;

type OtherLeaf<S, M, P> = [S] extends [never]
  ? UnknownName<M, P>
  : S extends Hop<infer R>
    ? RelatedValue<R> | null
    : S extends Column<infer C extends AnyField, infer N>
      ? Nullable<C[typeof types]["in"], N>
      : never;

/** The error for a name that a model does not have. */
export type UnknownName<M, P> = [InfoOf<M>] extends [never] ? unknown : NoSuchName<M, P>;

type NoSuchName<M, P> =
  FieldError<`Cannot resolve keyword '${P & string}' into field. Choices are: ${Join<ChoiceNames<M>>}${LocalHint<M>}`>;

/** An object of a model, or its key. */
export type RelatedValue<R> = InstanceOf<R> | PkInOf<R>;

type RelatedLookupNames = keyof RelatedLookups<unknown>;

/** The lookups of a relation itself. */
export interface RelatedLookups<R> {
  exact: RelatedValue<R> | null;
  in: InValue<InstanceOf<R> | PkInOf<R>>;
  gt: PkInOf<R>;
  gte: PkInOf<R>;
  lt: PkInOf<R>;
  lte: PkInOf<R>;
  isnull: boolean;
}

/** What lookup `T` of a family takes, through transforms. `M` and `H` are for the error. */
type InFamily<L, T, M, H extends string, N = false> = T extends keyof L
  ? T extends "exact"
    ? Nullable<L[T], N>
    : L[T]
  : InFamilyDeep<L, T, M, H>;

type InFamilyDeep<L, T, M, H extends string> =
  L extends JsonLookups<infer J>
    ? JsonLookup<J, L, T>
    : T extends keyof Hidden<L>
      ? Hidden<L>[T]
      : T extends keyof Transforms<L>
        ? ExactOf<Transforms<L>[T]>
        : T extends `${infer X}__${infer R}`
          ? X extends keyof Transforms<L>
            ? InFamily<Transforms<L>[X], R, M, `${H}__${X}`>
            : NoLookup<L, X, `${ModelText<M>}.${H}`>
          : NoLookup<L, T, `${ModelText<M>}.${H}`>;

type ExactOf<L> = L extends { exact: infer V } ? V : never;
type Hidden<L> = L extends { readonly [K in HiddenKey]: infer H } ? H : unknown;
type Transforms<L> = L extends { readonly [K in TransformsKey]: infer X } ? X : unknown;

/** The error for a lookup that a field does not have. */
type NoLookup<L, T, Name extends string> = AnyLookups extends L // not the reverse: text has all of them too
  ? unknown
  : FieldError<`Unsupported lookup '${T & string}' for ${Name}. Choices are: ${Join<(keyof L | keyof Transforms<L>) & string>}`>;

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
export type JsonStep<J, K> = unknown extends J ? unknown : FoundIn<JsonStepIn<NonNullable<J>, K>>;

/** What is found in some of the documents that there can be; the error where it is in none. */
type FoundIn<V> = [Exclude<V, FieldError<string> | undefined>] extends [never]
  ? V
  : Exclude<V, FieldError<string> | undefined>;

type JsonStepIn<J, K> = unknown extends J
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

/**
 * {@link Suggest} while nothing is known to be written: so it is when the editor asks. The compiler, which knows `W`,
 * need not compare with all that could be.
 */
export type SuggestFor<M, A, W> = [keyof W] extends [never] ? Suggest<M, A> : AnyKeys;

interface AnyKeys {
  readonly [key: string]: unknown;
}

/** The keys of {@link Suggest}. */
export type SuggestedKeys<M> = IsForeign<M> extends true ? never : SuggestedIn<M, InfoOf<M>>;

type SuggestedIn<M, I extends ModelInfo> =
  | OwnSuggested<M, I["fields"]>
  | SegmentNames<M>
  | ReverseSuggested<ReverseOf<M>>
  | `${PkName<I>}__${keyof NumberLookups & string}`;

type OwnSuggested<M, F extends Fields> = {
  [K in keyof F & string]: `${K}__${(F[K][typeof types]["kind"] extends "column"
    ? keyof F[K][typeof types]["lookups"]
    : SegmentNames<Target<M, F[K][typeof types]["to"]>> | "isnull" | "in") &
    string}`;
}[keyof F & string];

type ReverseSuggested<E> = E extends ReverseRelation
  ? `${QueryNameOf<E>}__${(SegmentNames<E["from"]> | "isnull" | "in") & string}`
  : never;

/** What `new Model(...)`, `create` and `update` take. */
import type { AnyExpression, BadRefs, RefsOf } from "./expressions.ts";
import type { FactsOf, PathFactsOf } from "./facts.ts";
import type { Fields, FieldTypes } from "./fields.ts";
import type { HeldBy } from "./generic.ts";
import type { InstanceOf } from "./instances.ts";
import type { InOf, ModelText, PkField, RelationColumn } from "./names.ts";
import type { FieldsOf, InfoOf, KeyOf, ModelInfo, Target } from "./registry.ts";
import type { At, FieldError, Join, Nullable, types } from "./util.ts";

/** The value that a column or a relation takes, by the name of the field, its `x_id` or `pk`. */
export type InitValue<M, K> = PathFactsOf<M, K>["init"];

/** What {@link InitValue} is worked out by. */
export type InitOn<M, K> = InitIn<M, InfoOf<M>, FieldsOf<M>, K>;

type InitIn<M, I extends ModelInfo, F extends Fields, K> = K extends keyof F
  ? F[K][typeof types]["kind"] extends "column"
    ? F[K][typeof types]["takes"]
    : ValueFor<M, F[K][typeof types]>
  : K extends "pk"
    ? InOf<PkField<M>>
    : K extends "id"
      ? [I["names"]["pk"]] extends [never]
        ? number | null
        : UnknownField<M, I, K>
      : K extends `${infer H}_id`
        ? H extends I["names"]["foreign"] & keyof F
          ? Nullable<InOf<RelationColumn<M, F[H][typeof types]>>, F[H][typeof types]["null"]>
          : UnknownField<M, I, K>
        : UnknownField<M, I, K>;

type ValueFor<M, T extends FieldTypes> = T["kind"] extends "m2m"
  ? FieldError<"Direct assignment to a many-to-many set is prohibited: use its set() on the saved object.">
  : Nullable<InstanceOf<Target<M, T["to"]>>, T["null"]>;

type UnknownField<
  M,
  I extends ModelInfo,
  K,
> = FieldError<`${ModelText<M>} has no field '${K & string}'. Choices are: ${Join<InitNames<I>>}`>;

/** The columns and relations that a new object must be given. */
export type RequiredNames<F extends Fields> = {
  [K in keyof F & string]: F[K][typeof types]["optional"] extends true ? never : K;
}[keyof F & string];

/** The names that may be given. */
export type InitNames<I extends ModelInfo> =
  | Exclude<keyof I["fields"] & string, I["names"]["many"]>
  | `${I["names"]["foreign"]}_id`
  | ([I["names"]["pk"]] extends [never] ? "id" : never);

/** What `W` wrote, each with the type that its name takes; expressions are allowed where SQL is made of them. */
export type Given<M, W> = {
  // see `Where`
  [K in keyof W]-?: W[K] extends AnyExpression<unknown>
    ? W[K] & At<{ [J in keyof W as `~${J & string}`]: GivenError<M, J, W[J]> }, `~${K & string}`>
    : NoInfer<InitValue<M, K>>;
};

type GivenError<M, K, E> = [BadName<M, K> | BadRefs<M, unknown, RefsOf<E>>] extends [never]
  ? unknown
  : BadName<M, K> | BadRefs<M, unknown, RefsOf<E>>;

type BadName<M, K> =
  InitValue<M, K> extends infer V ? (V extends FieldError<infer Text> ? FieldError<Text> : never) : never;

/** The required names that `W` lacks: a relation may be given as `box` or `box_id`. */
export type Missing<M, Keys> = {
  [K in MissingNames<FactsOf<M>["required"], Keys | HeldBy<InfoOf<M>, Keys>>]: InitValue<M, K>;
};

type MissingNames<Name extends string, Keys> = Name extends Keys
  ? never
  : `${Name}_id` extends Keys
    ? never
    : Name;

/** The names that the editor offers. */
export type InitSuggest<M> = { readonly [K in InitNames<InfoOf<M>>]?: unknown };

/** See `SuggestFor`. */
export type InitSuggestFor<M, W> = [keyof W] extends [never] ? InitSuggest<M> : unknown;

/**
 * The argument of `create`: every required name, no unknown one, no `undefined`.
 *
 * @example `Pizza.objects.create({ name: "Margherita", price })`
 */
export type CreateArg<M, W> = [InfoOf<M>] extends [never]
  ? Readonly<Record<string, unknown>>
  : InitSuggestFor<M, W> & Given<M, W> & Missing<M, keyof W>;

/** As {@link CreateArg}, with nothing required: `update`, `defaults`. */
export type PartialArg<M, W> = [InfoOf<M>] extends [never]
  ? Readonly<Record<string, unknown>>
  : InitSuggestFor<M, W> & Given<M, W>;

/**
 * The argument of a constructor. Required columns are required; a relation may be given as `box` or `box_id`, or
 * assigned before the object is saved.
 */
export type Init<Info extends ModelInfo> = RequiredColumns<Info> & OptionalInit<KeyOf<Info>, Info>;

/** What a generic foreign key holds comes from the object that it is given. */
type RequiredColumnNames<I extends ModelInfo> = Exclude<
  RequiredNames<I["fields"]>,
  I["names"]["forward"] | HeldBy<I, keyof I["fields"]>
>;

type RequiredColumns<I extends ModelInfo> = {
  [K in RequiredColumnNames<I>]: InitValue<KeyOf<I>, K>;
};

type OptionalInit<M, I extends ModelInfo> = {
  [K in InitNames<I> as K extends RequiredColumnNames<I> ? never : K]?: InitValue<M, K>;
};

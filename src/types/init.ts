/** What `new Model(...)`, `create` and `update` take. */
import type { AnyExpression, BadRefs, RefsOf } from "./expressions.ts";
import type { FactsOf } from "./facts.ts";
import type { Fields, FieldTypes } from "./fields.ts";
import type { HeldBy } from "./generic.ts";
import type { InstanceOf } from "./instances.ts";
import type { FieldNames, InOf, ModelText, PkField, RelationColumn } from "./names.ts";
import type { FieldsOf, InfoOf, KeyOf, ModelInfo, Target } from "./registry.ts";
import type { FieldError, Join, Nullable, types } from "./util.ts";
import type { One } from "./where.ts";

/** The value that a column or a relation takes, by the name of the field, its `x_id` or `pk`. */
export type InitValue<M, K> = InitOn<M, K>;

/** What {@link InitValue} is worked out by. */
export type InitOn<M, K> = InitIn<M, FieldsOf<M>, K>;

type InitIn<M, F extends Fields, K> = K extends keyof F
  ? F[K][typeof types]["kind"] extends "column"
    ? F[K][typeof types]["takes"]
    : ValueFor<M, F[K][typeof types]>
  : K extends "pk"
    ? InOf<PkField<M>>
    : K extends "id"
      ? [FieldNames<F>["pk"]] extends [never]
        ? number | null
        : UnknownField<M, K>
      : K extends `${infer H}_id`
        ? H extends FieldNames<F>["foreign"] & keyof F
          ? Nullable<InOf<RelationColumn<M, F[H][typeof types]>>, F[H][typeof types]["null"]>
          : UnknownField<M, K>
        : UnknownField<M, K>;

type ValueFor<M, T extends FieldTypes> = T["kind"] extends "m2m"
  ? FieldError<"Direct assignment to a many-to-many set is prohibited: use its set() on the saved object.">
  : Nullable<InstanceOf<Target<M, T["to"]>>, T["null"]>;

type UnknownField<M, K> =
  FieldError<`${ModelText<M>} has no field '${K & string}'. Choices are: ${Join<InitNames<FieldsOf<M>>>}`>;

/** The columns and relations that a new object must be given. */
export type RequiredNames<F extends Fields> = {
  [K in keyof F & string]: F[K] extends Optional ? never : K;
}[keyof F & string];

interface Optional {
  readonly [types]: { readonly optional: true };
}

/** The names that may be given. */
export type InitNames<F extends Fields> =
  | Exclude<keyof F & string, FieldNames<F>["many"]>
  | `${FieldNames<F>["foreign"]}_id`
  | ([FieldNames<F>["pk"]] extends [never] ? "id" : never);

/** What `W` wrote, each with the type that its name takes; expressions are allowed where SQL is made of them. */
export type Given<M, W> = {
  // see `Where`
  [K in keyof W]-?: W[K] extends AnyExpression<unknown>
    ? W[K] & { [X in W extends unknown ? "x" : never as `~${X}`]: GivenError<M, K, W[K]> }["~x"]
    : NoInfer<InitValue<M, K>>;
};

type GivenError<M, K, E> = [BadName<M, K> | BadRefs<M, unknown, RefsOf<E>>] extends [never]
  ? unknown
  : BadName<M, K> | BadRefs<M, unknown, RefsOf<E>>;

type BadName<M, K> =
  InitValue<M, K> extends infer V ? (V extends FieldError<infer Text> ? FieldError<Text> : never) : never;

/** The required names that `W` lacks: a relation may be given as `box` or `box_id`. */
export type Missing<M, Keys> = {
  [K in MissingNames<FactsOf<M>["required"], Keys | HeldBy<FieldsOf<M>, Keys>>]: InitValue<M, K>;
};

type MissingNames<Name extends string, Keys> = Name extends Keys
  ? never
  : `${Name}_id` extends Keys
    ? never
    : Name;

/** The names that the editor offers. */
export type InitSuggest<M> = Offered<One, M>;

// see `Suggested`
type Offered<O, M> = { readonly [K in keyof O as InitNames<FieldsOf<M>>]?: O[K] };

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
  FieldNames<I["fields"]>["forward"] | HeldBy<I["fields"], keyof I["fields"]>
>;

type RequiredColumns<I extends ModelInfo> = {
  [K in RequiredColumnNames<I>]: InitValue<KeyOf<I>, K>;
};

type OptionalInit<M, I extends ModelInfo> = {
  [K in InitNames<I["fields"]> as K extends RequiredColumnNames<I> ? never : K]?: InitValue<M, K>;
};

/** Relations seen from both ends. All reverse relations are computed once, then looked up by label. */

import type { FactsOf } from "./facts.ts";
import type { Fields, FieldTypes } from "./fields.ts";
import type { FieldNames } from "./names.ts";
import type { AppOf, Apps, InfoOf, ModelInfo, ModelNameOf, Target } from "./registry.ts";
import type { At, types } from "./util.ts";

/** A relation seen from the model that it points to. */
export interface ReverseRelation {
  /** The model that the relation points to. */
  to: string;
  /** The model that declares it. */
  from: string;
  /** The name of the field. */
  field: string;
  kind: "fk" | "o2o" | "m2m";
  /** The attribute of instances: `pizza_set`. */
  accessor: string;
}

/** See {@link QueryNameOf}: by itself, because the names in queries are only worked out for those that ask. */
interface Queried {
  query: string;
}

/** The name of a relation in queries, from the other model: `pizza`, as in `pizza__name`. */
export type QueryNameOf<E> = E extends Queried ? E["query"] : never;

/** Fills `%(class)s` and `%(app_label)s` in a `relatedName`. */
type Interpolate<R extends string, L> = R extends `${infer A}%(class)s${infer B}`
  ? Interpolate<`${A}${ModelNameOf<L>}${B}`, L>
  : R extends `${infer A}%(app_label)s${infer B}`
    ? Interpolate<`${A}${Lowercase<AppOf<L>>}${B}`, L>
    : R;

/** The `relatedName` of a relation: its own, or the model's `defaultRelatedName`; `undefined` without. */
type RelatedName<Options, Meta, L> = Options extends Named
  ? Filled<Options["relatedName"], L>
  : Meta extends DefaultNamed
    ? Filled<Meta["defaultRelatedName"], L>
    : undefined;

interface Named {
  readonly relatedName: string;
}
interface DefaultNamed {
  readonly defaultRelatedName: string;
}
interface QueryNamed {
  readonly relatedQueryName: string;
}

type Filled<R extends string, L> = R extends `${string}%(${string}` ? Interpolate<R, L> : R;

type QueryName<Options, Name, L> = Options extends QueryNamed
  ? Filled<Options["relatedQueryName"], L>
  : Name extends string
    ? Shown<Name>
    : ModelNameOf<L>;

type Accessor<Kind, Name, L> = Name extends string
  ? Shown<Name>
  : Kind extends "o2o"
    ? ModelNameOf<L>
    : `${ModelNameOf<L>}_set`;

/** No name where the relation is not to be seen from the other model. */
type Shown<Name> = Name extends `${string}+` ? never : Name;

/** A many-to-many relation to the model itself has no other end, unless `symmetrical: false` gives it one. */
type IsSymmetrical<L, T extends FieldTypes> =
  Target<L, T["to"]> extends L ? (T["options"] extends Asymmetrical ? false : true) : false;

interface Asymmetrical {
  readonly symmetrical: false;
}

/**
 * A relation that the model `L` declares as field `K`, seen from the other model. An interface, because of the relations
 * of all models only those are named that lead to models in use.
 */
interface Declared<in out L, in out Meta, in out K, in out T extends FieldTypes> {
  to: Target<L, T["to"]>;
  from: L;
  field: K;
  kind: T["kind"];
  query: QueryName<T["options"], RelatedName<T["options"], Meta, L>, L>;
  accessor: Accessor<T["kind"], RelatedName<T["options"], Meta, L>, L>;
}

/** The relation that a field makes; `never` for a column and a generic foreign key. */
type RelationOf<L, Meta, K, T extends FieldTypes> = T["kind"] extends "fk" | "o2o"
  ? Declared<L, Meta, K, T>
  : T["kind"] extends "m2m"
    ? IsSymmetrical<L, T> extends true
      ? never
      : Declared<L, Meta, K, T>
    : never;

/** All relations that a model declares. */
export type RelationsOf<I extends ModelInfo> = I["abstract"] extends true
  ? never
  : RelationsFrom<I["label"], I["meta"], I["local"]>;

type RelationsFrom<L, Meta, F extends Fields> = {
  [K in FieldNames<F>["forward"]]: RelationOf<L, Meta, K, F[K][typeof types]>;
}[FieldNames<F>["forward"]];

/** All relations of all registered apps, as one union. Only capital exports are looked at: see `ModelNames`. */
type AllRelations = {
  [A in keyof Apps & string]: {
    [N in keyof Apps[A] & string]: N extends Capitalize<N>
      ? Apps[A][N] extends Declaring
        ? Apps[A][N][typeof types]["relations"]
        : never
      : never;
  }[keyof Apps[A] & string];
}[keyof Apps & string];

/** A model with its relations: a look at all of its `ModelInfo` would cost as much for every model. */
interface Declaring {
  readonly [types]: { readonly relations: { to: string } };
}

/** Label -> the relations that point to it. */
type ReverseMap = { [E in AllRelations as E["to"]]: E };

/**
 * The relations that point to a model or to one that it inherits from.
 *
 * @example `ReverseOf<"testapp.Box">["accessor"]` is `"pizza_set"`
 */
// `infer E extends`: a generic `M` stands for this shape, and not for the union of all relations
export type ReverseOf<M> = FactsOf<M>["reverse"];

/** What {@link ReverseOf} is worked out by. */
export type ReverseIn<M> =
  At<ReverseMap, InfoOf<M>["line"]> extends infer E extends ReverseRelation ? E : never;

/** The relations that point to a model, by their names in queries. */
export type ReverseByQuery<M> = FactsOf<M>["byQuery"];

/** The relations that point to a model, by the attributes of its instances. */
export type ReverseByAccessor<M> = FactsOf<M>["byAccessor"];

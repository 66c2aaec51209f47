/** Relations seen from both ends. All reverse relations are computed once, then looked up by label. */
import type { FactsOf } from "./facts.ts";
import type { FieldTypes } from "./fields.ts";
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
  /** The name in queries: `pizza__name`. */
  query: string;
  /** The attribute of instances: `pizza_set`. */
  accessor: string;
}

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
  : Name extends `${string}+`
    ? never
    : Name extends string
      ? Name
      : ModelNameOf<L>;

type Accessor<Kind, Name, L> = Name extends `${string}+`
  ? never
  : Name extends string
    ? Name
    : Kind extends "o2o"
      ? ModelNameOf<L>
      : `${ModelNameOf<L>}_set`;

/** A many-to-many relation to the model itself has no other end, unless `symmetrical: false` gives it one. */
type IsSymmetrical<L, T extends FieldTypes> =
  Target<L, T["to"]> extends L ? (T["options"] extends Asymmetrical ? false : true) : false;

interface Asymmetrical {
  readonly symmetrical: false;
}

/**
 * A relation that model `I` declares as field `K`, seen from the other model. An interface, because of the relations of
 * all models only those are named that lead to models in use.
 */
interface Declared<in out I extends ModelInfo, in out K, in out T extends FieldTypes> {
  to: Target<I["label"], T["to"]>;
  from: I["label"];
  field: K;
  kind: T["kind"];
  query: QueryName<T["options"], RelatedName<T["options"], I["meta"], I["label"]>, I["label"]>;
  accessor: Accessor<T["kind"], RelatedName<T["options"], I["meta"], I["label"]>, I["label"]>;
}

/** The relation that a field makes; `never` for a generic foreign key. */
type RelationOf<I extends ModelInfo, K, T extends FieldTypes> = T["kind"] extends "fk" | "o2o"
  ? Declared<I, K, T>
  : T["kind"] extends "generic"
    ? never
    : IsSymmetrical<I["label"], T> extends true
      ? never
      : Declared<I, K, T>;

/** All relations that a model declares. */
export type RelationsOf<I extends ModelInfo> = I["abstract"] extends true
  ? never
  : {
      [K in I["localNames"]["forward"]]: RelationOf<I, K, I["local"][K][typeof types]>;
    }[I["localNames"]["forward"]];

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

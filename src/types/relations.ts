/** Relations seen from both ends. All reverse relations are computed once, then looked up by label. */
import type { FactsOf } from "./facts.ts";
import type { AnyField } from "./fields.ts";
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
type RelatedName<Options, Meta, L> = Options extends { readonly relatedName: infer R extends string }
  ? Interpolate<R, L>
  : Meta extends { readonly defaultRelatedName: infer R extends string }
    ? Interpolate<R, L>
    : undefined;

type QueryName<Options, Name, L> = Options extends { readonly relatedQueryName: infer R extends string }
  ? Interpolate<R, L>
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
type IsSymmetrical<L, T extends AnyField[typeof types]> = T["kind"] extends "m2m"
  ? Target<L, T["to"]> extends L
    ? T["options"] extends { readonly symmetrical: false }
      ? false
      : true
    : false
  : false;

/** The relations that a field makes; `never` for a generic foreign key. */
type RelationOf<L, K, T extends AnyField[typeof types], Meta> = T["kind"] extends "generic"
  ? never
  : IsSymmetrical<L, T> extends true
    ? never
    : RelatedName<T["options"], Meta, L> extends infer Name
      ? {
          to: Target<L, T["to"]>;
          from: L;
          field: K;
          kind: T["kind"];
          query: QueryName<T["options"], Name, L>;
          accessor: Accessor<T["kind"], Name, L>;
        }
      : never;

/** All relations that a model declares. */
type RelationsOf<I extends ModelInfo> = I["abstract"] extends true
  ? never
  : {
      [K in I["localNames"]["forward"]]: RelationOf<I["label"], K, I["local"][K][typeof types], I["meta"]>;
    }[I["localNames"]["forward"]];

/** All relations of all registered apps, as one union. Only capital exports are looked at: see `ModelNames`. */
type AllRelations = {
  [A in keyof Apps & string]: {
    [N in keyof Apps[A] & string]: N extends Capitalize<N>
      ? Apps[A][N] extends { readonly [types]: infer I extends ModelInfo }
        ? RelationsOf<I>
        : never
      : never;
  }[keyof Apps[A] & string];
}[keyof Apps & string];

/** Label -> the relations that point to it. */
type ReverseMap = { [E in AllRelations as E["to"] & string]: E };

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

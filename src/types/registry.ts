/** The registered apps, and models by their label. */
import type { FactsOf } from "./facts.ts";
import type { AnyField, Fields } from "./fields.ts";
import type { types } from "./util.ts";

/**
 * The apps whose models know each other at compile time: augmented by users, one line per app.
 * Reverse relations, checked labels and lookups across relations come from it.
 *
 * @example
 * ```ts
 * declare module "asgimod" { interface Apps { testapp: typeof import("./models.ts") } }
 * ```
 */
export interface Apps {}

/** What the compiler knows of a model. */
export interface ModelInfo {
  label: string;
  /** Every field: inherited ones and the link to the parent included. */
  fields: Fields;
  /** The fields that this model added, from which its relations start. */
  local: Fields;
  /** The labels of the model and of those that it inherits from with tables of their own, or as a proxy. */
  line: string;
  abstract: boolean;
  meta: unknown;
}

/**
 * How types name a model: by its label when its app is registered, otherwise by what its declaration said.
 *
 * @example `QuerySet<"testapp.Pizza">`
 */
export type ModelKey = string | LocalModel<ModelInfo>;

/** A model whose app is not registered in {@link Apps}: its own fields are known, reverse relations are not. */
export interface LocalModel<Info extends ModelInfo> {
  readonly [types]: Info;
}

/** The labels of all registered models. */
export type RegisteredLabel = {
  [A in keyof Apps & string]: `${A}.${ModelNames<A>}`;
}[keyof Apps & string];

/** The exports of an app that can be models: models have capital names, helpers beside them do not. */
type ModelNames<A extends keyof Apps> = keyof Apps[A] & Capitalize<keyof Apps[A] & string>;

/**
 * What a relation may name: a registered label, `"self"`, a model of the same app without the app's name,
 * or a label of an app that is not registered.
 */
export type ModelLabel = RegisteredLabel | "self" | (string & {});

/**
 * The label itself, or the labels of its app when that app is registered and has no such model.
 *
 * @example `CheckLabel<"shop.Bx">` is `"shop.Box" | "shop.Pizza"`
 */
export type CheckLabel<To extends string> = To extends `${infer A}.${infer N}`
  ? A extends keyof Apps
    ? N extends keyof Apps[A]
      ? To
      : `${A}.${ModelNames<A>}`
    : To
  : To;

/** The class of a registered label, or `never`. */
export type ModelByLabel<L> = L extends `${infer A}.${infer N}`
  ? A extends keyof Apps
    ? N extends keyof Apps[A]
      ? Apps[A][N]
      : never
    : never
  : never;

/** The key of a model: its label where that is registered. */
export type KeyOf<Info extends ModelInfo> = [ModelByLabel<Info["label"]>] extends [never]
  ? LocalModel<Info>
  : Info["label"];

/** What is known of a model; `never` for a label that is not registered. */
export type InfoOf<M> = FactsOf<M>["info"];

/** What {@link InfoOf} is worked out by. */
export type InfoIn<M> = M extends string
  ? InfoOfClass<ModelByLabel<M>>
  : M extends LocalModel<infer Info>
    ? Info
    : never;

type InfoOfClass<C> = C extends { readonly [types]: infer Info extends ModelInfo } ? Info : never;

/** All fields of a model; none when it is not known. */
export type FieldsOf<M> = FactsOf<M>["fields"];

/** The fields of a model, none when it is not known. */
export type KnownFields<I extends ModelInfo> = [I] extends [never] ? Record<never, never> : I["fields"];

/** The label of a model. */
export type LabelOf<M> = M extends string ? M : InfoOf<M>["label"];

/** The name in lower case that Django makes of a label: `"shop.PizzaBox"` -> `"pizzabox"`. */
export type ModelNameOf<L> = L extends `${string}.${infer N}`
  ? Lowercase<N>
  : L extends string
    ? Lowercase<L>
    : never;

/** The app of a label. */
export type AppOf<L> = L extends `${infer A}.${string}` ? A : never;

/**
 * The key of the model that a relation on model `M` names.
 *
 * @example `Target<"shop.Pizza", "Box">` is `"shop.Box"`
 */
export type Target<M, To> = To extends "self"
  ? M
  : To extends `${string}.${string}`
    ? To
    : `${AppOf<LabelOf<M>>}.${To & string}`;

/** A field of a model by name. */
export type FieldAt<F, K> = K extends keyof F ? (F[K] extends AnyField ? F[K] : never) : never;

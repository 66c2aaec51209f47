/** Model classes, and `Model` itself. */
import type { MultipleObjectsReturned, ObjectDoesNotExist } from "../errors.ts";
import type { Field, Fields, Relation } from "./fields.ts";
import type { Init } from "./init.ts";
import type { Instance, SyncInstance } from "./instances.ts";
import type { AsyncManager, Manager } from "./managers.ts";
import type { MetaOptions } from "./meta.ts";
import type { AutoKey, FieldNames } from "./names.ts";
import type { PathValue } from "./paths.ts";
import type { Q } from "./q.ts";
import type { Empty } from "./queryset.ts";
import type { KeyOf, ModelInfo, ModelNameOf } from "./registry.ts";
import type { RelationsOf } from "./relations.ts";
import type { ModelMeta } from "./routers.ts";
import type { PathArg } from "./rows.ts";
import type { ModelSchemas } from "./schema.ts";
import type { OuterReference } from "./subqueries.ts";
import type { Exactly, types } from "./util.ts";
import type { Suggested, Where } from "./where.ts";

/** What the compiler knows of a model that `Model(label, fields, meta)` makes. */
export interface InfoFor<in out L extends string, in out F extends Fields, in out Meta> {
  label: L;
  fields: F;
  local: F;
  line: Meta extends { readonly abstract: true } ? never : L;
  abstract: Meta extends { readonly abstract: true } ? true : false;
  meta: Meta;
  relations: RelationsOf<InfoFor<L, F, Meta>>;
}

/** The constructor of an error of a model. */
export interface ErrorClass<E extends Error> {
  new (message?: string, options?: { cause?: unknown }): E;
  readonly prototype: E;
}

/** The static side of every model. */
export interface ModelStatics<Info extends ModelInfo> {
  readonly [types]: Info;
  /** The label: `"testapp.Pizza"`. */
  readonly label: Info["label"];
  /** The fields as they were declared. */
  readonly fields: Info["local"];
  /** The names of the model, of its app and its table. */
  readonly _meta: ModelMeta;
  /**
   * Schemas of the model's values, for tRPC, Hono, Fastify, forms and whatever else takes a Standard Schema.
   *
   * @example `Pizza.schema.create.validate(await request.json())`
   */
  readonly schema: ModelSchemas<Info>;
  /** What `get` throws when there is no such object. */
  readonly DoesNotExist: ErrorClass<ObjectDoesNotExist>;
  /** What `get` throws when there is more than one. */
  readonly MultipleObjectsReturned: ErrorClass<MultipleObjectsReturned>;

  /**
   * A `Q` whose names are checked here.
   *
   * @example `Pizza.Q({ name: "a" }).or(Pizza.Q({ box__name: "b" }))`
   */
  // `None`: the compiler works out the defaults at every call of a function all of whose parameters have one
  Q<_None, W = Suggested<KeyOf<Info>, Empty>>(conditions: Where<KeyOf<Info>, Empty, W>): NoInfer<Q<W>>;

  /**
   * An `OuterRef` to a field of this model, whose path is checked here: for subqueries of queries on this model.
   *
   * @example `Box.objects.filter(Exists(Pizza.objects.filter({ box: Box.OuterRef("pk") })))`
   */
  OuterRef<const P extends string>(
    path: PathArg<KeyOf<Info>, Empty, P>,
  ): OuterReference<PathValue<KeyOf<Info>, Empty, P>>;

  /**
   * An object as if loaded from the database. Django: Model instance reference, "Customizing model loading".
   */
  fromDb(db: string | null, names: readonly string[], values: readonly unknown[]): Instance<Info>;

  /**
   * A model that inherits from this one: from an abstract model its fields, otherwise its table too
   * (multi-table inheritance), or nothing of its own with `{ proxy: true }`.
   * Django: Models, "Model inheritance".
   *
   * @example `class Restaurant extends Place.extend("app.Restaurant", { stars: IntegerField() }) {}`
   */
  extend<
    This extends AnyModelClass,
    const L extends string,
    F extends Fields = Empty,
    const Meta extends MetaOptions = Empty,
  >(
    this: This,
    label: L,
    fields?: F,
    meta?: Exactly<Meta, keyof MetaOptions>,
  ): ExtendedModel<This, InfoOfChild<This[typeof types], L, F, Meta>>;
}

/** Any model class. */
export interface AnyModelClass {
  readonly [types]: ModelInfo;
  new (...args: never): object;
}

/** What a class constructs. */
export type Constructed<Class> = Class extends abstract new (...args: never) => infer I ? I : never;

/** The managers of the sync half. */
export interface SyncManagers<Info extends ModelInfo> {
  /** The sync manager. */
  readonly objects: Manager<KeyOf<Info>>;
}

/** The managers of the async half. */
export interface AsyncManagers<Info extends ModelInfo> {
  /** The async manager. */
  readonly aobjects: AsyncManager<KeyOf<Info>>;
}

/** The managers that `Meta.managers` declares, in both colours. */
type MetaManagers<Info extends ModelInfo, Names> = {
  readonly [K in keyof Names]: Manager<KeyOf<Info>>;
} & AsyncNamed<Info, Names>;

type AsyncNamed<Info extends ModelInfo, Names> = {
  readonly [K in keyof Names & string as `a${K}`]: AsyncManager<KeyOf<Info>>;
};

/** The async managers of the meta. */
export type MetaAsync<Info extends ModelInfo> = Info["meta"] extends { readonly managers: infer Names }
  ? AsyncNamed<Info, Names>
  : unknown;

/** A plain model stays a plain type: an intersection is compared member by member. */
type WithManagers<Info extends ModelInfo> = Info["meta"] extends { readonly managers: infer Names }
  ? ModelClass<Info> & MetaManagers<Info, Names>
  : ModelClass<Info>;

/**
 * The class that `Model(...)` makes, to be extended.
 *
 * @example `class Topping extends Model("testapp.Topping", { name: CharField({ maxLength: 30 }) }) {}`
 */
export interface ModelClass<Info extends ModelInfo>
  extends ModelStatics<Info>,
    SyncManagers<Info>,
    AsyncManagers<Info> {
  new (values?: Init<Info>): Instance<Info>;
}

/** An abstract model: to inherit from, without managers. */
export interface AbstractModelClass<Info extends ModelInfo> extends ModelStatics<Info> {
  new (values?: Init<Info>): Instance<Info>;
}

/** The fields with the one that links a child to its parent's row. */
type WithParentLink<Parent extends ModelInfo, F> =
  ParentLinkName<Parent, F> extends infer N extends string
    ? F & {
        readonly [K in N]: Relation<
          Parent["label"],
          "o2o",
          false,
          true,
          "pk" | "auto",
          { readonly relatedName?: undefined }
        >;
      }
    : F;

/** The name of the implied link: none where a field is declared with `parentLink: true`. */
type ParentLinkName<Parent extends ModelInfo, F> = true extends {
  [K in keyof F]: F[K] extends { readonly [types]: { options: { readonly parentLink: true } } }
    ? true
    : never;
}[keyof F]
  ? never
  : `${ModelNameOf<Parent["label"]>}_ptr`;

/** What the compiler knows of a model that `Parent.extend(label, fields, meta)` makes. */
export interface InfoOfChild<
  in out Parent extends ModelInfo,
  in out L extends string,
  in out F extends Fields,
  in out Meta,
> {
  label: L;
  fields: ChildFields<Parent, F, Meta>;
  local: LocalFields<Parent, F, Meta>;
  line: Parent["line"] | (Meta extends { readonly abstract: true } ? never : L);
  abstract: Meta extends { readonly abstract: true } ? true : false;
  meta: Meta extends { readonly defaultRelatedName: string }
    ? Meta
    : Meta & Pick<Extract<Parent["meta"], object>, never>;
  relations: RelationsOf<InfoOfChild<Parent, L, F, Meta>>;
}

/** The fields that the child adds: its relations start from it. */
type LocalFields<Parent extends ModelInfo, F, Meta> = Parent["abstract"] extends true
  ? ChildFields<Parent, F, Meta>
  : Meta extends { readonly proxy: true }
    ? F
    : WithParentLink<Parent, F>;

type ChildFields<Parent extends ModelInfo, F, Meta> = Parent["abstract"] extends true
  ? Omit<Parent["fields"], keyof F> & F
  : Meta extends { readonly proxy: true }
    ? Parent["fields"] & F
    : NotPk<Parent["fields"]> & InheritedId<Parent> & WithParentLink<Parent, F>;

/** The key that the parent did not declare is a column of the child, too. */
type InheritedId<Parent extends ModelInfo> = [FieldNames<Parent["fields"]>["pk"]] extends [never]
  ? NotPk<{ readonly id: AutoKey }>
  : unknown;

/** Inherited fields; the parent's key is a plain column of the child. */
type NotPk<F> = {
  [K in keyof F]: F[K] extends Field<infer Out, infer In, infer N, infer O, infer Lk, infer Flags>
    ? "pk" extends Flags
      ? Field<Out, In, N, O, Lk, Exclude<Flags, "pk">>
      : F[K]
    : F[K];
};

/** The class that `extend` makes: the parent's own members, under the child's types. */
export type ExtendedModel<This extends AnyModelClass, Info extends ModelInfo> = Omit<
  This,
  keyof ModelClass<Info>
> & {
  new (
    values?: Init<Info>,
  ): Constructed<This> & (This extends SyncHalf ? SyncInstance<Info> : Instance<Info>);
} & ModelStatics<Info> &
  (Info["abstract"] extends true
    ? unknown
    : SyncManagers<Info> & (This extends SyncHalf ? unknown : AsyncManagers<Info>));

declare const syncHalf: unique symbol;

/** Marks the class of a model that has the sync half only. */
export interface SyncHalf {
  readonly [syncHalf]: true;
}

/**
 * Makes the base class of a model. Django: "Models".
 *
 * @param label app and name: `"testapp.Pizza"`
 * @param fields the fields by name
 * @param meta options such as `ordering`
 * @example
 * ```ts
 * class Pizza extends Model("testapp.Pizza", { name: CharField({ maxLength: 50 }) }, { ordering: ["id"] }) {}
 * ```
 */
export type ModelFactory = <
  const L extends string,
  F extends Fields = Empty,
  const Meta extends MetaOptions = Empty,
>(
  label: L,
  fields?: F,
  meta?: Exactly<Meta, keyof MetaOptions> & Pick<MetaOptions, "managers">,
) => Meta extends { readonly abstract: true }
  ? AbstractModelClass<InfoFor<L, F, Meta>>
  : WithManagers<InfoFor<L, F, Meta>>;

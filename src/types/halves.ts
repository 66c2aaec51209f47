/** Models with the sync half only, and what makes both halves of them. */
import type { Fields } from "./fields.ts";
import type { Init } from "./init.ts";
import type { Instance, SyncInstance } from "./instances.ts";
import type { Manager } from "./managers.ts";
import type { MetaOptions } from "./meta.ts";
import type {
  AsyncManagers,
  Constructed,
  InfoFor,
  MetaAsync,
  ModelStatics,
  SyncHalf,
  SyncManagers,
} from "./model.ts";
import type { Empty } from "./queryset.ts";
import type { KeyOf, ModelInfo } from "./registry.ts";
import type { Exactly, types } from "./util.ts";

/** The class that `SyncModel(...)` makes: `objects`, and instances without the `a` methods and relations. */
export type SyncModelClass<Info extends ModelInfo> = Omit<ModelStatics<Info>, "fromDb"> & {
  new (values?: Init<Info>): SyncInstance<Info>;
  fromDb(db: string | null, names: readonly string[], values: readonly unknown[]): SyncInstance<Info>;
} & SyncHalf &
  (Info["abstract"] extends true ? unknown : SyncManagers<Info> & MetaSync<Info>);

/** The managers of the meta, sync. */
type MetaSync<Info extends ModelInfo> = Info["meta"] extends { readonly managers: infer Names }
  ? { readonly [K in keyof Names]: Manager<KeyOf<Info>> }
  : unknown;

/**
 * Makes the base class of a model with the sync half only.
 *
 * @example
 * ```ts
 * class Tool extends SyncModel("shop.Tool", { name: CharField({ maxLength: 20 }) }) {}
 * ```
 */
export type SyncModelFactory = <
  const L extends string,
  F extends Fields = Empty,
  const Meta extends MetaOptions = Empty,
>(
  label: L,
  fields?: F,
  meta?: Exactly<Meta, keyof MetaOptions> & Pick<MetaOptions, "managers">,
) => SyncModelClass<InfoFor<L, F, Meta>>;

/** A class of the sync half with both: its own members, `aobjects`, and the `a` methods and relations. */
export type Mixed<B extends Declared> = Omit<B, "fromDb" | keyof SyncHalf> & {
  new (values?: Init<B[typeof types]>): Constructed<B> & Instance<B[typeof types]>;
} & Pick<ModelStatics<B[typeof types]>, "fromDb"> &
  (B[typeof types]["abstract"] extends true
    ? unknown
    : AsyncManagers<B[typeof types]> & MetaAsync<B[typeof types]>);

/**
 * Adds the async half to a model.
 *
 * @example `class Tool extends AsyncMixin(SyncModel("shop.Tool", {...})) {}`
 */
export type AsyncMixinFactory = <B extends Declared>(Base: B) => Mixed<B>;

/** A model class. What it constructs is not looked at, while the class that extends it is not known. */
interface Declared {
  readonly [types]: ModelInfo;
}

/** `Prefetch` and the paths of `prefetchRelated`, which go by accessor: `box.pizza_set`. */

import type { Mode, Result } from "../task.ts";
import type { FactsOf } from "./facts.ts";
import type { AnyField } from "./fields.ts";
import type { InstanceOf } from "./instances.ts";
import type { AnySubquery, RowOf } from "./lookups.ts";
import type { ForwardHop, Hop, IsForeign, ReverseHop } from "./names.ts";
import type { AsyncQuerySet, Empty, Indexed, QuerySet } from "./queryset.ts";
import type { FieldsOf, Target } from "./registry.ts";
import type { ReverseByAccessor, ReverseOf } from "./relations.ts";
import type { Checked } from "./rows.ts";
import type { Nullable, types, Under } from "./util.ts";

declare const prefetch: unique symbol;

/**
 * A relation to load, with a queryset of its own. Django: "Prefetch() objects".
 *
 * @example
 * ```ts
 * const [box] = Box.objects.prefetchRelated(Prefetch("pizza_set", { queryset: Pizza.objects.filter(...), toAttr: "some" }));
 * box.some; // Pizza[]
 * ```
 */
export interface Prefetch<Path extends string = string, Row = unknown, ToAttr extends string = never> {
  readonly [prefetch]: { path: Path; row: Row; toAttr: ToAttr };
  readonly toAttr: string | null;
}

/** Makes a {@link Prefetch}. */
export type PrefetchFactory = <
  const Path extends string,
  const O extends { readonly queryset?: AnySubquery | null; readonly toAttr?: string } = Record<never, never>,
>(
  lookup: Path,
  options?: O,
) => Prefetch<
  Path,
  O extends { readonly queryset: infer Q extends AnySubquery } ? RowOf<Q> : typeof prefetch,
  O extends { readonly toAttr: infer T extends string } ? T : never
>;

/** The relations of a model by accessor. */
export type AccessorNames<M> = FactsOf<M>["own"]["forward"] | (ReverseOf<M>["accessor"] & string);

/** Any {@link Prefetch}. */
type AnyPrefetch = Prefetch<string, unknown, string>;

/** Where an accessor leads; `never` for what is none. */
type AccessorHop<M, K> = K extends keyof FieldsOf<M>
  ? FieldHop<M, FieldsOf<M>[K]>
  : K extends keyof ReverseByAccessor<M>
    ? ReverseHop<ReverseByAccessor<M>[K]>
    : never;

/** Unlike a path, an accessor may be a generic foreign key, which leads to an object of any model. */
type FieldHop<M, F> = F extends AnyField
  ? F[typeof types]["kind"] extends "generic"
    ? Hop<Target<M, F[typeof types]["to"]>, true, false>
    : ForwardHop<M, F[typeof types]>
  : never;

/** The model behind an accessor. */
type AccessorTarget<M, K> = AccessorHop<M, K> extends Hop<infer R> ? R : never;

/**
 * The attributes that the prefetches `All` set, by their paths, each with the model that is found there: later paths may
 * go through them. `Prefetch("pizza_set__toppings", { toAttr: "some" })` sets `pizza_set__some`.
 */
type SetPaths<M, All> = {
  [X in Extract<All, AnyPrefetch> as Beside<
    X[typeof prefetch]["path"],
    X[typeof prefetch]["toAttr"]
  >]: TargetAt<M, X[typeof prefetch]["path"], SetPaths<M, All>>;
};

/** A path whose last segment is another: `Beside<"pizza_set__toppings", "some">` is `"pizza_set__some"`. */
type Beside<Path extends string, Name extends string> = [Name] extends [never]
  ? never
  : Path extends `${infer H}__${infer T}`
    ? `${H}__${Beside<T, Name>}`
    : Name;

/** What is set behind the first segment `H`, with paths from there. */
type SetBehind<Set, H extends string> = {
  [K in keyof Set as K extends `${H}__${infer R}` ? R : never]: Set[K];
};

/** The model at the end of a path of accessors and of attributes that are set. */
type TargetAt<M, P, Set> =
  P extends AccessorNames<M>
    ? AccessorTarget<M, P>
    : P extends keyof Set
      ? Set[P]
      : P extends `${infer H}__${infer T}`
        ? TargetAt<H extends keyof Set ? Set[H] : AccessorTarget<M, H>, T, SetBehind<Set, H>>
        : never;

/** A path of accessors, and of attributes that are set, or what it could be. */
type PrefetchPath<M, P extends string, Set> =
  IsForeign<M> extends true
    ? string
    : P extends AccessorNames<M> | keyof Set
      ? P
      : P extends `${infer H}__${infer T}`
        ? H extends AccessorNames<M> | keyof Set
          ? Under<H, PrefetchPath<TargetAt<M, H, Set>, T, SetBehind<Set, H>>>
          : AccessorChoices<M, Set>
        : AccessorChoices<M, Set>;

type AccessorChoices<M, Set> = { [K in AccessorNames<M> | (keyof Set & string)]: K }[
  | AccessorNames<M>
  | (keyof Set & string)];

/** The arguments of `prefetchRelated`. */
export type PrefetchArgs<M, P extends readonly unknown[]> = Checked<
  P,
  PrefetchArg<M, P[number], SetPaths<M, P[number]>>
>;

type PrefetchArg<M, P, Set> = P extends string
  ? PrefetchPath<M, P, Set>
  : P extends Prefetch<infer Path, infer Row, infer ToAttr>
    ? Path extends PrefetchPath<M, Path, Set>
      ? P
      : Prefetch<PrefetchPath<M, Path, Set> & string, Row, ToAttr>
    : P;

/** The rows with what the prefetches among `P` set on them, and on the rows behind them, with `toAttr`. */
export type Prefetched<M, Row, P> = [ToAttr<P>] extends [never] ? Row : Loaded<M, Row, ToAttr<P>>;

/** The prefetches that set an attribute. */
type ToAttr<P> =
  P extends Prefetch<string, unknown, infer Name> ? ([Name] extends [never] ? never : P) : never;

// what is set comes first: of the signatures of an intersection, the first that fits is taken
type Loaded<M, Row, All> = SetHere<M, All> &
  SetOnRelated<M, All, Exclude<Heads<All>, keyof SetHere<M, All>>> &
  Row;

/** What prefetches of one hop set. */
type SetHere<M, All> = {
  [X in Extract<All, AnyPrefetch> as HereName<X>]: Held<
    AccessorHop<M, X[typeof prefetch]["path"]>,
    X[typeof prefetch]["row"],
    Behind<All, X[typeof prefetch]["toAttr"]>
  >;
};

type HereName<X extends AnyPrefetch> = X[typeof prefetch]["path"] extends `${string}__${string}`
  ? never
  : X[typeof prefetch]["toAttr"];

/** The first segments of the deeper paths. */
type Heads<All> = All extends Prefetch<`${infer H}__${string}`, unknown, string> ? H : never;

/** What is set behind the first segment `H`, with paths from there. */
type Behind<All, H extends string> =
  All extends Prefetch<infer Path, infer Row, infer Name>
    ? Path extends `${H}__${infer T}`
      ? Prefetch<T, Row, Name>
      : never
    : never;

/** A list where there may be many, otherwise the object, or `null`. */
type Held<H, Row, Deeper> =
  H extends Hop<infer R, boolean, infer Many>
    ? Many extends true
      ? RowAt<R, Row, Deeper>[]
      : RowAt<R, Row, Deeper> | null
    : never;

type RowAt<R, Row, Deeper> = Prefetched<R, Row extends typeof prefetch ? InstanceOf<R> : Row, Deeper>;

/** Relations whose objects have something set on them. */
type SetOnRelated<M, All, Names extends string> = {
  readonly [K in Names]: Related<"sync", AccessorHop<M, K>, Behind<All, K>>;
} & {
  readonly [K in `a${Names}`]: K extends `a${infer N}`
    ? Related<"async", AccessorHop<M, N>, Behind<All, N>>
    : never;
};

type Related<C extends Mode, H, Deeper> =
  H extends Hop<infer R, infer N, infer Many>
    ? Many extends true
      ? LoadedManager<C, R, RowAt<R, typeof prefetch, Deeper>>
      : Result<C, Nullable<RowAt<R, typeof prefetch, Deeper>, N>>
    : never;

/** What of a related manager gives the rows that are loaded already. */
type LoadedManager<C extends Mode, M, Row> = C extends "sync" ? LoadedRows<M, Row> : AsyncLoadedRows<M, Row>;

interface LoadedRows<M, Row> extends Indexed<Row>, Iterable<Row> {
  all(): QuerySet<M, Row, Empty>;
  eval(): Row[];
}

interface AsyncLoadedRows<M, Row> extends Indexed<Promise<Row>>, AsyncIterable<Row>, PromiseLike<Row[]> {
  all(): AsyncQuerySet<M, Row, Empty>;
  eval(): Promise<Row[]>;
}

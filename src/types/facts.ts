/**
 * What is worked out of a model, once. A conditional or mapped type is worked out wherever it is used; a property of an
 * interface, once for each of the interface's arguments.
 */
import type { InitOn, RequiredNames } from "./init.ts";
import type { InstanceIn } from "./instances.ts";
import type { PkFieldIn, SegmentNamesIn } from "./names.ts";
import type { AutoOn, PathOn, SingleRelations } from "./paths.ts";
import type { InfoIn, KnownFields } from "./registry.ts";
import type { ReverseIn } from "./relations.ts";
import type { OnModel } from "./where.ts";

/**
 * See {@link FactsOf}. Its variance is said because the compiler does not come to an end when it compares the texts of
 * two models' names to find it.
 */
interface ModelFacts<in out M> {
  readonly info: InfoIn<M>;
  /** None where the model is not known. */
  readonly fields: KnownFields<InfoIn<M>>;
  readonly required: RequiredNames<FactsOf<M>["fields"]>;
  readonly singles: SingleRelations<M>;
  readonly instance: InstanceIn<M>;
  readonly pkField: PkFieldIn<M>;
  readonly reverse: ReverseIn<M>;
  readonly names: SegmentNamesIn<M>;
  readonly byQuery: { [E in FactsOf<M>["reverse"] as E["query"]]: E };
  readonly byAccessor: { [E in FactsOf<M>["reverse"] as E["accessor"]]: E };
}

/**
 * The facts of a model. Always to be taken from here: of a plain `ModelFacts<M>["info"]`, the compiler would take the
 * property while `M` is not known, and so would work it out at every use again.
 */
export type FactsOf<M> = M extends unknown ? ModelFacts<M> : never;

/** See {@link PathFactsOf}. */
interface PathFacts<in out M, in out P> {
  readonly lookup: OnModel<M, P>;
  readonly value: PathOn<M, P, false>;
  readonly auto: AutoOn<M, P>;
  readonly init: InitOn<M, P>;
}

/** What is worked out of a path on a model, once; see {@link FactsOf}. */
export type PathFactsOf<M, P> = P extends unknown ? PathFacts<M, P> : never;

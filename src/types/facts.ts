/**
 * What is worked out of a model, once. A conditional or mapped type is worked out wherever it is used; a property of an
 * interface, once for each of the interface's arguments.
 */
import type { RequiredNames } from "./init.ts";
import type { InstanceIn } from "./instances.ts";
import type { FieldNames, PkFieldIn, SegmentNamesIn } from "./names.ts";
import type { PathOn, SingleOn, SingleRelations } from "./paths.ts";
import type { InfoIn, KnownFields } from "./registry.ts";
import type { QueryNameOf, ReverseIn } from "./relations.ts";

/**
 * See {@link FactsOf}. Its variance is said because the compiler does not come to an end when it compares the texts of
 * two models' names to find it.
 */
interface ModelFacts<in out M> {
  readonly info: InfoIn<M>;
  /** None where the model is not known. */
  readonly fields: KnownFields<InfoIn<M>>;
  /** The names of the fields by what they are. */
  readonly own: FieldNames<FactsOf<M>["fields"]>;
  readonly required: RequiredNames<FactsOf<M>["fields"]>;
  readonly singles: SingleRelations<M>;
  readonly instance: InstanceIn<M>;
  readonly pkField: PkFieldIn<M>;
  readonly reverse: ReverseIn<M>;
  readonly names: SegmentNamesIn<M>;
  readonly byQuery: { [E in FactsOf<M>["reverse"] as QueryNameOf<E>]: E };
  readonly byAccessor: { [E in FactsOf<M>["reverse"] as E["accessor"]]: E };
}

/**
 * The facts of a model. Always to be taken from here: of a plain `ModelFacts<M>["info"]`, the compiler would take the
 * property while `M` is not known, and so would work it out at every use again.
 */
export type FactsOf<M> = M extends unknown ? ModelFacts<M> : never;

/** See {@link PathFactsOf}. */
interface PathFacts<in out M, in out P> {
  readonly value: PathOn<M, P, false>;
  readonly single: SingleOn<M, P>;
}

/** What is worked out of a path on a model that many ask for, once; see {@link FactsOf}. */
export type PathFactsOf<M, P> = P extends string ? (string extends P ? NoFacts : PathFacts<M, P>) : never;

/** While a path is no more than text, nothing is worked out; no text is a good path then. */
interface NoFacts {
  readonly value: unknown;
  readonly single: NoPath;
}
type NoPath = `?${string}`;

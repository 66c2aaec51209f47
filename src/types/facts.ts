/**
 * What is worked out of a model, once. A conditional or mapped type is worked out wherever it is used; a property of an
 * interface, once for each of the interface's arguments.
 */
import type { InstanceIn } from "./instances.ts";
import type { PkFieldIn } from "./names.ts";
import type { InfoIn } from "./registry.ts";
import type { ReverseIn } from "./relations.ts";

/** See {@link FactsOf}. */
interface ModelFacts<M> {
  readonly info: InfoIn<M>;
  readonly instance: InstanceIn<M>;
  readonly pkField: PkFieldIn<M>;
  readonly reverse: ReverseIn<M>;
  readonly byQuery: { [E in FactsOf<M>["reverse"] as E["query"]]: E };
  readonly byAccessor: { [E in FactsOf<M>["reverse"] as E["accessor"]]: E };
}

/**
 * The facts of a model. Always to be taken from here: of a plain `ModelFacts<M>["info"]`, the compiler would take the
 * property while `M` is not known, and so would work it out at every use again.
 */
export type FactsOf<M> = M extends unknown ? ModelFacts<M> : never;

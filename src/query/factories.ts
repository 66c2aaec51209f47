/** The query's own classes as users call them, without `new`. */
import { callable } from "../expressions/func.ts";
import * as filteredRelation from "./filtered-relation.ts";
import * as prefetch from "./prefetch.ts";
import { Q as QClass } from "./q.ts";

/** `Q({ name: "x" })`, `Q(Exists(...), { name: "x" })`: conditions to combine with `and`, `or`, `xor` and `not`. */
export function Q(...args: readonly unknown[]): QClass {
  return QClass.of(args);
}
Q.prototype = QClass.prototype;

export const FilteredRelation = callable(filteredRelation.FilteredRelation);
export const Prefetch = callable(prefetch.Prefetch);

/** The public factories of relations: `ForeignKey("shop.Box", {...})`, without `new`. Their types are in `src/types/`. */

import type * as types from "../../types/index.ts";
import * as keys from "./foreign-key.ts";
import * as many from "./many-to-many.ts";
import type { RelationTarget } from "./rel.ts";

/** Calls of a class without `new`. */
function factory<F>(cls: new (to: RelationTarget, options: never) => unknown): F {
  const Class = cls as new (to: RelationTarget, options?: object) => unknown;
  return ((to: RelationTarget, options?: object) => new Class(to, options)) as F;
}

export const ForeignKey: types.ForeignKeyFactory = factory(keys.ForeignKey);
export const OneToOneField: types.OneToOneFieldFactory = factory(keys.OneToOneField);
export const ManyToManyField: types.ManyToManyFieldFactory = factory(many.ManyToManyField);

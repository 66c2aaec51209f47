import type { Options } from "../../models/options.ts";
import type { Field } from "../field.ts";
import type { ForeignObject } from "./foreign-object.ts";
import type { ForeignObjectRel } from "./rel.ts";

/** What joins two tables: a foreign key, or the way back along one. */
export type JoinField = ForeignObject | ForeignObjectRel;

/** One step of a path through relations: a join from one model's table to another's. */
export interface PathInfo {
  readonly fromOpts: Options;
  readonly toOpts: Options;
  /** The fields of `toOpts` that a value compared with this relation stands for. */
  readonly targetFields: readonly Field[];
  readonly joinField: JoinField;
  /** The step may give more than one row. */
  readonly m2m: boolean;
  /** The step follows a foreign key in its own direction. */
  readonly direct: boolean;
  readonly filteredRelation: unknown;
}

import type { Expression } from "../expressions/base.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { FilteredRelation } from "./filtered-relation.ts";

/** What joins two tables: a relation field, or the reverse side of one. */
export interface JoinField {
  readonly null?: boolean;
  readonly relatedModel: unknown;
  getJoiningFields(): readonly (readonly [Field, Field])[];
  getExtraRestriction?(alias: string | null, relatedAlias: string | null): unknown;
}

/** One step from a model to another, as Django's `PathInfo`. */
export interface PathInfo {
  readonly fromOpts: Options;
  readonly toOpts: Options;
  readonly targetFields: readonly Field[];
  readonly joinField: JoinField;
  readonly m2m: boolean;
  readonly direct: boolean;
  readonly filteredRelation: FilteredRelation | null;
}

/** A field or reverse relation, as far as name resolution looks at it. */
export interface PathField {
  readonly name: string;
  readonly attname?: string;
  readonly isRelation: boolean;
  readonly relatedModel: unknown;
  readonly null?: boolean;
  getPathInfo?(filteredRelation?: FilteredRelation | null): readonly PathInfo[];
}

/** Where a lookup path leads. */
export interface JoinInfo {
  readonly finalField: Field;
  readonly targets: readonly Field[];
  readonly opts: Options;
  readonly joins: readonly string[];
  readonly path: readonly PathInfo[];
  readonly hasTransforms: boolean;
  transform(field: Field, alias: string | null): Expression;
}

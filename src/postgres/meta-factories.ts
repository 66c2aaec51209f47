/** The public factories of PostgreSQL's indexes and constraints, without `new`. */
import { callable } from "../expressions/func.ts";
import { OpClass as OpClassExpression } from "../expressions/op-class.ts";
import type { WithExpressions } from "../models/indexes.ts";
import type { AnyExpression, ArgRefs, Expression } from "../types/index.ts";
import * as constraints from "./constraints.ts";
import * as indexes from "./indexes.ts";

/**
 * For arrays, documents, maps and JSON: finds rows by parts of a value.
 *
 * @param given expressions, and at the end the options of `Index`, with `fastupdate` and `ginPendingListLimit`
 * @example
 * ```ts
 * indexes: [
 *   GinIndex({ fields: ["tags"] }), // CREATE INDEX ... USING gin ("tags")
 *   GinIndex(OpClass("title", "gin_trgm_ops"), { name: "title_trigrams" }),
 * ]
 * ```
 * Django: `GinIndex`.
 */
export function GinIndex(...given: WithExpressions<indexes.GinOptions>): indexes.GinIndex {
  return new indexes.GinIndex(...given);
}

/** For ranges and documents; options `buffering` and `fillfactor`. `GistIndex({ fields: ["during"] })`. Django: `GistIndex`. */
export function GistIndex(...given: WithExpressions<indexes.GistOptions>): indexes.GistIndex {
  return new indexes.GistIndex(...given);
}

/** For values that lie in the table as they were written; options `autosummarize` and `pagesPerRange`. Django: `BrinIndex`. */
export function BrinIndex(...given: WithExpressions<indexes.BrinOptions>): indexes.BrinIndex {
  return new indexes.BrinIndex(...given);
}

/** For equality alone; option `fillfactor`. Django: `HashIndex`. */
export function HashIndex(...given: WithExpressions<indexes.FillOptions>): indexes.HashIndex {
  return new indexes.HashIndex(...given);
}

/** The usual kind, with the options `fillfactor` and `deduplicateItems`. Django: `BTreeIndex`. */
export function BTreeIndex(...given: WithExpressions<indexes.BTreeOptions>): indexes.BTreeIndex {
  return new indexes.BTreeIndex(...given);
}

/** For values that fall into parts unevenly; option `fillfactor`. Django: `SpGistIndex`. */
export function SpGistIndex(...given: WithExpressions<indexes.FillOptions>): indexes.SpGistIndex {
  return new indexes.SpGistIndex(...given);
}

/**
 * For equality of any of many columns; options `length` and `columns`. Needs the extension `bloom`.
 *
 * @throws ValueError for more than 32 fields, and for bits out of range
 * Django: `BloomIndex`.
 */
export function BloomIndex(...given: WithExpressions<indexes.BloomOptions>): indexes.BloomIndex {
  return new indexes.BloomIndex(...given);
}

/**
 * An expression in an index or a constraint, kept by an operator class.
 *
 * @throws ValueError for a name that is none
 * @example `Index(OpClass(Lower("name"), "varchar_pattern_ops"), { name: "lower_name_like" })`
 * Django: `OpClass()` expressions.
 */
export const OpClass: <const E extends string | AnyExpression>(
  expression: E,
  name: string,
) => Expression<unknown, ArgRefs<E>> = callable(OpClassExpression) as never;

/**
 * No two rows for which all comparisons are true. Operators other than `=` on plain columns need a range or the like;
 * `=` needs the extension `btree_gist`.
 *
 * @throws ValueError for options that do not fit; `fullClean` throws `ValidationError` where rows exclude each other
 * @example
 * ```ts
 * ExclusionConstraint({
 *   name: "one_booking_at_a_time",
 *   expressions: [["room", RangeOperators.EQUAL], ["during", RangeOperators.OVERLAPS]],
 *   condition: Q({ cancelled: false }),
 * })
 * // EXCLUDE USING GIST ("room_id" WITH =, "during" WITH &&) WHERE (NOT "cancelled")
 * ```
 * Django: `ExclusionConstraint`.
 */
export function ExclusionConstraint(options: constraints.ExclusionOptions): constraints.ExclusionConstraint {
  return new constraints.ExclusionConstraint(options);
}

/**
 * The bounds of a range that a function makes of columns.
 *
 * @example `Func("start", "end", RangeBoundary({ inclusiveUpper: true }), { function: "TSTZRANGE", outputField: DateTimeRangeField() })`
 * // TSTZRANGE("start", "end", '[]')
 * Django: `RangeBoundary`.
 */
export const RangeBoundary: (options?: constraints.RangeBoundaryOptions) => Expression<string, never> =
  callable(constraints.RangeBoundary) as never;

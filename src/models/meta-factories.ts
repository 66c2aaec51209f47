/** The public factories of indexes and constraints, without `new`. */

import * as constraints from "./constraints.ts";
import * as indexes from "./indexes.ts";

/**
 * An index: of fields, or of expressions.
 *
 * @example Index({ fields: ["status", "-created"] }), Index(Lower("title"), { name: "title_lower_idx" })
 * @throws {ValueError} for options that do not go together.
 * Django: `Index`.
 */
export function Index(...given: indexes.WithExpressions<indexes.IndexOptions>): indexes.Index {
  return new indexes.Index(...given);
}

/**
 * No two rows alike: in these fields, or in the results of these expressions.
 *
 * @example UniqueConstraint({ fields: ["room", "date"], condition: Q({ cancelled: false }), name: "unique_booking" })
 * @throws {ValueError} without a name, and for options that do not go together.
 * Django: `UniqueConstraint`.
 */
export function UniqueConstraint(
  ...given: indexes.WithExpressions<constraints.UniqueOptions>
): constraints.UniqueConstraint {
  return new constraints.UniqueConstraint(...given);
}

/**
 * A condition that every row holds.
 *
 * @example CheckConstraint({ condition: Q({ price__gte: 0 }), name: "price_not_negative" })
 * @throws {ArgumentTypeError} for a condition that is none.
 * Django: `CheckConstraint`.
 */
export function CheckConstraint(options: constraints.CheckOptions): constraints.CheckConstraint {
  return new constraints.CheckConstraint(options);
}

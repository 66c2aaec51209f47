/** Querysets inside queries. Django: "Subquery() expressions". */
import type { Temporal } from "temporal-polyfill";
import type { Decimal } from "../util/decimal.ts";
import type { Conditional } from "./conditions.ts";
import type { Expression } from "./expressions.ts";
import type { AnyField } from "./fields.ts";
import type { OutputOf } from "./functions.ts";
import type { ModelInstance } from "./instances.ts";
import type { AnySubquery, RowOf } from "./lookups.ts";

/** What is one value although it is an object. */
type ObjectValue = Date | Decimal | Uint8Array | Temporal.PlainDate | Temporal.PlainTime | Temporal.Duration;

/**
 * The one value of a row, or `null` where there is no row.
 *
 * @example `SubqueryValue<{ name: string }>` is `string | null`; so are those of `[string]` and `string`
 */
export type SubqueryValue<Row> = unknown extends Row
  ? unknown
  :
      | (Row extends ObjectValue
          ? Row
          : Row extends readonly (infer E)[]
            ? E
            : Row extends ModelInstance
              ? unknown
              : Row extends object
                ? Row[keyof Row]
                : Row)
      | null;

/** The options of `Subquery` and `Exists`. */
export interface SubqueryOptions {
  /** The field whose values the subquery gives. */
  readonly outputField?: AnyField;
  /** `(%(subquery)s)`. */
  readonly template?: string;
}

/** See `Subquery`. */
export type SubqueryFactory = <
  const Q extends AnySubquery,
  const O extends SubqueryOptions = Record<never, never>,
>(
  queryset: Q,
  options?: O,
) => Expression<
  O extends { readonly outputField: infer F extends AnyField } ? OutputOf<F> | null : SubqueryValue<RowOf<Q>>,
  never
>;

/** See `Exists`. */
export type ExistsFactory = (queryset: AnySubquery) => Conditional<never>;

/**
 * A field of the query around a subquery. Which query that will be is not known where it is written: the path of
 * `OuterRef("box")` is checked when the queries meet, that of `Pizza.OuterRef("box")` where it stands.
 */
export interface OuterReference<V = unknown> extends Expression<V, never> {
  /** A part of a text; see `F`. */
  slice(start: number | null, stop?: number | null): Expression<string | null, never>;
  /** One character of a text. */
  at(index: number): Expression<string | null, never>;
}

/** See `OuterRef`. */
export type OuterRefFactory = (name: string | OuterReference) => OuterReference;

/** The options of a model, `Meta` in Django. Django: "Model Meta options". */
import type { AnyExpression } from "./expressions.ts";

/**
 * A queryset of a model that is only being declared: its methods are those of querysets, their arguments are checked
 * when the query is made.
 */
export type Refinable = Readonly<Record<RefiningMethod, (...args: unknown[]) => Refinable>>;

type RefiningMethod =
  | "alias"
  | "all"
  | "annotate"
  | "defer"
  | "distinct"
  | "exclude"
  | "extra"
  | "filter"
  | "none"
  | "only"
  | "orderBy"
  | "prefetchRelated"
  | "reverse"
  | "selectRelated"
  | "using";

/**
 * The third argument of `Model(label, fields, meta)`.
 *
 * @example `Model("testapp.Pizza", {...}, { ordering: ["-id"], dbTable: "pizzas" })`
 */
export interface MetaOptions {
  /** Only a base to inherit from: no table, no managers. */
  abstract?: boolean;
  /** Another face of the parent model: its table, other methods. */
  proxy?: boolean;
  /** `false`: migrations leave the table alone. */
  managed?: boolean;
  /**
   * Managers whose querysets start otherwise, by name; the first one is the default manager. Django: "Modifying a
   * manager's initial QuerySet".
   *
   * @example `{ published: (posts) => posts.filter({ status: "P" }) }` makes `Post.published` and `Post.apublished`.
   */
  managers?: Readonly<Record<string, (queryset: Refinable) => Refinable>>;
  /** The table; the default is `app_model`. */
  dbTable?: string;
  dbTableComment?: string;
  /** The order of querysets without one: names, `"-name"`, `F("name").desc({ nullsLast: true })`. */
  ordering?: readonly (string | AnyExpression)[];
  orderWithRespectTo?: string;
  /** What `latest()` and `earliest()` go by. */
  getLatestBy?: string | readonly string[];
  uniqueTogether?: readonly string[] | readonly (readonly string[])[];
  indexes?: readonly object[];
  constraints?: readonly object[];
  /** The `relatedName` of relations that give none. */
  defaultRelatedName?: string;
  baseManagerName?: string;
  defaultManagerName?: string;
  verboseName?: string;
  verboseNamePlural?: string;
  selectOnSave?: boolean;
  requiredDbFeatures?: readonly string[];
  requiredDbVendor?: string;
  appLabel?: string;
}

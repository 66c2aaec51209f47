/** The options of a model, `Meta` in Django. Django: "Model Meta options". */
import type { AnyExpression } from "./expressions.ts";

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

/** `asgimod/postgres`: what only PostgreSQL has. Django: django.contrib.postgres. */
import "../index.ts";
import "./lookups/array.ts";
import "./lookups/hstore.ts";
import "./lookups/ranges.ts";
import "./search/lookups.ts";

export { StringAgg } from "../index.ts";
export { type BulkCopyOptions, bulkCopy } from "./copy.ts";
export {
  type CollationOptions,
  createCollation,
  createExtension,
  type ExtensionOptions,
} from "./extensions.ts";
export * from "./factories.ts";
export * from "./fields/factories.ts";
export {
  type Listener,
  type ListenGap,
  type ListenOptions,
  listen,
  type Notification,
  notify,
} from "./listen.ts";
export { RangeOperators } from "./lookups/ranges.ts";
export * from "./meta-factories.ts";
export { type Bounds, Range } from "./range.ts";
export * from "./search/factories.ts";
export type * from "./types/aggregates.ts";
export type * from "./types/fields.ts";
export type * from "./types/lookups.ts";
export type * from "./types/search.ts";
export {
  ArrayMaxLengthValidator,
  ArrayMinLengthValidator,
  KeysValidator,
  type KeysValidatorOptions,
  RangeMaxValueValidator,
  RangeMinValueValidator,
} from "./validators.ts";

/**
 * Lookups as users write them in expressions: `GreaterThan(F("a"), F("b"))`, without `new`. Each is its class in every
 * other respect: it can be extended, and registered on fields. A text on either side is a value, not a path.
 *
 * Django: Conditional Expressions, "Conditional filters"; Lookup API reference.
 */
import { callable } from "../expressions/func.ts";
import type * as types from "../types/index.ts";
import * as comparison from "./comparison.ts";
import * as json from "./json.ts";
import * as transforms from "./json-transforms.ts";
import * as list from "./list.ts";
import { Lookup as LookupClass } from "./lookup.ts";
import * as text from "./text.ts";
import { Transform as TransformClass } from "./transform.ts";

export { BuiltinLookup, FieldLookup } from "./lookup.ts";

/** Calls of a class without `new`, with the type that users see. */
function typed<T>(Class: new (...args: never[]) => object): T {
  return callable(Class) as unknown as T;
}

/**
 * The base of lookups of your own: `lookupName`, and `asSql` made of `processLhs` and `processRhs`.
 *
 * @example
 * ```ts
 * class NotEqual extends Lookup {
 *   static override readonly lookupName = "ne";
 *   override asSql(compiler: Compiler): Sql {
 *     return sql`${this.processLhs(compiler)} <> ${this.processRhs(compiler)}`;
 *   }
 * }
 * ```
 * Django: "Custom Lookups".
 */
export const Lookup = LookupClass;

/**
 * The base of transforms of your own: functions of one value that may stand in a lookup.
 *
 * @example
 * ```ts
 * class AbsoluteValue extends Transform {
 *   static override readonly lookupName = "abs";
 *   static override readonly function = "ABS";
 * }
 * ```
 * Django: "Custom Lookups", transformers.
 */
export const Transform: types.PublicClass<typeof TransformClass> =
  TransformClass as unknown as types.PublicClass<typeof TransformClass>;

/**
 * The text at a path in a document.
 *
 * @example `Dog.objects.annotate({ owner: KT("data__owner__name") })`
 * Django: `KT()` expressions.
 */
export const KT: types.KTFactory = transforms.KT as unknown as types.KTFactory;

/** The value under a key of a document, or at an index: `KeyTransform("owner", "data")`. Django: "Querying JSONField". */
export const KeyTransform: types.KeyTransformFactory & types.PublicClass<typeof transforms.KeyTransform> =
  typed(transforms.KeyTransform);

/** As {@link KeyTransform}, as a text. */
export const KeyTextTransform: types.KeyTextTransformFactory &
  types.PublicClass<typeof transforms.KeyTextTransform> = typed(transforms.KeyTextTransform);

/** `lhs = rhs`. As a lookup: `exact`. */
export const Exact: types.LookupFactory<"exact"> & types.PublicClass<typeof comparison.Exact> = typed(
  comparison.Exact,
);

/** `lhs > rhs`. As a lookup: `gt`. */
export const GreaterThan: types.LookupFactory<"gt"> & types.PublicClass<typeof comparison.GreaterThan> =
  typed(comparison.GreaterThan);

/** `lhs >= rhs`. As a lookup: `gte`. */
export const GreaterThanOrEqual: types.LookupFactory<"gte"> &
  types.PublicClass<typeof comparison.GreaterThanOrEqual> = typed(comparison.GreaterThanOrEqual);

/** `lhs IS NULL`, or `IS NOT NULL` for `false`. As a lookup: `isnull`. */
export const IsNull: types.LookupFactory<"isnull"> & types.PublicClass<typeof comparison.IsNull> = typed(
  comparison.IsNull,
);

/** `lhs < rhs`. As a lookup: `lt`. */
export const LessThan: types.LookupFactory<"lt"> & types.PublicClass<typeof comparison.LessThan> = typed(
  comparison.LessThan,
);

/** `lhs <= rhs`. As a lookup: `lte`. */
export const LessThanOrEqual: types.LookupFactory<"lte"> &
  types.PublicClass<typeof comparison.LessThanOrEqual> = typed(comparison.LessThanOrEqual);

/** `lhs = rhs` for whole numbers. As a lookup: `exact`. */
export const IntegerFieldExact: types.LookupFactory<"exact"> &
  types.PublicClass<typeof comparison.IntegerFieldExact> = typed(comparison.IntegerFieldExact);

/** `lhs > rhs` for whole numbers. As a lookup: `gt`. */
export const IntegerGreaterThan: types.LookupFactory<"gt"> &
  types.PublicClass<typeof comparison.IntegerGreaterThan> = typed(comparison.IntegerGreaterThan);

/** `lhs >= rhs` for whole numbers; fractions are rounded up. As a lookup: `gte`. */
export const IntegerGreaterThanOrEqual: types.LookupFactory<"gte"> &
  types.PublicClass<typeof comparison.IntegerGreaterThanOrEqual> = typed(
  comparison.IntegerGreaterThanOrEqual,
);

/** `lhs < rhs` for whole numbers; fractions are rounded up. As a lookup: `lt`. */
export const IntegerLessThan: types.LookupFactory<"lt"> &
  types.PublicClass<typeof comparison.IntegerLessThan> = typed(comparison.IntegerLessThan);

/** `lhs <= rhs` for whole numbers. As a lookup: `lte`. */
export const IntegerLessThanOrEqual: types.LookupFactory<"lte"> &
  types.PublicClass<typeof comparison.IntegerLessThanOrEqual> = typed(comparison.IntegerLessThanOrEqual);

/** `lhs IN (...)`: a list, a set or a queryset. As a lookup: `in`. */
export const In: types.LookupFactory<"in"> & types.PublicClass<typeof list.In> = typed(list.In);

/** `lhs BETWEEN first AND last`: both included. As a lookup: `range`. */
export const Range: types.LookupFactory<"range"> & types.PublicClass<typeof list.Range> = typed(list.Range);

/** The text holds another. As a lookup: `contains`. */
export const Contains: types.LookupFactory<"contains"> & types.PublicClass<typeof text.Contains> = typed(
  text.Contains,
);

/** The text ends with another. As a lookup: `endswith`. */
export const EndsWith: types.LookupFactory<"endswith"> & types.PublicClass<typeof text.EndsWith> = typed(
  text.EndsWith,
);

/** The text holds another, whatever the case. As a lookup: `icontains`. */
export const IContains: types.LookupFactory<"icontains"> & types.PublicClass<typeof text.IContains> = typed(
  text.IContains,
);

/** The text ends with another, whatever the case. As a lookup: `iendswith`. */
export const IEndsWith: types.LookupFactory<"iendswith"> & types.PublicClass<typeof text.IEndsWith> = typed(
  text.IEndsWith,
);

/** The texts are equal, whatever the case. As a lookup: `iexact`. */
export const IExact: types.LookupFactory<"iexact"> & types.PublicClass<typeof text.IExact> = typed(
  text.IExact,
);

/** The text matches a regular expression, whatever the case. As a lookup: `iregex`. */
export const IRegex: types.LookupFactory<"iregex"> & types.PublicClass<typeof text.IRegex> = typed(
  text.IRegex,
);

/** The text begins with another, whatever the case. As a lookup: `istartswith`. */
export const IStartsWith: types.LookupFactory<"istartswith"> & types.PublicClass<typeof text.IStartsWith> =
  typed(text.IStartsWith);

/** The text matches a regular expression. As a lookup: `regex`. */
export const Regex: types.LookupFactory<"regex"> & types.PublicClass<typeof text.Regex> = typed(text.Regex);

/** The text begins with another. As a lookup: `startswith`. */
export const StartsWith: types.LookupFactory<"startswith"> & types.PublicClass<typeof text.StartsWith> =
  typed(text.StartsWith);

/** The document is part of another. As a lookup: `contained_by`. */
export const ContainedBy: types.LookupFactory<"contained_by"> & types.PublicClass<typeof json.ContainedBy> =
  typed(json.ContainedBy);

/** The document holds another. As a lookup: `contains`. */
export const DataContains: types.LookupFactory<"contains"> & types.PublicClass<typeof json.DataContains> =
  typed(json.DataContains);

/** The document has one of the keys. As a lookup: `has_any_keys`. */
export const HasAnyKeys: types.LookupFactory<"has_any_keys"> & types.PublicClass<typeof json.HasAnyKeys> =
  typed(json.HasAnyKeys);

/** The document has the key. As a lookup: `has_key`. */
export const HasKey: types.LookupFactory<"has_key"> & types.PublicClass<typeof json.HasKey> = typed(
  json.HasKey,
);

/** The document has all of the keys. As a lookup: `has_keys`. */
export const HasKeys: types.LookupFactory<"has_keys"> & types.PublicClass<typeof json.HasKeys> = typed(
  json.HasKeys,
);

/** The documents are equal. As a lookup: `exact`. */
export const JSONExact: types.LookupFactory<"exact"> & types.PublicClass<typeof json.JSONExact> = typed(
  json.JSONExact,
);

/**
 * Lookups as users write them in expressions: `GreaterThan(F("a"), F("b"))`, without `new`.
 *
 * Django: Conditional Expressions, "Conditional filters"; Lookup API reference.
 */
import { callable } from "../expressions/func.ts";
import * as comparison from "./comparison.ts";
import * as json from "./json.ts";
import * as transforms from "./json-transforms.ts";
import * as list from "./list.ts";
import * as text from "./text.ts";

export { KT } from "./json-transforms.ts";
export { BuiltinLookup, FieldLookup, Lookup } from "./lookup.ts";
export { Transform } from "./transform.ts";

export const Exact = callable(comparison.Exact);
export const GreaterThan = callable(comparison.GreaterThan);
export const GreaterThanOrEqual = callable(comparison.GreaterThanOrEqual);
export const IsNull = callable(comparison.IsNull);
export const LessThan = callable(comparison.LessThan);
export const LessThanOrEqual = callable(comparison.LessThanOrEqual);
export const IntegerFieldExact = callable(comparison.IntegerFieldExact);
export const IntegerGreaterThan = callable(comparison.IntegerGreaterThan);
export const IntegerGreaterThanOrEqual = callable(comparison.IntegerGreaterThanOrEqual);
export const IntegerLessThan = callable(comparison.IntegerLessThan);
export const IntegerLessThanOrEqual = callable(comparison.IntegerLessThanOrEqual);
export const In = callable(list.In);
export const Range = callable(list.Range);
export const Contains = callable(text.Contains);
export const EndsWith = callable(text.EndsWith);
export const IContains = callable(text.IContains);
export const IEndsWith = callable(text.IEndsWith);
export const IExact = callable(text.IExact);
export const IRegex = callable(text.IRegex);
export const IStartsWith = callable(text.IStartsWith);
export const Regex = callable(text.Regex);
export const StartsWith = callable(text.StartsWith);
export const ContainedBy = callable(json.ContainedBy);
export const DataContains = callable(json.DataContains);
export const HasAnyKeys = callable(json.HasAnyKeys);
export const HasKey = callable(json.HasKey);
export const HasKeys = callable(json.HasKeys);
export const JSONExact = callable(json.JSONExact);
export const KeyTextTransform = callable(transforms.KeyTextTransform);
export const KeyTransform = callable(transforms.KeyTransform);

/*
 * Makes the built-in lookups and transforms known to the field classes. Importing this module is all it does.
 */
import type { Expression } from "../expressions/base.ts";
import { setLookupsParser } from "../expressions/case.ts";
import {
  CharField,
  CompositePrimaryKey,
  DateField,
  DateTimeField,
  Field,
  IntegerField,
  JSONField,
  TextField,
  TimeField,
  UUIDField,
} from "../fields/index.ts";
import { onLookupsChanged, type RegisteredLookup } from "../fields/lookup-registry.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import {
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  TruncDate,
  TruncTime,
} from "../functions/datetime.ts";
import { Substr } from "../functions/text.ts";
import { Q } from "../query/q.ts";
import { forgetShapes } from "../query/shape.ts";
import {
  Exact,
  GreaterThan,
  GreaterThanOrEqual,
  IntegerFieldExact,
  IntegerGreaterThan,
  IntegerGreaterThanOrEqual,
  IntegerLessThan,
  IntegerLessThanOrEqual,
  IsNull,
  LessThan,
  LessThanOrEqual,
} from "./comparison.ts";
import {
  ContainedBy,
  DataContains,
  HasAnyKeys,
  HasKey,
  HasKeys,
  JSONExact,
  JSONIContains,
  KeyTransformEndsWith,
  KeyTransformExact,
  KeyTransformGt,
  KeyTransformGte,
  KeyTransformIContains,
  KeyTransformIEndsWith,
  KeyTransformIExact,
  KeyTransformIn,
  KeyTransformIRegex,
  KeyTransformIStartsWith,
  KeyTransformIsNull,
  KeyTransformLt,
  KeyTransformLte,
  KeyTransformRegex,
  KeyTransformStartsWith,
} from "./json.ts";
import { KeyTransform, keyTransformFactory } from "./json-transforms.ts";
import { In, Range } from "./list.ts";
import {
  RelatedExact,
  RelatedGreaterThan,
  RelatedGreaterThanOrEqual,
  RelatedIn,
  RelatedIsNull,
  RelatedLessThan,
  RelatedLessThanOrEqual,
} from "./related.ts";
import {
  Contains,
  EndsWith,
  IContains,
  IEndsWith,
  IExact,
  IRegex,
  IStartsWith,
  Regex,
  StartsWith,
  UUIDContains,
  UUIDEndsWith,
  UUIDIContains,
  UUIDIEndsWith,
  UUIDIExact,
  UUIDIStartsWith,
  UUIDStartsWith,
} from "./text.ts";
import {
  TupleExact,
  TupleGreaterThan,
  TupleGreaterThanOrEqual,
  TupleIn,
  TupleIsNull,
  TupleLessThan,
  TupleLessThanOrEqual,
} from "./tuple.ts";
import { YearExact, YearGt, YearGte, YearLt, YearLte } from "./year.ts";

interface Owner {
  registerLookup(lookup: RegisteredLookup): unknown;
}

const registrations: readonly (readonly [Owner, readonly RegisteredLookup[]])[] = [
  [
    Field,
    [
      Exact,
      IExact,
      GreaterThan,
      GreaterThanOrEqual,
      LessThan,
      LessThanOrEqual,
      In,
      Contains,
      IContains,
      StartsWith,
      IStartsWith,
      EndsWith,
      IEndsWith,
      Range,
      IsNull,
      Regex,
      IRegex,
    ],
  ],
  [
    IntegerField,
    [
      IntegerFieldExact,
      IntegerGreaterThan,
      IntegerGreaterThanOrEqual,
      IntegerLessThan,
      IntegerLessThanOrEqual,
    ],
  ],
  [
    UUIDField,
    [UUIDIExact, UUIDContains, UUIDIContains, UUIDStartsWith, UUIDIStartsWith, UUIDEndsWith, UUIDIEndsWith],
  ],
  [
    DateField,
    [
      ExtractYear,
      ExtractMonth,
      ExtractDay,
      ExtractWeekDay,
      ExtractIsoWeekDay,
      ExtractWeek,
      ExtractIsoYear,
      ExtractQuarter,
    ],
  ],
  [TimeField, [ExtractHour, ExtractMinute, ExtractSecond]],
  [DateTimeField, [ExtractHour, ExtractMinute, ExtractSecond, TruncDate, TruncTime]],
  [ExtractYear, [YearExact, YearGt, YearGte, YearLt, YearLte]],
  [ExtractIsoYear, [YearExact, YearGt, YearGte, YearLt, YearLte]],
  [JSONField, [DataContains, ContainedBy, HasKey, HasKeys, HasAnyKeys, JSONExact, JSONIContains]],
  [
    KeyTransform,
    [
      KeyTransformIn,
      KeyTransformExact,
      KeyTransformIExact,
      KeyTransformIsNull,
      KeyTransformIContains,
      KeyTransformStartsWith,
      KeyTransformIStartsWith,
      KeyTransformEndsWith,
      KeyTransformIEndsWith,
      KeyTransformRegex,
      KeyTransformIRegex,
      KeyTransformLt,
      KeyTransformLte,
      KeyTransformGt,
      KeyTransformGte,
    ],
  ],
  [
    ForeignObject,
    [
      RelatedIn,
      RelatedExact,
      RelatedLessThan,
      RelatedGreaterThan,
      RelatedGreaterThanOrEqual,
      RelatedLessThanOrEqual,
      RelatedIsNull,
    ],
  ],
  [
    CompositePrimaryKey,
    [
      TupleExact,
      TupleGreaterThan,
      TupleGreaterThanOrEqual,
      TupleLessThan,
      TupleLessThanOrEqual,
      TupleIn,
      TupleIsNull,
    ],
  ],
];

for (const [owner, lookups] of registrations) {
  for (const lookup of lookups) owner.registerLookup(lookup);
}

JSONField.keyTransform = keyTransformFactory;

// `F("name").slice(0, 3)`
for (const field of [CharField, TextField]) {
  Object.defineProperty(field.prototype, "sliceExpression", {
    value: (expression: Expression, start: number, length: number | null) =>
      new Substr(expression, start, length),
  });
}

setLookupsParser((lookups) => Q.of([lookups]));
onLookupsChanged(forgetShapes);

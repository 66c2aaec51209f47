import { FieldError, ValueError } from "../../errors.ts";
import { AnyValue, StringAgg } from "../../expressions/aggregates.ts";
import type { Expression } from "../../expressions/base.ts";
import { Case } from "../../expressions/case.ts";
import { CombinedExpression, DurationExpression, TemporalSubtraction } from "../../expressions/combined.ts";
import { Func, type FuncContext } from "../../expressions/func.ts";
import { FLOAT } from "../../expressions/types.ts";
import { Value } from "../../expressions/value.ts";
import { Window } from "../../expressions/window.ts";
import { ExpressionWrapper, NegatedExpression } from "../../expressions/wrapper.ts";
import { Cast, Greatest, JSONObject, Least } from "../../functions/comparison.ts";
import { Extract, Now, TruncBase } from "../../functions/datetime.ts";
import { Random, Round } from "../../functions/math.ts";
import { Chr, ConcatPair, Left, Ord, Substr } from "../../functions/text.ts";
import { UUID4, UUID7 } from "../../functions/uuid.ts";
import { HasKeyLookup, KeyTransformIn, KeyTransformIsNull } from "../../lookups/json.ts";
import { jsonPath, KeyTransform } from "../../lookups/json-transforms.ts";
import { In } from "../../lookups/list.ts";
import { PlanDependsOnValue } from "../../sql/bound.ts";
import { constant, fill, Param, raw, Sql, sql } from "../../sql/sql.ts";
import { dumps } from "../../util/json.ts";
import type { Compiler } from "../base/compiler/compiler.ts";
import type { ExpressionClass, Override } from "../base/operations.ts";

/*
 * What SQLite writes differently. An override counts for the class and those that extend it, the nearest first.
 */

/** SQLite calculates with decimals as with texts or floats: results must be told to be numbers. */
function numeric(node: Expression, inner: Sql): Sql {
  return typeOf(node) === "DecimalField" ? sql`(CAST(${inner} AS NUMERIC))` : inner;
}

/** What an expression of mixed types is, is left open. */
function typeOf(node: Expression): string | null {
  try {
    return node.outputFieldOrNull?.internalType ?? null;
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

/** The override of a function that has another name, or another form, here. */
function renamed(context: FuncContext): (node: Func, compiler: Compiler) => Sql {
  return (node, compiler) => node.asSql(compiler, context);
}

function renamedNumeric(context: FuncContext): (node: Func, compiler: Compiler) => Sql {
  return (node, compiler) => numeric(node, node.asSql(compiler, context));
}

function plain(node: Expression, compiler: Compiler): Sql {
  return node.asSql(compiler);
}

function cast(node: Cast, compiler: Compiler): Sql {
  const type = node.outputField.dbType(compiler.ops);
  // CAST knows nothing of dates; these functions keep the milliseconds.
  if (type === "datetime" || type === "time") {
    const format = type === "time" ? "%H:%M:%f" : "%Y-%m-%d %H:%M:%f";
    return node.asSql(compiler, {
      template: "strftime(%(format)s, %(expressions)s)",
      format: constant(format),
    });
  }
  if (type === "date") return node.asSql(compiler, { template: "date(%(expressions)s)" });
  return node.asSql(compiler);
}

function round(node: Round, compiler: Compiler): Sql {
  const inner = numeric(node, node.asSql(compiler));
  const precision = node.expressions[1];
  if (!(precision instanceof Value)) return inner;
  const { bound } = precision;
  if (Number(compiler.valueOf(bound)) < 0) {
    compiler.dependsOnValues();
    throw new ValueError("SQLite does not support negative precision.");
  }
  // The same holds for the values of later runs.
  return mapParams(inner, ({ slot, value, adapt, index }) => {
    if (slot < 0 || slot !== bound.slot) return null;
    const checked = (given: unknown) => {
      if (Number(given) < 0) throw new PlanDependsOnValue();
      return adapt === null ? given : adapt(given);
    };
    return new Param(slot, value, checked, index);
  });
}

function mapParams(inner: Sql, change: (param: Param) => Param | null): Sql {
  return new Sql(inner.parts.map((part) => (part instanceof Param ? (change(part) ?? part) : part)));
}

/** The cast to a number stands outside of the window. */
function window(node: Window, compiler: Compiler): Sql {
  if (typeOf(node) !== "DecimalField") return node.asSql(compiler);
  return numeric(node, node.withExpressionType(FLOAT).asSql(compiler));
}

/** Booleans and null of a document would be lost: their type stands for them. */
function keyTransform(node: KeyTransform, compiler: Compiler): Sql {
  const { document, keys } = node.place(compiler);
  const path = sql`${constant(`$${jsonPath(keys, compiler)}`)}`;
  return fill(
    "(CASE WHEN JSON_TYPE(%(document)s, %(path)s) IN ('false','true','null') THEN JSON_TYPE(%(document)s, %(path)s) ELSE JSON_EXTRACT(%(document)s, %(path)s) END)",
    { document, path },
  );
}

/** Many values are one parameter, as SQLite takes a limited number of them. */
const MANY = 1000;

function manyValues(node: In, compiler: Compiler): Sql {
  const { list } = node;
  if (list === null || node.size(compiler) <= MANY || typeOf(node.lhs) === "BinaryField")
    return node.asSql(compiler);
  return node.asSqlWithOneParameter(
    compiler,
    list,
    dumps,
    (lhs, param) => sql`${lhs} IN (SELECT value FROM json_each(${param}))`,
  );
}

/** Milliseconds since 1970. */
const MILLISECONDS = "CAST((JULIANDAY('now') - 2440587.5) * 86400000 AS INTEGER)";

/** What follows the first twelve digits of a UUID: its version, its variant, and chance. */
function randomHalf(version: string): string {
  const variant = "SUBSTR('89AB', 1 + ABS(RANDOM() % 4), 1)";
  return `'${version}' || SUBSTR(HEX(RANDOMBLOB(2)), 2) || ${variant} || SUBSTR(HEX(RANDOMBLOB(8)), 2)`;
}

const table: readonly (readonly [ExpressionClass, (node: never, compiler: Compiler) => Sql])[] = [
  [Func, (node: Func, compiler) => numeric(node, node.asSql(compiler))],
  [Value, (node: Value, compiler) => numeric(node, node.asSql(compiler))],
  [Case, (node: Case, compiler) => numeric(node, node.asSql(compiler))],
  [CombinedExpression, (node: CombinedExpression, compiler) => numeric(node, node.asSql(compiler))],
  [DurationExpression, (node: DurationExpression, compiler) => numeric(node, node.asSql(compiler))],
  [TemporalSubtraction, plain],
  [ExpressionWrapper, (node: ExpressionWrapper, compiler) => numeric(node, node.asSql(compiler))],
  [NegatedExpression, plain],
  [Window, window],
  [In, manyValues],
  [KeyTransformIn, plain],

  [Cast, cast],
  [Greatest, renamedNumeric({ function: "MAX" })],
  [Least, renamedNumeric({ function: "MIN" })],
  [JSONObject, plain],
  [Round, round],
  [Random, renamed({ function: "RAND" })],

  [Now, renamed({ template: "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')" })],
  [Extract, plain],
  [TruncBase, plain],

  [Chr, renamed({ function: "CHAR" })],
  [ConcatPair, (node: ConcatPair, compiler) => node.pipesSql(compiler)],
  [Left, (node: Left, compiler) => compiler.compile(node.getSubstr())],
  [Ord, renamed({ function: "UNICODE" })],
  [Substr, renamed({ function: "SUBSTR" })],

  [UUID4, () => raw(`LOWER(HEX(RANDOMBLOB(6)) || ${randomHalf("4")})`)],
  [UUID7, () => raw(`LOWER(PRINTF('%012x', ${MILLISECONDS}) || ${randomHalf("7")})`)],

  [AnyValue, renamedNumeric({ function: "MAX" })],
  [StringAgg, renamed({ function: "GROUP_CONCAT" })],

  [KeyTransform, keyTransform],
  [
    HasKeyLookup,
    (node: HasKeyLookup, compiler) =>
      node.conditionsSql(compiler, (document, path) => sql`JSON_TYPE(${document}, ${path}) IS NOT NULL`),
  ],
  [
    KeyTransformIsNull,
    (node: KeyTransformIsNull, compiler) =>
      node.placeSql(
        compiler,
        (document, path, isNull) =>
          sql`JSON_TYPE(${document}, ${path}) IS ${raw(isNull ? "NULL" : "NOT NULL")}`,
      ),
  ],
];

export const overrides: readonly (readonly [ExpressionClass, Override])[] = table;

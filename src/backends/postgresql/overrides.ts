import { FieldError, NotSupportedError } from "../../errors.ts";
import type { Expression } from "../../expressions/base.ts";
import type { Func, FuncContext } from "../../expressions/func.ts";
import { TEXT } from "../../expressions/types.ts";
import { Value } from "../../expressions/value.ts";
import { CharField, DecimalField, FloatField, TextField } from "../../fields/index.ts";
import { Cast, JSONArray, JSONObject } from "../../functions/comparison.ts";
import { Now } from "../../functions/datetime.ts";
import { Log, Mod, Round } from "../../functions/math.ts";
import { ConcatPair, SHA1, SHA224, SHA256, SHA384, SHA512, StrIndex } from "../../functions/text.ts";
import { UUID4, UUID7 } from "../../functions/uuid.ts";
import {
  ContainedBy,
  DataContains,
  HasAnyKeys,
  HasKey,
  HasKeys,
  KeyTransformIn,
} from "../../lookups/json.ts";
import { KeyTextTransform, KeyTransform } from "../../lookups/json-transforms.ts";
import { In } from "../../lookups/list.ts";
import { TupleIn } from "../../lookups/tuple.ts";
import { constant, joinSql, raw, type Sql, sql } from "../../sql/sql.ts";
import type { Compiler } from "../base/compiler/compiler.ts";
import type { ExpressionClass, Override } from "../base/operations.ts";
import { arrayOf, OID, TEXT_ARRAY, Typed, textArray } from "./types.ts";

/*
 * What PostgreSQL writes differently. An override counts for the class and those that extend it, the nearest first.
 */

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

function plain(node: Expression, compiler: Compiler): Sql {
  return node.asSql(compiler);
}

/** A copy of a function with other arguments. */
function withArguments(node: Func, change: (argument: Expression, index: number) => Expression): Func {
  return node.withSources(node.expressions.map(change)) as Func;
}

const values = new WeakMap<Value, Sql>();

/** A value has one parameter wherever its expression stands in the statement. */
function value(node: Value, compiler: Compiler): Sql {
  let known = values.get(node);
  if (known === undefined) {
    known = node.asSql(compiler);
    values.set(node, known);
  }
  return known;
}

function cast(node: Cast, compiler: Compiler): Sql {
  return node.asSql(compiler, { template: "(%(expressions)s)::%(dbType)s" });
}

const WIDE = new DecimalField({ maxDigits: 1000, decimalPlaces: 15 });

/** These functions know no floats of double precision. */
function decimalInput(node: Func, compiler: Compiler): Sql {
  return withArguments(node, (argument) =>
    argument.outputFieldOrNull instanceof FloatField ? new Cast(argument, WIDE) : argument,
  ).asSql(compiler);
}

function concatenation(node: ConcatPair, compiler: Compiler): Sql {
  const texts = withArguments(node, (argument) => {
    const field = argument.outputFieldOrNull;
    return field instanceof CharField || field instanceof TextField ? argument : new Cast(argument, TEXT);
  });
  return (texts as ConcatPair).pipesSql(compiler);
}

function digest(name: string): (node: Func, compiler: Compiler) => Sql {
  return renamed({ template: `ENCODE(DIGEST(%(expressions)s, '${name}'), 'hex')` });
}

/** A text alone does not say that it is one. */
function typedText(argument: Expression): Expression {
  return argument instanceof Value && typeof argument.value === "string"
    ? new Cast(argument, TEXT)
    : argument;
}

function jsonObject(node: JSONObject, compiler: Compiler): Sql {
  const pairs = withArguments(node, (argument, i) =>
    i % 2 === 0 ? new Cast(argument, TEXT) : typedText(argument),
  );
  return pairs.asSql(compiler, { function: "JSONB_BUILD_OBJECT" });
}

function jsonArray(node: JSONArray, compiler: Compiler): Sql {
  const items = withArguments(node, (argument) =>
    argument instanceof Cast ? argument : new Cast(argument, argument.outputField),
  );
  return items.asSql(compiler, { function: "JSONB_BUILD_ARRAY" });
}

// ---------------------------------------------------------------- JSON

const INTEGER_TEXT = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

function keyTransform(single: string, nested: string): (node: KeyTransform, compiler: Compiler) => Sql {
  return (node, compiler) => {
    const { document, keys } = node.place(compiler);
    if (keys.length > 1) return sql`(${document} ${raw(nested)} ${constant(textArray(keys))})`;
    const [key = ""] = keys;
    const place = INTEGER_TEXT.test(key) ? Number(key.replaceAll("_", "")) : key;
    return sql`(${document} ${raw(single)} ${constant(place)})`;
  };
}

function documents(operator: string): (node: DataContains | ContainedBy, compiler: Compiler) => Sql {
  return (node, compiler) =>
    sql`${compiler.compile(node.lhs)} ${raw(operator)} ${node.sidesSql(compiler).rhs}`;
}

/** The last key of another document's transform is the key that is asked for; those before it lead to it. */
function hasKey(node: HasKey, compiler: Compiler): Sql {
  if (node.rhs instanceof KeyTransform) {
    const keys = [...node.rhs.place(compiler).keys];
    const last = keys.pop() as string;
    const inner = keys.reduce<Expression>((lhs, key) => new KeyTransform(key, lhs), node.lhs);
    return sql`${compiler.compile(inner)} ? ${constant(last)}`;
  }
  return sql`${compiler.compile(node.lhs)} ? ${node.bound.param((key) => String(key))}`;
}

function hasKeys(operator: string): (node: HasKeys, compiler: Compiler) => Sql {
  return (node, compiler) => {
    const keys = node.bound.param((list) => textArray((list as readonly unknown[]).map(String)));
    return sql`${compiler.compile(node.lhs)} ${raw(operator)} ${keys}`;
  };
}

// ---------------------------------------------------------------- lists

/** All values are one parameter: one plan for lists of all lengths. */
function inArray(node: In, compiler: Compiler): Sql {
  const { list } = node;
  if (list === null || !node.hasValues(compiler) || typeOf(node.lhs) === null) return node.asSql(compiler);
  return node.asSqlWithOneParameter(compiler, list, arrayOf, (lhs, param) => sql`${lhs} = ANY(${param})`);
}

function tupleInArrays(node: TupleIn, compiler: Compiler): Sql {
  const columnsSql = node.asSqlWithColumns(
    compiler,
    columnArray,
    (lhs, columns) => sql`${lhs} IN (SELECT * FROM UNNEST(${joinSql(columns, ", ")}))`,
  );
  return columnsSql ?? node.asSql(compiler);
}

/** `UNNEST` must know what it gets: what shows no type is a text. */
function columnArray(cells: readonly unknown[]): Typed {
  const array = arrayOf(cells);
  return array.oid === OID.unknown ? new Typed(TEXT_ARRAY, array.text) : array;
}

const table: readonly (readonly [ExpressionClass, (node: never, compiler: Compiler) => Sql])[] = [
  [Value, value],
  [Cast, cast],
  [JSONObject, jsonObject],
  [JSONArray, jsonArray],

  [Now, renamed({ template: "STATEMENT_TIMESTAMP()" })],

  [Log, decimalInput],
  [Mod, decimalInput],
  [Round, decimalInput],

  [ConcatPair, concatenation],
  [SHA1, digest("sha1")],
  [SHA224, digest("sha224")],
  [SHA256, digest("sha256")],
  [SHA384, digest("sha384")],
  [SHA512, digest("sha512")],
  [StrIndex, renamed({ function: "STRPOS" })],

  [UUID4, renamed({ function: "GEN_RANDOM_UUID" })],
  [
    UUID7,
    () => {
      throw new NotSupportedError("UUID7 requires PostgreSQL version 18 or later.");
    },
  ],

  [In, inArray],
  [TupleIn, tupleInArrays],
  [KeyTransformIn, plain],
  [KeyTransform, keyTransform("->", "#>")],
  [KeyTextTransform, keyTransform("->>", "#>>")],
  [DataContains, documents("@>")],
  [ContainedBy, documents("<@")],
  [HasKey, hasKey],
  [HasKeys, hasKeys("?&")],
  [HasAnyKeys, hasKeys("?|")],
];

export const overrides: readonly (readonly [ExpressionClass, Override])[] = table;

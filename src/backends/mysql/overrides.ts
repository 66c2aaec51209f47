import { NotSupportedError } from "../../errors.ts";
import { type Aggregate, Avg, StringAgg, Sum } from "../../expressions/aggregates.ts";
import type { Func, FuncContext } from "../../expressions/func.ts";
import { Cast } from "../../functions/comparison.ts";
import { Now } from "../../functions/datetime.ts";
import { Random } from "../../functions/math.ts";
import { Chr, ConcatPair, Length, Ord, SHA224, SHA256, SHA384, SHA512 } from "../../functions/text.ts";
import { UUID4, UUID7 } from "../../functions/uuid.ts";
import {
  HasKeyLookup,
  JSONIContains,
  KeyTransformIContains,
  KeyTransformIEndsWith,
  KeyTransformIExact,
  KeyTransformIRegex,
  KeyTransformIStartsWith,
} from "../../lookups/json.ts";
import { jsonPath, KeyTextTransform } from "../../lookups/json-transforms.ts";
import type { BuiltinLookup } from "../../lookups/lookup.ts";
import { constant, type Sql, sql } from "../../sql/sql.ts";
import type { Compiler } from "../base/compiler/compiler.ts";
import type { ExpressionClass, Override } from "../base/operations.ts";
import { isFrom, type Server } from "./features.ts";

/*
 * What MySQL and MariaDB write differently. An override counts for the class and those that extend it, the nearest first.
 */

/** The override of a function that has another name, or another form, here. */
function renamed(context: FuncContext): (node: Func, compiler: Compiler) => Sql {
  return (node, compiler) => node.asSql(compiler, context);
}

function cast(mariadb: boolean): (node: Cast, compiler: Compiler) => Sql {
  return (node, compiler) => {
    const type = node.outputField.internalType;
    if (type === "FloatField") return node.asSql(compiler, { template: "(%(expressions)s + 0.0)" });
    // There is no such type to cast to.
    if (type === "JSONField" && mariadb) {
      return node.asSql(compiler, { template: "JSON_EXTRACT(%(expressions)s, '$')" });
    }
    return node.asSql(compiler);
  };
}

/** A duration is a number of microseconds, of which there are no parts. */
function wholeDuration(node: Aggregate, compiler: Compiler): Sql {
  const inner = node.asSql(compiler);
  return node.outputField.internalType === "DurationField" ? sql`CAST(${inner} AS SIGNED)` : inner;
}

/** The delimiter stands behind the order. */
function stringAgg(node: StringAgg, compiler: Compiler): Sql {
  const [texts = null, delimiter] = node.expressions;
  const separator = compiler.compile(delimiter as NonNullable<typeof delimiter>);
  const aggregate = node.withSources([texts, ...node.sources().slice(-3)]) as StringAgg;
  return aggregate.asSql(compiler, {
    function: "GROUP_CONCAT",
    template: "%(function)s(%(distinct)s%(expressions)s%(orderBy)s SEPARATOR %(separator)s)",
    separator,
  });
}

function digest(bits: number): (node: Func, compiler: Compiler) => Sql {
  return renamed({ template: `SHA2(%(expressions)s, ${bits})` });
}

/** Documents are compared as texts that know upper and lower case. */
function caseless(node: BuiltinLookup, compiler: Compiler): Sql {
  return node.asSqlWith(compiler, (side) => sql`LOWER(${side})`);
}

function keyText(mariadb: boolean): (node: KeyTextTransform, compiler: Compiler) => Sql {
  return (node, compiler) => {
    if (mariadb) return sql`JSON_UNQUOTE(${node.asSql(compiler)})`;
    const { document, keys } = node.place(compiler);
    return sql`(${document} ->> ${constant(`$${jsonPath(keys, compiler)}`)})`;
  };
}

function hasKey(node: HasKeyLookup, compiler: Compiler): Sql {
  return node.conditionsSql(
    compiler,
    (document, path) => sql`JSON_CONTAINS_PATH(${document}, 'one', ${path})`,
  );
}

/** MariaDB makes UUIDs of these versions since 11.7. */
function uuid(name: string, { mariadb, version }: Server): (node: Func, compiler: Compiler) => Sql {
  return (node, compiler) => {
    if (mariadb && isFrom(version, 11, 7)) return node.asSql(compiler, { function: name.replace("V", "_v") });
    throw new NotSupportedError(`${name} requires MariaDB version 11.7 or later.`);
  };
}

type Table = readonly (readonly [ExpressionClass, (node: never, compiler: Compiler) => Sql])[];

export function overrides(server: Server): readonly (readonly [ExpressionClass, Override])[] {
  const { mariadb } = server;
  const table: Table = [
    [Cast, cast(mariadb)],
    [Random, renamed({ function: "RAND" })],
    [Now, renamed({ template: "CURRENT_TIMESTAMP(6)" })],

    [Chr, renamed({ function: "CHAR", template: "%(function)s(%(expressions)s USING utf16)" })],
    [ConcatPair, renamed({ function: "CONCAT_WS", template: "%(function)s('', %(expressions)s)" })],
    [Length, renamed({ function: "CHAR_LENGTH" })],
    [Ord, renamed({ function: "ORD" })],
    [SHA224, digest(224)],
    [SHA256, digest(256)],
    [SHA384, digest(384)],
    [SHA512, digest(512)],

    [UUID4, uuid("UUIDV4", server)],
    [UUID7, uuid("UUIDV7", server)],

    [Avg, wholeDuration],
    [Sum, wholeDuration],
    [StringAgg, stringAgg],

    [KeyTextTransform, keyText(mariadb)],
    [HasKeyLookup, hasKey],
    [JSONIContains, caseless],
    [KeyTransformIExact, caseless],
    [KeyTransformIContains, caseless],
    [KeyTransformIStartsWith, caseless],
    [KeyTransformIEndsWith, caseless],
    [KeyTransformIRegex, caseless],
  ];
  return table;
}

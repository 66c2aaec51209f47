import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { NotSupportedError, ValueError } from "../errors.ts";
import { Func, type FuncContext, isOptions, splitOptions } from "../expressions/func.ts";
import { JSON_TYPE } from "../expressions/types.ts";
import { Value } from "../expressions/value.ts";
import type { Field } from "../fields/field.ts";
import { joinSql, raw, type Sql, sql } from "../sql/sql.ts";
import { repr } from "../util/repr.ts";

export { Coalesce } from "../expressions/coalesce.ts";

/**
 * An expression as another type.
 *
 * @example Cast("age", FloatField())   // CAST("age" AS real)
 *
 * Django: Database Functions, `Cast`.
 */
export class Cast extends Func {
  static override readonly function: string = "CAST";
  static override readonly template: string = "%(function)s(%(expressions)s AS %(dbType)s)";

  constructor(expression: unknown, outputField: Field | { readonly outputField: Field }) {
    super(expression, isOptions(outputField) ? outputField : { outputField });
  }

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    return super.asSql(compiler, { dbType: this.outputField.castDbType(compiler.ops), ...context });
  }
}

/**
 * An expression compared by other rules of order.
 *
 * @example Collate("name", "nocase")   // "name" COLLATE "nocase"
 *
 * Django: Database Functions, `Collate`.
 */
export class Collate extends Func {
  static override readonly function: string = "COLLATE";
  static override readonly template: string = "%(expressions)s %(function)s %(collation)s";

  constructor(expression: unknown, collation: string) {
    if (typeof collation !== "string" || !/^[\p{L}\p{N}_-]+$/u.test(collation)) {
      throw new ValueError(`Invalid collation name: ${repr(collation)}.`);
    }
    super(expression, { collation });
  }

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    return super.asSql(compiler, {
      collation: compiler.ops.quoteName(this.extra["collation"] as string),
      ...context,
    });
  }
}

function needTwo(args: readonly unknown[], name: string): void {
  if (splitOptions(args).positional.length < 2)
    throw new ValueError(`${name} must take at least two expressions`);
}

/** The greatest of its arguments; what NULLs do is up to the database. Django: `Greatest`. */
export class Greatest extends Func {
  static override readonly function: string = "GREATEST";

  constructor(...args: readonly unknown[]) {
    needTwo(args, "Greatest");
    super(...args);
  }
}

/** The least of its arguments; what NULLs do is up to the database. Django: `Least`. */
export class Least extends Func {
  static override readonly function: string = "LEAST";

  constructor(...args: readonly unknown[]) {
    needTwo(args, "Least");
    super(...args);
  }
}

/** NULL when both arguments are equal, else the first. Django: `NullIf`. */
export class NullIf extends Func {
  static override readonly function: string = "NULLIF";
  static override readonly arity: number = 2;
}

/** A JSON array of its arguments. Django: `JSONArray`. */
export class JSONArray extends Func {
  static override readonly function: string = "JSON_ARRAY";
  static override readonly outputField: Field = JSON_TYPE;

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    if (!compiler.features.supportsJsonField) {
      throw new NotSupportedError("JSONFields are not supported on this database backend.");
    }
    return super.asSql(compiler, context);
  }
}

/**
 * A JSON object.
 *
 * @example JSONObject({ name: Lower("name"), url: "url", double: F("age").mul(2) })
 *
 * Django: Database Functions, `JSONObject`.
 */
export class JSONObject extends Func {
  static override readonly function: string = "JSON_OBJECT";
  static override readonly outputField: Field = JSON_TYPE;

  constructor(fields: Readonly<Record<string, unknown>> = {}) {
    // The empty options keep a value that is an object from being taken for them.
    super(...Object.entries(fields).flatMap(([key, value]) => [new Value(key), value]), {});
  }

  override asSql(compiler: Compiler, context: FuncContext = {}): Sql {
    if (!compiler.features.hasJsonObjectFunction) {
      throw new NotSupportedError("JSONObject() is not supported on this database backend.");
    }
    return super.asSql(compiler, context);
  }

  /** The SQL in the standard's form: `(key) VALUE value, ...`. */
  standardPairs(compiler: Compiler): Sql {
    const args = this.expressions.map((expression) => compiler.compile(expression));
    const pairs: Sql[] = [];
    for (let i = 0; i < args.length; i += 2)
      pairs.push(sql`(${args[i] ?? raw("")}) VALUE ${args[i + 1] ?? raw("")}`);
    return joinSql(pairs, ", ");
  }
}

/**
 * JSON's `null`, as opposed to SQL's NULL, which is what `null` stands for in writes.
 *
 * @example Dog.objects.create({ name: "Max", data: JSONNull() })
 *
 * Django: Querying JSONField, "Storing and querying for None".
 */
export class JSONNull extends Value {
  constructor() {
    super(null, { outputField: JSON_TYPE });
  }
}

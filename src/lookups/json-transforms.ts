import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { ValueError } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import { TEXT } from "../expressions/types.ts";
import type { Field } from "../fields/field.ts";
import { constant, type Sql, sql } from "../sql/sql.ts";
import { dumps } from "../util/json.ts";
import { Transform } from "./transform.ts";

/*
 * Values inside JSON documents. Django: Querying JSONField.
 */

const INTEGER_TEXT = /^\s*[+-]?\d+(?:_\d+)*\s*$/;

/** A path in JSON's path language: numbers are indexes, everything else keys. */
export function jsonPath(keys: readonly string[], compiler: Compiler): string {
  return keys
    .map((key) =>
      INTEGER_TEXT.test(key) ? compiler.ops.jsonPathIndex(Number(key.replaceAll("_", ""))) : `.${dumps(key)}`,
    )
    .join("");
}

/** A document and the keys that lead into it. */
export interface JsonPlace {
  readonly document: Sql;
  readonly keys: readonly string[];
}

/**
 * A value inside a JSON document, by key or index.
 *
 * @example
 * Dog.objects.annotate({ owner: KeyTransform("owner", "data") })
 * Dog.objects.filter({ data__owner__name: "Bob" })
 *
 * Django: Querying JSONField, "Key, index, and path transforms".
 */
export class KeyTransform extends Transform {
  static override readonly arity: number | null = null;
  readonly keyName: string;

  constructor(keyName: string | number, ...args: readonly unknown[]) {
    super(...args);
    this.keyName = String(keyName);
  }

  override shapeKey(): string {
    return `${JSON.stringify(this.keyName)}${super.shapeKey()}`;
  }

  /** The document and the whole path from it. */
  place(compiler: Compiler): JsonPlace {
    const keys = [this.keyName];
    let previous: Expression = this.lhs;
    while (previous instanceof KeyTransform) {
      keys.unshift(previous.keyName);
      previous = previous.lhs;
    }
    return { document: compiler.compile(previous), keys };
  }

  override asSql(compiler: Compiler): Sql {
    const { document, keys } = this.place(compiler);
    return sql`JSON_EXTRACT(${document}, ${constant(`$${jsonPath(keys, compiler)}`)})`;
  }
}

/**
 * A value inside a JSON document, as a text.
 *
 * @example KT("data__owner__name")
 *
 * Django: Querying JSONField, `KT()` expressions.
 */
export class KeyTextTransform extends KeyTransform {
  static override readonly outputField: Field = TEXT;
}

/** The text at a path: `KT("data__owner__name")`. */
export function KT(lookup: string): KeyTextTransform {
  const [name, ...keys] = lookup.split("__");
  if (keys.length === 0) throw new ValueError("Lookup must contain key or index transforms.");
  return keys.reduce<unknown>((inner, key) => new KeyTextTransform(key, inner), name) as KeyTextTransform;
}

/** What a field of documents gives for a name that is no transform of its own: the transform for that key. */
export function keyTransformFactory(keyName: string): { readonly lookupKind: "transform" } {
  // Called with `new` like any class of transforms.
  function make(lhs: Expression): KeyTransform {
    return new KeyTransform(keyName, lhs);
  }
  return Object.assign(make, { lookupKind: "transform" as const });
}

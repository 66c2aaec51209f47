/** Maps of texts to texts. Django: django.contrib.postgres, `HStoreField`. */
import type { Compiler } from "../../backends/base/compiler/compiler.ts";
import type { Converter } from "../../backends/base/values.ts";
import { Typed } from "../../backends/postgresql/types.ts";
import { Field, type FieldOps } from "../../fields/field.ts";
import type { RegisteredLookup } from "../../fields/lookup-registry.ts";
import { isList, toArray } from "../../sql/node.ts";
import { type Param, type Sql, sql } from "../../sql/sql.ts";
import { str } from "../../util/repr.ts";
import { onlyOnPostgresql } from "../only.ts";
import { jsonText } from "./serialized.ts";

type Map = Record<string, string | null>;

/** A map of texts to texts or NULL: a plain object. */
export class HStoreField extends Field {
  static keyTransform: (name: string) => RegisteredLookup;

  override get internalType(): string {
    return "HStoreField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return {
      ...super.defaultErrorMessages,
      not_a_string: "The value of “%(key)s” is not a string or null.",
    };
  }

  override validate(value: unknown, instance: unknown): void {
    super.validate(value, instance);
    if (value === null) return;
    for (const [key, item] of Object.entries(value as object)) {
      if (typeof item !== "string" && item !== null) this.fail("not_a_string", { key });
    }
  }

  /** From a text in JSON, as serialized data has it. */
  override toPython(value: unknown): unknown {
    return typeof value === "string" ? JSON.parse(value) : value;
  }

  /** Keys and values become texts. */
  override getPrepValue(value: unknown): unknown {
    const given = this.defined(value);
    if (isList(given)) return toArray(given).map(str);
    if (typeof given !== "object" || given === null) return given;
    const texts: Map = {};
    for (const [key, item] of Object.entries(given)) texts[key] = item === null ? null : str(item);
    return texts;
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    if (typeof prepared !== "object" || prepared === null) return prepared;
    onlyOnPostgresql(ops, "HStoreField");
    return new Typed(0, writeMap(prepared as Map));
  }

  override fromDb(): Converter {
    return (value) => (typeof value === "string" ? readMap(value) : value);
  }

  override valueToString(object: Readonly<Record<string, unknown>>): unknown {
    return jsonText(this.valueFromObject(object));
  }

  override placeholder(param: Param, _compiler: Compiler): Sql {
    return sql`${param}::hstore`;
  }

  override dbType(ops: FieldOps): string {
    onlyOnPostgresql(ops, "HStoreField");
    return "hstore";
  }

  override getTransform(name: string): RegisteredLookup | null {
    return super.getTransform(name) ?? HStoreField.keyTransform(name);
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function writeMap(map: Map): string {
  return Object.entries(map)
    .map(([key, value]) => `${quoted(key)}=>${value === null ? "NULL" : quoted(value)}`)
    .join(",");
}

const PAIR = /"((?:[^"\\]|\\.)*)"=>(?:NULL|"((?:[^"\\]|\\.)*)")(?:, )?/gs;

function plain(text: string): string {
  return text.includes("\\") ? text.replace(/\\(.)/gs, "$1") : text;
}

/** The server's form: `"a"=>"1", "b"=>NULL`. */
function readMap(text: string): Map {
  const map: Map = {};
  for (const [, key = "", value] of text.matchAll(PAIR)) {
    // `__proto__` is a key like any other.
    Object.defineProperty(map, plain(key), {
      value: value === undefined ? null : plain(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return map;
}

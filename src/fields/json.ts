/** JSON documents. */

import type { Converter } from "../backends/base/values.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import { dumps, loads, type Replacer, type Reviver } from "../util/json.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";
import { isExpression } from "./hooks.ts";
import type { RegisteredLookup } from "./lookup-registry.ts";

export interface JSONOptions extends FieldOptions {
  /** As the second argument of `JSON.stringify`: gives what to write instead of a value. */
  encoder?: Replacer | null | undefined;
  /** As the second argument of `JSON.parse`. */
  decoder?: Reviver | null | undefined;
}

/**
 * A JSON document. `null` is SQL's NULL; `Value(null, { outputField: JSONField() })` stores JSON's `null`.
 *
 * Integers beyond 2^53 come back as `bigint`. `JSON.rawJSON("5.0")` is written as it is, in documents and lookups.
 */
export class JSONField extends Field {
  readonly encoder: Replacer | undefined;
  readonly decoder: Reviver | undefined;

  /** Makes the transform for a key or an index that is no known transform; set by the lookups of JSON. */
  static keyTransform: ((name: string) => RegisteredLookup) | null = null;

  constructor(options: JSONOptions = {}) {
    for (const name of ["encoder", "decoder"] as const) {
      if (options[name] && typeof options[name] !== "function") {
        throw new ValueError(`The ${name} parameter must be a callable object.`);
      }
    }
    super(options);
    this.encoder = options.encoder ?? undefined;
    this.decoder = options.decoder ?? undefined;
  }

  override get internalType(): string {
    return "JSONField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return { ...super.defaultErrorMessages, invalid: "Value must be valid JSON." };
  }

  override validate(value: unknown, instance: unknown): void {
    super.validate(value, instance);
    try {
      dumps(value, this.encoder);
    } catch (error) {
      if (error instanceof ArgumentTypeError) this.fail("invalid", { value });
      throw error;
    }
  }

  /** The document itself: every format has a form for it. */
  override valueToString(object: Readonly<Record<string, unknown>>): unknown {
    return this.valueFromObject(object);
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return ops.values.adaptJson(prepared, this.encoder);
  }

  override getDbPrepSave(value: unknown, ops: FieldOps): unknown {
    if (value === null) return null;
    if (isExpression(value)) {
      const { value: inner, outputFieldOrNull } = value as { value?: unknown; outputFieldOrNull?: unknown };
      const jsonNull = inner === null && outputFieldOrNull instanceof JSONField;
      return jsonNull ? this.getDbPrepValue(null, ops) : value;
    }
    return this.getDbPrepValue(this.getPrepValue(value), ops);
  }

  /** A text that is no JSON stays a text; what is no text (a number out of a document) is the value itself. */
  override fromDb(_ops: FieldOps): Converter {
    const { decoder } = this;
    return (value) => {
      if (typeof value !== "string") return value;
      try {
        return loads(value, decoder);
      } catch (error) {
        if (error instanceof SyntaxError) return value;
        throw error;
      }
    };
  }

  override getTransform(name: string): RegisteredLookup | null {
    return super.getTransform(name) ?? JSONField.keyTransform?.(name) ?? null;
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.encoder !== undefined) kwargs.encoder = this.encoder;
    if (this.decoder !== undefined) kwargs.decoder = this.decoder;
    return { type, kwargs };
  }
}

/** Booleans, UUIDs, bytes and IP addresses. */

import type { ValueAdapters } from "../backends/base/values.ts";
import { ArgumentTypeError, ValueError } from "../errors.ts";
import { Decimal } from "../util/decimal.ts";
import { cleanIpv6 } from "../util/ip.ts";
import { repr, str } from "../util/repr.ts";
import { ValidationError } from "../validators/validation-error.ts";
import {
  ipAddressValidators,
  MaxLengthValidator,
  type NamedValidator,
  type Validator,
} from "../validators/validators.ts";
import { Field, type FieldOps, type FieldOptions } from "./field.ts";

/** True or false; with `null: true` also `null`. */
export class BooleanField extends Field {
  override get internalType(): string {
    return "BooleanField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return {
      ...super.defaultErrorMessages,
      invalid: "“%(value)s” value must be either True or False.",
      invalid_nullable: "“%(value)s” value must be either True, False, or None.",
    };
  }

  override toPython(value: unknown): unknown {
    if (this.null && this.isEmpty(value)) return null;
    if (typeof value === "boolean") return value;
    if (value === 1 || value === 1n || value === "t" || value === "True" || value === "1") return true;
    if (value === 0 || value === 0n || value === "f" || value === "False" || value === "0") return false;
    if (value instanceof Decimal && (value.eq(0) || value.eq(1))) return value.eq(1);
    const template = this.errorMessages[this.null ? "invalid_nullable" : "invalid"] as string;
    throw new ValidationError(template, { code: "invalid", params: { value } });
  }

  override getPrepValue(value: unknown): unknown {
    return this.defined(value) === null ? null : this.toPython(value);
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptBoolean(prepared as boolean);
  }
}

const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX = /^[0-9a-fA-F]{32}$/;

/** A UUID as text: lower case, with dashes. */
export class UUIDField extends Field {
  constructor(options: FieldOptions = {}) {
    super({ ...options, maxLength: 32 });
  }

  override get internalType(): string {
    return "UUIDField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return { ...super.defaultErrorMessages, invalid: "“%(value)s” is not a valid UUID." };
  }

  /** Takes every text form (without dashes, in braces, as URN), and the number that a UUID is. */
  override toPython(value: unknown): unknown {
    if (value === null || (typeof value === "string" && DASHED.test(value))) return value;
    const hex = hexOf(value);
    if (hex === null) return this.fail("invalid", { value });
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(this.defined(value));
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    const value = this.toPython(prepared);
    return value === null ? null : ops.values.adaptUuid(value as string);
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    delete kwargs.maxLength;
    return { type, kwargs };
  }
}

function hexOf(value: unknown): string | null {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) {
    const hex = value.toString(16);
    return value >= 0 && hex.length <= 32 ? hex.padStart(32, "0") : null;
  }
  if (typeof value !== "string") return null;
  const hex = value
    .replace("urn:", "")
    .replace("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "");
  return HEX.test(hex) ? hex.toLowerCase() : null;
}

/** Four characters for three bytes, the last ones filled up. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes: a `Uint8Array`. */
export class BinaryField extends Field {
  constructor(options: FieldOptions = {}) {
    super({ ...options, editable: options.editable ?? false });
  }

  override get internalType(): string {
    return "BinaryField";
  }

  override isEmpty(value: unknown): boolean {
    return value === null || value === undefined || (value instanceof Uint8Array && value.length === 0);
  }

  override getDefault(): unknown {
    const value = super.getDefault();
    return value === "" && !this.hasDefault() ? new Uint8Array() : value;
  }

  override getValidators(values: ValueAdapters): readonly Validator[] {
    const validators = super.getValidators(values);
    return this.maxLength === null ? validators : [...validators, MaxLengthValidator(this.maxLength)];
  }

  /** A text is base64. Throws `ValueError` where it is not. */
  override toPython(value: unknown): unknown {
    if (typeof value !== "string") return this.getPrepValue(value);
    const text = value.replace(/[^A-Za-z0-9+/=]/g, "");
    if (!BASE64.test(text))
      throw new ValueError(`Field '${this.name}' expected base64 but got ${repr(value)}.`);
    return new Uint8Array(Buffer.from(text, "base64"));
  }

  /** Base64. */
  override valueToString(object: Readonly<Record<string, unknown>>): string {
    return Buffer.from(this.valueFromObject(object) as Uint8Array).toString("base64");
  }

  override getPrepValue(value: unknown): unknown {
    if (this.defined(value) === null || value instanceof Uint8Array) return value;
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    throw new ArgumentTypeError(`Field '${this.name}' expected a Uint8Array but got ${repr(value)}.`);
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptBinary(prepared as Uint8Array);
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.editable) kwargs.editable = true;
    else delete kwargs.editable;
    return { type, kwargs };
  }
}

export interface IPAddressOptions extends FieldOptions {
  /** Which addresses are valid. */
  protocol?: "both" | "IPv4" | "IPv6" | "ipv4" | "ipv6" | undefined;
  /** Keep `::ffff:192.0.2.1` as `192.0.2.1`. */
  unpackIpv4?: boolean | undefined;
}

/** An IPv4 or IPv6 address as text; IPv6 in its canonical form. */
export class GenericIPAddressField extends Field {
  readonly protocol: string;
  readonly unpackIpv4: boolean;
  readonly #validators: readonly NamedValidator[];

  constructor(options: IPAddressOptions = {}) {
    super({ ...options, maxLength: 39 });
    this.protocol = options.protocol ?? "both";
    this.unpackIpv4 = options.unpackIpv4 ?? false;
    this.#validators = ipAddressValidators(this.protocol, this.unpackIpv4);
  }

  override get internalType(): string {
    return "GenericIPAddressField";
  }

  override get emptyStringsAllowed(): boolean {
    return false;
  }

  protected override get defaultErrorMessages(): Readonly<Record<string, string>> {
    return { ...super.defaultErrorMessages, invalid: "Enter a valid %(protocol)s address." };
  }

  protected override get defaultValidators(): readonly Validator[] {
    return this.#validators;
  }

  override toPython(value: unknown): unknown {
    if (value === null) return null;
    const text = str(value).trim();
    if (!text.includes(":")) return text;
    return cleanIpv6(text, this.unpackIpv4) ?? this.fail("invalid", { protocol: "IPv6", value });
  }

  override getPrepValue(value: unknown): unknown {
    if (this.defined(value) === null) return null;
    const text = str(value);
    return text.includes(":") ? (cleanIpv6(text, this.unpackIpv4) ?? text) : text;
  }

  override getDbPrepValue(prepared: unknown, ops: FieldOps): unknown {
    return prepared === null ? null : ops.values.adaptIpAddress(prepared as string);
  }

  override deconstruct(): ReturnType<Field["deconstruct"]> {
    const { type, kwargs } = super.deconstruct();
    if (this.unpackIpv4) kwargs.unpackIpv4 = true;
    if (this.protocol !== "both") kwargs.protocol = this.protocol;
    if (kwargs.maxLength === 39) delete kwargs.maxLength;
    return { type, kwargs };
  }
}

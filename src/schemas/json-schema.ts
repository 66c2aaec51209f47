/** JSON Schema (draft 2020-12) of the values that a schema takes. Django has none; forms are the nearest to it. */
import type { Field } from "../fields/field.ts";
import { isExpression } from "../fields/hooks.ts";
import type { GenericIPAddressField } from "../fields/misc.ts";
import type { DecimalField } from "../fields/numbers.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { JsonSchema } from "../types/index.ts";
import { capFirst } from "../util/case.ts";
import { Decimal } from "../util/decimal.ts";
import type { NamedValidator } from "../validators/validators.ts";
import type { Scope } from "./check.ts";
import { isOptional } from "./fields.ts";

/** The drafts that the schemas are good for: they use nothing that one of them lacks. */
const DRAFTS: Readonly<Record<string, string>> = {
  "draft-2020-12": "https://json-schema.org/draft/2020-12/schema",
  "draft-07": "http://json-schema.org/draft-07/schema#",
};

const TIME = "^([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9]([.,][0-9]{1,12})?)?$";
/** ISO 8601 without months and years. The format "duration" has no fractions of seconds. */
const DURATION = (() => {
  const part = (unit: string) => `([0-9]+([.,][0-9]+)?${unit})?`;
  return `^[-+]?P(?=.)${part("D")}(T(?=.)${part("H")}${part("M")}${part("S")})?$`;
})();
const SLUG = "^[-a-zA-Z0-9_]+$";
const UNICODE_SLUG = "^[-_\\p{L}\\p{N}]+$";

/** What a text of JSON must be to be a value of a field. */
type TypeSchema = (field: Field) => JsonSchema;

const integer: TypeSchema = () => ({ type: "integer" });
/** JSON's numbers are not exact so far out: texts of digits are taken, too. */
const bigInteger: TypeSchema = () => ({ type: ["integer", "string"], pattern: "^[-+]?[0-9]+$" });
const text: TypeSchema = () => ({ type: "string" });
const date: TypeSchema = () => ({ type: "string", format: "date" });

function decimal(field: Field): JsonSchema {
  const { maxDigits, decimalPlaces } = field as DecimalField;
  const whole = maxDigits !== null && decimalPlaces !== null ? `{0,${maxDigits - decimalPlaces}}` : "*";
  const places = decimalPlaces === null ? "*" : `{0,${decimalPlaces}}`;
  // Exact numbers are texts in JSON; numbers are taken, too.
  const fraction = decimalPlaces === 0 ? "" : `(\\.[0-9]${places})?`;
  const pattern = `^[-+]?(?=\\.?[0-9])0*[0-9]${whole}${fraction}$`;
  return { type: ["string", "number"], pattern };
}

function ipAddress(field: Field): JsonSchema {
  const { protocol } = field as GenericIPAddressField;
  const v4 = { type: "string", format: "ipv4" };
  const v6 = { type: "string", format: "ipv6" };
  if (protocol.toLowerCase() === "both") return { anyOf: [v4, v6] };
  return protocol.toLowerCase() === "ipv4" ? v4 : v6;
}

const TYPES: Readonly<Record<string, TypeSchema>> = {
  AutoField: integer,
  BigAutoField: integer,
  SmallAutoField: integer,
  IntegerField: integer,
  SmallIntegerField: integer,
  PositiveIntegerField: integer,
  PositiveSmallIntegerField: integer,
  BigIntegerField: bigInteger,
  PositiveBigIntegerField: bigInteger,
  FloatField: () => ({ type: "number" }),
  DecimalField: decimal,
  BooleanField: () => ({ type: "boolean" }),
  CharField: text,
  TextField: text,
  SlugField: (field) => ({
    type: "string",
    pattern: (field as { allowUnicode?: boolean }).allowUnicode ? UNICODE_SLUG : SLUG,
  }),
  DateField: date,
  DateTimeField: () => ({ type: "string", format: "date-time" }),
  TimeField: () => ({ type: "string", pattern: TIME }),
  DurationField: () => ({ type: "string", pattern: DURATION }),
  UUIDField: () => ({ type: "string", format: "uuid" }),
  BinaryField: () => ({ type: "string", contentEncoding: "base64" }),
  GenericIPAddressField: ipAddress,
  JSONField: () => ({}),
};

/** A number that JSON has: limits that are decimals or dates are none. */
function limitOf(validator: NamedValidator): number | null {
  const { limitValue } = validator;
  const limit: unknown = typeof limitValue === "function" ? limitValue() : limitValue;
  if (typeof limit === "bigint") return Number(limit);
  return typeof limit === "number" && Number.isFinite(limit) ? limit : null;
}

/** What validators say that JSON Schema can say as well. */
function validatorSchema(field: Field): JsonSchema {
  const schema: JsonSchema = {};
  const narrow = (name: string, limit: number, pick: (...values: number[]) => number) => {
    const known = schema[name];
    schema[name] = typeof known === "number" ? pick(known, limit) : limit;
  };
  for (const validator of field.validators as readonly Partial<NamedValidator>[]) {
    const { kind, args } = validator;
    if (kind === "EmailValidator") schema["format"] = "email";
    else if (kind === "URLValidator") schema["format"] = "uri";
    else if (kind === "RegexValidator" && args?.[0] instanceof RegExp && field.internalType !== "SlugField") {
      const { inverseMatch = false } = (args[1] ?? {}) as { inverseMatch?: boolean };
      // A pattern has no flags but that for Unicode.
      if (!inverseMatch && /^u?$/.test(args[0].flags)) schema["pattern"] = args[0].source;
    }
    const limit = limitOf(validator as NamedValidator);
    if (limit === null) continue;
    if (kind === "MinValueValidator") narrow("minimum", limit, Math.max);
    else if (kind === "MaxValueValidator") narrow("maximum", limit, Math.min);
    else if (kind === "MinLengthValidator") narrow("minLength", limit, Math.max);
    else if (kind === "MaxLengthValidator") narrow("maxLength", limit, Math.min);
    else if (kind === "StepValueValidator" && !(args?.[1] as { offset?: number } | undefined)?.offset) {
      schema["multipleOf"] = limit;
    }
  }
  return schema;
}

/** A value as JSON has it; `undefined` for what it has no form for. */
function jsonValue(value: unknown): unknown {
  if (value === null || ["string", "boolean"].includes(typeof value)) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Decimal) return value.text;
  if (typeof value !== "object" || isExpression(value)) return undefined;
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** The values of a column's type. */
function typeSchema(field: Field): JsonSchema {
  return TYPES[field.internalType]?.(field) ?? {};
}

/** The values that a field takes, without what stands for none. */
function valueSchema(field: Field): JsonSchema {
  if (field.manyToMany) {
    const { pk } = (field as unknown as ManyToManyField).remoteField.opts;
    return { type: "array", items: typeSchema(columnOf(pk)) };
  }
  // A key is right when there is such an object.
  if (field.isRelation) return typeSchema(columnOf(field));
  const { choices } = field;
  if (choices !== null) return { enum: field.flatchoices.map(([value]) => jsonValue(value)) };
  return { ...typeSchema(field), ...validatorSchema(field) };
}

function either(schema: JsonSchema, other: JsonSchema, value: unknown): JsonSchema {
  if (Array.isArray(schema["enum"])) return { enum: [...(schema["enum"] as unknown[]), value] };
  if (Array.isArray(schema["anyOf"])) return { anyOf: [...(schema["anyOf"] as unknown[]), other] };
  return { anyOf: [schema, other] };
}

/** A nullable schema of a plain type names both types. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (Object.keys(schema).length === 0) return schema;
  if (type === undefined) return either(schema, { type: "null" }, null);
  return { ...schema, type: [...(Array.isArray(type) ? (type as unknown[]) : [type]), "null"] };
}

/** Any document but those that count as empty. */
function documentSchema(field: Field): JsonSchema {
  const refused = [...(field.null ? [] : [null]), ...(field.blank ? [] : ["", [], {}])];
  return refused.length === 0 ? {} : { not: { enum: refused } };
}

/** The column that holds the value, behind foreign keys. */
function columnOf(field: Field): Field {
  return field.isRelation && !field.manyToMany
    ? columnOf((field as Field & { targetField: Field }).targetField)
    : field;
}

/** The empty text is a value of text fields with `blank`; it is none of the others. */
function withEmptyText(field: Field, schema: JsonSchema): JsonSchema {
  if (field.manyToMany || !columnOf(field).emptyStringsAllowed) return schema;
  if (field.blank) {
    const isLimited = ["format", "pattern", "minLength", "enum", "anyOf"].some((name) => name in schema);
    return isLimited ? either(schema, { const: "" }, "") : schema;
  }
  return schema["type"] === "string"
    ? { ...schema, minLength: Math.max(1, Number(schema["minLength"] ?? 1)) }
    : schema;
}

/** The values that a field takes. */
function acceptedSchema(field: Field): JsonSchema {
  if (field.internalType === "JSONField" && field.choices === null) return documentSchema(field);
  const schema = withEmptyText(field, valueSchema(field));
  return field.null ? orNull(schema) : schema;
}

function fieldSchema(field: Field): JsonSchema {
  const schema = acceptedSchema(field);
  const title = capFirst(field.verboseName ?? field.name);
  const fallback = typeof field.default === "function" ? undefined : jsonValue(field.default);
  return {
    title,
    ...(field.helpText === "" ? {} : { description: field.helpText }),
    ...schema,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

/**
 * The JSON Schema of an object.
 *
 * @throws Error for a draft that is not known
 */
export function jsonSchemaOf({ opts, fields, partial, ignoreUnknown }: Scope, target: string): JsonSchema {
  const draft = DRAFTS[target];
  if (draft === undefined) {
    throw new Error(`No JSON Schema for '${target}'. Choices are: ${Object.keys(DRAFTS).join(", ")}.`);
  }
  const required = [...fields].filter(([, field]) => !partial && !isOptional(field)).map(([key]) => key);
  return {
    $schema: draft,
    title: capFirst(opts.verboseName),
    type: "object",
    properties: Object.fromEntries([...fields].map(([key, field]) => [key, fieldSchema(field)])),
    ...(required.length === 0 ? {} : { required }),
    ...(ignoreUnknown ? {} : { additionalProperties: false }),
  };
}

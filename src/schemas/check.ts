/** Checking values without the database. */
import { ArgumentTypeError, AsgimodError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { isExpression } from "../fields/hooks.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { Options } from "../models/options.ts";
import type { SchemaIssue } from "../types/index.ts";
import { repr } from "../util/repr.ts";
import { ValidationError } from "../validators/validation-error.ts";
import { isOptional } from "./fields.ts";

/** What a schema looks at. */
export interface Scope {
  readonly opts: Options;
  /** The fields by key. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Every key may be left out. */
  readonly partial: boolean;
  /** Unknown keys are dropped. */
  readonly ignoreUnknown: boolean;
}

export interface Checked {
  /** The good values, converted, by key. */
  readonly values: Record<string, unknown>;
  readonly issues: SchemaIssue[];
  /** The keys of values that are not good. */
  readonly failed: Set<string>;
}

export function issuesOf(error: ValidationError, path: readonly PropertyKey[]): SchemaIssue[] {
  return error.errorList.map((each) => {
    const issue = { message: each.message, code: each.validationCode };
    return path.length === 0 ? issue : { ...issue, path };
  });
}

/** The error of a value that is of no type which the field reads. */
function typeError(field: Field, value: unknown, error: Error): ValidationError {
  const { invalid } = field.errorMessages;
  return invalid === undefined
    ? new ValidationError(error.message, { code: "invalid" })
    : new ValidationError(invalid, { code: "invalid", params: { value } });
}

function fail(field: Field, code: string): never {
  throw new ValidationError(field.errorMessages[code] as string, { code });
}

/** The value to keep. Throws `ValidationError`. */
function cleaned(field: Field, value: unknown): unknown {
  if (isExpression(value)) throw typeError(field, repr(value), new ArgumentTypeError("Not a value."));
  if (value === null) return field.null ? null : fail(field, "null");
  if (field.blank && field.isEmpty(value)) {
    if (value !== "" || field.emptyStringsAllowed) return value;
    // No text at all stands for no value, as in forms.
    if (field.null) return null;
  }
  try {
    return field.clean(value, null);
  } catch (error) {
    if (error instanceof ValidationError) throw error;
    if (error instanceof ArgumentTypeError || error instanceof AsgimodError) {
      throw typeError(field, value, error);
    }
    throw error;
  }
}

/** The keys of a many-to-many relation. */
function checkMany(field: ManyToManyField, key: string, given: unknown, issues: SchemaIssue[]): unknown[] {
  if (!Array.isArray(given)) {
    issues.push({ message: "Enter a list of values.", code: "invalid_list", path: [key] });
    return [];
  }
  const { pk } = field.remoteField.opts;
  return given.map((item, i) => {
    try {
      if (item === null || item === undefined) fail(pk, "null");
      return cleaned(pk, item);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      issues.push(...issuesOf(error, [key, i]));
      return null;
    }
  });
}

/** Checks and converts the values of an object. */
export function checkValues(input: unknown, scope: Scope): Checked {
  const checked: Checked = { values: {}, issues: [], failed: new Set() };
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    checked.issues.push({ message: "Enter the values of an object.", code: "invalid" });
    return checked;
  }
  const given = input as Readonly<Record<string, unknown>>;
  for (const [key, field] of scope.fields) checkField(key, field, given, scope, checked);
  if (scope.ignoreUnknown) return checked;
  for (const key of Object.keys(given)) {
    if (scope.fields.has(key)) continue;
    const message = `${scope.opts.objectName} has no field named '${key}'`;
    checked.issues.push({ message, code: "unknown_field", path: [key] });
  }
  return checked;
}

function checkField(
  key: string,
  field: Field,
  given: Readonly<Record<string, unknown>>,
  scope: Scope,
  { values, issues, failed }: Checked,
): void {
  const value = Object.hasOwn(given, key) ? given[key] : undefined;
  if (value === undefined) {
    if (scope.partial || isOptional(field)) return;
    failed.add(key);
    issues.push(...missing(field, key));
    return;
  }
  const before = issues.length;
  if (field.manyToMany) values[key] = checkMany(field as ManyToManyField, key, value, issues);
  else {
    try {
      values[key] = cleaned(field, value);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      issues.push(...issuesOf(error, [key]));
    }
  }
  if (issues.length > before) failed.add(key);
}

/** What `fullClean` says of an object to which the value was not given. */
function missing(field: Field, key: string): SchemaIssue[] {
  const code = field.emptyStringsAllowed ? "blank" : "null";
  return [{ message: field.errorMessages[code] as string, code, path: [key] }];
}

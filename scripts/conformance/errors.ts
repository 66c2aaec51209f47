/** Compares errors: the class must be Django's, the text is counted apart. */
import { compareUnordered } from "./compare.ts";
import { camelCase, isRecord, type Outcome } from "./format.ts";
import { encode, identityOf, isInstance } from "./instances.ts";

/** What a mutation case raises itself. */
export class Abort extends Error {
  override readonly name = "Abort";
}

/** How Django's and Python's classes are named here, where the name is another one. */
const ALIASES: Record<string, readonly string[]> = {
  OutputFieldIsNoneError: ["FieldError", "OutputFieldIsNoneError"],
  TypeError: ["ArgumentTypeError"],
  // Saving an update that finds no row: Django 6 gives this its own class below DatabaseError.
  DatabaseError: ["DatabaseError", "NotUpdated", "ObjectNotUpdated"],
  NotImplementedError: ["NotImplementedError", "NotSupportedError"],
  AttributeError: ["AttributeError", "FieldError", "ArgumentTypeError", "ValueError"],
  IndexError: ["IndexError"],
  DoesNotExist: ["ObjectDoesNotExist"],
  RelatedObjectDoesNotExist: ["ObjectDoesNotExist"],
};

/** Errors of the database itself, for which another answer through other SQL may be right. */
const REFUSALS = ["OperationalError", "ProgrammingError", "DataError", "NotSupportedError"];

function classNames(error: object): string[] {
  const names: string[] = [];
  for (
    let proto = Object.getPrototypeOf(error);
    proto && proto !== Error.prototype;
    proto = Object.getPrototypeOf(proto)
  ) {
    const name = (proto.constructor as { name?: string }).name;
    if (name) names.push(name);
  }
  return names;
}

/** The class of an error as Django would name it. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const [own = error.name, ...parents] = classNames(error);
  if (own === "ArgumentTypeError") return "TypeError";
  if (parents.includes("ObjectDoesNotExist")) return "DoesNotExist";
  if (parents.includes("MultipleObjectsReturned")) return "MultipleObjectsReturned";
  return own;
}

/** Whether an error was thrown on purpose, and not by a fault such as reading a property of undefined. */
export function isDeliberate(error: unknown): boolean {
  if (error instanceof Abort) return true;
  return (
    error instanceof Error && typeof (error as { code?: unknown }).code === "string" && !isNodeError(error)
  );
}

function isNodeError(error: Error): boolean {
  return String((error as { code?: unknown }).code).startsWith("ERR_");
}

/** Why an error is not the expected one, or null. */
export function compareError(expected: Outcome, error: unknown, modelClass?: unknown): string | null {
  const wanted = expected.error as string;
  const text = describe(error);
  // JavaScript's own error for an index that is out of range.
  if (wanted === "IndexError" && error instanceof RangeError) return null;
  if (expected.incidental) return isDeliberate(error) ? null : `expected any clear answer, got ${text}`;
  if (!isDeliberate(error)) return `expected ${wanted}, got an unexpected ${text}`;
  if (wanted === "Abort") return error instanceof Abort ? null : `expected Abort, got ${text}`;
  const names = classNames(error as object);
  if (expected.db && REFUSALS.includes(wanted)) {
    return names.some((name) => name === "DatabaseError" || name === wanted)
      ? null
      : `expected ${wanted}, got ${text}`;
  }
  const accepted = ALIASES[wanted] ?? [wanted];
  const matches =
    wanted === "DoesNotExist" || wanted === "RelatedObjectDoesNotExist" ? names : names.slice(0, 1);
  if (!matches.some((name) => accepted.includes(name)) && !isModelError(wanted, error, modelClass)) {
    return `expected ${wanted}, got ${text}`;
  }
  if (wanted === "DoesNotExist" && modelClass && !isModelError(wanted, error, modelClass)) {
    return `expected the model's own ${wanted}, got ${text}`;
  }
  return compareDetails(expected, error as Record<string, unknown>);
}

function isModelError(wanted: string, error: unknown, modelClass: unknown): boolean {
  const own = (modelClass as Record<string, unknown> | undefined)?.[wanted];
  if (typeof own === "function") return error instanceof own;
  return wanted === "MultipleObjectsReturned" && classNames(error as object).includes(wanted);
}

function compareDetails(expected: Outcome, error: Record<string, unknown>): string | null {
  if (expected.objects) {
    const objects = [
      ...((error["protectedObjects"] ?? error["restrictedObjects"] ?? []) as Iterable<unknown>),
    ];
    const got = objects.map((object) =>
      isInstance(object) ? identityOf(object) : encode(object, { toAttr: new Set() }),
    );
    return compareUnordered(expected.objects, got, "objects");
  }
  if (expected.errors !== undefined) return compareValidation(expected.errors, validationErrors(error));
  return null;
}

interface ValidationItem {
  code: string | null;
  message: string;
}

type ValidationErrors = ValidationItem[] | Record<string, ValidationItem[]>;

interface ValidationErrorLike {
  readonly errorDict?: Record<string, unknown> | Map<string, unknown> | null;
  readonly errorList?: readonly unknown[] | null;
  readonly messages?: readonly string[];
  readonly validationCode?: string | null;
  readonly params?: Record<string, unknown> | null;
  readonly message?: string;
  readonly code?: string | null;
}

/** The codes and messages of a `ValidationError`, by field where it has fields. */
export function validationErrors(error: unknown): ValidationErrors {
  const { errorDict } = error as ValidationErrorLike;
  if (errorDict) {
    const entries = errorDict instanceof Map ? [...errorDict] : Object.entries(errorDict);
    return Object.fromEntries(entries.map(([field, inner]) => [field, validationItems(inner)]));
  }
  return validationItems(error);
}

function validationItems(error: unknown): ValidationItem[] {
  if (Array.isArray(error)) return error.flatMap((inner) => validationItems(inner));
  const { errorList, messages, message, code, validationCode } = error as ValidationErrorLike;
  if (errorList && !(errorList.length === 1 && errorList[0] === error))
    return errorList.flatMap(validationItems);
  return [
    {
      code: (validationCode === undefined ? code : validationCode) ?? null,
      message: messages?.[0] ?? message ?? "",
    },
  ];
}

function compareValidation(expected: unknown, got: ValidationErrors): string | null {
  const codes = (items: unknown) => (items as ValidationItem[]).map((item) => item.code);
  if (Array.isArray(expected)) {
    return Array.isArray(got)
      ? compareUnordered(codes(expected), codes(got), "errors")
      : `errors: expected a list, got ${JSON.stringify(got)}`;
  }
  if (!isRecord(expected) || Array.isArray(got))
    return `errors: expected errors by field, got ${JSON.stringify(got)}`;
  const fields = compareUnordered(Object.keys(expected), Object.keys(got), "errors");
  if (fields) return fields;
  for (const [field, items] of Object.entries(expected)) {
    const difference = compareUnordered(codes(items), codes(got[field]), `errors.${field}`);
    if (difference) return difference;
  }
  return null;
}

/** Whether the texts agree, after our names were put in place of Django's; null when there is none to compare. */
export function sameText(expected: Outcome, error: unknown): boolean | null {
  if (expected.incidental || expected.db) return null;
  if (expected.errors !== undefined) {
    const texts = (errors: unknown) =>
      JSON.stringify(errors, (key, value: unknown) =>
        key === "message" ? normalizeText(String(value)) : value,
      );
    return texts(sortKeys(expected.errors)) === texts(sortKeys(validationErrors(error)));
  }
  if (expected.message === undefined || !(error instanceof Error)) return null;
  return normalizeText(expected.message) === normalizeText(error.message);
}

function sortKeys(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** A text without what differs between the languages: names in camelCase, quotes, `None`, `True`, tuples. */
export function normalizeText(text: string): string {
  return (
    text
      .replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (name) => (name.includes("__") ? name : camelCase(name)))
      // An option.
      .replace(/\{ (\w+): (\w+) \}/g, "$1=$2")
      .replace(/\bNone\b/g, "null")
      .replace(/\bTrue\b/g, "true")
      .replace(/\bFalse\b/g, "false")
      .replace(/["“”‘’`]/g, "'")
      .replace(/django(?:\.[a-z]+)+\./g, "")
      .replace(/\.$/, "")
      .replace(/\s+/g, " ")
      .trim()
  );
}

/** An error in one line. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${errorName(error)}: ${error.message}` : String(error);
}

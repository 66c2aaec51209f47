/** Compares Django's recorded answer with an encoded answer of ours. */
import { formOf, isRecord } from "./format.ts";

export interface CompareOptions {
  /** False: rows, and arrays of prefetched objects inside them, are multisets. */
  ordered: boolean;
}

const RELATIVE = 1e-9;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

function differs(path: string, expected: unknown, got: unknown): string {
  return `${path || "result"}: expected ${show(expected)}, got ${show(got)}`;
}

function compareNumbers(expected: number, got: number): boolean {
  if (Object.is(expected, got)) return true;
  if (expected === 0 && got === 0) return false;
  // Two whole numbers that a double holds exactly are compared exactly: they may be integers.
  if (Number.isSafeInteger(expected) && Number.isSafeInteger(got)) return false;
  const scale = Math.max(Math.abs(expected), Math.abs(got));
  return Number.isFinite(scale) && Math.abs(expected - got) <= RELATIVE * scale;
}

function floatOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (formOf(value) !== "$float") return undefined;
  const text = String((value as Record<string, unknown>)["$float"]);
  if (text === "nan") return Number.NaN;
  if (text === "inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** Sign, digits and exponent of a decimal's text; texts with a positive exponent become plain integers. */
export function decimalParts(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match || `${match[2]}${match[3] ?? ""}` === "") return text.trim().toLowerCase();
  const fraction = match[3] ?? "";
  let exponent = Number(match[4] ?? 0) - fraction.length;
  let digits = `${match[2]}${fraction}`.replace(/^0+(?=\d)/, "");
  while (exponent > 0 && digits !== "0" && digits.length < 2000) {
    digits += "0";
    exponent -= 1;
  }
  if (digits === "0" && exponent > 0) exponent = 0;
  return `${match[1] === "-" ? "-" : ""}${digits}e${exponent}`;
}

/** Microseconds since the epoch of an aware datetime's text, or undefined for a naive one. */
export function instantOf(text: string): bigint | undefined {
  const match =
    /^(\d{4,}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/.exec(
      text,
    );
  if (!match) return undefined;
  const base = Date.parse(`${match[1]}T${match[2]}:${match[3] ?? "00"}Z`);
  if (Number.isNaN(base)) return undefined;
  const micros = BigInt((match[4] ?? "").padEnd(6, "0").slice(0, 6) || "0");
  let offset = 0;
  const zone = match[5] as string;
  if (zone !== "Z") {
    const [hours = "0", minutes = "0", seconds = "0"] = zone.slice(1).split(":");
    offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (zone[0] === "-" ? -1 : 1);
  }
  return BigInt(base) * 1000n + micros - BigInt(Math.round(offset * 1e6));
}

function microsecondsOf(time: string): string {
  const [head = "", fraction = ""] = time.split(".");
  const parts = head.split(":");
  while (parts.length < 3) parts.push("00");
  return `${parts.join(":")}.${fraction.padEnd(6, "0").slice(0, 6)}`;
}

function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const form = formOf(value);
  if (form === "$tuple" || form === "$set") return (value as Record<string, unknown[]>)[form];
  return undefined;
}

/** Compares two lists as multisets. */
function compareMultiset(
  expected: unknown[],
  got: unknown[],
  path: string,
  options: CompareOptions,
): string | null {
  if (expected.length !== got.length) {
    return `${path || "result"}: expected ${expected.length} items, got ${got.length}: expected ${show(expected)}, got ${show(got)}`;
  }
  const rest = [...got];
  for (const item of expected) {
    const index = rest.findIndex((candidate) => compare(item, candidate, options, path) === null);
    if (index < 0) return `${path || "result"}: no match for ${show(item)} among ${show(rest)}`;
    rest.splice(index, 1);
  }
  return null;
}

function compareList(
  expected: unknown[],
  got: unknown,
  path: string,
  options: CompareOptions,
): string | null {
  const list = listOf(got);
  if (!list) return differs(path, expected, got);
  if (list.length !== expected.length) {
    return `${path || "result"}: expected ${expected.length} items, got ${list.length}: expected ${show(expected)}, got ${show(got)}`;
  }
  for (const [index, item] of expected.entries()) {
    const difference = compare(item, list[index], options, `${path}[${index}]`);
    if (difference) return difference;
  }
  return null;
}

/** A `Map` with texts as keys is what Python's plain mapping is. */
function objectOfMap(got: Record<string, unknown>): unknown {
  const entries = got["$map"] as [unknown, unknown][];
  return entries.every(([key]) => typeof key === "string") ? Object.fromEntries(entries) : entries;
}

function compareObject(
  expected: Record<string, unknown>,
  got: unknown,
  path: string,
  options: CompareOptions,
): string | null {
  if (!isRecord(got)) return differs(path, expected, got);
  if (formOf(got) === "$map") return compareObject(expected, objectOfMap(got), path, options);
  for (const key of Object.keys(expected)) {
    if (!Object.hasOwn(got, key)) return `${path}.${key}: missing, expected ${show(expected[key])}`;
    const difference = compare(expected[key], got[key], options, `${path}.${key}`);
    if (difference) return difference;
  }
  for (const key of Object.keys(got)) {
    if (!Object.hasOwn(expected, key)) return `${path}.${key}: not expected, got ${show(got[key])}`;
  }
  return null;
}

/** A model instance: label, key, fields, annotations, cached relations, deferred fields. */
function compareInstance(
  expected: Record<string, unknown>,
  got: unknown,
  path: string,
  options: CompareOptions,
): string | null {
  if (!isRecord(got) || !Array.isArray(got["$obj"])) return differs(path, expected, got);
  const identity = compareList(expected["$obj"] as unknown[], got["$obj"], `${path}.$obj`, options);
  if (identity) return identity;
  for (const part of ["fields", "annotations"]) {
    const difference = compareObject(
      (expected[part] ?? {}) as Record<string, unknown>,
      got[part] ?? {},
      `${path}.${part}`,
      options,
    );
    if (difference) return difference;
  }
  const deferred = compareMultiset(
    (expected["deferred"] ?? []) as unknown[],
    (got["deferred"] ?? []) as unknown[],
    `${path}.deferred`,
    options,
  );
  if (deferred) return deferred;
  const expectedRelated = (expected["related"] ?? {}) as Record<string, unknown>;
  const gotRelated = (got["related"] ?? {}) as Record<string, unknown>;
  for (const key of Object.keys(gotRelated)) {
    if (!Object.hasOwn(expectedRelated, key)) return `${path}.related.${key}: loaded, but not by Django`;
  }
  for (const key of Object.keys(expectedRelated)) {
    if (!Object.hasOwn(gotRelated, key)) return `${path}.related.${key}: not loaded`;
    const left = expectedRelated[key];
    const right = gotRelated[key];
    const where = `${path}.related.${key}`;
    const difference =
      !options.ordered && Array.isArray(left) && Array.isArray(right)
        ? compareMultiset(left, right, where, options)
        : compare(left, right, options, where);
    if (difference) return difference;
  }
  return null;
}

function compareNamed(
  expected: [string, unknown][],
  got: unknown,
  path: string,
  options: CompareOptions,
): string | null {
  const entries =
    formOf(got) === "$named"
      ? ((got as Record<string, unknown>)["$named"] as [string, unknown][])
      : isRecord(got)
        ? Object.entries(got)
        : null;
  if (!entries) return differs(path, expected, got);
  if (expected.map(([key]) => key).join() !== entries.map(([key]) => key).join()) {
    return `${path || "row"}: expected the names ${expected.map(([key]) => key)}, got ${entries.map(([key]) => key)}`;
  }
  return compareList(
    expected.map(([, value]) => value),
    entries.map(([, value]) => value),
    path,
    options,
  );
}

function compareForm(
  form: string,
  expected: Record<string, unknown>,
  got: unknown,
  path: string,
  options: CompareOptions,
): string | null {
  const inner = expected[form];
  const same = formOf(got) === form ? (got as Record<string, unknown>)[form] : undefined;
  const answer = (equal: boolean) => (equal ? null : differs(path, expected, got));
  switch (form) {
    case "$obj":
      return compareInstance(expected, got, path, options);
    case "$ref":
      return same === undefined
        ? differs(path, expected, got)
        : compareList(inner as unknown[], same, path, options);
    case "$decimal":
      return answer(typeof same === "string" && decimalParts(String(inner)) === decimalParts(same));
    case "$datetime": {
      if (typeof same !== "string") return differs(path, expected, got);
      const right = instantOf(same);
      // Here is no datetime without a zone: what SQL of the user's own gives is read in UTC.
      const left = instantOf(String(inner)) ?? (right === undefined ? undefined : instantOf(`${inner}Z`));
      if (left === undefined || right === undefined) {
        return answer(left === right && naiveText(String(inner)) === naiveText(same));
      }
      return answer(left === right);
    }
    case "$time":
      return answer(typeof same === "string" && microsecondsOf(String(inner)) === microsecondsOf(same));
    case "$duration_us":
      return answer(same !== undefined && String(inner) === String(same));
    case "$bigint":
      // A float may be a whole number beyond the safe integers: the same number, of JavaScript's one type.
      return answer(
        inner === same || (typeof got === "number" && Number.isInteger(got) && String(BigInt(got)) === inner),
      );
    case "$uuid":
      return answer(inner === got || inner === same);
    case "$tuple":
      return compareList(inner as unknown[], got, path, options);
    case "$set": {
      const list = listOf(got);
      return list ? compareMultiset(inner as unknown[], list, path, options) : differs(path, expected, got);
    }
    case "$map":
      return Array.isArray(same)
        ? compareMultiset(inner as unknown[], same as unknown[], path, options)
        : differs(path, expected, got);
    case "$object":
      return Array.isArray(same)
        ? compareMultiset(inner as unknown[], same as unknown[], path, options)
        : differs(path, expected, got);
    case "$named":
      return compareNamed(inner as [string, unknown][], got, path, options);
    default:
      return answer(same !== undefined && JSON.stringify(inner) === JSON.stringify(same));
  }
}

function naiveText(text: string): string {
  const [day = "", time = ""] = text.replace(" ", "T").split("T");
  return `${day}T${microsecondsOf(time)}`;
}

/** The first difference between Django's value and ours, or null when they agree. */
export function compare(expected: unknown, got: unknown, options: CompareOptions, path = ""): string | null {
  const number = floatOf(expected);
  if (number !== undefined) {
    const other = floatOf(got);
    return other !== undefined && compareNumbers(number, other) ? null : differs(path, expected, got);
  }
  if (Array.isArray(expected)) {
    return Array.isArray(got) ? compareList(expected, got, path, options) : differs(path, expected, got);
  }
  if (isRecord(expected)) {
    const form = formOf(expected);
    return form
      ? compareForm(form, expected, got, path, options)
      : compareObject(expected, got, path, options);
  }
  return expected === got ? null : differs(path, expected, got);
}

/** Compares the rows of a query: in order, or as a multiset. */
export function compareRows(expected: unknown[], got: unknown[], options: CompareOptions): string | null {
  return options.ordered
    ? compareList(expected, got, "rows", options)
    : compareMultiset(expected, got, "rows", options);
}

/** Compares two lists whose order says nothing. */
export function compareUnordered(expected: unknown[], got: unknown[], path: string): string | null {
  return compareMultiset(expected, got, path, { ordered: true });
}

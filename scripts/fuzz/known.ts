/** Differences that are none: what another version of SQLite, or another language, cannot answer alike. */
import { compare, compareRows } from "../conformance/compare.ts";
import { formOf, isRecord, type Outcome, type QueryCase } from "../conformance/format.ts";
import type { Verdict } from "../conformance/run-case.ts";

/** Why a difference says nothing about this library, or undefined. */
export function knownReason(made: QueryCase, expected: Outcome, verdict: Verdict): string | undefined {
  const problem = verdict.problem ?? "";
  const text = JSON.stringify(made.chain) + JSON.stringify(made.terminal);
  if (isNamed(made) && JSON.stringify(expected).includes('["length",')) {
    return "a named row is an array, whose `length` is its own";
  }
  if (
    expected.error === "ValueError" &&
    /does not support composite primary keys/.test(expected.message ?? "")
  ) {
    return "a composite key orders a window";
  }
  if (
    /Cannot resolve keyword ''/.test(expected.message ?? "") &&
    /"(union|intersection|difference)"/.test(text)
  ) {
    return "Django loses the name of a combined query's column";
  }
  if (expected.error && /does not support composite primary keys/.test(problem)) {
    return "a composite key is refused when the call is chained";
  }
  if (
    /mixed types/.test(expected.message ?? "") &&
    ["XOR", "Window"].every((word) => text.includes(`"${word}"`))
  ) {
    return "Django finds no type for the parts of an XOR over window functions";
  }
  if (/no such column: .* - should this be a string literal/.test(problem)) {
    return "an older SQLite reads a name that it does not know as a text";
  }
  if (expected.error === undefined && moreLoaded(made, expected, verdict)) {
    return "columns that Django leaves out are known from another object";
  }
  if (
    /expected \{"\$obj":.* got \{"\$ref":|no match for/.test(problem) &&
    sameButReferences(expected, verdict)
  ) {
    return "an object that is there already is not fetched again";
  }
  return undefined;
}

function isNamed({ chain }: QueryCase): boolean {
  return chain.some(({ kwargs }) => kwargs?.["named"] === true);
}

/** Fewer statements, and the same objects: where Django has a copy of an outer object, the object itself stands. */
function sameButReferences(expected: Outcome, verdict: Verdict): boolean {
  if (expected.queries === undefined || verdict.sql.length >= expected.queries) return false;
  const flat = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(flat).sort(byText);
    if (!isRecord(node)) return node;
    const form = formOf(node);
    if (form === "$datetime") return Date.parse(String(node[form]));
    if (form === "$ref") return node[form];
    return Object.fromEntries(
      Object.keys(node)
        .sort()
        .map((key) => [key, flat(node[key])]),
    );
  };
  const shorten = (left: unknown, right: unknown): [unknown, unknown] => {
    if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
      const pairs = left.map((item, index) => shorten(item, right[index]));
      return [pairs.map(([item]) => item), pairs.map(([, item]) => item)];
    }
    if (!isRecord(left) || !isRecord(right)) return [left, right];
    if (formOf(right) === "$ref" && formOf(left) === "$obj") return [right, right];
    const keys = Object.keys(left).filter((key) => key in right);
    if (keys.length !== Object.keys(left).length || keys.length !== Object.keys(right).length)
      return [left, right];
    const pairs = keys.map((key) => [key, shorten(left[key], right[key])] as const);
    return [
      Object.fromEntries(pairs.map(([key, [item]]) => [key, item])),
      Object.fromEntries(pairs.map(([key, [, item]]) => [key, item])),
    ];
  };
  const [left, right] = shorten(expected.rows ?? expected.value, verdict.got);
  return JSON.stringify(flat(left)) === JSON.stringify(flat(right));
}

/**
 * Whether the answers agree once columns are left out that Django has deferred in objects of a model: the key of a
 * selected object, and what a child that is found over a proxy has from its parent.
 */
function moreLoaded(made: QueryCase, expected: Outcome, verdict: Verdict): boolean {
  const deferred = new Map<string, Set<string>>();
  collectDeferred(expected.rows ?? expected.value, deferred);
  if (deferred.size === 0) return false;
  const left = leaveOut(expected.rows ?? expected.value, deferred);
  const right = leaveOut(verdict.got, deferred);
  const options = { ordered: made.ordered !== false };
  if (!expected.rows) return compare(left, right, options) === null;
  return Array.isArray(right) && compareRows(left as unknown[], right, options) === null;
}

function collectDeferred(node: unknown, found: Map<string, Set<string>>): void {
  if (Array.isArray(node)) for (const item of node) collectDeferred(item, found);
  if (!isRecord(node)) return;
  if (Array.isArray(node["deferred"]) && formOf(node) === "$obj") {
    const label = String((node["$obj"] as unknown[])[0]);
    found.set(label, new Set([...(found.get(label) ?? []), ...(node["deferred"] as string[])]));
  }
  for (const item of Object.values(node)) collectDeferred(item, found);
}

function leaveOut(node: unknown, deferred: ReadonlyMap<string, ReadonlySet<string>>): unknown {
  if (Array.isArray(node)) return node.map((item) => leaveOut(item, deferred));
  if (!isRecord(node)) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, item]) => [key, leaveOut(item, deferred)]));
  const names = formOf(node) === "$obj" ? deferred.get(String((node["$obj"] as unknown[])[0])) : undefined;
  if (!names) return copy;
  const fields = copy["fields"] as Record<string, unknown>;
  copy["fields"] = Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
  copy["deferred"] = [];
  return copy;
}

function byText(left: unknown, right: unknown): number {
  const [a, b] = [JSON.stringify(left) ?? "", JSON.stringify(right) ?? ""];
  return a < b ? -1 : a > b ? 1 : 0;
}

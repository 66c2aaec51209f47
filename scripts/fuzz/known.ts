/** Differences that are none: what another version of SQLite, or another language, cannot answer alike. */
import { formOf, isRecord, type Outcome, type QueryCase } from "../conformance/format.ts";
import type { Verdict } from "../conformance/run-case.ts";

/** Why a difference says nothing about this library, or undefined. */
export function knownReason(made: QueryCase, expected: Outcome, verdict: Verdict): string | undefined {
  const problem = verdict.problem ?? "";
  if (isNamed(made) && JSON.stringify(expected).includes('["length",')) {
    return "a named row is an array, whose `length` is its own";
  }
  if (/expected \{"\$obj":.* got \{"\$ref":|no match for/.test(problem) && sameButReferences(expected, verdict)) {
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
    if (keys.length !== Object.keys(left).length || keys.length !== Object.keys(right).length) return [left, right];
    const pairs = keys.map((key) => [key, shorten(left[key], right[key])] as const);
    return [
      Object.fromEntries(pairs.map(([key, [item]]) => [key, item])),
      Object.fromEntries(pairs.map(([key, [, item]]) => [key, item])),
    ];
  };
  const [left, right] = shorten(expected.rows ?? expected.value, verdict.got);
  return JSON.stringify(flat(left)) === JSON.stringify(flat(right));
}

function byText(left: unknown, right: unknown): number {
  const [a, b] = [JSON.stringify(left) ?? "", JSON.stringify(right) ?? ""];
  return a < b ? -1 : a > b ? 1 : 0;
}

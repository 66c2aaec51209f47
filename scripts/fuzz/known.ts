/** Differences that are none: what another version of SQLite, or another language, cannot answer alike. */
import { compare, compareRows } from "../conformance/compare.ts";
import { formOf, isRecord, type Outcome, type QueryCase } from "../conformance/format.ts";
import type { Verdict } from "../conformance/run-case.ts";

/** Why a difference says nothing about this library, or undefined. */
export function knownReason(
  made: QueryCase,
  expected: Outcome,
  verdict: Verdict,
  theirs: readonly string[],
): string | undefined {
  const problem = verdict.problem ?? "";
  const text = JSON.stringify(made.chain) + JSON.stringify(made.terminal);
  const ours = verdict.sql.join("\n");
  const refused = expected.db === true && /^expected \w+, got (?:Type|Value|Validation)Error/.test(problem);
  if (/Error binding parameter \d+: type/.test(problem) || (refused && verdict.sql.length === 0)) {
    return "a value that no column can hold is refused before it is sent";
  }
  if (/A parameter of type '\w+' is not supported/.test(problem)) {
    return "a value that no column can hold is refused before it is sent";
  }
  if (/expected a Uint8Array but got/.test(problem)) return "bytes are compared with bytes alone";
  if (/ is not a list/.test(problem) && /__(?:in|range)"(?:,|:)\{/.test(text)) {
    return "an object's keys are no list";
  }
  if (theirs.join().includes("__orderbycol") && /expected \d+ items/.test(problem)) {
    return "Django's rows of a combined query have the column that it orders by as well";
  }
  if (/^no method|matching query does not exist\.$/.test(problem) && expected.incidental)
    return "Django fails by accident";
  if (/value for an isnull lookup must be/.test(problem) && expected.rows) {
    return "Django does not look at the value of isnull on a key of JSON";
  }
  if (
    /distinct\(\) takes names|\(\) takes querysets, not|outputField must be a field, not (?!<)/.test(problem)
  ) {
    return "a wrong argument is refused when the call is chained";
  }
  if (
    /relationName must be a text|Field 'duration' expected a Duration or a text|lookupName is the name of a part/.test(
      problem,
    )
  )
    return "a wrong argument is refused when the call is chained";
  if (text.includes('"complex_filter"') && /not supported/.test(problem)) {
    return "Django lets complex_filter() pass on a combined query, and filters a part of it";
  }
  if (/\{"\$uuid"/.test(text) && /expected "?[^"]*[0-9a-f]{32}/.test(problem)) {
    return "a UUID is a text, which nothing tells from another one as a value of its own";
  }
  if (/"flat":\{\}/.test(text)) return "an empty object counts as true";
  const unknown = /no such column: "(\w+)" - should this be a string literal/.exec(problem)?.[1];
  if (unknown !== undefined && !theirs.join().includes(`AS "${unknown}"`)) {
    return "an older SQLite reads a name that it does not know as a text";
  }
  if (expected.rows && / LIMIT /.test(ours) && shapeOf(ours) === shapeOf(theirs.join("\n"))) {
    return "the same SQL: another SQLite orders ties in another way";
  }
  if (/takes exactly \d argument \(0 given\)|requires a non-null source expression/.test(problem))
    return "an object is options";
  if (/indices must be integers or slices, not (?:-?[\d.]+|true)/.test(problem))
    return "SQLite takes a fraction as a limit";
  if (/does not select '\w+', which an aggregate needs/.test(problem)) {
    return "what Django sends and SQLite refuses is refused before it is sent";
  }
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
  if (
    (expected.error || expected.rows?.length === 0) &&
    /does not support composite primary keys/.test(problem)
  ) {
    return "a composite key is refused when the call is chained";
  }
  if (/mixed types/.test(expected.message ?? "") && text.includes('"Window"')) {
    return "Django finds no type for a list in a condition with window functions";
  }
  if (/does not fit a number exactly/.test(problem)) {
    return "an integer beyond 2^53 in a field of numbers is refused";
  }
  if (
    /loaded, but not by Django/.test(problem) &&
    made.chain.some(({ m }) => m === "only" || m === "defer")
  ) {
    return "a selected object stays when its deferred key is fetched";
  }
  if (shapeOf(ours) === shapeOf(theirs.join("\n"))) {
    if (/no such column: .* - should this be a string literal/.test(problem)) {
      return "the same SQL: an older SQLite reads a name that it does not know as a text";
    }
    if (/user-defined function raised exception/.test(problem) && / AND /.test(ours)) {
      return "the same SQL: another SQLite comes to a condition that raises before one that is false";
    }
  }
  if (
    /ON clause references tables to its right/.test(problem) &&
    joinsOf(ours).every((join) => joinsOf(theirs.join("\n")).includes(join))
  ) {
    return "the same joins: a newer SQLite minds their order";
  }
  if (
    made.terminal.m === "index" &&
    /\$obj\[1\]/.test(problem) &&
    shapeOf(ours) === shapeOf(theirs.join("\n"))
  ) {
    return "the same SQL: another SQLite orders ties in another way";
  }
  const rows = expected.rows && Array.isArray(verdict.got) ? verdict.got : null;
  if (rows && orderOf(ours) === orderOf(theirs.join("\n"))) {
    if (compareRows(expected.rows ?? [], rows, { ordered: false }) === null) {
      return "the same joins and ORDER BY: another SQLite orders ties in another way";
    }
  }
  if (
    /GROUP BY 1(?:\) subquery| ORDER BY )/.test(theirs.join("\n")) &&
    /GROUP BY 1, "[^"]*"."[^"]*", /.test(ours)
  ) {
    return "Django groups by the first column of a composite key";
  }
  if (expected.error === undefined && /"\$decimal"/.test(problem) && sameButDigits(made, expected, verdict)) {
    return "another SQLite rounds the last digit of a decimal that it computes as a float in another way";
  }
  if (expected.error === undefined && moreLoaded(made, expected, verdict)) {
    return "columns that Django leaves out are known from another object";
  }
  if (expected.error === undefined && sameButCopies(made, expected, verdict)) {
    return "an object that is there already is not fetched again";
  }
  return undefined;
}

/** Statements without what Django writes in another way: placeholders, limits, percent signs, parentheses. */
function shapeOf(sql: string): string {
  return (
    sql
      .replace(/%s|\?/g, "?")
      .replace(/%%/g, "%")
      .replace(/[()]/g, "")
      // Which letter a subquery has says nothing.
      .replace(/\b[U-Z](\d+)\b/g, "U$1")
      .replace(/\b(LIMIT|OFFSET) \d+/g, "$1 ?")
  );
}

/** What decides on the order of rows: what is selected and joined, and the last ORDER BY. */
function orderOf(sql: string): string {
  const shape = shapeOf(sql);
  return `${shape.split(" WHERE ")[0]?.split(" GROUP BY ")[0]} ${shape.slice(shape.lastIndexOf(" ORDER BY "))}`;
}

/** The joins of statements, with their conditions. */
function joinsOf(sql: string): string[] {
  return shapeOf(sql)
    .split(/ (?=(?:INNER|LEFT OUTER) JOIN )| (?=WHERE|GROUP BY|ORDER BY|HAVING)/)
    .filter((part) => /^(?:INNER|LEFT OUTER) JOIN /.test(part));
}

function isNamed({ chain }: QueryCase): boolean {
  return chain.some(({ kwargs }) => kwargs?.["named"] === true);
}

function sameButDigits(made: QueryCase, expected: Outcome, verdict: Verdict): boolean {
  const numbers = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(numbers);
    if (!isRecord(node)) return node;
    const digits = formOf(node) === "$decimal" ? String(node["$decimal"]) : "";
    // Nearly nothing is what is left of a sum in which nothing should be left.
    if (digits && Math.abs(Number(digits)) < 1e-12) return 0;
    // All digits of a float: a decimal that was stored has fewer.
    if (digits.replace(/\D/g, "").length >= 14) return Number(digits);
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, numbers(item)]));
  };
  const left = numbers(expected.rows ?? expected.value);
  const right = numbers(verdict.got);
  const options = { ordered: made.ordered !== false };
  if (!expected.rows) return compare(left, right, options) === null;
  return Array.isArray(right) && compareRows(left as unknown[], right, options) === null;
}

/** Fewer statements, and the same objects: where Django has a copy of an outer object, the object itself stands. */
function sameButCopies(made: QueryCase, expected: Outcome, verdict: Verdict): boolean {
  if (expected.queries === undefined || verdict.sql.length >= expected.queries) return false;
  const left = prune(expected.rows ?? expected.value, 0);
  const right = prune(verdict.got, 0);
  const options = { ordered: made.ordered !== false };
  if (!expected.rows) return compare(left, right, options) === null;
  return Array.isArray(right) && compareRows(left as unknown[], right, options) === null;
}

/** Objects that are related to related objects are but named. */
function prune(node: unknown, depth: number): unknown {
  if (Array.isArray(node)) return node.map((item) => prune(item, depth));
  if (!isRecord(node)) return node;
  const identity = node["$obj"] ?? node["$ref"];
  if (identity === undefined) {
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, prune(item, depth)]));
  }
  // The label may be that of a proxy.
  if (depth > 1) return { $ref: [(identity as unknown[])[1]] };
  return Object.fromEntries(
    Object.entries(node).map(([key, item]) => [key, key === "$obj" ? item : prune(item, depth + 1)]),
  );
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

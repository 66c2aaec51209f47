/** Prints what passed, failed and is unsupported, and what failing cases look like. */
import { type Call, groupBy, type MutationCase, type QueryCase, type Step } from "./format.ts";
import type { CaseResult } from "./suite.ts";

export interface Totals {
  cases: number;
  passed: number;
  failed: number;
  unsupported: number;
  /** Error texts that agree with Django's after translation, of those compared. */
  texts: number;
  sameTexts: number;
}

export function totalsOf(results: readonly CaseResult[]): Totals {
  const totals: Totals = { cases: 0, passed: 0, failed: 0, unsupported: 0, texts: 0, sameTexts: 0 };
  for (const { verdict } of results) {
    totals.cases += 1;
    if (verdict.problem === null) totals.passed += 1;
    else if (verdict.unsupported !== undefined) totals.unsupported += 1;
    else totals.failed += 1;
    if (verdict.text !== null) {
      totals.texts += 1;
      if (verdict.text) totals.sameTexts += 1;
    }
  }
  return totals;
}

/** A table: one line per colour and file, then the totals. */
export function summary(results: readonly CaseResult[]): string {
  const groups = groupBy(results, ({ colour, file }) => `${colour} ${file}`);
  const lines = ["colour file                             passed failed unsupported  error texts"];
  const row = (name: string, totals: Totals) =>
    [
      name.padEnd(38),
      String(totals.passed).padStart(6),
      String(totals.failed).padStart(6),
      String(totals.unsupported).padStart(11),
      `${totals.sameTexts}/${totals.texts}`.padStart(12),
    ].join(" ");
  for (const [name, group] of groups) lines.push(row(name, totalsOf(group)));
  for (const [colour, group] of groupBy(results, (result) => result.colour)) {
    lines.push(row(`total ${colour}`, totalsOf(group)));
  }
  return lines.join("\n");
}

/** Why cases are unsupported, most frequent first. */
export function unsupportedReasons(results: readonly CaseResult[]): string {
  const reasons = groupBy(
    results.filter(({ verdict }) => verdict.unsupported !== undefined),
    ({ verdict }) => verdict.unsupported as string,
  );
  return [...reasons]
    .sort(([, left], [, right]) => right.length - left.length)
    .map(([reason, group]) => `${String(group.length).padStart(6)}  ${reason} (${group[0]?.id})`)
    .join("\n");
}

function short(value: unknown): string {
  if (value === undefined) return "";
  const text = JSON.stringify(value);
  return text.length > 2500 ? `${text.slice(0, 2500)}...` : text;
}

function showCall({ m, args, kwargs }: Call): string {
  const given = [
    ...(args ?? []).map((arg) => JSON.stringify(arg)),
    ...Object.entries(kwargs ?? {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  ];
  return `.${m}(${given.join(", ")})`;
}

function showStep(step: Step, indent = "    "): string {
  const { do: kind, chain = [], terminal, steps, on, model, ...rest } = step;
  const calls = [...chain, ...(terminal ? [terminal] : [])].map(showCall).join("");
  const head = `${indent}${kind} ${model ?? (on ? JSON.stringify(on) : "")}${calls} ${short(rest)}`;
  return [head, ...(steps ?? []).map((inner) => showStep(inner, `${indent}  `))].join("\n");
}

function showCase(source: QueryCase | MutationCase): string {
  if ("steps" in source) return source.steps.map((step) => showStep(step)).join("\n");
  const calls = [...source.chain, source.terminal].map(showCall).join("\n      ");
  return `    ${source.model}.${source.manager ?? "objects"}\n      ${calls}`;
}

/** All that helps to see why a case fails. */
export function showFailure(
  result: CaseResult,
  djangoSql: readonly string[] | undefined,
  withSql: boolean,
): string {
  const { id, title, colour, file, source, verdict } = result;
  const lines = [
    `--- ${id} ${title ? `(${title}) ` : ""}[${file}, ${colour}]`,
    showCase(source),
    `  problem:  ${verdict.problem}`,
    `  expected: ${short(verdict.expected)}`,
    `  got:      ${short(verdict.got)}`,
    `  sent:     ${verdict.sql.join("\n            ")}`,
  ];
  if (djangoSql) lines.push(`  Django:   ${djangoSql.join("\n            ")}`);
  if (verdict.stack) lines.push(`  ${verdict.stack.split("\n").join("\n  ")}`);
  if (!withSql && !verdict.problem) lines.length = 1;
  return lines.join("\n");
}

/** Why cases do not pass: a JSON file of ids, with a colour where only one is meant, and reasons. */
import { readFileSync } from "node:fs";
import type { CaseResult } from "./suite.ts";

export type Reasons = Record<string, string>;

export function readReasons(path: string): Reasons {
  return JSON.parse(readFileSync(path, "utf8")) as Reasons;
}

/** The reason that was given for a case: by its id, or by its id and colour. */
export function reasonFor(reasons: Reasons, result: Pick<CaseResult, "id" | "colour">): string | undefined {
  return reasons[`${result.id} ${result.colour}`] ?? reasons[result.id];
}

/** The failing cases for which no reason is given. */
export function unexplained(reasons: Reasons, results: readonly CaseResult[]): CaseResult[] {
  return results.filter(
    (result) => result.verdict.problem !== null && reasonFor(reasons, result) === undefined,
  );
}

/** Reasons for cases that pass, or that do not exist: they can go. Give the results of a whole run. */
export function outdated(reasons: Reasons, results: readonly CaseResult[]): string[] {
  const failing = new Set(
    results
      .filter(({ verdict }) => verdict.problem !== null)
      .flatMap(({ id, colour }) => [id, `${id} ${colour}`]),
  );
  return Object.keys(reasons).filter((id) => !failing.has(id));
}

/** The ratchet: how many cases passed per backend, colour and file. It may only grow. */
import { readFileSync, writeFileSync } from "node:fs";
import type { CaseResult } from "./suite.ts";

/** Passed cases: backend, colour, file. */
export type Ratchet = Record<string, Record<string, Record<string, number>>>;

export function readRatchet(path: string): Ratchet {
  return JSON.parse(readFileSync(path, "utf8")) as Ratchet;
}

/** How many cases passed, per colour and file. */
export function passes(results: readonly CaseResult[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { colour, file, verdict } of results) {
    counts[colour] ??= {};
    const files = counts[colour];
    files[file] = (files[file] ?? 0) + (verdict.problem === null ? 1 : 0);
  }
  return counts;
}

/** What passed before and does not now, one line each. Files and colours that were not run are left out. */
export function regressions(ratchet: Ratchet, backend: string, results: readonly CaseResult[]): string[] {
  const now = passes(results);
  return Object.entries(now).flatMap(([colour, files]) =>
    Object.entries(files).flatMap(([file, count]) => {
      const before = ratchet[backend]?.[colour]?.[file] ?? 0;
      return count < before ? [`${backend} ${colour} ${file}: ${before} passed before, ${count} now`] : [];
    }),
  );
}

/** Writes the present passes into the file where they are more than before; what was not run stays. */
export function updateRatchet(path: string, backend: string, results: readonly CaseResult[]): void {
  let ratchet: Ratchet = {};
  try {
    ratchet = readRatchet(path);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
  }
  const own = { ...ratchet[backend] };
  for (const [colour, files] of Object.entries(passes(results))) {
    const before = own[colour] ?? {};
    const raised = Object.entries(files).map(([file, count]) => [file, Math.max(count, before[file] ?? 0)]);
    own[colour] = sorted({ ...before, ...Object.fromEntries(raised) });
  }
  ratchet[backend] = sorted(own);
  writeFileSync(path, `${JSON.stringify(sorted(ratchet), null, 2)}\n`);
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Differences that are not this library's: what another version of SQLite answers. */
import type { Outcome, QueryCase } from "../conformance/format.ts";
import type { Verdict } from "../conformance/run-case.ts";

/** Why a difference says nothing about this library, or undefined. */
export function knownReason(made: QueryCase, expected: Outcome, verdict: Verdict): string | undefined {
  void made;
  void expected;
  void verdict;
  return undefined;
}

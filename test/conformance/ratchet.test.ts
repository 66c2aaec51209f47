/** The ratchet sees fewer passes and nothing else; reasons are asked for what fails. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { passes, regressions, updateRatchet } from "../../scripts/conformance/ratchet.ts";
import { outdated, unexplained } from "../../scripts/conformance/reasons.ts";
import type { CaseResult } from "../../scripts/conformance/suite.ts";

function results(...problems: (string | null)[]): CaseResult[] {
  return problems.map((problem, index) => ({
    file: "cases/a",
    id: `a-${index}`,
    title: undefined,
    app: "x",
    colour: "sync",
    source: { id: `a-${index}`, app: "x", steps: [], expect: {} },
    verdict: { problem, sql: [], text: null },
  }));
}

it("counts passes per colour and file", () => {
  assert.deepEqual(passes(results(null, "wrong", null)), { sync: { "cases/a": 2 } });
});

it("tells fewer passes than before, and only those", () => {
  const ratchet = { sqlite: { sync: { "cases/a": 2, "cases/other": 5 } } };
  assert.deepEqual(regressions(ratchet, "sqlite", results(null, null)), []);
  assert.deepEqual(regressions(ratchet, "sqlite", results(null, null, null)), []);
  assert.equal(regressions(ratchet, "sqlite", results(null, "wrong")).length, 1);
});

it("is written upwards only", () => {
  const path = join(mkdtempSync(join(tmpdir(), "ratchet-")), "ratchet.json");
  const read = () => JSON.parse(readFileSync(path, "utf8")) as unknown;
  updateRatchet(path, "sqlite", results(null, null));
  assert.deepEqual(read(), { sqlite: { sync: { "cases/a": 2 } } });
  updateRatchet(path, "sqlite", results(null, "wrong"));
  assert.deepEqual(read(), { sqlite: { sync: { "cases/a": 2 } } });
  updateRatchet(path, "sqlite", results(null, null, null));
  assert.deepEqual(read(), { sqlite: { sync: { "cases/a": 3 } } });
});

it("asks a reason for each failing case, in a colour or in both", () => {
  const failing = results("wrong", "wrong", null);
  assert.deepEqual(
    unexplained({ "a-0": "because" }, failing).map(({ id }) => id),
    ["a-1"],
  );
  assert.deepEqual(unexplained({ "a-0 sync": "because", "a-1": "because" }, failing), []);
  assert.deepEqual(outdated({ "a-0": "because", "a-2": "because" }, failing), ["a-2"]);
});

/**
 * Django's recorded answers on SQLite, in both colours: no file may pass fewer cases than the ratchet says, and what
 * does not pass has a reason.
 */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readRatchet, regressions } from "../../scripts/conformance/ratchet.ts";
import { outdated, readReasons, unexplained } from "../../scripts/conformance/reasons.ts";
import { type CaseResult, caseFiles, Suite } from "../../scripts/conformance/suite.ts";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const directory = path("data");
const ratchet = readRatchet(path("ratchet.json"));
const reasons = readReasons(path("reasons.json"));
const suite = await Suite.open(directory);
const all: CaseResult[] = [];

const line = ({ id, colour, verdict }: CaseResult) => `${id} ${colour}: ${verdict.problem}`;

after(() => suite.close());

for (const colour of ["sync", "async"] as const) {
  describe(`conformance, ${colour}`, () => {
    for (const file of caseFiles(directory)) {
      it(file, async () => {
        const results = await suite.runFile(file, colour);
        all.push(...results);
        const lost = regressions(ratchet, suite.backend, results);
        const failing = results.filter(({ verdict }) => verdict.problem !== null);
        assert.equal(lost.length, 0, [...lost, ...failing.slice(0, 20).map(line)].join("\n"));
      });
    }
  });
}

describe("conformance, reasons", () => {
  it("each failing case has one", () => {
    assert.deepEqual(unexplained(reasons, all).map(line), []);
  });

  it("none is left over", () => {
    assert.deepEqual(outdated(reasons, all), []);
  });
});

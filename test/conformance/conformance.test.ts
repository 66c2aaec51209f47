/** Django's recorded answers on SQLite, in both colours: no file may pass fewer cases than the ratchet says. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readRatchet, regressions } from "../../scripts/conformance/ratchet.ts";
import { caseFiles, Suite } from "../../scripts/conformance/suite.ts";

const directory = fileURLToPath(new URL("data", import.meta.url));
const ratchet = readRatchet(fileURLToPath(new URL("ratchet.json", import.meta.url)));
const suite = await Suite.open(directory);

after(() => suite.close());

for (const colour of ["sync", "async"] as const) {
  describe(`conformance, ${colour}`, () => {
    for (const file of caseFiles(directory)) {
      it(file, async () => {
        const results = await suite.runFile(file, colour);
        const lost = regressions(ratchet, suite.backend, results);
        const failing = results.flatMap(({ id, verdict }) =>
          verdict.problem ? [`${id}: ${verdict.problem}`] : [],
        );
        assert.equal(lost.length, 0, [...lost, ...failing.slice(0, 20)].join("\n"));
      });
    }
  });
}

/** Django's recorded answers on PGlite, async: what does not pass has a reason. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { outdated, readReasons, unexplained } from "../../scripts/conformance/reasons.ts";
import { type CaseResult, caseFiles, Suite } from "../../scripts/conformance/suite.ts";

const path = (name: string) => fileURLToPath(new URL(`../conformance/${name}`, import.meta.url));

describe("conformance on PGlite", async () => {
  const { pgcrypto } = (await import("@electric-sql/pglite/contrib/pgcrypto" as string)) as {
    pgcrypto: object;
  };
  const directory = path("data");
  const place = { url: "postgresql::memory:", driver: "pglite", pglite: { extensions: { pgcrypto } } };
  const reasons = readReasons(path("reasons-pglite.json"));
  const suite = await Suite.open(directory, "postgresql", place, ["CREATE EXTENSION pgcrypto"]);
  const all: CaseResult[] = [];
  const line = ({ id, colour, verdict }: CaseResult) => `${id} ${colour}: ${verdict.problem}`;
  after(() => suite.close());

  for (const file of caseFiles(directory)) {
    it(file, async () => {
      const results = await suite.runFile(file, "async");
      all.push(...results);
      assert.ok(results.length > 0);
      assert.deepEqual(unexplained(reasons, results).map(line), []);
    });
  }

  it("no reason is left over", () => {
    assert.deepEqual(outdated(reasons, all), []);
  });
});

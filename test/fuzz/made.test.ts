/** What random chains and writes over made-up apps found, with the models that it takes: the answers are Django's. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { MutationCase, QueryCase } from "../../scripts/conformance/format.ts";
import { Suite } from "../../scripts/conformance/suite.ts";
import { joins } from "../../scripts/fuzz/judge.ts";

const DATA = fileURLToPath(new URL("made", import.meta.url));

type Kept = (QueryCase & { joins: number }) | MutationCase;

describe("made-up apps", () => {
  let suite: Suite;
  before(async () => {
    suite = await Suite.open(DATA);
  });
  after(() => suite.close());

  it("have models that can all be built", () => {
    assert.deepEqual([...suite.unsupportedModels], []);
  });

  for (const kept of JSON.parse(readFileSync(`${DATA}/cases.json`, "utf8")) as Kept[]) {
    for (const colour of ["sync", "async"] as const) {
      it(`${kept.id} (${colour}): ${kept.title}`, async () => {
        const { problem, sql } = await suite.run(kept, colour);
        assert.equal(problem, null);
        if ("joins" in kept && !kept.expect["sqlite"]?.error)
          assert.ok(joins(sql) <= kept.joins, `${joins(sql)} joins: ${sql}`);
      });
    }
  }
});

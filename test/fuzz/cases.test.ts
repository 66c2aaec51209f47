/** Chains in which this library once differed from Django: the answers are Django's. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { QueryCase } from "../../scripts/conformance/format.ts";
import { Suite } from "../../scripts/conformance/suite.ts";
import { question } from "../../scripts/fuzz/chains.ts";
import { Graph } from "../../scripts/fuzz/graph.ts";
import { joins } from "../../scripts/fuzz/judge.ts";

const DATA = fileURLToPath(new URL("../conformance/data", import.meta.url));
const CASES = new URL("cases/", import.meta.url);

type Kept = QueryCase & { joins: number };

describe("chains that differed", () => {
  let suite: Suite;
  before(async () => {
    suite = await Suite.open(DATA);
  });
  after(() => suite.close());

  for (const file of readdirSync(CASES)) {
    for (const kept of JSON.parse(readFileSync(new URL(file, CASES), "utf8")) as Kept[]) {
      for (const colour of ["sync", "async"] as const) {
        it(`${kept.id} (${colour}): ${kept.title}`, async () => {
          const { problem, sql } = await suite.run(kept, colour);
          assert.equal(problem, null);
          if (!kept.expect["sqlite"]?.error)
            assert.ok(joins(sql) <= kept.joins, `${joins(sql)} joins: ${sql}`);
        });
      }
    }
  }
});

describe("the generator", () => {
  for (const app of ["testapp", "bookstore", "blog", "lifecycle"]) {
    it(`makes the same chains of a seed again (${app})`, () => {
      const first = Array.from({ length: 200 }, (_, index) => question(new Graph(DATA, app), 7, index));
      const again = Array.from({ length: 200 }, (_, index) => question(new Graph(DATA, app), 7, index));
      assert.deepEqual(first, again);
      const other = Array.from({ length: 200 }, (_, index) => question(new Graph(DATA, app), 8, index));
      assert.notDeepEqual(first, other);
      assert.ok(new Set(first.map(({ chain, terminal }) => JSON.stringify([chain, terminal]))).size > 150);
    });
  }
});

describe("joins", () => {
  it("are counted outside of names and texts", () => {
    assert.equal(joins(['SELECT "a JOIN b" FROM x LEFT OUTER JOIN "y" ON (1) INNER JOIN z ON (2)']), 2);
    assert.equal(joins(["SELECT ' JOIN '", "SELECT 1 FROM a JOIN b"]), 1);
  });
});

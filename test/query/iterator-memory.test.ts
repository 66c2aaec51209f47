import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connections } from "asgimod";
import { runSync } from "../../src/execute/run.ts";
import { open, Topping } from "./pizzeria.ts";

const ROWS = 200_000;

before(async () => {
  await open();
  const sql = `INSERT INTO "querytest_topping" ("name") WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) SELECT 'Topping number ' || i FROM n`;
  runSync(
    (function* () {
      yield { kind: "run" as const, alias: "default", sql, params: [] };
    })(),
  );
});
after(() => connections.close());

setFlagsFromString("--expose_gc");
const gc = runInNewContext("gc") as () => void;

function heapMegabytes(): number {
  gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

for (const colour of ["sync", "async"] as const) {
  test(`iterator() of ${ROWS} rows holds memory flat, ${colour}`, async () => {
    const start = heapMegabytes();
    let most = 0;
    let count = 0;
    const look = () => {
      if (++count % 50_000 === 0) most = Math.max(most, heapMegabytes() - start);
    };
    if (colour === "sync") for (const _ of Topping.objects.iterator({ chunkSize: 1000 })) look();
    else for await (const _ of Topping.aobjects.iterator({ chunkSize: 1000 })) look();
    assert.equal(count, ROWS + 2);
    // All rows at once would take some 30 MB.
    assert.ok(most < 5, `the heap grew by ${most.toFixed(1)} MB`);
  });
}

/** The types compile, and refuse what they must, with every TypeScript that is supported. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compilers, tsc } from "./compilers.ts";

for (const version of Object.keys(compilers) as (keyof typeof compilers)[]) {
  test(`TypeScript ${version}: everything that should compiles, everything else does not`, async () => {
    assert.deepEqual(await tsc(version, ["-p", "."]), []);
    assert.deepEqual(await tsc(version, ["-p", "postgres"]), []);
  });
}

test("undefined is refused without exactOptionalPropertyTypes too", async () => {
  const lines = await tsc("7", [
    "-p",
    ".",
    "--exactOptionalPropertyTypes",
    "false",
    "--noUncheckedIndexedAccess",
    "false",
  ]);
  assert.deepEqual(lines, []);
});

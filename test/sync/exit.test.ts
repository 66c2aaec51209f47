import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

it("lets a program end that closes nothing, after all its calls", async () => {
  const script = fileURLToPath(new URL("./fixtures/script.ts", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...process.execArgv, script], {
    timeout: 30_000,
  });
  assert.equal(stdout.trim(), "[3,7,5,11]", stderr);
});

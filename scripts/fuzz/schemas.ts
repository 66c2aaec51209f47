/** Made-up apps: models and rows that no recorded case knows. */
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Has Django make up apps of a seed in a directory of their own, and says which directory. */
export function makeSchemas(seed: number, count: number): string {
  const directory = mkdtempSync(join(tmpdir(), "asgimod-fuzz-"));
  const script = fileURLToPath(new URL("django_schemas.py", import.meta.url));
  const { status } = spawnSync(
    process.env["DJANGO_PYTHON"] ?? "python3",
    [script, directory, String(seed), String(count)],
    { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } },
  );
  if (status !== 0) throw new Error("no apps were made: does DJANGO_PYTHON name a Python with Django?");
  return directory;
}

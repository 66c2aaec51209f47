/** Every example of README.md and docs/ compiles, runs, and gives what the page says (see docs/extract.ts). */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { extract, type Module } from "./docs/extract.ts";
import { database, skip } from "./postgresql/server.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, ".docs-check");
const exec = promisify(execFile);

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file).split(sep).join("/"))
    .sort(),
];

/** A page with this line in it needs a server, whose address it finds in `DATABASE_URL`. */
const POSTGRESQL = "<!-- needs: postgresql -->";
const onPostgresql = new Set<string>();

/** Writes every module of every page below .docs-check/, and gives those that are to be run. */
function generate(): Module[] {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const file of readdirSync(join(root, "docs"))) {
    if (file.endsWith(".ts")) cpSync(join(root, "docs", file), join(out, "docs", file));
  }
  const runnable: Module[] = [];
  for (const page of pages) {
    const helpers = relative(dirname(join(out, page)), join(root, "test/docs/helpers.ts"))
      .split(sep)
      .join("/");
    const text = readFileSync(join(root, page), "utf8");
    if (text.includes(POSTGRESQL)) onPostgresql.add(`${page}.ts`);
    for (const module of extract(page, text, helpers)) {
      const path = join(out, module.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, module.source);
      if (module.run) runnable.push(module);
    }
  }
  const config = {
    extends: "../tsconfig.json",
    include: ["./**/*.ts"],
  };
  writeFileSync(join(out, "tsconfig.json"), JSON.stringify(config));
  return runnable;
}

const modules = generate();
const cwd = mkdtempSync(join(tmpdir(), "asgimod-docs-"));
after(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs a program and fails with its output. */
async function succeed(args: string[], where: string, url?: string): Promise<void> {
  const env = url === undefined ? process.env : { ...process.env, DATABASE_URL: url };
  try {
    await exec(process.execPath, args, { cwd: where, timeout: 240_000, maxBuffer: 1 << 26, env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    assert.fail(`${stdout}\n${stderr}`);
  }
}

test("every example compiles", async () => {
  await succeed([join(root, "node_modules/typescript/bin/tsc"), "-p", join(out, "tsconfig.json")], out);
});

for (const [i, module] of modules.entries()) {
  const needsServer = onPostgresql.has(module.path);
  const options = { skip: needsServer ? skip : false };
  test(`the examples of ${module.path.slice(0, -3)} run and give what the page says`, options, async () => {
    const url = needsServer ? (await database(`docs${i}`)).url : undefined;
    const flags = ["--conditions=asgimod-source", "--disable-warning=ExperimentalWarning"];
    await succeed([...flags, join(out, module.path)], cwd, url);
  });
}

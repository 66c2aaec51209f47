/**
 * `npm run check:package`: the package as its users get it.
 *
 * Packs it, looks at what is inside, lets publint and Are The Types Wrong judge the exports, installs the
 * tarball into an empty project and there compiles a program on every supported TypeScript (with
 * `skipLibCheck` off) and runs it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "asgimod-package-"));
const consumer = join(work, "consumer");
let failures = 0;

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs one check, prints its outcome, and goes on. */
function check(name: string, body: () => void): void {
  try {
    body();
    console.log(`ok      ${name}`);
  } catch (error) {
    failures += 1;
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    console.log(`FAILED  ${name}\n${message}\n${stdout}\n${stderr}`);
  }
}

interface Packed {
  filename: string;
  files: { path: string }[];
}

const packed = (
  JSON.parse(run("npm", ["pack", "--json", "--silent", "--pack-destination", work], root)) as Packed[]
)[0];
assert(packed, "npm pack reported nothing");
const tarball = join(work, packed.filename);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string | Record<string, string>>;
  devDependencies: Record<string, string>;
};
const types = manifest.devDependencies["@types/node"];

check("what is inside", () => {
  const paths = new Set(packed.files.map((file) => file.path));
  for (const target of Object.values(manifest.exports)) {
    for (const path of typeof target === "string" ? [target] : Object.values(target)) {
      assert(paths.has(path.replace("./", "")), `${path} is exported but not packed`);
    }
  }
  for (const path of ["README.md", "LICENSE", "CHANGELOG.md"]) assert(paths.has(path), `${path} is missing`);
  const stray = [...paths].filter((path) =>
    /^(test|bench|scripts|examples|docs)\/|\.sqlite3$|\.test\./.test(path),
  );
  assert.deepEqual(stray, []);
});

check("publint", () => {
  run(process.execPath, [join(root, "node_modules/publint/src/cli.js"), "run", tarball, "--strict"], root);
});

check("are the types wrong", () => {
  const cli = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  run(process.execPath, [cli, tarball, "--profile", "esm-only", "--no-color"], root);
});

cpSync(join(root, "test/package/consumer"), consumer, { recursive: true });
writeFileSync(
  join(consumer, "package.json"),
  JSON.stringify({ name: "consumer", private: true, type: "module" }),
);
check("npm install in an empty project", () => {
  run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball, `@types/node@${types}`],
    consumer,
  );
});

for (const compiler of ["typescript-5.9", "typescript-6.0", "typescript"]) {
  for (const config of ["tsconfig.json", "tsconfig.bundler.json"]) {
    check(`a program compiles: ${compiler}, ${config}`, () => {
      run(process.execPath, [join(root, "node_modules", compiler, "bin/tsc"), "-p", config], consumer);
    });
  }
}

check("the program runs", () => {
  run(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json", "--noEmit", "false"],
    consumer,
  );
  assert.match(run(process.execPath, ["out/main.js"], consumer), /^Margherita in M, 9\.90 usd$/m);
});

check("every entry point loads from JavaScript", () => {
  const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith(".json"));
  const names = entries.map((entry) => entry.replace(/^\./, "asgimod"));
  const program = names
    .map((name) => `if (Object.keys(await import("${name}")).length === 0) throw "${name}";`)
    .join("\n");
  writeFileSync(join(consumer, "entries.mjs"), program);
  run(process.execPath, ["entries.mjs"], consumer);
});

rmSync(work, { recursive: true, force: true });
process.exitCode = failures > 0 ? 1 : 0;

/** The example runs from start to end, shows every part, and leaves nothing behind but its database. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parts } from "../examples/pizzeria/parts/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "examples/pizzeria/main.ts");
const directory = mkdtempSync(join(tmpdir(), "asgimod-example-"));
const database = join(directory, "pizzeria.sqlite3");
after(() => rmSync(directory, { recursive: true, force: true }));

/** Every method of asgimod's documentation, and what this library adds to it; `a` names are of objects. */
const METHODS = `
  asave adelete arefreshFromDb save delete refreshFromDb fullClean equals getDeferredFields
  eval item at slice and or xor
  filter exclude annotate alias orderBy reverse distinct values valuesList dates datetimes none all
  union intersection difference selectRelated prefetchRelated extra defer only using selectForUpdate raw extend
  get create getOrCreate updateOrCreate bulkCreate bulkUpdate count inBulk iterator latest earliest first last
  aggregate exists update delete explain contains add remove clear set`;

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

async function example(...args: string[]): Promise<Outcome> {
  const flags = ["--conditions=asgimod-source", "--disable-warning=ExperimentalWarning"];
  const env = { ...process.env, PIZZERIA_DATABASE: database, NO_COLOR: "1" };
  try {
    const run = promisify(execFile)(process.execPath, [...flags, main, ...args], {
      cwd: directory,
      env,
      timeout: 120_000,
    });
    return { ...(await run), code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as Outcome;
    return { stdout, stderr, code };
  }
}

describe("the whole walk", () => {
  test("runs without an error, shows every part, and every query has a result", async () => {
    const before = readdirSync(join(root, "examples/pizzeria"), { recursive: true });
    const { stdout, stderr, code } = await example();
    assert.equal(code, 0, `${stdout.slice(-2000)}\n${stderr}`);
    assert.equal(stderr, "");
    for (const { name, title } of parts) assert(stdout.includes(`== ${name}: ${title} =`), `part ${name}`);
    assert.match(
      stdout,
      new RegExp(`\\n${parts.length} parts, \\d{3,} queries\\. The database is pizzeria\\.sqlite3\\.\\n$`),
    );
    for (const method of METHODS.trim().split(/\s+/)) assert(stdout.includes(`.${method}(`), `${method}()`);
    // Nothing is printed as an object without a face.
    assert.doesNotMatch(stdout, /-> .*(\[object |\bProxy\b|undefined$)/m);
    assert.deepEqual(readdirSync(join(root, "examples/pizzeria"), { recursive: true }), before);
    assert.deepEqual(readdirSync(directory), ["pizzeria.sqlite3"]);
  });

  test("made a database that others can read", () => {
    assert.equal(readFileSync(database).subarray(0, 15).toString(), "SQLite format 3");
  });

  test("runs again over its own database", async () => {
    const { code, stderr } = await example("--part", "models");
    assert.equal(code, 0, stderr);
  });
});

describe("every part", () => {
  test("runs alone, and all are listed", async () => {
    const { stdout } = await example("--list");
    assert.deepEqual(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
      parts.map((part) => part.name),
    );
    for (const { name } of parts) {
      const { stdout, stderr, code } = await example("--part", name);
      assert.equal(code, 0, `${name}: ${stderr}`);
      assert.match(stdout, /\n1 parts?, \d+ queries/);
    }
  });

  test("shows its SQL on request", async () => {
    const { stdout } = await example("--part", "relations", "--sql");
    assert.match(stdout, /^ {4}SELECT "testapp_pizza"/m);
    const { stdout: without } = await example("--part", "relations");
    assert.doesNotMatch(without, /^ {4}SELECT/m);
  });

  test("that does not exist is an error that names them", async () => {
    const { stdout, code } = await example("--part", "pasta");
    assert.notEqual(code, 0);
    assert.match(stdout, /There is no part 'pasta'/);
    assert.match(stdout, /relations/);
  });
});

test("the default database is ignored by git", () => {
  assert.match(readFileSync(join(root, ".gitignore"), "utf8"), /^\*\.sqlite3$/m);
  assert(existsSync(main));
});

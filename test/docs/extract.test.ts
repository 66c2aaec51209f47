/** The documentation's examples are only worth something if a wrong one is noticed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { extract } from "./extract.ts";
import { check, throws } from "./helpers.ts";

const page = (...lines: string[]) => extract("docs/page.md", lines.join("\n"), "../helpers.ts");

test("the blocks of a page are one module, on the page's own lines", () => {
  const modules = page(
    "# Title",
    "```ts",
    "const a = 1;",
    "```",
    "text",
    "```sh",
    "ls",
    "```",
    "```ts",
    "a + 1; // -> 2",
    "```",
  );
  assert.equal(modules.length, 1);
  const lines = modules[0]?.source.split("\n");
  assert.equal(modules[0]?.path, "docs/page.md.ts");
  assert.equal(lines?.[2], "const a = 1;");
  assert.equal(lines?.[6], "");
  assert.equal(lines?.[9], '$check(a + 1, "2", "docs/page.md:10");');
});

test("a statement over several lines is checked as a whole", () => {
  const [module] = page(
    "# Title",
    "```ts",
    "// why",
    "const rows = await a",
    "  .b();",
    "await a",
    "  .c()",
    "  .d(); // -> 3",
    "```",
  );
  assert.match(
    module?.source ?? "",
    /\n\$check\(await a\n {2}\.c\(\)\n {2}\.d\(\), "3", "docs\/page\.md:8"\);/,
  );
});

test("a declaration is checked by its name", () => {
  const [module] = page("# Title", "```ts", "const n: number = f(); // -> 3", "```");
  assert.match(module?.source ?? "", /const n: number = f\(\); \$check\(n, "3", /);
});

test("a statement that must throw keeps its directive above it", () => {
  const [module] = page(
    "# Title",
    "```ts",
    "// @ts-expect-error why",
    "f(); // throws FieldError: no such",
    "```",
  );
  const expected =
    'await $throws(async () => { // @ts-expect-error why\nf(); }, "FieldError", "no such", "docs/page.md:4");';
  assert.ok(module?.source.includes(expected));
});

test("a named file is a module beside the page; no-run blocks are not run", () => {
  const modules = page(
    "# Title",
    "```ts",
    "// file: models.ts",
    "export const a = 1;",
    "```",
    "```ts no-run",
    "forever();",
    "```",
  );
  assert.deepEqual(
    modules.map(({ path, run }) => [path, run]),
    [
      ["docs/models.ts", false],
      ["docs/page.md.ts", true],
    ],
  );
  assert.match(
    modules[1]?.source ?? "",
    /async function \$example6\(\) \{\nforever\(\);\n\} void \$example6;/,
  );
});

test("values are compared as they print, quotes and spaces aside", () => {
  check([{ a: "x" }], '[{ a: "x" }]', "here");
  check(new Map([[1, "x"]]), "Map(1) {1 => 'x'}", "here");
  assert.throws(() => check(1, "2", "docs/page.md:7"), /docs\/page\.md:7/);
});

test("an error that does not come, or another one, is noticed", async () => {
  await throws(async () => JSON.parse("{"), "SyntaxError", "JSON", "here");
  await assert.rejects(
    throws(async () => {}, "TypeError", "", "here"),
    /throws nothing/,
  );
  await assert.rejects(
    throws(async () => JSON.parse("{"), "TypeError", "", "here"),
    /here throws SyntaxError/,
  );
  await assert.rejects(
    throws(async () => JSON.parse("{"), "SyntaxError", "colour", "here"),
    /another message/,
  );
});

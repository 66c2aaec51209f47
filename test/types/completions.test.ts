/** What the editor offers, through the language service of TypeScript 6.0 and 5.9. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import type typescript from "typescript-6.0";
import { root } from "./compilers.ts";

type TypeScript = typeof typescript;

const require = createRequire(import.meta.url);
const folder = join(root, "test", "types");
const file = join(folder, "probe.ts");
const head = `import { CASCADE, Count, F, ForeignKey, Q } from "./api.ts";
import { Box, Label, Pizza, Price } from "./models.ts";
`;

/** The names that are offered at `|`, by a language service that lives as long as the tests. */
function completer(ts: TypeScript): (code: string) => string[] {
  let text = "";
  let version = 0;
  const options: typescript.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ["node"],
  };
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(version) : "1"),
    getScriptSnapshot: (name) => {
      if (name === file) return ts.ScriptSnapshot.fromString(text);
      return existsSync(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined;
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  return (code) => {
    const at = code.indexOf("|");
    text = head + code.slice(0, at) + code.slice(at + 1);
    version += 1;
    const found = service.getCompletionsAtPosition(file, head.length + at, {});
    return (found?.entries ?? []).map((entry) => entry.name);
  };
}

for (const version of ["6.0", "5.9"]) {
  test(`TypeScript ${version}: the editor completes names, lookups and paths`, async (t) => {
    const complete = completer(require(`typescript-${version}`) as TypeScript);

    /** All of `wanted` are offered, and none of `unwanted`. */
    const offers = (code: string, wanted: string[], unwanted: string[] = []) =>
      t.test(code, () => {
        const names = complete(code);
        for (const name of wanted)
          assert.ok(names.includes(name), `${name} in ${names.slice(0, 40).join(" ")}`);
        for (const name of unwanted) assert.ok(!names.includes(name), `no ${name}`);
      });

    // conditions: fields, lookups, relations, reverse relations
    await offers("Pizza.objects.filter({ | });", ["name", "box", "box_id", "id", "pk", "children"]);
    await offers("Pizza.objects.filter({ na| });", ["name", "name__startswith", "name__in"]);
    await offers("Pizza.objects.filter({ | });", [
      "box__name",
      "price__amount",
      "toppings__name",
      "children__name",
    ]);
    await offers("Pizza.objects.filter({ created__| });", ["created__year", "created__gte", "created__date"]);
    await offers("Pizza.aobjects.exclude({ name: 'x', | });", ["box__name", "box__isnull"]);
    await offers("Pizza.Q({ | });", ["name", "box__name"]);
    await offers("Pizza.objects.filter({ size: '|' });", ["S", "L"]);
    await offers("Pizza.objects.annotate({ n: Count('toppings') }).filter({ | });", ["n", "name"]);

    // paths: the first segment, the next one, and after "-"
    await offers("Pizza.objects.orderBy('|');", ["name", "box", "box_id"]);
    await offers("Pizza.objects.orderBy('box__|');", ["box__name", "box__id"], ["box__amount"]);
    await offers("Pizza.objects.orderBy('-|');", ["-name", "-box"]);
    await offers("Pizza.objects.orderBy('name', '-box__|');", ["-box__name"]);
    await offers("Pizza.objects.values('name', '|');", ["box", "price"]);
    await offers("Pizza.objects.values('price__|');", ["price__amount"]);
    await offers("Pizza.objects.valuesList('|');", ["name", "box"]);
    await offers("Pizza.objects.valuesList('name', 'box__|');", ["box__name"]);
    await offers("Pizza.objects.valuesList('box__|', { flat: true });", ["box__name"]);
    await offers("Pizza.objects.selectRelated('|');", ["box", "price", "parent"], ["name", "toppings"]);
    await offers("Pizza.objects.selectRelated('parent__|');", ["parent__box"]);
    await offers("Box.objects.prefetchRelated('|');", ["pizza_set"], ["pizza"]);
    await offers("Box.objects.prefetchRelated('pizza_set__|');", ["pizza_set__toppings"]);
    await offers("Pizza.objects.only('|');", ["name", "box"]);
    await offers("Label.objects.values('data__|');", ["data__owner", "data__tags"]);
    await offers("Label.objects.values('data__owner__|');", ["data__owner__name"]);
    await offers("Pizza.objects.dates('|', 'month');", ["created"]);

    // writing
    await offers("Pizza.objects.create({ | });", ["name", "price", "price_id", "box"], ["toppings"]);
    await offers("Price.objects.update({ | });", ["amount", "currency"]);
    await offers("Pizza.objects.getOrCreate({ name: 'x' }, { defaults: { | } });", ["price", "price_id"]);
    await offers("new Pizza({ | });", ["name", "price", "price_id"]);
    await offers("Pizza.objects.bulkUpdate([], ['|']);", ["name", "box"]);

    // declarations and instances
    await offers("ForeignKey('|', { onDelete: CASCADE });", ["testapp.Box", "testapp.Pizza", "self"]);
    await offers("Pizza.objects.get().|", [
      "name",
      "box",
      "abox",
      "box_id",
      "atoppings",
      "get_size_display",
      "asave",
      "shout",
    ]);
    await offers("Box.objects.get().|", ["pizza_set", "apizza_set"]);
    await offers("Pizza.menu.filter({ name: 'x' }).|", ["under", "orderBy"]);
  });
}

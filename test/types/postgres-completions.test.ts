/** What the editor offers for arrays, maps and ranges. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { completer, type TypeScript } from "./completer.ts";

const require = createRequire(import.meta.url);
const head = `import { SearchVector } from "asgimod/postgres";
import { Note } from "./fields.ts";
import { Page } from "./search.ts";
`;

for (const version of ["6.0", "5.9"]) {
  test(`TypeScript ${version}: the editor completes PostgreSQL's own`, async (t) => {
    const complete = completer(require(`typescript-${version}`) as TypeScript, head, "postgres", {
      customConditions: ["asgimod-source"],
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    });

    const offers = (code: string, wanted: string[], unwanted: string[] = []) =>
      t.test(code, () => {
        const names = complete(code);
        for (const name of wanted)
          assert.ok(names.includes(name), `${name} in ${names.slice(0, 60).join(" ")}`);
        for (const name of unwanted) assert.ok(!names.includes(name), `no ${name}`);
      });

    await offers("Note.objects.filter({ tags__| });", [
      "tags__contains",
      "tags__contained_by",
      "tags__overlap",
      "tags__len",
    ]);
    await offers("Note.objects.filter({ data__| });", ["data__has_key", "data__has_any_keys", "data__keys"]);
    await offers(
      "Note.objects.filter({ ints__| });",
      [
        "ints__contains",
        "ints__overlap",
        "ints__fully_lt",
        "ints__adjacent_to",
        "ints__startswith",
        "ints__upper_inf",
      ],
      ["ints__icontains"],
    );
    await offers("Note.objects.filter({ id__| });", ["id__gte", "id__contained_by"]);
    await offers("Page.objects.filter({ title__| });", [
      "title__search",
      "title__unaccent",
      "title__trigram_similar",
      "title__icontains",
    ]);
    await offers("Note.objects.values('tags__|');", ["tags__len"]);
    await offers(
      "Note.objects.values('ints__|');",
      ["ints__startswith", "ints__isempty"],
      ["ints__contains"],
    );
    await offers("Note.objects.orderBy('-ints__|');", ["-ints__endswith"]);
    await offers("Page.objects.values('title__|');", ["title__unaccent"]);
    await offers("SearchVector('title', { weight: '|' });", ["A", "D"]);
    await offers("new Note({ text: 'x', | });", ["tags", "ints", "data"]);
  });
}

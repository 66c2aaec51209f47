/** What this library writes is what Django writes, byte for byte, and what Django has written it loads. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { connections } from "asgimod";
import {
  adumpdata,
  adumpdataStream,
  aloaddata,
  type DumpdataOptions,
  dumpdata,
  dumpdataStream,
  type FormatName,
  loaddata,
} from "asgimod/serializers";
import { Suite } from "../../scripts/conformance/suite.ts";
import { registry } from "../../src/models/registry.ts";
import { addNaturalKeys } from "./natural.ts";

const recorded = fileURLToPath(new URL("data", import.meta.url));
const suite = await Suite.open(fileURLToPath(new URL("../conformance/data", import.meta.url)));
const directory = mkdtempSync(join(tmpdir(), "asgimod-serializers-"));

after(() => {
  rmSync(directory, { recursive: true });
  return suite.close();
});

interface Recorded {
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly app: string;
  readonly natural: boolean;
  readonly options: DumpdataOptions & { format: FormatName };
}

const INDENTS: Readonly<Record<string, readonly [number | null, number | null]>> = {
  json: [null, 2],
  jsonl: [null, null],
  xml: [2, null],
  yaml: [null, 4],
};

const files: Recorded[] = readdirSync(recorded)
  .filter((file) => /^(?:blog|bookstore|lifecycle|testapp)\b/.test(file))
  .map((file) => {
    const [name, format] = file.split(".") as [string, FormatName];
    const natural = name.includes("-natural");
    const path = join(recorded, file);
    return {
      file,
      path,
      text: readFileSync(path, "utf8"),
      app: name.split("-")[0] as string,
      natural,
      options: {
        format,
        indent: INDENTS[format]?.[name.endsWith("-indent") ? 1 : 0] ?? null,
        useNaturalForeignKeys: natural,
        useNaturalPrimaryKeys: natural,
      },
    };
  });

/** How the rows differ once Django has loaded a file: lines of their YAML, from and to, and what is there instead. */
const loaded = JSON.parse(readFileSync(join(recorded, "loaded.json"), "utf8")) as Record<
  string,
  [from: number, to: number, lines: string[]][]
>;

/**
 * The rows after Django has loaded a file, as YAML, which keeps the most: JSON loses microseconds, XML the blanks around
 * a text.
 */
function afterLoading({ file, app, natural }: Recorded): string {
  const name = `${app}${natural ? "-natural" : ""}.yaml`;
  const lines = (files.find((each) => each.file === name) as Recorded).text.split("\n");
  for (const [from, to, changed] of loaded[file]?.toReversed() ?? []) {
    lines.splice(from, to - from, ...changed);
  }
  return lines.join("\n");
}

function execute(sql: string): void {
  const op = { kind: "run", alias: "default", sql, params: [] } as const;
  connections.get("default").execute(op, "sync", null);
}

/** Empties the tables of an app; automatic keys start anew, as after `flush`. */
function clear(app: string): void {
  execute("BEGIN");
  execute("PRAGMA defer_foreign_keys = ON");
  for (const { _meta: opts } of registry.getModels({ appLabel: app, includeAutoCreated: true })) {
    if (!opts.proxy) execute(`DELETE FROM "${opts.dbTable}"`);
  }
  execute("DELETE FROM sqlite_sequence");
  execute("COMMIT");
}

function withNaturalKeys<T>(natural: boolean, body: () => T): T {
  const undo = natural ? addNaturalKeys() : () => {};
  const result = body();
  if (result instanceof Promise) return result.finally(undo) as T;
  undo();
  return result;
}

describe("dumpdata writes what Django writes", () => {
  for (const { file, text, app, natural, options } of files) {
    it(file, async () => {
      await withNaturalKeys(natural, async () => {
        assert.equal(dumpdata([app], options), text);
        assert.equal(await adumpdata([app], options), text);
        assert.equal([...dumpdataStream([app], options)].join(""), text);
        let streamed = "";
        for await (const piece of adumpdataStream([app], options)) streamed += piece;
        assert.equal(streamed, text);
      });
    });
  }
});

describe("loaddata leaves what Django's leaves", () => {
  for (const each of files) {
    const { file, path, app, natural, options } = each;
    for (const colour of ["sync", "async"]) {
      it(`${file}, ${colour}`, async () => {
        await withNaturalKeys(natural, async () => {
          clear(app);
          const { objects, ...rest } = colour === "sync" ? loaddata(path) : await aloaddata(path);
          assert.ok(objects > 0);
          assert.deepEqual(rest, { fixtures: 1, loaded: objects });
          assert.equal(dumpdata([app], { ...options, format: "yaml", indent: null }), afterLoading(each));
        });
      });
    }
  }
});

describe("compressed files", () => {
  for (const colour of ["sync", "async"]) {
    it(colour, async () => {
      const { path, app, options } = files.find(({ file }) => file === "bookstore.yaml") as Recorded;
      clear(app);
      loaddata(path);
      const before = dumpdata([app], options);
      const output = join(directory, `bookstore-${colour}.yaml.gz`);
      const count =
        colour === "sync"
          ? dumpdata([app], { ...options, output })
          : await adumpdata([app], { ...options, output });
      clear(app);
      const result = colour === "sync" ? loaddata(output) : await aloaddata(output);
      assert.deepEqual(result, { fixtures: 1, objects: count, loaded: count });
      assert.equal(dumpdata([app], options), before);
    });
  }
});

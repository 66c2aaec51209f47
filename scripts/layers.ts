/**
 * `npm run cycles`, second half: the layering of src/.
 *
 * A file may import, at run time, only from its own layer or from a layer above it in {@link LAYERS}.
 * Type imports are free: they are gone before anything runs. Inside a layer Biome's `noImportCycles`
 * keeps files from importing each other in a circle; between layers, this script does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { init, parse } from "es-module-lexer";

/** From the bottom (knows nothing) to the top (knows everything). A directory ends with a slash. */
const LAYERS: readonly (readonly string[])[] = [
  ["errors.ts", "util/"],
  ["validators/"],
  ["sync/"],
  ["task.ts", "types/"],
  ["sql/"],
  ["backends/base/", "settings.ts", "router.ts", "replicas.ts"],
  ["fields/"],
  ["expressions/"],
  ["lookups/"],
  ["functions/"],
  ["fields/related/"],
  ["models/"],
  ["query/"],
  ["backends/base/compiler/"],
  ["query/plan.ts", "query/shape.ts", "query/chain/", "lookups/register.ts"],
  // The statements that write: their plans are made of the parts of plan.ts, which stands on the compiler of queries.
  [
    "backends/base/compiler/captured.ts",
    "backends/base/compiler/insert.ts",
    "backends/base/compiler/update.ts",
    "backends/base/compiler/delete.ts",
  ],
  ["backends/base/schema-compiler.ts", "backends/base/schema-editor.ts", "backends/base/create-tables.ts"],
  ["transaction.ts", "connections.ts", "backends/mysql/", "backends/postgresql/", "backends/sqlite/"],
  ["execute/"],
  ["queryset.ts", "manager.ts", "related.ts", "schema.ts", "schemas/"],
  ["install.ts", "schema.ts"],
  ["testing/", "observability/"],
  ["namespace.ts"],
  ["index.ts"],
  ["db.ts", "mixins.ts", "contenttypes/", "postgres/", "opentelemetry/", "serializers/"],
];

const src = fileURLToPath(new URL("../src", import.meta.url));

/** The layer of a path below src/: the longest entry that covers it wins. */
function layerOf(path: string): number {
  let best = -1;
  let length = -1;
  for (const [index, entries] of LAYERS.entries()) {
    for (const entry of entries) {
      const covers = entry.endsWith("/") ? path.startsWith(entry) : path === entry;
      if (covers && entry.length > length) {
        best = index;
        length = entry.length;
      }
    }
  }
  return best;
}

await init;
const problems: string[] = [];
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"))
  .sort();

for (const file of files) {
  const layer = layerOf(file);
  if (layer < 0) {
    problems.push(`src/${file}: in no layer; give it a line in scripts/layers.ts`);
    continue;
  }
  const [imports] = parse(readFileSync(join(src, file), "utf8"));
  for (const entry of imports) {
    // A dynamic import runs later, on purpose, and does not order the modules.
    if (entry.type !== "static" && entry.type !== "reexport-star") continue;
    const { specifier, typeOnly } = entry;
    if (typeOnly || !specifier.startsWith(".")) continue;
    const target = relative(src, join(src, dirname(file), specifier))
      .split(sep)
      .join("/");
    const below = layerOf(target);
    if (below > layer) {
      problems.push(
        `src/${file} (${LAYERS[layer]}) must not import src/${target} (${LAYERS[below]}) at run time`,
      );
    }
  }
}

for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} layering problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

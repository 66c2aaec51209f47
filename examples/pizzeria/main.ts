/**
 * A guided walk through asgimod, on a fresh database file.
 *
 *   npm run example                      everything
 *   npm run example -- --sql             with the SQL of every query
 *   npm run example -- --part relations  one part
 *   npm run example -- --list            the names of the parts
 */
import { rmSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { configure, connections } from "asgimod";
import settings, { file } from "./asgimod.config.ts";
import { fill } from "./data.ts";
import { parts } from "./parts/index.ts";
import { countShown, heading, options, print } from "./print.ts";

const { values } = parseArgs({
  options: {
    sql: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    part: { type: "string", multiple: true },
  },
});

if (values.help) {
  print("npm run example -- [--sql] [--part NAME]... [--list]");
  process.exit(0);
}
const chosen = values.part ?? parts.map((part) => part.name);
const unknown = chosen.find((name) => !parts.some((part) => part.name === name));
if (values.list || unknown !== undefined) {
  if (unknown !== undefined) print(`There is no part '${unknown}'. The parts are:`);
  for (const { name, title } of parts) print(`${name.padEnd(14)} ${title}`);
  process.exit(unknown === undefined ? 0 : 1);
}

options.sql = values.sql;
for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
configure(settings);
try {
  for (const part of parts) {
    if (!chosen.includes(part.name)) continue;
    await fill();
    heading(part.name, part.title);
    await part.run();
  }
} finally {
  await connections.close();
}
print(`\n${chosen.length} parts, ${countShown()} queries. The database is ${relative(process.cwd(), file)}.`);

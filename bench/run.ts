/**
 * `npm run bench`: asgimod against the raw prepared statement, on the same driver, in the same run.
 *
 *   --backend NAME  sqlite (default), postgresql, mysql: against the bare driver's pool
 *   --filter TEXT   only cases whose name contains TEXT
 *   --rounds N      measured batches per side (default 15)
 *   --batch-ms N    least length of a batch (default 20)
 *   --clock cpu     measures this process's time at work, on a machine that has other work, too
 *   --json          prints the figures as JSON
 *   --check         exits with 1 when a mark is missed
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { connections } from "asgimod";
import { cases } from "./cases.ts";
import { prepare } from "./database.ts";
import { type Case, CLOCKS, type Figures, measure, table } from "./harness.ts";
import { serverCases } from "./server-cases.ts";
import { closeServer, openServer } from "./servers.ts";

const { values: options } = parseArgs({
  options: {
    backend: { type: "string", default: "sqlite" },
    filter: { type: "string", default: "" },
    rounds: { type: "string", default: "15" },
    "batch-ms": { type: "string", default: "20" },
    clock: { type: "string", default: "wall" },
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const now = CLOCKS[options.clock];
if (now === undefined) throw new Error(`--clock must be one of ${Object.keys(CLOCKS).join(", ")}`);
const settings = { rounds: Number(options.rounds), batchMs: Number(options["batch-ms"]), now };

interface Side {
  readonly engine: string;
  readonly subjects: readonly Case[];
  close(): Promise<void>;
}

async function sqlite(): Promise<Side> {
  const db = prepare();
  const subjects = await cases(db);
  const close = async () => {
    db.close();
    await connections.close();
  };
  return { engine: `SQLite ${process.versions.sqlite}`, subjects, close };
}

async function server(name: string): Promise<Side> {
  const raw = await openServer(name);
  return { engine: raw.name, subjects: await serverCases(raw), close: () => closeServer(raw) };
}

const { engine, subjects, close } = await (options.backend === "sqlite" ? sqlite() : server(options.backend));
const figures: Figures[] = [];
for (const subject of subjects) {
  if (!subject.name.toLowerCase().includes(options.filter.toLowerCase())) continue;
  if (!options.json) process.stderr.write(`${subject.name} ...\n`);
  figures.push(await measure(subject, settings));
}
await close();

if (options.json) {
  const machine = {
    node: process.version,
    engine,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
  };
  console.log(JSON.stringify({ machine, settings: { ...options }, figures }, null, 2));
} else {
  console.log(
    `\nNode ${process.version}, ${engine}, ${cpus()[0]?.model}, medians of ${settings.rounds} rounds, ${options.clock} time\n`,
  );
  console.log(table(figures));
}
if (options.check && figures.some((row) => row.ok === false)) process.exitCode = 1;

/**
 * Runs Django's recorded answers against this library.
 *
 *   npm run -s conformance -- DIR [--app NAME] [--topic T] [--case ID] [--backend sqlite]
 *     [--answers DIR] [--colour sync|async|both] [--failures N] [--sql] [--json] [--reasons FILE] [--ratchet FILE [--update]]
 */
import { parseArgs } from "node:util";
import type { ColourName } from "./flow.ts";
import { groupBy } from "./format.ts";
import { readRatchet, regressions, updateRatchet } from "./ratchet.ts";
import { readReasons, unexplained } from "./reasons.ts";
import { showFailure, summary, totalsOf, unsupportedReasons } from "./report.ts";
import { type CaseResult, Suite } from "./suite.ts";

const USAGE = `usage: npm run -s conformance -- DIR [options]

  --app NAME        only the cases of this app
  --topic T         only the files whose name contains T: lookups-text, mutations/delete
  --case ID         only this case
  --backend NAME    sqlite (default); the outcomes that Django gave on it
  --answers DIR     where the answers of MariaDB and of newer versions of SQLite are; default: the directory of the cases
  --colour C        sync, async or both (default)
  --failures N      print the first N failing cases in full
  --sql             print each case with the SQL that was sent and that Django sent
  --json            totals and the failing ids as JSON
  --reasons FILE    list the failing cases that have no reason in FILE
  --ratchet FILE    fail only where fewer cases pass than FILE records
  --update          write FILE instead`;

const OPTIONS = {
  app: { type: "string" },
  topic: { type: "string" },
  case: { type: "string" },
  backend: { type: "string", default: "sqlite" },
  answers: { type: "string" },
  colour: { type: "string", default: "both" },
  failures: { type: "string", default: "0" },
  sql: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  reasons: { type: "string" },
  ratchet: { type: "string" },
  update: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

function readArguments() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [directory, ...rest] = positionals;
  if (!directory || rest.length > 0) throw new Error("one directory is needed");
  if (!["sync", "async", "both"].includes(values.colour)) throw new Error(`unknown colour ${values.colour}`);
  const failures = Number(values.failures);
  if (!Number.isInteger(failures) || failures < 0) throw new Error("--failures needs a number");
  if (values.update && !values.ratchet) throw new Error("--update needs --ratchet FILE");
  return { ...values, directory, failures };
}

type Arguments = ReturnType<typeof readArguments>;

function printJson(args: Arguments, results: readonly CaseResult[], suite: Suite): void {
  const failing = results.filter(({ verdict }) => verdict.problem !== null);
  const files = groupBy(results, ({ file }) => file);
  const output = {
    directory: args.directory,
    backend: args.backend,
    totals: totalsOf(results),
    colours: Object.fromEntries(
      [...groupBy(results, ({ colour }) => colour)].map(([colour, group]) => [colour, totalsOf(group)]),
    ),
    files: Object.fromEntries([...files].map(([file, group]) => [file, totalsOf(group)])),
    models: Object.fromEntries(suite.unsupportedModels),
    failing: failing.map(({ id, colour, file, verdict }) => ({
      id,
      colour,
      file,
      problem: verdict.problem,
      ...(verdict.unsupported !== undefined && { unsupported: true }),
    })),
  };
  console.log(JSON.stringify({ ...output, differentTexts: differentTexts(results) }, null, 1));
}

/** Passing cases whose error text is not Django's. */
function differentTexts(results: readonly CaseResult[]): unknown[] {
  return results
    .filter(({ verdict }) => verdict.text === false)
    .map(({ id, colour, verdict }) => ({
      id,
      colour,
      expected: (verdict.expected as { message?: string }).message,
      got: (verdict.got as { error?: string }).error,
    }));
}

function printText(args: Arguments, results: readonly CaseResult[], suite: Suite): void {
  let left = args.failures;
  for (const result of results) {
    const failed = result.verdict.problem !== null && result.verdict.unsupported === undefined;
    if (!args.sql && !(failed && left > 0)) continue;
    if (failed) left -= 1;
    console.log(`${showFailure(result, suite.djangoSql(result.file)[result.id], args.sql)}\n`);
  }
  const reasons = unsupportedReasons(results);
  if (reasons) console.log(`unsupported:\n${reasons}\n`);
  for (const [label, reason] of suite.unsupportedModels) console.log(`model ${label}: ${reason}`);
  console.log(summary(results));
  if (suite.hint !== null && results.some(({ verdict }) => verdict.problem !== null)) console.log(suite.hint);
  if (args.reasons === undefined) return;
  const open = unexplained(readReasons(args.reasons), results);
  console.log(`${open.length} failing cases without a reason`);
  for (const { id, colour, verdict } of open)
    console.log(`  ${id} ${colour}: ${verdict.problem?.slice(0, 160)}`);
}

async function main(args: Arguments): Promise<boolean> {
  const suite = await Suite.open(args.directory, args.backend, null, [], args.answers);
  const colours: ColourName[] = args.colour === "both" ? ["sync", "async"] : [args.colour as ColourName];
  const results: CaseResult[] = [];
  try {
    for (const colour of colours) {
      for (const file of suite.files) {
        if (args.topic && !file.includes(args.topic)) continue;
        results.push(...(await suite.runFile(file, colour, { app: args.app, case: args.case })));
      }
    }
    if (args.json) printJson(args, results, suite);
    else printText(args, results, suite);
  } finally {
    await suite.close();
  }
  if (args.ratchet === undefined) return results.every(({ verdict }) => verdict.problem === null);
  if (args.update) {
    updateRatchet(args.ratchet, args.backend, results);
    return true;
  }
  const lost = regressions(readRatchet(args.ratchet), args.backend, results);
  for (const line of lost) console.error(line);
  return lost.length === 0;
}

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  console.log(USAGE);
} else {
  let args: Arguments | undefined;
  try {
    args = readArguments();
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  if (args) process.exitCode = (await main(args)) ? 0 : 1;
}

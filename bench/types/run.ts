/**
 * What the types cost a user: compiles 100 models of 12 fields and 3 relations with 600 queries against the declarations
 * of the built package, on each compiler as it comes (TypeScript 7 with its four checkers, each of which counts).
 *
 *     node bench/types/run.ts [--json] [--keep]
 *
 * The budget on TypeScript 7: at most 1.0 M instantiations and 2 s. Apart from it, what each of 400 queries more costs
 * there that use expressions, windows, subqueries and prefetches, which may not grow. What fails is an error, or more
 * instantiations than that. The time depends on the machine and is only reported.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "./generate.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The packages of the compilers. */
const COMPILERS = { "7": "typescript", "6.0": "typescript-6.0", "5.9": "typescript-5.9" } as const;

const BUDGET = { version: "7", instantiations: 1_000_000, seconds: 2 } as const;

/** The instantiations that a query with expressions may cost; take it down with every saving. */
const EXPRESSION_QUERY = { queries: 400, instantiations: 1_500 } as const;

/** What one compilation cost. */
interface Cost {
  version: string;
  instantiations: number;
  types: number;
  seconds: number;
  errors: string[];
}

function numberAfter(text: string, label: string): number {
  return Number(new RegExp(`${label}:\\s+([\\d.]+)`).exec(text)?.[1] ?? Number.NaN);
}

/** Compiles the generated project with one compiler. */
function measure(version: keyof typeof COMPILERS, directory: string): Cost {
  const tsc = join(root, "node_modules", COMPILERS[version], "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", directory, "--extendedDiagnostics"], {
    encoding: "utf8",
  });
  return {
    version,
    instantiations: numberAfter(stdout, "Instantiations"),
    types: numberAfter(stdout, "Types"),
    seconds: numberAfter(stdout, "Total time"),
    errors: stdout.split("\n").filter((line) => line.includes("error TS")),
  };
}

/** Writes a project of this repository that imports the built package by its name; returns its folder. */
function project(withExpressions: boolean): string {
  const directory = mkdtempSync(join(root, "dist", "type-bench-"));
  generate(directory, "asgimod", { withExpressions });
  const compilerOptions = {
    strict: true,
    target: "es2022",
    lib: ["es2022"],
    module: "nodenext",
    moduleDetection: "force",
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  return directory;
}

/** Whether a compilation succeeded, within the budget. */
function fits({ version, instantiations, errors }: Cost): boolean {
  if (errors.length > 0 || Number.isNaN(instantiations)) return false;
  return version !== BUDGET.version || instantiations <= BUDGET.instantiations;
}

function main(): void {
  execFileSync(process.execPath, [join(root, "scripts", "build.ts")], { stdio: "inherit" });
  const directories = [project(false), project(true)] as const;
  try {
    const versions = Object.keys(COMPILERS) as (keyof typeof COMPILERS)[];
    const costs = versions.map((version) => measure(version, directories[0]));
    const more = measure(BUDGET.version, directories[1]);
    const base = costs.find(({ version }) => version === BUDGET.version)?.instantiations ?? Number.NaN;
    const each = Math.round((more.instantiations - base) / EXPRESSION_QUERY.queries);
    const good = costs.every(fits) && more.errors.length === 0 && each <= EXPRESSION_QUERY.instantiations;
    process.exitCode = good ? 0 : 1;
    if (process.argv.includes("--json")) {
      console.log(JSON.stringify([...costs, { ...more, each }], null, 2));
      return;
    }
    for (const cost of costs) print(cost);
    console.log(
      `A query with expressions: ${each} instantiations (at most ${EXPRESSION_QUERY.instantiations})`,
    );
    for (const error of more.errors.slice(0, 10)) console.log(`  ${error}`);
  } finally {
    if (!process.argv.includes("--keep"))
      for (const directory of directories) rmSync(directory, { recursive: true });
  }
}

function print({ version, instantiations, types, seconds, errors }: Cost): void {
  console.log(
    `TypeScript ${version.padEnd(4)} ${String(instantiations).padStart(9)} instantiations ${String(types).padStart(8)} types ${seconds.toFixed(2).padStart(6)} s`,
  );
  for (const error of errors.slice(0, 10)) console.log(`  ${error}`);
  if (version !== BUDGET.version) return;
  if (!(instantiations <= BUDGET.instantiations)) {
    console.log(`  MISSED: the budget is ${BUDGET.instantiations} instantiations`);
  }
  if (!(seconds <= BUDGET.seconds)) console.log(`  slower than ${BUDGET.seconds} s on this machine`);
}

main();

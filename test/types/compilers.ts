/** The TypeScript versions that the types must compile with, and how to run them. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Version -> the package that holds it. */
export const compilers = {
  "7": "typescript",
  "6.0": "typescript-6.0",
  "5.9": "typescript-5.9",
} as const;

/** Runs a compiler in this folder, and gives the lines that it prints. */
export function tsc(version: keyof typeof compilers, args: readonly string[]): Promise<string[]> {
  const program = join(root, "node_modules", compilers[version], "bin", "tsc");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, "--pretty", "false", ...args],
      { cwd: join(root, "test", "types"), maxBuffer: 1 << 26 },
      (_error, stdout) => resolve(stdout.split("\n").filter((line) => line !== "")),
    );
  });
}

/** Asks a language service what the editor offers. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type typescript from "typescript-6.0";
import { root } from "./compilers.ts";

export type TypeScript = typeof typescript;

/**
 * The names that are offered at `|`, by a language service that lives as long as the tests.
 *
 * @param head what stands before the code
 * @param subfolder of `test/types/`, from which the head imports
 */
export function completer(
  ts: TypeScript,
  head: string,
  subfolder = "",
  more: typescript.CompilerOptions = {},
): (code: string) => string[] {
  const folder = join(root, "test", "types", subfolder);
  const file = join(folder, "probe.ts");
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
    ...more,
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

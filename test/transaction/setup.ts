import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../src/backends/sqlite/index.ts";
import { connections } from "../../src/connections.ts";
import { runAsync, runSync } from "../../src/execute/run.ts";
import { configure, type DatabaseConfig } from "../../src/settings.ts";
import type { Rows, RunResult, Task } from "../../src/task.ts";

/** The ways to have an SQLite database, each with what the settings say. */
export const DATABASES: Readonly<Record<string, (directory: string) => DatabaseConfig>> = {
  "in memory": () => "sqlite::memory:",
  "in a file": (directory) => `sqlite:${join(directory, "db.sqlite3")}`,
  "in memory on a worker": () => "sqlite::memory:?worker=true",
  "in a file on a worker": (directory) => `sqlite:${join(directory, "db.sqlite3")}?worker=true`,
};

/** Configures a fresh database with a table `t (id, name unique)`; gives what cleans up. */
export async function freshDatabase(
  make: (directory: string) => DatabaseConfig,
): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "asgimod-"));
  configure({ databases: { default: make(directory) } });
  runSync(run("CREATE TABLE t (id integer PRIMARY KEY, name text UNIQUE)"));
  return async () => {
    await connections.close();
    rmSync(directory, { recursive: true, force: true });
  };
}

export function* rows(sql: string, ...params: unknown[]): Task<Rows> {
  return (yield { kind: "rows", alias: "default", sql, params }) as Rows;
}

export function* run(sql: string, ...params: unknown[]): Task<RunResult> {
  return (yield { kind: "run", alias: "default", sql, params }) as RunResult;
}

export function* insert(name: string): Task<RunResult> {
  return yield* run("INSERT INTO t (name) VALUES (?)", name);
}

export function* names(): Task<string> {
  return (yield* rows("SELECT name FROM t ORDER BY id")).join();
}

export const add = (name: string): RunResult => runSync(insert(name));
export const aadd = (name: string): Promise<RunResult> => runAsync(insert(name));
export const all = (): string => runSync(names());
export const aall = (): Promise<string> => runAsync(names());

/** A promise with its settlers, to arrange who waits for whom. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** What Django answers on other databases than those of the cases' own answers: on MariaDB, on newer versions of SQLite. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Answers by the id of a case; `null` where the answer is not stable. */
export type OtherAnswers = Readonly<Record<string, unknown>>;

function readAnswers(path: string): OtherAnswers {
  return (JSON.parse(readFileSync(path, "utf8")) as { outcomes: OtherAnswers }).outcomes;
}

/** The answers of MariaDB in a directory: those that differ from SQLite's. */
export function mariadbAnswers(directory: string): OtherAnswers {
  const path = join(directory, "mariadb.json");
  return existsSync(path) ? readAnswers(path) : {};
}

/** `[3, 47]` of `3.47`, `3.47.2` or `sqlite-3.47.json`. */
function versionOf(text: string): readonly [number, number] {
  const match = /(\d+)\.(\d+)/.exec(text);
  return [Number(match?.[1]), Number(match?.[2])];
}

/** Whether a version is another one's or a newer one; the last part says nothing. */
export function isSince(version: string, since: string): boolean {
  const [major, minor] = versionOf(version);
  const [least, leastMinor] = versionOf(since);
  return major > least || (major === least && minor >= leastMinor);
}

/** The answers of a version of SQLite that are not those of the cases: `sqlite-3.47.json` counts from 3.47 on. */
export function sqliteAnswers(directory: string, version: string): OtherAnswers {
  const files = readdirSync(directory)
    .filter((name) => /^sqlite-\d+\.\d+\.json$/.test(name) && isSince(version, name))
    .sort((left, right) => (isSince(left, right) ? 1 : -1));
  return Object.assign({}, ...files.map((name) => readAnswers(join(directory, name))));
}

/** The version of SQLite with which a directory was recorded; undefined where it does not tell. */
export function recordedSqlite(directory: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8")) as {
      backends?: { sqlite?: string };
    };
    return manifest.backends?.sqlite;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Newer versions of SQLite: which recorded answers count. */
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { isSince, recordedSqlite, sqliteAnswers } from "../../scripts/conformance/other-answers.ts";

it("versions are compared by their numbers", () => {
  assert.equal(isSince("3.47.0", "3.47.2"), true);
  assert.equal(isSince("3.100.0", "3.47"), true);
  assert.equal(isSince("3.9.1", "3.47"), false);
  assert.equal(isSince("4.0", "3.47"), true);
});

it("the answers of all versions up to the present one count, the newest first", () => {
  const directory = mkdtempSync(join(tmpdir(), "answers-"));
  const write = (name: string, outcomes: object) =>
    writeFileSync(join(directory, name), JSON.stringify({ backend: "sqlite", outcomes }));
  write("sqlite-3.9.json", { a: 1, b: 1 });
  write("sqlite-3.47.json", { b: 2, c: 2 });
  write("sqlite-3.53.json", { c: 3 });
  write("mariadb.json", { a: 4 });
  assert.deepEqual(sqliteAnswers(directory, "3.8.0"), {});
  assert.deepEqual(sqliteAnswers(directory, "3.40.1"), { a: 1, b: 1 });
  assert.deepEqual(sqliteAnswers(directory, "3.53.4"), { a: 1, b: 2, c: 3 });
  assert.equal(recordedSqlite(directory), undefined);
});

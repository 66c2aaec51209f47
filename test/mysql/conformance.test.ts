/**
 * Django's recorded answers on MariaDB, in both colours: tables and stored values are Django's, no file may pass fewer cases than
 * the ratchet says, and what does not pass has a reason.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readRatchet, regressions } from "../../scripts/conformance/ratchet.ts";
import { outdated, readReasons, unexplained } from "../../scripts/conformance/reasons.ts";
import { type CaseResult, caseFiles, Suite } from "../../scripts/conformance/suite.ts";
import type { MysqlConnection } from "../../src/backends/mysql/connection.ts";
import { connections } from "../../src/connections.ts";
import { dropTables } from "../../src/schema.ts";
import type { Rows } from "../../src/task.ts";
import { skip } from "./server.ts";

const path = (name: string) => fileURLToPath(new URL(`../conformance/${name}`, import.meta.url));
const directory = path("data");

/** What `django_tables.py` has recorded of a table. */
interface Table {
  readonly create: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (string | null)[][];
}

async function rows(sql: string): Promise<Rows> {
  const op = { kind: "rows", alias: "default", sql, params: [] } as const;
  return (await connections.get().execute(op, "async", null)) as Rows;
}

/** Without what depends on the rows that were there before, and what the runner adds. */
function definition(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ (?:AUTO_INCREMENT|STATS_AUTO_RECALC)=\d+/g, "")).sort();
}

/** As the order of rows says nothing. */
function sorted(list: readonly (string | null)[][]): string[] {
  return list.map((row) => JSON.stringify(row)).sort();
}

describe("conformance on MariaDB", { skip }, async () => {
  if (skip !== false) return;
  const ratchet = readRatchet(path("ratchet.json"));
  const reasons = readReasons(path("reasons-mysql.json"));
  const suite = await Suite.open(directory, "mysql");
  const all: CaseResult[] = [];
  const line = ({ id, colour, verdict }: CaseResult) => `${id} ${colour}: ${verdict.problem}`;
  const recorded = new URL("django-tables.json", import.meta.url);
  const tables = JSON.parse(readFileSync(recorded, "utf8")) as Record<string, Table>;
  after(() => suite.close());

  // Other servers have other names for the same types.
  const { server } = connections.get() as unknown as MysqlConnection;
  const sameServer = server?.mariadb === true && server.version[0] === 10 && server.version[1] === 11;
  const onlyRecorded = sameServer ? false : "recorded on MariaDB 10.11";

  it("the tables are Django's", { skip: onlyRecorded }, async () => {
    for (const [name, { create }] of Object.entries(tables)) {
      const [[, got] = []] = await rows(`SHOW CREATE TABLE \`${name}\``);
      assert.deepEqual(definition(String(got).split("\n")), definition(create), name);
    }
  });

  it("stored values are Django's, byte by byte", { skip: onlyRecorded }, async () => {
    for (const [name, table] of Object.entries(tables)) {
      const columns = table.columns.map((column) => `HEX(CAST(\`${column}\` AS BINARY))`);
      const got = (await rows(`SELECT ${columns.join(", ")} FROM \`${name}\``)) as (string | null)[][];
      assert.deepEqual(sorted(got), sorted(table.rows), name);
    }
  });

  for (const file of caseFiles(directory)) {
    for (const colour of ["async", "sync"] as const) {
      it(`${file}, ${colour}`, async () => {
        const results = await suite.runFile(file, colour);
        all.push(...results);
        const lost = regressions(ratchet, "mysql", results);
        const failing = results.filter(({ verdict }) => verdict.problem !== null);
        assert.equal(lost.length, 0, [...lost, ...failing.slice(0, 20).map(line)].join("\n"));
      });
    }
  }

  it("tables that refer to each other can be dropped", async () => {
    await dropTables();
    assert.deepEqual(
      await rows("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"),
      [],
    );
  });

  it("each failing case has a reason", () => {
    assert.deepEqual(unexplained(reasons, all).map(line), []);
  });

  it("no reason is left over", () => {
    assert.deepEqual(outdated(reasons, all), []);
  });
});

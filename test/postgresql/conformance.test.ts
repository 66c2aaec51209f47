/**
 * Django's recorded answers on PostgreSQL, in both colours: the tables are Django's, no file may pass fewer cases than the ratchet
 * says, and what does not pass has a reason.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readRatchet, regressions } from "../../scripts/conformance/ratchet.ts";
import { outdated, readReasons, unexplained } from "../../scripts/conformance/reasons.ts";
import { type CaseResult, caseFiles, Suite } from "../../scripts/conformance/suite.ts";
import { connections } from "../../src/connections.ts";
import type { Rows } from "../../src/task.ts";
import { skip } from "./server.ts";

const path = (name: string) => fileURLToPath(new URL(`../conformance/${name}`, import.meta.url));
const directory = path("data");

interface Table {
  columns: Record<string, unknown>[];
  constraints: Record<string, unknown>[];
  indexes: Record<string, unknown>[];
}

/** What servers of version 16 and newer answer otherwise than that of the records. */
const NEWER = new Map([["functions-math-0047", "They give the power of a decimal more digits."]]);

const KINDS: Record<string, string> = { p: "primary_key", u: "unique", f: "foreign_key", c: "check" };

async function rows(sql: string, params: readonly unknown[] = []): Promise<Rows> {
  const op = { kind: "rows", alias: "default", sql, params } as const;
  return (await connections.get().execute(op, "async", null)) as Rows;
}

/** What the server says about a table, in the form of `tables.json`. */
async function described(table: string): Promise<Table> {
  const columns = await rows(
    `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid),
            CASE a.attidentity WHEN 'd' THEN 'by default' WHEN 'a' THEN 'always' END,
            CASE a.attgenerated WHEN 's' THEN 'stored' END,
            (SELECT c.collname::text FROM pg_collation c, pg_type t
              WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation)
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = quote_ident($1)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [table],
  );
  const constraints = await rows(
    `SELECT conname::text, contype::text, condeferrable, condeferred, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE conrelid = quote_ident($1)::regclass AND contype <> 'n' ORDER BY conname::text COLLATE "C"`,
    [table],
  );
  const indexes = await rows(
    `SELECT c.relname::text, i.indisunique, i.indisprimary, i.indpred IS NOT NULL, pg_get_indexdef(i.indexrelid)
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = quote_ident($1)::regclass ORDER BY c.relname::text COLLATE "C"`,
    [table],
  );
  return {
    columns: columns.map(([name, type, nullable, initial, identity, generated, collation]) => ({
      name,
      type,
      null: nullable,
      default: initial,
      identity,
      generated,
      collation,
    })),
    constraints: constraints.map(([name, kind, deferrable, deferred, definition]) => ({
      name,
      kind: KINDS[String(kind)],
      deferrable,
      deferred,
      definition,
    })),
    indexes: indexes.map(([name, unique, primary, partial, definition]) => ({
      name,
      unique,
      primary,
      partial,
      definition,
    })),
  };
}

function byName(items: Record<string, unknown>[]): Record<string, unknown>[] {
  return items
    .map(({ columns: _, from_constraint: __, ...item }) => item)
    .sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
}

describe("conformance on PostgreSQL", { skip }, async () => {
  if (skip !== false) return;
  const ratchet = readRatchet(path("ratchet.json"));
  const reasons = readReasons(path("reasons-postgresql.json"));
  const suite = await Suite.open(directory, "postgresql");
  const newer = Number((await rows("SHOW server_version_num"))[0]?.[0]) >= 160_000;
  const all: CaseResult[] = [];
  const line = ({ id, colour, verdict }: CaseResult) => `${id} ${colour}: ${verdict.problem}`;
  after(() => suite.close());

  for (const app of readdirSync(join(directory, "apps"))) {
    it(`the tables of ${app} are Django's`, async () => {
      const file = readFileSync(join(directory, "apps", app, "tables.json"), "utf8");
      const { postgresql } = JSON.parse(file) as { postgresql: Record<string, Table> };
      for (const [name, expected] of Object.entries(postgresql)) {
        const got = await described(name);
        assert.deepEqual(got.columns, expected.columns, name);
        assert.deepEqual(byName(got.constraints), byName(expected.constraints), name);
        assert.deepEqual(byName(got.indexes), byName(expected.indexes), name);
      }
    });
  }

  for (const file of caseFiles(directory)) {
    for (const colour of ["async", "sync"] as const) {
      it(`${file}, ${colour}`, async () => {
        const results = (await suite.runFile(file, colour)).map((result) =>
          newer && NEWER.has(result.id)
            ? { ...result, verdict: { ...result.verdict, problem: null } }
            : result,
        );
        all.push(...results);
        const lost = regressions(ratchet, "postgresql", results);
        const failing = results.filter(({ verdict }) => verdict.problem !== null);
        assert.equal(lost.length, 0, [...lost, ...failing.slice(0, 20).map(line)].join("\n"));
      });
    }
  }

  it("each failing case has a reason", () => {
    assert.deepEqual(unexplained(reasons, all).map(line), []);
  });

  it("no reason is left over", () => {
    assert.deepEqual(outdated(reasons, all), []);
  });
});

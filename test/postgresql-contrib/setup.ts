/** The tables of {@link models} in a database of their own, and what Django answers to the same questions. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { configure, connections, createTables, Decimal, Temporal, ValidationError } from "asgimod";
import { createExtension, Range } from "asgimod/postgres";
import type { DatabaseConfig } from "../../src/settings.ts";
import { database, skip as noServer } from "../postgresql/server.ts";
import * as contrib from "./models.ts";

export const EXTENSIONS = ["hstore", "pg_trgm", "unaccent", "btree_gist", "btree_gin", "bloom"] as const;

/** The address of the test's database on the server; empty where PGlite takes the server's place. */
export let url = "";

let settings: DatabaseConfig;

/** Puts the test's own database in force again. */
export function useOwnDatabase(): void {
  configure({ apps: { contrib }, databases: { default: settings } });
}

/** A database with the tables of all models: on the server, or in this process where there is none. */
export async function setUp(name: string): Promise<void> {
  if (noServer === false) {
    ({ url } = await database(`contrib_${name}`));
    settings = url;
  } else {
    settings = { url: "postgresql::memory:", driver: "pglite", pglite: { extensions: await extensions() } };
  }
  useOwnDatabase();
  for (const extension of EXTENSIONS) await createExtension(extension);
  await createTables();
  after(() => connections.close());
}

/** PGlite's extensions are packages of files. */
async function extensions(): Promise<Record<string, unknown>> {
  const loaded: Record<string, unknown> = {};
  for (const name of EXTENSIONS) {
    const module = (await import(`@electric-sql/pglite/contrib/${name}`)) as Record<string, unknown>;
    loaded[name] = module[name];
  }
  return loaded;
}

type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const answers = JSON.parse(readFileSync(new URL("django-answers.json", import.meta.url), "utf8")) as Answers;

/** A value as django_answers.py writes it. */
export function written(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Decimal) return String(value);
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, "+00:00");
  if (value instanceof Temporal.PlainDate) return value.toString();
  if (value instanceof Range) {
    if (value.isEmpty) return "empty";
    const end = (each: unknown) => (each === null ? "" : String(written(each)));
    return `${value.bounds?.[0]}${end(value.lower)}, ${end(value.upper)}${value.bounds?.[1]}`;
  }
  if (Array.isArray(value)) return value.map(written);
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, written(item)]));
}

/** The texts of validation by field; `null` where there are none. */
export async function clean(
  instance: { afullClean(options?: { exclude?: Iterable<string> }): Promise<void> },
  options: { exclude?: Iterable<string> } = {},
): Promise<unknown> {
  try {
    await instance.afullClean(options);
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return Object.fromEntries(
      Object.entries(error.messageDict).map(([name, list]) => [name, list.toSorted()]),
    );
  }
}

/** What a case gives: its rows, its value, or its error. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    const result = await run();
    return { value: written(result) };
  } catch (error) {
    return { error: (error as Error).name, message: (error as Error).message };
  }
}

/** Runs each case, and compares with Django's answer of the same name. Every answer must be asked for. */
export function compareWithDjango(section: string, cases: Readonly<Record<string, () => unknown>>): void {
  const expected = answers[section] ?? {};
  test(`${section}: the same cases as Django was asked`, () => {
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(expected).sort());
  });
  for (const [name, run] of Object.entries(cases)) {
    test(`${section}: ${name}`, async () => {
      const actual = (await outcome(run)) as { message?: string };
      const wanted = expected[name] as { error?: string };
      if (wanted.error !== undefined && !("message" in wanted)) delete actual.message;
      assert.deepEqual(actual, wanted);
    });
  }
}

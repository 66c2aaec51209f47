/** The tables of {@link models} in a database of their own, and what Django answers to the same questions. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { configure, connections, createTables, Decimal, Temporal, ValidationError } from "asgimod";
import { createExtension, Range } from "asgimod/postgres";
import { database, skip } from "../postgresql/server.ts";
import * as contrib from "./models.ts";

export { skip };

export const EXTENSIONS = ["hstore", "pg_trgm", "unaccent", "btree_gist", "btree_gin", "bloom"] as const;

/** The address of the test's database. */
export let url = "";

export async function setUp(name: string): Promise<void> {
  if (skip !== false) return;
  ({ url } = await database(`contrib_${name}`));
  configure({ apps: { contrib }, databases: { default: url } });
  for (const extension of EXTENSIONS) await createExtension(extension);
  await createTables();
  after(() => connections.close());
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
  test(`${section}: the same cases as Django was asked`, { skip }, () => {
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(expected).sort());
  });
  for (const [name, run] of Object.entries(cases)) {
    test(`${section}: ${name}`, { skip }, async () => {
      const actual = (await outcome(run)) as { message?: string };
      const wanted = expected[name] as { error?: string };
      if (wanted.error !== undefined && !("message" in wanted)) delete actual.message;
      assert.deepEqual(actual, wanted);
    });
  }
}

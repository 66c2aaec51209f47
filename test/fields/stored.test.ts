import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SqliteValues } from "../../src/backends/sqlite/values.ts";
import * as factories from "../../src/fields/factories.ts";
import type { Field } from "../../src/fields/field.ts";
import { camelCase } from "../../src/util/case.ts";
import { repr } from "../../src/util/repr.ts";
import cases, { type StoredCase } from "./stored-cases.ts";

/**
 * What Django answers is recorded in `stored-values.json`. With `DJANGO_PYTHON` naming a Python that has Django,
 * it is asked again, and `RECORD=1` writes the file.
 */
const file = fileURLToPath(new URL("stored-values.json", import.meta.url));
const script = fileURLToPath(new URL("stored_values.py", import.meta.url));

type Answer = [type: string, stored: string, read: string, column: string];

const key = ({ field, options, python }: StoredCase) => `${field}(${JSON.stringify(options)}) ${python}`;

function ask(): Record<string, Answer> {
  const input = JSON.stringify(cases.map(({ field, options, python }) => [field, options, python]));
  const run = spawnSync(process.env.DJANGO_PYTHON as string, [script], { input, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const answers = JSON.parse(run.stdout) as Answer[];
  return Object.fromEntries(cases.map((each, i) => [key(each), answers[i] as Answer]));
}

const ops = { values: new SqliteValues() };

/** The same row, written and read here. */
function store({ field: type, options, value }: StoredCase): Answer {
  const camel = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [camelCase(name), option]),
  );
  const make = new Map<string, unknown>(Object.entries(factories)).get(type) as (options: object) => Field;
  const field = make(camel);
  field.setAttributesFromName("v");
  const database = new DatabaseSync(":memory:");
  const { type: column, check } = field.dbParameters(ops);
  const definition = `${column} NULL${check === null ? "" : ` CHECK (${check})`}`;
  database.exec(`CREATE TABLE t ("v" ${definition})`);
  database.prepare("INSERT INTO t VALUES (?)").run(field.getDbPrepSave(value, ops) as null);
  const stored = database.prepare("SELECT typeof(v) AS type, quote(v) AS text FROM t").get() as {
    type: string;
    text: string;
  };
  const statement = database.prepare("SELECT v FROM t");
  statement.setReadBigInts(field.wantsBigInt);
  let read: string;
  try {
    const raw = (statement.get() as { v: unknown }).v;
    const convert = field.fromDb(ops, { bigints: field.wantsBigInt });
    read = repr(raw === null || convert === null ? raw : convert(raw));
  } catch (error) {
    read = (error as Error).constructor.name;
  }
  database.close();
  return [stored.type, stored.text, read, definition];
}

/** Django's repr in our terms: UUIDs are texts, whole floats print as integers. */
function translate(answer: Answer, { field }: StoredCase): Answer {
  const [type, stored, read, column] = answer;
  let text = read.replace(/^UUID\((.*)\)$/, "$1");
  if (field === "FloatField") text = text.replace(/\.0$/, "");
  if (text === "InvalidOperation") text = "ValueError";
  return [type, stored, text, column];
}

const recorded: Record<string, Answer> = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Answer>)
  : {};

test("values are stored, read and typed as Django does", () => {
  // SQLite's quote() of a float has more digits in newer versions.
  const normal = ([type, stored, ...rest]: Answer) => [
    type,
    type === "real" ? Number(stored.replace("Inf", "9e999")) : stored,
    ...rest,
  ];
  const all = (answer: (each: StoredCase) => Answer) =>
    Object.fromEntries(cases.map((each) => [key(each), normal(answer(each))]));
  assert.deepEqual(
    all(store),
    all((each) => translate(recorded[key(each)] as Answer, each)),
  );
});

const django = process.env.DJANGO_PYTHON;
test("the recorded answers are what Django answers", {
  skip: django ? false : "set DJANGO_PYTHON to a Python with Django",
}, () => {
  const answers = ask();
  if (process.env.RECORD === "1") writeFileSync(file, `${JSON.stringify(answers, null, 1)}\n`);
  else assert.deepEqual(answers, recorded);
});

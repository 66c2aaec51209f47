import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { setDefaultValues } from "../../src/backends/base/values.ts";
import { SqliteValues } from "../../src/backends/sqlite/values.ts";
import { ValueError } from "../../src/errors.ts";
import * as factories from "../../src/fields/factories.ts";
import type { Field } from "../../src/fields/field.ts";
import { camelCase } from "../../src/util/case.ts";
import { repr } from "../../src/util/repr.ts";
import { ValidationError } from "../../src/validators/validation-error.ts";
import cases, { valueOf } from "./clean-cases.ts";

/** What Django answers is recorded, as in `stored.test.ts`. */
const file = fileURLToPath(new URL("clean-values.json", import.meta.url));
const script = fileURLToPath(new URL("clean_values.py", import.meta.url));

type Outcome = string | [code: string | null, message: string][];
type Answers = Record<string, Record<string, [clean: Outcome, prepared: Outcome]>>;

const make = new Map<string, unknown>(Object.entries(factories));
const sqlite = new SqliteValues();
setDefaultValues(() => sqlite);

/** Errors of Python itself, whose text says nothing about the value. */
const PYTHON = new Set(["TypeError", "AttributeError", "OverflowError", "InvalidOperation", "ValueError"]);

function outcome(call: () => unknown): Outcome {
  try {
    return repr(call());
  } catch (error) {
    if (error instanceof ValidationError) {
      return error.errorList.map((each) => [each.validationCode, each.messages[0] as string]);
    }
    const { message } = error as Error;
    return [[error instanceof ValueError ? "ValueError" : (error as Error).name, message]];
  }
}

function ours(): Answers {
  return Object.fromEntries(
    cases.map(([type, options, expressions]) => {
      const camel = Object.fromEntries(
        Object.entries(options).map(([name, option]) => [camelCase(name), option]),
      );
      const field = (make.get(type) as (options: object) => Field)(camel);
      field.setAttributesFromName("f");
      const answers = expressions.map((expression) => {
        const value = valueOf(expression);
        return [
          expression,
          [outcome(() => field.clean(value, null)), outcome(() => field.getPrepValue(value))],
        ];
      });
      return [`${type} ${JSON.stringify(options)}`, Object.fromEntries(answers)];
    }),
  ) as Answers;
}

/** What differs between the languages: whole floats, UUIDs as texts, texts of Python's own errors. */
function comparable(answers: Answers): Answers {
  const plain = (key: string, given: Outcome): Outcome => {
    if (typeof given === "string") {
      const text = given.replace(/^UUID\((.*)\)$/, "$1").replace(/^<memory at.*>$/, "b'ab'");
      return key.startsWith("Float") || key.startsWith("Char") ? text.replace(/\.0$/, "") : text;
    }
    return given.map(([code, message]) =>
      PYTHON.has(code ?? "") && !message.startsWith("Field ") ? ["TypeError", ""] : [code, message],
    );
  };
  const rows = Object.entries(answers).map(([key, row]) => [
    key.replaceAll(/([:,]) /g, "$1"),
    Object.fromEntries(
      // Django leaves texts for durations and bytes alone, and fails when it saves them.
      Object.entries(row).map(([value, both]) => [
        value,
        (/^(?:Duration|Binary)/.test(key) ? both.slice(0, 1) : both).map((each) => plain(key, each)),
      ]),
    ),
  ]);
  return Object.fromEntries(rows) as Answers;
}

test("values are cleaned and prepared as Django does, with its errors", () => {
  const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Answers) : {};
  assert.deepEqual(comparable(ours()), comparable(recorded));
});

const python = process.env.DJANGO_PYTHON;
test("the recorded answers are what Django answers", {
  skip: python ? false : "set DJANGO_PYTHON to a Python with Django",
}, () => {
  const run = spawnSync(python as string, [script], { input: JSON.stringify(cases), encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const answers = run.stdout.replaceAll(/<memory at 0x\w+>/g, "<memory at>");
  if (process.env.RECORD === "1") writeFileSync(file, `${JSON.stringify(JSON.parse(answers), null, 1)}\n`);
  else assert.deepEqual(JSON.parse(answers), JSON.parse(readFileSync(file, "utf8")));
});

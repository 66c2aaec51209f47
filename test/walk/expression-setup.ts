/** Asks the questions of expression_answers.py on each database, in each colour, and compares with Django's answers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { aatomic, connections, Decimal, setRollback, Temporal, ValidationError } from "asgimod";
import { mysql } from "../mysql/server.ts";
import { postgresql } from "../postgresql/server.ts";
import type { TestServer } from "../servers/server.ts";
import { Event, fill, Point, Ticket, use, Venue } from "./expression-models.ts";

type Answer = { readonly value: unknown } | { readonly error: string; readonly message?: string };
type Answers = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Answer>>>>>>;

const answers = JSON.parse(
  readFileSync(new URL("expression-answers.json", import.meta.url), "utf8"),
) as Answers;

/**
 * Querysets whose arguments are not checked: half of the questions are wrong on purpose, and the types have tests of
 * their own.
 */
export type Loose = Readonly<Record<Method, (...args: unknown[]) => Loose>>;

type Method =
  | "aggregate"
  | "alias"
  | "annotate"
  | "count"
  | "create"
  | "exclude"
  | "filter"
  | "get"
  | "none"
  | "orderBy"
  | "reverse"
  | "slice"
  | "update"
  | "values"
  | "valuesList";

/** What questions are asked with, in one colour. */
export interface Asked {
  readonly colour: "sync" | "async";
  readonly backend: string;
  readonly Event: Loose;
  readonly Venue: Loose;
  readonly Ticket: Loose;
  readonly Point: Loose;
  /** All events, by id. */
  readonly all: Loose;
  /** The values of these expressions. */
  col(expressions: Readonly<Record<string, unknown>>): Loose;
}

export type Questions = (asked: Asked) => Readonly<Record<string, () => unknown>>;

/** The names of the rows. */
export const names = (queryset: Loose): Loose => queryset.valuesList("name", { flat: true });

/** A list of answers, one after the other. */
export async function inOrder(...questions: readonly (() => unknown)[]): Promise<unknown[]> {
  const list: unknown[] = [];
  for (const question of questions) list.push(await rows(await question()));
  return list;
}

/** The rows of a queryset; any other value itself. */
export async function rows(value: unknown): Promise<unknown> {
  const evaluate = (value as { eval?: () => unknown } | null)?.eval;
  return typeof evaluate === "function" ? await evaluate.call(value) : value;
}

/** The errors of an object's constraints; `null` where there are none. */
export async function clean(
  instance: {
    avalidateConstraints(options?: object): Promise<void>;
    validateConstraints(options?: object): void;
  },
  colour: Asked["colour"],
  exclude: readonly string[] = [],
): Promise<unknown> {
  try {
    if (colour === "sync") instance.validateConstraints({ exclude });
    else await instance.avalidateConstraints({ exclude });
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return Object.fromEntries(
      Object.entries(error.errorDict ?? {}).map(([key, list]) => [
        key,
        list
          .map((each) =>
            each.validationCode === null ? [each.messages[0]] : [each.validationCode, each.messages[0]],
          )
          .sort(),
      ]),
    );
  }
}

function written(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number(value.toPrecision(6));
  if (value instanceof Decimal) return String(value);
  if (value instanceof Date) return value.toISOString().replace("Z", "+00:00");
  if (value instanceof Temporal.Duration) return value.total("seconds");
  if (value instanceof Temporal.PlainDate) return String(value);
  if (value instanceof Temporal.PlainTime)
    return value.toString({ smallestUnit: value.toString().includes(".") ? "microsecond" : "second" });
  if (Array.isArray(value)) return value.map(written);
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, written(item)]));
}

/** Names of the library's language: `output_field` is `outputField`. */
const said = (text: string) => text.replace(/_(?=[a-z])/g, "").toLowerCase();

/** Django's texts that name what is another thing here. */
const told = (text: string) =>
  said(text)
    .replace(/\bnone\b/g, "null")
    .replace("opclass() of asgimod/postgres", "django.contrib.postgres.indexes.opclass()")
    .replace("complex aggregates require an alias", "complex expressions require an alias");

async function outcome(question: () => unknown): Promise<Answer> {
  let result: Answer | undefined;
  try {
    await aatomic(async () => {
      result = { value: written(await rows(await question())) };
      setRollback(true);
    });
    return result as Answer;
  } catch (error) {
    return { error: (error as Error).name, message: (error as Error).message };
  }
}

function compare(actual: Answer, expected: Answer): void {
  if ("value" in expected || "value" in actual) {
    assert.deepEqual(actual, expected);
    return;
  }
  assert.equal(actual.error, expected.error, actual.message);
  if (expected.message !== undefined) assert.equal(told(actual.message ?? ""), told(expected.message));
}

/** A server's database is made once for a test file, and has the rows already for all sections but the first. */
const databases = [
  { backend: "sqlite", skip: false as const, url: "sqlite::memory:", filled: false },
  { backend: "postgresql", skip: postgresql.skip, url: await urlOn(postgresql), filled: false },
  { backend: "mysql", skip: mysql.skip, url: await urlOn(mysql), filled: false },
];

async function urlOn({ skip, database }: TestServer): Promise<string> {
  return skip === false ? (await database("walk_expressions")).url : "";
}

async function open(database: (typeof databases)[number]): Promise<void> {
  if (database.filled) use(database.url);
  else await fill(database.url);
  database.filled = database.backend !== "sqlite";
}

/** Tests on every database, in each colour. */
export function onEachDatabase(title: string, body: (asked: Asked) => void): void {
  for (const database of databases) {
    const { backend, skip } = database;
    describe(`${title}, ${backend}`, { skip }, () => {
      before(() => open(database));
      after(() => connections.close());
      // What is asked synchronously of a server has a connection, and so a transaction, of its own.
      for (const colour of backend === "sqlite" ? (["sync", "async"] as const) : (["async"] as const)) {
        body(askedIn(colour, backend));
      }
    });
  }
}

/** Asks the questions of a section, which must be those that Django was asked, on the databases where it was. */
export function compareWithDjango(section: string, questions: Questions): void {
  onEachDatabase(section, (asked) => {
    const expected = answers[asked.backend]?.[section];
    if (expected === undefined) return;
    const list = questions(asked);
    test(`${asked.colour}: the questions that Django was asked`, () => {
      assert.deepEqual(Object.keys(list).sort(), Object.keys(expected).sort());
    });
    for (const [name, question] of Object.entries(list)) {
      test(`${asked.colour}: ${name}`, async () =>
        compare(await outcome(question), expected[name] as Answer));
    }
  });
}

/** Answers that are written here: those of versions of Django that the recorded ones are not of. */
export function answersAre(
  section: string,
  questions: (asked: Asked) => Readonly<Record<string, readonly [() => unknown, unknown]>>,
): void {
  onEachDatabase(section, (asked) => {
    for (const [name, [question, value]] of Object.entries(questions(asked))) {
      test(`${asked.colour}: ${name}`, async () => {
        const expected = value instanceof Error ? { error: value.name, message: value.message } : { value };
        compare(await outcome(question), expected);
      });
    }
  });
}

function askedIn(colour: Asked["colour"], backend: string): Asked {
  const manager = (model: { objects: unknown; aobjects: unknown }) =>
    (colour === "sync" ? model.objects : model.aobjects) as Loose;
  const all = manager(Event).orderBy("id");
  return {
    colour,
    backend,
    Event: manager(Event),
    Venue: manager(Venue),
    Ticket: manager(Ticket),
    Point: manager(Point),
    all,
    col: (expressions) => {
      const keys = Object.keys(expressions);
      return all.annotate(expressions).valuesList(...keys, { flat: keys.length === 1 });
    },
  };
}

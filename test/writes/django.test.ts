/** Scenarios of writing against Django's answers: values, errors, statements, tables. See django_answers.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, beforeEach, describe, test } from "node:test";
import { configure, connections, countQueries, createTables, type QueryEvent } from "asgimod";
import { ContentType } from "asgimod/contenttypes";
import { runOnServer } from "../../scripts/conformance/server.ts";
import { database, skip } from "../postgresql/server.ts";
import { fill } from "./fill.ts";
import type { Colour, Loose } from "./loose.ts";
import { throughOf } from "./loose.ts";
import { Book, models, Note, Person } from "./models.ts";
import { scenarios } from "./scenarios.ts";

interface Recorded {
  readonly value?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly sent: readonly string[];
  readonly tables: Readonly<Record<string, unknown>>;
}

function answers(kind: string): Record<string, Recorded> {
  return JSON.parse(readFileSync(new URL(`answers-${kind}.json`, import.meta.url), "utf8")) as never;
}

const apps = { writes: models };

/** What Django refuses and this library does, with the reason. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  [
    "bulk create composite conflict",
    "uniqueFields may name a composite key by `pk`: it is the columns of the key",
  ],
]);

/** Django logs the last statement, too, which it refused to send because the transaction was broken. */
const REFUSED: ReadonlySet<string> = new Set(["atomic without savepoint", "atomic error of the database"]);

/** Refused here before anything is read; Django reads the keys first. */
const EARLIER: ReadonlySet<string> = new Set(["update inherited across tables"]);

const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/bulk_create\(\)/g, "bulkCreate()"],
  [/bulk_update\(\)/g, "bulkUpdate()"],
  [/update_fields/g, "updateFields"],
  [/unique_fields/g, "uniqueFields"],
  [/ignore_conflicts/g, "ignoreConflicts"],
  [/update_conflicts/g, "updateConflicts"],
  [/values_list/g, "valuesList"],
  [/bulk=False/, "{ bulk: false }"],
  [/<django\.[\w.]+\.(\w+): /, "<$1: "],
  // The methods are there, and say what they need.
  [
    /'RelatedManager' object has no attribute 'remove'/,
    "remove() needs a relation that can be null: 'Book.author' cannot.",
  ],
];

function statementsOf(events: readonly QueryEvent[]): string[] {
  return events.map(({ sql }) => {
    const text = sql.replaceAll("`", '"');
    const verb = text.split(" ", 1)[0]?.replace(/^\(/, "");
    const table = /(?:FROM|INTO|UPDATE) "(\w+)"/.exec(text);
    return table === null ? text : `${verb} ${table[1]}`;
  });
}

const throughs = [throughOf(Book, "tags"), throughOf(Person, "friends"), throughOf(Person, "follows")];

interface Dumped {
  readonly _meta: {
    readonly objectName: string;
    readonly dbTable: string;
    readonly proxy: boolean;
    readonly concreteFields: readonly { readonly name: string; readonly attname: string }[];
  };
  readonly aobjects: Loose;
}

function dumped(): Dumped[] {
  const all = [...Object.values(models), ...throughs] as unknown as Dumped[];
  return all.filter(({ _meta }) => !_meta.proxy);
}

const tableNames = () => dumped().map(({ _meta }) => _meta.dbTable);

/** Every table as rows of plain values, in an order that depends on nothing but them. */
async function dump(): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {};
  for (const { _meta, aobjects } of dumped()) {
    const names = _meta.concreteFields
      .filter(({ name }) => _meta.objectName !== "Ticket" || name !== "id")
      .map(({ attname }) => attname);
    const rows = (await aobjects.valuesList(...names)) as unknown as unknown[][];
    state[_meta.objectName] = sorted(JSON.parse(JSON.stringify(rows)) as unknown[]);
  }
  return state;
}

function sorted(rows: readonly unknown[]): unknown[] {
  const keyed = rows.map((row) => [JSON.stringify(row), row] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row);
}

function differences(before: Record<string, unknown[]>, now: Record<string, unknown[]>) {
  const entries = Object.entries(now).filter(
    ([name, rows]) => JSON.stringify(rows) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries(entries);
}

/** A database of a kind. */
interface Kind {
  readonly name: string;
  readonly colours: readonly Colour[];
  readonly skip: string | false;
  /** Makes the tables where they are missing, and takes their rows away. */
  empty(): Promise<void>;
}

const postgresql = skip === false ? (await database("writes")).url : "";
let made = false;

/** Deletes all rows and lets keys begin at 1; `TRUNCATE` takes a second for so many tables. */
function emptyPostgresql(): string {
  const names = [...tableNames(), "django_content_type"].map((name) => `DELETE FROM "${name}";`);
  const restart = "PERFORM setval(quote_ident(sequencename), start_value, false) FROM pg_sequences;";
  return `DO $$ BEGIN ${names.join(" ")} ${restart} END $$`;
}

const kinds: readonly Kind[] = [
  {
    name: "sqlite",
    colours: ["sync", "async"],
    skip: false,
    async empty() {
      configure({ apps, databases: { default: "sqlite::memory:" } });
      await connections.close();
      await createTables();
    },
  },
  {
    name: "postgresql",
    colours: ["async"],
    skip,
    async empty() {
      configure({ apps, databases: { default: postgresql } });
      if (!made) await createTables();
      made = true;
      await runOnServer(emptyPostgresql(), postgresql);
    },
  },
];

for (const kind of kinds) {
  describe(kind.name, { skip: kind.skip }, () => {
    const recorded = answers(kind.name);
    beforeEach(async () => {
      await kind.empty();
      ContentType.aobjects.clearCache();
      await ContentType.aobjects.getForModels(Book, Note);
      await fill();
    });
    after(() => connections.close());
    for (const colour of kind.colours) {
      const all = scenarios(colour);
      test(`every scenario is here (${colour})`, () => {
        assert.deepEqual(Object.keys(all).sort(), Object.keys(recorded).sort());
      });
      for (const [title, run] of Object.entries(all)) {
        test(`${title} (${colour})`, { skip: DIFFERENT.get(title) ?? false }, async () => {
          const answer = recorded[title] as Recorded;
          const start = await dump();
          const { value: got, queries } = await countQueries(async () => {
            try {
              const value = await run();
              return { value: value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown) };
            } catch (error) {
              assert(error instanceof Error);
              return { error: error.name, message: error.message };
            }
          });
          judge(title, got, answer);
          const logged =
            kind.name === "sqlite" && REFUSED.has(title) ? answer.sent.slice(0, -1) : answer.sent;
          assert.deepEqual(statementsOf(queries), EARLIER.has(title) ? [] : logged);
          assert.deepEqual(differences(start, await dump()), answer.tables);
        });
      }
    }
  });
}

function judge(title: string, got: object, answer: Recorded): void {
  if (answer.error === undefined) {
    assert.deepEqual(got, { value: answer.value ?? null });
    return;
  }
  let message = answer.message ?? "";
  for (const [from, to] of RENAMED) message = message.replace(from, to);
  const expected = { error: answer.error === "AttributeError" ? "TypeError" : answer.error, message };
  assert.deepEqual(message === "?" ? { ...got, message } : got, expected, title);
}

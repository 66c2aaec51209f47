/** Runs the cases of a page in both colours, and compares them with what Django answered (`django_answers.py`). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { connections, onQuery } from "asgimod";
import { type Colour, classesIn, each, inColour, type Loose, managerOf, plain } from "./colours.ts";
import { fill, open } from "./models.ts";

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
  readonly text?: string;
  readonly queries: number;
}

/** What a page has at hand in the colour that is run; objects in the words of the sync half. */
export interface Walk {
  /** What Django is asked, and the same here. */
  readonly c: (django: string, ours: () => unknown) => void;
  readonly classes: Loose;
  readonly objects: (model: Loose) => Loose;
  readonly each: (rows: unknown, make: (row: Loose) => unknown) => Promise<unknown[]>;
  readonly inColour: (object: unknown) => Loose;
  readonly colour: Colour;
  /** What `fill` made: `blogs`, `authors`, `entries`. */
  readonly made: () => Readonly<Record<"blogs" | "authors" | "entries", readonly Loose[]>>;
}

const answers = JSON.parse(readFileSync(new URL("django-answers.json", import.meta.url), "utf8")) as Record<
  string,
  Record<string, Answer>
>;

/** The names of the errors that JavaScript has already. */
const ERRORS: Readonly<Record<string, string>> = {
  ArgumentTypeError: "TypeError",
  OutputFieldIsNoneError: "FieldError",
};

/** Texts name methods and options in the words of each language. */
const words = (text: string) =>
  text
    .replaceAll(/None|null/g, "null")
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();

export function walk(page: string, define: (walk: Walk) => void): void {
  for (const colour of ["sync", "async"] as const) {
    describe(`${page}, ${colour}`, () => {
      let made: ReturnType<typeof fill>;
      const seen: string[] = [];
      before(async () => {
        await open();
        made = fill();
      });
      after(() => connections.close());
      define({
        colour,
        classes: classesIn(colour),
        objects: (model) => managerOf(model, colour),
        inColour: (object) => inColour(object, colour),
        each: (rows, make) => each(rows, make, colour),
        made: () =>
          ({
            blogs: made.blogs.map((object) => inColour(object, colour)),
            authors: made.authors.map((object) => inColour(object, colour)),
            entries: made.entries.map((object) => inColour(object, colour)),
          }) as ReturnType<Walk["made"]>,
        c: (django, ours) => {
          seen.push(django);
          it(django, () => compare(page, django, ours));
        },
      });
      it("all that Django answered was asked", () => {
        assert.deepEqual(seen, Object.keys(answers[page] ?? {}));
      });
    });
  }
}

async function compare(page: string, django: string, ours: () => unknown): Promise<void> {
  const expected = answers[page]?.[django];
  assert(expected, "Django was not asked: run django_answers.py");
  let result: Omit<Answer, "queries"> = {};
  let count = 0;
  // Statements of transactions, too.
  const stop = onQuery(() => {
    count++;
  });
  try {
    result = { value: await plain(ours()) };
  } catch (error) {
    const { name, message } = error as Error;
    result = { error: ERRORS[name] ?? name, text: words(message) };
  } finally {
    stop();
  }
  const { queries, text, ...rest } = expected;
  assert.deepEqual(result, text === undefined ? rest : { ...rest, text: words(text) });
  assert.equal(count, queries, "queries");
}

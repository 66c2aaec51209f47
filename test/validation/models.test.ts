/** Whole objects are good or not as Django finds them: `scripts/validation/record_models.py` has asked it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import {
  CASCADE,
  CharField,
  CheckConstraint,
  configure,
  connections,
  createTables,
  DateField,
  DateTimeField,
  F,
  ForeignKey,
  IntegerField,
  Lower,
  Model,
  Q,
  UniqueConstraint,
  ValidationError,
} from "asgimod";
import { camelCase } from "../../scripts/conformance/format.ts";
import { decodeScalar } from "../../scripts/conformance/values.ts";

class Kind extends Model("entries.Kind") {}

class Entry extends Model(
  "entries.Entry",
  {
    title: CharField({ maxLength: 20, uniqueForDate: "day" }),
    slug: CharField({ maxLength: 20, uniqueForMonth: "day", blank: true }),
    code: CharField({ maxLength: 20, uniqueForYear: "at", unique: true, verboseName: "secret code" }),
    day: DateField({ null: true, blank: true }),
    at: DateTimeField({ null: true, blank: true }),
    a: IntegerField(),
    b: IntegerField({ null: true, blank: true }),
    kind: ForeignKey("entries.Kind", { onDelete: CASCADE, null: true, blank: true }),
  },
  {
    verboseName: "journal entry",
    uniqueTogether: [["a", "b"]],
    constraints: [
      UniqueConstraint({ fields: ["slug"], condition: Q({ a__gt: 5 }), name: "slug_of_large" }),
      UniqueConstraint(Lower("title"), {
        name: "lower_title",
        violationErrorMessage: "Titles differ by case only.",
        violationErrorCode: "case",
      }),
      UniqueConstraint({ fields: ["a", "code"], name: "a_code" }),
      UniqueConstraint({ fields: ["b", "kind"], name: "b_kind", condition: Q({ b__isnull: false }) }),
      CheckConstraint({ condition: Q({ a__lt: 100 }), name: "a_small" }),
      CheckConstraint({
        condition: Q({ b__isnull: true }).or(Q({ b__gte: F("a") })),
        name: "b_gte_a",
        violationErrorCode: "order",
        violationErrorMessage: "%(name)s: b is below a.",
      }),
    ],
  },
) {
  override clean() {
    if (this.title === this.code) {
      const same = new ValidationError("Same %(what)s.", { code: "same", params: { what: "text" } });
      throw new ValidationError({ title: "Title and code.", __all__: same });
    }
    if (this.title === "odd") {
      throw new ValidationError(["One.", new ValidationError("Two.", { code: "two" })]);
    }
  }
}

declare module "asgimod" {
  interface Apps {
    entries: { Kind: typeof Kind; Entry: typeof Entry };
  }
}

type Values = Readonly<Record<string, unknown>>;

interface Case {
  readonly values: Values;
  readonly adding: boolean;
  readonly call: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly errors: Readonly<Record<string, readonly (readonly [string | null, string])[]>>;
}

const { rows, cases } = JSON.parse(readFileSync(new URL("data/models.json", import.meta.url), "utf8")) as {
  rows: readonly Values[];
  cases: readonly Case[];
};

function decoded(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const [form] = typeof value === "object" && value !== null ? Object.entries(value) : [];
      return [name, form === undefined ? value : decodeScalar(form[0], form[1])];
    }),
  );
}

after(() => connections.close());
configure({ apps: { entries: { Kind, Entry } }, databases: { default: "sqlite::memory:" } });
await createTables({ apps: ["entries"] });
Kind.objects.bulkCreate([new Kind({ id: 1 }), new Kind({ id: 2 })]);
Entry.objects.bulkCreate(rows.map((row) => new Entry(decoded(row) as never)));

function errorsOf(error: unknown): Case["errors"] {
  if (!(error instanceof ValidationError)) throw error;
  const lists = error.errorDict ?? { __all__: error.errorList };
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [
      name,
      list.map((each) => [each.validationCode, each.message] as const),
    ]),
  );
}

/** The object of a case, and the call of it. */
function prepared({ values, adding, call, options }: Case, colour: "sync" | "async"): () => unknown {
  const entry = new Entry(decoded(values) as never);
  entry._state.adding = adding;
  const name = camelCase(call);
  const method = colour === "async" ? `a${name}` : name;
  const given = Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
  const methods = entry as unknown as Readonly<Record<string, (options: object) => unknown>>;
  return () => methods[method]?.call(entry, given);
}

describe("objects", () => {
  it("are many, good and bad", () => {
    assert.ok(cases.length >= 400);
    assert.ok(cases.some(({ errors }) => Object.keys(errors).length === 0));
  });

  for (const colour of ["sync", "async"] as const) {
    it(`get Django's errors, ${colour}`, async () => {
      for (const each of cases) {
        let errors: Case["errors"] = {};
        try {
          await prepared(each, colour)();
        } catch (error) {
          errors = errorsOf(error);
        }
        assert.deepEqual(errors, each.errors, JSON.stringify(each));
      }
    });
  }
});

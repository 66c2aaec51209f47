/** Indexes and constraints against what Django writes and checks: see django_schema.py, which has the same cases. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { configure, F, Q } from "asgimod";
import { BloomIndex, BrinIndex, ExclusionConstraint, GinIndex, OpClass, Range } from "asgimod/postgres";
import type { Options } from "../../src/models/options.ts";
import { schemaEditor } from "../../src/schema.ts";
import * as contrib from "./models.ts";
import { Booking, Indexed } from "./models.ts";
import { clean, compareWithDjango, setUp, useOwnDatabase } from "./setup.ts";

await setUp("schema");

function statements(model: unknown, alias = "default"): string[] {
  const editor = schemaEditor(alias);
  editor.createModel((model as { _meta: Options })._meta);
  return [...editor.statements, ...editor.deferred].toSorted();
}

const hour = (h: number) => new Date(Date.UTC(2024, 0, 1, h));
const first = await Booking.aobjects.create({ room: 1, start: hour(10), end: hour(12), span: [1, 5] });

async function save(booking: Booking): Promise<string> {
  try {
    await booking.asave();
    return "saved";
  } catch (error) {
    return (error as Error).name;
  }
}

compareWithDjango("schema", {
  indexes: () => statements(Indexed),
  defaults: () => statements(contrib.Defaulted),
  "default values": async () => [
    (await contrib.Defaulted.aobjects.get()).labels,
    (await contrib.Defaulted.aobjects.get()).numbers,
    (await contrib.Defaulted.aobjects.get()).spare,
  ],
  exclusions: () => statements(Booking),
  "generated vector": async () => [
    (await contrib.Defaulted.aobjects.create({ title: "Many apples" })).words,
    await contrib.Defaulted.aobjects.filter({ words: "apple" }).count(),
  ],
  excluded: () => clean(new Booking({ room: 1, start: hour(11), end: hour(13) })),
  "not excluded": () => clean(new Booking({ room: 1, start: hour(12), end: hour(13) })),
  "other room": () => clean(new Booking({ room: 2, start: hour(11), end: hour(13) })),
  cancelled: () => clean(new Booking({ room: 1, start: hour(11), end: hour(13), cancelled: true })),
  itself: () => clean(first),
  "left out": () =>
    clean(new Booking({ room: 1, start: hour(11), end: hour(13) }), { exclude: new Set(["end"]) }),
  "own message": () => clean(new Booking({ room: 3, start: hour(1), span: [5, 7] })),
  "operator class": () => clean(new Booking({ room: 3, start: hour(1), span: [2, 3] })),
  saved: async () => [
    await save(new Booking({ room: 1, start: hour(11), end: hour(13) })),
    await save(new Booking({ room: 1, start: hour(12), end: hour(13) })),
    await save(new Booking({ room: 1, start: hour(11), end: hour(13), cancelled: true })),
  ],
});

test("a condition on a field that is left out excludes nothing", async () => {
  const booking = new Booking({ room: 1, start: hour(11), end: hour(13) });
  assert.equal(await clean(booking, { exclude: new Set(["cancelled"]) }), null);
});

test("options that do not fit are refused in Django's words", () => {
  const refused = (make: () => unknown, message: string) => assert.throws(make, { message });
  const fields = Array.from({ length: 33 }, (_, i) => `f${i}`);
  refused(() => BloomIndex({ fields }), "Bloom indexes support a maximum of 32 fields.");
  refused(
    () => BloomIndex({ fields: ["a"], columns: [1, 2] }),
    "BloomIndex.columns cannot have more values than fields.",
  );
  refused(
    () => BloomIndex({ fields: ["a"], columns: [4096] }),
    "BloomIndex.columns must contain integers from 1 to 4095.",
  );
  refused(
    () => BloomIndex({ fields: ["a"], length: 4097 }),
    "BloomIndex.length must be None or an integer from 1 to 4096.",
  );
  refused(
    () => BrinIndex({ fields: ["a"], pagesPerRange: 0 }),
    "pagesPerRange must be None or a positive integer",
  );
  refused(() => GinIndex(OpClass("a", "gin_trgm_ops"), {}), "An index must be named to use expressions.");
  refused(() => OpClass("a", "x); DROP"), "Invalid name of an operator class: 'x); DROP'.");
  const expressions = [["a", "="]] as const;
  refused(
    () => ExclusionConstraint({ name: "x", expressions, indexType: "gin" }),
    "Exclusion constraints only support GiST or SP-GiST indexes.",
  );
  refused(
    () => ExclusionConstraint({ name: "x", expressions: [] }),
    "At least one expression is required to define an exclusion constraint.",
  );
  refused(
    () => ExclusionConstraint({ name: "x", expressions: [["a"]] as never }),
    "The expressions must be a list of 2-tuples.",
  );
  refused(
    () => ExclusionConstraint({ name: "x", expressions, condition: F("a") }),
    "ExclusionConstraint.condition must be a Q instance.",
  );
  refused(
    () => ExclusionConstraint({ name: "x", expressions: [["a", "= 1) --"]] }),
    "Invalid operator: '= 1) --'.",
  );
});

test("indexes and constraints are equal when their parts are, and have copies", () => {
  const gin = () => GinIndex({ fields: ["a"], name: "x", fastupdate: true });
  assert.ok(gin().equals(gin()));
  assert.ok(gin().equals(gin().clone()));
  assert.ok(!gin().equals(GinIndex({ fields: ["a"], name: "x", fastupdate: false })));
  const exclusion = (operator: string) =>
    ExclusionConstraint({ name: "x", expressions: [["a", operator]], condition: Q({ b: 1 }) });
  assert.ok(exclusion("=").equals(exclusion("=").clone()));
  assert.ok(!exclusion("=").equals(exclusion("&&")));
});

test("other databases refuse them", () => {
  configure({ apps: { contrib }, databases: { default: "sqlite::memory:" } });
  try {
    assert.throws(() => statements(contrib.Post), {
      name: "NotSupportedError",
      message: "ArrayField is only supported on PostgreSQL.",
    });
    assert.throws(() => contrib.Recipe.objects.filter({ title__trigram_similar: "x" }).count(), {
      name: "NotSupportedError",
      message: "The lookup 'trigram_similar' is only supported on PostgreSQL.",
    });
    assert.throws(() => contrib.Recipe.objects.filter({ title__search: "x" }).count(), {
      message: "Full-text search is only supported on PostgreSQL.",
    });
    assert.throws(() => contrib.Event.objects.filter({ n__contained_by: new Range(1, 2) }).count(), {
      name: "NotSupportedError",
    });
  } finally {
    useOwnDatabase();
  }
});

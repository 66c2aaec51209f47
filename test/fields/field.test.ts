import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { ValueAdapters } from "../../src/backends/base/values.ts";
import { SqliteValues } from "../../src/backends/sqlite/values.ts";
import { ArgumentTypeError, ValueError } from "../../src/errors.ts";
import { isExpression } from "../../src/fields/hooks.ts";
import * as classes from "../../src/fields/index.ts";
import { setClock } from "../../src/util/clock.ts";
import { Temporal } from "../../src/util/temporal.ts";
import { ValidationError } from "../../src/validators/validation-error.ts";
import { MaxValueValidator, MinLengthValidator, RegexValidator } from "../../src/validators/validators.ts";

const { BigAutoField, BinaryField, CharField, DateField, DateTimeField, DecimalField, Field, IntegerField } =
  classes;
const { GeneratedField, CompositePrimaryKey, SlugField, TimeField, URLField, UUIDField } = classes;

const ops = { values: new SqliteValues() };

/** A field with a name, as in a model. */
function named<F extends classes.Field>(field: F, name = "f"): F {
  field.setAttributesFromName(name);
  return field;
}

function errorOf(call: () => unknown): ValidationError {
  try {
    call();
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
  throw new Error("no error");
}

test("names: a camelCase field gets a column in snake_case, every other keeps its name", () => {
  const names: Record<string, string> = {
    createdAt: "created_at",
    created_at: "created_at",
    htmlBody2: "html_body2",
    bodyHTML: "body_html",
    name: "name",
    _order: "_order",
  };
  for (const [name, column] of Object.entries(names)) {
    const field = named(new CharField(), name);
    assert.equal(field.attname, name);
    assert.equal(field.column, column);
  }
  assert.equal(named(new CharField({ dbColumn: "Mixed Case" }), "mixedCase").column, "Mixed Case");
  assert.equal(named(new CharField(), "createdAt").verboseName, "created at");
});

test("defaults: a value, a function, and what stands for empty", () => {
  assert.equal(new CharField().getDefault(), "");
  assert.equal(new CharField({ null: true }).getDefault(), null);
  assert.equal(new IntegerField().getDefault(), null);
  assert.equal(new IntegerField({ default: 3 }).getDefault(), 3);
  assert.equal(new CharField({ default: null }).hasDefault(), true);
  let calls = 0;
  const counting = new IntegerField({ default: () => ++calls });
  assert.deepEqual([counting.getDefault(), counting.getDefault()], [1, 2]);
  assert.deepEqual(new BinaryField().getDefault(), new Uint8Array());
});

test("undefined is refused wherever a value is expected", () => {
  for (const name of [
    "CharField",
    "IntegerField",
    "DateField",
    "DecimalField",
    "JSONField",
    "BooleanField",
    "UUIDField",
  ]) {
    const cls = (classes as unknown as Record<string, new () => classes.Field>)[
      name
    ] as new () => classes.Field;
    const field = named(new cls());
    assert.throws(() => field.getPrepValue(undefined), { name: "TypeError", message: /'f' got undefined/ });
    assert.throws(() => field.clean(undefined, null), ArgumentTypeError);
    assert.throws(() => field.getDbPrepSave(undefined, ops), ArgumentTypeError);
  }
  assert.throws(() => named(new classes.JSONField()).getDbPrepSave({ a: undefined }, ops), ArgumentTypeError);
});

test("choices: pairs, groups, bare values, objects and functions", () => {
  const grouped = new CharField({
    choices: [
      ["a", "A"],
      ["Group", [["b", "B"]]],
    ],
  });
  assert.deepEqual(grouped.choices, [
    ["a", "A"],
    ["Group", [["b", "B"]]],
  ]);
  assert.deepEqual(grouped.flatchoices, [
    ["a", "A"],
    ["b", "B"],
  ]);
  assert.deepEqual(new CharField({ choices: ["x", "y"] }).flatchoices, [
    ["x", "x"],
    ["y", "y"],
  ]);
  assert.deepEqual(new CharField({ choices: { s: "Small", l: "Large" } }).flatchoices, [
    ["s", "Small"],
    ["l", "Large"],
  ]);
  assert.deepEqual(new CharField({ choices: () => [["f", "F"]] }).flatchoices, [["f", "F"]]);
  assert.equal(new CharField().choices, null);
  assert.deepEqual(new CharField().flatchoices, []);
});

test("validators: of the class, of the options, of the column; messages of the field win", () => {
  const code = named(
    new CharField({ maxLength: 3, validators: [RegexValidator("^[A-Z]+$"), MinLengthValidator(2)] }),
  );
  assert.deepEqual(errorOf(() => code.clean("a", null)).messages, [
    "Enter a valid value.",
    "Ensure this value has at least 2 characters (it has 1).",
  ]);
  assert.deepEqual(errorOf(() => code.clean("ABCD", null)).messages, [
    "Ensure this value has at most 3 characters (it has 4).",
  ]);
  const own = named(
    new CharField({ maxLength: 3, errorMessages: { max_length: "Too long: %(show_value)d." } }),
  );
  assert.deepEqual(errorOf(() => own.clean("ABCD", null)).messages, ["Too long: 4."]);
  // A narrower limit of the user's replaces the column's.
  const limits = (field: classes.Field, values: ValueAdapters) =>
    field
      .getValidators(values)
      .map((each) => [(each as { code?: string }).code, (each as { limitValue?: unknown }).limitValue]);
  const capped = new IntegerField({ validators: [MaxValueValidator(10)] });
  assert.deepEqual(limits(capped, new ValueAdapters()), [
    ["max_value", 10],
    ["min_value", -2147483648n],
  ]);
  assert.deepEqual(limits(capped, ops.values), [
    ["max_value", 10],
    ["min_value", -9223372036854775808n],
  ]);
});

test("automatic times fill themselves in at saving", () => {
  const restore = setClock(() => new Date("2024-01-15T23:30:00Z"));
  try {
    const instance: Record<string, unknown> = { f: null };
    const added = named(new DateTimeField({ autoNowAdd: true }));
    assert.equal(added.editable, false);
    assert.equal(added.preSave(instance, false), null);
    assert.deepEqual(added.preSave(instance, true), new Date("2024-01-15T23:30:00Z"));
    assert.deepEqual(instance.f, new Date("2024-01-15T23:30:00Z"));
    const day = named(new DateField({ autoNow: true })).preSave(instance, false) as Temporal.PlainDate;
    assert.equal(String(day), "2024-01-15");
    assert.equal(String(named(new TimeField({ autoNow: true })).preSave(instance, false)), "23:30:00");
  } finally {
    restore();
  }
});

test("deconstruct gives the options that differ, clone an equal field", () => {
  const cases: [classes.Field, string, Record<string, unknown>][] = [
    [
      new CharField({ maxLength: 5, null: true, verboseName: "x" }),
      "CharField",
      { verboseName: "x", maxLength: 5, null: true },
    ],
    [new SlugField(), "SlugField", {}],
    [
      new SlugField({ dbIndex: false, allowUnicode: true }),
      "SlugField",
      { dbIndex: false, allowUnicode: true },
    ],
    [new URLField({ unique: true }), "URLField", { unique: true }],
    [new DateTimeField({ autoNow: true }), "DateTimeField", { autoNow: true }],
    [new BigAutoField(), "BigAutoField", { primaryKey: true }],
    [new UUIDField({ primaryKey: true }), "UUIDField", { primaryKey: true }],
    [new BinaryField(), "BinaryField", {}],
    [
      new DecimalField({ maxDigits: 5, decimalPlaces: 2, default: 0 }),
      "DecimalField",
      { default: 0, maxDigits: 5, decimalPlaces: 2 },
    ],
    [
      new IntegerField({ dbDefault: 7, choices: [[1, "One"]] }),
      "IntegerField",
      { choices: [[1, "One"]], dbDefault: 7 },
    ],
  ];
  for (const [field, type, kwargs] of cases) {
    assert.deepEqual({ ...field.deconstruct() }, { type, kwargs });
    assert.deepEqual(field.clone().deconstruct(), field.deconstruct());
  }
  assert.deepEqual(new CompositePrimaryKey("a", "b").clone().fieldNames, ["a", "b"]);
});

test("options that cannot be", () => {
  const expression = { resolveExpression() {} };
  assert.ok(isExpression(expression));
  const outputField = new IntegerField();
  assert.throws(() => new GeneratedField({ expression, outputField } as never), /dbPersist must be/);
  assert.throws(
    () => new GeneratedField({ expression, outputField, dbPersist: true, default: 1 }),
    /cannot have a default/,
  );
  assert.throws(
    () => new GeneratedField({ expression, outputField, dbPersist: true, editable: true }),
    ValueError,
  );
  assert.throws(() => new CompositePrimaryKey("a"), /at least two/);
  assert.throws(() => new CompositePrimaryKey("a", "a"), /unique strings/);
  assert.throws(
    () => new classes.GenericIPAddressField({ protocol: "IPv4", unpackIpv4: true }),
    /unpackIpv4/,
  );
  assert.throws(() => new classes.JSONField({ encoder: 5 as never }), /encoder parameter/);
});

/** A field of one's own, as the documentation of `Field` shows it. */
class Point {
  readonly x: number;
  readonly y: number;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

class PointField extends Field {
  override get internalType(): string {
    return "TextField";
  }

  override fromDb() {
    return (text: unknown) => new Point(...(String(text).split(",").map(Number) as [number, number]));
  }

  override getPrepValue(value: unknown): unknown {
    return value instanceof Point ? `${value.x},${value.y}` : super.getPrepValue(value);
  }
}

class MoneyField extends DecimalField {
  override dbType(): string {
    return "money";
  }
}

test("a custom field: its column, its values, its own lookups", () => {
  const field = named(new PointField({ null: true }), "at");
  assert.equal(field.dbType(ops), "text");
  assert.equal(field.getDbPrepSave(new Point(1, 2), ops), "1,2");
  assert.deepEqual(field.fromDb()("3,4"), new Point(3, 4));
  assert.equal(inspect(field), "<PointField: .at>");
  assert.equal(named(new MoneyField({ maxDigits: 5, decimalPlaces: 2 })).dbParameters(ops).type, "money");

  const lookup = { lookupName: "north", lookupKind: "lookup" } as const;
  const transform = { lookupName: "x", lookupKind: "transform" } as const;
  PointField.registerLookup(lookup);
  Field.registerLookup(transform, "x_of_all");
  assert.equal(field.getLookup("north"), lookup);
  assert.equal(field.getTransform("north"), null);
  assert.equal(new CharField().getLookup("north"), null);
  assert.equal(new CharField().getTransform("x_of_all"), transform);
  class SubField extends PointField {}
  assert.equal(new SubField().getLookup("north"), lookup);
  field.registerLookup(transform);
  assert.equal(field.getTransform("x"), transform);
  assert.equal(new PointField().getTransform("x"), null);
  PointField.unregisterLookup(lookup);
  Field.unregisterLookup(transform, "x_of_all");
  assert.equal(new SubField().getLookup("north"), null);
});

test("integers that a number would round are bigint, or an error; never rounded", () => {
  assert.equal(named(new IntegerField()).getPrepValue("9007199254740993"), 9007199254740993n);
  assert.equal(named(new classes.BigIntegerField()).getPrepValue(5), 5n);
  const read = new IntegerField().fromDb(ops, { bigints: true }) as (value: unknown) => unknown;
  assert.equal(read(5n), 5);
  assert.throws(() => read(9007199254740993n), ValueError);
});

test("errors name the field and the value", () => {
  const field = named(new IntegerField(), "pages");
  assert.throws(() => field.getPrepValue("x"), {
    name: "ValueError",
    message: "Field 'pages' expected a number but got 'x'.",
  });
  assert.throws(() => field.getPrepValue([1]), {
    name: "TypeError",
    message: "Field 'pages' expected a number but got [1].",
  });
  assert.throws(
    () => named(new DateTimeField()).getDbPrepSave(new Date("+012345-01-01T00:00:00Z"), ops),
    /year 12345 is out of range/,
  );
  assert.throws(
    () => named(new classes.DurationField()).getDbPrepSave(Temporal.Duration.from({ months: 1 }), ops),
    ValueError,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { compareValues, sameValue } from "../../src/util/compare.ts";
import {
  durationFromMicroseconds,
  durationMicroseconds,
  isoDateTime,
  readDate,
  readDateTime,
  readTime,
} from "../../src/util/dates.ts";
import { Decimal } from "../../src/util/decimal.ts";
import { dumps, loads } from "../../src/util/json.ts";
import {
  epochMicroseconds,
  fromEpochMicroseconds,
  microseconds,
  withMicroseconds,
} from "../../src/util/microseconds.ts";
import { repr, str } from "../../src/util/repr.ts";
import { Temporal } from "../../src/util/temporal.ts";

test("microseconds ride on a Date unseen, until its time changes", () => {
  const plain = new Date("2024-01-15T12:00:00.123Z");
  const date = withMicroseconds(plain, 123456);
  assert.equal(microseconds(plain), 123000);
  assert.equal(microseconds(date), 123456);
  assert.equal(inspect(date), inspect(plain));
  assert.deepEqual(date, plain);
  date.setUTCHours(13);
  assert.equal(microseconds(date), 123000);
  for (const us of [1705320000123456n, -1n, -1000001n, 0n])
    assert.equal(epochMicroseconds(fromEpochMicroseconds(us)), us);
  assert.equal(microseconds(withMicroseconds(new Date(-1), 999999)), 999999);
  assert.throws(() => withMicroseconds(plain, 1_000_000), RangeError);
});

test("dates of rows are read as they are written", () => {
  for (const text of [
    "2024-01-15 12:00:00",
    "2024-02-29 23:59:59.999999",
    "1969-12-31 23:59:59.000001",
    "0001-01-01 00:00:00",
    "9999-12-31 23:59:59.123000",
  ]) {
    assert.equal(isoDateTime(readDateTime(text) as Date), text);
  }
  assert.equal(isoDateTime(readDateTime("2024-01-15 12:00:00+02:00") as Date), "2024-01-15 10:00:00");
  assert.equal(isoDateTime(readDateTime("2024-01-15T12:00") as Date), "2024-01-15 12:00:00");
  assert.equal(isoDateTime(readDateTime("2024-01-15") as Date), "2024-01-15 00:00:00");
  assert.equal(readDateTime("nonsense of 19 char"), null);
  assert.throws(() => readDateTime("2023-02-29 00:00:00"));
  assert.equal(String(readDate("2024-02-29")), "2024-02-29");
  assert.equal(readDate("2024-02-29"), readDate("2024-02-29"));
  assert.equal(String(readTime("10:00:00.000001")), "10:00:00.000001");
});

test("durations are counted in microseconds, both ways", () => {
  for (const us of [0n, 1n, -1n, 86_400_000_001n, -90_061_000_001n, 86_399_999_999_999_999n]) {
    assert.equal(durationMicroseconds(durationFromMicroseconds(us)), us);
  }
  assert.equal(String(durationFromMicroseconds(90_061_001_001)), "P1DT1H1M1.001001S");
  assert.equal(String(durationFromMicroseconds(-1_500_000)), "-PT1.5S");
  assert.equal(inspect(durationFromMicroseconds(-86_400_000_000).hours), "0");
});

test("JSON is written as Python writes it", () => {
  const cases: [unknown, string][] = [
    [{ a: 1, b: [true, null, "x"] }, '{"a": 1, "b": [true, null, "x"]}'],
    ["é😀\u007f\u2028", '"\\u00e9\\ud83d\\ude00\\u007f\\u2028"'],
    ['"\\/\b\f\n\r\t\u0001', '"\\"\\\\/\\b\\f\\n\\r\\t\\u0001"'],
    [[0.1, 1e16, 1e-7, -0, 123456789012, 1.5e300], "[0.1, 1e+16, 1e-07, -0.0, 123456789012, 1.5e+300]"],
    [12345678901234567890n, "12345678901234567890"],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{}, "{}"],
    [
      new Map([
        ["b", 1],
        ["1", 2],
      ]),
      '{"b": 1, "1": 2}',
    ],
    [[], "[]"],
    [Number.NaN, "NaN"],
  ];
  for (const [value, text] of cases) assert.equal(dumps(value), text);
  for (const value of [
    undefined,
    { a: undefined },
    [undefined],
    () => 1,
    Symbol("x"),
    new Map([[1, 2]]),
    new Set(),
    new Uint8Array(),
  ]) {
    assert.throws(() => dumps(value), { name: "TypeError" });
  }
  const circle: unknown[] = [];
  circle.push(circle);
  assert.throws(() => dumps(circle), /Circular/);
  assert.equal(
    dumps({ a: 1n }, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
    '{"a": "1n"}',
  );
});

test("JSON is read without rounding integers", () => {
  assert.deepEqual(loads('{"a": 9007199254740993, "b": 1.5, "c": "1234567890123456789"}'), {
    a: 9007199254740993n,
    b: 1.5,
    c: "1234567890123456789",
  });
  assert.equal(loads("0.12345678901234566"), 0.12345678901234566);
  assert.deepEqual(
    loads('{"a": 1}', (_, value) => (value === 1 ? 2 : value)),
    { a: 2 },
  );
});

test("values look as in Python", () => {
  const cases: [unknown, string, string][] = [
    [null, "None", "None"],
    [true, "True", "True"],
    ["it's", '"it\'s"', "it's"],
    ["a\nb\\", "'a\\nb\\\\'", "a\nb\\"],
    [1.5, "1.5", "1.5"],
    [1e21, "1e+21", "1e+21"],
    [[1, "a"], "[1, 'a']", "[1, 'a']"],
    [{ a: null }, "{'a': None}", "{'a': None}"],
    [new Decimal("1.50"), "Decimal('1.50')", "1.50"],
    [new Temporal.PlainDate(2020, 1, 2), "datetime.date(2020, 1, 2)", "2020-01-02"],
    [
      new Date("2020-01-02T03:04:05Z"),
      "datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)",
      "2020-01-02 03:04:05+00:00",
    ],
    [Temporal.Duration.from({ hours: -1 }), "datetime.timedelta(days=-1, seconds=82800)", "-1 day, 23:00:00"],
    [new Uint8Array([0, 97]), "b'\\x00a'", "b'\\x00a'"],
  ];
  for (const [value, asRepr, asStr] of cases) {
    assert.equal(repr(value), asRepr);
    assert.equal(str(value), asStr);
  }
});

test("values compare across kinds of numbers, and by value", () => {
  assert.equal(compareValues(1, 2n), -1);
  assert.equal(compareValues(new Decimal("1.10"), 1.1), 0);
  assert.equal(compareValues(new Date(1), new Date(0)), 1);
  assert.ok(Number.isNaN(compareValues("a", 1)));
  assert.ok(sameValue([1, { a: new Decimal("1.0") }], [1n, { a: new Decimal("1") }]));
  assert.ok(!sameValue(null, 0));
});

/** Ranges as values, and validators, against what Django and psycopg answer: see django_fields.py. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Decimal, Temporal, ValidationError } from "asgimod";
import {
  ArrayMaxLengthValidator,
  ArrayMinLengthValidator,
  KeysValidator,
  Range,
  RangeMaxValueValidator,
  RangeMinValueValidator,
} from "asgimod/postgres";
import { compareWithDjango } from "./setup.ts";

function checked<T>(validator: (value: T) => void, value: T): unknown {
  try {
    validator(value);
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return [error.messages, error.validationCode];
  }
}

const R = <T>(lower: T | null, upper: T | null, bounds?: ConstructorParameters<typeof Range>[2]) =>
  new Range<T>(lower, upper, bounds);

compareWithDjango("validators", {
  "array too long": () => checked(ArrayMaxLengthValidator(1), ["a", "b"]),
  "array too short": () => checked(ArrayMinLengthValidator(2), ["a"]),
  "array long enough": () => checked(ArrayMinLengthValidator(1), ["a"]),
  "keys missing": () => checked(KeysValidator(["a", "b"]), { a: "1" }),
  "keys extra": () => checked(KeysValidator(["a"], { strict: true }), { a: "1", c: "2" }),
  "keys extra allowed": () => checked(KeysValidator(["a"]), { a: "1", c: "2" }),
  "keys own message": () => checked(KeysValidator(["a"], { messages: { missing_keys: "No %(keys)s!" } }), {}),
  "range ends too late": () => checked(RangeMaxValueValidator(5), R(1, 6)),
  "range ends in time": () => checked(RangeMaxValueValidator(5), R(1, 5)),
  "range without end": () => checked(RangeMaxValueValidator(5), R<number>(1, null)),
  "range begins too early": () => checked(RangeMinValueValidator(5), R(1, 6)),
  "range begins in time": () =>
    checked(
      RangeMinValueValidator(() => 1),
      R(1, 6),
    ),
  "range without beginning": () => checked(RangeMinValueValidator(5), R<number>(null, 6)),
});

const empty = Range.empty<number>();

compareWithDjango("range values", {
  flags: () =>
    [R(1, 5), R(1, 5, "[]"), R<number>(null, 5, "[]"), R<number>(null, null), empty].map((each) => [
      each.isEmpty,
      each.lowerInc,
      each.upperInc,
      each.lowerInf,
      each.upperInf,
    ]),
  contains: () =>
    [R(1, 5), R(1, 5, "(]"), R<number>(null, 3, "[]"), R<number>(4, null), empty].map((each) =>
      [1, 3, 5].map((value) => each.contains(value)),
    ),
  equal: () => [R(1, 5), R(1, 5, "[]"), R(1, 6), empty, 1].map((other) => R(1, 5).equals(other)),
  "wrong bounds": () => R(1, 5, "[[" as never),
});

test("ranges of days and decimals hold their values, print and serialize", () => {
  const day = (text: string) => Temporal.PlainDate.from(text);
  const january = new Range(day("2024-01-01"), day("2024-02-01"));
  assert.ok(january.contains(day("2024-01-31")));
  assert.ok(!january.contains(day("2024-02-01")));
  assert.ok(january.equals(new Range(day("2024-01-01"), day("2024-02-01"))));
  assert.deepEqual([R(1, 5, "(]"), R<number>(null, 5), empty].map(String), ["(1, 5]", "[, 5)", "empty"]);
  assert.equal(inspect({ january }), "{ january: Range [2024-01-01, 2024-02-01) }");
  assert.ok(
    new Range(new Decimal("1.5"), new Decimal("2")).equals(
      new Range(new Decimal("1.50"), new Decimal("2.0")),
    ),
  );
  assert.equal(JSON.stringify(new Range<number>(null, 5)), '{"bounds":"[)","lower":null,"upper":5}');
  assert.equal(JSON.stringify(Range.empty()), '{"empty":true}');
});

/** Values for every field: the Python expression for Django, and the value here that must be stored alike. */

import { Decimal } from "../../src/util/decimal.ts";
import { withMicroseconds } from "../../src/util/microseconds.ts";
import { Temporal } from "../../src/util/temporal.ts";

export interface StoredCase {
  /** The field's class. */
  readonly field: string;
  /** Options, by Django's names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly python: string;
  readonly value: unknown;
}

const cases: StoredCase[] = [];

function add(
  field: string,
  options: Record<string, unknown>,
  ...pairs: [python: string, value: unknown][]
): void {
  for (const [python, value] of pairs)
    cases.push({ field, options: { null: true, ...options }, python, value });
}

add(
  "CharField",
  { max_length: 50 },
  ["'x'", "x"],
  ["''", ""],
  ["'é€😀'", "é€😀"],
  ["5", 5],
  ["1.5", 1.5],
  ["True", true],
);
add("CharField", { max_length: 50 }, ["None", null], ["Decimal('1.50')", new Decimal("1.50")]);
add("CharField", { max_length: 50 }, ["datetime.date(2020, 1, 2)", new Temporal.PlainDate(2020, 1, 2)]);
add("CharField", { max_length: 50 }, [
  "datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)",
  new Date("2020-01-02T03:04:05Z"),
]);
add("TextField", {}, ["'a\\nb'", "a\nb"], ["7", 7]);
add("SlugField", {}, ["'a-b'", "a-b"]);
add("EmailField", {}, ["'a@example.com'", "a@example.com"]);
add("URLField", {}, ["'https://example.com/'", "https://example.com/"]);

for (const field of [
  "IntegerField",
  "SmallIntegerField",
  "PositiveIntegerField",
  "PositiveSmallIntegerField",
]) {
  add(
    field,
    {},
    ["5", 5],
    ["'12'", "12"],
    ["3.9", 3.9],
    ["True", true],
    ["2**40", 2 ** 40],
    ["'1_000'", "1_000"],
  );
}
add("IntegerField", {}, ["-5", -5], ["Decimal('7.9')", new Decimal("7.9")], ["None", null]);
for (const field of ["BigIntegerField", "PositiveBigIntegerField"]) {
  add(
    field,
    {},
    ["5", 5],
    ["9007199254740993", 9007199254740993n],
    ["9223372036854775807", "9223372036854775807"],
  );
}

add("FloatField", {}, ["1.5", 1.5], ["2", 2], ["'1e3'", "1e3"], ["Decimal('0.1')", new Decimal("0.1")]);
add(
  "FloatField",
  {},
  ["float('inf')", Infinity],
  ["1e300", 1e300],
  ["0.1", 0.1],
  ["-0.0", -0],
  ["float('nan')", Number.NaN],
);

const money = { max_digits: 10, decimal_places: 2 };
add("DecimalField", money, ["Decimal('9.90')", new Decimal("9.90")], ["Decimal('9.9')", new Decimal("9.9")]);
add(
  "DecimalField",
  money,
  ["5", 5],
  ["9.9", 9.9],
  ["0.1", 0.1],
  ["'12.50'", "12.50"],
  ["Decimal('1E+3')", new Decimal("1E+3")],
);
add("DecimalField", money, ["Decimal('0')", new Decimal("0")], ["Decimal('-0.01')", new Decimal("-0.01")]);
add(
  "DecimalField",
  money,
  ["Decimal('99999999.99')", new Decimal("99999999.99")],
  ["Decimal('1.005')", new Decimal("1.005")],
);
add("DecimalField", money, ["Decimal('2.675')", new Decimal("2.675")], ["None", null], ["True", true]);
const wide = { max_digits: 20, decimal_places: 6 };
add("DecimalField", wide, ["Decimal('12345678901234.123456')", new Decimal("12345678901234.123456")]);
add("DecimalField", wide, ["Decimal('0.000001')", new Decimal("0.000001")], ["1/3", 1 / 3]);
add("DecimalField", wide, ["Decimal('123456789012.345678')", new Decimal("123456789012.345678")]);
add("DecimalField", wide, ["Decimal('1E-7')", new Decimal("1E-7")]);
add("DecimalField", { max_digits: 20, decimal_places: 2 }, [
  "Decimal('1234567890123456')",
  new Decimal("1234567890123456"),
]);
add("DecimalField", { max_digits: 40, decimal_places: 3 }, [
  "Decimal('1234567890123.125')",
  new Decimal("1234567890123.125"),
]);

add(
  "BooleanField",
  {},
  ["True", true],
  ["False", false],
  ["None", null],
  ["1", 1],
  ["'t'", "t"],
  ["'False'", "False"],
);

add(
  "DateField",
  {},
  ["datetime.date(2020, 2, 29)", new Temporal.PlainDate(2020, 2, 29)],
  ["'2020-01-05'", "2020-01-05"],
);
add("DateField", {}, ["datetime.date(1, 1, 1)", new Temporal.PlainDate(1, 1, 1)], ["'2020-1-5'", "2020-1-5"]);
add("DateField", {}, ["datetime.datetime(2020, 1, 2, 23, 59, tzinfo=UTC)", new Date("2020-01-02T23:59:00Z")]);
add(
  "DateField",
  {},
  ["'20200105'", "20200105"],
  ["'2020-W01-1'", "2020-W01-1"],
  ["datetime.date(9999, 12, 31)", new Temporal.PlainDate(9999, 12, 31)],
);

const at = new Date("2020-01-02T03:04:05Z");
add("DateTimeField", {}, ["datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)", at]);
add("DateTimeField", {}, [
  "datetime.datetime(2020, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)",
  withMicroseconds(at, 123456),
]);
add("DateTimeField", {}, [
  "datetime.datetime(2020, 1, 2, 3, 4, 5, 120000, tzinfo=UTC)",
  withMicroseconds(at, 120000),
]);
add("DateTimeField", {}, ["datetime.datetime(2020, 1, 2, 3, 4, 5, 1, tzinfo=UTC)", withMicroseconds(at, 1)]);
add("DateTimeField", {}, [
  "datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)",
  withMicroseconds(new Date(-1000), 999999),
]);
add("DateTimeField", {}, ["datetime.datetime(1, 1, 1, tzinfo=UTC)", new Date("0001-01-01T00:00:00Z")]);
add(
  "DateTimeField",
  {},
  ["'2020-01-02T03:04:05.5+02:00'", "2020-01-02T03:04:05.5+02:00"],
  ["'2020-01-02'", "2020-01-02"],
);
add(
  "DateTimeField",
  {},
  ["'2020-01-02 03:04'", "2020-01-02 03:04"],
  ["'2020-01-02T03:04:05Z'", "2020-01-02T03:04:05Z"],
);
add("DateTimeField", {}, ["datetime.date(2020, 1, 2)", new Temporal.PlainDate(2020, 1, 2)]);
add("DateTimeField", {}, [
  "datetime.datetime(2020, 1, 2, 3, 4)",
  new Temporal.PlainDateTime(2020, 1, 2, 3, 4),
]);

add(
  "TimeField",
  {},
  ["datetime.time(10, 0)", new Temporal.PlainTime(10)],
  ["'10:30'", "10:30"],
  ["'1:2:3.5'", "1:2:3.5"],
);
add("TimeField", {}, ["datetime.time(10, 0, 0, 1)", new Temporal.PlainTime(10, 0, 0, 0, 1)]);
add("TimeField", {}, ["datetime.datetime(2020, 1, 2, 3, 4, tzinfo=UTC)", new Date("2020-01-02T03:04:00Z")]);

const duration = (value: Temporal.DurationLike) => Temporal.Duration.from(value);
add("DurationField", {}, [
  "datetime.timedelta(days=1, seconds=2, microseconds=3)",
  duration({ days: 1, seconds: 2, microseconds: 3 }),
]);
add(
  "DurationField",
  {},
  ["datetime.timedelta(hours=-5)", duration({ hours: -5 })],
  ["datetime.timedelta(0)", duration({ hours: 0 })],
);
add("DurationField", {}, ["datetime.timedelta(weeks=60000)", duration({ weeks: 60000 })], ["None", null]);

add("UUIDField", {}, [
  "uuid.UUID('12345678-1234-5678-1234-567812345678')",
  "12345678-1234-5678-1234-567812345678",
]);
add(
  "UUIDField",
  {},
  ["'{12345678123456781234567812345678}'", "{12345678123456781234567812345678}"],
  ["5", 5],
);
add("UUIDField", {}, [
  "'urn:uuid:ABCDEF78-1234-5678-1234-567812345678'",
  "urn:uuid:ABCDEF78-1234-5678-1234-567812345678",
]);

add(
  "BinaryField",
  {},
  ["b'\\x00\\xff a'", new Uint8Array([0, 255, 32, 97])],
  ["b''", new Uint8Array()],
  ["None", null],
);

add("JSONField", {}, [
  "{'a': [1, 2.5, None, True], 'é': '😀\\x7f'}",
  { a: [1, 2.5, null, true], é: "😀\x7f" },
]);
add(
  "JSONField",
  {},
  ["'x'", "x"],
  ["5", 5],
  ["[]", []],
  ["{}", {}],
  ["1e-7", 1e-7],
  ["0.00001", 0.00001],
  ["None", null],
);
add("JSONField", {}, ["[1e21, 1.5e300, -0.5, 123456789.125]", [1e21, 1.5e300, -0.5, 123456789.125]]);
add(
  "JSONField",
  {},
  ["2**70", 2n ** 70n],
  ["'a\"\\\\/\\n\\t\\x01'", 'a"\\/\n\t\x01'],
  ["[[{'a': {}}]]", [[{ a: {} }]]],
);

add(
  "GenericIPAddressField",
  {},
  ["'192.0.2.1'", "192.0.2.1"],
  ["'2001:DB8:0:0:0:0:0:1'", "2001:DB8:0:0:0:0:0:1"],
  ["''", ""],
);
add(
  "GenericIPAddressField",
  {},
  ["'::ffff:10.0.0.1'", "::ffff:10.0.0.1"],
  ["'::'", "::"],
  ["'1:0:0:2:0:0:0:3'", "1:0:0:2:0:0:0:3"],
);
add(
  "GenericIPAddressField",
  { unpack_ipv4: true },
  ["'::ffff:10.0.0.1'", "::ffff:10.0.0.1"],
  ["'0:0:0:0:0:ffff:1.2.3.4'", "0:0:0:0:0:ffff:1.2.3.4"],
);

export default cases;

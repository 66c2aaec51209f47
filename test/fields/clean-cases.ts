/** Values for validation: Python expressions, and what they are here. */

import { Decimal } from "../../src/util/decimal.ts";
import { Temporal } from "../../src/util/temporal.ts";

/** Python's literal and the value here. Texts stand for themselves. */
const VALUES: Record<string, unknown> = {
  None: null,
  True: true,
  False: false,
  "[]": [],
  "[1]": [1],
  "{}": {},
  "{'a': 1}": { a: 1 },
  "float('nan')": Number.NaN,
  "float('inf')": Number.POSITIVE_INFINITY,
  "Decimal('NaN')": new Decimal("NaN"),
  "b'ab'": new Uint8Array([97, 98]),
  "datetime.date(2020, 1, 2)": new Temporal.PlainDate(2020, 1, 2),
  "datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)": new Date("2020-01-02T03:04:05Z"),
  "datetime.time(3, 4)": new Temporal.PlainTime(3, 4),
  "datetime.timedelta(days=1)": Temporal.Duration.from({ days: 1 }),
};

/** The value of a Python expression of a case. */
export function valueOf(expression: string): unknown {
  if (Object.hasOwn(VALUES, expression)) return VALUES[expression];
  if (/^-?\d+$/.test(expression)) {
    const number = Number(expression);
    return Number.isSafeInteger(number) ? number : BigInt(expression);
  }
  if (/^-?\d/.test(expression)) return Number(expression);
  const decimal = /^Decimal\('(.*)'\)$/.exec(expression);
  if (decimal !== null) return new Decimal(decimal[1] as string);
  const text = /^'(.*)'$/s.exec(expression);
  if (text === null) throw new Error(`not understood: ${expression}`);
  return (text[1] as string)
    .replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
}

type Case = readonly [field: string, options: Record<string, unknown>, expressions: readonly string[]];

const texts = (...values: string[]) => values.map((value) => `'${value}'`);
const odd = ["None", "''", "[]", "{}", "[1]", "{'a': 1}", "True"];
const numbers = [
  ...odd,
  ...texts("12", " 12 ", "+5", "-7", "1_000", "1__0", "_1", "1.5", "x", "0x10", "1e3", "12a"),
];
const floats = ["1.5", "-2.5", "1e300", "Decimal('2.50')", "Decimal('1E+2')"];

const cases: Case[] = [
  [
    "IntegerField",
    {},
    [...numbers, ...floats, "9223372036854775807", "9223372036854775808", "-9223372036854775809"],
  ],
  ["IntegerField", { null: true, blank: true }, ["None", "5"]],
  [
    "IntegerField",
    {
      choices: [
        [1, "One"],
        [
          "Group",
          [
            [2, "Two"],
            [3, "Three"],
          ],
        ],
      ],
    },
    ["1", "2", "'3'", "4", "1.0"],
  ],
  ["PositiveSmallIntegerField", {}, ["-1", "0", "40000", "'-3'"]],
  ["BigIntegerField", {}, ["5", "'9007199254740993'", "9223372036854775808"]],
  [
    "FloatField",
    {},
    [...numbers, ...floats, ...texts("nan", "-Infinity", ".5", "5.", "1e-5", "1_0.5", "."), "float('inf')"],
  ],
  [
    "DecimalField",
    { max_digits: 6, decimal_places: 2 },
    [
      ...odd,
      ...floats,
      "5",
      "12345",
      "1.005",
      "9.9",
      "0.1",
      "100000",
      "float('nan')",
      "float('inf')",
      "Decimal('NaN')",
      ...texts(
        "9.90",
        "abc",
        "NaN",
        "Infinity",
        "1E+5",
        "1e-3",
        "0.00",
        "1234.567",
        " 1.5 ",
        "1_0.5",
        "12345.6",
        "-0.01",
        "1,5",
      ),
      "Decimal('1E+5')",
      "Decimal('0E-3')",
      "Decimal('0.001')",
      "Decimal('1234.56')",
      "Decimal('12345.6')",
    ],
  ],
  [
    "BooleanField",
    {},
    [...odd, "False", "0", "1", "2", "1.0", ...texts("t", "f", "True", "False", "1", "0", "yes", "true")],
  ],
  ["BooleanField", { null: true, blank: true }, [...odd, "0", "'yes'"]],
  [
    "CharField",
    { max_length: 5 },
    [
      ...odd,
      "5",
      "1.5",
      "'abcde'",
      "'abcdef'",
      "'\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}'",
      "'  '",
      "datetime.date(2020, 1, 2)",
      "Decimal('1.50')",
    ],
  ],
  [
    "CharField",
    {
      max_length: 5,
      blank: true,
      choices: [
        ["a", "A"],
        ["b", "B"],
      ],
    },
    ["''", "'a'", "'c'", "None", "'A'"],
  ],
  ["CharField", { max_length: 1 }, ["'ab'"]],
  ["TextField", {}, ["''", "5", "'x'"]],
  ["SlugField", {}, [...texts("a-b_C1", "a b", "é", "a\\n", ""), `'${"x".repeat(51)}'`]],
  ["SlugField", { allow_unicode: true }, texts("é-b", "a b", "ñandú_1")],
  [
    "EmailField",
    {},
    texts(
      "a@example.com",
      "a.b+c@sub.example.co",
      "a@b",
      "a@localhost",
      "@x.com",
      "a@",
      "a b@x.com",
      "a@[127.0.0.1]",
      "a@[::1]",
      "a@[1.2.3]",
      '"quoted name"@example.com',
      "a..b@example.com",
      "a@-x.com",
      "a@x-.com",
      "a@x.c",
      "a@exämple.com",
      "a@x.com\\n",
      "no-at",
    ),
  ],
  [
    "URLField",
    {},
    texts(
      "http://example.com",
      "https://example.com/a?b=c#d",
      "ftp://x.org",
      "example.com",
      "http://localhost:8000/",
      "http://1.2.3.4/",
      "http://256.1.1.1/",
      "http://[::1]/",
      "http://[::g]/",
      "http://user:pw@example.com:80/",
      "javascript:alert(1)",
      "http://",
      "http://-a.com",
      "http://a.b-.co",
      "http://exa mple.com",
      "HTTP://EXAMPLE.COM",
      "http://example",
      "http://example.com:999999",
      "http://xn--ls8h.la/",
      "http://a.com\\n",
      "ssh://x.com",
      "http://.com",
      "http://a..com",
      "http://üml.de/ü",
      "//example.com",
      "http://example.com.",
    ),
  ],
  [
    "GenericIPAddressField",
    {},
    [
      ...odd.slice(0, -1),
      ...texts(
        "1.2.3.4",
        " 1.2.3.4 ",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3",
        "::1",
        "::ffff:1.2.3.4",
        "2001:DB8::",
        "1::2::3",
        "fe80::1%eth0",
        "x",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7",
        "::",
        "12345::",
        "0:0:1:0:0:0:1:0",
      ),
    ],
  ],
  ["GenericIPAddressField", { protocol: "IPv4" }, texts("1.2.3.4", "::1")],
  ["GenericIPAddressField", { protocol: "IPv6" }, texts("1.2.3.4", "::1")],
  [
    "UUIDField",
    {},
    [
      ...odd.slice(0, -1),
      "5",
      ...texts(
        "12345678123456781234567812345678",
        "12345678-1234-5678-1234-56781234567",
        "{12345678-1234-5678-1234-567812345678}",
        "nope",
        "urn:uuid:12345678-1234-5678-1234-567812345678",
        "ABCDEF78-1234-5678-1234-567812345678",
      ),
    ],
  ],
  [
    "DateField",
    {},
    [
      "None",
      "''",
      ...texts(
        "2020-01-02",
        "2020-1-2",
        "20200102",
        "2020-W01-1",
        "2020-02-30",
        "2020-13-01",
        "2020-00-10",
        "2020-01-02 ",
        "01/02/2020",
        "nope",
        "2020-01",
        "0000-01-01",
        "2020-01-02T00:00",
        "20200230",
        "2020-W60-1",
        "2020-01-2x",
        "99999-01-01",
      ),
      "datetime.date(2020, 1, 2)",
      "datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)",
    ],
  ],
  [
    "DateTimeField",
    {},
    [
      "None",
      "''",
      ...texts(
        "2020-01-02 03:04:05Z",
        "2020-01-02T03:04:05.5+00:00",
        "2020-01-02 03:04:05.123456+02:00",
        "2020-01-02 03:04:05.1234567Z",
        "2020-01-02 25:00Z",
        "2020-01-02T25:00",
        "2020-02-30 10:00",
        "2020-02-30",
        "2020-01-02 10:60",
        "nope",
        "2020-01-02 10:00 PM",
        "2020-01-02T10:00:00+0530",
        "2020-01-02T10:00:00-05",
        "2020-01-02 10:00:00 Z",
        "2020-01-02T10:00:00+99:00",
        "2020-1-2 3:4Z",
      ),
      "datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)",
    ],
  ],
  [
    "TimeField",
    {},
    [
      "None",
      "''",
      ...texts(
        "10:00",
        "1:2",
        "10:00:00.5",
        "10:00:00.123456",
        "10:00:00,5",
        "25:00",
        "10:60",
        "10",
        "nope",
        "10:00:60",
        "T10:00",
        "1000",
        "10:00Z",
        "24:00",
        "10:00:",
      ),
      "datetime.time(3, 4)",
      "datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)",
    ],
  ],
  [
    "DurationField",
    {},
    [
      "None",
      "''",
      ...texts(
        "1 00:00:00",
        "00:00:01",
        "1:30",
        "90",
        "-1 02:00:00",
        "-0:01",
        "1 day, 0:00:01",
        "3 days 04:05:06",
        "P1DT2H",
        "PT1.5S",
        "-P1D",
        "P1D",
        "PT",
        "P",
        "1.5",
        "1:02:03.000004",
        "nope",
        "1 2 3",
        "P1Y",
        "10 days",
        "1:2:3:4",
        "15:30.1",
        "1,5",
        "-1.5",
        "PT-1H",
        "3 days",
        "3 days -00:00:01",
        "1 days ",
        "P0.5D",
        "+00:01",
      ),
      "datetime.timedelta(days=1)",
    ],
  ],
  ["JSONField", {}, ["None", "''", "'x'", "{}", "{'a': 1}", "5", "[1]", "True", "b'ab'"]],
  ["BinaryField", { editable: true }, ["None", "b'ab'", "'YWI='"]],
  ["BinaryField", { editable: true, max_length: 1 }, ["b'ab'"]],
  ["AutoField", { primary_key: true }, ["None", "5", "'x'", "'7'"]],
  ["BigAutoField", { primary_key: true }, ["None", "5", "'x'"]],
];

export default cases;

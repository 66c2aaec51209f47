/** Random values of every kind of field, the edges among them, in forms that Python reads too. */
import type { Random } from "../fuzz/random.ts";

/** A value as JSON: see `decode` of `encode.ts`. */
export type Encoded = unknown;

const int = (value: bigint | number): Encoded => ({ $int: String(value) });
const float = (value: number): Encoded => ({ $float: hexOf(value) });
const decimal = (text: string): Encoded => ({ $decimal: text });

export function hexOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString("hex");
}

type Make = (random: Random) => Encoded;

function bigints(...edges: bigint[]): Make {
  const near = edges.flatMap((edge) => [edge - 1n, edge, edge + 1n]);
  return (random) => {
    if (random.chance(0.4)) return int(random.pick(near));
    const bits = random.int(1, 66);
    let value = 0n;
    for (let i = 0; i < bits; i++) value = value * 2n + (random.chance(0.5) ? 1n : 0n);
    return int(random.chance(0.5) ? -value : value);
  };
}

const P31 = 2n ** 31n;
const P53 = 2n ** 53n;
const P63 = 2n ** 63n;
const EDGES = [0n, 2n ** 15n, -(2n ** 15n), P31, -P31, P53, -P53, P63, -P63] as const;

/** Other forms of numbers: texts, floats, booleans, decimals. */
const numberForms: Make = (random) =>
  random.pick<Encoded>([
    "12",
    " 7 ",
    "-3",
    "+4",
    "1_000",
    "1.5",
    "",
    "x",
    "٣",
    true,
    false,
    float(2.9),
    float(-2.9),
    float(1e17),
    decimal("12.75"),
    decimal("NaN"),
  ]);

const or =
  (chance: number, other: Make, make: Make): Make =>
  (random) =>
    random.chance(chance) ? other(random) : make(random);

const integers = or(0.15, numberForms, bigints(...EDGES));

const FLOATS = [
  0,
  -0,
  1,
  0.1,
  1 / 3,
  5e-324,
  2.2250738585072014e-308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.EPSILON,
  2 ** 53,
  2 ** 53 + 2,
  1e21,
  1e22,
  123456789.1234567,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

const floats: Make = (random) => {
  if (random.chance(0.1)) return numberForms(random);
  if (random.chance(0.4)) return float(random.pick(FLOATS));
  const bytes = Buffer.alloc(8);
  for (let i = 0; i < 8; i++) bytes[i] = random.int(0, 255);
  const value = bytes.readDoubleBE();
  return float(Number.isNaN(value) ? random.next() : value);
};

const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.int(0, 9)).join("");

function decimals(places: number, whole: number): Make {
  return (random) => {
    if (random.chance(0.12)) return numberForms(random);
    if (random.chance(0.1)) return float((random.next() - 0.5) * 10 ** random.int(0, 12));
    if (random.chance(0.1)) {
      return decimal(
        random.pick(["0", "-0", "1E+3", "1E-3", "0.00005", "-0.00005", "NaN", "Infinity", "sNaN"]),
      );
    }
    const sign = random.chance(0.5) ? "-" : "";
    const before = digits(random, random.int(1, whole + (random.chance(0.1) ? 2 : 0)));
    const after = digits(random, random.int(0, places + (random.chance(0.2) ? 3 : 0)));
    return decimal(`${sign}${before}${after === "" ? "" : "."}${after}`);
  };
}

const LETTERS = [
  "a",
  "Z",
  "0",
  " ",
  "'",
  '"',
  "\\",
  "%",
  "_",
  "\n",
  "\r",
  "\t",
  "\u0001",
  "\u007f",
  "\u0085",
  "é",
  "e\u0301",
  "ß",
  "İ",
  "€",
  "漢",
  "\u2028",
  "\ufeff",
  "\uffff",
  "😀",
  "𝒳",
  "👨‍👩‍👧",
] as const;
const ODD = ["\u0000", "a\u0000b", "\ud800", "\udc00x", "a\ud83d"] as const;

function texts(most: number): Make {
  return (random) => {
    if (random.chance(0.08)) return random.pick(ODD);
    if (random.chance(0.06))
      return random.pick<Encoded>([int(5), float(1.5), true, decimal("1.50"), int(P63)]);
    const length = random.int(0, random.chance(0.1) ? most * 2 : most);
    let text = "";
    while (text.length < length) text += random.pick(LETTERS);
    return text;
  };
}

const pad = (value: number, width = 2) => String(value).padStart(width, "0");

function day(random: Random): string {
  if (random.chance(0.25)) {
    return random.pick([
      "0001-01-01",
      "9999-12-31",
      "1970-01-01",
      "1969-12-31",
      "2000-02-29",
      "1900-03-01",
      "1582-10-15",
    ]);
  }
  return `${pad(random.int(1, 9999), 4)}-${pad(random.int(1, 12))}-${pad(random.int(1, 28))}`;
}

function clock(random: Random): string {
  if (random.chance(0.2))
    return random.pick(["00:00:00", "23:59:59.999999", "12:00:00.000001", "00:00:00.100000"]);
  const seconds = `${pad(random.int(0, 23))}:${pad(random.int(0, 59))}:${pad(random.int(0, 59))}`;
  return random.chance(0.3) ? seconds : `${seconds}.${pad(random.int(0, 999999), 6)}`;
}

const WRONG = [
  "",
  "x",
  "2020-02-30",
  "2020-13-01",
  "25:00",
  "10:61",
  "20200101",
  "2020-1-2",
  "10",
  "2020-01-01T10:00",
];

const dates: Make = (random) =>
  random.chance(0.15) ? random.pick(WRONG) : random.chance(0.3) ? day(random) : { $date: day(random) };
const times: Make = (random) =>
  random.chance(0.15) ? random.pick(WRONG) : random.chance(0.3) ? clock(random) : { $time: clock(random) };

const datetimes: Make = (random) => {
  if (random.chance(0.1)) return random.pick(WRONG);
  const text = `${day(random)}T${clock(random)}`;
  const year = Number(text.slice(0, 4));
  if (random.chance(0.7)) return { $datetime: `${text}+00:00` };
  // An offset may lead out of the years that there are.
  const zone = year > 1 && year < 9999 ? random.pick(["Z", "+00:00", "-05:30", "+14:00"]) : "Z";
  return `${text.replace("T", random.pick(["T", " "]))}${zone}`;
};

const MOST_DURATION = 86_400_000_000n * 999_999_999n;

const durations: Make = (random) => {
  if (random.chance(0.15)) {
    return random.pick([
      "",
      "x",
      "1 00:00:00",
      "-1 12:00:00.5",
      "P3DT1H",
      "PT0.000001S",
      "00:00:61",
      "1:2",
      "5",
      "-0.25",
    ]);
  }
  if (random.chance(0.3)) {
    return {
      $duration: String(
        random.pick([
          0n,
          1n,
          -1n,
          999_999n,
          86_400_000_000n,
          -86_400_000_001n,
          MOST_DURATION,
          -MOST_DURATION,
        ]),
      ),
    };
  }
  const days = BigInt(random.int(-106_000_000, 106_000_000)) / 10n ** BigInt(random.int(0, 8));
  return {
    $duration: String(days * 86_400_000_000n + BigInt(random.int(0, 86_400_000) * 1000 + random.int(0, 999))),
  };
};

const hex = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.int(0, 15).toString(16)).join("");

const bytes: Make = (random) =>
  random.chance(0.2)
    ? { $bytes: random.pick(["", "00", "ff", "00ff00", "27", "5c", "22"]) }
    : { $bytes: hex(random, 2 * random.int(0, 40)) };

const uuids: Make = (random) => {
  const text = random.chance(0.1) ? random.pick(["0".repeat(32), "f".repeat(32)]) : hex(random, 32);
  const dashed = text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  if (random.chance(0.7)) return { $uuid: dashed };
  return random.pick<Encoded>([
    text,
    dashed.toUpperCase(),
    `{${dashed}}`,
    `urn:uuid:${dashed}`,
    "x",
    "",
    int(7),
    text.slice(1),
  ]);
};

const ips: Make = (random) => {
  const part = () => random.int(0, 0xffff).toString(16);
  return random.pick([
    `${random.int(0, 255)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(0, 255)}`,
    Array.from({ length: 8 }, part).join(":"),
    `${part()}::${part()}`,
    `::ffff:10.0.0.${random.int(0, 255)}`,
    "::",
    "::1",
    "2001:DB8::0:1",
    "fe80:0:0:0:0:0:0:1",
    "",
  ]);
};

const booleans: Make = (random) =>
  random.pick<Encoded>([
    true,
    false,
    int(1),
    int(0),
    "t",
    "f",
    "True",
    "False",
    "1",
    "0",
    "x",
    "",
    int(2),
    float(1),
  ]);

/** A document as JSON text, whose numbers and escapes must survive. */
function document(random: Random, depth: number): string {
  const kind = random.int(0, depth > 0 ? 9 : 6);
  switch (kind) {
    case 0:
      return random.pick(["true", "false", "null"]);
    case 1:
      return String(random.int(-1000, 1000));
    case 2:
      return random.pick([
        "9007199254740991",
        "9007199254740993",
        "-9223372036854775808",
        "18446744073709551616",
      ]);
    case 3:
      return random.pick(["0.1", "-1.5e-7", "1e22", "1.7976931348623157e308", "5e-324", "123.456"]);
    case 4:
    case 5:
    case 6: {
      const text = texts(8)(random);
      return JSON.stringify(typeof text === "string" ? text : "plain");
    }
    case 7:
    case 8: {
      const keys = new Set(
        Array.from({ length: random.int(0, 3) }, () => `k${random.int(0, 30)}${random.pick(LETTERS)}`),
      );
      return `{${[...keys].map((key) => `${JSON.stringify(key)}: ${document(random, depth - 1)}`).join(", ")}}`;
    }
    default:
      return `[${Array.from({ length: random.int(0, 4) }, () => document(random, depth - 1)).join(", ")}]`;
  }
}

const json: Make = (random) => ({ $json: document(random, 4) });

const MAKERS: Readonly<Record<string, Make>> = {
  big: integers,
  binary: bytes,
  boolean: booleans,
  char: texts(12),
  date: dates,
  datetime: datetimes,
  decimal: decimals(4, 8),
  wide: decimals(10, 30),
  duration: durations,
  email: texts(30),
  float: floats,
  ip: ips,
  integer: integers,
  json,
  positivebig: integers,
  positive: integers,
  positivesmall: integers,
  slug: texts(50),
  small: integers,
  text: texts(200),
  time: times,
  url: texts(100),
  uuid: uuids,
};

/** Values of a field; now and then there is none. */
export function valuesOf(field: string, random: Random, count: number): Encoded[] {
  const make = MAKERS[field];
  if (make === undefined) throw new Error(`nothing makes values of ${field}`);
  return Array.from({ length: count }, () => (random.chance(0.02) ? null : make(random)));
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Temporal } from "temporal-polyfill";
import { arrayOf, OID, oidOf, readerOf, Typed } from "../../src/backends/postgresql/types.ts";
import { Decimal } from "../../src/util/decimal.ts";
import { withMicroseconds } from "../../src/util/microseconds.ts";
import { Thing } from "./models.ts";
import { rows, setUp, skip } from "./setup.ts";

await setUp("types");

const D = Temporal.Duration;

const values: Record<string, readonly unknown[]> = {
  text: ["", "Ünïcödé \u{1f355}", "a'b\"c\\d", "line\nbreak", "NULL"],
  flag: [true, false],
  small: [0, -2147483648, 2147483647],
  big: [0n, -9223372036854775808n, 9223372036854775807n],
  float: [0.1, -1.5, 1e300, 5e-324, 3, Number.POSITIVE_INFINITY],
  decimal: ["0.0000000000", "-12345678901234567890.0123456789", "9.9000000000"].map(
    (text) => new Decimal(text),
  ),
  date: ["0001-01-01", "2024-02-29", "9999-12-31"].map((text) => Temporal.PlainDate.from(text)),
  time: ["00:00:00", "23:59:59.999999", "10:00:00.5"].map((text) => Temporal.PlainTime.from(text)),
  instant: [
    new Date("1969-12-31T23:59:59.999Z"),
    withMicroseconds(new Date("2024-01-15T12:00:00.123Z"), 123_456),
    new Date("0001-01-01T00:00:00Z"),
  ],
  duration: ["PT0S", "P1DT2H3M4.000005S", "-PT0.000001S", "-P3DT1H", "P100000D"].map((text) => D.from(text)),
  bytes: [new Uint8Array(), Uint8Array.from({ length: 256 }, (_, i) => i)],
  uuid: ["00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
  ip: ["192.0.2.1", "2001:db8::1"],
  json: [{ a: [1, "x", null, true], "b c": { d: 1.5 } }, [], "text", 5, false],
};

describe("PostgreSQL: types", { skip }, () => {
  for (const [name, list] of Object.entries(values)) {
    it(`${name} comes back as it was, and is found by its value`, async () => {
      for (const value of list) {
        const made = await Thing.aobjects.create({ [name]: value } as never);
        const read = (await Thing.aobjects.get({ id: made.id })) as unknown as Record<string, unknown>;
        assert.deepEqual(String(read[name]), String(value));
        assert.deepEqual(read[name], value);
        const found = await Thing.aobjects.filter({ [name]: value, id: made.id } as never).count();
        assert.equal(found, 1, `${name} = ${String(value)}`);
        const listed = await Thing.aobjects
          .filter({ [`${name}__in`]: [value], id: made.id } as never)
          .count();
        assert.equal(listed, 1, `${name} in [${String(value)}]`);
      }
      const empty = await Thing.aobjects.create({});
      assert.equal((await Thing.aobjects.get({ id: empty.id }))[name as "text"], null);
    });
  }

  it("NUL does not fit into a text", async () => {
    await assert.rejects(Thing.aobjects.create({ text: "a\0b" }), { name: "DataError" });
  });

  it("a number that is no number stays one", async () => {
    const { id } = await Thing.aobjects.create({ float: Number.NaN });
    assert.ok(Number.isNaN((await Thing.aobjects.get({ id })).float));
  });

  it("arrays, nested and with what must be escaped", async () => {
    const [row] = await rows(
      `SELECT ARRAY[1, NULL, 3], ARRAY[['a', 'b,"c"'], ['{}', '\\']], '{}'::int[], ARRAY['NULL', NULL], ARRAY[1.50]`,
    );
    assert.deepEqual(row?.slice(0, 4), [
      [1, null, 3],
      [
        ["a", 'b,"c"'],
        ["{}", "\\"],
      ],
      [],
      ["NULL", null],
    ]);
    assert.equal(String(row?.[4]), "1.50");
    assert.deepEqual(await rows("SELECT $1::text[]", [arrayOf(['a"b', "c\\d", "", "NULL", null])]), [
      [['a"b', "c\\d", "", "NULL", null]],
    ]);
  });
});

describe("PostgreSQL: types of parameters", () => {
  it("integers are of the smallest type that holds them", () => {
    assert.equal(oidOf(5), OID.int4);
    assert.equal(oidOf(2 ** 31), OID.int8);
    assert.equal(oidOf(2n ** 64n), OID.numeric);
    assert.equal(oidOf(1.5), OID.numeric);
    assert.equal(oidOf("x"), OID.unknown);
    assert.throws(() => oidOf(undefined), /type 'undefined'/);
  });

  it("one type for lists of small and of large integers", () => {
    assert.equal(arrayOf([1, 2]).oid, arrayOf([1, 2n ** 40n]).oid);
    assert.deepEqual(arrayOf([1, null]), new Typed(1016, "{1,NULL}"));
  });

  it("intervals of the server with years and months", () => {
    const read = readerOf(OID.interval, false) as (text: string) => Temporal.Duration;
    assert.equal(read("1 year 2 mons -3 days").total("days"), 365 + 60 - 3);
    assert.equal(read("-04:05:06.7").total("seconds"), -(4 * 3600 + 5 * 60 + 6.7));
    assert.equal(read("-1 days +23:59:59.999999").total("microseconds"), -1);
  });
});

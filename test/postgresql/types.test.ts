import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Temporal } from "temporal-polyfill";
import { arrayOf, OID, oidOf, readerOf, Typed } from "../../src/backends/postgresql/types.ts";
import { rows, setUp } from "../servers/bank.ts";
import { Thing } from "../servers/models.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "types");

describe("PostgreSQL: types", { skip }, () => {
  it("NUL does not fit into a text", async () => {
    await assert.rejects(Thing.aobjects.create({ text: "a\0b" }), { name: "DataError" });
  });

  it("numbers that are none stay so, and are found", async () => {
    for (const float of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const { id } = await Thing.aobjects.create({ float });
      assert.equal((await Thing.aobjects.get({ id })).float, float);
      assert.equal(await Thing.aobjects.filter({ id, float }).count(), 1);
    }
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

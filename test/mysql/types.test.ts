import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Count, Max, Q } from "asgimod";
import { Temporal } from "temporal-polyfill";
import { literal } from "../../src/backends/mysql/literals.ts";
import { Decimal } from "../../src/util/decimal.ts";
import { rows, setUp } from "../servers/bank.ts";
import { Thing } from "../servers/models.ts";
import { mysql, skip } from "./server.ts";

await setUp(mysql, "types");

describe("MySQL: types", { skip }, () => {
  it("an automatic key of 0 is refused where it is stored, not where it is compared with", async () => {
    await assert.rejects(Thing.aobjects.create({ id: 0 }), {
      name: "ValueError",
      message: "The database backend does not accept 0 as a value for AutoField.",
    });
    const { id } = await Thing.aobjects.create({});
    assert.equal(await Thing.aobjects.filter({ id, id__gt: 0 }).count(), 1);
    const highest = await Thing.aobjects
      .annotate({ n: Count("text") })
      .aggregate({ highest: Max("id", { filter: Q({ id__gt: 0 }) }) });
    assert.equal(highest.highest, id);
  });

  it("integers without sign reach as far as their columns", async () => {
    const [row] = await rows(
      "SELECT CAST(18446744073709551615 AS UNSIGNED), 9007199254740991, 9007199254740993, -5",
    );
    assert.deepEqual(row, [18446744073709551615n, 9007199254740991, 9007199254740993n, -5]);
  });

  it("numbers that are none are refused", async () => {
    await assert.rejects(Thing.aobjects.create({ float: Number.NaN }), { name: "ProgrammingError" });
    await assert.rejects(Thing.aobjects.create({ float: Number.POSITIVE_INFINITY }), {
      name: "ProgrammingError",
    });
  });

  it("times are times of a day", async () => {
    assert.deepEqual(await rows("SELECT TIME('23:59:59.5')"), [[Temporal.PlainTime.from("23:59:59.5")]]);
    await assert.rejects(rows("SELECT TIME('25:00:00')"), /hour must be in 0\.\.23/);
    await assert.rejects(rows("SELECT TIME('-01:00:00')"), /hour must be in 0\.\.23/);
    // The session goes on behind the row that cannot be read.
    assert.deepEqual(await rows("SELECT 1"), [[1]]);
  });

  it("bytes and texts are told apart", async () => {
    const [row] = await rows(
      "SELECT x'00ff', 'ü', CAST('ü' AS BINARY), JSON_EXTRACT('{\"a\": \"ü\"}', '$.a'), b'101'",
    );
    assert.deepEqual(row, [Uint8Array.of(0, 255), "ü", Uint8Array.of(0xc3, 0xbc), '"ü"', Uint8Array.of(5)]);
  });
});

describe("MySQL: literals", () => {
  it("floats have an exponent, decimals have none", () => {
    const written = [1, -0, 1.5, 1e300, 2 ** 60, 2n ** 64n, true, null, new Decimal("1E+3"), [1, "a"]].map(
      literal,
    );
    assert.deepEqual(written, [
      "1",
      "-0.0e0",
      "1.5e0",
      "1e+300",
      "1152921504606847000e0",
      "18446744073709551616",
      "1",
      "NULL",
      "1000",
      "(1,'a')",
    ]);
    assert.throws(() => literal(undefined), /type 'undefined'/);
    assert.throws(() => literal({}), /type 'Object'/);
  });
});

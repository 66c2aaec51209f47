import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UncloneableValueError } from "../../src/sync/errors.ts";
import { pack, unpack } from "../../src/sync/values.ts";
import { Decimal } from "../../src/util/decimal.ts";
import { microseconds, withMicroseconds } from "../../src/util/microseconds.ts";
import { Temporal } from "../../src/util/temporal.ts";

/** A value after it crossed. */
function crossed<T>(value: T): T {
  return unpack(structuredClone(pack([value], () => "it")))[0] as T;
}

describe("values between threads", () => {
  it("copies plain data without a second pass", () => {
    const value = {
      n: 1,
      big: 10n ** 30n,
      list: [1, "x", null, undefined],
      map: new Map<unknown, unknown>([["k", new Set([1, 2])]]),
      date: new Date(0),
      bytes: new Uint8Array([1, 2]),
      re: /a/g,
      none: Object.assign(Object.create(null), { id: 1 }),
    };
    assert.equal(pack([value], () => "it").tagged, undefined);
    assert.deepEqual(crossed(value), structuredClone(value));
  });

  it("keeps decimals, dates with microseconds, buffers, URLs and errors what they are", () => {
    const date = withMicroseconds(new Date("2024-01-15T12:00:00Z"), 123456);
    const value = {
      price: new Decimal("9.90"),
      made: date,
      day: Temporal.PlainDate.from("2024-02-29"),
      time: Temporal.PlainTime.from("12:30:00.123456"),
      span: Temporal.Duration.from("P1DT2H"),
      raw: Buffer.from("abc").subarray(1),
      at: new URL("https://example.com/a?b"),
      errors: [new RangeError("far")],
      map: new Map([[1, new Decimal("1.0")]]),
      set: new Set([Temporal.PlainDate.from("2024-01-01")]),
    };
    const got = crossed(value);
    assert.ok(got.price instanceof Decimal);
    assert.equal(got.price.toString(), "9.90");
    assert.equal(microseconds(got.made), 123456);
    assert.equal(got.made.getTime(), date.getTime());
    assert.equal(got.day.toString(), "2024-02-29");
    assert.equal(got.day.add({ days: 1 }).toString(), "2024-03-01");
    assert.equal(got.time.toString(), "12:30:00.123456");
    assert.equal(got.span.hours, 2);
    assert.ok(Buffer.isBuffer(got.raw));
    assert.equal(got.raw.toString(), "bc");
    assert.equal(got.at.href, "https://example.com/a?b");
    assert.ok(got.errors[0] instanceof RangeError);
    assert.equal(got.map.get(1)?.toString(), "1.0");
    assert.equal([...got.set][0]?.toString(), "2024-01-01");
    assert.equal(value.price.toString(), "9.90");
  });

  it("keeps shared parts and cycles, also beside stand-ins", () => {
    const price = new Decimal("1.50");
    const value: { a: Decimal; b: Decimal; self?: unknown; list: unknown[] } = {
      a: price,
      b: price,
      list: [],
    };
    value.self = value;
    value.list.push(value.list, price);
    const got = crossed(value);
    assert.equal(got.self, got);
    assert.equal(got.list[0], got.list);
    assert.equal(got.a, got.b);
    assert.equal(got.list[1], got.a);
  });

  it("does not mind depth, nor a key named __proto__", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    assert.equal(pack([deep], () => "it").tagged, undefined);
    const odd = JSON.parse('{"__proto__": {"x": 1}}') as Record<string, unknown>;
    const got = crossed({ odd, price: new Decimal("1") });
    assert.deepEqual(Object.keys(got.odd), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(got.odd), Object.prototype);
  });

  it("refuses what would arrive as something else", () => {
    class Rows extends Array<number> {}
    class Point {
      readonly x = 1;
    }
    for (const value of [
      new Rows(),
      new Point(),
      () => 1,
      Symbol("s"),
      new WeakSet(),
      { "asgimod:tag": 1 },
    ]) {
      assert.throws(() => crossed(value), UncloneableValueError);
    }
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Decimal } from "../../src/util/decimal.ts";

test("a decimal keeps its scale and prints as Python does", () => {
  const same = [
    "9.90",
    "0",
    "-0.00",
    "0.000001",
    "1E+3",
    "1E-7",
    "0E-8",
    "1.23E+5",
    "-12345678901234567890.12",
  ];
  for (const text of same) assert.equal(new Decimal(text).toString(), text);
  assert.equal(new Decimal("1e3").toString(), "1E+3");
  assert.equal(new Decimal(" +012.50 ").toString(), "12.50");
  assert.equal(new Decimal(".5").toString(), "0.5");
  assert.equal(new Decimal("5.").toString(), "5");
  assert.equal(new Decimal(0.1).toString(), "0.1");
  assert.equal(new Decimal(10n ** 30n).toString(), "1000000000000000000000000000000");
  assert.equal(new Decimal("1E+3").toFixed(), "1000");
  assert.equal(new Decimal("1E-7").toFixed(), "0.0000001");
  assert.equal(new Decimal("1E+400").toString(), "1E+400");
  assert.equal(new Decimal("1E-400").toFixed(3), "0.000");
  assert.equal(JSON.stringify({ a: new Decimal("9.90") }), '{"a":"9.90"}');
  assert.equal(inspect(new Decimal("9.90")), "Decimal('9.90')");
  assert.equal(String(Decimal.exactly(0.1)), "0.1000000000000000055511151231257827021181583404541015625");
  for (const text of ["", "x", "1.2.3", "1e", "--1", "."])
    assert.throws(() => new Decimal(text), SyntaxError);
});

test("arithmetic is exact and keeps the scale", () => {
  const d = new Decimal("9.90");
  assert.equal(d.add("0.1").toString(), "10.00");
  assert.equal(d.sub(10).toString(), "-0.10");
  assert.equal(d.mul(3).toString(), "29.70");
  assert.equal(new Decimal(1).div(3).toString(), "0.3333333333333333333333333333");
  assert.equal(new Decimal(2).div(3).toString(), "0.6666666666666666666666666667");
  assert.equal(new Decimal(10).div(4).toString(), "2.5");
  assert.equal(new Decimal("1E+3").div(10).toString(), "1E+2");
  assert.equal(new Decimal(-7).mod(3).toString(), "-1");
  assert.equal(new Decimal("1.1").pow(2).toString(), "1.21");
  assert.equal(new Decimal(2).pow(-2).toString(), "0.25");
  assert.equal(new Decimal(2).sqrt().toString(), "1.414213562373095048801688724");
  assert.equal(new Decimal("6.25").sqrt().toString(), "2.5");
  assert.equal(d.neg().abs().toString(), "9.90");
  assert.equal(
    new Decimal("9999999999999999999999999999").add(1).toString(),
    "1.000000000000000000000000000E+28",
  );
});

test("rounding", () => {
  assert.equal(new Decimal("2.665").quantize(2).toString(), "2.66");
  assert.equal(new Decimal("2.675").quantize(2).toString(), "2.68");
  assert.equal(new Decimal("2.665").quantize(2, "halfUp").toString(), "2.67");
  assert.equal(new Decimal("-2.1").floor().toString(), "-3");
  assert.equal(new Decimal("-2.1").ceil().toString(), "-2");
  assert.equal(new Decimal("9.999").toPrecision(2).toString(), "10");
  assert.equal(new Decimal("0.00001").quantize(2, "up").toString(), "0.01");
  assert.equal(new Decimal("100").normalize().toString(), "1E+2");
  assert.equal(new Decimal("5").quantize(2).toString(), "5.00");
});

test("comparison is by number, identity by text", () => {
  assert.ok(new Decimal("9.90").eq("9.9"));
  assert.ok(new Decimal("1E+3").eq(1000));
  assert.ok(new Decimal("-0").eq(0));
  assert.ok(new Decimal("1E+999999").gt("1E+999998"));
  assert.ok(new Decimal("-1E+999999").lt(3));
  assert.ok(new Decimal("0.1").lt("0.11"));
  assert.ok(new Decimal("2") < new Decimal("10"));
  assert.ok(!new Decimal("NaN").eq("NaN"));
  assert.ok(new Decimal("-Infinity").lt(0));
  assert.notDeepEqual(new Decimal("1.0"), new Decimal("2.0"));
  assert.deepEqual(Decimal.fromText("1.50"), new Decimal("1.50"));
});

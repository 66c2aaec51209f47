/** The runner's comparison must see every difference: for each form an equal pair and pairs that differ. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compare, compareRows, decimalParts, instantOf } from "../../scripts/conformance/compare.ts";

const ordered = { ordered: true };
const unordered = { ordered: false };

function equal(expected: unknown, got: unknown, options = ordered): void {
  assert.equal(compare(expected, got, options), null);
}

function differ(expected: unknown, got: unknown, options = ordered): void {
  assert.notEqual(compare(expected, got, options), null);
}

describe("scalars", () => {
  it("are compared with their type", () => {
    equal("a", "a");
    equal(null, null);
    equal(true, true);
    differ(1, true);
    differ(0, false);
    differ("1", 1);
    differ(null, 0);
    differ(null, undefined);
    differ(null, { $undefined: true });
    differ("", null);
    differ({ $decimal: "1" }, 1);
    differ(1, { $decimal: "1" });
  });

  it("floats within a relative 1e-9, whole numbers exactly", () => {
    equal(0.1 + 0.2, 0.3);
    equal(1e-20, 1.0000000001e-20);
    differ(0.3, 0.3000001);
    differ(3, 4);
    differ(1_000_000_000_000, 1_000_000_000_001);
    equal(3, 3.0000000000001);
    differ(0, 1e-12);
  });

  it("floats that JSON cannot say", () => {
    equal({ $float: "nan" }, { $float: "nan" });
    equal({ $float: "inf" }, { $float: "inf" });
    differ({ $float: "inf" }, { $float: "-inf" });
    differ({ $float: "inf" }, 1e308);
    differ({ $float: "nan" }, null);
    differ({ $float: "-0" }, 0);
    equal({ $float: "-0" }, { $float: "-0" });
    differ(0, { $float: "-0" });
  });

  it("decimals with their scale", () => {
    equal({ $decimal: "9.90" }, { $decimal: "9.90" });
    differ({ $decimal: "9.90" }, { $decimal: "9.9" });
    differ({ $decimal: "9.90" }, { $decimal: "-9.90" });
    differ({ $decimal: "9.90" }, { $decimal: "9.91" });
    differ({ $decimal: "1" }, { $bigint: "1" });
    equal({ $decimal: "1E+3" }, { $decimal: "1000" });
    equal({ $decimal: "1E-7" }, { $decimal: "0.0000001" });
    differ({ $decimal: "0.00" }, { $decimal: "0" });
    assert.equal(decimalParts("NaN"), "nan");
  });

  it("datetimes as instants, to the microsecond", () => {
    equal({ $datetime: "2020-01-01T10:00:00Z" }, { $datetime: "2020-01-01T12:00:00.000000+02:00" });
    differ({ $datetime: "2020-01-01T10:00:00.123456Z" }, { $datetime: "2020-01-01T10:00:00.123457Z" });
    // A datetime without a zone is read in UTC.
    equal({ $datetime: "2020-01-01T10:00:00" }, { $datetime: "2020-01-01T10:00:00Z" });
    differ({ $datetime: "2020-01-01T10:00:00" }, { $datetime: "2020-01-01T11:00:00Z" });
    differ({ $datetime: "2020-01-01T10:00:00Z" }, { $datetime: "2020-01-01T10:00:00" });
    equal({ $datetime: "2020-01-01T10:00:00" }, { $datetime: "2020-01-01T10:00:00.000000" });
    differ({ $datetime: "2020-01-01T10:00:00" }, { $datetime: "2020-01-01T10:00:01" });
    differ({ $datetime: "2020-01-01T10:00:00Z" }, "2020-01-01T10:00:00Z");
    assert.equal(instantOf("1970-01-01T00:00:00.000001-00:00:01"), 1_000_001n);
    assert.equal(instantOf("1969-12-31T23:59:59.999999Z"), -1n);
  });

  it("dates, times, durations, bytes, big integers", () => {
    equal({ $date: "2020-01-01" }, { $date: "2020-01-01" });
    differ({ $date: "2020-01-01" }, { $date: "2020-01-02" });
    differ({ $date: "2020-01-01" }, { $datetime: "2020-01-01T00:00:00Z" });
    equal({ $time: "10:00:00.500000" }, { $time: "10:00:00.5" });
    equal({ $time: "10:00:00" }, { $time: "10:00" });
    differ({ $time: "10:00:00.000001" }, { $time: "10:00:00" });
    equal({ $duration_us: 123 }, { $duration_us: 123 });
    differ({ $duration_us: 123 }, { $duration_us: 124 });
    differ({ $duration_us: 123 }, 123);
    equal({ $bytes: "AAE=" }, { $bytes: "AAE=" });
    differ({ $bytes: "AAE=" }, { $bytes: "AAI=" });
    equal({ $bigint: "9007199254740993" }, { $bigint: "9007199254740993" });
    differ({ $bigint: "9007199254740993" }, { $bigint: "9007199254740992" });
    equal({ $uuid: "00000000-0000-4000-8000-000000000001" }, "00000000-0000-4000-8000-000000000001");
    differ({ $uuid: "00000000-0000-4000-8000-000000000001" }, "00000000000040008000000000000001");
  });
});

describe("collections", () => {
  it("objects by key, whatever the order", () => {
    equal({ a: 1, b: 2 }, { b: 2, a: 1 });
    differ({ a: 1 }, { a: 1, b: 2 });
    differ({ a: 1, b: 2 }, { a: 1 });
    differ({ a: { b: [1] } }, { a: { b: [2] } });
    differ({}, null);
    differ({}, []);
  });

  it("lists in order, also those inside values when rows are a multiset", () => {
    equal([1, [2, 3]], [1, [2, 3]]);
    differ([1, 2], [2, 1]);
    differ([1, 2], [2, 1], unordered);
    differ([1], [1, 1]);
    differ([], null);
    differ([1], { $tuple: [1] });
  });

  it("tuples, sets, maps, named rows, objects with dollars", () => {
    equal({ $tuple: [1, 2] }, [1, 2]);
    differ({ $tuple: [1, 2] }, [2, 1]);
    equal({ $set: ["a", "b"] }, { $set: ["b", "a"] });
    differ({ $set: ["a", "b"] }, { $set: ["b"] });
    equal(
      {
        $map: [
          [1, "x"],
          [2, "y"],
        ],
      },
      {
        $map: [
          [2, "y"],
          [1, "x"],
        ],
      },
    );
    differ({ $map: [[1, "x"]] }, { $map: [[1, "y"]] });
    differ({ $map: [[1, "x"]] }, { $map: [] });
    equal({ a: 1 }, { $map: [["a", 1]] });
    differ({ a: 1 }, { $map: [["a", 2]] });
    differ({ a: 1 }, { $map: [] });
    differ({ "1": 1 }, { $map: [[1, 1]] });
    equal(
      {
        $named: [
          ["pk", 1],
          ["name", "x"],
        ],
      },
      { pk: 1, name: "x" },
    );
    differ(
      {
        $named: [
          ["pk", 1],
          ["name", "x"],
        ],
      },
      { name: "x", pk: 1 },
    );
    differ({ $named: [["pk", 1]] }, { pk: 2 });
    equal({ $object: [["$a", 1]] }, { $object: [["$a", 1]] });
    differ({ $object: [["$a", 1]] }, { $object: [["$a", 2]] });
    equal({ $expression: "Lower" }, { $expression: "Lower" });
    differ({ $expression: "Lower" }, { $expression: "Upper" });
  });

  it("rows in order or as a multiset", () => {
    assert.equal(compareRows([[1], [2]], [[2], [1]], unordered), null);
    assert.notEqual(compareRows([[1], [2]], [[2], [1]], ordered), null);
    assert.notEqual(compareRows([[1], [1], [2]], [[1], [2], [2]], unordered), null);
    assert.notEqual(compareRows([[1]], [[1], [1]], unordered), null);
    assert.notEqual(compareRows([[1], [2]], [[1]], ordered), null);
  });
});

describe("instances", () => {
  const pizza = { $obj: ["testapp.Pizza", 1], fields: { id: 1, name: "M" } };

  it("by label, key and fields", () => {
    equal(pizza, { $obj: ["testapp.Pizza", 1], fields: { name: "M", id: 1 } });
    differ(pizza, { $obj: ["testapp.Pizza", 2], fields: { id: 1, name: "M" } });
    differ(pizza, { $obj: ["testapp.Box", 1], fields: { id: 1, name: "M" } });
    differ(pizza, { $obj: ["testapp.Pizza", 1], fields: { id: 1, name: "N" } });
    differ(pizza, { $obj: ["testapp.Pizza", 1], fields: { id: 1 }, deferred: ["name"] });
    differ(pizza, null);
    differ(pizza, { id: 1, name: "M" });
  });

  it("by annotations and deferred fields", () => {
    const annotated = { ...pizza, annotations: { n: 2 } };
    equal(annotated, { ...pizza, annotations: { n: 2 } });
    differ(annotated, pizza);
    differ(pizza, annotated);
    differ(annotated, { ...pizza, annotations: { n: 3 } });
    const deferred = { $obj: ["testapp.Pizza", 1], fields: { id: 1 }, deferred: ["name", "box_id"] };
    equal(deferred, { ...deferred, deferred: ["box_id", "name"] });
    differ(deferred, { ...deferred, deferred: ["name"] });
  });

  it("by what is loaded, no more and no less", () => {
    const loaded = { ...pizza, related: { box: { $obj: ["testapp.Box", 1], fields: { id: 1 } } } };
    equal(loaded, structuredClone(loaded));
    differ(loaded, pizza);
    differ(pizza, loaded);
    differ({ ...pizza, related: { box: null } }, pizza);
    equal({ ...pizza, related: { box: null } }, { ...pizza, related: { box: null } });
    differ({ ...pizza, related: { box: null } }, loaded);
    const cyclic = { ...pizza, related: { price: { $ref: ["testapp.Pizza", 1] } } };
    equal(cyclic, structuredClone(cyclic));
    differ(cyclic, { ...pizza, related: { price: { $ref: ["testapp.Pizza", 2] } } });
    differ(cyclic, { ...pizza, related: { price: pizza } });
  });

  it("prefetched lists in order only when the case is ordered", () => {
    const one = { $obj: ["testapp.Topping", 1], fields: { id: 1 } };
    const two = { $obj: ["testapp.Topping", 2], fields: { id: 2 } };
    const expected = { ...pizza, related: { toppings: [one, two] } };
    const swapped = { ...pizza, related: { toppings: [two, one] } };
    differ(expected, swapped);
    equal(expected, swapped, unordered);
    differ(expected, { ...pizza, related: { toppings: [one, one] } }, unordered);
  });
});

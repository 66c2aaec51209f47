/** How the runner spells Django's calls here: a fake library notes what it is called with. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyChain, callArguments, createContext, toAttrNames } from "../../scripts/conformance/chain.ts";
import { type DecodeContext, decode } from "../../scripts/conformance/expressions.ts";
import { driveAsync, driveSync, type Flow } from "../../scripts/conformance/flow.ts";
import { camelCase, Unsupported } from "../../scripts/conformance/format.ts";
import { encode } from "../../scripts/conformance/instances.ts";
import { withJsonFloats } from "../../scripts/conformance/json-floats.ts";
import { hasOrdered, parseOrdered, pythonJson } from "../../scripts/conformance/ordered-json.ts";
import { encodeScalar } from "../../scripts/conformance/values.ts";

/** Prints itself as the call that made it; answers any method with a longer call. */
function call(text: string): object {
  return new Proxy(
    Object.assign(() => {}, { text }),
    {
      get(_, name) {
        if (name === "text" || name === "toJSON") return name === "text" ? text : () => text;
        if (name === "then" || typeof name === "symbol") return undefined;
        return (...args: unknown[]) => call(`${text}.${String(name)}(${show(args)})`);
      },
    },
  );
}

function show(args: readonly unknown[]): string {
  return args.map((arg) => JSON.stringify(arg)?.replaceAll("\\", "").replaceAll('"', "'")).join(", ");
}

const library = new Proxy(
  {},
  {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        call(`${String(name)}(${show(args)})`),
  },
) as Record<string, unknown>;

const context: DecodeContext = createContext(
  library,
  {
    get: () => ({ cls: class {} }),
    manager: (label, name) => call(`${label}.${name ?? "objects"}`),
  },
  "sync",
);

function text(node: unknown): string {
  return (decode(node, context) as { text: string }).text.replaceAll("'", "");
}

function chain(...calls: Parameters<typeof applyChain>[1]): string {
  return (applyChain(call("qs"), calls, context) as { text: string }).text;
}

describe("chains", () => {
  it("keyword arguments that name fields go into one object, others into options", () => {
    assert.equal(chain({ m: "filter", kwargs: { a: 1, b__gt: 2 } }), "qs.filter({'a':1,'b__gt':2})");
    assert.equal(
      chain({ m: "values_list", args: ["id"], kwargs: { flat: true } }),
      "qs.valuesList('id', {'flat':true})",
    );
    assert.equal(chain({ m: "order_by", args: ["-a", "b"] }), "qs.orderBy('-a', 'b')");
    assert.equal(chain({ m: "slice", args: [null, 3] }), "qs.slice(0, 3)");
    assert.equal(chain({ m: "slice", args: [2, null] }), "qs.slice(2)");
    assert.equal(
      chain({ m: "select_for_update", kwargs: { no_key: true, skip_locked: true } }),
      "qs.selectForUpdate({'noKey':true,'skipLocked':true})",
    );
    assert.equal(chain({ m: "dates", args: ["day", "year", "DESC"] }), "qs.dates('day', 'year', 'DESC')");
    assert.equal(
      chain({ m: "raw", args: ["SELECT 1"], kwargs: { translations: { a_b: "c" } } }),
      "qs.raw('SELECT 1', [], {'translations':{'a_b':'c'}})",
    );
    assert.equal(
      chain({ m: "extra", kwargs: { select: { z: "1" }, order_by: ["z"], select_params: [1] } }),
      "qs.extra({'select':{'z':'1'},'orderBy':['z'],'selectParams':[1]})",
    );
  });

  it("terminals", () => {
    const args = (m: string, given: unknown[], kwargs: Record<string, unknown> = {}) =>
      JSON.stringify(callArguments({ m, args: given, kwargs }, context));
    assert.equal(
      args("get_or_create", [], { name: "x", defaults: { some_field: 1 } }),
      '[{"name":"x"},{"defaults":{"some_field":1}}]',
    );
    assert.equal(
      args("update_or_create", [], { create_defaults: { a: 1 } }),
      '[{},{"createDefaults":{"a":1}}]',
    );
    assert.equal(
      args("create", [], { title: "x", through_defaults: { role: "r" } }),
      '[{"title":"x"},{"throughDefaults":{"role":"r"}}]',
    );
    assert.equal(args("create", []), "[{}]");
    assert.equal(args("in_bulk", [], { field_name: "code" }), '[null,{"fieldName":"code"}]');
    assert.equal(args("bulk_create", [[1]], { batch_size: 2 }), '[[1],{"batchSize":2}]');
    assert.equal(args("add", [1, 2], { bulk: false }), '[1,2,{"bulk":false}]');
    assert.equal(args("latest", ["a", "b"]), '["a","b"]');
  });

  it("names what Prefetch(to_attr) sets", () => {
    const node = { $prefetch: { lookup: "a", to_attr: "as_list" } };
    assert.deepEqual([...toAttrNames([{ m: "prefetch_related", args: [node] }])], ["as_list"]);
  });
});

describe("expressions", () => {
  it("names, operators and keyword arguments", () => {
    assert.equal(text({ $f: "price" }), "F(price)");
    assert.equal(
      text({ $expr: { name: "Count", args: ["x"], kwargs: { distinct: true, output_field: 1 } } }),
      "Count(x, {distinct:true,outputField:1})",
    );
    assert.equal(
      text({
        $expr: { name: "OrderBy", args: [{ $f: "a" }], kwargs: { descending: true, nulls_last: true } },
      }),
      "F(a).desc({nullsLast:true})",
    );
    assert.equal(
      text({ $expr: { name: "When", kwargs: { a__gt: 1, then: 2 } } }),
      "When({a__gt:1}, {then:2})",
    );
    assert.equal(
      text({ $expr: { name: "JSONObject", kwargs: { some_key: 1 } } }),
      "JSONObject({some_key:1})",
    );
    assert.equal(
      text({ $field: { type: "DecimalField", kwargs: { max_digits: 5 } } }),
      "DecimalField({maxDigits:5})",
    );
  });

  it("Q objects are folded with their connector", () => {
    const q = (connector: string, negated: boolean, ...children: unknown[]) => ({
      $q: { connector, negated, children },
    });
    assert.equal(text(q("AND", false, ["a", 1])), "Q({a:1})");
    assert.equal(text(q("OR", true, ["a", 1], ["b", 2])), "Q({a:1}).or(Q({b:2})).not()");
    assert.equal(text(q("XOR", false, ["a", 1], q("AND", true, ["b", 2]))), "Q({a:1}).xor(Q({b:2}).not())");
    assert.equal(text(q("AND", false)), "Q()");
    assert.equal(text(q("AND", true, q("AND", false, ["a", 1]))), "Q(Q({a:1})).not()");
  });

  it("whole floats name their field, since JavaScript has one number type", () => {
    assert.equal(
      text({ $expr: { name: "Value", args: [{ $float: "2.0" }] } }),
      "Value(2, {outputField:FloatField()})",
    );
  });

  it("an unknown form is unsupported, not ignored", () => {
    assert.throws(() => decode({ $nope: 1 }, context), Unsupported);
  });
});

describe("values", () => {
  it("round trip", () => {
    for (const form of [
      { $decimal: "9.90" },
      { $bigint: "9007199254740993" },
      { $float: "nan" },
      { $float: "-0" },
      { $date: "2020-02-29" },
      { $duration_us: -90_000_000_123 },
      { $bytes: "AAEC" },
      { $datetime: "2020-01-01T10:00:00.123456Z" },
      { $datetime: "1969-12-31T23:59:59.999999Z" },
    ]) {
      assert.deepEqual(encodeScalar(decode(form, context)), form);
    }
    assert.deepEqual(encode(new Map([[1, { $a: 2 }]]), { toAttr: new Set() }), {
      $map: [[1, { $object: [["$a", 2]] }]],
    });
  });

  it("names become camelCase", () => {
    assert.equal(camelCase("select_for_update"), "selectForUpdate");
    assert.equal(camelCase("list"), "list");
    assert.equal(camelCase("get_or_create"), "getOrCreate");
  });
});

describe("flows", () => {
  function* flow(values: unknown[]): Flow<unknown[]> {
    const results: unknown[] = [];
    for (const value of values) {
      try {
        results.push(yield value);
      } catch (error) {
        results.push((error as Error).message);
      }
    }
    return results;
  }

  it("run in both colours", async () => {
    assert.deepEqual(driveSync(flow([1, 2])), [1, 2]);
    assert.deepEqual(await driveAsync(flow([1, Promise.resolve(2), Promise.reject(new Error("x"))])), [
      1,
      2,
      "x",
    ]);
    assert.deepEqual(driveSync(flow([Promise.resolve(1)])), ["the sync API returned a promise"]);
  });
});

describe("JSON in the order that it is written in", () => {
  it("keeps keys that JavaScript would move, and Python's way of writing", () => {
    const value = parseOrdered('[{"a": [1, 2.5, -3e2], "1": {"b": null}, "é\\n": "\\"ü😀"}, {}, [], true]');
    assert.equal(
      pythonJson(value),
      '[{"a": [1, 2.5, -300], "1": {"b": null}, "\\u00e9\\n": "\\"\\u00fc\\ud83d\\ude00"}, {}, [], true]',
    );
    assert.ok(hasOrdered(value));
    assert.ok(!hasOrdered(parseOrdered('{"a": {"b": 1}}')));
  });
});

describe("whole floats", () => {
  const fields = (own: Record<string, object>) => ({ _meta: { findField: (name: string) => own[name] } });
  const paper = fields({ js: { internalType: "JSONField" }, num: { internalType: "FloatField" } });
  const shop = fields({ paper: { internalType: "ForeignKey", relatedModel: paper } });
  const rewritten = (source: unknown) => withJsonFloats(source, (label) => ({ paper, shop })[label]);
  const five = { $float: "5.0" };
  const raw = { $rawjson: "5.0" };

  it("are raw JSON where a path leads into a document", () => {
    assert.deepEqual(
      rewritten({
        model: "shop",
        chain: [{ m: "filter", kwargs: { paper__js__a: [five], paper__num: five } }],
      }),
      { model: "shop", chain: [{ m: "filter", kwargs: { paper__js__a: [raw], paper__num: five } }] },
    );
    assert.deepEqual(rewritten({ model: "paper", kwargs: { js: { a: five, b: { $float: "nan" } } } }), {
      model: "paper",
      kwargs: { js: { a: raw, b: { $float: "nan" } } },
    });
  });

  it("are raw JSON in conditions, by the model of the queryset around them", () => {
    const q = (value: object) => ({
      $q: {
        children: [
          ["js__a", value],
          ["num", five],
        ],
      },
    });
    assert.deepEqual(
      rewritten({ model: "shop", args: [q(five), { $qs: { model: "paper", chain: [q(five)] } }] }),
      { model: "shop", args: [q(five), { $qs: { model: "paper", chain: [q(raw)] } }] },
    );
  });
});

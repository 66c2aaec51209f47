/** JSON Schema of models, judged by a validator: it takes the JSON that the schema takes, and refuses what it refuses. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { connections } from "asgimod";
import { Maker, open, Thing } from "./models.ts";

/** What is used of the package "ajv", whose own types do not compile here. */
interface Ajv {
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown };
}
const require = createRequire(import.meta.url);
const { Ajv2020 } = require("ajv/dist/2020.js") as { Ajv2020: new (options: object) => Ajv };
const { Ajv: Ajv07 } = require("ajv") as { Ajv: new (options: object) => Ajv };
const addFormats = require("ajv-formats") as (ajv: Ajv) => void;

function validator(Class: new (options: object) => Ajv): Ajv {
  const ajv = new Class({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats(ajv);
  return ajv;
}

before(() => open());
after(() => connections.close());

const good = { name: "Lamp", stock: 5, maker_id: "acme" };

/** Values of a key that are good and not good, of the type that JSON has for it. */
const VALUES: Readonly<Record<string, readonly [good: readonly unknown[], bad: readonly unknown[]]>> = {
  name: [
    ["ab", "Lampe", "x".repeat(20), "ä😀"],
    ["", "a", "x".repeat(21), null],
  ],
  slug: [
    ["", "a-b_c", "A1"],
    ["a b", "ä", "x".repeat(51), null],
  ],
  text: [["", "x", null, "\n"], []],
  size: [
    ["S", "L", "X"],
    ["M", "", null, "s"],
  ],
  level: [
    [1, 2, null],
    [3, 0],
  ],
  price: [
    ["0.00", "9999.99", "-1.5", 3, 2.5, "12"],
    ["99999.99", "1.234", "x", "", null],
  ],
  stock: [
    [0, 5, 500],
    [-5, 505, 7, 1.5, null],
  ],
  big: [
    [0, -5, "9007199254740993", null],
    ["x", ""],
  ],
  ratio: [[0, 2.5, 1e300, null], [-0.1]],
  active: [[true, false], [null]],
  day: [
    ["2024-02-29", null],
    ["2023-02-29", "2024-13-01", "x", ""],
  ],
  at: [
    ["2024-02-29T10:00:00Z", "2024-02-29T10:00:00.123456+02:00", null],
    ["2024-02-30T10:00:00Z", "x"],
  ],
  clock: [
    ["10:30", "23:59:59.999999", "0:00", null],
    ["24:00", "x", ""],
  ],
  length: [["P1DT2H", "PT0.5S", null], ["x"]],
  uid: [
    ["00000000-0000-4000-8000-000000000001", null],
    ["x", "1"],
  ],
  mail: [
    ["", "a@example.com"],
    ["me", "a@", null],
  ],
  link: [
    ["", "https://example.com/a?b=c#d", "ftp://example.com"],
    ["nowhere", null],
  ],
  ip: [
    ["127.0.0.1", "::1", "2001:db8::ff00:42:8329", null],
    ["1.2.3", "x:"],
  ],
  code: [
    ["", "AB12", "XY0"],
    ["ab12", "A1", "AB", null],
  ],
  data: [
    [{ a: 1 }, [1, "x"], "text", 5, true, null],
    [{}, [], ""],
  ],
  maker_id: [
    ["acme", "a"],
    ["", null],
  ],
  parent_id: [[1, 7, null], []],
  marks: [
    [[], [1], [1, 2, 3]],
    [null, "x", ["x"], [null], [1.5, "y"], 1],
  ],
};

describe("the JSON Schema of a new object", () => {
  it("is of the draft 2020-12, closed, and says what is required", () => {
    const schema = Thing.schema.create.jsonSchema();
    assert.equal(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert.deepEqual(schema["required"], ["name", "stock", "maker_id"]);
    assert.equal(schema["additionalProperties"], false);
    const { name, size, price, text, level, link } = schema["properties"] as Record<string, unknown>;
    assert.deepEqual(name, {
      title: "Name",
      description: "What it is called.",
      type: "string",
      minLength: 2,
      maxLength: 20,
    });
    assert.deepEqual(size, { title: "Size", enum: ["S", "L", "X"], default: "S" });
    assert.deepEqual(price, {
      title: "Price",
      type: ["string", "number"],
      pattern: "^[-+]?(?=\\.?[0-9])0*[0-9]{0,4}(\\.[0-9]{0,2})?$",
      default: "1.00",
    });
    assert.deepEqual(text, { title: "Text", type: ["string", "null"] });
    assert.deepEqual(level, { title: "Level", enum: [1, 2, null] });
    assert.deepEqual(link, {
      title: "Link",
      anyOf: [{ type: "string", format: "uri", maxLength: 200 }, { const: "" }],
    });
  });

  it("knows every field", () => {
    const { properties } = Thing.schema.create.jsonSchema();
    assert.deepEqual(Object.keys(VALUES), Object.keys(properties as object));
  });

  for (const [draft, Class] of [
    ["draft-2020-12", Ajv2020],
    ["draft-07", Ajv07],
  ] as const) {
    it(`${draft}: takes and refuses the values that the schema takes and refuses`, () => {
      const schema = Thing.schema.create;
      const check = validator(Class).compile(schema["~standard"].jsonSchema.input({ target: draft }));
      assert.ok(check(good), JSON.stringify(check.errors));
      assert.ok(!check({}) && schema.validate({}).issues !== undefined);
      assert.ok(!check({ ...good, colour: "red" }));
      for (const [key, [taken, refused]] of Object.entries(VALUES)) {
        for (const [values, wanted] of [
          [taken, true],
          [refused, false],
        ] as const) {
          for (const value of values) {
            const input = { ...good, [key]: value };
            const text = `${key}: ${JSON.stringify(value)}`;
            assert.equal(schema.validate(input).issues === undefined, wanted, `the model, ${text}`);
            assert.equal(check(input), wanted, `JSON Schema, ${text}`);
          }
        }
      }
    });
  }

  it("takes thousands of random objects as the schema does", () => {
    const check = validator(Ajv2020).compile(Thing.schema.create.jsonSchema());
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    let [valid, invalid] = [0, 0];
    for (let i = 0; i < 5000; i++) {
      const input: Record<string, unknown> = {};
      for (const [key, [taken, refused]] of Object.entries(VALUES)) {
        if (random(3) === 0) continue;
        const values = random(40) === 0 ? refused : taken;
        if (values.length > 0) input[key] = values[random(values.length)];
      }
      const expected = Thing.schema.create.validate(input).issues === undefined;
      if (expected) valid++;
      else invalid++;
      assert.equal(check(input), expected, JSON.stringify(input));
    }
    assert.ok(valid > 500 && invalid > 500);
  });

  it("takes the JSON of what was validated", () => {
    const check = validator(Ajv2020).compile(Thing.schema.create.jsonSchema());
    for (const [key, [taken]] of Object.entries(VALUES)) {
      for (const value of taken) {
        const result = Thing.schema.create.validate({ ...good, [key]: value });
        assert.ok(result.issues === undefined);
        const json = JSON.stringify(result.value, (_, each: unknown) =>
          typeof each === "bigint" ? String(each) : each,
        );
        assert.ok(check(JSON.parse(json)), `${json} ${JSON.stringify(check.errors)}`);
      }
    }
  });
});

describe("other JSON Schemas", () => {
  it("a change requires nothing", () => {
    const schema = Thing.schema.update.pick("name", "stock").ignoreUnknown().jsonSchema();
    assert.ok(!("required" in schema) && !("additionalProperties" in schema));
    assert.deepEqual(Object.keys(schema["properties"] as object), ["name", "stock"]);
    const check = validator(Ajv2020).compile(schema);
    assert.ok(check({}) && check({ other: 1 }) && !check({ name: "" }));
  });

  it("a key that people write is required", () => {
    assert.deepEqual(Maker.schema.create.jsonSchema()["required"], ["code", "name"]);
  });

  it("refuses drafts that it does not know", () => {
    assert.throws(() => Maker.schema.create["~standard"].jsonSchema.input({ target: "openapi-3.0" }), {
      message: "No JSON Schema for 'openapi-3.0'. Choices are: draft-2020-12, draft-07.",
    });
  });
});

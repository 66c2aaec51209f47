/** `JSON.rawJSON`: numbers as they are written, on every database. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { configure, connections, createTables, JSONField, Model, Value } from "asgimod";
import { pack, unpack } from "../../src/sync/values.ts";
import { dumps, isRawJson, loads } from "../../src/util/json.ts";
import { database as mysql, skip as noMysql } from "../mysql/server.ts";
import { skip as noPostgresql, database as postgresql } from "../postgresql/server.ts";

declare global {
  interface JSON {
    rawJSON(text: string): { readonly rawJSON: string };
  }
}

class Paper extends Model("rawjson.Paper", {
  data: JSONField({ null: true }),
  exact: JSONField({
    null: true,
    decoder: (_, value, { source }) =>
      typeof value === "number" && source !== undefined && /\.0$/.test(source) ? JSON.rawJSON(source) : value,
  }),
}) {}

declare module "asgimod" {
  interface Apps {
    rawjson: { Paper: typeof Paper };
  }
}

const raw = (text: string) => JSON.rawJSON(text);

/** The documents as texts, as the database holds them. */
async function stored(): Promise<unknown[]> {
  const connection = connections.get() as unknown as {
    vendor: string;
    execute(op: object, mode: "async", block: null): Promise<unknown[][]>;
  };
  const cast = connection.vendor === "postgresql" ? "::text" : "";
  const sql = `SELECT data${cast} FROM rawjson_paper ORDER BY id`;
  const rows = await connection.execute({ kind: "rows", alias: "default", sql, params: [] }, "async", null);
  return rows.map(([text]) => text);
}

const DATABASES = [
  ["SQLite", false, { url: "sqlite::memory:" }],
  ["PostgreSQL", noPostgresql, noPostgresql === false ? await postgresql("raw_json") : null],
  ["MySQL", noMysql, noMysql === false ? await mysql("raw_json") : null],
] as const;

for (const [name, skip, own] of DATABASES) {
  describe(`raw JSON on ${name}`, { skip }, () => {
    const numbers = name === "PostgreSQL" ? "the same number" : "the same text";

    before(async () => {
      configure({ apps: { rawjson: { Paper } }, databases: { default: { url: String(own?.url) } } });
      await createTables();
    });
    afterEach(() => Paper.aobjects.all().delete());
    after(() => connections.close());

    const found = async (texts: readonly string[], lookups: Record<string, unknown>) => {
      const ids = await Paper.aobjects.orderBy("id").valuesList("id", { flat: true });
      const papers = await Paper.aobjects.filter(lookups as never).orderBy("id");
      return papers.map((paper) => texts[ids.indexOf(paper.id)]);
    };

    it("is written as it is", async () => {
      const paper = await Paper.aobjects.create({ data: raw("5.0") });
      await Paper.aobjects.bulkCreate([
        new Paper({ data: { a: [raw("1.0"), { b: raw("2.50") }] } }),
        new Paper({ data: raw("null") }),
        new Paper({ data: { a: raw("true") } }),
        new Paper({ data: raw("12345678901234567890") }),
      ]);
      const expected = ["5.0", '{"a": [1.0, {"b": 2.50}]}', "null", '{"a": true}', "12345678901234567890"];
      assert.deepEqual(await stored(), expected);
      paper.data = { n: raw("7.0") };
      await paper.asave();
      await Paper.aobjects.filter({ data__a: true }).update({ data: raw("3.00") });
      expected.splice(0, 1, '{"n": 7.0}');
      expected.splice(3, 1, "3.00");
      assert.deepEqual(await stored(), expected);
    });

    it(`is found by ${numbers}`, async () => {
      const texts = ["5", "5.0", '"x"', "null", "true"];
      for (const text of texts) await Paper.aobjects.create({ data: raw(text) });
      const five = name === "PostgreSQL" ? ["5", "5.0"] : ["5.0"];
      assert.deepEqual(await found(texts, { data: raw("5.0") }), five);
      assert.deepEqual(await found(texts, { data__in: [raw("5.0"), raw("true")] }), [...five, "true"]);
      assert.deepEqual(await found(texts, { data: Value(raw("5.0"), { outputField: JSONField() }) }), five);
      assert.deepEqual(await found(texts, { data: raw("true") }), ["true"]);
      assert.deepEqual(await found(texts, { data: raw("null") }), ["null"]);
    });

    it(`under a key, it is found by ${numbers}`, async () => {
      const texts = ["5", "5.0", '"x"', "null", "true", "false"];
      for (const text of texts) await Paper.aobjects.create({ data: { a: [raw(text)] } });
      // SQLite compares the numbers that it takes out of the documents.
      const five = name === "MySQL" ? ["5.0"] : ["5", "5.0"];
      assert.deepEqual(await found(texts, { data__a__0: raw("5.0") }), five);
      assert.deepEqual(await found(texts, { data__a__0__in: [raw("5.0"), raw("1")] }), five);
      assert.deepEqual(await found(texts, { data__a__0__gt: raw("4.5"), data__a__0__lt: raw("5.50") }), [
        "5",
        "5.0",
      ]);
      assert.deepEqual(await found(texts, { data__a: [raw("5.0")] }), name === "PostgreSQL" ? five : ["5.0"]);
      for (const text of ["true", "false", "null"]) {
        assert.deepEqual(await found(texts, { data__a__0: raw(text) }), [text]);
      }
      assert.deepEqual(await found(texts, { data__a__0__in: [raw("true"), raw("false")] }), [
        "true",
        "false",
      ]);
    });

    it("a decoder gives it back", async () => {
      await Paper.aobjects.create({ exact: { whole: raw("5.0"), half: 5.5, text: "5.0" } });
      const paper = await Paper.aobjects.get();
      const { whole, half, text } = paper.exact as Record<string, unknown>;
      assert.ok(isRawJson(whole as object));
      assert.deepEqual([(whole as { rawJSON: string }).rawJSON, half, text], ["5.0", 5.5, "5.0"]);
    });
  });
}

describe("raw JSON", () => {
  it("is written as often as it occurs", () => {
    const five = raw("5.0");
    assert.equal(dumps([five, { a: five }]), '[5.0, {"a": 5.0}]');
  });

  it("a reviver sees the text of a number", () => {
    const sources: unknown[] = [];
    loads('{"a": 5.0, "b": [12345678901234567890]}', (_, value, { source }) => {
      if (source !== undefined) sources.push(source, value);
      return value;
    });
    assert.deepEqual(sources, ["5.0", 5, "12345678901234567890", 12345678901234567890n]);
  });

  it("crosses between threads", () => {
    const [copy] = unpack(structuredClone(pack([{ a: [raw("5.0"), null] }], String))) as [unknown];
    assert.equal(dumps(copy), '{"a": [5.0, null]}');
  });
});

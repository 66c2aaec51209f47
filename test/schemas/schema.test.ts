/** Standard Schemas of models: `Thing.schema.create` and its like. */
import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { connections, countQueries, Decimal, Temporal } from "asgimod";
import type { Eq } from "../types/check.ts";
import { Maker, Mark, open, Thing } from "./models.ts";

beforeEach(() => open());
after(() => connections.close());

const good = { name: "Lamp", stock: 5, maker_id: "acme" };

/** The compiler says whether a value has exactly a type. */
function is<A>() {
  return <B>(_value: B, ..._ok: Eq<A, B> extends true ? [] : [never]) => {};
}

/** Issues as `path: code message`. */
function shown(result: { readonly issues?: readonly StandardSchemaV1.Issue[] | undefined }): string[] {
  return (result.issues ?? []).map((issue) => {
    const { path = [], code, message } = issue as { path?: PropertyKey[]; code?: string; message: string };
    return `${path.join(".")}: ${code} ${message}`;
  });
}

describe("create", () => {
  it("gives the values that were given, converted", () => {
    const result = Thing.schema.create.validate({
      ...good,
      price: "2.50",
      big: "9007199254740993",
      day: "2024-02-29",
      at: "2024-02-29T10:00:00Z",
      clock: "10:30",
      length: "1 02:00:00",
      uid: "{00000000000040008000000000000001}",
      level: "2",
      stock: "15",
      active: "False",
      marks: ["1", 2],
      parent_id: null,
      text: undefined,
    });
    assert.equal(result.issues, undefined);
    assert.deepEqual(result.value, {
      name: "Lamp",
      maker_id: "acme",
      price: new Decimal("2.50"),
      big: 9007199254740993n,
      day: Temporal.PlainDate.from("2024-02-29"),
      at: new Date("2024-02-29T10:00:00Z"),
      clock: Temporal.PlainTime.from("10:30"),
      length: Temporal.Duration.from({ days: 1, hours: 2 }),
      uid: "00000000-0000-4000-8000-000000000001",
      level: 2,
      stock: 15,
      active: false,
      marks: [1, 2],
      parent_id: null,
    });
  });

  it("says what is wrong as fullClean does, and all of it", () => {
    const result = Thing.schema.create.validate({
      name: "x",
      size: "M",
      price: "123456.789",
      stock: 503,
      ratio: -1,
      active: "maybe",
      day: "2024-02-30",
      at: 5,
      uid: "1",
      mail: "me",
      link: "nowhere",
      ip: "1.2.3",
      code: "x",
      level: 3,
      data: undefined,
      marks: [1, "x", null],
      colour: "red",
    });
    assert.deepEqual(shown(result), [
      "name: min_length Ensure this value has at least 2 characters (it has 1).",
      "size: invalid_choice Value 'M' is not a valid choice.",
      "level: invalid_choice Value 3 is not a valid choice.",
      "price: max_digits Ensure that there are no more than 6 digits in total.",
      "stock: max_value Ensure this value is less than or equal to 500.",
      "stock: step_size Ensure this value is a multiple of step size 5.",
      "ratio: min_value Ensure this value is greater than or equal to 0.",
      "active: invalid “maybe” value must be either True or False.",
      "day: invalid_date “2024-02-30” value has the correct format (YYYY-MM-DD) but it is an invalid date.",
      "at: invalid “5” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.",
      "uid: invalid “1” is not a valid UUID.",
      "mail: invalid Enter a valid email address.",
      "link: invalid Enter a valid URL.",
      "ip: invalid Enter a valid IPv4 or IPv6 address.",
      "code: invalid Enter a valid value.",
      "maker_id: null This field cannot be null.",
      "marks.1: invalid “x” value must be an integer.",
      "marks.2: null This field cannot be null.",
      "colour: unknown_field Thing has no field named 'colour'",
    ]);
  });

  it("knows what is missing, empty and null", () => {
    assert.deepEqual(shown(Thing.schema.create.validate({})), [
      "name: blank This field cannot be blank.",
      "stock: null This field cannot be null.",
      "maker_id: null This field cannot be null.",
    ]);
    const empty = { ...good, name: "", slug: "", text: null, size: "", mail: null };
    assert.deepEqual(shown(Thing.schema.create.validate(empty)), [
      "name: blank This field cannot be blank.",
      "size: blank This field cannot be blank.",
      "mail: null This field cannot be null.",
    ]);
  });

  it("refuses what nobody may write, and what is no object", () => {
    assert.deepEqual(
      shown(Thing.schema.create.validate({ ...good, id: 1, created: null, secret: "x", bytes: null })),
      [
        "id: unknown_field Thing has no field named 'id'",
        "created: unknown_field Thing has no field named 'created'",
        "secret: unknown_field Thing has no field named 'secret'",
        "bytes: unknown_field Thing has no field named 'bytes'",
      ],
    );
    for (const value of [null, undefined, "x", 3, [], new Map()]) {
      const { issues } = Thing.schema.create.validate(value);
      if (value instanceof Map) assert.equal(issues?.length, 3);
      else assert.deepEqual(issues, [{ message: "Enter the values of an object.", code: "invalid" }]);
    }
    const inherited = Object.create({ name: "Lamp" }) as object;
    assert.equal(Thing.schema.create.validate(inherited).issues?.length, 3);
  });

  it("never throws, whatever it is given", () => {
    const odd = [
      {},
      [],
      [1],
      Symbol.iterator.toString(),
      Number.NaN,
      Infinity,
      1n << 70n,
      () => 1,
      new Date(Number.NaN),
    ];
    for (const value of odd) {
      for (const name of Object.keys(Thing.schema.create.jsonSchema()["properties"] as object)) {
        const result = Thing.schema.create.validate({ ...good, [name]: value });
        assert.ok(result.issues === undefined || result.issues.length > 0);
      }
    }
  });

  it("has what the constructor takes", () => {
    Maker.objects.create({ code: "acme", name: "Acme" });
    const result = Thing.schema.create.validate(good);
    assert.ok(result.issues === undefined);
    const { marks, ...values } = result.value;
    assert.equal(marks, undefined);
    const thing = new Thing(values);
    thing.save();
    assert.equal(Thing.objects.get().price.toString(), "1.00");
  });

  it("takes part of the keys, and drops unknown ones", () => {
    const names = Thing.schema.create.pick("name", "stock");
    assert.deepEqual(names.validate({ name: "Lamp", stock: 5 }), { value: { name: "Lamp", stock: 5 } });
    assert.equal(names.validate(good).issues?.length, 1);
    assert.deepEqual(names.ignoreUnknown().validate(good), { value: { name: "Lamp", stock: 5 } });
    assert.deepEqual(shown(Thing.schema.create.omit("maker_id").validate({ name: "Lamp" })), [
      "stock: null This field cannot be null.",
    ]);
    assert.throws(() => Thing.schema.create.pick("nam" as "name"), {
      name: "TypeError",
      message: /The schema of Thing has no 'nam'\. Choices are: name, slug, /,
    });
  });
});

describe("update", () => {
  it("takes any of the values", () => {
    assert.deepEqual(Thing.schema.update.validate({}), { value: {} });
    assert.deepEqual(Thing.schema.update.validate({ stock: "10" }), { value: { stock: 10 } });
    assert.deepEqual(shown(Thing.schema.update.validate({ name: "", stock: null })), [
      "name: blank This field cannot be blank.",
      "stock: null This field cannot be null.",
    ]);
  });
});

describe("acreate", () => {
  it("asks for unique fields, constraints, related objects and the model itself", async () => {
    Maker.objects.create({ code: "acme", name: "Acme" });
    Mark.objects.create({ name: "new" });
    Thing.objects.create({ name: "Lamp", stock: 5, maker_id: "acme" });
    assert.deepEqual(
      shown(
        await Thing.schema.acreate.validate({
          name: "Lamp",
          stock: 7,
          price: "-1",
          maker_id: "none",
          marks: [1, 9],
        }),
      ),
      [
        "stock: step_size Ensure this value is a multiple of step size 5.",
        "maker_id: invalid maker instance with code 'none' is not a valid choice.",
        "name: unique Thing with this Name already exists.",
        "__all__: null Too cheap.",
        "marks.1: invalid_choice Select a valid choice. 9 is not one of the available choices.",
      ].map((line) => line.replace("__all__", "")),
    );
    const same = { name: "AB1", code: "AB1", stock: 5, maker_id: "acme" };
    assert.deepEqual(await Thing.schema.acreate.validate(same), {
      issues: [{ message: "Name and code are the same.", code: "same" }],
    });
  });

  it("gives also what clean() has filled in, and nothing else", async () => {
    Maker.objects.create({ code: "acme", name: "Acme" });
    const result = await Thing.schema.acreate.validate({ name: "Lamp", stock: 5, maker_id: "acme" });
    assert.deepEqual(result, { value: { name: "Lamp", stock: 5, maker_id: "acme", slug: "lamp" } });
  });
});

describe("aupdate", () => {
  it("validates the object with the changes, and leaves it as it is", async () => {
    Maker.objects.create({ code: "acme", name: "Acme" });
    Thing.objects.create({ name: "Lamp", slug: "l", stock: 5, maker_id: "acme" });
    const desk = Thing.objects.create({ name: "Desk", slug: "d", stock: 5, maker_id: "acme" });
    const schema = Thing.schema.aupdate(desk);
    assert.deepEqual(await schema.validate({ name: "Desk", stock: "10" }), {
      value: { name: "Desk", stock: 10 },
    });
    assert.deepEqual(shown(await schema.validate({ name: "Lamp" })), [
      "name: unique Thing with this Name already exists.",
    ]);
    assert.equal(desk.stock, 5);
    desk.stock = 7;
    const { count, value } = await countQueries(() => schema.validate({ price: "2" }));
    assert.deepEqual(value, { value: { price: new Decimal("2") } });
    // Unique name, and the constraint; the stock that nobody changes is not looked at.
    assert.equal(count, 2);
    assert.throws(() => Thing.schema.aupdate({}), {
      name: "TypeError",
      message: /'Thing' instance expected/,
    });
  });
});

describe("the Standard Schema", () => {
  it("has what the specification asks for", async () => {
    for (const schema of [Thing.schema.create, Thing.schema.update, Thing.schema.acreate]) {
      const standard: StandardSchemaV1 = schema;
      assert.equal(standard["~standard"].version, 1);
      assert.equal(standard["~standard"].vendor, "asgimod");
      assert.ok(
        "issues" in (await standard["~standard"].validate({ name: 1 })) || schema === Thing.schema.update,
      );
    }
  });

  it("infers its types from the model", () => {
    type In = StandardSchemaV1.InferInput<typeof Maker.schema.create>;
    type Out = StandardSchemaV1.InferOutput<typeof Maker.schema.update>;
    is<{ code: string; name: string }>()({} as In);
    is<{ code?: string; name?: string }>()({} as Out);
    const result = Thing.schema.create.validate(good);
    assert.ok(result.issues === undefined);
    is<"S" | "L" | "X" | undefined>()(result.value.size);
    is<1 | 2 | null | undefined>()(result.value.level);
    is<Decimal | undefined>()(result.value.price);
    is<string>()(result.value.maker_id);
    is<number | null | undefined>()(result.value.parent_id);
    is<readonly number[] | undefined>()(result.value.marks);
    is<{ a: number } | null | undefined>()(result.value.data);
    // @ts-expect-error nobody writes it
    result.value.created;
    // @ts-expect-error nobody writes it
    result.value.bytes;
    // @ts-expect-error the column, not the object
    result.value.maker;
    // @ts-expect-error no such key
    assert.throws(() => Thing.schema.create.pick("nam"));
  });

  it("is there for models that inherit", () => {
    class Machine extends Thing.extend("goods.Machine", { watts: Maker.fields.name }) {}
    const { properties, required } = Machine.schema.create.jsonSchema() as {
      properties: object;
      required: string[];
    };
    assert.deepEqual(required, ["name", "stock", "maker_id", "watts"]);
    assert.ok(!("thing_ptr_id" in properties));
  });
});

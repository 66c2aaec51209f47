/**
 * What is grouped by has the same parameters wherever it stands beside aggregates: to the server, `a + $1` and `a + $2`
 * are two expressions.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  BooleanField,
  Case,
  CharField,
  Concat,
  Count,
  configure,
  connections,
  createTables,
  Exists,
  ExpressionWrapper,
  F,
  IntegerField,
  Max,
  Model,
  OuterRef,
  Q,
  Subquery,
  Value,
  When,
} from "asgimod";
import { database, skip } from "./server.ts";

class Row extends Model("grouping.Row", { name: CharField({ maxLength: 20 }), a: IntegerField() }) {}

declare module "asgimod" {
  interface Apps {
    grouping: { Row: typeof Row };
  }
}

const rows = Row.aobjects;
const size = (least = 1) => Case(When({ a__gt: least }, { then: Value(7) }), { default: Value(0) });
const bySize = () => rows.values({ x: size() }).annotate({ n: Count("id") });
const label = () => Concat("name", Value("-"));
const larger = (least: number) => rows.filter({ a: OuterRef("a"), a__gt: least });

const url = skip === false ? (await database("grouping")).url : "";

describe("PostgreSQL: grouping by expressions with values in them", { skip }, () => {
  before(async () => {
    configure({ apps: { grouping: { Row } }, databases: { default: { url } } });
    await createTables();
    await rows.bulkCreate([
      new Row({ name: "ann", a: 1 }),
      new Row({ name: "bea", a: 2 }),
      new Row({ name: "bea", a: 3 }),
    ]);
  });
  after(() => connections.close());

  it("inside of a larger expression that is selected", async () => {
    const sums = bySize().annotate({ y: F("x").add(F("n")) });
    assert.deepEqual(await sums.orderBy("x").valuesList("x", "n", "y"), [
      [0, 1, 1],
      [7, 2, 9],
    ]);
    const labels = rows.values({ x: label() }).annotate({ n: Max("name") });
    assert.deepEqual(
      await labels
        .annotate({ y: Concat("x", "n") })
        .orderBy("x")
        .valuesList("y", { flat: true }),
      ["ann-ann", "bea-bea"],
    );
  });

  it("written once more, with values of its own", async () => {
    const sums = bySize().annotate({ y: size().add(F("n")) });
    assert.deepEqual(await sums.orderBy("x").valuesList("x", "n", "y"), [
      [0, 1, 1],
      [7, 2, 9],
    ]);
    const other = bySize().annotate({ y: size(2).add(F("n")) });
    assert.deepEqual(await other.orderBy("x", "y").valuesList("x", "n", "y"), [
      [0, 1, 1],
      [7, 1, 1],
      [7, 1, 8],
    ]);
  });

  it("in HAVING and ORDER BY", async () => {
    assert.deepEqual(
      await bySize()
        .filter(Q({ n__gt: 5 }).or(Q({ x__gt: 0 })))
        .valuesList("x", "n"),
      [[7, 2]],
    );
    assert.deepEqual(
      await bySize()
        .filter({ n__gt: F("x") })
        .valuesList("x", "n"),
      [[0, 1]],
    );
    assert.deepEqual(
      await bySize()
        .orderBy(F("x").add(F("n")).desc())
        .valuesList("x", "n"),
      [
        [7, 2],
        [0, 1],
      ],
    );
    assert.deepEqual(
      await bySize()
        .orderBy(size().add(F("n")).desc())
        .valuesList("x", "n"),
      [
        [7, 2],
        [0, 1],
      ],
    );
  });

  it("a condition", async () => {
    const condition = ExpressionWrapper(Q({ a__gt: 1 }), { outputField: BooleanField() });
    const counted = rows.values({ q: condition }).annotate({ n: Count("id") });
    const chosen = counted.annotate({ c: Case(When({ q: true }, { then: F("n") }), { default: Value(0) }) });
    assert.deepEqual(await chosen.orderBy("q").valuesList("q", "c"), [
      [false, 0],
      [true, 2],
    ]);
  });

  it("a subquery", async () => {
    const exists = rows
      .annotate({ e: Exists(larger(1)) })
      .values("e")
      .annotate({ n: Count("id") });
    const chosen = exists.annotate({ f: Case(When({ e: true }, { then: F("n") }), { default: Value(0) }) });
    assert.deepEqual(await chosen.orderBy("e", "f").valuesList("e", "f"), [
      [false, 0],
      [true, 1],
      [true, 1],
    ]);
    const first = Subquery(larger(1).values("a").slice(0, 1));
    const grouped = rows
      .annotate({ e: first })
      .values("e")
      .annotate({ n: Count("id") });
    assert.deepEqual(await grouped.filter(Q({ n__gt: 5 }).or(Q({ e__gt: 2 }))).valuesList("e", "n"), [
      [3, 1],
    ]);
  });

  it("the statement serves other values as well", async () => {
    const over = (least: number) =>
      rows
        .values({ x: size(least) })
        .annotate({ n: Count("id") })
        .annotate({ y: F("x").add(F("n")) })
        .orderBy("x")
        .valuesList("x", "y");
    assert.deepEqual(await over(1), [
      [0, 1],
      [7, 9],
    ]);
    assert.deepEqual(await over(2), [
      [0, 2],
      [7, 8],
    ]);
  });
});

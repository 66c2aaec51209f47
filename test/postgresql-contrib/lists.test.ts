/** On PostgreSQL a list is one parameter, so that one statement serves lists of all lengths. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { aatomic, IntegerField, onQuery, RawSQL } from "asgimod";
import { Sale, Seat, Shop } from "./models.ts";
import { setUp } from "./setup.ts";

await setUp("lists");

const S = Seat.aobjects;

async function sqlOf(run: () => PromiseLike<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const stop = onQuery(({ sql }) => void sent.push(sql));
  try {
    await run();
  } finally {
    stop();
  }
  return sent;
}

describe("PostgreSQL: lists", () => {
  before(async () => {
    const seats = ["A", "B", 'q"{,}\\', "NULL", ""].flatMap((row) =>
      [1, 2, 3].map((number) => new Seat({ row, number, price: number === 3 ? null : `${number}.50` })),
    );
    await S.bulkCreate(seats);
    const shop = await Shop.aobjects.create({ name: "x" });
    await Sale.aobjects.bulkCreate(
      Array.from(
        { length: 20 },
        (_, n) => new Sale({ shop, n: n === 19 ? null : n, price: n, day: "2024-01-01" }),
      ),
    );
  });

  it("one statement for all lengths, prepared once", async () => {
    await aatomic(async () => {
      const sent = new Set<string>();
      for (const length of [1, 2, 7, 300, 20_000]) {
        const list = Array.from({ length }, (_, i) => i);
        const [sql = ""] = await sqlOf(async () => {
          assert.equal(await Sale.aobjects.filter({ n__in: list }).count(), Math.min(length, 19));
        });
        sent.add(sql);
      }
      assert.equal(sent.size, 1);
      assert.match([...sent][0] ?? "", /"n" = ANY\(\$1\)/);
      const count = RawSQL(
        "(SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%\"n\" = ANY($1)%%' AND statement NOT LIKE '%%pg_prepared%%')",
        [],
        { outputField: IntegerField() },
      );
      const [prepared] = await Shop.aobjects
        .annotate({ prepared: count })
        .valuesList("prepared", { flat: true });
      assert.equal(prepared, 1);
    });
  });

  it("no values, NULLs, numbers beyond the column's range", async () => {
    const count = (list: readonly unknown[]) => Sale.aobjects.filter({ n__in: list as number[] }).count();
    const others = (list: readonly unknown[]) => Sale.aobjects.exclude({ n__in: list as number[] }).count();
    assert.equal(await count([]), 0);
    assert.equal(await others([]), 20);
    assert.equal(await count([null]), 0);
    assert.equal(await others([null]), 20);
    assert.equal(await count([1, null, 3]), 2);
    assert.equal(await others([1, null, 3]), 18);
    assert.equal(await count([1, 2 ** 40, -(2 ** 50)]), 1);
    assert.equal(await others([1, 2 ** 40]), 19);
    assert.deepEqual(await sqlOf(() => count([])), []);
  });

  it("rows of composite keys: one statement with an array for each column", async () => {
    const sent = new Set<string>();
    const keys: [string, number][] = [
      ["A", 1],
      ['q"{,}\\', 2],
      ["NULL", 3],
      ["", 1],
      ["C", 1],
      ["A", 2 ** 40],
    ];
    for (const length of [1, 2, 4, 6]) {
      const list = keys.slice(0, length);
      const [sql = ""] = await sqlOf(async () => {
        const found = await S.filter({ pk__in: list }).valuesList("row", "number");
        const expected = list.filter(([row, number]) => row !== "C" && number < 4);
        assert.deepEqual(found.map(String).toSorted(), expected.map(String).toSorted());
      });
      sent.add(sql);
      assert.equal(await S.exclude({ pk__in: list }).count(), 15 - Math.min(length, 4));
    }
    assert.equal(sent.size, 1);
    assert.match([...sent][0] ?? "", /IN \(SELECT \* FROM UNNEST\(\$1, \$2\)\)/);
  });

  it("rows with a NULL in them are equal to nothing, and exclude nothing", async () => {
    const withNull = [
      ["A", null],
      ["A", 2],
    ] as [string, number][];
    assert.equal(await S.filter({ pk__in: withNull }).count(), 1);
    assert.equal(await S.exclude({ pk__in: withNull }).count(), 14);
    const onlyNull = [["A", null]] as unknown as [string, number][];
    assert.equal(await S.filter({ pk__in: onlyNull }).count(), 0);
    assert.equal(await S.exclude({ pk__in: onlyNull }).count(), 15);
    assert.equal(await S.filter({ pk__in: [] }).count(), 0);
  });

  it("many rows of keys, in deletes and updates, too", async () => {
    const many = Array.from({ length: 2_000 }, (_, number) => ["many", number] as [string, number]);
    await S.bulkCreate(many.map(([row, number]) => new Seat({ row, number })));
    assert.equal(await S.filter({ pk__in: many }).update({ price: "1" }), 2_000);
    const [deleted] = await S.filter({ pk__in: many.slice(5) }).delete();
    assert.equal(deleted, 1_995);
    assert.equal((await S.filter({ row: "many" }).delete())[0], 5);
  });
});

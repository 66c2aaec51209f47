import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CharField, Concat, Count, onQuery, Substr, Value } from "asgimod";
import { rows, setUp } from "../servers/bank.ts";
import { Account, Thing } from "../servers/models.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "sql");

/** The statement that a query sends, with its parameters. */
async function sent(
  query: () => PromiseLike<unknown>,
): Promise<readonly [sql: string, params: readonly unknown[]]> {
  let seen: readonly [string, readonly unknown[]] = ["", []];
  const stop = onQuery(({ sql, params }) => {
    seen = [sql, params];
  });
  try {
    await query();
  } finally {
    stop();
  }
  return seen;
}

describe("PostgreSQL: SQL", { skip }, () => {
  it("a list is one parameter: one statement for all lengths", async () => {
    const [one] = await sent(() => Account.aobjects.filter({ name__in: ["a"] }));
    const [many] = await sent(() => Account.aobjects.filter({ name__in: ["a", "b", "c"] }));
    assert.equal(one, many);
    assert.match(one, /"name" = ANY\(\$1\)$/);
  });

  it("the same expression in several clauses has the same parameters", async () => {
    await Account.aobjects.create({ name: "abc", balance: 1 });
    const [sql] = await sent(() =>
      Account.aobjects
        .alias({ x: Substr("name", 1, 2) })
        .values("balance")
        .annotate({ c: Count("id") })
        .orderBy("x"),
    );
    assert.match(
      sql,
      /GROUP BY 1, SUBSTRING\("bank_account"."name", \$1, \$2\) ORDER BY SUBSTRING\("bank_account"."name", \$1, \$2\)/,
    );
  });

  it("texts without a type are texts where the server would not know", async () => {
    const [found] = await Account.aobjects
      .annotate({ x: Concat("name", Value("-"), "balance", { outputField: CharField() }) })
      .valuesList("x", { flat: true });
    assert.equal(found, "abc-1");
  });

  it("keys of JSON are not taken for SQL", async () => {
    await Thing.aobjects.create({ json: { "it's": { 'a"b': 1 } } });
    assert.equal(await Thing.aobjects.filter({ [`json__it's__a"b`]: 1 } as never).count(), 1);
    assert.equal(await Thing.aobjects.filter({ json__has_key: "it's" }).count(), 1);
  });

  it("quotes names", async () => {
    assert.deepEqual(await rows(`SELECT 1 AS "a""b"`), [[1]]);
  });
});

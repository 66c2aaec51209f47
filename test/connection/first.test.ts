import assert from "node:assert/strict";
import { test } from "node:test";
import "../../src/backends/sqlite/index.ts";
import { connections } from "../../src/connections.ts";
import { runAsync, runSync } from "../../src/execute/run.ts";
import { configure } from "../../src/settings.ts";
import { atomically, type Rows, type Task } from "../../src/task.ts";
import { aatomic, atomic } from "../../src/transaction.ts";

function* rows(sql: string, ...params: unknown[]): Task<Rows> {
  return (yield { kind: "rows", alias: "default", sql, params }) as Rows;
}
function* run(sql: string, ...params: unknown[]): Task<unknown> {
  return yield { kind: "run", alias: "default", sql, params };
}

test("works", async () => {
  configure({ databases: { default: process.env.DBURL ?? "sqlite::memory:" } });
  runSync(run("create table t (id integer primary key, name text unique)"));
  runSync(run("insert into t (name) values (?)", "a"));
  await runAsync(run("insert into t (name) values (?)", "b"));
  assert.deepEqual(runSync(rows("select id, name, typeof(?) from t order by id", 1n)), [[1, "a", "integer"], [2, "b", "integer"]]);
  assert.throws(() => atomic(() => { runSync(run("insert into t (name) values ('c')")); throw new Error("x"); }), /x/);
  assert.deepEqual(await runAsync(rows("select count(*) from t")), [[2]]);
  await aatomic(async () => { await runAsync(run("insert into t (name) values ('c')")); });
  await assert.rejects(runAsync(run("insert into t (name) values ('c')")), { name: "IntegrityError", message: "UNIQUE constraint failed: t.name", constraint: "t.name" });
  await assert.rejects(runAsync(atomically("default", function* () { yield* run("insert into t (name) values ('d')"); throw new Error("y"); })), /y/);
  assert.deepEqual(await runAsync(rows("select count(*) from t")), [[3]]);
  await connections.close();
});

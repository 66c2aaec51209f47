/** Several databases of several kinds: the cases of django_answers.py on servers, and across kinds. */
import { after, before, describe, test } from "node:test";
import { configure, connections, createTables } from "asgimod";
import { skip as noMysql, database as ofMysql } from "../mysql/server.ts";
import { skip as noPostgresql, database as ofPostgresql } from "../postgresql/server.ts";
import { compare } from "./answers.ts";
import { cases } from "./cases.ts";
import { afill, apps } from "./models.ts";

/** Rows with the keys 1 and 2 were inserted: those that are made must go on from there. */
async function passKeys(alias: string): Promise<void> {
  const connection = connections.get(alias);
  if (connection.vendor !== "postgresql") return;
  for (const table of ["topping", "box", "pizza", "certificate"]) {
    const sql = `SELECT setval(pg_get_serial_sequence('shop_${table}', 'id'), 100)`;
    await connection.execute({ kind: "rows", alias, sql, params: [] }, "async", null);
  }
}

const sqlite = "sqlite::memory:";
const one = noPostgresql === false ? (await ofPostgresql("multidb_one")).url : "";
const two = noPostgresql === false ? (await ofPostgresql("multidb_two")).url : "";
const maria = noMysql === false ? (await ofMysql("multidb")).url : "";
const noServer = noPostgresql || noMysql;

const combinations: readonly [string, Record<"default" | "other", string>, string | false][] = [
  ["two databases of PostgreSQL", { default: one, other: two }, noPostgresql],
  ["SQLite and PostgreSQL", { default: sqlite, other: one }, noPostgresql],
  ["PostgreSQL and MariaDB", { default: one, other: maria }, noServer],
  ["MariaDB and SQLite", { default: maria, other: sqlite }, noMysql],
];

for (const [name, databases, skip] of combinations) {
  describe(name, { skip }, () => {
    before(async () => {
      await connections.close();
      configure({ apps, databases });
      for (const using of ["default", "other"]) await createTables({ using });
    });
    after(() => connections.close());

    for (const [each, run] of Object.entries(cases("async").values)) {
      test(each, async () => {
        await afill("default", "other");
        for (const alias of ["default", "other"]) await passKeys(alias);
        await compare(each, run);
      });
    }
  });
}

/** What this library stores is what Django stores, value for value: compared with Django's own dump. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Schema } from "../../scripts/conformance/format.ts";
import { Suite } from "../../scripts/conformance/suite.ts";

const directory = fileURLToPath(new URL("data", import.meta.url));
const suite = await Suite.open(directory);

after(() => suite.close());

/** The rows of a table of Django's dump, in the same order of columns. */
function rowsOf(database: DatabaseSync, table: string, columns: readonly string[]): unknown[][] {
  const names = columns.map((column) => `"${column}"`).join(", ");
  const statement = database.prepare(`SELECT ${names} FROM "${table}" ORDER BY rowid`);
  statement.setReadBigInts(true);
  return statement.all().map((row) => columns.map((column) => row[column]));
}

describe("stored values", () => {
  for (const app of readdirSync(join(directory, "apps"))) {
    it(app, async () => {
      const folder = join(directory, "apps", app);
      const django = new DatabaseSync(":memory:");
      django.exec(readFileSync(join(folder, "sqlite.sql"), "utf8"));
      const schema = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8")) as Schema;
      const ours = await suite.dump(app);
      assert.ok(ours.size > 0);
      for (const { resolved } of schema.models) {
        const tables = [[resolved.db_table, resolved.columns.map(([, column]) => column)] as const];
        for (const { db_table, column, reverse_column } of Object.values(resolved.many_to_many ?? {})) {
          if (!schema.models.some((model) => model.resolved.db_table === db_table)) {
            tables.push([db_table, ["id", column, reverse_column]]);
          }
        }
        for (const [table, columns] of tables) {
          if (columns.length > 0) assert.deepEqual(ours.get(table), rowsOf(django, table, columns), table);
        }
      }
      django.close();
    });
  }
});

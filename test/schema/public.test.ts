import assert from "node:assert/strict";
import { after, test } from "node:test";
import "../../src/backends/sqlite/index.ts";
import { connections } from "../../src/connections.ts";
import { runSync } from "../../src/execute/run.ts";
import { CharField } from "../../src/fields/factories.ts";
import { ManyToManyField } from "../../src/fields/related/factories.ts";
import { Model } from "../../src/models/factory.ts";
import { createTables, createTablesSync, dropTables, dropTablesSync } from "../../src/schema.ts";
import { configure } from "../../src/settings.ts";
import type { Rows, Task } from "../../src/task.ts";

class Tag extends Model("tables.Tag", { name: CharField({ maxLength: 5 }) } as never) {}
class Note extends Model("tables.Note", { tags: ManyToManyField("tables.Tag") } as never) {}

configure({ apps: { tables: { Tag, Note } as never }, databases: { default: "sqlite::memory:" } });
after(() => connections.close());

function* names(): Task<string[]> {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'tables%' ORDER BY name";
  const rows = (yield { kind: "rows", alias: "default", sql, params: [] }) as Rows;
  return rows.map(([name]) => String(name));
}

const ALL = ["tables_note", "tables_note_tags", "tables_tag"];

test("createTables makes what is missing, dropTables takes it away, in both colours", async () => {
  await createTables();
  assert.deepEqual(runSync(names()), ALL);
  await createTables();
  await dropTables({ apps: ["other"] });
  assert.deepEqual(runSync(names()), ALL);
  await dropTables();
  await dropTables();
  assert.deepEqual(runSync(names()), []);
  createTablesSync({ using: "default", apps: ["tables"] });
  assert.deepEqual(runSync(names()), ALL);
  dropTablesSync();
  assert.deepEqual(runSync(names()), []);
});

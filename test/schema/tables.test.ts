import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Schema } from "../../scripts/conformance/format.ts";
import { ModelSet } from "../../scripts/conformance/models.ts";
import { createTables } from "../../src/backends/base/create-tables.ts";
import { schemaCompiler } from "../../src/backends/base/schema-compiler.ts";
import { SqliteFeatures } from "../../src/backends/sqlite/features.ts";
import { SqliteOperations } from "../../src/backends/sqlite/operations.ts";
import { SqliteSchemaEditor } from "../../src/backends/sqlite/schema-editor.ts";
import { F } from "../../src/expressions/f.ts";
import { OrderBy } from "../../src/expressions/order-by.ts";
import { Value } from "../../src/expressions/value.ts";
import * as factories from "../../src/fields/factories.ts";
import * as related from "../../src/fields/related/factories.ts";
import * as deletion from "../../src/fields/related/on-delete.ts";
import * as text from "../../src/functions/text.ts";
import "../../src/lookups/register.ts";
import { Deferrable } from "../../src/models/constraints.ts";
import { Model } from "../../src/models/factory.ts";
import * as meta from "../../src/models/meta-factories.ts";
import type { ModelClass } from "../../src/models/types.ts";
import { Q } from "../../src/query/q.ts";
import type { Task } from "../../src/task.ts";
import * as validators from "../../src/validators/validators.ts";

/** What the cases' models are made of, before the package has an entry. */
const library = {
  ...factories,
  ...related,
  ...deletion,
  ...text,
  ...meta,
  ...validators,
  Deferrable,
  Model,
  F: (name: string) => new F(name),
  Value: (value: unknown) => new Value(value),
  OrderBy: (expression: never, options: object) => new OrderBy(expression, options),
  Q: (...given: unknown[]) => Q.of(given),
};

interface Table {
  sql: string;
  indexes: { sql: string | null }[];
}

const apps = fileURLToPath(new URL("../conformance/data/apps", import.meta.url));

/** The statements of a task that only runs some. */
function statementsOf(task: Task<void>): string[] {
  const statements: string[] = [];
  for (let step = task.next(); !step.done; step = task.next()) {
    if (step.value.kind === "run") statements.push(step.value.sql);
  }
  return statements;
}

for (const app of readdirSync(apps)) {
  test(`the tables of ${app} are Django's`, () => {
    const read = (name: string): unknown => JSON.parse(readFileSync(join(apps, app, name), "utf8"));
    const schema = read("schema.json") as Schema;
    const tables = (read("tables.json") as { sqlite: Record<string, Table> }).sqlite;
    const models = new ModelSet(library);
    // Managers make no tables.
    models.addApp({ ...schema, models: schema.models.map(({ managers: _, ...model }) => model) });
    assert.deepEqual([...models.unsupported], []);

    const features = new SqliteFeatures();
    const ops = new SqliteOperations(features);
    const editor = new SqliteSchemaEditor(ops, features, schemaCompiler(ops, features));
    const classes = schema.models.map(
      ({ name }) => models.get(`${app}.${name}`).cls as unknown as ModelClass,
    );
    for (const cls of classes) cls._meta.adopt(cls);
    const made = statementsOf(createTables(classes, editor, { existing: new Set() }));
    const expected = Object.values(tables).flatMap(({ sql, indexes }) => [
      sql,
      ...indexes.flatMap((index) => (index.sql === null ? [] : [index.sql])),
    ]);
    assert.deepEqual(made.toSorted(), expected.toSorted());
  });
}

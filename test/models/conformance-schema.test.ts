import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { SqliteValues } from "../../src/backends/sqlite/values.ts";
import type { ManyToManyField } from "../../src/fields/related/many-to-many.ts";
import { buildModels } from "./schema.ts";

const APPS = process.env.CONFORMANCE_APPS ?? "test/conformance/data/apps";
const ops = { values: new SqliteValues() };

for (const app of existsSync(APPS) ? readdirSync(APPS) : []) {
  test(`models of ${app} are what Django makes of them`, () => {
    const { schema, models } = buildModels(`${APPS}/${app}/schema.json`);
    for (const { name, resolved, options } of schema.models) {
      const opts = (models.get(name) as NonNullable<ReturnType<typeof models.get>>)._meta;
      const actual = {
        db_table: opts.dbTable,
        pk: opts.pkFields.map((field) => field.attname),
        ordering: [...opts.ordering],
        get_latest_by: opts.getLatestBy ?? undefined,
        columns: opts.localConcreteFields.map((field) => [field.attname, field.column, field.dbType(ops)]),
        reverse: Object.fromEntries(
          opts
            .getFields()
            .filter((field) => field.autoCreated && !field.concrete)
            .map((rel) => [
              rel.name,
              {
                accessor: (rel as { accessorName?: unknown }).accessorName,
                model: (rel as { relatedModel: { label: string } }).relatedModel.label,
                field: (rel as unknown as { field: { name: string } }).field.name,
              },
            ]),
        ),
        many_to_many: Object.fromEntries(
          (opts.localManyToMany as ManyToManyField[]).map((field) => [
            field.name,
            { db_table: field.m2mDbTable, column: field.m2mColumnName, reverse_column: field.m2mReverseName },
          ]),
        ),
      };
      assert.deepEqual(
        actual,
        {
          db_table: resolved.db_table,
          pk: resolved.pk,
          ordering: resolved.ordering,
          get_latest_by: resolved.get_latest_by,
          columns: resolved.columns.map(([attname, column, type]) => [attname, column, type]),
          reverse: resolved.reverse,
          many_to_many: resolved.many_to_many ?? {},
        },
        `${app}.${name}`,
      );
      assert.equal(opts.proxy, options?.proxy ?? false);
      if (options?.default_manager_name !== undefined) {
        assert.equal(opts.managers.defaultName, resolved.default_manager);
      }
    }
  });
}

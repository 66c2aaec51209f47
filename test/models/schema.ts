/** Builds models from the `schema.json` of a directory of recorded answers, as far as declarations go. */

import { readFileSync } from "node:fs";
import * as fields from "../../src/fields/factories.ts";
import type { FieldOptions } from "../../src/fields/field.ts";
import * as related from "../../src/fields/related/factories.ts";
import * as deletion from "../../src/fields/related/on-delete.ts";
import { Model } from "../../src/models/factory.ts";
import { Registry } from "../../src/models/registry.ts";
import type { ModelClass } from "../../src/models/types.ts";
import { camelCase } from "../../src/util/case.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Kwargs = Record<string, Json>;

export interface SchemaField {
  name: string;
  type: string;
  args?: Json[];
  kwargs: Kwargs;
}

export interface SchemaModel {
  name: string;
  bases?: string[];
  fields: SchemaField[];
  options?: Kwargs;
  managers?: { name: string }[];
  resolved: {
    db_table: string;
    pk: string[];
    ordering: Json[];
    get_latest_by?: Json;
    default_manager: string;
    columns: [attname: string, column: string, sqlite: string, postgresql: string][];
    reverse: Record<string, { accessor: string; model: string; field: string }>;
    many_to_many?: Record<string, { db_table: string; column: string; reverse_column: string }>;
  };
}

export interface Schema {
  app: string;
  models: SchemaModel[];
}

const EXTRA: Record<string, string> = { constraints: "constraints", indexes: "indexes" };

function kwargValue(name: string, value: Json): unknown {
  if (name === "on_delete") {
    if (typeof value === "object" && value !== null) return deletion.SET((value as { $set: Json }).$set);
    return (deletion as Record<string, unknown>)[value as string];
  }
  if (name === "output_field") {
    const { type, kwargs } = (value as { $field: { type: string; kwargs: Kwargs } }).$field;
    return makeField({ name: "", type, kwargs });
  }
  if (typeof value === "object" && value !== null && "$callable" in value) return () => ({});
  if (name === "validators") return [];
  return value;
}

function makeField({ type, args = [], kwargs }: SchemaField): unknown {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kwargs)) options[camelCase(name)] = kwargValue(name, value);
  const { to, ...rest } = options;
  if (to !== undefined) {
    const make = (related as Record<string, unknown>)[type] as (to: unknown, options: object) => unknown;
    return make(to, rest);
  }
  const make = (fields as Record<string, unknown>)[type] as (...args: unknown[]) => unknown;
  return type === "CompositePrimaryKey" ? make(...args) : make(rest as FieldOptions);
}

/** All models of a schema, in a registry of their own. */
export function buildModels(path: string): {
  schema: Schema;
  apps: Registry;
  models: Map<string, ModelClass>;
} {
  const schema = JSON.parse(readFileSync(path, "utf8")) as Schema;
  const apps = new Registry();
  const models = new Map<string, ModelClass>();
  for (const model of schema.models) {
    const meta: Record<string, unknown> = { apps };
    for (const [name, value] of Object.entries(model.options ?? {})) {
      if (!(name in EXTRA)) meta[camelCase(name)] = value;
    }
    const declared = Object.fromEntries(model.fields.map((field) => [field.name, makeField(field)]));
    const label = `${schema.app}.${model.name}`;
    const [base] = model.bases ?? [];
    const Base =
      base === undefined
        ? Model(label, declared, meta as never)
        : (apps.getModel(base) as unknown as { extend: typeof Model }).extend(label, declared, meta as never);
    const holder = { [model.name]: class extends (Base as ModelClass) {} };
    const cls = holder[model.name] as ModelClass;
    cls._meta.adopt(cls);
    models.set(model.name, cls);
  }
  apps.check();
  return { schema, apps, models };
}

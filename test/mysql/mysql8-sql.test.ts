/**
 * MySQL 8, which Django writes for otherwise than for MariaDB: the statements that Django has written for it, recorded by
 * `django_sql.py`, are those of this library, to the letter. No server is asked.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { configure, timezone } from "asgimod";
import { applyChain, createContext } from "../../scripts/conformance/chain.ts";
import type { QueryCase, Schema } from "../../scripts/conformance/format.ts";
import { loadLibrary, method } from "../../scripts/conformance/library.ts";
import { ModelSet } from "../../scripts/conformance/models.ts";
import { ASSUMED, MysqlFeatures } from "../../src/backends/mysql/features.ts";
import { withLiterals } from "../../src/backends/mysql/literals.ts";
import { MysqlOperations } from "../../src/backends/mysql/operations.ts";
import { planFor } from "../../src/query/plan.ts";
import type { Shape } from "../../src/query/shape.ts";

const directory = fileURLToPath(new URL("../conformance/data", import.meta.url));
const recorded = new URL("mysql8-sql.json", import.meta.url);

const NUMBERS = "JavaScript has one number type: a whole float is an integer in JSON.";
const KNOWN: Readonly<Record<string, string>> = {
  "f-expressions-0066": "A UUID without a field is a text here.",
  "json-0017": NUMBERS,
  "json-0018": NUMBERS,
  "json-0036": NUMBERS,
};

function readJson(path: string | URL): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

describe("MySQL 8: SQL", async () => {
  const library = await loadLibrary();
  const models = new ModelSet(library);
  const apps = readdirSync(`${directory}/apps`).sort();
  const schemas = apps.map((app) => readJson(`${directory}/apps/${app}/schema.json`) as Schema);
  for (const schema of schemas) models.addApp(schema);
  configure({
    apps: Object.fromEntries(schemas.map(({ app }) => [app, models.classesOf(app)])),
    databases: { default: "sqlite::memory:" },
  });
  const server = {
    ...ASSUMED,
    mariadb: false,
    version: [8, 0, 36],
    sqlMode: new Set(["ONLY_FULL_GROUP_BY"]),
  };
  const ops = new MysqlOperations(new MysqlFeatures(server));
  ops.alias = "default";

  /** The statement of a case, or the name of the error. */
  function statement({ app, model, manager, chain }: QueryCase): string {
    const context = createContext(library, models, "async");
    const label = model.includes(".") ? model : `${app}.${model}`;
    try {
      const start = method(models.manager(label, manager, "async"), "all")();
      const { shape, bindings } = applyChain(start, chain, context) as {
        shape: Shape;
        bindings: readonly unknown[];
      };
      const { plan, params } = planFor(shape, ops, bindings);
      return plan.sql === null ? "EmptyResultSet" : withLiterals(plan.sql, params);
    } catch (error) {
      return (error as Error).name;
    }
  }

  const expected = readJson(recorded) as Record<string, string>;
  const files = readdirSync(`${directory}/cases`).filter((name) => name.endsWith(".json"));
  for (const file of files) {
    const cases = (readJson(`${directory}/cases/${file}`) as QueryCase[]).filter(({ id }) => id in expected);
    if (cases.length === 0) continue;
    it(`${file}: ${cases.length} statements`, () => {
      for (const item of cases) {
        const got = timezone.override(item.timezone ?? "UTC", () => statement(item));
        if (item.id in KNOWN) assert.notEqual(got, expected[item.id], `${item.id} needs no reason any more`);
        else assert.equal(got, expected[item.id], item.id);
      }
    });
  }
});

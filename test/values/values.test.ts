/** Values of every field: written, read, and compared with what Django reads of the same values (see scripts/values). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { configure, connections, createTables } from "asgimod";
import { canonical, decode } from "../../scripts/values/encode.ts";
import { models } from "../../scripts/values/fields.ts";
import { knownDifference } from "../../scripts/values/known.ts";
import { attempt, compareValues, isError, modelOf, write } from "../../scripts/values/run.ts";
import { findDriver } from "../../src/backends/sqlite/driver.ts";
import { database as mysqlDatabase, skip as mysqlSkip } from "../mysql/server.ts";
import { database, skip } from "../postgresql/server.ts";

type Recorded = readonly [field: string, value: unknown, django: string];

function recorded(backend: string): readonly Recorded[] {
  return JSON.parse(readFileSync(new URL(`answers-${backend}.json`, import.meta.url), "utf8")) as never;
}

function missing(driver: "node:sqlite" | "better-sqlite3"): string | false {
  try {
    findDriver(driver);
    return false;
  } catch (error) {
    return String(error);
  }
}

const sqlite = (driver: "node:sqlite" | "better-sqlite3", worker: boolean) => ({
  name: `sqlite, ${driver}${worker ? " on a worker" : ""}`,
  backend: "sqlite",
  skip: missing(driver),
  database: { engine: "sqlite", name: ":memory:", driver, worker },
});

const mysql = mysqlSkip === false ? (await mysqlDatabase("values")).url : "";
const postgresql = skip === false ? (await database("values")).url : "";

const databases = [
  sqlite("node:sqlite", false),
  sqlite("node:sqlite", true),
  sqlite("better-sqlite3", false),
  { name: "postgresql", backend: "postgresql", skip, database: { url: postgresql } },
  { name: "mysql", backend: "mysql", skip: mysqlSkip, database: { url: mysql } },
];

/** In the synchronous colour. */
function writeSync(field: string, id: number, value: unknown): string {
  const { objects } = modelOf(field) as unknown as {
    objects: { create(values: object): unknown; get(lookups: object): { v: unknown } };
  };
  try {
    objects.create({ id, v: decode(value) });
    return canonical(objects.get({ id }).v);
  } catch (error) {
    return `error ${(error as Error).name}: ${(error as Error).message}`;
  }
}

for (const { name, backend, skip: left, database: settings } of databases) {
  describe(name, { skip: left }, () => {
    after(() => connections.close());

    test("every value comes back as Django reads it", async () => {
      configure({ apps: { fieldvalues: models as never }, databases: { default: settings as never } });
      await connections.close();
      await createTables({ apps: ["fieldvalues"] });
      const both = connections.features().nativeSync;
      let compared = 0;
      for (const [i, [field, value, django]] of recorded(backend).entries()) {
        const colours = [await write(modelOf(field), 2 * i + 1, value)];
        if (both) colours.push(writeSync(field, 2 * i + 2, value));
        for (const ours of colours) {
          if (isError(ours) && isError(django)) continue;
          compared++;
          const seen = { field, value, ours, djangoOfOurs: ours, django, oursOfDjango: ours };
          if (ours !== django && knownDifference(seen, backend) === null)
            assert.fail(`${field} ${JSON.stringify(value)}: ${ours}, Django reads ${django}`);
        }
      }
      assert(compared > 1000, `${compared} values`);
    });
  });
}

describe("with Django beside", {
  skip: process.env["DJANGO_PYTHON"] ? false : "DJANGO_PYTHON is not set",
}, () => {
  const skipped = { sqlite: false, postgresql: skip, mysql: mysqlSkip } as const;
  for (const [backend, reason] of Object.entries(skipped)) {
    test(`both read each other's rows on ${backend}`, { skip: reason }, async () => {
      const { differences, comparisons } = await compareValues({ seed: 5, count: 40, backend, field: null });
      assert.deepEqual(differences, []);
      assert(comparisons > 2000);
    });
  }
});

test("an error says what went wrong", async () => {
  configure({ apps: { fieldvalues: models as never }, databases: { default: "sqlite::memory:" } });
  await connections.close();
  await createTables({ apps: ["fieldvalues"] });
  assert.match(
    await attempt(() => write(modelOf("char"), 1, "a\ud800")),
    /^error ValueError: Char\.v got "a\\ud800"/,
  );
  await connections.close();
});

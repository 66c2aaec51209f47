/** Many callers at once: one row, and no error to any of them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { aatomic, configure, connections, createTables } from "asgimod";
import { database as mysqlDatabase, skip as mysqlSkip } from "../mysql/server.ts";
import { database, skip } from "../postgresql/server.ts";
import { Author, Book, models, Tag } from "./models.ts";

const CALLERS = 50;
const callers = <T>(call: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CALLERS }, (_, i) => call(i)));

const folder = mkdtempSync(join(tmpdir(), "asgimod-races-"));
after(() => rmSync(folder, { recursive: true }));

const apps = { executetest: models };
const mysql = mysqlSkip === false ? (await mysqlDatabase("races")).url : "";
const postgresql = skip === false ? (await database("races")).url : "";

interface Kind {
  readonly name: string;
  readonly database: object;
  readonly skip: string | false;
}

const kinds: readonly Kind[] = [
  { name: "SQLite in memory", database: { url: "sqlite::memory:" }, skip: false },
  { name: "SQLite, a file", database: { url: `sqlite:${join(folder, "inline.db")}` }, skip: false },
  {
    name: "SQLite, a file on a worker",
    database: { url: `sqlite:${join(folder, "worker.db")}`, worker: true },
    skip: false,
  },
  { name: "PostgreSQL", database: { url: postgresql }, skip },
  { name: "MariaDB", database: { url: mysql }, skip: mysqlSkip },
];

/** One made it, all have it. */
function oneMade(results: readonly (readonly [object: { readonly pk: unknown }, created: boolean])[]): void {
  assert.equal(results.length, CALLERS);
  assert.equal(results.filter(([, created]) => created).length, 1);
  assert.equal(new Set(results.map(([object]) => object.pk)).size, 1);
}

for (const kind of kinds) {
  describe(kind.name, { skip: kind.skip }, () => {
    before(async () => {
      configure({ apps, databases: { default: kind.database as never } });
      await connections.close();
      await createTables({ apps: ["executetest"] });
    });
    after(() => connections.close());
    beforeEach(async () => {
      for (const model of [Book, Author, Tag]) await (model as typeof Author).aobjects.delete();
    });

    // Of transactions that lock the place of a row which is not there yet, MariaDB lets all but one give way.
    const retries = kind.name === "MariaDB" ? { retries: 20 } : {};

    test("getOrCreate", async () => {
      oneMade(await callers(() => Author.aobjects.getOrCreate({ name: "Ann" })));
      assert.equal(await Author.aobjects.count(), 1);
    });

    test("getOrCreate in transactions", async () => {
      oneMade(await callers(() => aatomic(() => Author.aobjects.getOrCreate({ name: "Ann" }), retries)));
      assert.equal(await Author.aobjects.count(), 1);
    });

    test("updateOrCreate", async () => {
      const ids = (i: number) => ({ defaults: { name: "Ann" }, createDefaults: { id: 100_000 + i } });
      oneMade(await callers((i) => Author.aobjects.updateOrCreate({ name: "Ann" }, ids(i))));
      assert.equal(await Author.aobjects.count(), 1);
    });

    test("updateOrCreate in transactions", async () => {
      oneMade(await callers(() => aatomic(() => Author.aobjects.updateOrCreate({ name: "Ann" }), retries)));
      assert.equal(await Author.aobjects.count(), 1);
    });

    test("updateOrCreate locks what it changes: no change is lost", async () => {
      const author = await Author.aobjects.create({ name: "Ann" });
      const [book] = await Book.aobjects.getOrCreate({ title: "One", author }, { defaults: { pages: 0 } });
      await callers(() =>
        aatomic(async () => {
          const { pages } = await Book.aobjects.selectForUpdate().get({ pk: book.pk });
          await Book.aobjects.updateOrCreate({ title: "One" }, { defaults: { pages: pages + 1 } });
        }),
      );
      assert.equal((await Book.aobjects.get()).pages, CALLERS);
    });

    test("getOrCreate of a relation", async () => {
      const author = await Author.aobjects.create({ name: "Ann" });
      oneMade(
        await callers(() =>
          author.abook_set.getOrCreate({ id: 4711 }, { defaults: { title: "One", pages: 1 } }),
        ),
      );
      assert.equal(await author.abook_set.count(), 1);
    });

    test("writes of many callers do not mix", async () => {
      const author = await Author.aobjects.create({ name: "Ann" });
      const book = await Book.aobjects.create({ title: "One", author });
      const tags = await callers((i) => Tag.aobjects.create({ name: `t${i}` }));
      assert.equal(new Set(tags.map(({ id }) => id)).size, CALLERS);
      await Promise.all(tags.map((tag) => book.atags.add(tag)));
      assert.equal(await book.atags.count(), CALLERS);
      await callers((i) => book.atags.add(tags[i] as Tag, tags[0] as Tag));
      assert.equal(await book.atags.count(), CALLERS);
      await Promise.all(tags.slice(0, 10).map((tag) => book.atags.remove(tag)));
      assert.equal(await book.atags.count(), CALLERS - 10);
    });
  });
}

/** Runs race-process.ts on the database; gives what it made. */
function inProcess(settings: object): Promise<{ created: number; error?: string }> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL("race-process.ts", import.meta.url));
    const child = spawn(process.execPath, [...process.execArgv, script, JSON.stringify(settings)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(JSON.parse(output)));
  });
}

/** Of several processes on one file, a transaction that reads first may find it locked when it goes on to write. */
const immediate = { transactionMode: "IMMEDIATE", busyTimeout: 60_000 };

for (const kind of kinds.slice(1)) {
  const settings = kind.name.startsWith("SQLite") ? { ...kind.database, ...immediate } : kind.database;
  test(`${kind.name}: processes`, { skip: kind.skip }, async () => {
    configure({ apps, databases: { default: settings as never } });
    await connections.close();
    await createTables({ apps: ["executetest"] });
    await Author.aobjects.delete();
    await connections.close();
    const made = await Promise.all(Array.from({ length: 4 }, () => inProcess(settings)));
    assert.deepEqual(
      made.map(({ error }) => error ?? null),
      [null, null, null, null],
    );
    // Each name was made once, by whichever came first.
    assert.equal(
      made.reduce((sum, { created }) => sum + created, 0),
      20,
    );
    assert.equal(await Author.aobjects.count(), 20);
    await connections.close();
  });
}

/** `explain` and its options on each database. Django: QuerySet API reference, `explain()`. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { configure, connections, createTables, ValueError } from "asgimod";
import * as mysql from "../mysql/server.ts";
import * as postgresql from "../postgresql/server.ts";
import { apps, Entry } from "./models.ts";

const SERVERS = { postgresql, mysql };

const entries = () => Entry.aobjects.filter({ id: 1 });

function refusals(formats: RegExp): void {
  it("options and formats that are none", async () => {
    await assert.rejects(entries().explain({ nonsense: true }), ValueError);
    await assert.rejects(entries().explain({ "a; b": true }), /Invalid option name: 'a; b'/);
    await assert.rejects(entries().explain({ format: "cuneiform" }), (error: Error) => {
      assert(error instanceof ValueError);
      assert.match(error.message, /^CUNEIFORM is not a recognized format\. /);
      assert.match(error.message, formats);
      return true;
    });
  });

  it("no rows: the database is not asked", async () => {
    assert.equal(await entries().none().explain(), "");
  });

  it("an empty format is none", async () => {
    assert.equal(await entries().explain({ format: "" }), await entries().explain());
  });
}

describe("explain, sqlite", () => {
  before(async () => {
    configure({ apps, databases: { default: "sqlite::memory:" } });
    await createTables({ apps: ["walk"] });
  });
  after(() => connections.close());
  refusals(/SQLite does not support any formats\.$/);

  it("tells how", async () => {
    assert.match(await entries().explain(), /SEARCH walk_entry USING INTEGER PRIMARY KEY/);
    assert.equal(Entry.objects.filter({ id: 1 }).explain(), await entries().explain());
  });
});

for (const [name, { database, skip }] of Object.entries(SERVERS)) {
  const url = skip === false ? (await database("walk_explain")).url : "";
  describe(`explain, ${name}`, { skip }, () => {
    before(async () => {
      configure({ apps, databases: { default: url } });
      await createTables({ apps: ["walk"] });
    });
    after(() => connections.close());
    refusals(/Allowed formats: .*JSON/);

    it("formats", async () => {
      JSON.parse(await entries().explain({ format: "json" }));
      assert.match(
        await entries().explain(),
        name === "mysql" ? /no matching row|Rows fetched|const/ : /cost=/,
      );
    });

    it("runs the statement with analyze", async () => {
      const text = await entries().explain({ analyze: true });
      assert.match(text, name === "mysql" ? /no matching row/i : /actual time=/);
    });
  });
}

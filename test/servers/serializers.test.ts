/** Files of objects: references to rows that come later, and keys that go on after the largest one. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connections, Temporal } from "asgimod";
import { adumpdata, aloaddata, type FormatName } from "asgimod/serializers";
import { open, Sample, Shelf, Volume, Writer } from "../serializers/models.ts";
import { SERVERS } from "./servers.ts";

const directory = mkdtempSync(join(tmpdir(), "asgimod-serializers-"));
after(() => rmSync(directory, { recursive: true }));

for (const { name, skip, database } of SERVERS) {
  describe(`${name}: serializers`, { skip }, async () => {
    if (skip !== false) return;
    const { url } = await database("serializers");
    before(() => open(url));
    after(() => connections.close());

    for (const format of ["json", "jsonl", "xml", "yaml"] as const satisfies readonly FormatName[]) {
      it(`${format}: rows are the same after a dump was loaded`, async () => {
        const writer = await Writer.aobjects.create({ firstName: "Ann", lastName: "Lee" });
        await Writer.aobjects.create({ firstName: "Bo", lastName: "Li", rival: writer });
        const volume = await Volume.aobjects.create({ title: "x", writtenBy: writer });
        await volume.ashelves.add(
          await Shelf.aobjects.create({ name: "A" }),
          await Shelf.aobjects.create({ name: "B" }),
        );
        await Sample.aobjects.create({
          number: 7,
          ratio: 0.1,
          at: Temporal.PlainTime.from("10:00:00"),
          length: Temporal.Duration.from({ hours: 30 }),
          bytes: new Uint8Array([1, 2]),
          document: { a: [1, null] },
        });
        const options = { format, useNaturalForeignKeys: true };
        const path = join(directory, `dump.${format}`);
        const written = await adumpdata(["library"], { ...options, output: path });
        const text = await adumpdata(["library"], options);
        for (const model of [Volume, Sample, Shelf, Writer]) await model.aobjects.all().delete();
        assert.deepEqual(await aloaddata(path), { fixtures: 1, objects: written, loaded: written });
        assert.equal(await adumpdata(["library"], options), text);
        // The counter has moved: a new object gets a key of its own.
        const largest = Math.max(...(await Shelf.aobjects.valuesList("id", { flat: true })));
        assert.equal((await Shelf.aobjects.create({ name: "C" })).id, largest + 1);
        for (const model of [Volume, Sample, Shelf, Writer]) await model.aobjects.all().delete();
      });
    }

    it("keys go on after those that a file has brought", async () => {
      const path = join(directory, "far.json");
      writeFileSync(path, '[{"model": "library.shelf", "pk": 1000, "fields": {"name": "far"}}]');
      await aloaddata(path);
      assert.equal((await Shelf.aobjects.create({ name: "next" })).id, 1001);
    });

    it("rows may refer to rows that come later; one that never comes is an error", async () => {
      const volume =
        '{"model": "library.volume", "pk": 5, "fields": {"title": "x", "written_by": 77, "changed": null}}';
      const writer =
        '{"model": "library.writer", "pk": 77, "fields": {"first_name": "A", "last_name": "B", "rival": null}}';
      const path = join(directory, "later.json");
      writeFileSync(path, `[${volume}]`);
      await assert.rejects(aloaddata(path), {
        name: "IntegrityError",
        // PostgreSQL finds it at the commit; on MariaDB the rows are looked at.
        message:
          /^Problem installing fixtures: (?:.*violates foreign key constraint|The row in table 'library_volume' with primary key '5' has an invalid foreign key: )/s,
      });
      assert.equal(await Volume.aobjects.count(), 0);
      writeFileSync(path, `[${volume}, ${writer}]`);
      await aloaddata(path);
      assert.equal(await Volume.aobjects.count(), 1);
    });
  });
}

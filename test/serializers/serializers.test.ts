/** What serializers do beside the bytes: names, natural keys, references to what comes later, errors, streams. */
import assert from "node:assert/strict";
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, beforeEach, describe, it } from "node:test";
import { configure, connections, createTablesSync, postSave, preSave, Temporal } from "asgimod";
import {
  adeserialize,
  aloaddata,
  aserialize,
  aserializeStream,
  CommandError,
  DeserializationError,
  deserialize,
  dumpdata,
  type FormatName,
  getSerializerFormats,
  loaddata,
  SerializerDoesNotExist,
  serialize,
  serializeStream,
} from "asgimod/serializers";
import { open, Sample, Shelf, Volume, Writer } from "./models.ts";

const directory = mkdtempSync(join(tmpdir(), "asgimod-serializers-"));

beforeEach(() => open());
after(async () => {
  rmSync(directory, { recursive: true });
  await connections.close();
});

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const volume = (fields: object, more: object = { pk: 1 }) =>
  JSON.stringify([{ model: "library.volume", ...more, fields }]);

function library(): Volume {
  const orwell = Writer.objects.create({ firstName: "George", lastName: "Orwell" });
  const made = Volume.objects.create({ title: "Farm", writtenBy: orwell });
  made.shelves.add(Shelf.objects.create({ name: "A" }), Shelf.objects.create({ name: "B" }));
  return made;
}

describe("serialize", () => {
  it("names fields as Django does", () => {
    library();
    assert.equal(
      serialize("json", Volume.objects.all(), { fields: ["title", "writtenBy", "shelves"] }),
      '[{"model": "library.volume", "pk": 1, "fields": {"title": "Farm", "written_by": 1, "shelves": [1, 2]}}]',
    );
  });

  it("takes querysets, lists and generators, of either colour", async () => {
    for (const name of ["A", "B", "C"]) Shelf.objects.create({ name });
    const expected = serialize("jsonl", Shelf.objects.all());
    assert.equal(expected.split("\n").length, 4);
    assert.equal(serialize("jsonl", [...Shelf.objects.all()]), expected);
    assert.equal(await aserialize("jsonl", Shelf.aobjects.all()), expected);
    assert.equal(await aserialize("jsonl", Shelf.aobjects.all().iterator()), expected);
    assert.equal(await aserialize("jsonl", await Shelf.aobjects.all()), expected);
    const evaluated = Shelf.objects.all();
    assert.equal(evaluated.length, 3);
    Shelf.objects.all().delete();
    assert.equal(serialize("jsonl", evaluated), expected);
  });

  it("uses what was prefetched", () => {
    library();
    const [prefetched] = Volume.objects.prefetchRelated("shelves");
    Shelf.objects.all().delete();
    assert.match(serialize("json", [prefetched as Volume], { fields: ["shelves"] }), /"shelves": \[1, 2\]/);
  });

  it("writes natural keys, of both colours", async () => {
    library();
    const options = { useNaturalForeignKeys: true, useNaturalPrimaryKeys: true };
    await assert.rejects(async () => serialize("json", Volume.objects.all(), options), {
      name: "SynchronousOnlyOperation",
    });
    assert.equal(
      await aserialize("json", Volume.aobjects.all(), { ...options, fields: ["writtenBy", "shelves"] }),
      '[{"model": "library.volume", "pk": 1, "fields": {"written_by": ["George", "Orwell"], "shelves": [["A"], ["B"]]}}]',
    );
    assert.equal(
      serialize("xml", Shelf.objects.filter({ name: "A" }), options),
      '<?xml version="1.0" encoding="utf-8"?>\n<django-objects version="1.0"><object model="library.shelf">' +
        '<field name="name" type="CharField">A</field></object></django-objects>',
    );
  });

  it("writes nothing as Django does", () => {
    const none = (format: FormatName, indent?: number) =>
      serialize(format, Shelf.objects.none(), indent === undefined ? {} : { indent });
    assert.equal(none("json"), "[]");
    assert.equal(none("json", 2), "[\n]\n");
    assert.equal(none("json", 0), "[]");
    assert.equal(none("jsonl"), "");
    assert.equal(none("yaml"), "[]\n");
    assert.equal(
      none("xml", 2),
      '<?xml version="1.0" encoding="utf-8"?>\n<django-objects version="1.0">\n</django-objects>',
    );
  });

  it("refuses what XML cannot hold", () => {
    Shelf.objects.create({ name: "a\u0001b" });
    assert.throws(() => serialize("xml", Shelf.objects.all()), {
      name: "ValueError",
      message: "Shelf.name (pk:1) contains unserializable characters",
    });
  });

  it("refuses what is no object of a model", () => {
    Shelf.objects.create({ name: "A" });
    for (const objects of [Shelf.objects.values(), [null], [Shelf], ["x"]]) {
      assert.throws(() => serialize("json", objects as never), {
        name: "SerializationError",
        message: /^Non-model object \(.*\) encountered during serialization$/,
      });
    }
  });

  it("knows the formats", () => {
    assert.deepEqual(getSerializerFormats(), ["xml", "json", "yaml", "jsonl"]);
    assert.throws(() => serialize("csv" as FormatName, []), SerializerDoesNotExist);
  });
});

describe("every format keeps the values of all fields", () => {
  const values = {
    number: -3,
    ratio: 2,
    at: Temporal.PlainTime.from("10:00:00.5"),
    length: Temporal.Duration.from({ hours: -30 }),
    bytes: new Uint8Array([0, 255]),
    document: { text: " <&>\"'\n", list: [1, 2.5, null, true], big: 2n ** 60n, empty: {} },
  };
  const nothing = { number: null, ratio: null, at: null, length: null, bytes: null, document: null };

  for (const format of ["json", "jsonl", "xml", "yaml"] as const) {
    it(format, async () => {
      Sample.objects.create(values);
      Sample.objects.create(nothing);
      Sample.objects.create({ ...nothing, ratio: Number.POSITIVE_INFINITY });
      const text = serialize(format, Sample.objects.orderBy("id"));
      const before = [...Sample.objects.orderBy("id").values()];
      Sample.objects.all().delete();
      for (const each of deserialize(format, text)) each.save();
      assert.deepEqual([...Sample.objects.orderBy("id").values()], before);
      Sample.objects.all().delete();
      for await (const each of adeserialize<Sample>(format, text)) await each.asave();
      assert.deepEqual([...Sample.objects.orderBy("id").values()], before);
    });
  }
});

describe("deserialize", () => {
  it("gives objects that are not saved", () => {
    const [read] = deserialize<Volume>("json", volume({ title: "x", written_by: 1, shelves: [3] }));
    assert.ok(read);
    assert.equal(read.object.title, "x");
    assert.equal(read.object.writtenBy_id, 1);
    assert.deepEqual([...(read.m2mData ?? [])], [["shelves", [3]]]);
    assert.equal(read.deferredFields.size, 0);
    assert.equal(String(read), "<DeserializedObject: library.Volume(pk=1)>");
    assert.equal(Volume.objects.count(), 0);
  });

  it("saves raw: no save() of the model, no autoNow, and the signals say so", () => {
    const { pk } = library();
    const seen: unknown[] = [];
    const note = ({ raw, instance }: { raw: boolean; instance: object }) => {
      seen.push(raw, instance instanceof Volume);
    };
    preSave.connect(note, { sender: Volume });
    postSave.connect(note, { sender: Volume });
    const [read] = deserialize<Volume>(
      "json",
      volume({ title: "New", written_by: 1, changed: null }, { pk }),
    );
    read?.save({ saveM2m: false });
    preSave.disconnect(note, { sender: Volume });
    postSave.disconnect(note, { sender: Volume });
    assert.deepEqual(seen, [true, true, true, true]);
    const saved = Volume.objects.get({ pk });
    assert.equal(saved.title, "New");
    assert.equal(saved.changed, null);
    assert.equal(saved.shelves.count(), 2);
  });

  it("finds the object of a natural key, where there is no primary key", () => {
    Shelf.objects.create({ name: "A" });
    const known = Shelf.objects.create({ name: "B" });
    const objects =
      '[{"model": "library.shelf", "fields": {"name": "B"}}, {"model": "library.shelf", "fields": {"name": "C"}}]';
    const [first, second] = [...deserialize<Shelf>("json", objects)];
    assert.equal(first?.object.pk, known.pk);
    assert.equal(second?.object.pk, null);
  });

  it("leaves out what does not exist any more, when asked", () => {
    const gone = '[{"model": "library.gone", "pk": 1, "fields": {}}]';
    assert.deepEqual([...deserialize("json", gone, { ignorenonexistent: true })], []);
    const [read] = deserialize<Volume>("json", volume({ title: "x", written_by: 1, colour: "red" }), {
      ignorenonexistent: true,
    });
    assert.equal(read?.object.title, "x");
  });

  it("reads files of pieces that end anywhere, also within a character", async () => {
    const text = serialize(
      "json",
      [new Shelf({ id: 1, name: 'Größe 😀 \\ "}],' }), new Shelf({ id: 2, name: "[{" })],
      {
        indent: 2,
      },
    );
    const bytes = Buffer.from(text);
    for (const size of [1, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      assert.deepEqual(
        [...deserialize<Shelf>("json", pieces)].map(({ object }) => object.name),
        ['Größe 😀 \\ "}],', "[{"],
      );
    }
  });
});

describe("errors have Django's texts", () => {
  const cases: [title: string, format: FormatName, text: string, message: string | RegExp][] = [
    ["no JSON", "json", "[{]", ""],
    ["a list that does not end", "json", '[{"model": "library.shelf", "fields": {}}', ""],
    ["no line of JSON", "jsonl", "nonsense\n", ""],
    ["no YAML", "yaml", "- {a: [", ""],
    [
      "an unknown model",
      "json",
      '[{"model": "library.gone", "fields": {}}]',
      "Invalid model identifier: library.gone",
    ],
    ["no model", "json", '[{"fields": {}}]', "Error deserializing object: 'model'"],
    ["no fields", "json", '[{"model": "library.shelf"}]', "Error deserializing object: 'fields'"],
    [
      "an unknown field",
      "json",
      volume({ colour: 1 }),
      "Error deserializing object: Volume has no field named 'colour'",
    ],
    [
      "a wrong primary key",
      "json",
      volume({}, { pk: "x" }),
      "['“x” value must be an integer.']: (library.volume:pk=x) field_value was 'None'",
    ],
    [
      "a wrong value",
      "json",
      '[{"model": "library.sample", "pk": 3, "fields": {"number": "many"}}]',
      "['“many” value must be an integer.']: (library.sample:pk=3) field_value was 'many'",
    ],
    [
      "a wrong reference",
      "json",
      volume({ written_by: "x" }),
      "['“x” value must be an integer.']: (library.volume:pk=1) field_value was 'x'",
    ],
    [
      "an unknown natural key",
      "json",
      volume({ shelves: [["gone"]] }),
      "Shelf matching query does not exist.: (library.volume:pk=1) field_value was '['gone']'",
    ],
    [
      "no list of references",
      "json",
      volume({ shelves: null }),
      "'NoneType' object is not iterable: (library.volume:pk=1) field_value was 'None'",
    ],
    [
      "an element without a model",
      "xml",
      "<django-objects><object></object></django-objects>",
      "<object> node is missing the required 'model' attribute",
    ],
    [
      "an element with an unknown model",
      "xml",
      '<django-objects><object model="library.gone"></object></django-objects>',
      "<object> node has invalid model identifier: 'library.gone'",
    ],
    [
      "a field without a name",
      "xml",
      '<django-objects><object model="library.shelf"><field></field></object></django-objects>',
      "<field> node is missing the 'name' attribute",
    ],
    [
      "a document type, which could define entities",
      "xml",
      '<!DOCTYPE bomb [<!ENTITY a "b">]><django-objects></django-objects>',
      "DTDForbidden(name='bomb', system_id=None, public_id=None)",
    ],
    ["no XML", "xml", "<django-objects><object>", /unclosed tag/],
  ];
  for (const [title, format, text, message] of cases) {
    it(`${format}: ${title}`, () => {
      assert.throws(
        () => [...deserialize(format, text)],
        (error: unknown) => {
          assert.ok(error instanceof DeserializationError);
          if (typeof message === "string") assert.equal(error.message, message);
          else assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

describe("loaddata", () => {
  const forward = (format: "json" | "xml") =>
    format === "json"
      ? JSON.stringify([
          {
            model: "library.volume",
            pk: 1,
            fields: { title: "x", written_by: ["Ann", "Lee"], shelves: [["A"], ["B"]] },
          },
          { model: "library.writer", fields: { first_name: "Ann", last_name: "Lee", rival: ["Bo", "Li"] } },
          { model: "library.writer", fields: { first_name: "Bo", last_name: "Li", rival: ["Ann", "Lee"] } },
          { model: "library.shelf", fields: { name: "A" } },
          { model: "library.shelf", fields: { name: "B" } },
        ])
      : `<django-objects>
  <object model="library.writer">
    <field name="first_name">Ann</field><field name="last_name">Lee</field>
    <field name="rival"><natural>Bo</natural><natural>Li</natural></field>
  </object>
  <object model="library.writer">
    <field name="first_name">Bo</field><field name="last_name">Li</field>
    <field name="rival"><natural>Ann</natural><natural>Lee</natural></field>
  </object>
  <object model="library.volume" pk="1">
    <field name="title">x</field>
    <field name="written_by"><natural>Ann</natural><natural>Lee</natural></field>
    <field name="shelves"><object><natural>A</natural></object><object><natural>B</natural></object></field>
  </object>
  <object model="library.shelf"><field name="name">A</field></object>
  <object model="library.shelf"><field name="name">B</field></object>
</django-objects>`;

  for (const format of ["json", "xml"] as const) {
    it(`${format}: natural keys may refer to what comes later`, async () => {
      // The key that the volume's column cannot do without is there first in XML alone.
      const text =
        format === "xml" ? forward("xml") : forward("json").replace(/\{"model":"library.volume".*?\}\},/, "");
      const result = await aloaddata(file(`forward.${format}`, text));
      assert.equal(result.loaded, format === "xml" ? 5 : 4);
      assert.deepEqual(
        [...Writer.objects.orderBy("id").valuesList("firstName", "rival__lastName")],
        [
          ["Ann", "Li"],
          ["Bo", "Lee"],
        ],
      );
      if (format === "xml") {
        const [loaded] = Volume.objects.all();
        assert.deepEqual(
          [...(loaded as Volume).shelves.orderBy("name").valuesList("name", { flat: true })],
          ["A", "B"],
        );
      }
    });
  }

  it("a column that cannot wait says so, as in Django", async () => {
    await assert.rejects(aloaddata(file("early.json", forward("json"))), (error: Error) => {
      assert.equal(error.name, "IntegrityError");
      assert.match(
        error.message,
        /^Problem installing fixture '.*early\.json': Could not load library\.Volume\(pk=1\): /,
      );
      return true;
    });
    assert.equal(Volume.objects.count(), 0);
  });

  it("a natural key that never comes is an error, and nothing stays", async () => {
    const text =
      '[{"model": "library.writer", "pk": 9, "fields": {"first_name": "Ann", "last_name": "Lee", "rival": ["No", "One"]}}]';
    await assert.rejects(aloaddata(file("never.json", text)), {
      name: "DeserializationError",
      message: "Writer matching query does not exist.: (library.writer:pk=9) field_value was '['No', 'One']'",
    });
    assert.equal(Writer.objects.count(), 0);
  });

  it("rows may refer to rows that come later; a row that never comes is an error", () => {
    const text = volume({ title: "x", written_by: 7, changed: null });
    const writer =
      '{"model": "library.writer", "pk": 7, "fields": {"first_name": "A", "last_name": "B", "rival": null}}';
    assert.throws(() => loaddata(file("missing.json", text)), {
      name: "IntegrityError",
      message:
        "Problem installing fixtures: The row in table 'library_volume' with primary key '1' has an invalid foreign key: " +
        "library_volume.written_by_id contains a value '7' that does not have a corresponding value in library_writer.id.",
    });
    assert.equal(Volume.objects.count(), 0);
    loaddata(file("later.json", text.replace(/\]$/, `, ${writer}]`)));
    assert.equal(Volume.objects.get().writtenBy.firstName, "A");
  });

  it("leaves out what is excluded, and counts", () => {
    library();
    const path = join(directory, "all.json");
    const seen: number[] = [];
    const progress = (done: number) => void seen.push(done);
    dumpdata([], { output: path, exclude: ["library.Sample"], progress });
    assert.deepEqual(seen, [1, 2, 3, 4]);
    Volume.objects.all().delete();
    Writer.objects.all().delete();
    Shelf.objects.all().delete();
    seen.length = 0;
    assert.deepEqual(loaddata(path, { exclude: ["library.volume", "library.Shelf"], progress }), {
      fixtures: 1,
      objects: 4,
      loaded: 1,
    });
    assert.deepEqual(seen, [1]);
    assert.equal(Volume.objects.count(), 0);
    assert.throws(() => loaddata(path, { exclude: ["nowhere"] }), {
      message: "No installed app with label 'nowhere'.",
    });
  });

  it("finds files by name", () => {
    const shelves = '[{"model": "library.shelf", "pk": 1, "fields": {"name": "A"}}]';
    file("shelves.json", shelves);
    const options = { fixtureDirs: [directory] };
    for (const label of ["shelves", "shelves.json", join(directory, "shelves")]) {
      assert.equal(loaddata(label, options).loaded, 1);
    }
    file("shelves.default.json", shelves);
    assert.throws(() => loaddata("shelves", options), {
      name: "CommandError",
      message: `Multiple fixtures named 'shelves' in '${directory}'. Aborting.`,
    });
    assert.throws(() => loaddata("nothing", options), { message: "No fixture named 'nothing' found." });
    assert.throws(() => loaddata("shelves.txt", options), {
      message: "Problem installing fixture 'shelves': txt is not a known serialization format.",
    });
  });
});

describe("dumpdata", () => {
  it("refuses what cannot be", () => {
    const refused = (labels: string[], options: object, message: string) =>
      assert.throws(
        () => dumpdata(labels, options),
        (error: unknown) => error instanceof CommandError && error.message === message,
      );
    refused(["nowhere"], {}, "No installed app with label 'nowhere'.");
    refused(["library.Gone"], {}, "Unknown model: library.Gone");
    refused(["library"], { format: "csv" }, "Unknown serialization format: csv");
    refused(["library"], { primaryKeys: [1] }, "You can only use --pks option with one model");
    refused(["library"], { exclude: ["library.Gone"] }, "Unknown model: library.Gone");
  });

  it("writes single models, and single objects", () => {
    for (const name of ["A", "B", "C"]) Shelf.objects.create({ name });
    const text = dumpdata(["library.shelf"], { format: "jsonl", primaryKeys: [1, "3"] });
    assert.deepEqual(
      text
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { pk: number }).pk),
      [1, 3],
    );
  });
});

describe("routers", () => {
  it("keep models that belong elsewhere out of dumps and loads", () => {
    configure({
      apps: { library: { Shelf, Writer, Volume, Sample } },
      databases: { default: "sqlite::memory:" },
      routers: [{ allowMigrate: (_alias, _app, { modelName }) => modelName !== "shelf" }],
    });
    createTablesSync({ apps: ["library"] });
    Writer.objects.create({ firstName: "A", lastName: "B" });
    assert.match(dumpdata(["library"], { format: "jsonl" }), /^.*library\.writer.*\n$/);
    const objects = [
      { model: "library.shelf", pk: 1, fields: { name: "A" } },
      { model: "library.writer", pk: 2, fields: { first_name: "C", last_name: "D", rival: null } },
    ];
    const result = loaddata(file("routed.json", JSON.stringify(objects)));
    assert.deepEqual(result, { fixtures: 1, objects: 2, loaded: 1 });
  });
});

describe("streams", () => {
  const COUNT = 100_000;

  it(`${COUNT} objects go through files in little memory`, async () => {
    const path = join(directory, "many.jsonl");
    function* many() {
      for (let id = 1; id <= COUNT; id++) yield new Shelf({ id, name: `shelf ${id}` });
    }
    const start = process.memoryUsage().heapUsed;
    let most = 0;
    const watch = (done: number) => {
      if (done % 1000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - start);
    };
    await pipeline(aserializeStream("json", many(), { progress: watch }), createWriteStream(path));
    const size = readFileSync(path).length;
    let count = 0;
    for await (const { object } of adeserialize<Shelf>("json", createReadStream(path))) {
      count++;
      assert.equal(object.pk, count);
      watch(count);
    }
    assert.equal(count, COUNT);
    // The text alone has more than six megabytes, the objects many times that. What is collected later counts, too.
    assert.ok(size > 6e6);
    assert.ok(most < 120e6, `${Math.round(most / 1e6)} MB`);
  });

  it("a stream that is left early lets go of its cursor", () => {
    for (let i = 0; i < 250; i++) Shelf.objects.create({ name: `s${i}` });
    for (const piece of serializeStream("jsonl", Shelf.objects.all())) {
      assert.equal(piece.split("\n").length, 101);
      break;
    }
    Shelf.objects.all().delete();
    assert.equal(Shelf.objects.count(), 0);
  });
});

/** SQL of one's own on SQLite: values of columns are what the table declares, as Django has Python's driver make them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  BooleanField,
  CharField,
  configure,
  connections,
  createTables,
  DateField,
  DateTimeField,
  DecimalField,
  Model,
  RawSQL,
  TimeField,
} from "asgimod";
import { type DriverName, findDriver } from "../../src/backends/sqlite/driver.ts";

class Event extends Model("declared.Event", {
  name: CharField({ maxLength: 20 }),
  done: BooleanField({ null: true }),
  day: DateField(),
  hour: TimeField(),
  seen: DateTimeField(),
  price: DecimalField({ maxDigits: 6, decimalPlaces: 2 }),
}) {}

const COLUMNS = {
  a: "done",
  b: "day",
  c: "hour",
  d: "seen",
  e: "price",
  f: "name",
  g: "done + 1",
  h: "max(day, '')",
};
/** Each with its type, as Django 5.2 answers; a decimal is a float to the driver, what is computed has no type. */
const EXPECTED = [
  "boolean true",
  "PlainDate 2020-02-29",
  "PlainTime 10:30:00.000001",
  "Date 2020-02-29T10:30:00.123Z",
  "number 7.5",
  "string a",
  "number 2",
  "string 2020-02-29",
];

function shown(value: unknown): string {
  if (value instanceof Date) return `Date ${value.toISOString()}`;
  if (typeof value === "object" && value !== null) return `${value.constructor.name} ${String(value)}`;
  return `${typeof value} ${String(value)}`;
}

const valuesOf = (row: object) =>
  Object.keys(COLUMNS).map((name) => shown((row as Record<string, unknown>)[name]));

function installed(name: DriverName): boolean {
  try {
    findDriver(name);
    return true;
  } catch {
    return false;
  }
}

for (const driver of ["node:sqlite", "better-sqlite3"] as const) {
  for (const worker of [false, true]) {
    const skip = installed(driver) ? false : `${driver} is not installed`;
    describe(`declared types, ${driver}${worker ? " on a worker" : ""}`, { skip }, () => {
      let directory: string;
      before(async () => {
        directory = mkdtempSync(join(tmpdir(), "asgimod-"));
        configure({
          apps: { declared: { Event } },
          databases: { default: { engine: "sqlite", name: join(directory, "x.db"), driver, worker } },
        });
        await createTables();
        await Event.aobjects.create({
          name: "a",
          done: true,
          day: "2020-02-29",
          hour: "10:30:00.000001",
          seen: "2020-02-29T10:30:00.123Z",
          price: "7.50",
        });
      });
      after(async () => {
        await connections.close();
        rmSync(directory, { recursive: true });
      });

      it("extra(): objects, values and rows of an iterator", async () => {
        const extra = Event.objects.extra({ select: COLUMNS });
        assert.deepEqual(valuesOf(extra.get()), EXPECTED);
        assert.deepEqual(valuesOf(extra.values(...(Object.keys(COLUMNS) as never[]))[0] as object), EXPECTED);
        assert.deepEqual([...extra.iterator()].map(valuesOf), [EXPECTED]);
        const later = Event.aobjects.extra({ select: COLUMNS });
        assert.deepEqual(valuesOf(await later.get()), EXPECTED);
        assert.deepEqual((await later).map(valuesOf), [EXPECTED]);
        const rows: string[][] = [];
        for await (const row of later.iterator()) rows.push(valuesOf(row));
        assert.deepEqual(rows, [EXPECTED]);
      });

      it("RawSQL: only where no field says what it is", async () => {
        const made = { a: RawSQL("done"), b: RawSQL("day", [], { outputField: CharField() }) };
        const [row] = Event.objects.annotate(made).values("a", "b");
        assert.deepEqual(row, { a: true, b: "2020-02-29" });
        const [again] = await Event.aobjects.annotate(made).values("a", "b");
        assert.deepEqual(again, { a: true, b: "2020-02-29" });
      });

      it("raw(): columns that are no fields", async () => {
        const list = Object.entries(COLUMNS).map(([name, column]) => `${column} AS ${name}`);
        const text = `SELECT id, ${list.join(", ")} FROM declared_event`;
        assert.deepEqual([...Event.objects.raw(text)].map(valuesOf), [EXPECTED]);
        assert.deepEqual((await Event.aobjects.raw(text)).map(valuesOf), [EXPECTED]);
      });

      it("NULL stays null", async () => {
        await Event.aobjects.create({
          name: "b",
          day: "2020-01-01",
          hour: "10:00",
          seen: new Date(0),
          price: 1,
        });
        const [row] = await Event.aobjects.filter({ name: "b" }).extra({ select: { a: "done" } });
        assert.equal((row as unknown as { a: unknown }).a, null);
      });
    });
  }
}

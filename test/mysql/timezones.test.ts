/** Datetimes in other time zones than UTC, on a server that knows their names, and on one that does not. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  configure,
  connections,
  createTables,
  ExtractHour,
  TruncDay,
  TruncHour,
  TruncTime,
  timezone,
  ValueError,
} from "asgimod";
import * as bank from "../servers/models.ts";
import { Thing } from "../servers/models.ts";
import { OwnMariadb, skipOwnServer } from "./own-server.ts";

const INSTANT = new Date("2024-07-15T22:30:00Z");
const YEAR_END = new Date("2023-12-31T23:30:00Z");

let server: OwnMariadb;
let zones = false;

function settings(database: string): void {
  configure({ apps: { bank }, databases: { default: server.url(database) } });
}

async function setUp(database: string): Promise<void> {
  await server.run(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  settings(database);
  await createTables();
  await Thing.aobjects.bulkCreate([new Thing({ instant: INSTANT }), new Thing({ instant: YEAR_END })]);
}

describe("MySQL: time zones", { skip: skipOwnServer }, () => {
  before(async () => {
    server = await OwnMariadb.create();
    await setUp("without");
  });
  after(async () => {
    await connections.close();
    await server.destroy();
  });

  it("UTC needs no names of zones", async () => {
    const found = Thing.aobjects.filter({ instant__hour: 22 });
    assert.equal(await found.count(), 1);
    const [day] = await found.annotate({ day: TruncDay("instant") }).valuesList("day", { flat: true });
    assert.deepEqual(day, new Date("2024-07-15T00:00:00Z"));
  });

  it("without them the server gives NULL, and Django's error says what is missing", async () => {
    await timezone.override("Europe/Berlin", async () => {
      assert.equal(await Thing.aobjects.filter({ instant__hour: 0 }).count(), 0);
      const days = Thing.aobjects.annotate({ day: TruncDay("instant") });
      await assert.rejects(
        async () => await days,
        (error: unknown) => {
          assert.ok(error instanceof ValueError);
          assert.match(error.message, /Are time zone definitions for your database installed\?$/);
          return true;
        },
      );
    });
  });

  it("with them days and hours are those of the zone", async (test) => {
    zones = await server.loadTimeZones();
    if (!zones) return test.skip("no mariadb-tzinfo-to-sql, or no time zones");
    await connections.close();
    await setUp("with_zones");
    const inBerlin = await timezone.override("Europe/Berlin", async () => ({
      years: [...(await Thing.aobjects.filter({ instant__year: 2024 }).orderBy("id").values("id"))].length,
      midnight: await Thing.aobjects.filter({ instant__hour: 0 }).count(),
      day: (
        await Thing.aobjects
          .annotate({ day: TruncDay("instant") })
          .orderBy("id")
          .first()
      )?.day,
      clock: (
        await Thing.aobjects
          .annotate({ clock: TruncTime("instant") })
          .orderBy("id")
          .first()
      )?.clock,
    }));
    assert.equal(inBerlin.years, 2);
    assert.equal(inBerlin.midnight, 2);
    assert.deepEqual(inBerlin.day, new Date("2024-07-15T22:00:00Z"));
    assert.equal(String(inBerlin.clock), "00:30:00");
    const given = await Thing.aobjects
      .annotate({
        tokyo: ExtractHour("instant", { tzinfo: "Asia/Tokyo" }),
        kathmandu: TruncHour("instant", { tzinfo: "Asia/Kathmandu" }),
        utc: ExtractHour("instant", { tzinfo: "UTC" }),
      })
      .orderBy("id")
      .first();
    assert.deepEqual([given?.tokyo, given?.utc], [7, 22]);
    assert.deepEqual(given?.kathmandu, new Date("2024-07-15T22:15:00Z"));
  });
});

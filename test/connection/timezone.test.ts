import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { now, setClock } from "../../src/util/clock.ts";
import { isTimeZone, setDefaultTimeZone, timezone } from "../../src/util/timezone.ts";
import { offsetAt, offsetOfLocal } from "../../src/util/zone-offset.ts";

const seconds = (text: string): number => Date.parse(text) / 1000;

describe("current time zone", () => {
  afterEach(() => setDefaultTimeZone("UTC"));

  test("override holds across awaits and for nothing else", async () => {
    setDefaultTimeZone("Asia/Tokyo");
    assert.equal(timezone.getCurrent(), "Asia/Tokyo");
    const inner = timezone.override("Europe/Berlin", async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return [timezone.getCurrent(), timezone.override(null, timezone.getCurrent)];
    });
    assert.equal(timezone.getCurrent(), "Asia/Tokyo");
    assert.deepEqual(await inner, ["Europe/Berlin", "Asia/Tokyo"]);
    assert.equal(timezone.getDefault(), "Asia/Tokyo");
  });

  test("activate and deactivate", async () => {
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        timezone.activate("Europe/Paris");
        assert.equal(timezone.getCurrent(), "Europe/Paris");
        timezone.deactivate();
        assert.equal(timezone.getCurrent(), "UTC");
        resolve();
      });
    });
  });

  test("unknown zones", () => {
    assert.throws(() => timezone.override("Nowhere/Land", () => 1), {
      message: "No time zone found with key Nowhere/Land",
    });
    assert.throws(() => timezone.activate(""), RangeError);
    assert.deepEqual(["UTC", "Europe/Berlin", "+03:00", "UTC-03:30", "3", "", "Berlin"].map(isTimeZone), [
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("offsets, as Python's zoneinfo gives them", () => {
  test("at instants around the changes of summer time", () => {
    const cases: [string, string, number][] = [
      ["Europe/Berlin", "2024-03-31T00:59:59Z", 3_600],
      ["Europe/Berlin", "2024-03-31T01:00:00Z", 7_200],
      ["Europe/Berlin", "2024-10-27T00:59:59Z", 7_200],
      ["Europe/Berlin", "2024-10-27T01:00:00Z", 3_600],
      ["America/St_Johns", "2024-01-01T00:00:00Z", -12_600],
      ["Australia/Lord_Howe", "2024-01-01T00:00:00Z", 39_600],
      ["Australia/Lord_Howe", "2024-07-01T00:00:00Z", 37_800],
      ["Europe/Berlin", "1880-01-01T00:00:00Z", 3_208],
      ["UTC", "2024-01-01T00:00:00Z", 0],
    ];
    for (const [zone, instant, offset] of cases)
      assert.equal(offsetAt(zone, seconds(instant)), offset, `${zone} ${instant}`);
  });

  test("of local times that come twice or never", () => {
    assert.equal(offsetOfLocal("Europe/Berlin", seconds("2024-10-27T02:30:00Z")), 7_200);
    assert.equal(offsetOfLocal("Europe/Berlin", seconds("2024-03-31T02:30:00Z")), 3_600);
    assert.equal(offsetOfLocal("Europe/Berlin", seconds("2024-03-31T03:00:00Z")), 7_200);
    assert.equal(offsetOfLocal("Europe/Berlin", seconds("2024-03-31T01:59:59Z")), 3_600);
    assert.equal(offsetOfLocal("Europe/Berlin", seconds("2024-10-27T03:00:00Z")), 3_600);
  });
});

test("the clock can be replaced", () => {
  const restore = setClock(() => new Date("2024-01-15T12:00:00Z"));
  assert.equal(now().toISOString(), "2024-01-15T12:00:00.000Z");
  assert.equal(timezone.now().getTime(), now().getTime());
  restore();
  assert.ok(Math.abs(now().getTime() - Date.now()) < 1_000);
});

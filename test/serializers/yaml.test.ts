/** YAML as PyYAML writes it, on generated values: `scripts/serializers/record_yaml.py` has asked it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { yaml } from "../../src/serializers/yaml.ts";
import { YamlEmitter } from "../../src/serializers/yaml-emitter.ts";

type Case = readonly [items: readonly unknown[], indent: number | null, written: string];

const cases = JSON.parse(readFileSync(new URL("data/yaml.json", import.meta.url), "utf8")) as readonly Case[];

/** Objects are recorded as pairs, because of their order. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  const { $map: pairs } = value as { $map: [string, unknown][] };
  return new Map(pairs.map(([key, member]) => [key, revive(member)]));
}

/** The value that is read again: objects for maps. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
}

test("values are written as PyYAML writes them", () => {
  assert.ok(cases.length >= 250);
  for (const [items, indent, written] of cases) {
    const emitter = new YamlEmitter(indent);
    for (const item of items) emitter.item(revive(item));
    emitter.end(items.length === 0);
    assert.equal(emitter.take(), written);
  }
});

test("what was written is read again", () => {
  for (const [items, , written] of cases) {
    const reader = yaml.reader();
    assert.deepEqual([...reader.write(written), ...reader.end()], items.map(revive).map(plain));
  }
});

test("scalars are what they are in YAML 1.1", () => {
  const reader = yaml.reader();
  const text =
    "[yes, Off, ~, null, 017, 0x1F, 0b11, 1_000, 1:30, 00:12:30, 1.5, 1e5, 1:30.5, .inf, -.INF, 9007199254740993]";
  assert.deepEqual(
    [...reader.write(text), ...reader.end()],
    [
      true,
      false,
      null,
      null,
      15,
      31,
      3,
      1000,
      90,
      "00:12:30",
      1.5,
      "1e5",
      90.5,
      Infinity,
      -Infinity,
      9007199254740993n,
    ],
  );
});

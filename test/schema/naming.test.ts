import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createIndexName, foreignKeyName, metaIndexName } from "../../src/backends/base/naming.ts";
import { namesDigest, truncateName } from "../../src/util/digest.ts";

/** Recorded from Django for the name lengths of its backends. */
interface Vectors {
  names_digest: { args: string[]; length: number; result: string }[];
  truncate_name: { name: string; length: number | null; hash_len?: number; result: string }[];
  create_index_name: {
    max_name_length: number | null;
    table: string;
    columns: string[];
    suffix: string;
    result: string;
  }[];
  index_name: { db_table: string; fields: string[]; columns: string[]; suffix: string; result: string }[];
  foreign_key_name: {
    backend: string;
    table: string;
    column: string;
    to_table: string;
    to_column: string;
    result: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../conformance/data/naming.json", import.meta.url), "utf8"),
) as Vectors;

const LIMITS: Record<string, number | null> = { sqlite: null, postgresql: 63, mysql: 64 };

test("digests and shortened names", () => {
  for (const { args, length, result } of vectors.names_digest)
    assert.equal(namesDigest(args, length), result);
  for (const { name, length, hash_len, result } of vectors.truncate_name) {
    assert.equal(truncateName(name, length, hash_len), result);
  }
});

test("names of indexes and unique constraints", () => {
  for (const { table, columns, max_name_length, suffix, result } of vectors.create_index_name) {
    assert.equal(createIndexName(table, columns, max_name_length, suffix), result);
  }
});

test("names of indexes in the meta", () => {
  for (const { db_table, fields, columns, suffix, result } of vectors.index_name) {
    const ordered = columns.map((column, i) => [column, fields[i]?.startsWith("-") ? "DESC" : ""] as const);
    assert.equal(metaIndexName(db_table, ordered, suffix), result);
  }
});

test("names of foreign keys", () => {
  for (const { backend, table, column, to_table, to_column, result } of vectors.foreign_key_name) {
    assert.equal(
      foreignKeyName(table, column, to_table, to_column, LIMITS[backend] as number | null),
      result,
    );
  }
});

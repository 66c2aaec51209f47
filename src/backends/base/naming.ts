/** Names of indexes and constraints: Django's, so that both see the same database. */

import { ValueError } from "../../errors.ts";
import { namesDigest, splitIdentifier } from "../../util/digest.ts";

/** The limit that names keep on databases without one. */
const NO_LIMIT = 200;

/** Lengths count characters, as Python does; JavaScript's count UTF-16 units. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : [...text].slice(0, length).join("");
}

function size(text: string): number {
  return [...text].length;
}

/** A name must not start with an underscore or a digit. */
function badStart(name: string): boolean {
  return /^[_\p{Nd}]/u.test(name);
}

/**
 * The name of an index or unique constraint: table, columns, a digest of both, and a suffix.
 *
 * @param maxLength - the database's limit; `null` is no limit.
 * @param suffix - `"_uniq"`, `"_like"`, `"_fk_box_id"`.
 * @example
 * createIndexName("testapp_pizza", ["box_id"], null); // "testapp_pizza_box_id_6b5200dc"
 */
export function createIndexName(
  table: string,
  columns: readonly string[],
  maxLength: number | null,
  suffix = "",
): string {
  const [, tableName] = splitIdentifier(table);
  const joined = columns.join("_");
  let end = `${namesDigest([tableName, ...columns], 8)}${suffix}`;
  const limit = maxLength ?? NO_LIMIT;
  const full = `${tableName}_${joined}_${end}`;
  if (size(full) <= limit) return full;
  if (size(end) > limit / 3) end = cut(end, Math.floor(limit / 3));
  const rest = Math.floor((limit - size(end)) / 2) - 1;
  const name = `${cut(tableName, rest)}_${cut(joined, rest)}_${end}`;
  return badStart(name) ? `D${cut(name, size(name) - 1)}` : name;
}

/** The name of a unique constraint that has none of its own. */
export function uniqueName(table: string, columns: readonly string[], maxLength: number | null): string {
  return createIndexName(table, columns, maxLength, "_uniq");
}

/** The name of a foreign key's constraint. */
export function foreignKeyName(
  table: string,
  column: string,
  toTable: string,
  toColumn: string,
  maxLength: number | null,
): string {
  return createIndexName(table, [column], maxLength, `_fk_${splitIdentifier(toTable)[1]}_${toColumn}`);
}

/** The longest name of an index in `Meta.indexes`, so that it fits every database. */
export const INDEX_NAME_LENGTH = 30;

/**
 * The name of an index in `Meta.indexes` that has none.
 *
 * @param columns - each with its order: `["created", "DESC"]`.
 * @param suffix - at most three letters.
 * @throws {ValueError} when the name gets longer than every database allows.
 */
export function metaIndexName(
  table: string,
  columns: readonly (readonly [column: string, order: string])[],
  suffix: string,
  maxLength: number = INDEX_NAME_LENGTH,
): string {
  const [, tableName] = splitIdentifier(table);
  const ordered = columns.map(([column, order]) => (order === "" ? column : `-${column}`));
  const digest = namesDigest([tableName, ...ordered, suffix], 6);
  const name = `${cut(tableName, 11)}_${cut(columns[0]?.[0] ?? "", 7)}_${digest}_${suffix}`;
  if (size(name) > maxLength) {
    throw new ValueError(
      "Index too long for multiple database support. Is the suffix longer than 3 characters?",
    );
  }
  return badStart(name) ? `D${name.slice(1)}` : name;
}

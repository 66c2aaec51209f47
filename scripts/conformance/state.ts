/** How rows differ from those that a case started from, and from those that Django left. */
import { compareUnordered } from "./compare.ts";
import { formOf, isRecord, type TableChange } from "./format.ts";
import { encode } from "./instances.ts";
import type { FieldLike, Table } from "./store.ts";

/** A text that is the same for the same rows. */
export function keyOf(rows: readonly (readonly unknown[])[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === "bigint"
      ? `${value}n`
      : value instanceof Uint8Array
        ? Buffer.from(value).toString("hex")
        : value,
  );
}

/**
 * The difference of a table's rows, in the form of `state`. Rows are told apart by `before` and `after`; `read` gives
 * the values of one, by its place.
 */
export function compareRowsByKey(
  table: Table,
  before: readonly (readonly unknown[])[],
  after: readonly (readonly unknown[])[],
  read: (row: number, side: "before" | "after") => readonly unknown[],
  ops: unknown,
): TableChange {
  const places = table.pk.map((field) => table.fields.findIndex((other) => other.attname === field.attname));
  const keyed = (rows: readonly (readonly unknown[])[]) =>
    new Map(rows.map((row, i) => [keyOf([places.map((place) => row[place])]), i]));
  const old = keyed(before);
  const now = keyed(after);
  const added: Record<string, unknown>[] = [];
  const changed: { pk: unknown; fields: Record<string, unknown> }[] = [];
  const removed: unknown[] = [];
  for (const [key, i] of now) {
    const former = old.get(key);
    const row = read(i, "after");
    if (former === undefined) {
      added.push(decodeRow(table, row, () => true, ops));
      continue;
    }
    const [left, right] = [before[former] ?? [], after[i] ?? []];
    if (keyOf([[...left]]) === keyOf([[...right]])) continue;
    const differs = (place: number) => keyOf([[left[place]]]) !== keyOf([[right[place]]]);
    changed.push({ pk: decodeKey(table, places, row, ops), fields: decodeRow(table, row, differs, ops) });
  }
  for (const [key, i] of old) {
    if (!now.has(key)) removed.push(decodeKey(table, places, read(i, "before"), ops));
  }
  return {
    ...(added.length > 0 && { added }),
    ...(removed.length > 0 && { removed }),
    ...(changed.length > 0 && { changed }),
  };
}

function decodeKey(table: Table, places: readonly number[], row: readonly unknown[], ops: unknown): unknown {
  const parts = places.map((place) => decodeValue(table.fields[place] as FieldLike, row[place], ops));
  return parts.length === 1 ? parts[0] : { $tuple: parts };
}

function decodeRow(
  table: Table,
  row: readonly unknown[],
  wanted: (place: number) => boolean,
  ops: unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    table.fields.flatMap((field, place) =>
      wanted(place) ? [[field.attname, decodeValue(field, row[place], ops)]] : [],
    ),
  );
}

function decodeValue(field: FieldLike, stored: unknown, ops: unknown): unknown {
  if (stored === null) return null;
  const plain = typeof stored === "bigint" && Number.isSafeInteger(Number(stored)) ? Number(stored) : stored;
  if (field.internalType === "JSONField" && plain === "null") return { $json_null: true };
  const convert = field.fromDb(ops);
  try {
    return encode(convert ? convert(plain) : plain, { toAttr: new Set() });
  } catch (error) {
    return { $unreadable: error instanceof Error ? error.name : "Error" };
  }
}

/**
 * Compares the state that Django left with ours, or gives null. `anyKeys`: rows were added out of a set, so that which
 * of them got which automatic key says nothing.
 */
export function compareState(
  expected: Record<string, unknown>,
  got: Record<string, TableChange>,
  anyKeys = false,
): string | null {
  if (formOf(expected) === "$unreadable") return null;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const left = expected[name];
    const right = got[name];
    if (formOf(left) === "$unreadable") continue;
    if (!isRecord(left)) return `state.${name}: not expected to change, got ${JSON.stringify(right)}`;
    if (right === undefined) return `state.${name}: not changed, expected ${JSON.stringify(left)}`;
    for (const part of ["added", "removed", "changed"] as const) {
      const difference = compareUnordered(
        (left[part] ?? []) as unknown[],
        (right[part] ?? []) as unknown[],
        `state.${name}.${part}`,
      );
      if (difference && part === "added" && anyKeys && sameButKeys(left[part], right[part])) continue;
      if (difference) return difference;
    }
  }
  return null;
}

/** Whether added rows are the same but for which of them has which `id`. */
function sameButKeys(expected: unknown, got: unknown): boolean {
  if (!Array.isArray(expected) || !Array.isArray(got)) return false;
  const bare = (rows: readonly Record<string, unknown>[]) => rows.map(({ id, ...row }) => row);
  return compareUnordered(bare(expected), bare(got), "") === null;
}

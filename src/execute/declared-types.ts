/** Values of columns that SQL of the user's own selects, on databases whose values do not tell what they are. */
import { connections } from "../connections.ts";
import type { BoundPlan } from "../query/plan.ts";
import type { Cursor, Rows, Task } from "../task.ts";

const CHUNK = 2000;

/** Converts these places of rows by the types that the tables declare. */
export function convertDeclared(
  rows: Rows,
  places: readonly number[],
  { handle }: Cursor,
  alias: string,
): Rows {
  const { types } = handle as { readonly types?: readonly (string | null)[] };
  const { values } = connections.ops(alias);
  for (const place of places) {
    const convert = values.declaredConverter(types?.[place] ?? null);
    if (convert === null) continue;
    for (const row of rows) if (row[place] !== null) row[place] = convert(row[place]);
  }
  return rows;
}

/** All rows of a plan with such columns. */
export function* declaredRows(alias: string, { plan, params }: BoundPlan): Task<Rows> {
  const { sql, bigints, untyped } = plan;
  const cursor = (yield {
    kind: "open",
    alias,
    sql: sql as string,
    params,
    bigints,
    chunkSize: CHUNK,
    whole: true,
  }) as Cursor;
  const all: Rows = [];
  for (;;) {
    const rows = (yield { kind: "fetch", alias, cursor }) as Rows;
    all.push(...convertDeclared(rows, untyped, cursor, alias));
    if (rows.length < CHUNK) return all;
  }
}

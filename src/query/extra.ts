import { ArgumentTypeError, ValueError } from "../errors.ts";
import { Bound } from "../sql/bound.ts";
import type { Cursor } from "../sql/node.ts";
import { repr } from "../util/repr.ts";
import { checkAlias } from "./check-alias.ts";
import type { ExtraSelect, Query } from "./query.ts";
import { ExtraWhere } from "./where.ts";

/** Arguments of `extra()`. Django: QuerySet API reference, `extra()`. */
export interface ExtraOptions {
  readonly select?: Readonly<Record<string, string>> | null;
  readonly selectParams?: readonly unknown[] | null;
  readonly where?: readonly string[] | null;
  readonly params?: readonly unknown[] | null;
  readonly tables?: readonly string[] | null;
  readonly orderBy?: readonly string[] | null;
}

/** Adds the user's own SQL. The parameters come from the cursor: first those of `select`, then those of `where`. */
export function addExtra(query: Query, options: ExtraOptions, cursor: Cursor): void {
  const { select, selectParams, where, params, tables, orderBy } = options;
  const bind = (values: readonly unknown[] | null | undefined) =>
    (values ?? [])
      .map((value) => cursor.value(value))
      .filter((bound): bound is Bound => bound instanceof Bound);
  const selectBounds = bind(selectParams);
  const whereBounds = bind(params);
  const added = new Map<string, ExtraSelect>();
  let next = 0;
  for (const [name, text] of Object.entries(select ?? {})) {
    checkAlias(name);
    if (typeof text !== "string")
      throw new ArgumentTypeError(`extra(select) '${name}' must be a piece of SQL, not ${repr(text)}.`);
    const wanted = placeholders(text);
    const bounds = selectBounds.slice(next, next + wanted);
    if (bounds.length < wanted) throw new ValueError(`extra(select) '${name}' needs ${wanted} selectParams.`);
    next += wanted;
    added.set(name, { sql: text, bounds });
  }
  if (added.size > 0) query.extra = new Map([...query.extra, ...added]);
  if ((where ?? []).length > 0 || whereBounds.length > 0) {
    query.where = query.where.with(new ExtraWhere(where ?? [], whereBounds), "AND");
  }
  if (tables) query.extraTables = [...query.extraTables, ...tables];
  if (orderBy && orderBy.length > 0) query.extraOrderBy = orderBy;
}

/** How many `%s` a text has that are not `%%s`. */
function placeholders(text: string): number {
  return text.match(/%%|%s/g)?.filter((mark) => mark === "%s").length ?? 0;
}

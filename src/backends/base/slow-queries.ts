/** The log of slow queries: the setting `slowQueries`. */
import { inspect } from "node:util";
import { onConfigure, type SlowQueryOptions } from "../../settings.ts";
import { onQuery, type QueryEvent } from "./observe.ts";

let stop: (() => void) | null = null;

onConfigure(({ slowQueries }) => {
  stop?.();
  stop = slowQueries === null ? null : logSlowQueries(slowQueries);
});

function logSlowQueries(options: SlowQueryOptions): () => void {
  const { threshold, logger = warn, params = false, caller = false } = options;
  return onQuery(
    (event) => {
      if (event.duration < threshold) return;
      logger(describe(event, params), params ? event : { ...event, params: [] });
    },
    { caller },
  );
}

function warn(message: string): void {
  console.warn(message);
}

/** `Slow query on 'default', 512 ms, 3 rows, at /app/orders.ts:12:30: SELECT ... -- 2 parameters`. */
function describe(event: QueryEvent, showParams: boolean): string {
  const { alias, sql, params, duration, rows, changes, caller, error } = event;
  const facts = [`Slow query on '${alias}'`, `${Math.round(duration)} ms`];
  if (rows !== undefined) facts.push(`${rows} ${rows === 1 ? "row" : "rows"}`);
  if (changes !== undefined) facts.push(`${changes} ${changes === 1 ? "row" : "rows"} changed`);
  if (error !== undefined) facts.push(`failed with ${error instanceof Error ? error.name : String(error)}`);
  if (caller !== undefined) facts.push(`at ${caller}`);
  const count = `${params.length} ${params.length === 1 ? "parameter" : "parameters"}`;
  const shown = showParams ? inspect(params, { breakLength: Number.POSITIVE_INFINITY }) : count;
  return `${facts.join(", ")}: ${sql}${params.length === 0 ? "" : ` -- ${shown}`}`;
}

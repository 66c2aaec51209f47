import { statementFor } from "../backends/base/compiler/captured.ts";
import { deleteSql } from "../backends/base/compiler/delete.ts";
import { connections } from "../connections.ts";
import type { Options } from "../models/options.ts";
import { Q } from "../query/q.ts";
import type { Step } from "../query/shape.ts";
import { Capture } from "../sql/node.ts";
import type { RunResult, Task } from "../task.ts";
import type { WritableQuerySet } from "./querysets.ts";
import { allRows } from "./update.ts";

/** Keys per statement. */
const BATCH = 100;

function* run({ shape, values }: Step, alias: string): Task<number> {
  const { sql, params } = statementFor(shape, connections.ops(alias), values, deleteSql);
  if (sql === null) return 0;
  return ((yield { kind: "run", alias, sql, params }) as RunResult).changes;
}

/** Deletes the rows of a queryset with one statement; nothing follows from it. */
export function rawDelete({ shape, bindings }: WritableQuerySet, alias: string): Task<number> {
  return run(
    shape.step("delete", bindings, [], () => {}),
    alias,
  );
}

/** Deletes the rows with these keys; `told` hears after each statement how many keys are done. */
export function* deleteByKey(
  opts: Options,
  keys: readonly unknown[],
  alias: string,
  told?: (done: number) => Task<void>,
): Task<number> {
  const { shape, bindings } = allRows(opts);
  let deleted = 0;
  for (let i = 0; i < keys.length; i += BATCH) {
    const sink = new Capture();
    sink.text("delete-keys:");
    const some = keys.slice(i, i + BATCH);
    sink.value(some);
    const step = shape.step(sink.key, bindings, sink.values, (query, cursor) => {
      query.addQ(new Q([["pk__in", cursor.value(some)]]));
    });
    deleted += yield* run(step, alias);
    if (told !== undefined) yield* told(i + some.length);
  }
  return deleted;
}

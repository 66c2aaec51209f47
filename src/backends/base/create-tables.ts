/** Creating and dropping the tables of models, as tasks. */

import type { Options } from "../../models/options.ts";
import type { ModelClass } from "../../models/types.ts";
import { atomically, type Rows, type Task } from "../../task.ts";
import type { BaseSchemaEditor } from "./schema-editor.ts";

export interface CreateTablesOptions {
  alias?: string | undefined;
  /** The tables that exist: their models are left out. Asked of the database when left out itself. */
  existing?: ReadonlySet<string> | undefined;
}

/**
 * Creates the tables of models, then the indexes and constraints that may need all of them, in one transaction.
 *
 * Proxies and models with `managed: false` have none to create. Django: `migrate --run-syncdb`.
 *
 * @param models - in the order of their declaration.
 * @param editor - of the database; its statements are taken.
 */
export function* createTables(
  models: readonly ModelClass[],
  editor: BaseSchemaEditor,
  { alias = "default", existing }: CreateTablesOptions = {},
): Task<void> {
  const known = existing ?? (yield* tableNames(editor, alias));
  for (const { _meta: opts } of models) {
    if (hasTable(opts) && !known.has(opts.dbTable)) editor.createModel(opts);
  }
  yield* runAll([...editor.statements, ...editor.deferred], alias);
}

/** Drops the tables of models, those that exist, the last declared first. */
export function* dropTables(
  models: readonly ModelClass[],
  editor: BaseSchemaEditor,
  { alias = "default" }: { alias?: string | undefined } = {},
): Task<void> {
  const known = yield* tableNames(editor, alias);
  for (const { _meta: opts } of models.toReversed()) {
    if (hasTable(opts) && known.has(opts.dbTable)) editor.deleteModel(opts);
  }
  yield* runAll(editor.statements, alias);
}

function hasTable(opts: Options): boolean {
  return opts.managed && !opts.proxy && !opts.abstract && opts.autoCreated === null;
}

function* runAll(statements: readonly string[], alias: string): Task<void> {
  yield* atomically(alias, function* () {
    for (const sql of statements) yield { kind: "run", alias, sql, params: [] };
  });
}

/** The names of the tables that exist. */
export function* tableNames(editor: BaseSchemaEditor, alias = "default"): Task<Set<string>> {
  const rows = (yield { kind: "rows", alias, sql: editor.tableNamesSql(), params: [] }) as Rows;
  return new Set(rows.map(([name]) => String(name)));
}

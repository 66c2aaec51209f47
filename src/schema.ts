/** Creating and dropping the tables of the declared models. */

import {
  createTables as createTablesTask,
  dropTables as dropTablesTask,
} from "./backends/base/create-tables.ts";
import { schemaCompiler } from "./backends/base/schema-compiler.ts";
import { type BaseSchemaEditor, schemaEditorOf } from "./backends/base/schema-editor.ts";
import "./backends/mysql/schema-editor.ts";
import "./backends/postgresql/schema-editor.ts";
import "./backends/sqlite/schema-editor.ts";
import { connections, DEFAULT_DB_ALIAS } from "./connections.ts";
import { runAsync, runSync } from "./execute/run.ts";
import { registry } from "./models/registry.ts";
import { postMigrate, preMigrate } from "./models/signals.ts";
import type { ModelClass } from "./models/types.ts";
import { allowMigrate } from "./router.ts";
import type { Task } from "./task.ts";

export interface SchemaOptions {
  /** The database's alias. */
  using?: string | undefined;
  /** The labels of the apps whose tables are meant; all when left out. */
  apps?: readonly string[] | undefined;
}

/** A schema editor for the database of an alias. */
export function schemaEditor(using: string = DEFAULT_DB_ALIAS): BaseSchemaEditor {
  const { ops, features } = connections.get(using);
  return new (schemaEditorOf(ops.vendor))(ops, features, schemaCompiler(ops, features));
}

/** The models whose tables belong into a database. */
function models(using: string, apps: readonly string[] | undefined): ModelClass[] {
  const all = registry.getModels().filter((model) => allowMigrate(using, model));
  return apps === undefined ? all : all.filter(({ _meta: { appLabel } }) => apps.includes(appLabel));
}

function* creation({ using = DEFAULT_DB_ALIAS, apps }: SchemaOptions): Task<void> {
  const created = models(using, apps);
  yield* announce(preMigrate, created, using);
  yield* createTablesTask(created, schemaEditor(using), { alias: using });
  yield* announce(postMigrate, created, using);
}

/** Sends a signal for each app, outside of the transaction that makes the tables. */
function* announce(signal: typeof preMigrate, created: readonly ModelClass[], using: string): Task<void> {
  for (const appLabel of new Set(created.map(({ _meta }) => _meta.appLabel))) {
    if (!signal.hasListeners(appLabel)) continue;
    const ofApp = created.filter(({ _meta }) => _meta.appLabel === appLabel);
    yield* signal.sendTask(appLabel, { appLabel, using, models: ofApp });
  }
}

function* removal({ using = DEFAULT_DB_ALIAS, apps }: SchemaOptions): Task<void> {
  yield* dropTablesTask(models(using, apps), schemaEditor(using), { alias: using });
  for (const listener of dropListeners) listener(using);
}

const dropListeners = new Set<(alias: string) => void>();

/** Calls `listener` whenever tables are dropped: what is remembered of their rows is gone then. */
export function onTablesDropped(listener: (alias: string) => void): void {
  dropListeners.add(listener);
}

/**
 * Creates the tables of all declared models that have none yet, with indexes and constraints, in one transaction.
 * Tables that exist are left as they are.
 *
 * @example
 * configure({ apps: { testapp }, databases: { default: "sqlite:db.sqlite3" } });
 * await createTables();
 * @throws OperationalError when the database refuses a statement.
 * Django: `migrate --run-syncdb`, for apps without migrations.
 */
export function createTables(options: SchemaOptions = {}): Promise<void> {
  return runAsync(creation(options));
}

/** {@link createTables} for sync programs. */
export function createTablesSync(options: SchemaOptions = {}): void {
  runSync(creation(options));
}

/** Drops the tables of all declared models, with their rows, in one transaction. */
export function dropTables(options: SchemaOptions = {}): Promise<void> {
  return runAsync(removal(options));
}

/** {@link dropTables} for sync programs. */
export function dropTablesSync(options: SchemaOptions = {}): void {
  runSync(removal(options));
}

/**
 * Which database a query uses where nobody named one: the routers of the settings are asked, then the object that the
 * query is about, and `default` is the last resort. Follows `django/db/utils.py`.
 */
import { watchStatements } from "./backends/base/watch.ts";
import { ArgumentTypeError } from "./errors.ts";
import type { ModelClass, ModelInstance } from "./models/types.ts";
import { ReplicaRouter } from "./replicas.ts";
import { onConfigure } from "./settings.ts";
import type { DatabaseRouter, RoutedInstance, RoutedModel, RouterHints } from "./types/routers.ts";
import { isThenable } from "./util/promise.ts";

/** The alias of the database that is meant without a name. */
export const DEFAULT_DB_ALIAS = "default";

let routers: readonly DatabaseRouter[] = [];

onConfigure((settings) => {
  routers = settings.routers.map((router) => (typeof router === "function" ? new router() : router));
  watchStatements(
    new Map(routers.flatMap((router) => (router instanceof ReplicaRouter ? [...router.watchers()] : []))),
  );
});

/** The alias that rows of a model are read from; `instance` is the object that the query is about. */
export function dbForRead(model: ModelClass, instance: ModelInstance | null): string {
  if (routers.length > 0) {
    const chosen = ask("dbForRead", model, instance);
    if (chosen !== null) return chosen;
  }
  return instance?._state.db ?? DEFAULT_DB_ALIAS;
}

/** The alias that rows of a model are written to. */
export function dbForWrite(model: ModelClass, instance: ModelInstance | null): string {
  if (routers.length > 0) {
    const chosen = ask("dbForWrite", model, instance);
    if (chosen !== null) return chosen;
  }
  return instance?._state.db ?? DEFAULT_DB_ALIAS;
}

const NO_HINTS: RouterHints = Object.freeze({});

function ask(
  action: "dbForRead" | "dbForWrite",
  model: ModelClass,
  instance: ModelInstance | null,
): string | null {
  const hints = instance === null ? NO_HINTS : { instance: instance as unknown as RoutedInstance };
  for (const router of routers) {
    const chosen = answer(action, router[action]?.(model as unknown as RoutedModel, hints));
    if (chosen) return chosen;
  }
  return null;
}

/** Routers are asked in the middle of sync code. */
function answer<T>(action: string, given: T): T {
  if (!isThenable(given)) return given;
  Promise.resolve(given).catch(() => {});
  throw new ArgumentTypeError(`${action}() of a database router returned a promise: routers answer at once.`);
}

/** The database of an object, or the copy of it that rows of `model` are read from just now. */
export function dbLike(instance: ModelInstance, model: ModelClass): string {
  const { db } = instance._state;
  if (db !== null && routers.length === 0) return db;
  const chosen = dbForRead(model, instance);
  return db === null || sameData(db, chosen) ? chosen : db;
}

/** The database in which rows of `model` are made for readers of `alias`, which may be a copy that nobody writes to. */
export function dbBehind(alias: string, model: ModelClass): string {
  if (routers.length === 0) return alias;
  const chosen = dbForWrite(model, null);
  return sameData(alias, chosen) ? chosen : alias;
}

/** Whether two objects may become related. */
export function allowRelation(one: ModelInstance, other: ModelInstance): boolean {
  for (const router of routers) {
    const [a, b] = [one as unknown as RoutedInstance, other as unknown as RoutedInstance];
    const allow = answer("allowRelation", router.allowRelation?.(a, b));
    if (allow !== null && allow !== undefined) return allow;
  }
  return one._state.db === other._state.db;
}

/** Whether the table of a model belongs into the database of an alias. */
export function allowMigrate(alias: string, model: ModelClass): boolean {
  const { appLabel, modelName } = model._meta;
  for (const router of routers) {
    const hints = { modelName, model: model as unknown as RoutedModel };
    const allow = answer("allowMigrate", router.allowMigrate?.(alias, appLabel, hints));
    if (allow !== null && allow !== undefined) return allow;
  }
  return true;
}

/** Whether two databases hold the same rows. */
export function sameData(alias: string | null, other: string | null): boolean {
  if (alias === other) return true;
  if (alias === null || other === null) return false;
  return routers.some((router) => router.sameData?.(alias, other) === true);
}

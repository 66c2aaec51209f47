import type { Options } from "../models/options.ts";
import type { Manager, ModelClass } from "../models/types.ts";
import { dbForWrite } from "../router.ts";
import type { ReadableQuerySet } from "./fetch.ts";

/** What tasks that write need of a queryset. */
export interface WritableQuerySet extends ReadableQuerySet {
  results: readonly unknown[] | null;
}

/** A manager as a queryset: it has the same methods, each called on a new one. */
export function querysetOf(manager: Manager, alias: string | null): WritableQuerySet {
  const queryset = (manager as unknown as WritableQuerySet).all();
  return alias === null ? queryset : queryset.using(alias);
}

/** The database that a queryset writes to. */
export function writeDb({ database, model, hint }: WritableQuerySet): string {
  return database ?? dbForWrite(model, hint === null ? null : hint.instance);
}

/** The queryset on the database that it writes to: what writing reads must come from there. */
export function forWrite(queryset: WritableQuerySet): WritableQuerySet {
  return queryset.database === null ? queryset.using(writeDb(queryset)) : queryset;
}

/** All rows of a model, with what its base manager leaves out. */
export function baseQuerySet(model: ModelClass | Options, alias: string | null): WritableQuerySet {
  const opts = "_meta" in model ? model._meta : model;
  return querysetOf(opts.model._baseManager, alias);
}

/** The rows of a model that its default manager shows. */
export function defaultQuerySet(model: ModelClass | Options, alias: string | null): WritableQuerySet {
  const opts = "_meta" in model ? model._meta : model;
  return querysetOf(opts.model._defaultManager, alias);
}

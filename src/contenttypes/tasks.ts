import { ArgumentTypeError } from "../errors.ts";
import { create, getOrCreate } from "../execute/create.ts";
import { getOne } from "../execute/fetch.ts";
import { baseQuerySet } from "../execute/querysets.ts";
import type { Options } from "../models/options.ts";
import { registry } from "../models/registry.ts";
import type { ModelClass } from "../models/types.ts";
import { Q } from "../query/q.ts";
import { dbBehind } from "../router.ts";
import type { Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { contentTypes } from "./base.ts";
import { type ContentTypeRow, cachedContentType, modelKey, rememberContentType } from "./cache.ts";

/** The `_meta` of a model or of an object; that of its table for a proxy, unless it is to count for itself. */
export function optionsOf(model: unknown, forConcreteModel = true): Options {
  const opts = (model as { _meta?: Options } | null | undefined)?._meta;
  if (opts === undefined) throw new ArgumentTypeError(`A model or an object is needed, not ${repr(model)}.`);
  return forConcreteModel ? opts.concreteOpts : opts;
}

function rows(alias: string) {
  return baseQuerySet(contentTypes, alias);
}

/** The content type of a model, made where there is none yet. */
export function* getForModel(alias: string, opts: Options): Task<ContentTypeRow> {
  const { appLabel, modelName } = opts;
  const known = cachedContentType(alias, modelKey(appLabel, modelName));
  if (known !== undefined) return known;
  const [type] = yield* getOrCreate(rows(dbBehind(alias, contentTypes.model)), {
    app_label: appLabel,
    model: modelName,
  });
  rememberContentType(alias, type as ContentTypeRow);
  return type as ContentTypeRow;
}

/** The content types of several models, those that are not known with one query. */
export function* getForModels(
  alias: string,
  models: readonly ModelClass[],
  forConcreteModels: boolean,
): Task<Map<ModelClass, ContentTypeRow>> {
  const keyOf = (model: ModelClass) => {
    const { appLabel, modelName } = optionsOf(model, forConcreteModels);
    return modelKey(appLabel, modelName);
  };
  const found = new Map<string, ContentTypeRow>();
  const missing = new Map<string, Q>();
  for (const model of models) {
    const { appLabel, modelName } = optionsOf(model, forConcreteModels);
    const known = cachedContentType(alias, keyOf(model));
    if (known !== undefined) found.set(keyOf(model), known);
    else missing.set(keyOf(model), Q.of([{ app_label: appLabel, model: modelName }]));
  }
  if (missing.size > 0) {
    const condition = [...missing.values()].reduce((one, other) => one.or(other));
    const loaded = yield* rows(alias).filterWith([condition]).fetch();
    for (const type of loaded as readonly ContentTypeRow[]) {
      found.set(modelKey(type.app_label, type.model), type);
      rememberContentType(alias, type);
    }
    for (const model of models) {
      if (found.has(keyOf(model))) continue;
      const { appLabel, modelName } = optionsOf(model, forConcreteModels);
      const made = yield* create(rows(dbBehind(alias, contentTypes.model)), {
        app_label: appLabel,
        model: modelName,
      });
      found.set(keyOf(model), made as ContentTypeRow);
      rememberContentType(alias, made as ContentTypeRow);
    }
  }
  return new Map(models.map((model) => [model, found.get(keyOf(model)) as ContentTypeRow]));
}

/** A content type by its id. Throws `ContentType.DoesNotExist`. */
export function* getForId(alias: string, id: unknown): Task<ContentTypeRow> {
  const known = cachedContentType(alias, id as number);
  if (known !== undefined) return known;
  const type = (yield* getOne(rows(alias), [{ pk: id }])) as ContentTypeRow;
  rememberContentType(alias, type);
  return type;
}

/** Content types by their ids, those that are not known with one query; without those that do not exist. */
export function* getForIds(alias: string, ids: readonly unknown[]): Task<Map<unknown, ContentTypeRow>> {
  const found = new Map<unknown, ContentTypeRow>();
  const missing: unknown[] = [];
  for (const id of ids) {
    const known = cachedContentType(alias, id as number);
    if (known !== undefined) found.set(id, known);
    else missing.push(id);
  }
  if (missing.length > 0) {
    const loaded = yield* rows(alias)
      .filterWith([{ pk__in: missing }])
      .fetch();
    for (const type of loaded as readonly ContentTypeRow[]) {
      found.set(type.id, type);
      rememberContentType(alias, type);
    }
  }
  return found;
}

/** A content type by the names of its model. Throws `ContentType.DoesNotExist`. */
export function* getByNaturalKey(alias: string, appLabel: string, model: string): Task<ContentTypeRow> {
  const known = cachedContentType(alias, modelKey(appLabel, model));
  if (known !== undefined) return known;
  const type = (yield* getOne(rows(alias), [{ app_label: appLabel, model }])) as ContentTypeRow;
  rememberContentType(alias, type);
  return type;
}

/** The model of a content type; `null` when no such model is declared any more. */
export function modelOfType({ app_label: appLabel, model }: ContentTypeRow): Options | null {
  return registry.find(modelKey(appLabel, model)) ?? null;
}

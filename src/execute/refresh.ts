import { ValueError } from "../errors.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import type { ForeignObjectRel } from "../fields/related/rel.ts";
import type { RefreshOptions } from "../models/hooks.ts";
import { lazyLoads } from "../models/lazy-loads.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";
import { getOne } from "./fetch.ts";
import { querysetOf, type WritableQuerySet } from "./querysets.ts";

/**
 * Loads fields of an instance anew: those that are loaded, or those named.
 *
 * @throws the model's DoesNotExist when the row is gone; ValueError for paths over relations
 */
export function* refresh(instance: ModelInstance, options: RefreshOptions): Task<void> {
  checkOptions("refreshFromDb", options, ["fields", "fromQueryset", "using"]);
  const { using = null, fromQueryset = null } = options;
  const state = instance._state;
  const opts = instance._meta;
  let fields: Set<string> | null = null;
  if (options.fields == null) {
    state.prefetched = null;
  } else {
    fields = new Set(options.fields);
    for (const name of [...fields]) if (state.prefetched?.delete(name)) fields.delete(name);
    if (fields.size === 0) return;
    if ([...fields].some((name) => name.includes("__"))) {
      throw new ValueError(
        'Found "__" in fields argument. Relations and transforms are not allowed in fields.',
      );
    }
  }
  if (fields !== null) {
    const missing = [...fields].filter((name) => !Object.hasOwn(instance, name));
    if (missing.length > 0) lazyLoads?.loadingColumns(instance, missing);
  }
  let rows =
    fromQueryset === null
      ? querysetOf(opts.model._baseManager, using).about({ instance })
      : querysetOf(fromQueryset as never, using);
  rows = rows.filterWith([{ pk: instance.pk }]);
  const deferred = instance.getDeferredFields();
  if (fields !== null) {
    rows = rows.only(...fields);
  } else if (deferred.size > 0) {
    const loaded = opts.concreteFields
      .map((field) => field.attname)
      .filter((attname) => !deferred.has(attname));
    rows = rows.only(...loaded);
  }
  const fresh = (yield* getOne(rows as WritableQuerySet, [])) as ModelInstance;
  takeOver(instance, fresh, fields);
}

function takeOver(instance: ModelInstance, fresh: ModelInstance, fields: ReadonlySet<string> | null): void {
  const opts = instance._meta;
  for (const field of opts.concreteFields) {
    if (!Object.hasOwn(fresh, field.attname)) continue;
    instance[field.attname] = fresh[field.attname];
    if (!(field instanceof ForeignObject)) continue;
    const related = field.getCachedValue(fresh);
    if (related !== undefined) field.setCachedValue(instance, related);
    else field.deleteCachedValue(instance);
  }
  if (instance._state.fieldsCache !== null) {
    for (const rel of opts.relatedObjects as readonly ForeignObjectRel[]) {
      if ((fields === null || fields.has(rel.name)) && rel.accessorName !== null)
        rel.deleteCachedValue(instance);
    }
  }
  for (const field of opts.privateFields) {
    if (fields === null || fields.has(field.name)) field.deleteCachedValue(instance);
  }
  instance._state.db = fresh._state.db;
}

import { connections } from "../connections.ts";
import type { Expression } from "../expressions/base.ts";
import { F } from "../expressions/f.ts";
import { OrderBy } from "../expressions/order-by.ts";
import { Value } from "../expressions/value.ts";
import { Window } from "../expressions/window.ts";
import type { Field } from "../fields/field.ts";
import { setCachedValue } from "../fields/related/cache.ts";
import type { ForeignKey } from "../fields/related/foreign-key.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { ManyToManyField } from "../fields/related/many-to-many.ts";
import { ManyToManyRel, type ManyToOneRel, OneToOneRel } from "../fields/related/rel.ts";
import { RowNumber } from "../functions/window.ts";
import { GreaterThan, LessThanOrEqual } from "../lookups/comparison.ts";
import { FETCH_ONE } from "../models/fetch-modes.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import type { Prefetch } from "../query/prefetch.ts";
import { relatedKey } from "../query/related-key.ts";
import { PREFETCH_KEY } from "../query/row-reader.ts";
import { LIMIT, OFFSET } from "../query/shape.ts";
import type { Rows, Task } from "../task.ts";
import { loadDeferred } from "./deferred.ts";
import { boundPlan, type ReadableQuerySet, readRows, rowsOp, setKnownRelated } from "./fetch.ts";

/** What a prefetch query gave: objects, the key of the instance that each belongs to, and further lookups. */
export interface Loaded {
  readonly objects: readonly ModelInstance[];
  readonly keys: readonly (readonly unknown[])[];
  readonly more: readonly (string | Prefetch)[];
}

/** How one relation is loaded for many instances. */
export interface Prefetcher {
  readonly relation: unknown;
  readonly single: boolean;
  readonly cacheName: string;
  isFetched(instance: ModelInstance): boolean;
  cached(instance: ModelInstance): ModelInstance | null | undefined;
  keep(instance: ModelInstance, value: ModelInstance | null): void;
  keyOf(instance: ModelInstance): readonly unknown[];
  /** @param querysets all that `GenericPrefetch` gave; for other relations the one is enough */
  load(
    instances: readonly ModelInstance[],
    queryset: ReadableQuerySet | null,
    querysets: readonly ReadableQuerySet[],
  ): Task<Loaded>;
}

const known = new WeakMap<object, Map<string, Prefetcher | null>>();

/** The prefetcher of an accessor of the instance's model; `null` where it is no relation. */
export function prefetcherOf(instance: ModelInstance, name: string): Prefetcher | null {
  const opts = instance._meta;
  let ofModel = known.get(opts);
  if (ofModel === undefined) {
    ofModel = new Map();
    known.set(opts, ofModel);
  }
  let prefetcher = ofModel.get(name);
  if (prefetcher === undefined) {
    prefetcher = makePrefetcher(instance, name);
    ofModel.set(name, prefetcher);
  }
  return prefetcher;
}

function makePrefetcher(instance: ModelInstance, name: string): Prefetcher | null {
  const opts = instance._meta;
  const field = [...opts.fields, ...opts.manyToMany].find((candidate) => candidate.name === name);
  if (field instanceof ManyToManyField) return manyToMany(field.m2mField, field.m2mReverseField, field, name);
  if (field instanceof ForeignObject) return forward(field);
  // A child has its parents' attributes, also those that lead to its siblings.
  const ancestors = opts.allParents.flatMap((parent) => parent._meta.relatedObjects as readonly unknown[]);
  for (const relation of [...(opts.relatedObjects as readonly unknown[]), ...ancestors]) {
    const rel = relation as ManyToOneRel | ManyToManyRel;
    if (rel.accessorName !== name) continue;
    if (rel instanceof ManyToManyRel) {
      // A relation to a proxy can be followed in queries; objects of the other classes of its table lack it.
      if (!(name in instance)) return null;
      const m2m = rel.field as ManyToManyField;
      return manyToMany(m2m.m2mReverseField, m2m.m2mField, rel, name);
    }
    return rel instanceof OneToOneRel ? reverseOne(rel) : reverseMany(rel);
  }
  const own = opts.privateFields.find((candidate) => candidate.name === name);
  return own === undefined ? null : (own.prefetcher() as Prefetcher);
}

/** What single related objects are read from; they inherit the fetch mode of the instances. */
function baseQuerySet(model: ModelClass, instances: readonly ModelInstance[]): ReadableQuerySet {
  const rows = onDatabase(model._baseManager as unknown as ReadableQuerySet, instances);
  return withModeOf(rows, instances[0] as ModelInstance);
}

/** The queryset in the fetch mode of an instance. */
export function withModeOf<T extends ReadableQuerySet>(queryset: T, { _state: state }: ModelInstance): T {
  return state.fetchMode === FETCH_ONE ? queryset : queryset.fetchMode(state.fetchMode);
}

/** Asks the database that the instances came from. */
export function onDatabase(source: ReadableQuerySet, instances: readonly ModelInstance[]): ReadableQuerySet {
  const instance = instances[0];
  return instance === undefined ? source.all() : source.about({ instance });
}

/** Runs the query; lookups of its own are left to the caller, so that they run for all levels at once. */
export function* run(
  queryset: ReadableQuerySet,
): Task<{ objects: ModelInstance[]; more: readonly (string | Prefetch)[] }> {
  const more = queryset.prefetches;
  const plain = more.length > 0 ? (queryset.prefetchRelated(null) as ReadableQuerySet) : queryset;
  return { objects: [...((yield* plain.fetch()) as ModelInstance[])], more };
}

function without<T extends ReadableQuerySet>(queryset: T): T {
  return queryset.derive(
    queryset.shape.step("unordered", queryset.bindings, [], (query) => query.clearOrdering({ force: true })),
  );
}

/** The values of several instances, each once, without NULL. */
function distinctValues(values: readonly unknown[]): unknown[] {
  const seen = new Map<unknown, unknown>();
  for (const value of values) if (value !== null && value !== undefined) seen.set(relatedKey([value]), value);
  return [...seen.values()];
}

/** `pizza.box`: one object for each of several instances. */
function forward(field: ForeignObject): Prefetcher {
  const rel = field.remoteField;
  return {
    relation: field,
    single: true,
    cacheName: field.cacheName,
    isFetched: (instance) => field.isCached(instance),
    cached: (instance) => field.getCachedValue(instance),
    keep: (instance, value) => setCachedValue(field, instance, value),
    keyOf: (instance) => field.getLocalRelatedValue(instance),
    *load(instances, custom) {
      const queryset = custom === null ? baseQuerySet(rel.model, instances) : onDatabase(custom, instances);
      const [target] = field.foreignRelatedFields as readonly [Field];
      const single = field.foreignRelatedFields.length === 1;
      yield* loadDeferred(instances, field.localRelatedFields);
      const values = distinctValues(instances.map((instance) => field.getLocalRelatedValue(instance)[0]));
      const filtered = single
        ? queryset.filter({ [`${target.name}__in`]: values })
        : queryset.filter({ [`${field.relatedQueryName()}__in`]: [...instances] });
      const { objects, more } = yield* run(without(filtered));
      const keys = objects.map((object) => field.getForeignRelatedValue(object));
      if (!rel.multiple)
        linkSingles(objects, keys, instances, (instance) => field.getLocalRelatedValue(instance), rel);
      return { objects, keys, more };
    },
  };
}

interface Linkable {
  setCachedValue(instance: ModelInstance, value: ModelInstance | null): void;
}

/** The other side of a one-to-one relation is known as well. */
function linkSingles(
  objects: readonly ModelInstance[],
  keys: readonly (readonly unknown[])[],
  instances: readonly ModelInstance[],
  keyOf: (instance: ModelInstance) => readonly unknown[],
  back: Linkable,
): void {
  const byKey = new Map(instances.map((instance) => [relatedKey(keyOf(instance)), instance]));
  objects.forEach((object, i) => {
    const instance = byKey.get(relatedKey(keys[i] as readonly unknown[]));
    if (instance !== undefined) back.setCachedValue(object, instance);
  });
}

/** `price.pizza`: the other side of a one-to-one relation. */
function reverseOne(rel: OneToOneRel): Prefetcher {
  const field = rel.field as ForeignKey;
  return {
    relation: rel,
    single: true,
    cacheName: rel.cacheName,
    isFetched: (instance) => rel.isCached(instance),
    cached: (instance) => rel.getCachedValue(instance),
    keep: (instance, value) => rel.setCachedValue(instance, value),
    keyOf: (instance) => field.getForeignRelatedValue(instance),
    *load(instances, custom) {
      const queryset =
        custom === null ? baseQuerySet(rel.relatedModel, instances) : onDatabase(custom, instances);
      const filtered = queryset.filter({ [`${field.name}__in`]: [...instances] });
      const { objects, more } = yield* run(without(filtered));
      yield* loadDeferred(objects, field.localRelatedFields);
      const keys = objects.map((object) => field.getLocalRelatedValue(object));
      linkSingles(objects, keys, instances, (instance) => field.getForeignRelatedValue(instance), field);
      return { objects, keys, more };
    },
  };
}

function many(
  relation: unknown,
  cacheName: string,
): Pick<Prefetcher, "relation" | "single" | "cacheName" | "isFetched" | "cached" | "keep"> {
  return {
    relation,
    single: false,
    cacheName,
    isFetched: (instance) => instance._state.prefetched?.has(cacheName) ?? false,
    cached: () => undefined,
    keep() {},
  };
}

/** `box.pizza_set`: the objects that refer to the instances. */
function reverseMany(rel: ManyToOneRel): Prefetcher {
  const field = rel.field as ForeignKey;
  return {
    ...many(rel, rel.cacheName),
    keyOf: (instance) => field.getForeignRelatedValue(instance),
    *load(instances, custom) {
      const source = custom ?? (rel.relatedModel._defaultManager as unknown as ReadableQuerySet);
      const queryset = onDatabase(source, instances);
      const { objects, more } = yield* run(ofInstances(queryset, field.name, instances));
      yield* loadDeferred(objects, field.localRelatedFields);
      const keys = objects.map((object) => field.getLocalRelatedValue(object));
      const byKey = new Map(
        instances.map((instance) => [relatedKey(field.getForeignRelatedValue(instance)), instance]),
      );
      objects.forEach((object, i) => {
        const instance = byKey.get(relatedKey(keys[i] as readonly unknown[]));
        if (instance !== undefined && !field.isCached(object)) setCachedValue(field, object, instance);
      });
      return { objects, keys, more };
    },
  };
}

/** Rows that belong to one of the instances; a slice counts for each of them on its own. */
function ofInstances(
  queryset: ReadableQuerySet,
  name: string,
  instances: readonly ModelInstance[],
): ReadableQuerySet {
  const condition = { [`${name}__in`]: [...instances] };
  if (!queryset.query.isSliced) return queryset.reusingFilter(condition);
  const low = queryset.bindings[OFFSET] as number;
  const limit = queryset.bindings[LIMIT] as number;
  const all = queryset.bindings.slice();
  all[LIMIT] = -1;
  all[OFFSET] = 0;
  const unsliced = queryset.derive(queryset.shape.step("unsliced", all, [], (query) => query.clearLimits()));
  const { query } = queryset;
  const ordering = (
    query.orderBy.length > 0 ? query.orderBy : query.defaultOrdering ? query.opts.ordering : []
  ) as readonly (string | Expression)[];
  const order = ordering.map((item) => orderingOf(item, query.standardOrdering));
  const number = new Window({
    expression: new RowNumber(),
    partitionBy: new F(name),
    ...(order.length > 0 ? { orderBy: order } : {}),
  });
  const conditions: unknown[] = [condition, new GreaterThan(number, new Value(low))];
  if (limit >= 0) conditions.push(new LessThanOrEqual(number, new Value(low + limit)));
  return unsliced.reusingFilter(...conditions);
}

function orderingOf(item: string | Expression, ascending: boolean): Expression {
  const name = typeof item === "string" ? item : null;
  const order =
    name !== null
      ? new OrderBy(new F(name.replace(/^-/, "")), { descending: name.startsWith("-") })
      : item instanceof OrderBy
        ? item
        : new OrderBy(item as Expression);
  return ascending ? order : order.reverseOrdering();
}

/** `pizza.toppings`, `topping.pizza_set`: objects over the table between. */
function manyToMany(
  source: ForeignKey,
  target: ForeignKey,
  relation: ManyToManyField | ManyToManyRel,
  name: string,
): Prefetcher {
  const model = target.remoteField.model;
  /** The name of the relation in queries of the target, and where its result is kept. */
  const queryName = relation instanceof ManyToManyField ? relation.relatedQueryName() : relation.field.name;
  const sourceFields = source.localRelatedFields;
  return {
    ...many(relation, name),
    keyOf: (instance) => source.foreignRelatedFields.map((field) => rawValue(field, instance)),
    *load(instances, custom) {
      const rowsOf = custom ?? (model._defaultManager as unknown as ReadableQuerySet);
      const filtered = ofInstances(onDatabase(rowsOf, instances), queryName, instances);
      const { db } = filtered;
      const ops = connections.ops(db);
      const table = ops.quoteName((source.model as ModelClass)._meta.dbTable);
      const select = Object.fromEntries(
        sourceFields.map((field) => [
          `${PREFETCH_KEY}${field.attname}`,
          `${table}.${ops.quoteName(field.column)}`,
        ]),
      );
      const queryset = filtered.extra({ select }) as ReadableQuerySet;
      const more = queryset.prefetches;
      const bound = boundPlan(queryset.shape, db, queryset.bindings);
      if (bound.plan.sql === null) return { objects: [], keys: [], more };
      const rows = (yield rowsOp(db, bound)) as Rows;
      const objects = readRows(queryset, db, bound, rows) as ModelInstance[];
      if (queryset.known.length > 0) setKnownRelated(queryset, objects);
      // Selected SQL comes before the columns of the model; what the user's own extra() selects, before ours.
      const first = queryset.query.extraSelect.size - sourceFields.length;
      return { objects, keys: rows.map((row) => row.slice(first, first + sourceFields.length)), more };
    },
  };
}

/** A value as the column between holds it. */
function rawValue(field: Field, instance: ModelInstance): unknown {
  const ops = connections.ops(instance._state.db ?? undefined);
  return field.getDbPrepValue(field.getPrepValue(instance[field.attname]), ops);
}

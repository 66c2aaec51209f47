import { connections } from "../connections.ts";
import { ProtectedError, RestrictedError } from "../errors.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import {
  CASCADE,
  DO_NOTHING,
  needsNoLook,
  type OnDelete,
  PROTECT,
  RESTRICT,
  SET_DEFAULT,
  SET_NULL,
} from "../fields/related/on-delete.ts";
import type { ForeignObjectRel } from "../fields/related/rel.ts";
import { identityOf } from "../models/base.ts";
import { loadForward } from "../models/descriptors.ts";
import type { DeleteResult } from "../models/hooks.ts";
import type { Options } from "../models/options.ts";
import { postDelete, preDelete } from "../models/signals.ts";
import type { ModelInstance } from "../models/types.ts";
import { Q } from "../query/q.ts";
import { atomically, type Task } from "../task.ts";
import { deleteByKey, rawDelete } from "./delete-rows.ts";
import { type OnProgress, report } from "./progress.ts";
import { baseQuerySet, type WritableQuerySet } from "./querysets.ts";
import { updateByKey, updateRows } from "./update.ts";

/** Instances by their identity. */
type Instances = Map<string, ModelInstance>;

/** Objects to be deleted: loaded ones, or the rows of a queryset. */
type Deletable = readonly ModelInstance[] | WritableQuerySet;

interface CollectOptions {
  readonly source?: Options | null;
  readonly nullable?: boolean;
  readonly collectRelated?: boolean;
  readonly reverseDependency?: boolean;
  readonly keepParents?: boolean;
  readonly failOnRestricted?: boolean;
}

/** The foreign keys and one-to-one relations of other models that refer to this one. */
function candidateRelations(opts: Options): ForeignObjectRel[] {
  return (
    opts.getFields({ includeHidden: true }) as readonly { autoCreated: boolean; concrete: boolean }[]
  ).filter((field): field is ForeignObjectRel => {
    const rel = field as unknown as ForeignObjectRel;
    return field.autoCreated && !field.concrete && (rel.oneToOne || rel.oneToMany);
  });
}

function onDeleteOf(field: ForeignObject): OnDelete | null {
  return field.remoteField.onDelete;
}

function isList(objects: Deletable): objects is readonly ModelInstance[] {
  return Array.isArray(objects);
}

/** Whether what is given can be used without its rows: a value that needs no look at them. */
function isLazy(onDelete: OnDelete): boolean {
  return onDelete === SET_NULL || (onDelete.name === "SET" && typeof onDelete.value !== "function");
}

function hasListeners(opts: Options): boolean {
  return preDelete.hasListeners(opts.model) || postDelete.hasListeners(opts.model);
}

/**
 * Finds all that a deletion brings with it, and deletes it: Django's `Collector`.
 *
 * What nobody needs to see (no signals, nothing that refers to it) is deleted without loading it.
 */
export class Collector {
  private readonly using: string;
  private readonly origin: unknown;
  private data = new Map<Options, Instances>();
  private readonly fieldUpdates = new Map<ForeignObject, Map<unknown, Deletable[]>>();
  private readonly restricted = new Map<Options, Map<ForeignObject, Instances>>();
  private readonly fastDeletes: WritableQuerySet[] = [];
  private readonly dependencies = new Map<Options, Set<Options>>();

  constructor(using: string, origin: unknown) {
    this.using = using;
    this.origin = origin;
  }

  private add(objects: readonly ModelInstance[], options: CollectOptions): ModelInstance[] {
    const [first] = objects;
    if (first === undefined) return [];
    const opts = first._meta;
    const instances = this.instancesOf(opts);
    const added: ModelInstance[] = [];
    for (const object of objects) {
      const identity = identityOf(object);
      if (instances.has(identity)) continue;
      instances.set(identity, object);
      added.push(object);
    }
    const { source = null, nullable = false, reverseDependency = false } = options;
    if (source !== null && !nullable) this.addDependency(source, opts, reverseDependency);
    return added;
  }

  private instancesOf(opts: Options): Instances {
    let instances = this.data.get(opts);
    if (instances === undefined) {
      instances = new Map();
      this.data.set(opts, instances);
    }
    return instances;
  }

  private addDependency(model: Options, dependency: Options, reverse = false): void {
    const [from, to] = reverse ? [dependency, model] : [model, dependency];
    const concrete = from.concreteOpts;
    const known = this.dependencies.get(concrete);
    if (known === undefined) this.dependencies.set(concrete, new Set([to.concreteOpts]));
    else known.add(to.concreteOpts);
    this.instancesOf(to);
  }

  private addFieldUpdate(field: ForeignObject, value: unknown, objects: Deletable): void {
    let byValue = this.fieldUpdates.get(field);
    if (byValue === undefined) {
      byValue = new Map();
      this.fieldUpdates.set(field, byValue);
    }
    const known = byValue.get(value);
    if (known === undefined) byValue.set(value, [objects]);
    else known.push(objects);
  }

  private addRestricted(field: ForeignObject, objects: readonly ModelInstance[]): void {
    const [first] = objects;
    if (first === undefined) return;
    let byField = this.restricted.get(first._meta);
    if (byField === undefined) {
      byField = new Map();
      this.restricted.set(first._meta, byField);
    }
    const known = byField.get(field) ?? new Map<string, ModelInstance>();
    byField.set(field, known);
    for (const object of objects) known.set(identityOf(object), object);
  }

  /** Whether rows can be deleted unseen: no signals, no parents, and nothing that depends on them. */
  private canFastDelete(opts: Options, fromField: ForeignObject | null = null): boolean {
    if (fromField !== null && onDeleteOf(fromField) !== CASCADE) return false;
    if (hasListeners(opts)) return false;
    for (const link of opts.concreteOpts.parentLinks.values()) {
      if ((link as unknown) !== fromField) return false;
    }
    if (opts.privateFields.some((field) => field.bulkRelatedObjects !== undefined)) return false;
    return candidateRelations(opts).every((rel) => needsNoLook(rel.onDelete));
  }

  private batches<T>(objects: readonly T[], fieldCount: number): (readonly T[])[] {
    const size = Math.max(connections.ops(this.using).bulkBatchSize(fieldCount, objects.length), 1);
    if (objects.length <= size) return [objects];
    const batches: (readonly T[])[] = [];
    for (let i = 0; i < objects.length; i += size) batches.push(objects.slice(i, i + size));
    return batches;
  }

  /** Adds objects, their parents, and what refers to them, as `onDelete` says. */
  *collect(objects: Deletable, options: CollectOptions = {}): Task<void> {
    const { collectRelated = true, keepParents = false, failOnRestricted = true } = options;
    if (!isList(objects) && this.canFastDelete(objects.model._meta)) {
      this.fastDeletes.push(objects);
      return;
    }
    const loaded = isList(objects) ? objects : ((yield* objects.fetch()) as readonly ModelInstance[]);
    const added = this.add(loaded, options);
    const [first] = added;
    if (first === undefined) return;
    const opts = first._meta;
    if (!keepParents) {
      for (const link of opts.concreteOpts.parentLinks.values()) {
        if (link === null) continue;
        const parents: ModelInstance[] = [];
        for (const object of added) {
          const cached = link.getCachedValue(object);
          const parent = cached !== undefined ? cached : yield* loadForward(object, link);
          if (parent !== null) parents.push(parent);
        }
        yield* this.collect(parents, {
          source: opts,
          collectRelated: false,
          reverseDependency: true,
          failOnRestricted: false,
        });
      }
    }
    if (!collectRelated) return;
    yield* this.collectRelations(opts, added, keepParents);
    yield* this.collectPrivate(opts, added);
    if (failOnRestricted) yield* this.checkRestricted(opts);
  }

  /** Generic relations: what belongs to the objects goes with them. */
  private *collectPrivate(opts: Options, added: readonly ModelInstance[]): Task<void> {
    for (const field of opts.privateFields) {
      if (field.bulkRelatedObjects === undefined) continue;
      for (const batch of this.batches(added, 1)) {
        const rows = field.bulkRelatedObjects(batch, this.using) as WritableQuerySet;
        yield* this.collect(rows, { source: opts, nullable: true, failOnRestricted: false });
      }
    }
  }

  private *collectRelations(
    opts: Options,
    added: readonly ModelInstance[],
    keepParents: boolean,
  ): Task<void> {
    const fast = new Map<Options, ForeignObject[]>();
    const protectedObjects = new Map<string, Set<unknown>>();
    for (const rel of candidateRelations(opts)) {
      if (keepParents && opts.allParents.some((parent) => parent._meta === rel.opts)) continue;
      const field = rel.field as ForeignObject;
      const onDelete = onDeleteOf(field) ?? DO_NOTHING;
      if (needsNoLook(onDelete)) continue;
      const related = rel.relatedOpts;
      if (this.canFastDelete(related, field)) {
        const fields = fast.get(related);
        if (fields === undefined) fast.set(related, [field]);
        else fields.push(field);
        continue;
      }
      // Nothing can refer to an object by a column that is NULL.
      const referred = added.filter((object) => object[field.targetField.attname] !== null);
      for (const batch of this.batches(referred, 1)) {
        let rows = this.relatedObjects(related, [field], batch);
        if (rows.query.selectRelated === false && !hasListeners(related))
          rows = withNeededColumns(rows, related);
        if (!isLazy(onDelete) && (yield* rows.fetch()).length === 0) continue;
        const refused = yield* this.handle(onDelete, field, rows);
        if (refused === null) continue;
        const key = `'${(field.opts as Options).objectName}.${field.name}'`;
        const known = protectedObjects.get(key) ?? new Set<unknown>();
        protectedObjects.set(key, known);
        for (const object of refused) known.add(object);
      }
    }
    if (protectedObjects.size > 0) {
      throw new ProtectedError(
        `Cannot delete some instances of model '${opts.objectName}' because they are referenced through protected ` +
          `foreign keys: ${[...protectedObjects.keys()].join(", ")}.`,
        eachOnce([...protectedObjects.values()].flatMap((objects) => [...objects]) as ModelInstance[]),
      );
    }
    for (const [related, fields] of fast) {
      for (const batch of this.batches(added, fields.length)) {
        this.fastDeletes.push(this.relatedObjects(related, fields, batch));
      }
    }
  }

  /** Does what `onDelete` says; gives the objects that refuse the deletion, `null` when none do. */
  private *handle(
    onDelete: OnDelete,
    field: ForeignObject,
    rows: WritableQuerySet,
  ): Task<ReadonlySet<unknown> | null> {
    switch (onDelete) {
      case CASCADE:
        try {
          yield* this.collect(rows, {
            source: field.remoteField.opts,
            nullable: field.null,
            failOnRestricted: false,
          });
        } catch (error) {
          // Objects further down refuse: they count for this relation.
          if (error instanceof ProtectedError) return error.protectedObjects;
          throw error;
        }
        if (field.null && !connections.features(this.using).canDeferConstraintChecks) {
          this.addFieldUpdate(field, null, rows);
        }
        return null;
      case PROTECT:
        return new Set(yield* rows.fetch());
      case RESTRICT:
        this.addRestricted(field, (yield* rows.fetch()) as readonly ModelInstance[]);
        this.addDependency(field.remoteField.opts, field.opts as Options);
        return null;
      case SET_NULL:
        this.addFieldUpdate(field, null, rows);
        return null;
      case SET_DEFAULT:
        this.addFieldUpdate(field, field.getDefault(), rows);
        return null;
      default:
        this.addFieldUpdate(field, yield* valueOf(onDelete, field), rows);
        return null;
    }
  }

  private relatedObjects(
    related: Options,
    fields: readonly ForeignObject[],
    objects: readonly ModelInstance[],
  ): WritableQuerySet {
    const condition = fields
      .map((field) => Q.of([{ [`${field.name}__in`]: objects }]))
      .reduce((left, right) => left.or(right));
    return baseQuerySet(related, this.using).filterWith([condition]);
  }

  /** Restricted objects are fine where they are deleted themselves. */
  private *checkRestricted(opts: Options): Task<void> {
    if (this.restricted.size === 0) return;
    for (const [model, byField] of this.restricted) {
      const deleted = this.data.get(model);
      for (const objects of byField.values()) for (const key of deleted?.keys() ?? []) objects.delete(key);
    }
    for (const queryset of this.fastDeletes) {
      const byField = this.restricted.get(queryset.model._meta);
      if (byField === undefined) continue;
      const pks = [...byField.values()].flatMap((objects) =>
        [...objects.values()].map((object) => object.pk),
      );
      const deleted = (yield* queryset.filterWith([{ pk__in: pks }]).fetch()) as readonly ModelInstance[];
      for (const objects of byField.values())
        for (const object of deleted) objects.delete(identityOf(object));
    }
    const refusing = new Map<string, ModelInstance[]>();
    for (const [model, byField] of this.restricted) {
      for (const [field, objects] of byField) {
        if (objects.size > 0) refusing.set(`'${model.objectName}.${field.name}'`, [...objects.values()]);
      }
    }
    if (refusing.size === 0) return;
    throw new RestrictedError(
      `Cannot delete some instances of model '${opts.objectName}' because they are referenced through restricted ` +
        `foreign keys: ${[...refusing.keys()].join(", ")}.`,
      eachOnce([...refusing.values()].flat()),
    );
  }

  /**
   * Deletes what was collected. Gives how many rows, in all and per label. `onProgress` is told of the loaded objects;
   * what is deleted unseen takes one statement.
   */
  *delete(onProgress?: OnProgress): Task<DeleteResult> {
    const { using } = this;
    const order = deleteOrder(this.data, this.dependencies);
    const single = singleOf(order);
    if (single !== null && this.canFastDelete(single._meta)) return yield* this.deleteOne(single);
    const counts = new Map<string, number>();
    const count = (opts: Options, rows: number) => {
      if (rows > 0) counts.set(opts.label, (counts.get(opts.label) ?? 0) + rows);
    };
    const self = this;
    const loaded = order.reduce((sum, [, objects]) => sum + objects.length, 0);
    let done = 0;
    yield* atomically(
      using,
      function* (): Task<void> {
        yield* self.send(preDelete, order);
        for (const queryset of self.fastDeletes)
          count(queryset.model._meta, yield* rawDelete(queryset, using));
        yield* self.updateFields();
        for (const [opts, objects] of order) {
          const reversed = [...objects].reverse();
          const keys = reversed.map((object) => object.pk);
          const before = done;
          const told = (deleted: number) => report(onProgress, before + deleted, loaded);
          count(opts, yield* deleteByKey(opts, keys, using, told));
          done += keys.length;
          yield* self.send(postDelete, [[opts, reversed]]);
        }
      },
      { savepoint: false },
    );
    for (const [opts, objects] of order) for (const object of objects) object[opts.pk.attname] = null;
    const total = [...counts.values()].reduce((sum, rows) => sum + rows, 0);
    return [total, Object.fromEntries(counts)];
  }

  private *deleteOne(instance: ModelInstance): Task<DeleteResult> {
    const { using } = this;
    const opts = instance._meta;
    let rows: number;
    try {
      rows = yield* deleteByKey(opts, [instance.pk], using);
    } catch (error) {
      yield { kind: "break", alias: using, error };
      throw error;
    }
    instance[opts.pk.attname] = null;
    return [rows, { [opts.label]: rows }];
  }

  private *send(
    signal: typeof preDelete,
    order: readonly (readonly [Options, readonly ModelInstance[]])[],
  ): Task<void> {
    for (const [opts, objects] of order) {
      const { model } = opts;
      if (opts.autoCreated !== null || !signal.hasListeners(model)) continue;
      for (const instance of objects) {
        yield* signal.sendTask(model, { instance, using: this.using, origin: this.origin });
      }
    }
  }

  private *updateFields(): Task<void> {
    for (const [field, byValue] of this.fieldUpdates) {
      for (const [value, parts] of byValue) {
        const unread: WritableQuerySet[] = [];
        const objects: ModelInstance[] = [];
        for (const part of parts) {
          if (!isList(part) && part.results === null) unread.push(part);
          else objects.push(...(isList(part) ? part : (part.results as ModelInstance[])));
        }
        if (unread.length > 0) {
          const combined = unread.reduce((left, right) => left.or(right));
          yield* updateRows(combined, { [field.name]: value });
        }
        const [first] = objects;
        if (first === undefined) continue;
        const pks = [...new Map(objects.map((object) => [identityOf(object), object.pk])).values()];
        yield* updateByKey(first._meta, pks, { [field.name]: value }, this.using);
      }
    }
  }
}

/** Objects without those that are the same row again. */
function eachOnce(objects: readonly ModelInstance[]): Set<ModelInstance> {
  return new Set(new Map(objects.map((object) => [identityOf(object), object])).values());
}

/** Only the columns that the search goes on with: nobody sees the objects. */
function withNeededColumns(rows: WritableQuerySet, opts: Options): WritableQuerySet {
  const names = new Set<string>();
  for (const rel of candidateRelations(opts)) {
    for (const field of (rel.field as ForeignObject).foreignRelatedFields) names.add(field.attname);
  }
  return rows.only(...names);
}

/** The value of `SET(...)`. */
function* valueOf({ value }: OnDelete, field: ForeignObject): Task<unknown> {
  if (typeof value !== "function") return value;
  const made: unknown = value();
  if (typeof made !== "object" || made === null || typeof (made as { then?: unknown }).then !== "function")
    return made;
  return yield { kind: "wait", value: made, what: `SET(...) of '${String(field)}'` };
}

type Order = readonly (readonly [Options, readonly ModelInstance[]])[];

/** The only object that is to be deleted; `null` when there are more, or none. */
function singleOf(order: Order): ModelInstance | null {
  const [first] = order;
  return order.length === 1 && first?.[1].length === 1 ? (first[1][0] as ModelInstance) : null;
}

/** The objects of each model by their keys, the models so that nothing is deleted that is still referred to. */
function deleteOrder(
  data: ReadonlyMap<Options, Instances>,
  dependencies: ReadonlyMap<Options, Set<Options>>,
): Order {
  const models = [...data.keys()];
  const sorted = new Set<Options>();
  const concrete = new Set<Options>();
  while (sorted.size < models.length) {
    const before = sorted.size;
    for (const model of models) {
      if (sorted.has(model)) continue;
      const needed = dependencies.get(model.concreteOpts);
      if (needed !== undefined && [...needed].some((other) => !concrete.has(other))) continue;
      sorted.add(model);
      concrete.add(model.concreteOpts);
    }
    // They depend on each other: any order is as good as another.
    if (sorted.size === before) break;
  }
  const order = sorted.size < models.length ? models : [...sorted];
  return order.map((model) => [model, [...(data.get(model) as Instances).values()].sort(byKey)] as const);
}

function byKey(one: ModelInstance, other: ModelInstance): number {
  const [a, b] = [one.pk, other.pk];
  if (!Array.isArray(a) || !Array.isArray(b)) return compare(a, b);
  for (let i = 0; i < a.length; i++) {
    const difference = compare(a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compare(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

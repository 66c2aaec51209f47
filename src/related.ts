/** The managers of related objects: `box.pizza_set`, `pizza.toppings`, and their `a` forms. */
import { callersWanted, fromCaller, rememberCaller } from "./backends/base/caller.ts";
import { connections } from "./connections.ts";
import { ValueError } from "./errors.ts";
import type { GetOrCreateOptions, UpdateOrCreateOptions } from "./execute/create.ts";
import { count, exists } from "./execute/fetch.ts";
import {
  addToMany,
  clearMany,
  createInMany,
  getOrCreateInMany,
  type ManyToManySide,
  removeFromMany,
  setMany,
  type ThroughOptions,
  updateOrCreateInMany,
} from "./execute/many-to-many.ts";
import {
  addToOne,
  type BulkOptions,
  clearOne,
  createInOne,
  getOrCreateInOne,
  type ManyToOneSide,
  removeFromOne,
  setToOne,
  updateOrCreateInOne,
} from "./execute/many-to-one.ts";
import { PrefetchedRows } from "./execute/prefetched-rows.ts";
import { baseQuerySet, type WritableQuerySet } from "./execute/querysets.ts";
import { runAsync, runSync } from "./execute/run.ts";
import { withOptions } from "./execute/with-options.ts";
import type { Field } from "./fields/field.ts";
import type { PrivateRelation } from "./fields/private.ts";
import type { ForeignKey } from "./fields/related/foreign-key.ts";
import type { ForeignObject } from "./fields/related/foreign-object.ts";
import { ManyToManyField } from "./fields/related/many-to-many.ts";
import { ManyToManyRel, type ManyToOneRel } from "./fields/related/rel.ts";
import { Manager, type ManagerParts } from "./manager.ts";
import { isPkSet } from "./models/descriptors.ts";
import { FETCH_ONE, type FetchMode } from "./models/fetch-modes.ts";
import { lazyLoads } from "./models/lazy-loads.ts";
import type { Options } from "./models/options.ts";
import type { ModelInstance } from "./models/types.ts";
import type { Hint, KnownRelated } from "./query/chain/base.ts";
import { isPlainObject } from "./query/q.ts";
import { relatedKey } from "./query/related-key.ts";
import type { AsyncQuerySet, BaseQuerySet } from "./queryset.ts";
import { dbForRead } from "./router.ts";
import type { Mode, Result, Task } from "./task.ts";
import { repr } from "./util/repr.ts";

type Values = Readonly<Record<string, unknown>>;

/** A queryset that was just made, so that nobody else sees it change. */
interface NewQuerySet {
  hint: Hint | null;
  known: readonly KnownRelated[];
  fetching: FetchMode | null;
}

const BULK = ["bulk"];
const THROUGH = ["throughDefaults"];

/** Objects, and the options that may come after them. */
export function splitOptions<O extends object>(
  args: readonly unknown[],
): { objects: readonly unknown[]; options: O } {
  const last = args[args.length - 1];
  return isPlainObject(last)
    ? { objects: args.slice(0, -1), options: last as O }
    : { objects: args, options: {} as O };
}

/**
 * A manager of the objects that belong to one object.
 *
 * What is the same for all objects of a model is made once, as a manager without an instance; a manager for an
 * instance inherits from it and adds the instance, which is cheap.
 */
export abstract class RelatedManager extends Manager {
  declare instance: ModelInstance;
  /** The default manager of the related model, whose methods and conditions hold here, too. */
  readonly manager: Manager;
  /** The name under which prefetched objects are kept. */
  abstract readonly cacheName: string;

  constructor(manager: Manager) {
    super(manager.parts);
    this.manager = manager;
  }

  /** This manager for an instance. */
  of(instance: ModelInstance): this {
    const own = Object.create(this) as this;
    own.instance = instance;
    if (callersWanted()) rememberCaller(own);
    return own;
  }

  protected abstract again(manager: Manager): RelatedManager;

  protected override copy(changes: Partial<ManagerParts>): Manager {
    const {
      methods = this.methods,
      mode = this.mode,
      model = this.model,
      database = this.database,
    } = changes;
    let manager = this.manager.bind(model, mode);
    for (const more of methods.slice(this.manager.methods.length)) manager = manager.extend(more);
    if (database !== manager.database) manager = manager.dbManager(database);
    return this.again(manager).of(this.instance);
  }

  source(): WritableQuerySet {
    return this.manager.getQueryset() as unknown as WritableQuerySet;
  }

  /** Ties a queryset to the instance. */
  protected abstract apply(queryset: BaseQuerySet): BaseQuerySet;

  override getQueryset(): BaseQuerySet {
    const { prefetched } = this.instance._state;
    if (prefetched !== null) {
      const rows = prefetched.get(this.cacheName);
      if (rows instanceof PrefetchedRows) return this.filled(rows);
    }
    return this.apply(this.manager.getQueryset());
  }

  related(): WritableQuerySet {
    return this.getQueryset().about({ instance: this.instance }) as unknown as WritableQuerySet;
  }

  /** A queryset that has its rows; what is chained to it asks the database. */
  private filled({ rows, queryset }: PrefetchedRows): BaseQuerySet {
    const custom = queryset as unknown as BaseQuerySet | null;
    if (custom?.query.isSliced) return custom.all().fill(rows);
    return this.apply(custom ?? this.manager.getQueryset()).fill(rows);
  }

  /** Marks a new queryset as the instance's: from its database, and with it as the other side. */
  protected adopt<Q extends BaseQuerySet>(queryset: Q, known: readonly KnownRelated[]): Q {
    const made = queryset as unknown as NewQuerySet;
    const { fetchMode } = this.instance._state;
    made.hint = this;
    lazyLoads?.isPlain(queryset);
    if (fetchMode !== FETCH_ONE) made.fetching = fetchMode;
    made.known = known;
    return queryset;
  }

  override all(): BaseQuerySet {
    return this.getQueryset();
  }

  removePrefetched(): void {
    this.instance._state.prefetched?.delete(this.cacheName);
  }

  protected run<T>(task: Task<T>): Result<Mode, T> {
    return this.mode === "sync" ? runSync(task) : (runAsync(task) as Promise<T>);
  }

  override toString(): string {
    const kind = this.constructor.name;
    return this.instance === undefined ? `<${kind}>` : `<${kind} of ${this.model._meta.objectName}>`;
  }
}

/** `await manager` gives all rows. */
export function then<A = unknown[], B = never>(
  this: RelatedManager,
  onFulfilled?: ((rows: unknown[]) => A | PromiseLike<A>) | null,
  onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
): Promise<A | B> {
  const ask = () => (this.all() as AsyncQuerySet).then(onFulfilled, onRejected);
  return callersWanted() ? fromCaller(this, ask) : ask();
}

/** `box.pizza_set`: the objects that refer to one object. Django: "Related objects reference". */
export class ManyToOneRelatedManager extends RelatedManager implements ManyToOneSide {
  readonly field: ForeignObject;
  readonly cacheName: string;
  private readonly rel: ManyToOneRel;
  private readonly foreign: readonly Field[];

  constructor(manager: Manager, rel: ManyToOneRel) {
    super(manager);
    this.rel = rel;
    this.field = rel.field;
    this.foreign = rel.field.foreignRelatedFields;
    this.cacheName = rel.cacheName;
  }

  protected override again(manager: Manager): RelatedManager {
    return manager.mode === "sync"
      ? new ManyToOneRelatedManager(manager, this.rel)
      : new AsyncManyToOneRelatedManager(manager, this.rel);
  }

  override getQueryset(): BaseQuerySet {
    const { instance } = this;
    if (!isPkSet(instance)) {
      throw new ValueError(
        `'${instance._meta.objectName}' instance needs to have a primary key value before this relationship can be used.`,
      );
    }
    return super.getQueryset();
  }

  protected override apply(queryset: BaseQuerySet): BaseQuerySet {
    const { instance, field, foreign } = this;
    const values = foreign.length === 1 ? null : field.getForeignRelatedValue(instance);
    const value = values === null ? instance[(foreign[0] as Field).attname] : null;
    const missing = values === null ? this.isMissing(value) : values.some((one) => this.isMissing(one));
    const own = queryset.stickyFilter({ [field.name]: values === null && !missing ? value : instance });
    const objects = new Map([[relatedKey(values ?? [value]), instance]]);
    return this.adopt(missing ? own.none() : own, [{ field, objects }]);
  }

  private isMissing(value: unknown): boolean {
    if (value === "") {
      const db = this.database ?? dbForRead(this.model, this.instance);
      return connections.features(db).interpretsEmptyStringsAsNulls;
    }
    return value === null || value === undefined;
  }

  /** Makes saved objects related. */
  add(...args: readonly unknown[]): Result<Mode, void> {
    const { objects, options } = splitOptions<BulkOptions>(args);
    return this.run(withOptions("add", options, BULK, addToOne(this, objects, options)));
  }

  /** Sets the relation of these objects to null. */
  remove(...args: readonly unknown[]): Result<Mode, void> {
    const { objects, options } = splitOptions<BulkOptions>(args);
    return this.run(withOptions("remove", options, BULK, removeFromOne(this, objects, options)));
  }

  clear(options: BulkOptions = {}): Result<Mode, void> {
    return this.run(withOptions("clear", options, BULK, clearOne(this, options)));
  }

  set(objects: unknown, options: BulkOptions & { readonly clear?: boolean } = {}): Result<Mode, void> {
    return this.run(withOptions("set", options, ["bulk", "clear"], setToOne(this, objects, options)));
  }

  create(values: Values = {}): unknown {
    return this.run(createInOne(this, values));
  }

  getOrCreate(lookups: Values = {}, options?: GetOrCreateOptions): unknown {
    return this.run(getOrCreateInOne(this, lookups, options));
  }

  updateOrCreate(lookups: Values = {}, options?: UpdateOrCreateOptions): unknown {
    return this.run(updateOrCreateInOne(this, lookups, options));
  }
}

/** `box.apizza_set`. */
export class AsyncManyToOneRelatedManager extends ManyToOneRelatedManager {
  declare then: typeof then;
}

/** `pizza.toppings`, `topping.pizza_set`: the objects at the other end of a table between. */
export class ManyToManyRelatedManager extends RelatedManager implements ManyToManySide {
  readonly cacheName: string;
  readonly throughOpts: Options;
  readonly sourceField: ForeignKey;
  readonly targetField: ForeignKey;
  readonly fromOtherSide: boolean;
  readonly symmetrical: boolean;
  private readonly relation: ManyToManyField | ManyToManyRel;
  /** The conditions that find the instance's objects, each with the attribute that gives its value. */
  private readonly core: readonly (readonly [lookup: string, attname: string])[];

  constructor(manager: Manager, relation: ManyToManyField | ManyToManyRel) {
    super(manager);
    this.relation = relation;
    this.fromOtherSide = relation instanceof ManyToManyRel;
    const field = relation instanceof ManyToManyField ? relation : relation.field;
    const rel = field.remoteField;
    this.throughOpts = rel.throughMeta;
    this.cacheName = this.fromOtherSide ? (rel.accessorName as string) : field.name;
    this.sourceField = this.fromOtherSide ? field.m2mReverseField : field.m2mField;
    this.targetField = this.fromOtherSide ? field.m2mField : field.m2mReverseField;
    this.symmetrical = !this.fromOtherSide && rel.symmetrical;
    const name = this.fromOtherSide ? field.name : field.relatedQueryName();
    this.core = this.sourceField.foreignRelatedFields.map(
      (foreign) => [`${name}__${foreign.name}`, foreign.attname] as const,
    );
  }

  protected override again(manager: Manager): RelatedManager {
    return manager.mode === "sync"
      ? new ManyToManyRelatedManager(manager, this.relation)
      : new AsyncManyToManyRelatedManager(manager, this.relation);
  }

  /** The model of the table between. */
  get through(): unknown {
    return this.throughOpts.model;
  }

  get sourceValue(): unknown {
    return this.sourceField.getForeignRelatedValue(this.instance)[0];
  }

  override of(instance: ModelInstance): this {
    for (const foreign of this.sourceField.foreignRelatedFields) {
      if (instance[foreign.attname] != null) continue;
      throw new ValueError(
        `"${repr(instance)}" needs to have a value for field "${foreign.name}" before this many-to-many relationship ` +
          "can be used.",
      );
    }
    if (!isPkSet(instance)) {
      throw new ValueError(
        `'${instance._meta.objectName}' instance needs to have a primary key value before a many-to-many relationship ` +
          "can be used.",
      );
    }
    return super.of(instance);
  }

  protected override apply(queryset: BaseQuerySet): BaseQuerySet {
    const { instance } = this;
    const conditions: Record<string, unknown> = {};
    for (const [lookup, attname] of this.core) conditions[lookup] = instance[attname];
    return this.adopt(queryset.stickyFilter(conditions), queryset.known);
  }

  /** The rows of the table between, where they say all: how many objects there are, and whether there are any. */
  private rowsBetween(): WritableQuerySet | null {
    const { targetField, manager, instance } = this;
    if (manager.methods.length > 0 || manager.refine !== null || !targetField.dbConstraint) return null;
    if (instance._state.prefetched?.has(this.cacheName)) return null;
    const db = this.database ?? dbForRead(this.throughOpts.model, instance);
    if (!connections.features(db).supportsForeignKeys) return null;
    const conditions: Record<string, unknown> = { [this.sourceField.name]: this.sourceValue };
    if (targetField.null) conditions[`${targetField.name}__isnull`] = false;
    return baseQuerySet(this.throughOpts, db).about(this).filter(conditions);
  }

  exists(): Result<Mode, boolean> {
    return this.run(exists(this.rowsBetween() ?? this.rows()));
  }

  count(): Result<Mode, number> {
    return this.run(count(this.rowsBetween() ?? this.rows()));
  }

  private rows(): WritableQuerySet {
    return this.getQueryset() as unknown as WritableQuerySet;
  }

  /** Relates objects or keys. */
  add(...args: readonly unknown[]): Result<Mode, void> {
    const { objects, options } = splitOptions<ThroughOptions>(args);
    return this.run(withOptions("add", options, THROUGH, addToMany(this, objects, options)));
  }

  remove(...objects: readonly unknown[]): Result<Mode, void> {
    return this.run(removeFromMany(this, objects));
  }

  clear(): Result<Mode, void> {
    return this.run(clearMany(this));
  }

  set(objects: unknown, options: ThroughOptions & { readonly clear?: boolean } = {}): Result<Mode, void> {
    return this.run(
      withOptions("set", options, ["clear", "throughDefaults"], setMany(this, objects, options)),
    );
  }

  create(values: Values = {}, options: ThroughOptions = {}): unknown {
    return this.run(withOptions("create", options, THROUGH, createInMany(this, values, options)));
  }

  getOrCreate(lookups: Values = {}, options: GetOrCreateOptions & ThroughOptions = {}): unknown {
    return this.run(getOrCreateInMany(this, lookups, options));
  }

  updateOrCreate(lookups: Values = {}, options: UpdateOrCreateOptions & ThroughOptions = {}): unknown {
    return this.run(updateOrCreateInMany(this, lookups, options));
  }
}

/** `pizza.atoppings`. */
export class AsyncManyToManyRelatedManager extends ManyToManyRelatedManager {
  declare then: typeof then;
}

for (const Class of [AsyncManyToOneRelatedManager, AsyncManyToManyRelatedManager]) {
  Object.defineProperty(Class.prototype, "then", { value: then, configurable: true, writable: true });
}

type ManyRelation = ManyToOneRel | ManyToManyRel | ManyToManyField | PrivateRelation;

/** The managers without an instance, with the version of the models that they were made for. */
interface Known {
  readonly manager: Manager;
  readonly version: number;
  readonly made: RelatedManager;
}

const known: Readonly<Record<Mode, WeakMap<ManyRelation, Known>>> = {
  sync: new WeakMap(),
  async: new WeakMap(),
};

/** The manager of the many side of a relation, for an instance. */
export function makeRelatedManager(
  instance: ModelInstance,
  relation: ManyRelation,
  mode: Mode,
): RelatedManager {
  const { version } = instance._meta.apps;
  let entry = known[mode].get(relation);
  if (entry === undefined || entry.version !== version) {
    const opts =
      "makeManager" in relation || relation instanceof ManyToManyField
        ? relation.remoteField.opts
        : relation.relatedOpts;
    const manager = opts.defaultManager(mode) as Manager;
    entry = { manager, version, made: makeFor(relation, manager) };
    known[mode].set(relation, entry);
  }
  return entry.made.of(instance);
}

function makeFor(relation: ManyRelation, manager: Manager): RelatedManager {
  if ("makeManager" in relation) return relation.makeManager(manager) as RelatedManager;
  const isSync = manager.mode === "sync";
  if (relation instanceof ManyToManyField || relation instanceof ManyToManyRel) {
    return isSync
      ? new ManyToManyRelatedManager(manager, relation)
      : new AsyncManyToManyRelatedManager(manager, relation);
  }
  return isSync
    ? new ManyToOneRelatedManager(manager, relation)
    : new AsyncManyToOneRelatedManager(manager, relation);
}

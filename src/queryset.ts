/**
 * Querysets and managers of both colours. A method that asks the database is one line: a task, run as the colour says.
 * What users see of these classes is typed in `types/queryset.ts`.
 */
import { inspect } from "node:util";
import { callersWanted, fromCaller } from "./backends/base/caller.ts";
import { runWithSignal } from "./backends/base/signal.ts";
import { connections } from "./connections.ts";
import { ArgumentTypeError, NotImplementedError, ValueError } from "./errors.ts";
import { type BulkCreateOptions, type BulkUpdateOptions, bulkCreate, bulkUpdate } from "./execute/bulk.ts";
import { create, getOrCreate, updateOrCreate } from "./execute/create.ts";
import { deleteRows } from "./execute/delete.ts";
import {
  aggregate,
  contains,
  count,
  earliest,
  exists,
  explain,
  fetchRows,
  first,
  getOne,
  quickGet,
  rowAt,
} from "./execute/fetch.ts";
import { inBulk } from "./execute/in-bulk.ts";
import { indexRows } from "./execute/index-rows.ts";
import { closeStream, nextChunk, openStream, type Stream } from "./execute/iterator.ts";
import { prefetchRelatedObjects } from "./execute/prefetch.ts";
import type { OnProgress } from "./execute/progress.ts";
import { AsyncRawQuerySet, type BaseRawQuerySet, type RawOptions, RawQuerySet } from "./execute/raw.ts";
import { askAsync, askSync, runAsync, runSync } from "./execute/run.ts";
import { updateRows } from "./execute/update.ts";
import { lazily, withOptions } from "./execute/with-options.ts";
import type { DeleteResult } from "./models/hooks.ts";
import type { ModelClass, ModelInstance } from "./models/types.ts";
import { ChainBase, type ChainState } from "./query/chain/base.ts";
import { QuerySetChain } from "./query/chain/chain.ts";
import { planFor } from "./query/plan.ts";
import { isPlainObject } from "./query/q.ts";
import { ROOT_VALUES, Shape, type Step } from "./query/shape.ts";
import { dbForRead, dbForWrite } from "./router.ts";
import { Node } from "./sql/node.ts";
import type { Mode, Result, Task } from "./task.ts";
import { checkOptions } from "./util/check-options.ts";
import { repr } from "./util/repr.ts";

type Values = Readonly<Record<string, unknown>>;

/** The state of a model's first queryset. */
export function rootState(model: ModelClass, mode: Mode, database: string | null = null): ChainState {
  return {
    model,
    mode,
    database,
    hint: null,
    fields: null,
    prefetches: [],
    known: [],
    fetching: null,
    signal: null,
  };
}

/** A lazy question to the database. Django: "QuerySet API reference". */
export abstract class BaseQuerySet extends QuerySetChain {
  /** The rows, once they were fetched. */
  results: readonly unknown[] | null = null;
  private prefetched = false;

  /** The alias of the database that is asked. */
  get db(): string {
    if (this.database !== null) return this.database;
    const { model, hint } = this;
    const instance = hint === null ? null : hint.instance;
    return this.shape.query.selectForUpdate === null
      ? dbForRead(model, instance)
      : dbForWrite(model, instance);
  }

  protected run<T>(task: Task<T>): Result<Mode, T> {
    if (callersWanted()) return fromCaller(this, () => this.runHere(task));
    return this.runHere(task);
  }

  private runHere<T>(task: Task<T>): Result<Mode, T> {
    if (this.signal !== null) return runWithSignal(this.signal, () => this.drive(task));
    return this.drive(task);
  }

  private drive<T>(task: Task<T>): Result<Mode, T> {
    return this.mode === "sync" ? runSync(task) : (runAsync(task) as Promise<T>);
  }

  derive(step: Step): this {
    return this.with(step);
  }

  filterWith(args: readonly unknown[]): this {
    return this.filter(...args);
  }

  /** Fetches the rows once, with what is to be prefetched. */
  *fetch(): Task<readonly unknown[]> {
    this.results ??= yield* fetchRows(this);
    if (this.prefetches.length > 0 && !this.prefetched) {
      yield* prefetchRelatedObjects(this.results as ModelInstance[], this.prefetches);
      this.prefetched = true;
    }
    return this.results;
  }

  /** Takes rows as fetched, as prefetching does. */
  fill(rows: readonly unknown[]): this {
    this.results = rows;
    this.prefetched = true;
    return this;
  }

  override slice(start: number | null = null, stop: number | null = null): this {
    if (this.results === null) return super.slice(start, stop);
    const copy = super.slice(start, stop);
    return copy.fill(this.results.slice(start ?? 0, stop ?? undefined));
  }

  eval(): unknown {
    return this.run(rowsOf(this.fetch()));
  }

  get(...args: readonly unknown[]): unknown {
    try {
      const plain = args.length === 1 && this.signal === null && !connections.pending;
      const quick = plain ? quickGet(this, args[0]) : null;
      if (quick === null) return this.run(getOne(this, args));
      return this.mode === "sync" ? askSync(quick) : askAsync(quick);
    } catch (error) {
      if (this.mode === "sync") throw error;
      return Promise.reject(error);
    }
  }

  at(index: number): unknown {
    return this.run(rowAt(this, index));
  }

  item(index: number): unknown {
    return this.at(index);
  }

  first(): unknown {
    return this.run(
      lazily(() => {
        if (!this.ordered) this.checkGroupOrder("first");
        return first(this.ordered ? this : this.orderBy("pk"));
      }),
    );
  }

  last(): unknown {
    return this.run(
      lazily(() => {
        if (!this.ordered) this.checkGroupOrder("last");
        return first(this.ordered ? this.reverse() : this.orderBy("-pk"));
      }),
    );
  }

  earliest(...fields: readonly unknown[]): unknown {
    return this.run(lazily(() => this.edge(fields, false)));
  }

  latest(...fields: readonly unknown[]): unknown {
    return this.run(lazily(() => this.edge(fields, true)));
  }

  private edge(fields: readonly unknown[], latest: boolean): Task<unknown> {
    this.refuseSliced("Cannot change a query once a slice has been taken.");
    return earliest(latest ? this.reverse() : this, fields);
  }

  count(): Result<Mode, number> {
    return this.run(count(this));
  }

  exists(): Result<Mode, boolean> {
    return this.run(exists(this));
  }

  contains(object: unknown): Result<Mode, boolean> {
    return this.run(contains(this, object));
  }

  aggregate(...args: readonly unknown[]): Result<Mode, Record<string, unknown>> {
    return this.run(aggregate(this, args));
  }

  inBulk(
    ids: Iterable<unknown> | null = null,
    options: { fieldName?: string } = {},
  ): Result<Mode, Map<unknown, unknown>> {
    const task = () => inBulk(this, ids, options.fieldName ?? "pk");
    return this.run(withOptions("inBulk", options, ["fieldName"], lazily(task)));
  }

  explain(options: Values = {}): Result<Mode, string> {
    return this.run(
      lazily(() => {
        if (!isPlainObject(options))
          throw new ArgumentTypeError(`explain() takes an object of options, not ${repr(options)}.`);
        return explain(this, options);
      }),
    );
  }

  create(values: Values = {}): unknown {
    return this.run(create(this, values));
  }

  getOrCreate(lookups: Values = {}, options: { defaults?: Values } = {}): unknown {
    return this.run(getOrCreate(this, lookups, options));
  }

  updateOrCreate(
    lookups: Values = {},
    options: { defaults?: Values; createDefaults?: Values } = {},
  ): unknown {
    return this.run(updateOrCreate(this, lookups, options));
  }

  bulkCreate(objects: Iterable<unknown>, options: BulkCreateOptions = {}): unknown {
    return this.run(bulkCreate(this, objects, options));
  }

  bulkUpdate(
    objects: Iterable<unknown>,
    fields: readonly string[],
    options: BulkUpdateOptions = {},
  ): unknown {
    return this.run(bulkUpdate(this, objects, fields, options));
  }

  update(values: Values): Result<Mode, number> {
    return this.run(
      lazily(() => {
        if (!isPlainObject(values))
          throw new ArgumentTypeError(`update() takes an object of fields and values, not ${repr(values)}.`);
        return updateRows(this, values);
      }),
    );
  }

  delete(options: { onProgress?: OnProgress } = {}): Result<Mode, DeleteResult> {
    return this.run(deleteRows(this, options));
  }

  raw(text: string, params: readonly unknown[] | Values = [], options: RawOptions = {}): BaseRawQuerySet {
    checkOptions("raw", options, ["translations", "using"]);
    const Raw = this.mode === "sync" ? RawQuerySet : AsyncRawQuerySet;
    return new Raw(
      this.model,
      this.mode,
      text,
      params,
      { using: options.using ?? this.db, fetching: this.fetching, signal: this.signal, ...options },
      this.prefetches,
    );
  }

  /** Adds methods to this queryset and those chained to it. */
  extend(methods: object): this {
    const Extended = extendedClass(this.constructor as typeof SyncQuerySet, methods);
    const copy = new Extended(this.state, this.shape, this.bindings);
    return copy as unknown as this;
  }

  /** The SQL, for reading. */
  protected get sql(): string {
    const { plan, params } = planFor(this.shape, connections.ops(this.db), this.bindings);
    if (plan.sql === null) return "-- no rows: the database is not asked";
    return params.length === 0
      ? plan.sql
      : `${plan.sql} -- ${inspect(params, { breakLength: Number.POSITIVE_INFINITY })}`;
  }

  protected checkChunkSize(options: { chunkSize?: number | null }): number {
    checkOptions("iterator", options, ["chunkSize"]);
    const { chunkSize } = options;
    if (chunkSize == null) {
      if (this.prefetches.length > 0) {
        throw new ValueError(
          "chunkSize must be provided when using QuerySet.iterator() after prefetchRelated().",
        );
      }
      return 2000;
    }
    if (!Number.isInteger(chunkSize) || chunkSize <= 0)
      throw new ValueError("Chunk size must be strictly positive.");
    return chunkSize;
  }
}

function* rowsOf(task: Task<readonly unknown[]>): Task<unknown[]> {
  return [...(yield* task)];
}

/** A queryset whose methods return values. */
export class SyncQuerySet extends BaseQuerySet {
  [Symbol.iterator](): Iterator<unknown> {
    return (this.run(this.fetch()) as readonly unknown[])[Symbol.iterator]();
  }

  get length(): number {
    return (this.run(this.fetch()) as readonly unknown[]).length;
  }

  /** Reads the rows in chunks and keeps none. */
  iterator(options: { chunkSize?: number | null } = {}): IterableIterator<unknown> {
    return this.stream(this.checkChunkSize(options));
  }

  private *stream(chunkSize: number): Generator<unknown> {
    const stream = this.run(openStream(this, chunkSize)) as Stream;
    const next = () => this.run(nextChunk(stream)) as readonly unknown[];
    try {
      for (let chunk = next(); chunk.length > 0; chunk = next()) yield* chunk;
    } finally {
      runSync(closeStream(stream));
    }
  }

  override toString(): string {
    return this.sql;
  }

  [inspect.custom](): string {
    const rows = this.results ?? runSync(this.slice(0, 21).fetch());
    const shown = rows.slice(0, 20).map((row) => inspect(row));
    return `<QuerySet [${shown.join(", ")}${rows.length > 20 ? ", ...(remaining elements truncated)..." : ""}]>`;
  }
}

/** A queryset whose methods return promises; `await queryset` gives its rows. */
export class AsyncQuerySet extends BaseQuerySet {
  then<A = unknown[], B = never>(
    onFulfilled?: ((rows: unknown[]) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.run(rowsOf(this.fetch())) as Promise<unknown[]>).then(onFulfilled, onRejected);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    yield* await this.run(this.fetch());
  }

  get length(): never {
    throw new NotImplementedError("An async queryset has no length: use 'await queryset.count()'.");
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new NotImplementedError(
      "An async queryset has no value of its own: use 'await queryset.count()' or 'await queryset.exists()'.",
    );
  }

  /** Reads the rows in chunks and keeps none. */
  iterator(options: { chunkSize?: number | null } = {}): AsyncIterableIterator<unknown> {
    return this.stream(this.checkChunkSize(options));
  }

  private async *stream(chunkSize: number): AsyncGenerator<unknown> {
    const stream = await this.run(openStream(this, chunkSize));
    const next = () => this.run(nextChunk(stream));
    try {
      for (let chunk = await next(); chunk.length > 0; chunk = await next()) yield* chunk;
    } finally {
      await runAsync(closeStream(stream));
    }
  }

  override toString(): string {
    return `<AsyncQuerySet [...${this.model._meta.objectName}]>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

type QuerySetClass = new (state: ChainState, shape: Shape, values: readonly unknown[]) => BaseQuerySet;

/** A class of querysets with further methods. */
export function extendedClass(Base: QuerySetClass, methods: object): QuerySetClass {
  const Extended = class extends (Base as new (
    ...args: ConstructorParameters<QuerySetClass>
  ) => SyncQuerySet) {};
  Object.defineProperty(Extended, "name", { value: Base.name });
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(methods))) {
    if (name in BaseQuerySet.prototype && typeof property.value !== "function") {
      throw new ArgumentTypeError(`extend() cannot replace '${name}' of querysets by a value.`);
    }
    Object.defineProperty(Extended.prototype, name, { ...property, enumerable: false });
  }
  return Extended as unknown as QuerySetClass;
}

export function querySetClass(mode: Mode): QuerySetClass {
  return mode === "sync" ? SyncQuerySet : AsyncQuerySet;
}

export function rootQuerySet(model: ModelClass, mode: Mode, database: string | null = null): BaseQuerySet {
  const Class = querySetClass(mode);
  return new Class(rootState(model, mode, database), Shape.root(model), ROOT_VALUES);
}

indexRows(ChainBase.prototype, Node.prototype);

import { inspect } from "node:util";
import { runWithSignal } from "../backends/base/signal.ts";
import { connections } from "../connections.ts";
import { ArgumentTypeError, FieldDoesNotExist, IndexError, NotImplementedError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { FETCH_ONE, type FetchMode, linkPeers } from "../models/fetch-modes.ts";
import { lazyLoads } from "../models/lazy-loads.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import type { Prefetch } from "../query/prefetch.ts";
import { dbForRead } from "../router.ts";
import { undefinedError } from "../sql/node.ts";
import type { Cursor, Mode, Rows, Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { indexRows } from "./index-rows.ts";
import { prefetchRelatedObjects } from "./prefetch.ts";
import { runAsync, runSync } from "./run.ts";

/** Options of `raw()`. */
export interface RawOptions {
  /** The fetch mode of the objects; `null`: `FETCH_ONE`. */
  readonly fetching?: FetchMode | null;
  /** Columns of the query -> names of fields. */
  readonly translations?: Readonly<Record<string, string>>;
  readonly using?: string;
  /** What aborts the query. */
  readonly signal?: AbortSignal | null;
}

type Params = readonly unknown[] | Readonly<Record<string, unknown>>;
type RawClass = new (...args: ConstructorParameters<typeof RawQuerySet>) => BaseRawQuerySet;

/**
 * Objects from the user's own SQL, in which `%s` (or `%(name)s`) stands for a parameter.
 *
 * Columns that are not selected are deferred; columns that are no fields become attributes.
 *
 * Django: "Performing raw SQL queries".
 */
export abstract class BaseRawQuerySet {
  readonly model: ModelClass;
  readonly mode: Mode;
  readonly rawQuery: string;
  readonly params: Params;
  readonly translations: Readonly<Record<string, string>>;
  readonly db: string;
  readonly prefetches: readonly (string | Prefetch)[];
  readonly fetching: FetchMode | null;
  readonly signal: AbortSignal | null;
  private results: unknown[] | null = null;

  constructor(
    model: ModelClass,
    mode: Mode,
    rawQuery: string,
    params: Params,
    options: RawOptions,
    prefetches: readonly (string | Prefetch)[],
  ) {
    this.model = model;
    this.mode = mode;
    this.rawQuery = rawQuery;
    this.params = params;
    this.translations = options.translations ?? {};
    this.db = options.using ?? dbForRead(model, null);
    this.prefetches = prefetches;
    this.fetching = options.fetching ?? null;
    this.signal = options.signal ?? null;
  }

  private copy(changes: {
    using?: string;
    prefetches?: readonly (string | Prefetch)[];
    fetching?: FetchMode | null;
  }): this {
    const { using = this.db, prefetches = this.prefetches, fetching = this.fetching } = changes;
    const options = { translations: this.translations, using, fetching, signal: this.signal };
    return new (this.constructor as RawClass)(
      this.model,
      this.mode,
      this.rawQuery,
      this.params,
      options,
      prefetches,
    ) as this;
  }

  using(alias: string): this {
    return this.copy({ using: alias });
  }

  fetchMode(mode: FetchMode): this {
    return this.copy({ fetching: mode === FETCH_ONE ? null : mode });
  }

  prefetchRelated(...lookups: readonly (string | Prefetch | null)[]): this {
    if (lookups.length === 1 && lookups[0] === null) return this.copy({ prefetches: [] });
    return this.copy({ prefetches: [...this.prefetches, ...(lookups as readonly (string | Prefetch)[])] });
  }

  /** Fetches the objects once. */
  *fetch(): Task<unknown[]> {
    if (this.results === null) {
      const results = yield* rawRows(this);
      if (this.fetching !== null) {
        for (const instance of results) instance._state.fetchMode = this.fetching;
        if (this.fetching.trackPeers) linkPeers(results);
      }
      lazyLoads?.fetched(results, null, undefined);
      if (this.prefetches.length > 0) yield* prefetchRelatedObjects(results, this.prefetches);
      this.results = results;
    }
    return this.results;
  }

  protected now(): unknown[] {
    return this.signal === null
      ? runSync(this.fetch())
      : runWithSignal(this.signal, () => runSync(this.fetch()));
  }

  protected later(): Promise<unknown[]> {
    return this.signal === null
      ? runAsync(this.fetch())
      : runWithSignal(this.signal, () => runAsync(this.fetch()));
  }

  toString(): string {
    return `<RawQuerySet: ${this.rawQuery}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

indexRows(BaseRawQuerySet.prototype, Object.prototype);

/** The object at `index`, which may count from the end: all are fetched, as the statement is not ours to change. */
function rowOf(rows: readonly unknown[], index: number): unknown {
  if (!Number.isInteger(index))
    throw new ArgumentTypeError(`RawQuerySet indices must be integers, not ${repr(index)}.`);
  if (index >= rows.length || index < -rows.length)
    throw new IndexError(`There is no row at index ${index}.`);
  return rows.at(index);
}

/** Gives its objects at once. */
export class RawQuerySet extends BaseRawQuerySet {
  eval(): unknown[] {
    return [...this.now()];
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.now()[Symbol.iterator]();
  }

  iterator(): Iterator<unknown> {
    return this[Symbol.iterator]();
  }

  get length(): number {
    return this.now().length;
  }

  at(index: number): unknown {
    return rowOf(this.now(), index);
  }

  slice(start?: number, stop?: number): unknown[] {
    return this.now().slice(start, stop);
  }
}

/** Gives promises of its objects, and may be awaited. */
export class AsyncRawQuerySet extends BaseRawQuerySet {
  async eval(): Promise<unknown[]> {
    return [...(await this.later())];
  }

  then<A = unknown[], B = never>(
    onFulfilled?: ((rows: unknown[]) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.eval().then(onFulfilled, onRejected);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    yield* await this.later();
  }

  iterator(): AsyncIterator<unknown> {
    return this[Symbol.asyncIterator]();
  }

  async at(index: number): Promise<unknown> {
    return rowOf(await this.later(), index);
  }

  async slice(start?: number, stop?: number): Promise<unknown[]> {
    return (await this.later()).slice(start, stop);
  }

  get length(): never {
    throw new NotImplementedError("An async queryset has no length: use '(await queryset).length'.");
  }
}

/** Writes the parameters' places as the database wants them. */
export function bindRaw(text: string, given: Params, alias: string): { sql: string; params: unknown[] } {
  const ops = connections.ops(alias);
  const params: unknown[] = [];
  const bind = (value: unknown): string => {
    if (value === undefined) throw undefinedError();
    params.push(ops.adaptUnknownValue(value));
    return ops.placeholder(params.length);
  };
  let next = 0;
  // Without any parameters the text is sent as it is, percent signs and all.
  if (Array.isArray(given) && given.length === 0) return { sql: text, params };
  const sql = text.replace(/%%|%s|%\((\w+)\)s/g, (mark, name: string | undefined) => {
    if (mark === "%%") return "%";
    if (name !== undefined) {
      if (Array.isArray(given))
        throw new ArgumentTypeError(`The query names '${name}', but its parameters are a list.`);
      return bind((given as Readonly<Record<string, unknown>>)[name]);
    }
    if (!Array.isArray(given))
      throw new ArgumentTypeError("The query has %s, but its parameters have names.");
    if (next >= given.length)
      throw new ArgumentTypeError(`The query has more %s than the ${given.length} parameters given.`);
    return bind(given[next++]);
  });
  if (Array.isArray(given) && next < given.length)
    throw new ArgumentTypeError(`The query has ${next} %s for the ${given.length} parameters given.`);
  return { sql, params };
}

function* rawRows(queryset: BaseRawQuerySet): Task<ModelInstance[]> {
  const { model, db } = queryset;
  const { sql, params } = bindRaw(queryset.rawQuery, queryset.params, db);
  const cursor = (yield {
    kind: "open",
    alias: db,
    sql,
    params,
    bigints: true,
    chunkSize: CHUNK,
    whole: true,
  }) as Cursor & {
    handle: { columns?: readonly string[]; types?: readonly (string | null)[] };
  };
  const { columns = [], types = [] } = cursor.handle;
  const read = rawReader(model, columns, types, queryset.translations, db);
  const results: ModelInstance[] = [];
  for (;;) {
    const rows = (yield { kind: "fetch", alias: db, cursor }) as Rows;
    for (const row of rows) results.push(read(row));
    if (rows.length < CHUNK) return results;
  }
}

const CHUNK = 2000;

/** Makes objects of rows whose columns are known only now. */
function rawReader(
  model: ModelClass,
  columns: readonly string[],
  types: readonly (string | null)[],
  translations: Readonly<Record<string, string>>,
  alias: string,
): (row: unknown[]) => ModelInstance {
  const ops = connections.ops(alias);
  const names = columns.map((column) => translations[column] ?? column);
  const byName = new Map<string, Field>();
  for (const field of model._meta.concreteFields) {
    byName.set(field.column, field);
    for (const [column, name] of Object.entries(translations)) {
      if (name === field.name || name === field.attname) byName.set(translations[column] as string, field);
    }
  }
  const fields = names.map((name) => byName.get(name) ?? null);
  const { pkFields } = model._meta;
  if (pkFields.length > 1 || pkFields.some((field) => !fields.includes(field))) {
    throw new FieldDoesNotExist("Raw query must include the primary key");
  }
  const attnames = fields.filter((field): field is Field => field !== null).map(({ attname }) => attname);
  const converters = fields.map((field, i) =>
    field === null
      ? ops.values.declaredConverter(types[i] ?? null)
      : field.fromDb(ops, { column: true, bigints: true }),
  );
  return (row) => {
    const values: unknown[] = [];
    const extra: [string, unknown][] = [];
    fields.forEach((field, i) => {
      const raw = row[i];
      const convert = converters[i];
      const value = raw === null || !convert ? raw : convert(raw);
      if (field === null) extra.push([names[i] as string, plain(value)]);
      else values.push(value);
    });
    const instance = model.fromDb(alias, attnames, values);
    for (const [name, value] of extra) instance[name] = value;
    return instance;
  };
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

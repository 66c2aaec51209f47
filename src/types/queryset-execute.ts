/** The methods that run a query. Django: "Methods that do not return QuerySets". */
import type { Mode, Result } from "../task.ts";
import type { AnyExpression } from "./expressions.ts";
import type { CreateArg, PartialArg } from "./init.ts";
import type { DeleteResult, InstanceOf, OnProgress } from "./instances.ts";
import type { SubqueryLike } from "./lookups.ts";
import type { PkInOf, PkOf } from "./names.ts";
import type { ColumnNames, PathValue } from "./paths.ts";
import type { Q } from "./q.ts";
import type { Empty } from "./queryset.ts";
import type { AnnotationArgs, AnnotationsOf, Named, OrderArgs } from "./rows.ts";
import type { Later } from "./util.ts";
import type { BooleanExpression, Condition, FirstCondition, Suggested } from "./where.ts";

/** Options of `bulkCreate`. */
export interface BulkCreateOptions<Name extends string> {
  /** Rows per statement; the default is as many as the database takes. */
  batchSize?: number | null;
  /** Leave out rows that a constraint refuses; keys are not set then. */
  ignoreConflicts?: boolean;
  /** Update rows that exist. */
  updateConflicts?: boolean;
  /** What is updated then. */
  updateFields?: readonly Name[];
  /** The unique fields that tell that a row exists. */
  uniqueFields?: readonly Name[];
  /** Told after each statement how many objects are inserted, of how many. */
  onProgress?: OnProgress;
}

/** Options of `bulkUpdate`. */
export interface BulkUpdateOptions {
  /** Objects per statement; the default is as many as the database takes. */
  batchSize?: number | null;
  /** Told after each statement how many objects are updated, of how many. */
  onProgress?: OnProgress;
}

/** Options of `explain`; more may be taken by a database. */
export interface ExplainOptions {
  format?: string;
  readonly [option: string]: unknown;
}

/** The methods that make single objects; related managers have their own. */
export interface QuerySetCreate<C extends Mode, M, A> {
  /**
   * Makes an object and inserts it. Django: QuerySet API reference, `create()`.
   *
   * @throws `IntegrityError` when a constraint refuses it
   * @example `Topping.objects.create({ name: "Bacon" }) // INSERT INTO testapp_topping (name) VALUES ('Bacon')`
   */
  create<W = Empty>(values: CreateArg<M, W>): Result<C, InstanceOf<M>>;

  /**
   * The object with these values, made when there is none: `[object, created]`.
   * Django: QuerySet API reference, `get_or_create()`.
   *
   * @param lookups conditions, which are also the values of a new object
   * @param options `defaults`: further values of a new object
   * @throws `MultipleObjectsReturned`
   */
  getOrCreate<W = Empty, D = Empty>(
    lookups: Condition<M, A, W>,
    options?: { defaults?: PartialArg<M, D> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;

  /**
   * Updates the object with these values, or makes one: `[object, created]`.
   * Django: QuerySet API reference, `update_or_create()`.
   *
   * @param options `defaults`: the new values; `createDefaults`: those of a new object instead
   */
  updateOrCreate<W = Empty, D = Empty, D2 = Empty>(
    lookups: Condition<M, A, W>,
    options?: { defaults?: PartialArg<M, D>; createDefaults?: PartialArg<M, D2> },
  ): Result<C, [object: InstanceOf<M>, created: boolean]>;
}

/** See {@link "./queryset.ts"!SyncQueries} for the parameters. */
export interface QuerySetExecute<C extends Mode, M, Row, A> extends SubqueryLike<M, Row> {
  /** The alias of the database that the query will use. */
  readonly db: string;
  /** `true` when the query has an order, also by `Meta.ordering`. */
  readonly ordered: boolean;
  /**
   * `true` when the order leaves no two rows in an arbitrary order: it has the primary key, or something else that
   * is unique and not null. Orders by relations, by `extra` and by other expressions than `F` do not count.
   * Django: QuerySet API reference, `totally_ordered`.
   */
  readonly totallyOrdered: boolean;
  /** The SQL of the query, for reading; never run it. */
  toString(): string;

  /** All rows, fetched once and kept. */
  eval(): Result<C, Row[]>;

  /**
   * The one row for which the conditions hold. Django: QuerySet API reference, `get()`.
   *
   * @throws the model's `DoesNotExist`, or its `MultipleObjectsReturned`
   * @example `Pizza.objects.get({ id: 1 }) // ... WHERE id = 1 LIMIT 21`
   */
  get<W2, W1 = Suggested<M, A>>(
    first?: FirstCondition<M, A, W1>,
    second?: Condition<M, A, W2>,
    ...more: readonly (Q | BooleanExpression)[]
  ): Result<C, Row>;

  /**
   * Inserts many objects with few statements. Django: QuerySet API reference, `bulk_create()`.
   *
   * @returns the objects, with their keys where the database gives them
   */
  bulkCreate(
    objects: Iterable<InstanceOf<M>>,
    options?: BulkCreateOptions<ColumnNames<M>>,
  ): Result<C, InstanceOf<M>[]>;

  /**
   * Updates the named fields of many objects with few statements. Django: QuerySet API reference, `bulk_update()`.
   *
   * @returns how many rows matched
   */
  bulkUpdate(
    objects: Iterable<InstanceOf<M>>,
    fields: readonly ColumnNames<M>[],
    options?: BulkUpdateOptions,
  ): Result<C, number>;

  /** How many rows there are. Django: QuerySet API reference, `count()`. */
  count(): Result<C, number>;

  /**
   * Objects by key, or by a unique field. Django: QuerySet API reference, `in_bulk()`.
   *
   * @throws `ValueError` when the field is not unique
   * @example `Pizza.objects.inBulk([1, 2]) // Map { 1 => Pizza, 2 => Pizza }`
   */
  inBulk(ids?: Iterable<PkInOf<M>> | null): Result<C, Map<PkOf<M>, Row>>;
  inBulk<const P extends ColumnNames<M>>(
    ids: Iterable<NoInfer<NonNullable<PathValue<M, Empty, P>>>> | null,
    options: { fieldName: P },
  ): Result<C, Map<Later<P, NonNullable<PathValue<M, Empty, P>>>, Row>>;

  /**
   * Streams the rows in chunks; nothing is kept. Django: QuerySet API reference, `iterator()`.
   *
   * @param options `chunkSize`: rows per read (default 2000)
   */
  iterator(options?: {
    chunkSize?: number;
  }): C extends "sync" ? IterableIterator<Row> : AsyncIterableIterator<Row>;

  /**
   * The row that is latest by the given paths, or by `Meta.getLatestBy`. Django: QuerySet API reference, `latest()`.
   *
   * @throws `DoesNotExist`
   */
  latest<const P extends readonly (string | AnyExpression)[]>(...names: OrderArgs<M, A, P>): Result<C, Row>;

  /** The row that is earliest; see {@link latest}. Django: QuerySet API reference, `earliest()`. */
  earliest<const P extends readonly (string | AnyExpression)[]>(...names: OrderArgs<M, A, P>): Result<C, Row>;

  /** The first row, or `null`; ordered by key when there is no order. Django: QuerySet API reference, `first()`. */
  first(): Result<C, Row | null>;

  /** The last row, or `null`. Django: QuerySet API reference, `last()`. */
  last(): Result<C, Row | null>;

  /**
   * Values computed over all rows. Django: QuerySet API reference, `aggregate()`.
   *
   * @example `Price.objects.aggregate({ total: Sum("amount") }) // { total: Decimal | null }`
   */
  aggregate<const P extends readonly (AnyExpression | Named)[]>(
    ...expressions: AnnotationArgs<M, A, P, never>
  ): Result<C, AnnotationsOf<M, A, P>>;

  /** Whether there is a row. Django: QuerySet API reference, `exists()`. */
  exists(): Result<C, boolean>;

  /**
   * Updates all rows with one statement, without loading them, and returns how many matched.
   * Django: QuerySet API reference, `update()`.
   *
   * @throws `FieldError` for a name that is no column
   * @example `Price.objects.update({ amount: F("amount").mul(2) }) // UPDATE testapp_price SET amount = (amount * 2)`
   */
  update<W = Empty>(values: PartialArg<M, W>): Result<C, number>;

  /**
   * Deletes all rows and what depends on them; returns how many, in all and per label.
   * Django: QuerySet API reference, `delete()`.
   *
   * @param options `onProgress`: told how many of the objects that had to be loaded are deleted, of how many
   * @throws `ProtectedError`, `RestrictedError`
   */
  delete(options?: { onProgress?: OnProgress }): Result<C, DeleteResult>;

  /** How the database would run the query. Django: QuerySet API reference, `explain()`. */
  explain(options?: ExplainOptions): Result<C, string>;

  /**
   * Whether an object is among the rows. Django: QuerySet API reference, `contains()`.
   *
   * @throws `ArgumentTypeError` after `values` or `valuesList`
   */
  contains(object: InstanceOf<M>): Result<C, boolean>;

  /**
   * Row `index`; negative numbers count from the end.
   *
   * @throws `RangeError` when there is no such row
   */
  at(index: number): Result<C, Row>;

  /** {@link at}, under the name that asgimod gives it. */
  item(index: number): Result<C, Row>;
}

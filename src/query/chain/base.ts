/** What a queryset is, before its methods: a shape, the values apart from it, and what it passes on. */

import { callersWanted, rememberCaller } from "../../backends/base/caller.ts";
import { ArgumentTypeError, NotSupportedError } from "../../errors.ts";
import type { Expression } from "../../expressions/base.ts";
import { Subquery } from "../../expressions/subquery.ts";
import type { FetchMode } from "../../models/fetch-modes.ts";
import type { ModelClass, ModelInstance } from "../../models/types.ts";
import { type Capture, type Cursor, Node } from "../../sql/node.ts";
import type { Mode } from "../../task.ts";
import { repr } from "../../util/repr.ts";
import type { Prefetch } from "../prefetch.ts";
import type { Query } from "../query.ts";
import type { RowKind, Shape, Step } from "../shape.ts";

/** Objects that rows of a related manager belong to, by {@link relatedKey} of what the rows' field refers to. */
export interface KnownRelated {
  readonly field: KnownField;
  readonly objects: ReadonlyMap<unknown, ModelInstance>;
}

interface KnownField {
  readonly name: string;
  isCached(instance: ModelInstance): boolean;
  getLocalRelatedValue(instance: ModelInstance): readonly unknown[];
}

/** What a queryset passes on to those chained to it. */
export interface ChainState {
  readonly model: ModelClass;
  readonly mode: Mode;
  /** The database that `using()` named. */
  readonly database: string | null;
  /** The object that the query is about, for the routers: whose related objects these are. */
  readonly hint: Hint | null;
  /** The names of `values()`; `null` for instances. */
  readonly fields: readonly string[] | null;
  readonly prefetches: readonly (string | Prefetch)[];
  readonly known: readonly KnownRelated[];
  /** What instances do when a value is read that is not loaded; `null`: `FETCH_ONE`. */
  readonly fetching: FetchMode | null;
  /** What aborts the queries; `null`: nothing but the signal of the code around. */
  readonly signal: AbortSignal | null;
}

/** What a query is about: an object, and where it is a relation that is followed, its name there. */
export interface Hint {
  readonly instance: ModelInstance;
  readonly cacheName?: string;
}

export type Constructor = new (state: ChainState, shape: Shape, values: readonly unknown[]) => ChainBase;

export abstract class ChainBase extends Node implements ChainState {
  readonly model: ModelClass;
  readonly mode: Mode;
  readonly database: string | null;
  readonly hint: Hint | null;
  readonly fields: readonly string[] | null;
  readonly prefetches: readonly (string | Prefetch)[];
  readonly known: readonly KnownRelated[];
  readonly fetching: FetchMode | null;
  readonly signal: AbortSignal | null;
  readonly shape: Shape;
  readonly bindings: readonly unknown[];

  constructor(state: ChainState, shape: Shape, values: readonly unknown[]) {
    super();
    this.model = state.model;
    this.mode = state.mode;
    this.database = state.database;
    this.hint = state.hint;
    this.fields = state.fields;
    this.prefetches = state.prefetches;
    this.known = state.known;
    this.fetching = state.fetching;
    this.signal = state.signal;
    this.shape = shape;
    this.bindings = values;
    if (callersWanted()) rememberCaller(this);
  }

  /** The query with its names resolved; a template of the shape, not to be changed. */
  get query(): Query {
    return this.shape.query;
  }

  override capture(sink: Capture): void {
    sink.text(`q${this.shape.id}`);
    if (this.database !== null) sink.text(JSON.stringify(this.database));
    sink.values.push(...this.bindings);
  }

  override template(cursor: Cursor): Node {
    const query = this.query.shifted(cursor.reserve(this.bindings.length));
    if (this.database === null) return query;
    const named = query.clone();
    named.database = this.database;
    return named;
  }

  /** What the queryset is as an operand or a right side. */
  asSubquery(): Expression {
    return new Subquery(this);
  }

  // ---- making further querysets

  protected with(step: Step, changes: Partial<ChainState> | null = null): this {
    const state: ChainState = changes === null ? this : { ...this.state, ...changes };
    return new (this.constructor as Constructor)(state, step.shape, step.values) as this;
  }

  protected get state(): ChainState {
    const { model, mode, database, hint, fields, prefetches, known, fetching, signal } = this;
    return { model, mode, database, hint, fields, prefetches, known, fetching, signal };
  }

  protected step(
    key: string,
    args: readonly unknown[],
    build: (query: Query, cursor: Cursor) => Query | void,
    rows?: RowKind,
  ): Step {
    return this.shape.step(key, this.bindings, args, build, rows);
  }

  protected refuseCombined(method: string): void {
    const { combinator } = this.shape.query;
    if (combinator !== null) {
      throw new NotSupportedError(`Calling QuerySet.${method}() after ${combinator}() is not supported.`);
    }
  }

  protected refuseSliced(message: string): void {
    if (this.shape.query.isSliced) throw new ArgumentTypeError(message);
  }

  protected refuseValues(method: string): void {
    if (this.fields !== null) {
      throw new ArgumentTypeError(`Cannot call ${method}() after .values() or .valuesList()`);
    }
  }

  protected get current(): Step {
    return { shape: this.shape, values: this.bindings };
  }

  all(): this {
    return this.with(this.current);
  }

  using(alias: string | null): this {
    if (alias != null && typeof alias !== "string")
      throw new ArgumentTypeError(`using() takes the alias of a database, not ${repr(alias)}.`);
    return this.with(this.current, { database: alias });
  }

  /** This queryset as one about an object: the routers are told, and its database is the first choice. */
  about(hint: Hint): this {
    return this.with(this.current, { hint });
  }

  withSignal(signal: AbortSignal): this {
    if (!(signal instanceof AbortSignal)) throw new ArgumentTypeError("withSignal() takes an AbortSignal.");
    return this.with(this.current, { signal });
  }
}

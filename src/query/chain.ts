import { callersWanted, rememberCaller } from "../backends/base/caller.ts";
import { ArgumentTypeError, NotSupportedError, ValueError } from "../errors.ts";
import { Expression } from "../expressions/base.ts";
import { F } from "../expressions/f.ts";
import { Subquery } from "../expressions/subquery.ts";
import { DateField, DateTimeField } from "../fields/index.ts";
import { Trunc } from "../functions/datetime.ts";
import { FETCH_ONE, FetchMode } from "../models/fetch-modes.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";
import { type Capture, type Cursor, Node, Capture as Sink } from "../sql/node.ts";
import type { Mode } from "../task.ts";
import { repr } from "../util/repr.ts";
import { getCurrent } from "../util/timezone.ts";
import { combine } from "./combine.ts";
import { addExtra, type ExtraOptions } from "./extra.ts";
import { addFilteredRelation, FilteredRelation } from "./filtered-relation.ts";
import { addOrdering, isTotallyOrdered } from "./ordering.ts";
import { Prefetch } from "./prefetch.ts";
import { type Connector, isPlainObject, Q } from "./q.ts";
import type { Combinator, Query } from "./query.ts";
import { addDeferred, addImmediate, addSelectRelated, setValues } from "./select.ts";
import { LIMIT, OFFSET, ROOT_VALUES, type RowKind, Shape, type Step } from "./shape.ts";

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

type Constructor = new (state: ChainState, shape: Shape, values: readonly unknown[]) => QuerySetChain;

/** A lookup of one value; more lookups are taken in the order of their names. */
function captureLookups(sink: Capture, lookups: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(lookups);
  if (names.length > 1) names.sort();
  for (const name of names) {
    sink.key += `${name}=`;
    sink.value(lookups[name]);
    sink.key += ",";
  }
}

function captureItems(sink: Capture, items: readonly unknown[]): void {
  for (const item of items) {
    if (typeof item === "string") sink.text(`'${item}'`);
    else sink.value(item);
    sink.text(",");
  }
}

const fieldNames = new WeakMap<object, ReadonlySet<string>>();

/** The names that an annotation cannot have. */
function takenNames(model: ModelClass): ReadonlySet<string> {
  let names = fieldNames.get(model._meta);
  if (names === undefined) {
    const all = new Set<string>();
    for (const field of model._meta.getFields() as readonly {
      name: string;
      attname?: string | undefined;
    }[]) {
      all.add(field.name);
      if (field.attname !== undefined) all.add(field.attname);
    }
    names = all;
    fieldNames.set(model._meta, names);
  }
  return names;
}

/**
 * The chainable half of a queryset: each method gives a new queryset and asks no database.
 *
 * Names are resolved when a chain of this shape is made for the first time; later calls look it up.
 */
export abstract class QuerySetChain extends Node implements ChainState {
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

  all(): this {
    return this.with(this.current);
  }

  private get current(): Step {
    return { shape: this.shape, values: this.bindings };
  }

  filter(...args: readonly unknown[]): this {
    if (this.shape.query.combinator !== null) this.refuseCombined("filter");
    return this.with(this.filterStep("f", args));
  }

  /** A `Q`, or an object of lookups: what `limitChoicesTo` and its like hold. */
  complexFilter(conditions: unknown): this {
    return this.filter(conditions);
  }

  exclude(...args: readonly unknown[]): this {
    this.refuseCombined("exclude");
    return this.with(this.filterStep("x", args));
  }

  /** A filter whose joins the next one uses, too: the condition that ties a related manager to its object. */
  stickyFilter(...args: readonly unknown[]): this {
    return this.with(this.filterStep("s", args));
  }

  /** A filter on joins that are there already, where there are any: the rows that belong to given objects. */
  reusingFilter(...args: readonly unknown[]): this {
    return this.with(this.filterStep("r", args));
  }

  protected filterStep(kind: "f" | "x" | "s" | "r", args: readonly unknown[]): Step {
    if (args.length > 0 && this.shape.query.isSliced && !isEmptyArgs(args)) {
      throw new ArgumentTypeError("Cannot filter a query once a slice has been taken.");
    }
    const sink = new Sink();
    sink.key = `${kind}:`;
    const [only] = args;
    const plain = args.length === 1 && isPlainObject(only);
    let q: Q | null = null;
    if (plain) {
      captureLookups(sink, only);
    } else {
      q = Q.of(args);
      q.capture(sink);
    }
    return this.step(sink.key, sink.values, (query, cursor) => {
      const template = (q ?? Q.of(args)).template(cursor);
      query.addQ(kind === "x" ? template.not() : template, kind === "r");
      if (kind === "s") query.filterIsSticky = true;
    });
  }

  annotate(...args: readonly unknown[]): this {
    this.refuseCombined("annotate");
    return this.with(this.annotateStep(args, true));
  }

  alias(...args: readonly unknown[]): this {
    this.refuseCombined("alias");
    return this.with(this.annotateStep(args, false));
  }

  private annotateStep(args: readonly unknown[], select: boolean): Step {
    const annotations = namedExpressions(args, "annotate");
    const sink = new Sink();
    sink.text(select ? "a:" : "l:");
    for (const [name, expression] of annotations) {
      sink.text(`${name}=`);
      expression.capture(sink);
      sink.text(",");
    }
    return this.step(sink.key, sink.values, (query, cursor) => {
      this.applyAnnotations(query, cursor, annotations, select);
    });
  }

  private applyAnnotations(
    query: Query,
    cursor: Cursor,
    annotations: ReadonlyMap<string, Node>,
    select: boolean,
  ): void {
    const taken = this.fields === null ? takenNames(this.model) : new Set(this.fields);
    for (const [name, node] of annotations) {
      if (taken.has(name))
        throw new ValueError(`The annotation '${name}' conflicts with a field on the model.`);
      const template = node.template(cursor);
      if (template instanceof FilteredRelation) addFilteredRelation(query, template, name);
      else query.addAnnotation(asExpression(template), name, select);
    }
    for (const [name, annotation] of query.annotations) {
      if (!annotations.has(name) || !annotation.containsAggregate) continue;
      if (this.fields === null) query.groupBy = true;
      else query.setGroupBy();
      break;
    }
  }

  orderBy(...items: readonly unknown[]): this {
    this.refuseSliced("Cannot reorder a query once a slice has been taken.");
    const sink = new Sink();
    sink.text("o:");
    captureItems(sink, items);
    return this.with(
      this.step(sink.key, sink.values, (query, cursor) => {
        query.clearOrdering({ force: true, clearDefault: false });
        addOrdering(
          query,
          items.map((item) => (item instanceof Node ? item.template(cursor) : item)),
        );
      }),
    );
  }

  reverse(): this {
    this.refuseSliced("Cannot reverse a query once a slice has been taken.");
    return this.with(
      this.step("r", [], (query) => {
        query.standardOrdering = !query.standardOrdering;
      }),
    );
  }

  distinct(...names: readonly string[]): this {
    this.refuseCombined("distinct");
    for (const name of names as readonly unknown[]) {
      if (typeof name !== "string")
        throw new ArgumentTypeError(`distinct() takes names of fields, not ${repr(name)}.`);
    }
    this.refuseSliced("Cannot create distinct fields once a slice has been taken.");
    return this.with(
      this.step(`d:${names.join()}`, [], (query) => {
        query.distinctFields = names;
        query.distinct = true;
      }),
    );
  }

  values(...args: readonly unknown[]): this {
    const names: string[] = [];
    const named: unknown[] = [];
    for (const arg of args) {
      if (typeof arg === "string") names.push(arg);
      else named.push(arg);
    }
    const expressions = namedExpressions(named, "values");
    return this.valuesStep([...names, ...expressions.keys()], expressions, "values");
  }

  valuesList(...args: readonly unknown[]): this {
    const last = args[args.length - 1];
    const options = isPlainObject(last) ? (last as { flat?: boolean; named?: boolean }) : {};
    const fields = isPlainObject(last) ? args.slice(0, -1) : args;
    for (const key of Object.keys(options)) {
      if (key !== "flat" && key !== "named") {
        throw new ArgumentTypeError(`valuesList() has no option '${key}'. Choices are: flat, named.`);
      }
    }
    const { flat = false, named = false } = options;
    if (flat && named) throw new ArgumentTypeError("'flat' and 'named' can't be used together.");
    if (flat && fields.length > 1) {
      throw new ArgumentTypeError("'flat' is not valid when values_list is called with more than one field.");
    }
    const seen = new Map<string, boolean>();
    for (const field of fields) if (typeof field === "string") seen.set(field, false);
    const names: string[] = [];
    const expressions = new Map<string, Node>();
    let counter = 1;
    for (const field of fields) {
      let name: string;
      let expression: Expression | null = null;
      let again: boolean;
      if (field instanceof Expression) {
        name = defaultAlias(field) ?? field.constructor.name.toLowerCase();
        expression = field;
        again = true;
      } else if (typeof field === "string") {
        name = field;
        again = seen.get(name) === true;
        if (again) expression = new F(name);
      } else {
        throw new ArgumentTypeError(`valuesList() takes names and expressions, not ${String(field)}.`);
      }
      if (again) {
        const prefix = name;
        name = `${prefix}${counter}`;
        while (seen.has(name)) name = `${prefix}${++counter}`;
      }
      if (expression !== null) expressions.set(name, expression);
      seen.set(name, true);
      names.push(name);
    }
    return this.valuesStep(names, expressions, named ? "named" : flat ? "flat" : "tuple");
  }

  private valuesStep(names: readonly string[], expressions: ReadonlyMap<string, Node>, rows: RowKind): this {
    if (expressions.size > 0) this.refuseCombined("annotate");
    const sink = new Sink();
    sink.text(`v${rows[0]}${rows[1]}:${names.join()};`);
    for (const [name, expression] of expressions) {
      sink.text(`${name}=`);
      expression.capture(sink);
      sink.text(",");
    }
    const step = this.step(
      sink.key,
      sink.values,
      (query, cursor) => {
        if (expressions.size > 0) this.applyAnnotations(query, cursor, expressions, true);
        setValues(query, names);
        query.rowNames = names.length > 0 ? names : null;
      },
      rows,
    );
    return this.with(step, { fields: names });
  }

  dates(field: string, kind: string, order = "ASC"): this {
    if (!["year", "month", "week", "day"].includes(kind)) {
      throw new ValueError("'kind' must be one of 'year', 'month', 'week', or 'day'.");
    }
    return this.truncated("datefield", field, order, new Trunc(field, kind, { outputField: dateField }));
  }

  datetimes(field: string, kind: string, order = "ASC", options: { tzinfo?: string | null } = {}): this {
    if (!["year", "month", "week", "day", "hour", "minute", "second"].includes(kind)) {
      throw new ValueError(
        "'kind' must be one of 'year', 'month', 'week', 'day', 'hour', 'minute', or 'second'.",
      );
    }
    const tzinfo = options.tzinfo ?? getCurrent();
    return this.truncated(
      "datetimefield",
      field,
      order,
      new Trunc(field, kind, { outputField: dateTimeField, tzinfo }),
    );
  }

  private truncated(name: string, field: string, order: string, trunc: Expression): this {
    if (order !== "ASC" && order !== "DESC") throw new ValueError("'order' must be either 'ASC' or 'DESC'.");
    return this.annotate({ [name]: trunc, plain_field: new F(field) })
      .valuesList(name, { flat: true })
      .distinct()
      .filter({ plain_field__isnull: false })
      .orderBy(order === "DESC" ? `-${name}` : name);
  }

  none(): this {
    return this.with(this.step("0", [], (query) => query.setEmpty()));
  }

  // ---- combining

  private combined(combinator: Combinator, others: readonly QuerySetChain[], all: boolean): this {
    const parts = [this, ...others];
    const key = `${combinator}${all}${parts.map((part) => part.shape.id).join()}`;
    const values = parts.flatMap((part) => part.bindings);
    const own = this.query;
    const step = Shape.root(this.model).step(
      key,
      ROOT_VALUES,
      values,
      (_query, cursor) => {
        const queries = parts.map((part) => part.query.shifted(cursor.reserve(part.bindings.length)));
        // What the first part selects is what the whole selects.
        const whole = own.shifted(ROOT_VALUES.length).chain();
        whole.clearOrdering({ force: true });
        whole.clearLimits();
        whole.combinedQueries = queries;
        whole.combinator = combinator;
        whole.combinatorAll = all;
        return whole;
      },
      this.shape.rows,
    );
    return this.with(step);
  }

  union(...args: readonly unknown[]): this {
    const last = args[args.length - 1];
    const options = isPlainObject(last) ? last : {};
    const others = querysets(isPlainObject(last) ? args.slice(0, -1) : args, "union");
    checkOptionsOf("union", options, ["all"]);
    const all = (options as { all?: boolean }).all === true;
    if (this.query.isEmpty) {
      const some = others.filter((other) => !other.query.isEmpty) as this[];
      const [first, ...rest] = some;
      if (first === undefined) return this;
      return rest.length === 0 ? first : first.combined("union", rest, all);
    }
    return others.length === 0 ? this : this.combined("union", others, all);
  }

  intersection(...args: readonly unknown[]): this {
    const others = querysets(args, "intersection");
    if (this.query.isEmpty) return this;
    const empty = others.find((other) => other.query.isEmpty);
    return empty !== undefined ? (empty as this) : this.combined("intersection", others, false);
  }

  difference(...args: readonly unknown[]): this {
    const others = querysets(args, "difference");
    return this.query.isEmpty ? this : this.combined("difference", others, false);
  }

  and(other: unknown): this {
    const rhs = this.operand(other, "&");
    if (rhs.query.isEmpty) return rhs;
    if (this.query.isEmpty) return this;
    return this.merge(rhs, "AND");
  }

  or(other: unknown): this {
    return this.disjunction(other, "|", "OR");
  }

  xor(other: unknown): this {
    return this.disjunction(other, "^", "XOR");
  }

  private disjunction(other: unknown, operator: string, connector: Connector): this {
    const rhs = this.operand(other, operator);
    if (this.query.isEmpty) return rhs;
    if (rhs.query.isEmpty) return this;
    return this.unsliced().merge(rhs.unsliced(), connector);
  }

  private operand(other: unknown, operator: string): this {
    if (!(other instanceof QuerySetChain)) {
      throw new ArgumentTypeError(`Operator ${operator} takes another queryset, not ${String(other)}.`);
    }
    if (this.query.combinator !== null || other.query.combinator !== null) {
      throw new ArgumentTypeError(`Cannot use ${operator} operator with combined queryset.`);
    }
    if (this.fields !== null) {
      const same = (a: Iterable<string>, b: Iterable<string>) =>
        [...new Set(a)].sort().join() === [...new Set(b)].sort().join();
      const [own, its] = [this.query, other.query];
      if (
        !same(own.valuesSelect, its.valuesSelect) ||
        !same(own.extraSelect.keys(), its.extraSelect.keys()) ||
        !same(own.annotationSelect.keys(), its.annotationSelect.keys())
      ) {
        throw new ArgumentTypeError("Merging 'QuerySet' classes must involve the same values in each case.");
      }
    }
    return other as this;
  }

  /** A slice can only be combined as a condition on keys. */
  private unsliced(): this {
    if (!this.query.isSliced) return this;
    const base = new (this.constructor as Constructor)(
      { ...this.state, fields: null, prefetches: [], known: [] },
      Shape.root(this.model),
      ROOT_VALUES,
    ) as this;
    return base.filter({ pk__in: this.values("pk") });
  }

  private merge(other: this, connector: Connector): this {
    const step = this.step(`${connector}${other.shape.id}`, other.bindings, (query, cursor) => {
      combine(query, other.query.shifted(cursor.reserve(other.bindings.length)), connector);
    });
    return this.with(step, { known: [...this.known, ...other.known] });
  }

  // ---- loading

  selectRelated(...names: readonly (string | null)[]): this {
    this.refuseCombined("selectRelated");
    this.refuseValues("selectRelated");
    checkNames("selectRelated", names);
    return this.with(
      this.step(`sr:${names.map(String).join()}`, [], (query) => {
        if (names.length === 1 && names[0] === null) query.selectRelated = false;
        else if (names.length > 0) addSelectRelated(query, names as readonly string[]);
        else query.selectRelated = true;
      }),
    );
  }

  prefetchRelated(...lookups: readonly (string | Prefetch | null)[]): this {
    this.refuseCombined("prefetchRelated");
    if (lookups.length === 1 && lookups[0] === null) return this.with(this.current, { prefetches: [] });
    const given = lookups as readonly (string | Prefetch)[];
    for (const lookup of given) {
      if (typeof lookup !== "string" && !(lookup instanceof Prefetch)) {
        throw new ArgumentTypeError(
          `prefetchRelated() takes names and Prefetch objects, not ${repr(lookup)}.`,
        );
      }
      const path = typeof lookup === "string" ? lookup : lookup.prefetchTo;
      if (this.query.filteredRelations.has(path.split("__", 1)[0] as string)) {
        throw new ValueError("prefetchRelated() is not supported with FilteredRelation.");
      }
    }
    return this.with(this.current, { prefetches: [...this.prefetches, ...given] });
  }

  defer(...names: readonly (string | null)[]): this {
    this.refuseCombined("defer");
    this.refuseValues("defer");
    checkNames("defer", names);
    return this.with(
      this.step(`df:${names.map(String).join()}`, [], (query) => {
        if (names.length === 1 && names[0] === null) query.deferredLoading = [new Set(), true];
        else addDeferred(query, names as readonly string[]);
      }),
    );
  }

  only(...names: readonly (string | null)[]): this {
    this.refuseCombined("only");
    this.refuseValues("only");
    if (names.length === 1 && names[0] === null) {
      throw new ArgumentTypeError("Cannot pass None as an argument to only().");
    }
    checkNames("only", names);
    return this.with(
      this.step(`on:${names.map(String).join()}`, [], (query) => {
        for (const name of names as readonly string[]) {
          if (query.filteredRelations.has(name.split("__", 1)[0] as string)) {
            throw new ValueError("only() is not supported with FilteredRelation.");
          }
        }
        addImmediate(query, names as readonly string[]);
      }),
    );
  }

  extra(options: ExtraOptions): this {
    this.refuseCombined("extra");
    this.refuseSliced("Cannot change a query once a slice has been taken.");
    checkOptionsOf("extra", options, ["select", "selectParams", "where", "params", "tables", "orderBy"]);
    const { selectParams = [], params = [], ...shape } = options;
    const sink = new Sink();
    sink.text(`e:${JSON.stringify(shape)}`);
    for (const param of [...(selectParams ?? []), ...(params ?? [])]) sink.value(param);
    return this.with(this.step(sink.key, sink.values, (query, cursor) => addExtra(query, options, cursor)));
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

  fetchMode(mode: FetchMode): this {
    if (!(mode instanceof FetchMode)) {
      throw new ArgumentTypeError("fetchMode() takes FETCH_ONE, FETCH_PEERS or FETCH_RAISE.");
    }
    return this.with(this.current, { fetching: mode === FETCH_ONE ? null : mode });
  }

  withSignal(signal: AbortSignal): this {
    if (!(signal instanceof AbortSignal)) throw new ArgumentTypeError("withSignal() takes an AbortSignal.");
    return this.with(this.current, { signal });
  }

  selectForUpdate(
    options: { nowait?: boolean; skipLocked?: boolean; of?: readonly string[]; noKey?: boolean } = {},
  ): this {
    checkOptionsOf("selectForUpdate", options, ["nowait", "skipLocked", "of", "noKey"]);
    const { nowait = false, skipLocked = false, of = [], noKey = false } = options;
    if (nowait && skipLocked) throw new ValueError("The nowait option cannot be used with skip_locked.");
    return this.with(
      this.step(`u:${nowait}${skipLocked}${noKey}${of.join()}`, [], (query) => {
        query.selectForUpdate = { nowait, skipLocked, of, noKey };
      }),
    );
  }

  // ---- slices

  /** Rows `start` to `stop` of this queryset's rows. */
  slice(start: number | null = null, stop: number | null = null): this {
    return this.with(this.sliceStep(checkIndex(start), checkIndex(stop)));
  }

  protected sliceStep(start: number | null, stop: number | null): Step {
    const limit = this.bindings[LIMIT] as number;
    const offset = this.bindings[OFFSET] as number;
    const end = limit < 0 ? Number.POSITIVE_INFINITY : offset + limit;
    const high = Math.min(end, stop === null ? end : offset + stop);
    const low = Math.min(high, start === null ? offset : offset + start);
    const count = high === Number.POSITIVE_INFINITY ? -1 : Math.max(0, high - low);
    const size = count < 0 ? "" : count > 1 ? "n" : String(count);
    const key = `[${size}${low > 0 ? "+" : ""}${count === 0 ? "" : this.query.isSliced ? "s" : ""}`;
    const { shape, values } = this.step(key, [], (query) => {
      query.limitSlot = LIMIT;
      query.limitCap = null;
      query.lowMark = low;
      query.highMark = count < 0 ? null : low + count;
      if (count === 0) query.setEmpty();
    });
    const changed = values.slice();
    changed[LIMIT] = count;
    changed[OFFSET] = low;
    return { shape, values: changed };
  }

  /** Whether the rows have an order of their own. */
  get ordered(): boolean {
    const { query } = this;
    if (query.isEmpty) return true;
    if (query.extraOrderBy.length > 0 || query.orderBy.length > 0) return true;
    const grouped = query.groupBy === true || (Array.isArray(query.groupBy) && query.groupBy.length > 0);
    return query.defaultOrdering && query.opts.ordering.length > 0 && !grouped;
  }

  /** Whether no two rows can change places: the order ends with something unique. */
  get totallyOrdered(): boolean {
    return this.ordered && isTotallyOrdered(this.query);
  }

  /** Refuses `first()` and `last()` where there is no order that would make them mean something. */
  protected checkGroupOrder(method: string): void {
    const { groupBy, opts } = this.query;
    if (!Array.isArray(groupBy)) return;
    const targets = new Set(groupBy.map((expression) => (expression as { target?: unknown }).target));
    const outputs = new Set(groupBy.map((expression) => (expression as Expression).outputFieldOrNull));
    if (outputs.has(opts.pk) || opts.pkFields.every((field) => targets.has(field))) return;
    throw new ArgumentTypeError(
      `Cannot use QuerySet.${method}() on an unordered queryset performing aggregation. Add an ordering with orderBy().`,
    );
  }
}

const dateField = new DateField({});
const dateTimeField = new DateTimeField({});

export function checkIndex(index: number | null): number | null {
  if (index === null || index === undefined) return null;
  if (!Number.isInteger(index)) {
    throw new ArgumentTypeError(`QuerySet indices must be integers or slices, not ${String(index)}.`);
  }
  if (index < 0) throw new ValueError("Negative indexing is not supported.");
  return index;
}

function isEmptyArgs(args: readonly unknown[]): boolean {
  return args.every((arg) => isPlainObject(arg) && Object.keys(arg).length === 0);
}

/** Names of fields, or `null` alone. */
/** Refuses options that a method does not have: a misspelt one would be ignored. */
export function checkOptionsOf(method: string, options: unknown, known: readonly string[]): void {
  if (!isPlainObject(options))
    throw new ArgumentTypeError(`${method}() takes an object of options, not ${repr(options)}.`);
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new ArgumentTypeError(`${method}() has no option '${name}'. Choices are: ${known.join(", ")}.`);
  }
}

function checkNames(method: string, names: readonly unknown[]): void {
  if (names.length === 1 && names[0] === null) return;
  for (const name of names) {
    if (typeof name !== "string")
      throw new ArgumentTypeError(`${method}() takes names of fields, not ${repr(name)}.`);
  }
}

function querysets(args: readonly unknown[], method: string): QuerySetChain[] {
  return args.map((arg) => {
    if (arg instanceof QuerySetChain) return arg;
    throw new ArgumentTypeError(`${method}() takes querysets, not ${repr(arg)}.`);
  });
}

/** A query as an annotation is a subquery. */
function asExpression(node: Node): Expression {
  const expression = node as Expression;
  return expression.isQuery ? new Subquery(expression as Query) : expression;
}

/** The name that an aggregate gives itself, such as `toppings__count`. */
export function defaultAlias(expression: Expression): string | null {
  try {
    return (expression as { defaultAlias?: string | null }).defaultAlias ?? null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Expressions by name: those of objects, and aggregates that name themselves. */
export function namedExpressions(args: readonly unknown[], method: string): Map<string, Node> {
  const named = new Map<string, Node>();
  const positional: Expression[] = [];
  const invalid: string[] = [];
  for (const arg of args) {
    if (arg instanceof Expression) {
      positional.push(arg);
    } else if (isPlainObject(arg)) {
      for (const [name, value] of Object.entries(arg)) {
        if (value instanceof Node) named.set(name, value);
        else invalid.push(String(value));
      }
    } else {
      invalid.push(String(arg));
    }
  }
  if (invalid.length > 0) {
    throw new ArgumentTypeError(
      `QuerySet.${method}() received non-expression(s): ${invalid.sort().join(", ")}.`,
    );
  }
  const result = new Map<string, Node>();
  for (const expression of positional) {
    const alias = defaultAlias(expression);
    if (alias === null) {
      throw new ArgumentTypeError(
        `Complex ${method === "aggregate" ? "aggregates" : "annotations"} require an alias`,
      );
    }
    if (named.has(alias)) {
      throw new ValueError(
        `The named annotation '${alias}' conflicts with the default name for another annotation.`,
      );
    }
    result.set(alias, expression);
  }
  for (const [name, node] of named) result.set(name, node);
  return result;
}

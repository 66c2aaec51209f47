/** Which rows a queryset has, and in which order. */

import { ArgumentTypeError, ValueError } from "../../errors.ts";
import type { Expression } from "../../expressions/base.ts";
import { Subquery } from "../../expressions/subquery.ts";
import type { ModelClass } from "../../models/types.ts";
import { type Capture, type Cursor, Node, Capture as Sink } from "../../sql/node.ts";
import { checkOptions } from "../../util/check-options.ts";
import { repr } from "../../util/repr.ts";
import { addExtra, type ExtraOptions } from "../extra.ts";
import { addFilteredRelation, FilteredRelation } from "../filtered-relation.ts";
import { addOrdering, isTotallyOrdered } from "../ordering.ts";
import { isPlainObject, Q } from "../q.ts";
import type { Query } from "../query.ts";
import { LIMIT, OFFSET, type Step } from "../shape.ts";
import { checkIndex, namedExpressions } from "./arguments.ts";
import { ChainBase } from "./base.ts";

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

export abstract class RowsChain extends ChainBase {
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

  protected applyAnnotations(
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

  none(): this {
    return this.with(this.step("0", [], (query) => query.setEmpty()));
  }

  extra(options: ExtraOptions): this {
    this.refuseCombined("extra");
    this.refuseSliced("Cannot change a query once a slice has been taken.");
    checkOptions("extra", options, ["select", "selectParams", "where", "params", "tables", "orderBy"]);
    const { selectParams = [], params = [], ...shape } = options;
    const sink = new Sink();
    sink.text(`e:${JSON.stringify(shape)}`);
    for (const param of [...(selectParams ?? []), ...(params ?? [])]) sink.value(param);
    return this.with(this.step(sink.key, sink.values, (query, cursor) => addExtra(query, options, cursor)));
  }

  selectForUpdate(
    options: { nowait?: boolean; skipLocked?: boolean; of?: readonly string[]; noKey?: boolean } = {},
  ): this {
    checkOptions("selectForUpdate", options, ["nowait", "skipLocked", "of", "noKey"]);
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

function isEmptyArgs(args: readonly unknown[]): boolean {
  return args.every((arg) => isPlainObject(arg) && Object.keys(arg).length === 0);
}

/** A query as an annotation is a subquery. */
function asExpression(node: Node): Expression {
  const expression = node as Expression;
  return expression.isQuery ? new Subquery(expression as Query) : expression;
}

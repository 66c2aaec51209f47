import type { Compiler } from "../backends/base/compiler/compiler.ts";
import { Expression, type ResolveOptions, type Source } from "../expressions/base.ts";
import { makeCol } from "../expressions/col.ts";
import { RawSQL } from "../expressions/raw-sql.ts";
import { Value } from "../expressions/value.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelClass } from "../models/types.ts";
import type { Bound } from "../sql/bound.ts";
import type { Capture, Cursor } from "../sql/node.ts";
import { type Sql, sql } from "../sql/sql.ts";
import { bumpPrefix, changeAliases, initialAlias, joinParentsNamedIn } from "./aliases.ts";
import { checkAlias } from "./check-alias.ts";
import { addQ, resolveQ } from "./filter.ts";
import type { FilteredRelation } from "./filtered-relation.ts";
import { externalCols, groupByColsFor, setGroupBy } from "./group-by.ts";
import type { FromItem } from "./joins.ts";
import type { Q } from "./q.ts";
import { resolveRef } from "./refs.ts";
import { addFields } from "./select.ts";
import { NothingNode, WhereNode } from "./where.ts";

export interface ExtraSelect {
  readonly sql: string;
  readonly bounds: readonly Bound[];
}

export interface SelectForUpdate {
  readonly nowait: boolean;
  readonly skipLocked: boolean;
  readonly of: readonly string[];
  readonly noKey: boolean;
}

export interface Explain {
  readonly format: string | null;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The relations that `selectRelated` names, as a tree. */
export interface RelatedTree {
  [name: string]: RelatedTree;
}

export type Combinator = "union" | "intersection" | "difference";

/**
 * What a queryset asks for, with all names resolved: Django's `sql.Query`.
 *
 * A template of one shape: values stand in it as slots. It changes only while it is built, on a clone.
 */
export class Query extends Expression {
  readonly model: ModelClass;
  /** Columns are written with their table's alias. */
  aliasCols = true;
  aliasPrefix = "T";
  subqAliases: ReadonlySet<string> = new Set(["T"]);
  aliasRefcount = new Map<string, number>();
  aliasMap = new Map<string, FromItem>();
  /** Aliases of outer queries that are seen in here; true: renamed there. */
  externalAliases = new Map<string, boolean>();
  tableMap = new Map<string, readonly string[]>();
  usedAliases = new Set<string>();
  /** The aliases of the last lookup that was set up, for `splitExclude`. */
  lookupJoins: readonly string[] = [];
  filterIsSticky = false;

  where: WhereNode = new WhereNode();
  subquery = false;
  defaultCols = true;
  defaultOrdering = true;
  standardOrdering = true;
  select: readonly Expression[] = [];
  /** `true`: by all columns of the model, that is by its rows. */
  groupBy: null | true | readonly Expression[] = null;
  orderBy: readonly (string | Expression)[] = [];
  distinct = false;
  distinctFields: readonly string[] = [];
  selectForUpdate: SelectForUpdate | null = null;
  selectRelated: boolean | RelatedTree = false;
  maxDepth = 5;

  annotations = new Map<string, Expression>();
  annotationSelectMask: ReadonlySet<string> | null = null;
  valuesSelect: readonly string[] = [];
  /** What a row of `values()` has, in order: a column's index, an annotation's name, or SQL. */
  selected: Map<string, number | string | Expression> | null = null;
  /** The names that `valuesList(..., { named: true })` was given. */
  rowNames: readonly string[] | null = null;
  extra = new Map<string, ExtraSelect>();
  extraSelectMask: ReadonlySet<string> | null = null;
  extraTables: readonly string[] = [];
  extraOrderBy: readonly string[] = [];
  deferredLoading: readonly [names: ReadonlySet<string>, defer: boolean] = [new Set(), true];
  filteredRelations = new Map<string, FilteredRelation>();

  /** The database that `using()` named for a subquery. */
  database: string | null = null;

  combinator: Combinator | null = null;
  combinatorAll = false;
  combinedQueries: readonly Query[] = [];
  explain: Explain | null = null;
  /** A query that can have no rows is not sent; its result is known. */
  elideEmpty = true;

  lowMark = 0;
  highMark: number | null = null;
  /** The slot that holds the limit (the offset follows); -1: the marks are part of the shape. */
  limitSlot = -1;
  /** At most so many rows, whatever the values say: `exists()` of a slice. */
  limitCap: number | null = null;

  constructor(model: ModelClass) {
    super();
    this.model = model;
  }

  override get isQuery(): boolean {
    return true;
  }

  override get isSubquery(): boolean {
    return true;
  }

  get opts(): Options {
    return this.model._meta;
  }

  clone(): Query {
    const isPlain = this.constructor === Query;
    const copy = isPlain
      ? new Query(this.model)
      : (Object.assign(Object.create(Object.getPrototypeOf(this) as object), this) as Query);
    // One by one is cheaper than `Object.assign`, which matters: each new step of a chain makes a clone.
    if (isPlain) for (const name of plainMembers(this)) setMember(copy, name, this);
    copy.aliasRefcount = new Map(this.aliasRefcount);
    copy.aliasMap = new Map(this.aliasMap);
    copy.tableMap = new Map(this.tableMap);
    copy.externalAliases = new Map(this.externalAliases);
    copy.usedAliases = new Set(this.usedAliases);
    copy.annotations = new Map(this.annotations);
    copy.extra = new Map(this.extra);
    copy.filteredRelations = new Map(this.filteredRelations);
    copy.selected = this.selected === null ? null : new Map(this.selected);
    copy.combinedQueries = this.combinedQueries.map((query) => query.clone());
    return copy;
  }

  /** A clone for the next call of a chain. */
  chain(): Query {
    const copy = this.clone();
    if (!copy.filterIsSticky) copy.usedAliases = new Set();
    copy.filterIsSticky = false;
    return copy;
  }

  /** A query without conditions on the same model, for subqueries of `exclude`. */
  fresh(): Query {
    return new Query(this.model);
  }

  // ---- as an expression

  override sources(): readonly Source[] {
    return [];
  }

  override get emptyResultSetValue(): unknown {
    return null;
  }

  override get containsAggregate(): boolean {
    return false;
  }

  override get outputFieldOrNull(): Field | null {
    if (this.select.length === 1) {
      const column = this.select[0] as Expression & { target?: Field };
      return column.target ?? column.outputFieldOrNull;
    }
    const annotations = [...this.annotationSelect.values()];
    return annotations.length === 1 ? (annotations[0]?.outputFieldOrNull ?? null) : null;
  }

  override get conditional(): boolean {
    return false;
  }

  override capture(sink: Capture): void {
    sink.text(this.identity);
  }

  override template(_cursor: Cursor): Query {
    return this;
  }

  private static count = 0;
  private id = 0;

  /** Queries are equal only when they are the same object. */
  override get identity(): string {
    if (this.id === 0) this.id = ++Query.count;
    return `Query${this.id}`;
  }

  /** Becomes a subquery of `query`: own aliases, outer references resolved. */
  override resolveExpression(query: Query, options: ResolveOptions = {}): Query {
    const clone = this.clone();
    clone.id = 0;
    bumpPrefix(clone, query);
    clone.subquery = true;
    clone.where = clone.where.resolveExpression(query, options) as WhereNode;
    clone.combinedQueries = clone.combinedQueries.map((combined) =>
      combined.resolveExpression(query, options),
    );
    for (const [name, annotation] of clone.annotations) {
      const resolved = annotation.resolveExpression(query, options);
      if (resolved instanceof Query)
        for (const [alias, renamed] of clone.externalAliases) resolved.externalAliases.set(alias, renamed);
      clone.annotations.set(name, resolved);
    }
    for (const [alias, table] of query.aliasMap) {
      clone.externalAliases.set(
        alias,
        table.joinField !== null
          ? (table.joinField.relatedModel as ModelClass)._meta.dbTable !== alias
          : table.tableName !== table.tableAlias,
      );
    }
    return clone;
  }

  override getExternalCols(): Expression[] {
    return externalCols(this);
  }

  override getGroupByCols(): Expression[] {
    return groupByColsFor(this, this);
  }

  getGroupByColsFor(wrapper: Expression): Expression[] {
    return groupByColsFor(this, wrapper);
  }

  override getRefs(): Set<string> {
    return new Set();
  }

  override relabeledClone(changes: ReadonlyMap<string, string>): Query {
    const clone = this.clone();
    changeAliases(clone, changes);
    return clone;
  }

  override replaceExpressions(replacements: ReadonlyMap<string, Expression>): Expression {
    return replacements.get(this.identity) ?? this;
  }

  override prefixReferences(): Expression {
    return this;
  }

  override *flatten(): Generator<Expression> {
    yield this;
  }

  override shifted(by: number): Query {
    const clone = this.clone();
    clone.id = 0;
    if (by === 0) return clone;
    const move = <T extends Expression>(expression: T): T => expression.shifted(by) as T;
    clone.where = move(clone.where);
    clone.select = clone.select.map(move);
    if (Array.isArray(clone.groupBy)) clone.groupBy = clone.groupBy.map(move);
    clone.orderBy = clone.orderBy.map((item) => (typeof item === "string" ? item : move(item)));
    for (const [name, annotation] of clone.annotations) clone.annotations.set(name, move(annotation));
    for (const [alias, item] of clone.aliasMap) clone.aliasMap.set(alias, item.shifted(by));
    for (const [name, relation] of clone.filteredRelations)
      clone.filteredRelations.set(name, relation.shifted(by));
    for (const [name, { sql: text, bounds }] of clone.extra) {
      clone.extra.set(name, { sql: text, bounds: bounds.map((bound) => bound.shifted(by)) });
    }
    if (clone.selected !== null) {
      for (const [name, item] of clone.selected)
        if (item instanceof Expression) clone.selected.set(name, move(item));
    }
    clone.combinedQueries = clone.combinedQueries.map((query) => query.shifted(by));
    if (clone.limitSlot >= 0) clone.limitSlot += by;
    return clone;
  }

  override asSql(compiler: Compiler): Sql {
    let query: Query = this;
    if (this.subquery && !compiler.features.ignoresUnnecessaryOrderByInSubqueries) {
      query = this.clone();
      query.clearOrdering();
      for (const combined of query.combinedQueries) combined.clearOrdering();
    }
    const inner = compiler.nested(query, true).asSql();
    return query.subquery ? sql`(${inner})` : inner;
  }

  // ---- building

  resolveRef(name: string, options: ResolveOptions = {}): Expression {
    return resolveRef(this, name, options);
  }

  resolveQ(q: Q, options: ResolveOptions = {}): Expression {
    return resolveQ(this, q, options);
  }

  addQ(q: Q, reuseAll = false): void {
    addQ(this, q, reuseAll);
  }

  addFields(names: Iterable<string>, allowM2m = true): void {
    addFields(this, names, allowM2m);
  }

  getInitialAlias(): string {
    return initialAlias(this);
  }

  joinParentsNamedIn(text: string): void {
    joinParentsNamedIn(this, text);
  }

  get baseTable(): string | undefined {
    return this.aliasMap.keys().next().value;
  }

  get hasSelectFields(): boolean {
    return this.selected !== null;
  }

  get isSliced(): boolean {
    return this.lowMark !== 0 || this.highMark !== null;
  }

  get hasLimitOne(): boolean {
    return this.highMark !== null && this.highMark - this.lowMark === 1;
  }

  get subqueryFieldsLength(): number {
    const pkFields = this.opts.pkFields.length;
    if (!this.hasSelectFields || this.selected === null) return pkFields;
    let length = 0;
    for (const name of this.selected.keys()) length += name === "pk" ? pkFields : 1;
    return length;
  }

  get isEmpty(): boolean {
    return this.where.children.some((child) => child instanceof NothingNode);
  }

  /** The names of the values of a row that is no instance, in their order. */
  get columnNames(): readonly string[] {
    if (this.selected !== null) return [...this.selected.keys()];
    return [...this.extraSelect.keys(), ...this.valuesSelect, ...this.annotationSelect.keys()];
  }

  get annotationSelect(): ReadonlyMap<string, Expression> {
    const mask = this.annotationSelectMask;
    if (mask === null) return this.annotations;
    return new Map([...this.annotations].filter(([name]) => mask.has(name)));
  }

  get extraSelect(): ReadonlyMap<string, ExtraSelect> {
    const mask = this.extraSelectMask;
    if (mask === null) return this.extra;
    return new Map([...this.extra].filter(([name]) => mask.has(name)));
  }

  extraExpression({ sql: text, bounds }: ExtraSelect): Expression {
    return new RawSQL(text, bounds);
  }

  setEmpty(): void {
    this.where = this.where.with(new NothingNode(), "AND");
    for (const query of this.combinedQueries) query.setEmpty();
  }

  /** Narrows the slice; the marks are those of the example, the values come with the queryset. */
  setLimits(low: number | null, high: number | null): void {
    if (high !== null) {
      if (this.limitSlot >= 0) this.limitCap = high;
      this.highMark =
        this.highMark === null ? this.lowMark + high : Math.min(this.highMark, this.lowMark + high);
    }
    if (low !== null) {
      this.lowMark =
        this.highMark === null ? this.lowMark + low : Math.min(this.highMark, this.lowMark + low);
    }
    if (this.lowMark === this.highMark) this.setEmpty();
  }

  clearLimits(): void {
    this.lowMark = 0;
    this.highMark = null;
    this.limitSlot = -1;
    this.limitCap = null;
  }

  clearOrdering({
    force = false,
    clearDefault = true,
  }: {
    force?: boolean;
    clearDefault?: boolean;
  } = {}): void {
    if (!force && (this.isSliced || this.distinctFields.length > 0 || this.selectForUpdate !== null)) return;
    this.orderBy = [];
    this.extraOrderBy = [];
    if (clearDefault) this.defaultOrdering = false;
  }

  clearSelectClause(): void {
    this.select = [];
    this.defaultCols = false;
    this.selectRelated = false;
    this.setExtraMask([]);
    this.setAnnotationMask([]);
    this.selected = null;
  }

  clearSelectFields(): void {
    this.select = [];
    this.valuesSelect = [];
    this.selected = null;
  }

  setSelect(columns: readonly Expression[]): void {
    this.defaultCols = false;
    this.select = columns;
  }

  setAnnotationMask(names: Iterable<string> | null): void {
    if (names === null) {
      this.annotationSelectMask = null;
      return;
    }
    const mask = new Set(names);
    this.annotationSelectMask = mask;
    if (this.selected !== null && this.selected.size > 0) {
      for (const [name, item] of this.selected) {
        if (typeof item === "string" && !mask.has(item)) this.selected.delete(name);
      }
      for (const name of mask) this.selected.set(name, name);
    }
  }

  appendAnnotationMask(names: Iterable<string>): void {
    if (this.annotationSelectMask !== null) this.setAnnotationMask([...this.annotationSelectMask, ...names]);
  }

  setExtraMask(names: Iterable<string> | null): void {
    this.extraSelectMask = names === null ? null : new Set(names);
  }

  addAnnotation(annotation: Expression, alias: string, select = true): void {
    checkAlias(alias);
    const resolved = annotation.resolveExpression(this, { allowJoins: true, reuse: null });
    if (select) {
      this.appendAnnotationMask([alias]);
    } else {
      this.setAnnotationMask([...this.annotationSelect.keys()].filter((name) => name !== alias));
    }
    this.annotations.set(alias, resolved);
    if (select && this.selected !== null && this.selected.size > 0) this.selected.set(alias, alias);
  }

  addSelectCol(column: Expression, name: string): void {
    this.select = [...this.select, column];
    this.valuesSelect = [...this.valuesSelect, name];
    this.selected?.set(name, this.select.length - 1);
  }

  setGroupBy(allowAliases = true): void {
    setGroupBy(this, allowAliases);
  }

  /** The query that only asks whether there are rows. */
  exists(limit = true): Query {
    const query = this.clone();
    query.id = 0;
    if (!(query.distinct && query.isSliced)) {
      if (query.groupBy === true) {
        query.addFields(
          query.opts.concreteFields.map((field) => field.attname),
          false,
        );
        query.setGroupBy(false);
      }
      query.clearSelectClause();
    }
    if (query.combinator === "union") {
      query.combinedQueries = query.combinedQueries.map((combined) => combined.exists(false));
    }
    query.clearOrdering({ force: true });
    if (limit) query.setLimits(null, 1);
    query.addAnnotation(new Value(1), "a");
    return query;
  }

  /** The column of `target`, giving values of `field`. */
  getCol(target: Field, field: Field, alias: string): Expression {
    return makeCol(this.aliasCols ? alias : null, target, field);
  }
}

let members: readonly string[] | null = null;

/** The members that `clone()` copies because they are changed in place; all others are replaced as a whole. */
const OWN_MEMBERS: ReadonlySet<string> = new Set([
  "aliasRefcount",
  "aliasMap",
  "tableMap",
  "externalAliases",
  "usedAliases",
  "annotations",
  "extra",
  "filteredRelations",
  "selected",
  "combinedQueries",
]);

/** The members of a query that a clone shares with it. */
function plainMembers(query: Query): readonly string[] {
  members ??= Object.keys(query).filter((name) => !OWN_MEMBERS.has(name));
  return members;
}

function setMember(to: object, name: string, from: object): void {
  (to as Record<string, unknown>)[name] = (from as Record<string, unknown>)[name];
}

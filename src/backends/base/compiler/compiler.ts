import { EmptyResultSet, FullResultSet, NotImplementedError, NotSupportedError } from "../../../errors.ts";
import type { Expression } from "../../../expressions/base.ts";
import { ColPairs } from "../../../expressions/col.ts";
import { AggregateQuery } from "../../../query/aggregate-query.ts";
import { extraTableAlias, resetRefcounts } from "../../../query/aliases.ts";
import type { Query } from "../../../query/query.ts";
import type { WhereNode } from "../../../query/where.ts";
import type { Bound } from "../../../sql/bound.ts";
import { joinSql, Param, raw, type Sql, sql } from "../../../sql/sql.ts";
import type { DatabaseFeatures } from "../features.ts";
import type { DatabaseOperations, Override } from "../operations.ts";
import { combinatorSql } from "./combinator.ts";
import { distinctSql } from "./distinct.ts";
import { forUpdateOf } from "./for-update.ts";
import { groupBySql } from "./group-by.ts";
import { type OrderEntry, orderBy } from "./order-by.ts";
import { qualifySql } from "./qualify.ts";
import { type ClassInfo, type SelectEntry, selectList } from "./select-list.ts";

/** What all compilers of one statement share. */
export interface CompilerContext {
  readonly ops: DatabaseOperations;
  readonly features: DatabaseFeatures;
  /** The values of the run that the statement is first compiled for. */
  readonly values: readonly unknown[];
  /** The SQL holds for these values alone. */
  dependsOnValues: boolean;
  /** The SQL holds for lists of these lengths alone. */
  dependsOnLengths?: boolean;
  /** The SQL locks rows, which makes sense only until the end of a transaction. */
  locks?: boolean;
  /** Values become constants in the text, so that each must show its type. */
  readonly literal?: boolean;
}

export interface AsSqlOptions {
  readonly withLimits?: boolean;
  readonly withColAliases?: boolean;
}

/** The node of something that is not an expression but has SQL: a table, a join. */
interface Compilable {
  asSql(compiler: Compiler): Sql;
}

/**
 * Writes a query as SQL: Django's `SQLCompiler`.
 *
 * A dialect changes it through `ops`, `features` and overrides of single expressions.
 */
export class Compiler {
  readonly context: CompilerContext;
  query: Query;
  /** A query that can have no rows throws EmptyResultSet instead of being sent. */
  elideEmpty: boolean;

  select: readonly SelectEntry[] = [];
  classInfo: ClassInfo | null = null;
  /** Where a selected annotation stands in the select list. */
  annotationPositions: ReadonlyMap<string, number> = new Map();
  /** How many selected columns are the caller's; more may follow for DISTINCT with ORDER BY. */
  columnCount = 0;
  hasExtraSelect = false;
  /** The ordering comes from the model's Meta. */
  metaOrdering = false;
  where: WhereNode | null = null;
  having: WhereNode | null = null;
  qualify: WhereNode | null = null;
  private readonly quoted = new Map<string, string>([["*", "*"]]);

  constructor(query: Query, context: CompilerContext, elideEmpty = true) {
    this.query = query;
    this.context = context;
    this.elideEmpty = elideEmpty;
  }

  get ops(): DatabaseOperations {
    return this.context.ops;
  }

  get features(): DatabaseFeatures {
    return this.context.features;
  }

  /** A compiler for a query inside this one. */
  nested(query: Query, elideEmpty = this.elideEmpty): Compiler {
    return new Compiler(query, this.context, elideEmpty);
  }

  /** The prepared value of this run, for SQL that depends on it; call {@link dependsOnValues} then. */
  valueOf(bound: Bound): unknown {
    return bound.slot < 0 ? bound.value : this.context.values[bound.slot];
  }

  /** Says that the SQL holds for the values of this run alone, so that it is not kept. */
  dependsOnValues(): void {
    this.context.dependsOnValues = true;
  }

  /** The number of values in a list. The SQL is kept for lists of this length. */
  lengthOf(list: Bound): number {
    if (list.slot >= 0) this.context.dependsOnLengths = true;
    return (this.valueOf(list) as readonly unknown[]).length;
  }

  /** The SQL of an expression, as the dialect writes it, or as the expression says that the dialect does. */
  compile(node: Expression | Compilable): Sql {
    const own = (node as Expression)[this.ops.ownSqlMethod];
    if (own !== undefined) return own.call(node as Expression, this);
    const override = overrideOf(node, this.ops);
    return override === null
      ? node.asSql(this)
      : (override as (node: unknown, compiler: Compiler) => Sql)(node, this);
  }

  quoteNameUnlessAlias(name: string): string {
    let quoted = this.quoted.get(name);
    if (quoted === undefined) {
      const { query } = this;
      const isAlias =
        (query.aliasMap.has(name) && !query.tableMap.has(name)) ||
        query.extraSelect.has(name) ||
        (query.externalAliases.get(name) === true && !query.tableMap.has(name));
      quoted = isAlias ? name : this.ops.quoteName(name);
      this.quoted.set(name, quoted);
    }
    return quoted;
  }

  /** Resolves the select list, so that it and what hangs on it are known. */
  setup(withColAliases = false): void {
    const { query } = this;
    let used = false;
    for (const count of query.aliasRefcount.values()) if (count > 0) used = true;
    if (!used) query.getInitialAlias();
    selectList(this, withColAliases);
    this.columnCount = this.select.length;
  }

  asSql({ withLimits = true, withColAliases = false }: AsSqlOptions = {}): Sql {
    if (this.query instanceof AggregateQuery) return this.aggregateSql(this.query);
    const { query } = this;
    const counts = new Map(query.aliasRefcount);
    try {
      return this.selectSql(withLimits, withColAliases);
    } finally {
      resetRefcounts(query, counts);
    }
  }

  /** Aggregates over the rows of another query. */
  private aggregateSql(query: AggregateQuery): Sql {
    const selected: Sql[] = [];
    for (const [name, annotation] of query.annotationSelect) {
      selected.push(annotation.selectFormat(this, this.compile(annotation)));
      void name;
    }
    this.columnCount = selected.length;
    this.select = [...query.annotationSelect].map(([alias, expression], i) => ({
      expression,
      sql: selected[i] as Sql,
      alias,
    }));
    const inner = this.nested(query.inner).asSql({ withColAliases: true });
    return sql`SELECT ${joinSql(selected, ", ")} FROM (${inner}) subquery`;
  }

  private selectSql(withLimits: boolean, withColAliases: boolean): Sql {
    const { query, features, ops } = this;
    const combinator = query.combinator;
    this.setup(withColAliases || combinator !== null);
    let order: readonly OrderEntry[] = orderBy(this);
    const parts = query.where.splitHavingQualify(false, query.groupBy !== null);
    this.where = parts.where;
    this.having = parts.having;
    this.qualify = parts.qualify;
    const extraSelect = this.extraSelect(order);
    this.hasExtraSelect = extraSelect.length > 0;
    const grouping = groupBySql(this, [...this.select, ...extraSelect], order);
    const sliced = withLimits && query.isSliced;
    let result: Sql[];
    let forUpdate: Sql | null = null;
    let grouped = false;
    if (combinator !== null) {
      const supported = {
        union: features.supportsSelectUnion,
        intersection: features.supportsSelectIntersection,
        difference: features.supportsSelectDifference,
      }[combinator];
      if (!supported) throw new NotSupportedError(`${combinator} is not supported on this database backend.`);
      result = [combinatorSql(this, combinator)];
    } else if (this.qualify !== null) {
      result = [qualifySql(this)];
      order = [];
    } else {
      const distinctFields = distinctSql(this);
      const from = this.fromSql();
      const where = this.conditions(this.where, this.elideEmpty);
      const having = this.conditions(this.having, true);
      result = [raw("SELECT")];
      if (query.distinct) result.push(ops.distinctSql(distinctFields));
      result.push(
        joinSql(
          [...this.select, ...extraSelect].map(({ sql: column, alias }) => {
            const shared = grouping.share(column);
            return alias ? sql`${shared} AS ${raw(ops.quoteName(alias))}` : shared;
          }),
          ", ",
        ),
      );
      if (from.length > 0) result.push(raw("FROM"), ...from);
      else if (features.bareSelectSuffix !== "") result.push(raw(features.bareSelectSuffix));
      if (query.selectForUpdate !== null && features.hasSelectForUpdate)
        forUpdate = this.forUpdateSql(sliced);
      if (where !== null) result.push(sql`WHERE ${where}`);
      if (grouping.terms.length > 0) {
        if (distinctFields.length > 0)
          throw new NotImplementedError("annotate() + distinct(fields) is not implemented.");
        result.push(sql`GROUP BY ${joinSql(grouping.terms, ", ")}`);
        grouped = true;
        if (this.metaOrdering) order = [];
      }
      if (having !== null) {
        if (grouping.terms.length === 0) result.push(...ops.forceGroupBy());
        result.push(sql`HAVING ${grouping.share(having)}`);
      }
    }
    if (query.explain !== null) {
      result.unshift(raw(ops.explainQueryPrefix(query.explain.format, query.explain.options)));
    }
    const unordered = grouped && order.length === 0 && !this.metaOrdering;
    const terms = unordered ? ops.forceNoOrdering() : order.map((entry) => grouping.share(entry.sql));
    if (terms.length > 0) {
      const ordering = sql`ORDER BY ${joinSql(terms, ", ")}`;
      if (combinator !== null && features.requiresCompoundOrderBySubquery) {
        result = [sql`SELECT * FROM (${joinSql(result, " ")})`, ordering];
      } else {
        result.push(ordering);
      }
    }
    if (sliced) result.push(this.limitSql());
    if (forUpdate !== null) result.push(forUpdate);
    const statement = joinSql(result, " ");
    return query.subquery && extraSelect.length > 0 ? this.withoutExtraSelect(statement) : statement;
  }

  /** The columns by which a DISTINCT query is ordered must be selected, too. */
  private extraSelect(order: readonly OrderEntry[]): SelectEntry[] {
    const { query } = this;
    if (!query.distinct || query.distinctFields.length > 0) return [];
    const selected = new Set(this.select.map((entry) => entry.sql.key));
    const extra: SelectEntry[] = [];
    for (const { expression, bare, isRef } of order) {
      if (!isRef && !selected.has(bare.key)) extra.push({ expression, sql: bare, alias: null });
    }
    return extra;
  }

  private withoutExtraSelect(statement: Sql): Sql {
    const columns = this.select.map(({ expression, alias }) => {
      if (alias) return raw(`${this.ops.quoteName("subquery")}.${this.ops.quoteName(alias)}`);
      const source = (expression as { alias?: string }).alias;
      const changes = new Map(source === undefined ? [] : [[source, "subquery"]]);
      return expression.relabeledClone(changes).asSql(this);
    });
    return sql`SELECT ${joinSql(columns, ", ")} FROM (${statement}) subquery`;
  }

  private conditions(node: WhereNode | null, elideEmpty: boolean): Sql | null {
    if (node === null || node.isEmpty) return null;
    try {
      return this.compile(node);
    } catch (error) {
      if (error instanceof FullResultSet) return null;
      if (error instanceof EmptyResultSet && !elideEmpty) return raw("0 = 1");
      throw error;
    }
  }

  fromSql(): Sql[] {
    const { query } = this;
    const result: Sql[] = [];
    for (const [alias, item] of [...query.aliasMap]) {
      if ((query.aliasRefcount.get(alias) ?? 0) > 0) result.push(this.compile(item));
    }
    for (const table of query.extraTables) {
      const alias = extraTableAlias(query, table);
      if (!query.aliasMap.has(alias) || query.aliasRefcount.get(alias) === 1) {
        result.push(raw(`, ${this.quoteNameUnlessAlias(alias)}`));
      }
    }
    return result;
  }

  private limitSql(): Sql {
    const { query } = this;
    const { limitSlot, limitCap, highMark, lowMark } = query;
    if (limitSlot < 0) {
      return this.ops.limitOffsetSql(
        highMark === null ? null : raw(String(highMark - lowMark)),
        lowMark === 0 ? null : raw(String(lowMark)),
      );
    }
    // Without a limit of its own, the slice has the cap as its limit.
    const cap =
      limitCap === null
        ? null
        : (value: unknown) => ((value as number) < 0 ? limitCap : Math.min(value as number, limitCap));
    return this.ops.limitOffsetSql(
      highMark === null ? null : sql`${new Param(limitSlot, null, cap)}`,
      lowMark === 0 ? null : sql`${new Param(limitSlot + 1, null)}`,
    );
  }

  private forUpdateSql(sliced: boolean): Sql {
    const { features } = this;
    const { nowait, skipLocked, of, noKey } = this.query.selectForUpdate as NonNullable<
      Query["selectForUpdate"]
    >;
    const refuse = (what: string): never => {
      throw new NotSupportedError(`${what} is not supported on this database backend.`);
    };
    if (sliced && !features.supportsSelectForUpdateWithLimit) {
      throw new NotSupportedError(
        "LIMIT/OFFSET is not supported with selectForUpdate on this database backend.",
      );
    }
    if (nowait && !features.hasSelectForUpdateNowait) refuse("NOWAIT");
    if (skipLocked && !features.hasSelectForUpdateSkipLocked) refuse("SKIP LOCKED");
    if (of.length > 0 && !features.hasSelectForUpdateOf) refuse("FOR UPDATE OF");
    if (noKey && !features.hasSelectForNoKeyUpdate) refuse("FOR NO KEY UPDATE");
    this.context.locks = true;
    return this.ops.forUpdateSql({ nowait, skipLocked, of: forUpdateOf(this, of), noKey });
  }

  /** The expressions of the select list that are the caller's, composite keys opened. */
  get outputs(): Expression[] {
    return this.select
      .slice(0, this.columnCount)
      .flatMap(({ expression }) => (expression instanceof ColPairs ? expression.getCols() : [expression]));
  }
}

const overrideCaches = new WeakMap<object, Map<unknown, Override | null>>();

/** The override of the nearest class in the chain of the node's classes. */
function overrideOf(node: object, ops: DatabaseOperations): Override | null {
  const { overrides } = ops;
  let cache = overrideCaches.get(overrides);
  if (cache === undefined) {
    cache = new Map();
    overrideCaches.set(overrides, cache);
  }
  const key = node.constructor;
  let found = cache.get(key);
  if (found === undefined) {
    found = null;
    for (let type: unknown = key; typeof type === "function"; type = Object.getPrototypeOf(type) as unknown) {
      const override = (overrides as ReadonlyMap<unknown, Override>).get(type);
      if (override !== undefined) {
        found = override;
        break;
      }
    }
    cache.set(key, found);
  }
  return found;
}

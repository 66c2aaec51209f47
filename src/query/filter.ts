import { ArgumentTypeError, FieldError, NotSupportedError, ValueError } from "../errors.ts";
import { Expression, type ResolveOptions } from "../expressions/base.ts";
import { Col, ColPairs, Ref } from "../expressions/col.ts";
import { F, OuterRef, ResolvedOuterRef } from "../expressions/f.ts";
import { Exists } from "../expressions/subquery.ts";
import type { Field } from "../fields/field.ts";
import type { Lookup } from "../lookups/lookup.ts";
import type { Options } from "../models/options.ts";
import { Bound, constantBound } from "../sql/bound.ts";
import { isList } from "../sql/node.ts";
import { bumpPrefix, demoteJoins, initialAlias, item, promoteJoins } from "./aliases.ts";
import { checkRelatedValue, isCompatible } from "./instances.ts";
import { JoinPromoter } from "./join-promoter.ts";
import { INNER, LOUTER } from "./joins.ts";
import {
  MultiJoin,
  type NamesWithPath,
  namesToPath,
  refsAnnotation,
  setupJoins,
  trimJoins,
  tryTransform,
} from "./names.ts";
import { Q, type QChild } from "./q.ts";
import type { Query } from "./query.ts";
import { trimStart } from "./trim-start.ts";
import { isConstant, isNullBound, WhereNode } from "./where.ts";

/** Conditions become joins and a tree of lookups. */

interface FilterOptions {
  readonly branchNegated: boolean;
  readonly currentNegated: boolean;
  /** Aliases of multi-valued relations that may be used again; grows. `null`: all. */
  readonly canReuse: Set<string> | null;
  readonly allowJoins: boolean;
  /** Multi-valued relations under a negation become subqueries. */
  readonly splitSubquery: boolean;
  readonly checkFilterable: boolean;
  readonly summarize: boolean;
  readonly updateJoinTypes: boolean;
}

const DEFAULTS: FilterOptions = {
  branchNegated: false,
  currentNegated: false,
  canReuse: null,
  allowJoins: true,
  splitSubquery: true,
  checkFilterable: true,
  summarize: false,
  updateJoinTypes: true,
};

type Clause = readonly [clause: WhereNode, neededInner: Iterable<string>];

/** A lookup class, made by the query with a resolved left side. */
type LookupClass = new (lhs: Expression, rhs: unknown) => Lookup;

/** Adds conditions to the query: `filter()`. */
export function addQ(query: Query, q: Q, reuseAll = false): void {
  // Joins that are inner already must not become outer through this condition.
  const existingInner = [...query.aliasMap]
    .filter(([, join]) => join.joinType === INNER)
    .map(([alias]) => alias);
  const canReuse = reuseAll ? new Set(query.aliasMap.keys()) : query.usedAliases;
  const [clause] = buildQ(query, q, { ...DEFAULTS, canReuse });
  if (!clause.isEmpty) query.where = query.where.with(clause, "AND");
  demoteJoins(query, existingInner);
}

/** Conditions inside an expression: joined tables stay outer. */
export function resolveQ(query: Query, q: Q, options: ResolveOptions): Expression {
  const [clause, joins] = buildQ(query, q, {
    ...DEFAULTS,
    canReuse: options.reuse ?? null,
    allowJoins: options.allowJoins ?? true,
    splitSubquery: false,
    checkFilterable: false,
    summarize: options.summarize ?? false,
  });
  promoteJoins(query, joins);
  return clause;
}

/** The condition of a `FilteredRelation`, whose joins are its own. */
export function buildFilteredCondition(query: Query, q: Q, canReuse: Set<string> | null): WhereNode {
  return buildFilter(query, q, { ...DEFAULTS, canReuse, splitSubquery: false, updateJoinTypes: false })[0];
}

/** Conditions without joins, for checks and constraints. */
export function buildWhere(query: Query, q: Q): WhereNode {
  return buildFilter(query, q, { ...DEFAULTS, allowJoins: false })[0];
}

function buildQ(query: Query, q: Q, options: FilterOptions): Clause {
  const currentNegated = options.currentNegated !== q.negated;
  const inner: FilterOptions = {
    ...options,
    currentNegated,
    branchNegated: options.branchNegated || q.negated,
  };
  let target = new WhereNode([], q.connector, q.negated);
  const promoter = new JoinPromoter(q.connector, q.children.length, currentNegated);
  for (const child of q.children) {
    const [clause, neededInner] = buildFilter(query, child, inner);
    promoter.addVotes(neededInner);
    if (!clause.isEmpty) target = target.with(clause, q.connector);
  }
  return [target, options.updateJoinTypes ? promoter.updateJoinTypes(query) : []];
}

function buildFilter(query: Query, filter: QChild, options: FilterOptions): Clause {
  if (filter instanceof Q) return buildQ(query, filter, options);
  if (filter instanceof Expression) return buildCondition(query, filter, options);
  const [path, rawValue] = filter;
  if (path === "") throw new FieldError("Cannot parse keyword query ''");
  const { lookups, parts, annotation } = solveLookup(query, path, options.summarize);
  if (options.checkFilterable && annotation !== null) checkFilterable(annotation);
  if (!options.allowJoins && parts.length > 1) {
    throw new FieldError("Joined field references are not permitted in this query");
  }
  const before = new Map(query.aliasRefcount);
  const value = resolveValue(query, rawValue, options);
  const usedJoins = new Set<string>();
  for (const [alias, count] of query.aliasRefcount)
    if (count > (before.get(alias) ?? 0)) usedJoins.add(alias);
  if (options.checkFilterable) checkFilterableValue(value);
  if (annotation !== null) return [new WhereNode([buildLookup(lookups, annotation, value)]), []];

  const { opts } = query;
  const alias = initialAlias(query);
  const allowMany = !options.branchNegated || !options.splitSubquery;
  let info: ReturnType<typeof setupJoins>;
  try {
    info = setupJoins(query, parts, opts, alias, { canReuse: options.canReuse, allowMany });
  } catch (error) {
    if (!(error instanceof MultiJoin)) throw error;
    return splitExclude(query, [path, rawValue], options.canReuse, error.namesWithPath);
  }
  checkRelatedObjects(info.finalField, value, info.opts);
  query.lookupJoins = info.joins;
  for (const join of info.joins) usedJoins.add(join);
  const trimmed = trimJoins(query, info.targets, info.joins, info.path);
  if (options.canReuse !== null) for (const join of trimmed.joins) options.canReuse.add(join);
  const { finalField } = info;
  const [target] = trimmed.targets as [Field];
  const column =
    finalField.isRelation && trimmed.targets.length > 1
      ? new ColPairs(query.aliasCols ? trimmed.alias : null, trimmed.targets, info.targets, finalField)
      : query.getCol(target, finalField, trimmed.alias);
  const condition = buildLookup(lookups, column, value);
  if (finalField.isRelation) guardRelatedValue(value, finalField, info.opts);
  let clause = new WhereNode([condition]);
  const isNull = condition.lookupName === "isnull";
  let requireOuter = isNull && isConstant(condition.rhs, true) && !options.currentNegated;
  const negatedValue = !isNull || isConstant(condition.rhs, false);
  if (options.currentNegated && negatedValue && !isNullBound(condition.rhs)) {
    requireOuter = true;
    if (!isNull) {
      // NOT (a = 1) must hold for rows where a is NULL: SQL needs it said.
      const last = trimmed.joins[trimmed.joins.length - 1] as string;
      if (target.null || item(query, last).joinType === LOUTER) {
        const isNotNull = target.getLookup("isnull") as unknown as LookupClass;
        const own = query.getCol(target, info.targets[0] as Field, trimmed.alias);
        clause = clause.with(new isNotNull(own, constantBound(false)), "AND");
      }
      if (value instanceof Col && value.target.null) {
        const isNotNull = value.target.getLookup("isnull") as unknown as LookupClass;
        clause = clause.with(new isNotNull(value, constantBound(false)), "AND");
      }
    }
  }
  return [clause, requireOuter ? [] : usedJoins];
}

function buildCondition(query: Query, filter: Expression, options: FilterOptions): Clause {
  if (!filter.conditional) throw new ArgumentTypeError("Cannot filter against a non-conditional expression.");
  let condition = filter.resolveExpression(query, {
    allowJoins: options.allowJoins,
    reuse: options.canReuse,
    summarize: options.summarize,
  });
  if (!isLookup(condition)) condition = buildLookup(["exact"], condition, constantBound(true));
  return [new WhereNode([condition]), []];
}

function isLookup(expression: Expression): boolean {
  return "lookupName" in expression && "rhs" in expression;
}

/** Splits a path into fields (or an annotation) and lookups. */
export function solveLookup(
  query: Query,
  path: string,
  summarize = false,
): { lookups: readonly string[]; parts: readonly string[]; annotation: Expression | null } {
  const names = path.split("__");
  if (query.annotations.size > 0) {
    const found = refsAnnotation(names, query.annotations);
    if (found !== null) {
      const annotation = query.annotations.get(found.name) as Expression;
      // Unlike `F()`, a lookup may name an alias here.
      const expression = summarize ? new Ref(found.name, annotation) : annotation;
      return { lookups: found.rest, parts: [], annotation: expression };
    }
  }
  const { rest } = namesToPath(query, names, query.opts);
  const parts = names.slice(0, names.length - rest.length);
  if (rest.length > 1 && parts.length === 0) {
    throw new FieldError(`Invalid lookup "${path}" for model ${query.opts.objectName}".`);
  }
  return { lookups: rest, parts, annotation: null };
}

function resolveValue(query: Query, value: unknown, options: FilterOptions): unknown {
  if (value instanceof Expression) {
    return value.resolveExpression(query, {
      reuse: options.canReuse,
      allowJoins: options.allowJoins,
      summarize: options.summarize,
    });
  }
  if (Array.isArray(value)) return value.map((part) => resolveValue(query, part, options));
  return value;
}

/** Turns lookup names into transforms and a lookup. */
export function buildLookup(names: readonly string[], lhs: Expression, rhs: unknown): Lookup {
  const lookups = names.length > 0 ? names : ["exact"];
  let left = lhs;
  for (const name of lookups.slice(0, -1)) left = tryTransform(left, name, lookups);
  let name = lookups[lookups.length - 1] as string;
  let lookupClass = left.getLookup(name) as unknown as LookupClass | null | undefined;
  if (!lookupClass) {
    left = tryTransform(left, name);
    name = "exact";
    lookupClass = left.getLookup(name) as LookupClass;
  }
  const lookup = new lookupClass(left, rhs);
  if (isNullBound(lookup.rhs) && !lookup.canUseNoneAsRhs) {
    if (name !== "exact" && name !== "iexact") throw new ValueError("Cannot use None as a query value");
    return new (left.getLookup("isnull") as unknown as LookupClass)(left, constantBound(true));
  }
  return lookup;
}

function checkFilterable(expression: Expression): void {
  if (!expression.filterable) {
    throw new NotSupportedError(`${expression.constructor.name} is disallowed in the filter clause.`);
  }
  for (const source of expression.sources()) if (source !== null) checkFilterable(source);
}

function checkFilterableValue(value: unknown): void {
  if (value instanceof Expression) checkFilterable(value);
  else if (Array.isArray(value)) for (const part of value) checkFilterableValue(part);
}

/** Objects and querysets given for a relation must be of its model. */
function checkRelatedObjects(field: Field, value: unknown, opts: Options): void {
  if (!field.isRelation) return;
  if (value instanceof Expression) {
    const other = value as Query;
    if (value.isQuery && !other.hasSelectFields && !isCompatible(other.model, opts, field)) {
      throw new ValueError(
        `Cannot use QuerySet for "${other.opts.objectName}": Use a QuerySet for "${opts.objectName}".`,
      );
    }
  } else if (value instanceof Bound) {
    checkRelatedBound(value.value, field, opts);
  } else if (Array.isArray(value)) {
    for (const part of value) if (part instanceof Bound) checkRelatedBound(part.value, field, opts);
  }
}

function checkRelatedBound(value: unknown, field: Field, opts: Options): void {
  if (isList(value)) for (const part of value) checkRelatedValue(part, opts, field);
  else checkRelatedValue(value, opts, field);
}

/** The same check for the values of later calls of this shape. */
function guardRelatedValue(value: unknown, field: Field, opts: Options): void {
  for (const bound of Array.isArray(value) ? value : [value]) {
    if (!(bound instanceof Bound) || bound.slot < 0) continue;
    const prepare = bound.prepare;
    bound.prepare = (given) => {
      if (typeof given === "object") checkRelatedBound(given, field, opts);
      return prepare === null ? given : prepare(given);
    };
  }
}

/** A multi-valued relation under `exclude()`: NOT EXISTS over a query of its own. */
function splitExclude(
  query: Query,
  [path, value]: readonly [string, unknown],
  canReuse: Set<string> | null,
  namesWithPath: NamesWithPath,
): Clause {
  const inner = query.fresh();
  inner.filteredRelations = query.filteredRelations;
  let rhs = value;
  if (value instanceof OuterRef) rhs = new OuterRef(value);
  else if (value instanceof F) rhs = new OuterRef(value.name);
  addQ(inner, new Q([[path, rhs]]));
  inner.clearOrdering({ force: true });
  const { prefix, containsOuter } = trimStart(inner, namesWithPath);
  const column = inner.select[0] as Col;
  const field = column.target;
  const { alias } = column as { alias: string };
  const exact = field.getLookup("exact") as unknown as LookupClass;
  if (canReuse?.has(alias)) {
    const { pk } = (field.model as unknown as { _meta: Options })._meta;
    // The subquery's own row is the one that the outer query has joined.
    bumpPrefix(inner, query);
    const own = query.getCol(pk, pk, (inner.select[0] as Col).alias as string);
    inner.where = inner.where.with(new exact(own, query.getCol(pk, pk, alias)), "AND");
    inner.externalAliases.set(alias, true);
  } else {
    inner.where = inner.where.with(new exact(column, new ResolvedOuterRef(prefix)), "AND");
  }
  let [condition, neededInner] = buildFilter(query, new Exists(inner), DEFAULTS);
  if (containsOuter) {
    const [orNull] = buildFilter(query, [`${prefix}__isnull`, constantBound(true)], {
      ...DEFAULTS,
      currentNegated: true,
      branchNegated: true,
      canReuse,
    });
    condition = condition.with(orNull, "OR");
  }
  return [condition, neededInner];
}

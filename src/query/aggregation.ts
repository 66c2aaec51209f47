import { ArgumentTypeError, FieldError } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import { type Col, makeCol, Ref } from "../expressions/col.ts";
import type { Options } from "../models/options.ts";
import { AggregateQuery } from "./aggregate-query.ts";
import { checkAlias } from "./check-alias.ts";
import type { Query } from "./query.ts";
import { columnsOf } from "./refs.ts";
import { selectMask } from "./select.ts";
import { WhereNode } from "./where.ts";

/**
 * The query that computes aggregates over another: over its tables, or over its rows as a subquery where it is
 * grouped, sliced, distinct or combined.
 */
export function aggregation(source: Query, aggregates: ReadonlyMap<string, Expression>): Query {
  const query = source.clone();
  const existingMask = query.annotationSelectMask;
  let refsSubquery = false;
  let refsWindow = false;
  const replacements = new Map<string, Expression>();
  for (const [alias, expression] of aggregates) {
    checkAlias(alias);
    let aggregate = expression.resolveExpression(query, { allowJoins: true, reuse: null, summarize: true });
    if (!aggregate.containsAggregate) throw new ArgumentTypeError(`${alias} is not an aggregate expression`);
    query.appendAnnotationMask([alias]);
    for (const ref of aggregate.getRefs()) {
      const annotation = query.annotations.get(ref);
      if (annotation === undefined) continue;
      refsSubquery ||= hasSubquery(annotation) === true;
      refsWindow ||= annotation.containsOverClause;
    }
    aggregate = aggregate.replaceExpressions(replacements);
    query.annotations.set(alias, aggregate);
    replacements.set(new Ref(alias, aggregate).identity, aggregate);
  }
  const resolved = new Map<string, Expression>();
  for (const alias of aggregates.keys()) {
    resolved.set(alias, query.annotations.get(alias) as Expression);
    query.annotations.delete(alias);
  }
  query.setAnnotationMask(existingMask);
  const { having, qualify } = query.where.splitHavingQualify();
  const grouped =
    [...query.annotations.values()].some((annotation) => annotation.containsAggregate) || having !== null;
  const setReturning = [...query.annotationSelect]
    .filter(([, annotation]) => annotation.setReturning)
    .map(([name]) => name);
  const overRows =
    Array.isArray(query.groupBy) ||
    query.isSliced ||
    grouped ||
    refsSubquery ||
    refsWindow ||
    qualify !== null ||
    query.distinct ||
    query.combinator !== null ||
    setReturning.length > 0;
  const outer = overRows
    ? overSubquery(query, resolved, { grouped, qualified: qualify !== null, setReturning })
    : overTables(query, resolved);
  outer.clearOrdering({ force: true });
  outer.clearLimits();
  outer.selectForUpdate = null;
  outer.selectRelated = false;
  outer.elideEmpty = [...outer.annotationSelect.values()].every(
    ({ emptyResultSetValue }) => emptyResultSetValue !== undefined,
  );
  return outer;
}

/** Whether there is a subquery in an expression. As in Django, the search ends at conditions: `null`. */
function hasSubquery(expression: Expression): boolean | null {
  if (expression.isSubquery) return true;
  for (const source of expression.sources()) {
    if (source === null) continue;
    const found = source instanceof WhereNode ? null : hasSubquery(source);
    if (found !== false) return found;
  }
  return false;
}

function overTables(query: Query, aggregates: ReadonlyMap<string, Expression>): Query {
  query.select = [];
  query.selected = null;
  query.defaultCols = false;
  query.extra = new Map();
  if (query.annotations.size > 0) {
    const inline = new Map<string, Expression>();
    for (const [alias, annotation] of query.annotations)
      inline.set(new Ref(alias, annotation).identity, annotation);
    query.annotations = new Map(
      [...aggregates].map(([alias, aggregate]) => [alias, aggregate.replaceExpressions(inline)]),
    );
  } else {
    query.annotations = new Map(aggregates);
  }
  query.setAnnotationMask(aggregates.keys());
  return query;
}

function selectAs(inner: Query, column: Col, name: string): Ref {
  inner.addAnnotation(column, name);
  return new Ref(name, column);
}

/** A column of a combined query's result: the parts name those that have no name of their own by number. */
function combinedColumn(inner: Query, column: Col): Ref {
  const { target } = column;
  const [first] = inner.combinedQueries as [Query];
  const named = [...(first.selected ?? [])].find(
    ([, item]) => typeof item === "number" && (first.select[item] as Col).target === target,
  );
  if (named !== undefined) return new Ref(named[0], column);
  const mask = selectMask(first);
  const at = first.opts.concreteFields
    .filter((field) => mask.size === 0 || mask.has(field))
    .indexOf(target as never);
  if (at < 0)
    throw new FieldError(`The combined query does not select '${target.name}', which an aggregate needs.`);
  return new Ref(`col${at + 1}`, column);
}

function overSubquery(
  query: Query,
  aggregates: ReadonlyMap<string, Expression>,
  facts: { grouped: boolean; qualified: boolean; setReturning: readonly string[] },
): Query {
  const inner = query.clone();
  inner.subquery = true;
  inner.selectForUpdate = null;
  inner.selectRelated = false;
  inner.setAnnotationMask(query.annotationSelect.keys());
  inner.clearOrdering();
  const pk = () => makeCol(inner.getInitialAlias(), (inner.opts as Options).pk);
  if (!inner.distinct) {
    // Only what the aggregates and the grouping need is selected.
    if (inner.defaultCols && facts.grouped) inner.groupBy = [pk()];
    inner.defaultCols = false;
    if (!facts.qualified && query.combinator === null) {
      const mask = new Set<string>();
      if (Array.isArray(query.groupBy))
        for (const expression of query.groupBy) for (const ref of expression.getRefs()) mask.add(ref);
      for (const aggregate of aggregates.values()) for (const ref of aggregate.getRefs()) mask.add(ref);
      for (const [alias, annotation] of query.annotationSelect) {
        if (annotation.getGroupByCols().length > 0) mask.add(alias);
      }
      for (const name of facts.setReturning) mask.add(name);
      inner.setAnnotationMask(mask);
    }
  }
  const outer = new AggregateQuery(query.model, inner);
  const columns = new Map<string, Ref>();
  for (const [alias, aggregate] of aggregates) {
    const replacements = new Map<string, Expression>();
    for (const column of columnsOf([aggregate], { refs: false })) {
      let ref = columns.get(column.identity);
      if (ref === undefined) {
        ref =
          inner.combinator === null
            ? selectAs(inner, column, `__col${columns.size + 1}`)
            : combinedColumn(inner, column);
        columns.set(column.identity, ref);
      }
      replacements.set(column.identity, ref);
    }
    outer.annotations.set(alias, aggregate.replaceExpressions(replacements));
  }
  if (
    inner.select.length === 0 &&
    !inner.defaultCols &&
    (inner.annotationSelectMask === null || inner.annotationSelectMask.size === 0)
  ) {
    inner.select = [pk()];
  }
  return outer;
}

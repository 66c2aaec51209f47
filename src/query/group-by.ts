import type { Expression } from "../expressions/base.ts";
import { Col, Ref } from "../expressions/col.ts";
import type { Query } from "./query.ts";
import { columnsOf } from "./refs.ts";

/** Groups by what is selected so far: the columns of `values()`, and annotations that are no aggregates. */
export function setGroupBy(query: Query, allowAliases = true): void {
  if (allowAliases && query.valuesSelect.length > 0) {
    // Selected transforms become annotations, so that GROUP BY can name them.
    const transforms = new Map<string, Expression>();
    const columns = new Map<string, Expression>();
    query.valuesSelect.forEach((name, i) => {
      const expression = query.select[i] as Expression;
      (expression instanceof Col ? columns : transforms).set(name, expression);
    });
    query.annotations = new Map([...transforms, ...query.annotations]);
    query.appendAnnotationMask(transforms.keys());
    query.select = [...columns.values()];
    query.valuesSelect = [...columns.keys()];
    if (query.selected !== null) {
      for (const [i, name] of query.valuesSelect.entries()) query.selected.set(name, i);
      for (const name of transforms.keys()) query.selected.set(name, name);
    }
  }
  const groupBy: Expression[] = [...query.select];
  for (const [alias, annotation] of query.annotationSelect) {
    const columns = annotation.getGroupByCols();
    if (columns.length === 0) continue;
    if (allowAliases && !annotation.containsAggregate) groupBy.push(new Ref(alias, annotation));
    else groupBy.push(...columns);
  }
  query.groupBy = groupBy;
}

/** Columns of outer queries that a subquery refers to. */
export function externalCols(query: Query): Expression[] {
  const expressions = [...query.annotations.values(), ...query.where.children];
  return [...columnsOf(expressions, { external: true })].filter(
    (column) => column.alias !== null && query.externalAliases.has(column.alias),
  );
}

/** A subquery is grouped by the outer columns it uses, or as a whole where these stand for several rows. */
export function groupByColsFor(query: Query, wrapper: Expression): Expression[] {
  const columns = externalCols(query) as Col[];
  return columns.some((column) => column.possiblyMultivalued) ? [wrapper] : columns;
}

import { FieldError } from "../errors.ts";
import type { Expression, ResolveOptions } from "../expressions/base.ts";
import { Col, Ref } from "../expressions/col.ts";
import { initialAlias, item } from "./aliases.ts";
import { Join } from "./joins.ts";
import { setupJoins, trimJoins, tryTransform } from "./names.ts";
import type { Query } from "./query.ts";

/** The columns inside expressions. */
export function* columnsOf(
  expressions: Iterable<Expression>,
  { external = false, refs = true }: { external?: boolean; refs?: boolean } = {},
): Generator<Col> {
  for (const expression of expressions) {
    if (expression instanceof Col) {
      yield expression;
    } else if (external && expression.isSubquery) {
      yield* expression.getExternalCols() as Col[];
    } else if (refs || !(expression instanceof Ref)) {
      yield* columnsOf(
        expression.sources().filter((source): source is Expression => source !== null),
        { external, refs },
      );
    }
  }
}

/** What a name stands for in an expression: an annotation, or a column that may need joins. */
export function resolveRef(
  query: Query,
  name: string,
  { allowJoins = true, reuse = null, summarize = false }: ResolveOptions,
): Expression {
  const annotation = query.annotations.get(name);
  if (annotation !== undefined) {
    if (!allowJoins) {
      for (const column of columnsOf([annotation])) {
        if (column.alias !== null && item(query, column.alias) instanceof Join) throw joinedReference();
      }
    }
    if (!summarize) return annotation;
    const selected = query.annotationSelect.get(name);
    if (selected === undefined) {
      throw new FieldError(`Cannot aggregate over the '${name}' alias. Use annotate() to promote it.`);
    }
    return new Ref(name, selected);
  }
  const names = name.split("__");
  const first = query.annotations.get(names[0] as string);
  if (first !== undefined) {
    return names.slice(1).reduce((expression, transform) => tryTransform(expression, transform), first);
  }
  const info = setupJoins(query, names, query.opts, initialAlias(query), { canReuse: reuse });
  const { targets, alias, joins } = trimJoins(query, info.targets, info.joins, info.path);
  if (!allowJoins && joins.length > 1) throw joinedReference();
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    throw new FieldError("Referencing multicolumn fields with F() objects isn't supported");
  }
  const expression = info.transform(target, alias);
  if (reuse !== null) for (const join of joins) reuse.add(join);
  return expression;
}

function joinedReference(): FieldError {
  return new FieldError("Joined field references are not permitted in this query");
}

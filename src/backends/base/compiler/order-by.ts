import { DatabaseError, FieldError, NotImplementedError } from "../../../errors.ts";
import type { Expression } from "../../../expressions/base.ts";
import { type Col, PositionRef, Ref } from "../../../expressions/col.ts";
import { F } from "../../../expressions/f.ts";
import { OrderBy } from "../../../expressions/order-by.ts";
import { RawSQL } from "../../../expressions/raw-sql.ts";
import { Value } from "../../../expressions/value.ts";
import { Cast } from "../../../functions/comparison.ts";
import { Random } from "../../../functions/math.ts";
import type { Options } from "../../../models/options.ts";
import { setupJoins, trimJoins, tryTransform } from "../../../query/names.ts";
import { orderDirection } from "../../../query/ordering.ts";
import type { PathField } from "../../../query/path.ts";
import { Sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";

/** One term of ORDER BY. */
export interface OrderEntry {
  readonly expression: OrderBy;
  readonly sql: Sql;
  /** The SQL without ASC or DESC. */
  readonly bare: Sql;
  /** The term names something that is selected. */
  readonly isRef: boolean;
}

type Pair = readonly [OrderBy, boolean];

/** The terms of ORDER BY, each once. */
export function orderBy(compiler: Compiler): OrderEntry[] {
  const { query } = compiler;
  const result: OrderEntry[] = [];
  const seen = new Set<string>();
  for (const [item, isRef] of pairs(compiler)) {
    let resolved = item.resolveExpression(query, { allowJoins: true, reuse: null }) as OrderBy;
    if (!isRef && query.combinator !== null && compiler.select.length > 0) {
      resolved = inCombinedQuery(compiler, item, resolved);
    }
    const sql = compiler.compile(resolved);
    const bare = withoutDirection(sql);
    const { key } = bare;
    if (seen.has(key)) continue;
    seen.add(key);
    result.push({ expression: resolved, sql, bare, isRef });
  }
  return result;
}

/** Combined queries are ordered by a column of their result. */
function inCombinedQuery(compiler: Compiler, item: OrderBy, resolved: OrderBy): OrderBy {
  const { query } = compiler;
  const source = resolved.expression;
  const given = item.expression;
  for (const { expression, alias } of compiler.select) {
    if (expression.identity !== source.identity) continue;
    const isOtherName =
      query.hasSelectFields &&
      alias !== null &&
      query.annotationSelect.has(alias) &&
      !(given instanceof F && given.name === alias);
    if (isOtherName) continue;
    return resolved.withSources([new Ref(alias ?? (source as Col).target.column, source)]) as OrderBy;
  }
  const alias = `__orderbycol${query.select.length + 1}`;
  for (const combined of query.combinedQueries) {
    if (combined.hasSelectFields) {
      throw new DatabaseError("ORDER BY term does not match any column in the result set.");
    }
    combined.addAnnotation(given, alias);
  }
  query.addSelectCol(resolved, alias);
  return resolved.withSources([new Ref(alias, source)]) as OrderBy;
}

function withoutDirection(sql: Sql): Sql {
  const parts = [...sql.parts];
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i];
    if (typeof part !== "string") continue;
    const match = /^(.*)\s(?:ASC|DESC).*$/s.exec(part);
    if (match !== null) return new Sql([...parts.slice(0, i), match[1] as string]);
  }
  return sql;
}

function* pairs(compiler: Compiler): Generator<Pair> {
  const { query } = compiler;
  const ascending = query.standardOrdering;
  const selected = new Map<string, PositionRef>();
  const selectedNames = new Map<string, PositionRef>();
  const ordering = chosenOrdering(compiler);
  if (ordering.length > 0) {
    compiler.select.forEach(({ expression, alias }, i) => {
      const ref = new PositionRef(i + 1, alias ?? "", expression);
      if (alias) selectedNames.set(alias, ref);
      selected.set(expression.identity, ref);
    });
  }
  for (const item of ordering) {
    if (typeof item !== "string") {
      yield byExpression(compiler, item, selected, selectedNames);
      continue;
    }
    if (item === "?") {
      yield [new OrderBy(new Random()), false];
      continue;
    }
    const { name, descending } = orderDirection(item, ascending);
    const ref = selectedNames.get(name);
    if (ref !== undefined) {
      yield [new OrderBy(ref, { descending }), true];
      continue;
    }
    const annotated = byAnnotation(compiler, name, descending);
    if (annotated !== null) {
      yield annotated;
      continue;
    }
    if (item.includes(".") && query.extraOrderBy.includes(item)) {
      const [table = "", column = ""] = name.split(".", 2);
      yield [
        new OrderBy(new PlainSql(`${compiler.quoteNameUnlessAlias(table)}.${column}`), { descending }),
        false,
      ];
      continue;
    }
    const extra = query.extra.get(name);
    if (extra !== undefined) {
      const expression = query.extraExpression(extra);
      yield query.extraSelect.has(name)
        ? [new OrderBy(new Ref(name, expression), { descending }), true]
        : [new OrderBy(expression, { descending }), false];
    } else if (query.combinator !== null && compiler.select.length > 0) {
      yield [new OrderBy(new F(name), { descending }), false];
    } else {
      yield* byName(compiler, item, query.opts, null, ascending, new Set());
    }
  }
}

function chosenOrdering(compiler: Compiler): readonly (string | Expression)[] {
  const { query } = compiler;
  if (query.extraOrderBy.length > 0) return query.extraOrderBy;
  if (!query.defaultOrdering || query.orderBy.length > 0) return query.orderBy;
  const meta = query.opts.ordering as readonly (string | Expression)[];
  if (meta.length > 0) compiler.metaOrdering = true;
  return meta;
}

function byExpression(
  compiler: Compiler,
  item: Expression,
  selected: ReadonlyMap<string, PositionRef>,
  selectedNames: ReadonlyMap<string, PositionRef>,
): Pair {
  const { query } = compiler;
  let expression = item instanceof Value ? new Cast(item, item.outputField) : item;
  if (!(expression instanceof OrderBy)) expression = new OrderBy(expression);
  let order = expression as OrderBy;
  if (!query.standardOrdering) order = order.reverseOrdering();
  const { expression: inner } = order;
  const ref =
    selected.get(inner.identity) ??
    (inner instanceof F && inner.constructor === F ? selectedNames.get(inner.name) : undefined);
  if (ref === undefined) return [order, false];
  if (
    (order.nullsFirst === null && order.nullsLast === null) ||
    compiler.features.supportsOrderByNullsModifier
  ) {
    order = order.withSources([ref]) as OrderBy;
  } else if (query.combinator !== null) {
    order = order.withSources([new Ref(ref.refs, ref.source)]) as OrderBy;
  }
  return [order, true];
}

function byAnnotation(compiler: Compiler, name: string, descending: boolean): Pair | null {
  const { query } = compiler;
  let ref = name;
  let transforms: readonly string[] = [];
  let expression = query.annotations.get(name);
  if (expression === undefined) {
    [ref = "", ...transforms] = name.split("__") as [string, ...string[]];
    expression = query.annotations.get(ref);
  }
  if (expression === undefined) return null;
  if (query.combinator !== null && compiler.select.length > 0) {
    if (transforms.length > 0) {
      throw new NotImplementedError("Ordering combined queries by transforms is not implemented.");
    }
    expression = new F(ref);
  }
  for (const transform of transforms) expression = tryTransform(expression, transform);
  if (expression instanceof Value) expression = new Cast(expression, expression.outputField);
  return [new OrderBy(expression, { descending }), false];
}

/** Orders by a field; by a relation as the related model is ordered. */
function byName(
  compiler: Compiler,
  item: string,
  opts: Options,
  startAlias: string | null,
  ascending: boolean,
  seen: ReadonlySet<string>,
): Pair[] {
  const { query } = compiler;
  const { name, descending } = orderDirection(item, ascending);
  const pieces = name.split("__");
  const info = setupJoins(query, pieces, opts, startAlias ?? query.getInitialAlias());
  const field = info.finalField as unknown as PathField;
  const target = info.opts;
  if (
    field.isRelation &&
    target.ordering.length > 0 &&
    field.attname !== pieces[pieces.length - 1] &&
    name !== "pk" &&
    !info.hasTransforms
  ) {
    const key = info.joins
      .map(
        (alias) =>
          query.aliasMap
            .get(alias)
            ?.joinField?.getJoiningFields()
            .map(([l, r]) => `${l.column}=${r.column}`)
            .join() ?? "",
      )
      .join(";");
    if (seen.has(key)) throw new FieldError("Infinite loop caused by ordering.");
    const alias = info.joins[info.joins.length - 1] as string;
    const results: Pair[] = [];
    for (const inner of target.ordering as readonly (string | Expression)[]) {
      if (typeof inner !== "string") {
        const order = inner instanceof OrderBy ? inner : new OrderBy(inner, { descending });
        results.push([order.prefixReferences(`${name}__`) as OrderBy, false]);
        continue;
      }
      for (const [order, isRef] of byName(
        compiler,
        inner,
        target,
        alias,
        !descending,
        new Set([...seen, key]),
      )) {
        results.push([order.prefixReferences(`${name}__`) as OrderBy, isRef]);
      }
    }
    return results;
  }
  const { targets, alias } = trimJoins(query, info.targets, info.joins, info.path);
  return targets.map(
    (column) => [new OrderBy(info.transform(column, alias), { descending }), false] as const,
  );
}

/** Text that was checked and quoted before. */
class PlainSql extends RawSQL {
  override asSql(): Sql {
    return new Sql([this.sql]);
  }
}

import { FieldError, FullResultSet } from "../../../errors.ts";
import { Expression } from "../../../expressions/base.ts";
import { Col, ColPairs } from "../../../expressions/col.ts";
import type { Field } from "../../../fields/field.ts";
import { toStore } from "../../../fields/stored.ts";
import type { Options } from "../../../models/options.ts";
import { Q } from "../../../query/q.ts";
import { Query } from "../../../query/query.ts";
import { WhereNode } from "../../../query/where.ts";
import type { Bound } from "../../../sql/bound.ts";
import { CONSTANT, joinSql, Param, raw, type Sql, sql } from "../../../sql/sql.ts";
import { type DatabaseOperations, renderText } from "../operations.ts";
import { Compiler } from "./compiler.ts";
import { checkWritable } from "./insert.ts";
import { orderBy } from "./order-by.ts";

/** A column of an UPDATE with its new value. */
export interface Assignment {
  readonly field: Field;
  readonly value: Expression | Bound;
}

/** The rows of a query, with new values for some of their columns: Django's `sql.UpdateQuery`. */
export class UpdateQuery extends Query {
  assignments: readonly Assignment[] = [];
}

/** Tables that the query reads from. */
export function activeTables(query: Query): number {
  let count = 0;
  for (const alias of query.aliasMap.keys()) if ((query.aliasRefcount.get(alias) ?? 0) > 0) count++;
  return count;
}

/** Resolves an expression that is to be written, against the rows that are written. */
export function resolveAssigned(query: Query, field: Field, template: Expression): Expression {
  const expression = template.resolveExpression(query, { allowJoins: false, forSave: true });
  checkWritable(expression, field);
  if (expression instanceof ColPairs) {
    throw new FieldError(
      `Composite primary keys expressions are not allowed in this query (${field.name}=F('pk')).`,
    );
  }
  return expression;
}

/**
 * Makes a query into an UPDATE: conditions over several tables become a subquery of keys.
 *
 * @param query changed
 */
export function asUpdate(query: Query, assignments: readonly Assignment[]): UpdateQuery {
  const update = Object.setPrototypeOf(query, UpdateQuery.prototype) as UpdateQuery;
  update.assignments = assignments;
  update.clearSelectClause();
  update.getInitialAlias();
  if (activeTables(update) > 1) selectKeys(update);
  return update;
}

function selectKeys(query: Query): void {
  const inner = Object.setPrototypeOf(query.clone(), Query.prototype) as Query;
  inner.selectRelated = false;
  inner.clearOrdering({ force: true });
  inner.extra = new Map();
  inner.select = [];
  inner.addFields([query.opts.pk.name]);
  query.where = new WhereNode();
  query.addQ(new Q([["pk__in", inner]]));
}

/** The SQL of an UPDATE. */
export function updateSql(compiler: Compiler): Sql {
  const query = compiler.query as UpdateQuery;
  const { ops } = compiler;
  const sets = query.assignments.map(({ field, value }) => {
    const column = raw(ops.quoteName(field.column));
    if (value instanceof Expression) {
      // A field may store an expression as a value: JSON's null.
      const prepared = field.getDbPrepSave(value, ops);
      return sql`${column} = ${prepared === value ? compiler.compile(value) : new Param(CONSTANT, prepared)}`;
    }
    const param = value.param((prepared) => toStore(field, prepared, ops));
    return sql`${column} = ${field.placeholder?.(param, compiler) ?? sql`${param}`}`;
  });
  const table = raw(compiler.quoteNameUnlessAlias(query.baseTable as string));
  const statement = withWhere(compiler, sql`UPDATE ${table} SET ${joinSql(sets, ", ")}`);
  const order = compiler.features.canOrderUpdates ? ownOrder(compiler) : [];
  return order.length > 0 ? sql`${statement} ORDER BY ${joinSql(order, ", ")}` : statement;
}

/** The order in which rows are updated, as far as their own columns say it. */
function ownOrder(compiler: Compiler): readonly Sql[] {
  const { query } = compiler;
  if (query.orderBy.length === 0) return [];
  try {
    const entries = orderBy(compiler);
    const joined = entries.some(({ expression: { expression } }) => {
      return expression instanceof Col && expression.alias !== query.opts.dbTable;
    });
    return joined ? [] : entries.map((entry) => entry.sql);
  } catch (error) {
    // Annotations are gone from an update.
    if (error instanceof FieldError) return [];
    throw error;
  }
}

/** A statement with the conditions of its query. */
export function withWhere(compiler: Compiler, statement: Sql): Sql {
  const { where } = compiler.query;
  if (where.isEmpty) return statement;
  try {
    return sql`${statement} WHERE ${compiler.compile(where)}`;
  } catch (error) {
    if (error instanceof FullResultSet) return statement;
    throw error;
  }
}

/** `UPDATE t SET a = ?, ... WHERE pk = ?` with plain parameters for all columns and keys. */
export function updateTextByPk(opts: Options, ops: DatabaseOperations, fields: readonly Field[]): string {
  const compiler = new Compiler(new Query(opts.model), {
    ops,
    features: ops.features,
    values: [],
    dependsOnValues: false,
  });
  const param = () => new Param(CONSTANT, null);
  const table = ops.quoteName(opts.dbTable);
  const sets = fields.map((field) => {
    const value = field.placeholder?.(param(), compiler) ?? sql`${param()}`;
    return sql`${raw(ops.quoteName(field.column))} = ${value}`;
  });
  const keys = opts.pkFields.map(
    (field) => sql`${raw(`${table}.${ops.quoteName(field.column)}`)} = ${param()}`,
  );
  const where = joinSql(keys, " AND ");
  const condition = keys.length > 1 ? sql`(${where})` : where;
  return renderText(sql`UPDATE ${raw(table)} SET ${joinSql(sets, ", ")} WHERE ${condition}`, ops);
}

import { FieldError, ValueError } from "../../../errors.ts";
import { Expression } from "../../../expressions/base.ts";
import type { Field } from "../../../fields/field.ts";
import type { Options } from "../../../models/options.ts";
import { binder } from "../../../query/plan.ts";
import { Query } from "../../../query/query.ts";
import { PlanDependsOnValue } from "../../../sql/bound.ts";
import { CONSTANT, joinSql, Param, raw, type Sql, sql } from "../../../sql/sql.ts";
import { repr } from "../../../util/repr.ts";
import { type DatabaseOperations, type OnConflict, renderText } from "../operations.ts";
import { captureExpressions, templatesOf } from "./captured.ts";
import { Compiler } from "./compiler.ts";

/** What an INSERT writes, and what it does where a row exists already. */
export interface InsertParts {
  readonly opts: Options;
  /** Empty: rows of defaults alone. */
  readonly fields: readonly Field[];
  readonly returning: readonly Field[];
  readonly onConflict: OnConflict;
  readonly updateFields: readonly Field[];
  readonly uniqueFields: readonly Field[];
}

function compilerFor(opts: Options, ops: DatabaseOperations, values: readonly unknown[] = []): Compiler {
  return new Compiler(new Query(opts.model), {
    ops,
    features: ops.features,
    values,
    dependsOnValues: false,
  });
}

/** The text before the rows, and after them. */
function frame(parts: InsertParts, ops: DatabaseOperations): [head: Sql, tail: Sql] {
  const { opts, fields, returning, onConflict, updateFields, uniqueFields } = parts;
  const columns = (fields.length > 0 ? fields : [opts.pk]).map((field) => ops.quoteName(field.column));
  const head = `${ops.insertStatement(onConflict)} ${ops.quoteName(opts.dbTable)} (${columns.join(", ")}) VALUES `;
  const names = (list: readonly Field[]) => list.map((field) => field.column);
  let tail = "";
  const suffix = ops.onConflictSuffixSql(onConflict, names(updateFields), names(uniqueFields));
  if (suffix !== "") tail += ` ${suffix}`;
  if (returning.length > 0 && ops.features.canReturnColumnsFromInsert) {
    tail += ` ${ops.returningSql(opts.dbTable, names(returning))}`;
  }
  return [raw(head), raw(tail)];
}

/** The text of an INSERT of `count` rows whose cells are plain parameters, row after row. */
export function insertText(parts: InsertParts, ops: DatabaseOperations, count: number): string {
  const [head, tail] = frame(parts, ops);
  const { fields } = parts;
  const compiler = compilerFor(parts.opts, ops);
  const cell = (field: Field): Sql => {
    const param = new Param(CONSTANT, null);
    return field.placeholder?.(param, compiler) ?? sql`${param}`;
  };
  const row =
    fields.length === 0 ? raw(`(${ops.pkDefaultValue})`) : sql`(${joinSql(fields.map(cell), ", ")})`;
  return renderText(sql`${head}${joinSql(new Array<Sql>(count).fill(row), ", ")}${tail}`, ops);
}

interface Compiled {
  readonly sql: string;
  readonly bind: (values: readonly unknown[]) => unknown[];
  readonly prepare: (values: readonly unknown[]) => readonly unknown[];
}

/** How many statements with expressions one insert remembers. */
const MOST_COMPILED = 100;

/**
 * An INSERT some of whose cells are expressions: `cells` holds, row after row, prepared values and expressions.
 *
 * @param known remembers what was compiled, by the shape of the cells
 * @throws ValueError for an expression that refers to columns: there is no row yet
 */
export function insertWithExpressions(
  parts: InsertParts,
  ops: DatabaseOperations,
  cells: readonly unknown[],
  known: Map<string, Compiled>,
): { sql: string; params: unknown[] } {
  const expressions: Expression[] = [];
  const plain: unknown[] = [];
  let places = "";
  for (const cell of cells) {
    if (cell instanceof Expression) {
      expressions.push(cell);
      places += "E";
    } else {
      plain.push(cell);
      places += ".";
    }
  }
  const captured = captureExpressions(expressions);
  const key = `${places}|${captured.key}`;
  const bind = (compiled: Compiled) => ({
    sql: compiled.sql,
    params: compiled.bind([...compiled.prepare(captured.values), ...plain]),
  });
  let compiled = known.get(key);
  if (compiled === undefined) {
    const { made, keep } = compileCells(parts, ops, places, expressions, captured.values);
    compiled = made;
    if (known.size >= MOST_COMPILED) known.clear();
    if (keep) known.set(key, made);
  }
  try {
    return bind(compiled);
  } catch (error) {
    if (!(error instanceof PlanDependsOnValue)) throw error;
    return bind(compileCells(parts, ops, places, expressions, captured.values).made);
  }
}

function compileCells(
  parts: InsertParts,
  ops: DatabaseOperations,
  places: string,
  expressions: readonly Expression[],
  values: readonly unknown[],
): { made: Compiled; keep: boolean } {
  const { fields } = parts;
  const { templates, prepare } = templatesOf(expressions);
  const compiler = compilerFor(parts.opts, ops, values);
  let nextExpression = 0;
  let nextSlot = values.length;
  const cells = [...places].map((place, i): Sql => {
    const field = fields[i % fields.length] as Field;
    if (place === "E") {
      const template = templates[nextExpression] as Expression;
      const given = expressions[nextExpression++] as Expression;
      return compiler.compile(resolved(template, given, field, compiler.query));
    }
    const param = new Param(nextSlot++, null);
    return field.placeholder?.(param, compiler) ?? sql`${param}`;
  });
  const rows: Sql[] = [];
  for (let i = 0; i < cells.length; i += fields.length) {
    rows.push(sql`(${joinSql(cells.slice(i, i + fields.length), ", ")})`);
  }
  const [head, tail] = frame(parts, ops);
  const statement = sql`${head}${joinSql(rows, ", ")}${tail}`;
  const made = { sql: renderText(statement, ops), bind: binder(statement.params), prepare };
  const { dependsOnValues, dependsOnLengths } = compiler.context;
  return { made, keep: !dependsOnValues && dependsOnLengths !== true };
}

function resolved(template: Expression, given: Expression, field: Field, query: Query): Expression {
  const expression = template.resolveExpression(query, { allowJoins: false, forSave: true });
  if (expression.containsColumnReferences) {
    throw new ValueError(
      `Failed to insert expression "${String(given)}" on ${String(field)}. F() expressions can only be used to ` +
        "update, not to insert.",
    );
  }
  checkWritable(expression, field);
  return expression;
}

/** Refuses what stands for more than one row. */
export function checkWritable(expression: Expression, field: Field): void {
  const where = () => `(${field.name}=${repr(expression)})`;
  if (expression.containsAggregate) {
    throw new FieldError(`Aggregate functions are not allowed in this query ${where()}.`);
  }
  if (expression.containsOverClause) {
    throw new FieldError(`Window expressions are not allowed in this query ${where()}.`);
  }
}

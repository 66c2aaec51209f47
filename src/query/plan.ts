import { Compiler, type CompilerContext } from "../backends/base/compiler/compiler.ts";
import { type DatabaseOperations, rendered } from "../backends/base/operations.ts";
import { EmptyResultSet } from "../errors.ts";
import { RawSQL } from "../expressions/raw-sql.ts";
import { PlanDependsOnValue } from "../sql/bound.ts";
import { CONSTANT, DYNAMIC, type Param, type Sql } from "../sql/sql.ts";
import type { Query } from "./query.ts";
import { type ReadRows, rowReader } from "./row-reader.ts";
import { lengthsOf, type RowKind, type Shape } from "./shape.ts";

/** What gives one parameter of a statement. */
type Binder = (values: readonly unknown[]) => unknown;

/** A statement ready to be sent again and again, with other values. */
export interface Plan {
  /** `null`: there can be no rows, nothing is sent. */
  readonly sql: string | null;
  readonly bind: (values: readonly unknown[]) => unknown[];
  /** Integers must be read as `bigint`. */
  readonly bigints: boolean;
  /** Makes what the caller gets of the driver's rows. */
  readonly read: ReadRows;
  readonly columnCount: number;
  /** The places of columns from the user's own SQL, whose types only the statement can tell. */
  readonly untyped: readonly number[];
  /** Locks rows: only for a transaction. */
  readonly locks?: boolean;
  /** The lengths of the lists for which the SQL holds, as {@link lengthsOf} gives them; `null`: it holds for all. */
  readonly lengths: string | null;
}

/** A plan with the parameters of one run. */
export interface BoundPlan {
  readonly plan: Plan;
  readonly params: unknown[];
}

/** The plan of a shape in a dialect, made when it is first asked for. */
export function planOf(shape: Shape, ops: DatabaseOperations, values: readonly unknown[]): Plan {
  let plan = shape.plan(ops, values);
  if (plan === undefined) {
    const { made, keep } = makePlan(shape.query, shape.rows, ops, values);
    plan = made;
    if (keep) shape.keepPlan(ops, plan);
  }
  return plan;
}

/** The plan of a shape, and the parameters of this run. */
export function planFor(shape: Shape, ops: DatabaseOperations, values: readonly unknown[]): BoundPlan {
  const plan = planOf(shape, ops, values);
  try {
    return { plan, params: plan.bind(values) };
  } catch (error) {
    if (!(error instanceof PlanDependsOnValue)) throw error;
    const { made } = makePlan(shape.query, shape.rows, ops, values);
    return { plan: made, params: made.bind(values) };
  }
}

function makePlan(
  template: Query,
  rows: RowKind,
  ops: DatabaseOperations,
  values: readonly unknown[],
): { made: Plan; keep: boolean } {
  const context: CompilerContext = { ops, features: ops.features, values, dependsOnValues: false };
  const compiler = new Compiler(template.clone(), context, template.elideEmpty);
  let sql: Sql;
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (!(error instanceof EmptyResultSet)) throw error;
    return { made: NO_ROWS, keep: !context.dependsOnValues };
  }
  const bigints = needsBigints(compiler);
  const { text, params } = rendered(sql, ops);
  const made: Plan = {
    sql: text,
    bind: binder(params),
    bigints,
    read: rowReader(compiler, rows, bigints),
    columnCount: compiler.columnCount,
    untyped: ops.features.valuesNeedDeclaredTypes ? untypedPlaces(compiler) : [],
    locks: context.locks === true,
    lengths: context.dependsOnLengths === true ? lengthsOf(values) : null,
  };
  return { made, keep: !context.dependsOnValues };
}

const NO_ROWS: Plan = {
  sql: null,
  bind: () => [],
  bigints: false,
  read: () => [],
  columnCount: 0,
  untyped: [],
  lengths: null,
};

function untypedPlaces(compiler: Compiler): number[] {
  return compiler.outputs.flatMap((expression, place) =>
    expression instanceof RawSQL && expression.outputFieldOrNull === null ? [place] : [],
  );
}

export function needsBigints(compiler: Compiler): boolean {
  return compiler.outputs.some((expression) => expression.outputFieldOrNull?.wantsBigInt === true);
}

/** What makes a statement's parameters of a queryset's values. */
export function binder(params: readonly Param[]): (values: readonly unknown[]) => unknown[] {
  const binders = params.map(binderOf);
  const [only] = binders;
  if (binders.length === 0) return () => [];
  if (binders.length === 1 && only !== undefined) return (values) => [only(values)];
  return (values) => {
    const result = new Array<unknown>(binders.length);
    for (let i = 0; i < binders.length; i++) result[i] = (binders[i] as Binder)(values);
    return result;
  };
}

function binderOf({ slot, index, value, adapt }: Param): Binder {
  if (slot === CONSTANT) {
    const fixed = adapt === null ? value : adapt(value);
    return () => fixed;
  }
  if (slot === DYNAMIC) {
    const get = value as () => unknown;
    return adapt === null ? () => get() : () => adapt(get());
  }
  if (index >= 0) {
    if (adapt === null) return (values) => (values[slot] as unknown[])[index];
    return (values) => adapt((values[slot] as unknown[])[index]);
  }
  return adapt === null ? (values) => values[slot] : (values) => adapt(values[slot]);
}

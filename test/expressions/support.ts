/** Models and querysets for tests of SQL: nothing here asks a database. */
import "../../src/lookups/register.ts";
import { SqliteFeatures } from "../../src/backends/sqlite/features.ts";
import { SqliteOperations } from "../../src/backends/sqlite/operations.ts";
import { F as FExpression } from "../../src/expressions/f.ts";
import { callable } from "../../src/expressions/func.ts";
import { Value as ValueExpression } from "../../src/expressions/value.ts";
import * as fields from "../../src/fields/factories.ts";
import * as related from "../../src/fields/related/factories.ts";
import { CASCADE } from "../../src/fields/related/on-delete.ts";
import { Model } from "../../src/models/factory.ts";
import type { ModelClass } from "../../src/models/types.ts";
import { QuerySetChain } from "../../src/query/chain/chain.ts";
import { planFor } from "../../src/query/plan.ts";
import { Q as QExpression } from "../../src/query/q.ts";
import { ROOT_VALUES, Shape } from "../../src/query/shape.ts";

export const F = callable(FExpression);
export const Value = callable(ValueExpression);
export const Q = (...args: unknown[]) => QExpression.of(args);

/** The factories are typed for users; the tests call them with anything. */
type Loose = Record<string, (...args: unknown[]) => unknown>;
export const {
  BigIntegerField,
  BooleanField,
  CharField,
  DateField,
  DateTimeField,
  DecimalField,
  FloatField,
  IntegerField,
  JSONField,
  UUIDField,
} = fields as unknown as Loose as Record<string, (...args: unknown[]) => never>;
const { ForeignKey } = related as unknown as Record<string, (...args: unknown[]) => never>;

const define = Model as unknown as (label: string, fields: object, meta?: object) => ModelClass;

export const Studio: ModelClass = define("expr.Studio", { name: CharField!({ maxLength: 20 }) });
export const Film: ModelClass = define("expr.Film", {
  title: CharField!({ maxLength: 50 }),
  minutes: IntegerField!({ null: true }),
  views: BigIntegerField!({ default: 0n }),
  rating: FloatField!({ null: true }),
  price: DecimalField!({ maxDigits: 6, decimalPlaces: 2 }),
  released: DateField!({ null: true }),
  seen: DateTimeField!({ null: true }),
  color: BooleanField!({ default: true }),
  code: UUIDField!({ null: true }),
  data: JSONField!({ null: true }),
  studio: ForeignKey!("expr.Studio", { onDelete: CASCADE, null: true }),
});

export const ops = new SqliteOperations(new SqliteFeatures());

/** The methods that all expressions get, which are typed for users alone. */
export function methods(expression: unknown): Record<string, (...args: unknown[]) => unknown> {
  return expression as Record<string, (...args: unknown[]) => unknown>;
}

/** A queryset that only says what it would send. */
export class Statements extends QuerySetChain {
  /** The SQL behind WHERE, or the whole statement, and its parameters. */
  get sent(): { sql: string | null; params: unknown[] } {
    const { plan, params } = planFor(this.shape, ops, this.bindings);
    // The driver takes integers as bigint; here only their value counts.
    return {
      sql: plan.sql,
      params: params.map((param) => (typeof param === "bigint" ? Number(param) : param)),
    };
  }

  get where(): { sql: string | null; params: unknown[] } {
    const { sql, params } = this.sent;
    return { sql: sql === null ? null : short(sql.split(" WHERE ")[1] ?? ""), params };
  }

  /** The SQL of the only selected value. */
  get selected(): { sql: string; params: unknown[] } {
    const { sql, params } = this.sent;
    return { sql: short(/^SELECT (.*?)(?: AS "x")? FROM /.exec(sql as string)?.[1] ?? ""), params };
  }
}

function short(sql: string): string {
  return sql.replaceAll('"expr_film".', "").replaceAll('"', "");
}

export function rows(model: ModelClass = Film): Statements {
  const state = {
    model,
    mode: "sync" as const,
    database: null,
    hint: null,
    fields: null,
    prefetches: [],
    known: [],
    fetching: null,
    signal: null,
  };
  return new Statements(state, Shape.root(model), ROOT_VALUES);
}

/** What stands after WHERE for these conditions. */
export function where(...conditions: unknown[]): [sql: string | null, ...params: unknown[]] {
  const { sql, params } = rows().filter(...conditions).where;
  return [sql, ...params];
}

/** An expression as it stands in the select list. */
export function select(expression: unknown): [sql: string, ...params: unknown[]] {
  const { sql, params } = rows().annotate({ x: expression }).valuesList("x", { flat: true }).selected;
  return [sql, ...params];
}

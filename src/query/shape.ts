import { registry } from "../models/registry.ts";
import type { ModelClass } from "../models/types.ts";
import type { Prepare } from "../sql/bound.ts";
import { Cursor } from "../sql/node.ts";
import type { Plan } from "./plan.ts";
import { Query } from "./query.ts";

/** What the rows of a queryset are: instances, or what `values()` and its like ask for. */
export type RowKind = "model" | "values" | "tuple" | "flat" | "named";

/** The slots that every queryset has: how many rows at most (-1: all), and how many are skipped. */
export const LIMIT = 0;
export const OFFSET = 1;
export const ROOT_VALUES: readonly unknown[] = [-1, 0];

/** Shapes are forgotten, all at once, when there are so many. */
const MOST_SHAPES = 5_000;

/** So are the plans of one shape for lists of other lengths. */
const MOST_VARIANTS = 500;

/** The lengths of the lists among the values, as a text. */
export function lengthsOf(values: readonly unknown[]): string {
  let lengths = "";
  for (const value of values) if (Array.isArray(value)) lengths += `${value.length},`;
  return lengths;
}

let made = 0;
/** The state of the registry for which there are shapes: a new model, or a new class for one, changes queries. */
let declared = -1;
let epoch = 0;
let count = 0;

/**
 * What a chain of calls asks for, without its values.
 *
 * Each chained call leads from a shape to a further one. A call with the same names, lookups and expressions leads to
 * the same shape, whatever its values are: its query is resolved once, and its SQL compiled once for each dialect.
 */
export class Shape {
  readonly id: number = ++count;
  readonly query: Query;
  readonly rows: RowKind;
  /** How many values a queryset of this shape has. */
  readonly size: number;
  /** What checks and canonicalises the values of the last call. */
  readonly prepares: readonly (Prepare | null)[];
  /** The plan of each dialect that asked for one. */
  private readonly plans = new Map<object, Plan>();
  /** Further ones, where the SQL depends on the lengths of lists: by these. */
  private readonly variants = new Map<object, Map<string, Plan>>();
  /** Where `get({ name: value })` leads, by name: the most frequent call of all. */
  readonly gets: Map<string, GetShape> = new Map();
  private children = new Map<string, Shape>();
  private epoch = epoch;

  private constructor(query: Query, rows: RowKind, size: number, prepares: readonly (Prepare | null)[]) {
    this.query = query;
    this.rows = rows;
    this.size = size;
    this.prepares = prepares;
    if (++made > MOST_SHAPES) forgetShapes();
  }

  /** The shape of all rows of a model. */
  static root(model: ModelClass): Shape {
    shapeGeneration();
    let shape = roots.get(model);
    if (shape === undefined) {
      shape = new Shape(new Query(model), "model", ROOT_VALUES.length, []);
      roots.set(model, shape);
    }
    return shape;
  }

  /** A shape of its own, for what is not worth keeping. */
  static alone(query: Query, rows: RowKind, size: number): Shape {
    return new Shape(query, rows, size, []);
  }

  private childOf(key: string): Shape | undefined {
    if (this.epoch !== epoch) {
      this.epoch = epoch;
      this.children = new Map();
      this.gets.clear();
      this.plans.clear();
      this.variants.clear();
    }
    return this.children.get(key);
  }

  /** The plan of a dialect that holds for these values, if there is one already. */
  plan(dialect: object, values: readonly unknown[]): Plan | undefined {
    const plan = this.plans.get(dialect);
    if (plan === undefined || plan.lengths === null) return plan;
    const lengths = lengthsOf(values);
    return plan.lengths === lengths ? plan : this.variants.get(dialect)?.get(lengths);
  }

  /** Keeps a plan for later runs. */
  keepPlan(dialect: object, plan: Plan): void {
    if (plan.lengths === null || !this.plans.has(dialect)) {
      this.plans.set(dialect, plan);
      return;
    }
    let variants = this.variants.get(dialect);
    if (variants === undefined) {
      variants = new Map();
      this.variants.set(dialect, variants);
    }
    if (variants.size >= MOST_VARIANTS) variants.clear();
    variants.set(plan.lengths, plan);
  }

  /**
   * The shape that a call leads to, and the values of a queryset after it.
   *
   * @param key what the call is, with all of its arguments that are part of the shape
   * @param args the values of its arguments, in the order in which `build` takes them from the cursor
   * @param build applies the call to a clone of the query, or gives another query; runs only for a new shape
   */
  step(
    key: string,
    values: readonly unknown[],
    args: readonly unknown[],
    build: (query: Query, cursor: Cursor) => Query | void,
    rows: RowKind = this.rows,
  ): Step {
    let child = this.childOf(key);
    if (child === undefined) {
      const clone = this.query.chain();
      const cursor = new Cursor(this.size);
      const query = build(clone, cursor) ?? clone;
      child = new Shape(
        query,
        rows,
        cursor.slot,
        cursor.bounds.map((bound) => bound?.prepare ?? null),
      );
      this.children.set(key, child);
    }
    return { shape: child, values: args.length === 0 ? values : child.prepared(values, args) };
  }

  /** The values of a queryset after the call that led to this shape. */
  prepared(values: readonly unknown[], args: readonly unknown[]): readonly unknown[] {
    const result = values.slice();
    for (let i = 0; i < args.length; i++) {
      const prepare = this.prepares[i];
      result.push(prepare === null || prepare === undefined ? args[i] : prepare(args[i]));
    }
    return result;
  }
}

/** What `get({ name: value })` asks for. */
export interface GetShape {
  readonly shape: Shape;
  /** The value is the primary key's: one row at most has it. */
  readonly single: boolean;
}

export interface Step {
  readonly shape: Shape;
  readonly values: readonly unknown[];
}

let roots = new WeakMap<ModelClass, Shape>();

/** Grows whenever all shapes are forgotten; a root shape kept elsewhere is out of date then. */
export function shapeGeneration(): number {
  if (registry.version !== declared) {
    declared = registry.version;
    forgetShapes();
  }
  return epoch;
}

/** Forgets all shapes and plans. Querysets that exist keep theirs. */
export function forgetShapes(): void {
  epoch++;
  made = 0;
  roots = new WeakMap();
}

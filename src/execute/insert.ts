import { type InsertParts, insertText, insertWithExpressions } from "../backends/base/compiler/insert.ts";
import type { DatabaseOperations, OnConflict } from "../backends/base/operations.ts";
import { connections } from "../connections.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Rows, RunResult, Task } from "../task.ts";
import { type BindRow, rowBinder } from "./bind-row.ts";

/** How many numbers of rows an insert remembers the text for: nearly always one, a full batch and a last one. */
const MOST_TEXTS = 16;

type Assign = (instance: ModelInstance, row: readonly unknown[]) => void;

/** Straight-line code that puts the values which the database gave into an instance. */
function assigner(fields: readonly Field[], ops: DatabaseOperations, bigints: boolean): Assign {
  const names: string[] = [];
  const values: unknown[] = [];
  const lines = fields.map((field, i) => {
    let convert = field.fromDb(ops, { column: true, bigints });
    if (convert === null && bigints && !field.wantsBigInt) {
      convert = (value) => (typeof value === "bigint" ? Number(value) : value);
    }
    const attribute = `o[${JSON.stringify(field.attname)}]`;
    if (convert === null) return `${attribute} = r[${i}];`;
    names.push(`c${i}`);
    values.push(convert);
    return `${attribute} = r[${i}] === null ? null : c${i}(r[${i}]);`;
  });
  return new Function(...names, `return (o, r) => { ${lines.join(" ")} };`)(...values) as Assign;
}

/** How rows of one model and set of fields are inserted in one dialect. */
export class InsertPlan {
  readonly parts: InsertParts;
  readonly ops: DatabaseOperations;
  readonly width: number;
  /** Puts the returned values into an instance. */
  readonly assign: Assign;
  private readonly bindRow: BindRow;
  private readonly bigints: boolean;
  /** One row; without `RETURNING` where the key is reported. */
  private readonly single: string;
  /** The only returned value is the automatic key, which the database reports anyway. */
  private readonly reportsKey: boolean;
  private readonly texts = new Map<number, string>();
  private readonly compiled = new Map();

  constructor(parts: InsertParts, ops: DatabaseOperations, raw: boolean) {
    this.parts = parts;
    this.ops = ops;
    this.width = parts.fields.length;
    this.bindRow = rowBinder(parts.fields, ops, raw ? "raw" : "insert");
    this.bigints = parts.returning.some((field) => field.wantsBigInt);
    this.assign = assigner(parts.returning, ops, this.bigints);
    const { features } = ops;
    const [key] = parts.returning;
    // A view has no automatic key: only a table of the model's own is sure to report it.
    const onlyKey = parts.returning.length === 1 && key?.isAutoField === true && parts.opts.managed;
    this.reportsKey =
      parts.returning.length > 0 &&
      (!features.canReturnColumnsFromInsert ||
        (features.reportsInsertedKey && onlyKey && parts.onConflict === null && !parts.fields.includes(key)));
    this.single = insertText(this.reportsKey ? { ...parts, returning: [] } : parts, ops, 1);
  }

  private text(count: number): string {
    let text = this.texts.get(count);
    if (text === undefined) {
      text = insertText(this.parts, this.ops, count);
      if (this.texts.size >= MOST_TEXTS) this.texts.clear();
      this.texts.set(count, text);
    }
    return text;
  }

  /** The statement for some instances. */
  bind(instances: readonly ModelInstance[], start: number, end: number): { sql: string; params: unknown[] } {
    const { width } = this;
    const count = end - start;
    const params = new Array<unknown>(width * count);
    let expressions = false;
    for (let i = 0; i < count; i++) {
      if (this.bindRow(instances[start + i] as ModelInstance, params, i * width)) expressions = true;
    }
    if (expressions) return insertWithExpressions(this.parts, this.ops, params, this.compiled);
    return { sql: this.text(count), params };
  }

  /** Inserts instances and gives the returned rows, none where the database returns none. */
  *run(alias: string, instances: readonly ModelInstance[], start: number, end: number): Task<Rows> {
    const { sql, params } = this.bind(instances, start, end);
    const { returning } = this.parts;
    if (returning.length > 0 && this.ops.features.canReturnColumnsFromInsert) {
      return (yield { kind: "rows", alias, sql, params, bigints: this.bigints, write: true }) as Rows;
    }
    const { lastInsertId } = (yield { kind: "run", alias, sql, params }) as RunResult;
    // Of what is to be returned, the automatic key stands first.
    return returning[0]?.isAutoField && end - start === 1 ? [[lastInsertId]] : [];
  }

  /** Inserts one instance and puts what the database made into it. */
  *runOne(alias: string, instance: ModelInstance): Task<void> {
    const params = new Array<unknown>(this.width);
    if (this.bindRow(instance, params, 0)) {
      const [row] = yield* this.run(alias, [instance], 0, 1);
      if (row === undefined) return;
      if (this.ops.features.canReturnColumnsFromInsert) this.assign(instance, row);
      else this.takeKey(instance, row[0] as number | bigint);
    } else if (this.reportsKey) {
      const { lastInsertId } = (yield { kind: "run", alias, sql: this.single, params }) as RunResult;
      this.takeKey(instance, lastInsertId);
    } else if (this.parts.returning.length === 0) {
      yield { kind: "run", alias, sql: this.single, params };
    } else {
      const rows = yield {
        kind: "rows",
        alias,
        sql: this.single,
        params,
        bigints: this.bigints,
        write: true,
      };
      const [row] = rows as Rows;
      if (row !== undefined) this.assign(instance, row);
    }
  }

  private takeKey(instance: ModelInstance, key: number | bigint): void {
    const [field] = this.parts.returning;
    if (field?.isAutoField !== true || this.parts.fields.includes(field)) return;
    if (typeof key === "number" && Number.isSafeInteger(key)) {
      instance[field.attname] = key;
    } else {
      const convert = field.fromDb(this.ops, { column: true, bigints: true });
      instance[field.attname] = convert === null ? key : convert(BigInt(key));
    }
  }
}

export interface InsertConflict {
  readonly onConflict: OnConflict;
  readonly updateFields: readonly Field[];
  readonly uniqueFields: readonly Field[];
}

const NO_CONFLICT: InsertConflict = { onConflict: null, updateFields: [], uniqueFields: [] };

const plans = new WeakMap<object, Map<string, InsertPlan>>();
const versions = new WeakMap<object, number>();

/**
 * The plan for a model's fields, made once for each dialect.
 *
 * @param raw values are taken as they are: no field fills itself in
 */
export function insertPlan(
  opts: Options,
  alias: string,
  fields: readonly Field[],
  returning: readonly Field[],
  raw = false,
  conflict: InsertConflict = NO_CONFLICT,
): InsertPlan {
  let ofModel = plans.get(opts);
  if (ofModel === undefined || versions.get(opts) !== opts.apps.version) {
    ofModel = new Map();
    plans.set(opts, ofModel);
    versions.set(opts, opts.apps.version);
  }
  const ops = connections.ops(alias);
  const names = (list: readonly Field[]) => list.map((field) => field.name).join();
  const { onConflict, updateFields, uniqueFields } = conflict;
  const key = `${alias}|${raw}|${names(fields)}|${names(returning)}|${onConflict}|${names(updateFields)}|${names(uniqueFields)}`;
  let plan = ofModel.get(key);
  if (plan === undefined || plan.ops !== ops) {
    plan = new InsertPlan({ opts, fields, returning, ...conflict }, ops, raw);
    ofModel.set(key, plan);
  }
  return plan;
}

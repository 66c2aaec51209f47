import { statementFor } from "../backends/base/compiler/captured.ts";
import type { Compiler } from "../backends/base/compiler/compiler.ts";
import {
  type Assignment,
  activeTables,
  asUpdate,
  resolveAssigned,
  updateSql,
} from "../backends/base/compiler/update.ts";
import { connections } from "../connections.ts";
import { ArgumentTypeError, FieldError, NotSupportedError, ValueError } from "../errors.ts";
import type { Expression } from "../expressions/base.ts";
import { Subquery } from "../expressions/subquery.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import { isPkSet } from "../models/descriptors.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { modelOf } from "../query/instances.ts";
import { Q } from "../query/q.ts";
import type { Query } from "../query/query.ts";
import { ROOT_VALUES, Shape, type Step } from "../query/shape.ts";
import { WhereNode } from "../query/where.ts";
import { Bound } from "../sql/bound.ts";
import { Capture, type Cursor, Node } from "../sql/node.ts";
import type { RunResult, Task } from "../task.ts";
import { repr } from "../util/repr.ts";
import { type WritableQuerySet, writeDb } from "./querysets.ts";

/** A column and what is to be written into it: a value, an object, an expression, a queryset. */
export type Change = readonly [field: Field, value: unknown];

/**
 * Updates all rows of a queryset and gives how many matched.
 *
 * @throws FieldDoesNotExist, FieldError for what is no column; ArgumentTypeError for `undefined` and for slices
 */
export function* updateRows(
  queryset: WritableQuerySet,
  values: Readonly<Record<string, unknown>>,
): Task<number> {
  const { query } = queryset;
  if (query.combinator !== null) {
    throw new NotSupportedError(`Calling QuerySet.update() after ${query.combinator}() is not supported.`);
  }
  if (query.isSliced) throw new ArgumentTypeError("Cannot update a query once a slice has been taken.");
  const { own, inherited } = changesOf(query.opts, values);
  checkOrdering(query);
  const db = writeDb(queryset);
  let rows: number;
  try {
    rows = yield* updateChanges(queryset, db, own, inherited);
  } catch (error) {
    yield { kind: "break", alias: db, error };
    throw error;
  }
  queryset.results = null;
  return rows;
}

interface Changes {
  readonly own: readonly Change[];
  /** Columns of parents, by their model. */
  readonly inherited: ReadonlyMap<Options, Change[]>;
}

const NOTHING_INHERITED: ReadonlyMap<Options, Change[]> = new Map();

function changesOf(opts: Options, values: Readonly<Record<string, unknown>>): Changes {
  const own: Change[] = [];
  let inherited: Map<Options, Change[]> | null = null;
  for (const name of Object.keys(values)) {
    const field = opts.getField(name) as Field;
    if (!field.concrete || field.manyToMany) {
      if (field.compositeFields != null) {
        throw new FieldError("Composite primary key fields must be updated individually.");
      }
      throw new FieldError(
        `Cannot update model field <${field.constructor.name}: ${field.name}> (only non-relations and foreign keys permitted).`,
      );
    }
    const change: Change = [field, checked(field, values[name])];
    const owner = (field.opts as Options).concreteOpts;
    if (owner === opts.concreteOpts) {
      if (!field.generated) own.push(change);
      continue;
    }
    inherited ??= new Map();
    const list = inherited.get(owner);
    if (list === undefined) inherited.set(owner, [change]);
    else list.push(change);
  }
  return { own, inherited: inherited ?? NOTHING_INHERITED };
}

/** A value as it can be captured: of an object its key. */
function checked(field: Field, value: unknown): unknown {
  if (value === undefined) {
    throw new ArgumentTypeError(`'${field.opts?.objectName}.${field.name}' is undefined. Use null for NULL.`);
  }
  if (typeof value !== "object" || value === null || modelOf(value) === undefined) return value;
  const instance = value as ModelInstance;
  if (!field.isRelation) {
    throw new ArgumentTypeError(
      `Tried to update field ${String(field)} with a model instance, ${repr(value)}. Use a value compatible with ` +
        `${field.constructor.name}.`,
    );
  }
  if (!isPkSet(instance)) {
    throw new ValueError(`Unsaved model instance ${repr(value)} cannot be used in an ORM query.`);
  }
  return instance[(field as unknown as ForeignObject).targetField.attname];
}

function checkOrdering(query: Query): void {
  if (query.annotations.size === 0) return;
  for (const item of query.orderBy) {
    if (typeof item !== "string") continue;
    const annotation = query.annotations.get(item.replace(/^-/, ""));
    if (annotation?.containsAggregate) {
      throw new FieldError(`Cannot update when ordering by an aggregate: ${String(annotation)}`);
    }
  }
}

function* updateChanges(
  queryset: WritableQuerySet,
  db: string,
  own: readonly Change[],
  inherited: ReadonlyMap<Options, Change[]>,
): Task<number> {
  const { query } = queryset;
  if (inherited.size === 0) {
    if (own.length === 0) return 0;
    if (connections.features(db).updateCanSelfSelect || activeTables(query) <= 1) {
      return (yield* run(updateStep(queryset, own), db)) ?? 0;
    }
  }
  // Several statements: which rows they are must not change meanwhile.
  const { opts } = query;
  const names = [opts.pk.name];
  const at = new Map<Options, number>();
  for (const parent of inherited.keys()) {
    if (opts.getPathToParent(parent).every(({ joinField }) => (joinField as unknown as Field).primaryKey)) {
      at.set(parent, 0);
    } else {
      at.set(parent, names.length);
      names.push(parent.pk.name);
    }
  }
  // What cannot be assigned is refused before anything is sent.
  if (own.length > 0) updateStep(queryset, own, []);
  for (const [parent, changes] of inherited) updateStep(allRows(parent), changes, []);
  const rows = (yield* keysOf(queryset.using(db), names)) as readonly (readonly unknown[])[];
  let changed: number | null = null;
  if (own.length > 0) {
    const keys = rows.map((row) => row[0]);
    changed = yield* run(updateStep(queryset, own, keys), db);
  }
  for (const [parent, changes] of inherited) {
    const keys = rows.map((row) => row[at.get(parent) as number]);
    const also = yield* run(updateStep(allRows(parent), changes, keys), db);
    if (changed === null && also !== null && also > 0) changed = also;
  }
  return changed ?? 0;
}

/** The keys of the rows, in lists. */
function* keysOf(queryset: WritableQuerySet, names: readonly string[]): Task<readonly unknown[]> {
  const plain = queryset.derive(
    queryset.shape.step("update-keys", queryset.bindings, [], (query) => {
      query.clearSelectClause();
      query.selectRelated = false;
      query.clearOrdering({ force: true });
      query.extra = new Map();
    }),
  );
  return yield* plain.valuesList(...names).fetch();
}

interface Rows {
  readonly shape: Shape;
  readonly bindings: readonly unknown[];
}

/** All rows of a table, whatever its managers say. */
export function allRows(opts: Options): Rows {
  return { shape: Shape.root(opts.model), bindings: ROOT_VALUES };
}

/** The shape of an UPDATE and its values. `keys`: the rows with these keys, whatever the conditions are. */
export function updateStep(
  { shape, bindings }: Rows,
  changes: readonly Change[],
  keys?: readonly unknown[],
): Step {
  const sink = new Capture();
  sink.text(keys === undefined ? "update:" : "update-keyed:");
  for (const [field, value] of changes) {
    sink.text(`${field.name}=`);
    if (value instanceof Node) {
      value.capture(sink);
    } else {
      sink.text("v");
      sink.values.push(value);
    }
    sink.text(",");
  }
  if (keys !== undefined) sink.value(keys);
  return shape.step(sink.key, bindings, sink.values, (query, cursor) => {
    const assignments = changes.map(([field, value]): Assignment => {
      const template = templateOf(value, cursor);
      if (template instanceof Bound) return { field, value: template };
      return { field, value: resolveAssigned(query, field, template) };
    });
    if (keys !== undefined) {
      query.where = new WhereNode();
      // The tables that the conditions were about are of no interest any more.
      for (const alias of query.aliasMap.keys()) {
        if (alias !== query.baseTable) query.aliasRefcount.set(alias, 0);
      }
      query.addQ(new Q([["pk__in", cursor.value(keys)]]));
    }
    return asUpdate(query, assignments);
  });
}

function templateOf(value: unknown, cursor: Cursor): Expression | Bound {
  if (!(value instanceof Node)) return cursor.next(value);
  const template = value.template(cursor) as Expression;
  return template.isQuery ? new Subquery(template as Query) : template;
}

/** Runs an UPDATE; `null` where it is known to match no row, so that nothing was sent. */
function* run(step: Step, alias: string): Task<number | null> {
  const { sql, params } = statementFor(step.shape, connections.ops(alias), step.values, compileUpdate);
  if (sql === null) return null;
  return ((yield { kind: "run", alias, sql, params }) as RunResult).changes;
}

function compileUpdate(compiler: Compiler) {
  return updateSql(compiler);
}

/** Updates columns of one table; used by `save()`. */
export function* updateFields(queryset: WritableQuerySet, changes: readonly Change[]): Task<number> {
  const checkedChanges = changes.map(([field, value]): Change => [field, checked(field, value)]);
  return (yield* run(updateStep(queryset, checkedChanges), writeDb(queryset))) ?? 0;
}

/** Keys per statement. */
const BATCH = 100;

/** Updates the rows of a table with these keys, whatever the managers of the model say. */
export function* updateByKey(
  opts: Options,
  keys: readonly unknown[],
  values: Readonly<Record<string, unknown>>,
  alias: string,
): Task<void> {
  const { own } = changesOf(opts, values);
  for (let i = 0; i < keys.length; i += BATCH) {
    yield* run(updateStep(allRows(opts), own, keys.slice(i, i + BATCH)), alias);
  }
}

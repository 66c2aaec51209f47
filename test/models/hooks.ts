/** Hooks for tests of models without a database: they keep a list of calls and answer from given objects. */

import type { ForeignObject } from "../../src/fields/related/foreign-object.ts";
import { installHooks } from "../../src/models/hooks.ts";
import type { Manager, ModelClass, ModelInstance } from "../../src/models/types.ts";
import type { Mode, Op, Task } from "../../src/task.ts";

/** What was asked for, in order. */
export const calls: string[] = [];

/** The objects that loading finds, by model label and primary key. */
export const rows = new Map<string, ModelInstance>();

export class FakeManager implements Manager {
  readonly model: ModelClass;
  readonly mode: Mode;
  readonly made: unknown;
  constructor(model: ModelClass, mode: Mode, made: unknown = null) {
    this.model = model;
    this.mode = mode;
    this.made = made;
  }
}

function drive<T>(task: Task<T>, answer: (op: Op) => unknown): T {
  let step = task.next();
  while (!step.done) step = task.next(answer(step.value));
  return step.value;
}

function refuse(op: Op): never {
  if (op.kind === "wait") Promise.resolve(op.value).catch(() => {});
  throw new Error(op.kind === "wait" ? `${op.what} is async` : `unexpected ${op.kind}`);
}

/** A task that asks nothing of a database. */
// biome-ignore lint/correctness/useYield: it has no work to yield
function* task<T>(run: () => T): Task<T> {
  return run();
}

/** A task that keeps `call` and gives `value`. */
function found<T>(call: string, value: T): Task<T> {
  return task(() => {
    calls.push(call);
    return value;
  });
}

installHooks({
  runSync(task, spelling) {
    if (spelling !== undefined) calls.push(spelling);
    return drive(task, refuse);
  },
  async runAsync(task) {
    let step = task.next();
    while (!step.done)
      step = task.next(step.value.kind === "wait" ? await step.value.value : refuse(step.value));
    return step.value;
  },
  save: (instance, options) => found(`save ${instance} ${JSON.stringify(options)}`, undefined),
  delete: (instance) => found(`delete ${instance}`, [1, { [instance._meta.label]: 1 }]),
  refresh: (instance, { fields }) =>
    task(() => {
      calls.push(`refresh ${[...(fields ?? [])]}`);
      for (const field of fields ?? []) instance[field] = `loaded ${field}`;
    }),
  fetchRelated: (instance, field: ForeignObject) =>
    task(() => {
      const { label } = field.remoteField.opts;
      const key = `${label} ${field.getLocalRelatedValue(instance)}`;
      calls.push(`fetch ${key}`);
      const row = rows.get(key);
      if (row === undefined)
        throw new field.remoteField.model.DoesNotExist(`${label} matching query does not exist.`);
      return row;
    }),
  fetchReverse(instance, rel) {
    const key = `${rel.relatedOpts.label} of ${instance.pk}`;
    return found(`fetch ${key}`, rows.get(key) ?? null);
  },
  makeManager: (model, mode, refine) => new FakeManager(model, mode, refine ?? null),
  bindManager: (manager, model, mode) => new FakeManager(model, mode, (manager as FakeManager).made),
  isManager: (value): value is Manager => value instanceof FakeManager,
  makeRelatedManager: (instance, relation, mode) => ({ instance, relation, mode }),
  validateRelated: (_instance, field, value) => found(`validateRelated ${field.name} ${value}`, undefined),
  validateUnique: (_instance, exclude) => found(`validateUnique ${[...exclude]}`, undefined),
  validateConstraints: (_instance, exclude) => found(`validateConstraints ${[...exclude]}`, undefined),
  fetchNeighbour: (instance, field, forward) =>
    found(`${forward ? "next" : "previous"} by ${field.name}`, instance),
  fetchNeighbourInOrder: (instance, forward) => found(`${forward ? "next" : "previous"} in order`, instance),
  getOrder: (_instance, model) => found(`order of ${model.label}`, [1, 2]),
  setOrder: (_instance, model, pks) => found(`order of ${model.label}: ${pks}`, undefined),
  makeQ: (args) => ({ q: args }),
  makeOuterRef: (path) => ({ outerRef: path }),
});

/** The calls since the last time. */
export function taken(): string[] {
  return calls.splice(0);
}

import { ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelClass, ModelInstance } from "../models/types.ts";

/** The model of an instance; `undefined` for anything else. */
export function modelOf(value: unknown): ModelClass | undefined {
  if (typeof value !== "object" || value === null || !("_state" in value)) return undefined;
  return (value as ModelInstance)._meta.model as ModelClass;
}

/** Whether objects of `model` may be compared with a relation `field` to `opts`. */
export function isCompatible(model: ModelClass, opts: Options, field: Field): boolean {
  const related = (target: Options) =>
    model._meta.concreteModel === target.concreteModel ||
    model._meta.allParents.some((parent) => parent === target.concreteModel) ||
    target.allParents.some((parent) => parent === model);
  return related(opts) || (field.primaryKey && related((field.model as ModelClass)._meta));
}

/** An object given for a relation must be of its model. */
export function checkRelatedValue(value: unknown, opts: Options, field: Field): void {
  const model = modelOf(value);
  if (model !== undefined && !isCompatible(model, opts, field)) {
    throw new ValueError(`Cannot query "${String(value)}": Must be "${opts.objectName}" instance.`);
  }
}

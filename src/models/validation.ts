import { isExpression } from "../fields/hooks.ts";
import { ForeignKey } from "../fields/related/foreign-key.ts";
import type { Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";
import { NON_FIELD_ERRORS, ValidationError } from "../validators/validation-error.ts";
import { hooks } from "./hooks.ts";
import { isOverridden } from "./instances.ts";
import type { ModelInstance } from "./types.ts";

/** The options of `fullClean`. */
export interface FullCleanOptions {
  /** Fields that are not checked. */
  exclude?: Iterable<string> | null | undefined;
  validateUnique?: boolean | undefined;
  validateConstraints?: boolean | undefined;
}

/** `cleanFields`: every field's value, with the errors by field name. */
export function* cleanFieldsTask(instance: ModelInstance, exclude: ReadonlySet<string>): Task<void> {
  const errors: Record<string, readonly ValidationError[]> = {};
  for (const field of instance._meta.fields) {
    if (exclude.has(field.name) || field.generated) continue;
    if (field.concrete && !Object.hasOwn(instance, field.attname)) {
      yield* hooks.refresh(instance, { fields: [field.attname] });
    }
    const value = instance[field.attname];
    if (field.blank && field.isEmpty(value)) continue;
    // A database default, or another expression, has its value only in the database.
    if (isExpression(value)) continue;
    try {
      const cleaned = field.clean(value, instance);
      if (field instanceof ForeignKey && cleaned !== null && !field.remoteField.parentLink) {
        yield* hooks.validateRelated(instance, field, cleaned);
      }
      instance[field.attname] = cleaned;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors[field.name] = error.errorList;
    }
  }
  if (Object.keys(errors).length > 0) throw new ValidationError(errors);
}

/** `fullClean`: all kinds of validation, with all errors together. */
export function* fullCleanTask(instance: ModelInstance, options: FullCleanOptions): Task<void> {
  checkOptions("fullClean", options, ["exclude", "validateConstraints", "validateUnique"]);
  const errors = yield* fullCleanErrors(instance, options);
  if (Object.keys(errors).length > 0) throw new ValidationError(errors);
}

/**
 * What `fullClean` finds, by field name.
 *
 * @param unchanged fields whose values are good as they are, but count in validation of several fields
 */
export function* fullCleanErrors(
  instance: ModelInstance,
  options: FullCleanOptions,
  unchanged: Iterable<string> = [],
): Task<Record<string, ValidationError[]>> {
  const { exclude, validateUnique = true, validateConstraints = true } = options;
  const excluded = new Set(exclude ?? []);
  const notCleaned = new Set([...excluded, ...unchanged]);
  let errors: Record<string, ValidationError[]> = {};

  function* collect(step: () => Task<void>): Task<void> {
    try {
      yield* step();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors = error.updateErrorDict(errors);
    }
    // Fields with an error are not looked at again.
    for (const name of Object.keys(errors)) if (name !== NON_FIELD_ERRORS) excluded.add(name);
  }

  yield* collect(
    () => overridden(instance, "cleanFields", notCleaned) ?? cleanFieldsTask(instance, notCleaned),
  );
  yield* collect(() => call(instance, "clean", []));
  if (validateUnique) {
    yield* collect(
      () => overridden(instance, "validateUnique", excluded) ?? hooks.validateUnique(instance, excluded),
    );
  }
  if (validateConstraints) {
    yield* collect(
      () =>
        overridden(instance, "validateConstraints", excluded) ??
        hooks.validateConstraints(instance, excluded),
    );
  }
  return errors;
}

/** A call of the class's own version of a method; `null` when it has none. */
function overridden(instance: ModelInstance, name: string, exclude: ReadonlySet<string>): Task<void> | null {
  return isOverridden(instance, name) ? call(instance, name, [{ exclude }]) : null;
}

function* call(instance: ModelInstance, name: string, args: unknown[]): Task<void> {
  const value = (instance[name] as (...args: unknown[]) => unknown).apply(instance, args);
  if (value != null && typeof (value as { then?: unknown }).then === "function") {
    yield { kind: "wait", value, what: `'${name}' of ${instance._meta.label}` };
  }
}

/** What the checks of unique fields and those of constraints share. */
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { capFirst } from "../util/case.ts";
import { ValidationError } from "../validators/validation-error.ts";
import type { WritableQuerySet } from "./querysets.ts";

function pkOf(instance: ModelInstance, opts: Options): unknown {
  const values = opts.pkFields.map((field) => instance[field.attname]);
  return opts.isCompositePk ? values : values[0];
}

function isPkSet(instance: ModelInstance, opts: Options): boolean {
  return opts.pkFields.every((field) => instance[field.attname] != null);
}

/** Without the instance's own row, when it has one. */
export function others(rows: WritableQuerySet, instance: ModelInstance, opts: Options): WritableQuerySet {
  if (instance._state.adding || !isPkSet(instance, opts)) return rows;
  return rows.exclude({ pk: pkOf(instance, opts) });
}

/** The error for fields whose values another object has. */
export function uniqueErrorMessage(
  instance: ModelInstance,
  opts: Options,
  names: readonly string[],
): ValidationError {
  const labels = names.map((name) => capFirst((opts.getField(name) as Field).verboseName ?? name));
  const params = {
    model: instance,
    model_class: opts.model,
    model_name: capFirst(opts.verboseName),
    unique_check: names,
  };
  const [name] = names;
  if (names.length === 1 && name !== undefined) {
    const field = opts.getField(name) as Field;
    return new ValidationError(field.errorMessages.unique as string, {
      code: "unique",
      params: { ...params, field_label: labels[0] },
    });
  }
  return new ValidationError("%(model_name)s with this %(field_labels)s already exists.", {
    code: "unique_together",
    params: { ...params, field_labels: listText(labels) },
  });
}

function listText(labels: readonly string[]): string {
  const last = labels[labels.length - 1] ?? "";
  return labels.length < 2 ? last : `${labels.slice(0, -1).join(", ")} and ${last}`;
}

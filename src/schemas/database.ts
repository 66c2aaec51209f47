/** Checking values with the database: what `fullClean` does, and whether related objects exist. */

import { defaultQuerySet } from "../execute/querysets.ts";
import type { Field } from "../fields/field.ts";
import type { ManyToManyField } from "../fields/related/many-to-many.ts";
import type { Options } from "../models/options.ts";
import type { ModelInstance } from "../models/types.ts";
import { fullCleanErrors } from "../models/validation.ts";
import { relatedKey } from "../query/related-key.ts";
import type { Task } from "../task.ts";
import type { SchemaIssue, SchemaResult } from "../types/index.ts";
import { sameValue } from "../util/compare.ts";
import { str } from "../util/repr.ts";
import { NON_FIELD_ERRORS } from "../validators/validation-error.ts";
import { type Checked, checkValues, issuesOf, type Scope } from "./check.ts";

/** A copy of an object with the columns that it has loaded. */
function copyOf(instance: ModelInstance): ModelInstance {
  const { model, concreteFields } = instance._meta;
  const names = concreteFields.map((field) => field.attname).filter((name) => Object.hasOwn(instance, name));
  const copy = model.fromDb(
    instance._state.db ?? "default",
    names,
    names.map((name) => instance[name]),
  );
  copy._state.adding = instance._state.adding;
  copy._state.db = instance._state.db;
  return copy;
}

/** Checks values as those of a new object, or of changes to `instance`. */
export function* checkInDatabase(
  input: unknown,
  scope: Scope,
  instance: ModelInstance | null,
): Task<SchemaResult<unknown>> {
  const checked = checkValues(input, scope);
  const { values, issues, failed } = checked;
  const columns = [...scope.fields].filter(([key, field]) => !field.manyToMany && key in values);
  const object =
    instance === null
      ? new scope.opts.model(Object.fromEntries(columns.map(([key]) => [key, values[key]])))
      : Object.assign(copyOf(instance), Object.fromEntries(columns.map(([key]) => [key, values[key]])));
  const before = { ...object };
  yield* cleanObject(object, scope, checked);
  for (const [key, field] of scope.fields) {
    if (field.manyToMany && key in values && !failed.has(key)) {
      issues.push(...(yield* missingObjects(key, field as ManyToManyField, values[key] as unknown[])));
    }
  }
  if (issues.length > 0) return { issues };
  // What the model's own `clean()` has filled in belongs to the values.
  for (const { attname, generated } of scope.opts.concreteFields) {
    if (generated || !Object.hasOwn(object, attname)) continue;
    if (attname in values || !sameValue(object[attname], before[attname])) {
      values[attname] = object[attname];
    }
  }
  return { value: values };
}

/** `fullClean` of what is good so far. */
function* cleanObject(
  object: ModelInstance,
  { opts, fields }: Scope,
  { values, issues, failed }: Checked,
): Task<void> {
  const nameOf = (key: string) => (fields.get(key) as Field).name;
  const exclude = [...failed].map(nameOf);
  // Defaults, and what the object has already, are good as they are; so is null where the field allows it.
  const unchanged = opts.fields.filter(({ attname }) => values[attname] === null || !(attname in values));
  const errors = yield* fullCleanErrors(
    object,
    { exclude },
    unchanged.map((field) => field.name),
  );
  for (const [name, list] of Object.entries(errors)) {
    const key = opts.findField(name)?.attname ?? name;
    for (const error of list) issues.push(...issuesOf(error, name === NON_FIELD_ERRORS ? [] : [key]));
  }
}

/** The keys of a many-to-many relation that no object has. */
function* missingObjects(key: string, field: ManyToManyField, pks: readonly unknown[]): Task<SchemaIssue[]> {
  if (pks.length === 0) return [];
  const { opts } = field.remoteField;
  const rows = defaultQuerySet(opts as Options, null).filterWith([{ pk__in: pks }]);
  const found = new Set<unknown>();
  for (const object of (yield* rows.fetch()) as readonly ModelInstance[]) found.add(relatedKey([object.pk]));
  const issues: SchemaIssue[] = [];
  for (const [i, pk] of pks.entries()) {
    if (found.has(relatedKey([pk]))) continue;
    const message = `Select a valid choice. ${str(pk)} is not one of the available choices.`;
    issues.push({ message, code: "invalid_choice", path: [key, i] });
  }
  return issues;
}

import { ValueError } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { ForeignObject } from "../fields/related/foreign-object.ts";
import { isPkSet } from "../models/descriptors.ts";
import type { ModelInstance } from "../models/types.ts";
import { relatedKey } from "../query/related-key.ts";
import { writeModel } from "./write-model.ts";

/**
 * Before an instance is written: objects that were assigned before they were saved give their keys now, and those
 * that still have none are refused.
 *
 * @param operation what is being done, for the error
 * @param only the fields that are written; all when left out
 */
export function prepareRelatedFields(
  instance: ModelInstance,
  operation: string,
  only: readonly Field[] | null = null,
): void {
  if (instance._state.fieldsCache === null) return;
  for (const field of instance._meta.privateFields) field.prepareSave?.(instance, operation);
  for (const field of writeModel(instance._meta).relations) {
    if (only !== null && !only.includes(field)) continue;
    prepareRelated(instance, field, operation);
  }
}

function prepareRelated(instance: ModelInstance, field: ForeignObject, operation: string): void {
  const object = field.getCachedValue(instance);
  if (object == null) return;
  const { remoteField } = field;
  if (!isPkSet(object)) {
    if (!remoteField.multiple) remoteField.deleteCachedValue(object);
    throw new ValueError(
      `${operation}() prohibited to prevent data loss due to unsaved related object '${field.name}'.`,
    );
  }
  const value = instance[field.attname];
  if (value === null || value === undefined || value === "") instance[field.name] = object;
  const { attname } = field.targetField;
  if (relatedKey([object[attname]]) !== relatedKey([instance[field.attname]]))
    field.deleteCachedValue(instance);
}

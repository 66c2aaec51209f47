import { ArgumentTypeError } from "../errors.ts";
import { Field } from "../fields/field.ts";
import { repr } from "../util/repr.ts";

/** Short texts that stand for a class, a field or any object in a shape key. */

let count = 0;
const ids = new WeakMap<object, string>();

/** A text that stands for this very object as long as it lives. */
export function objectKey(object: object): string {
  let id = ids.get(object);
  if (id === undefined) {
    id = `#${++count}`;
    ids.set(object, id);
  }
  return id;
}

/** A text that stands for the class of an object. */
export function classKey(object: object): string {
  return objectKey((object as { constructor: object }).constructor);
}

/** Fields of the same class with the same plain options have the same key, so that `IntegerField()` written in a loop does not make a new shape each time. */
export function fieldKey(field: Field): string {
  // The other side of a relation stands for one in a query over it.
  if (!(field instanceof Field) && (field as { isRelation?: boolean } | null)?.isRelation !== true)
    throw new ArgumentTypeError(`outputField must be a field, not ${repr(field)}.`);
  let id = ids.get(field);
  if (id === undefined) {
    id = field.isRelation || field.opts !== null ? objectKey(field) : plainFieldKey(field);
    ids.set(field, id);
  }
  return id;
}

function plainFieldKey(field: Field): string {
  const options = field.options as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const name of Object.keys(options)) {
    const value = options[name];
    if (typeof value === "function") return objectKey(field);
    parts.push(`${name}=${optionKey(value)}`);
  }
  return `${classKey(field)}{${parts.join()}}`;
}

function optionKey(value: unknown): string {
  if (value instanceof Field) return fieldKey(value);
  return typeof value === "object" && value !== null ? objectKey(value) : String(value);
}

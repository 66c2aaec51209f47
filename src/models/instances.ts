/** Small questions about instances. */

import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "./types.ts";

/** Whether one of these columns was not loaded. */
export function hasDeferredFields(instance: ModelInstance, fields: readonly Field[]): boolean {
  return fields.some((field) => !Object.hasOwn(instance, field.attname));
}

/** A value as JSON can hold it: a `bigint` and a byte array have no form of their own there. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}

const libraryMethods = new WeakSet<object>();

/** Marks the methods of a prototype as the library's own. */
export function markLibraryMethods(prototype: object): void {
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value === "function") libraryMethods.add(value);
  }
}

/** Whether the instance's class has its own version of a method, which must be called then. */
export function isOverridden(instance: ModelInstance, method: string): boolean {
  const value = instance[method];
  return typeof value === "function" && !libraryMethods.has(value);
}

import type { Field } from "../fields/field.ts";
import type { Expression } from "./base.ts";

/** The same expression with another type. */
export function withOutputField<E extends Expression>(expression: E, field: Field): E {
  const copy = Object.create(Object.getPrototypeOf(expression) as object) as object;
  return Object.assign(copy, expression, { explicitOutputField: field, cachedOutputField: undefined }) as E;
}

import type { Field as FieldClass } from "../../fields/field.ts";
import type { Registrable } from "../types/fields.ts";

/** Calls of a class of fields without `new`; lookups are registered on the class. */
export function fieldFactory<F>(cls: new (...args: never[]) => FieldClass): Registrable<F> {
  const Class = cls as new (...args: unknown[]) => FieldClass;
  const owner = cls as unknown as typeof FieldClass;
  return Object.assign((...args: unknown[]) => new Class(...args), {
    registerLookup: owner.registerLookup.bind(owner),
    unregisterLookup: owner.unregisterLookup.bind(owner),
  }) as unknown as Registrable<F>;
}

import { MultipleObjectsReturned, ObjectDoesNotExist, ObjectNotUpdated } from "../errors.ts";
import type { ErrorClass, ModelClass } from "./types.ts";

/** A property that nobody changes or lists. */
export function constant(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { configurable: true, enumerable: false, writable: false, value });
}

export function rename(cls: object, name: string): void {
  Object.defineProperty(cls, "name", { configurable: true, value: name });
}

const ERRORS = {
  DoesNotExist: ObjectDoesNotExist,
  MultipleObjectsReturned,
  NotUpdated: ObjectNotUpdated,
} as const satisfies Record<string, ErrorClass>;

/** Gives a model error classes of its own, below those of the parent. */
export function defineErrors(model: ModelClass, parent: ModelClass | null): void {
  for (const name of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
    const base: ErrorClass = parent?.[name] ?? ERRORS[name];
    const error = class extends base {};
    rename(error, name);
    constant(model, name, error);
  }
}

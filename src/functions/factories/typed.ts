import { callable } from "../../expressions/func.ts";

/** Calls of a class without `new`, with the type that users see. */
export function typed<T>(Class: new (...args: never[]) => object): T {
  return callable(Class) as unknown as T;
}

import { ArgumentTypeError } from "../errors.ts";
import { repr } from "./repr.ts";

/** Refuses options that a method does not have: a misspelt one would be ignored. */
export function checkOptions(method: string, options: unknown, known: readonly string[]): void {
  const prototype =
    typeof options === "object" && options !== null ? Object.getPrototypeOf(options) : undefined;
  if (prototype !== Object.prototype && prototype !== null)
    throw new ArgumentTypeError(`${method}() takes an object of options, not ${repr(options)}.`);
  for (const name in options as object) {
    if (!known.includes(name))
      throw new ArgumentTypeError(`${method}() has no option '${name}'. Choices are: ${known.join(", ")}.`);
  }
}

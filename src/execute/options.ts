import { ArgumentTypeError } from "../errors.ts";

/** Refuses options that a method does not have: a misspelt one would be ignored. */
export function checkOptions(method: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new ArgumentTypeError(`${method}() has no option '${name}'. Choices are: ${known.join(", ")}.`);
    }
  }
}

/** Choices of a field: values with the labels that people see, in groups or not. */

import { str } from "../util/repr.ts";

/** A value and its label; or the label of a group and the choices in it. */
export type Choice =
  | readonly [value: unknown, label: string]
  | readonly [group: string, choices: readonly Choice[]];

/** What `choices` may be: pairs, bare values, or an object of labels by value (of choices by group). */
export type ChoicesOption =
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>
  | { readonly [value: string]: unknown }
  | (() => ChoicesOption);

/** Choices as pairs. Groups keep their choices as pairs, too. */
export function normalizeChoices(choices: ChoicesOption): readonly Choice[] {
  const given = typeof choices === "function" ? choices() : choices;
  if (Array.isArray(given)) return given.map(choice);
  const entries = given instanceof Map ? [...given] : Object.entries(given);
  return entries.map(choice);
}

function choice(given: unknown): Choice {
  if (!Array.isArray(given) || given.length !== 2) return [given, str(given)];
  const [value, label] = given as [unknown, unknown];
  if (typeof label === "object" && label !== null)
    return [value as string, normalizeChoices(label as readonly unknown[])];
  return [value, str(label)];
}

/** Choices without their groups. */
export function flatten(choices: readonly Choice[]): readonly (readonly [value: unknown, label: string])[] {
  return choices.flatMap(([value, label]) =>
    typeof label === "string"
      ? [[value, label] as const]
      : (label as readonly (readonly [unknown, string])[]),
  );
}

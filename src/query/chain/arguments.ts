/** Checks and readings of what the methods of querysets are called with. */

import { ArgumentTypeError, ValueError } from "../../errors.ts";
import { Expression } from "../../expressions/base.ts";
import { Node } from "../../sql/node.ts";
import { repr } from "../../util/repr.ts";
import { isPlainObject } from "../q.ts";

/** Names of fields, or `null` alone. */
export function checkNames(method: string, names: readonly unknown[]): void {
  if (names.length === 1 && names[0] === null) return;
  for (const name of names) {
    if (typeof name !== "string")
      throw new ArgumentTypeError(`${method}() takes names of fields, not ${repr(name)}.`);
  }
}

export function checkIndex(index: number | null): number | null {
  if (index === null || index === undefined) return null;
  if (!Number.isInteger(index)) {
    throw new ArgumentTypeError(`QuerySet indices must be integers or slices, not ${String(index)}.`);
  }
  if (index < 0) throw new ValueError("Negative indexing is not supported.");
  return index;
}

/** The name that an aggregate gives itself, such as `toppings__count`. */
export function defaultAlias(expression: Expression): string | null {
  try {
    return (expression as { defaultAlias?: string | null }).defaultAlias ?? null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Expressions by name: those of objects, and aggregates that name themselves. */
export function namedExpressions(args: readonly unknown[], method: string): Map<string, Node> {
  const named = new Map<string, Node>();
  const positional: Expression[] = [];
  const invalid: string[] = [];
  for (const arg of args) {
    if (arg instanceof Expression) {
      positional.push(arg);
    } else if (isPlainObject(arg)) {
      for (const [name, value] of Object.entries(arg)) {
        if (value instanceof Node) named.set(name, value);
        else invalid.push(String(value));
      }
    } else {
      invalid.push(String(arg));
    }
  }
  if (invalid.length > 0) {
    throw new ArgumentTypeError(
      `QuerySet.${method}() received non-expression(s): ${invalid.sort().join(", ")}.`,
    );
  }
  const result = new Map<string, Node>();
  for (const expression of positional) {
    const alias = defaultAlias(expression);
    if (alias === null) {
      throw new ArgumentTypeError(
        `Complex ${method === "aggregate" ? "aggregates" : "annotations"} require an alias`,
      );
    }
    if (named.has(alias)) {
      throw new ValueError(
        `The named annotation '${alias}' conflicts with the default name for another annotation.`,
      );
    }
    result.set(alias, expression);
  }
  for (const [name, node] of named) result.set(name, node);
  return result;
}

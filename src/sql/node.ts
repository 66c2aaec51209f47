import { ArgumentTypeError } from "../errors.ts";
import { isThenable } from "../util/promise.ts";
import { Bound, constantBound } from "./bound.ts";

/**
 * Something of a query that is part of its shape: an expression, a `Q`, a queryset.
 *
 * `capture` writes the node into the shape key and its values into a list; `template` makes a copy in which a
 * {@link Bound} stands for each of these values. Both must walk in the same order.
 */
export abstract class Node {
  abstract capture(sink: Capture): void;
  abstract template(cursor: Cursor): Node;
}

/** Collects a shape key and the values apart from it. */
export class Capture {
  key = "";
  readonly values: unknown[] = [];

  text(text: string): void {
    this.key += text;
  }

  /** A user's value, list of values, or node. */
  value(value: unknown): void {
    if (typeof value === "string" || typeof value === "number") {
      this.key += "v";
      this.values.push(value);
    } else if (value === null) {
      this.key += "n";
    } else if (value instanceof Node) {
      value.capture(this);
    } else if (typeof value === "boolean") {
      this.key += value ? "T" : "F";
    } else if (value === undefined) {
      throw undefinedError();
    } else if (isList(value)) {
      const list = toArray(value);
      if (list.some(isNested)) {
        this.key += "(";
        for (const item of list) this.value(item);
        this.key += ")";
      } else {
        let nulls = 0;
        for (const item of list) {
          if (item === undefined) throw undefinedError();
          if (typeof item === "object" && isThenable(item)) throw promiseError();
          if (item === null) nulls++;
        }
        // How many they are is not part of the shape: see `Compiler.lengthOf`.
        this.key += `[${list.length > nulls ? "+" : ""}${nulls > 0 ? "N" : ""}]`;
        this.values.push(list);
      }
    } else {
      if (typeof value === "object" && isThenable(value)) throw promiseError();
      this.key += "v";
      this.values.push(value);
    }
  }
}

/** Hands out the {@link Bound}s of a new template, in the order in which {@link Capture} took the values. */
export class Cursor {
  slot: number;
  /** The bounds handed out so far; `null` for a value of a nested queryset, which has been prepared already. */
  readonly bounds: (Bound | null)[] = [];

  constructor(firstSlot: number) {
    this.slot = firstSlot;
  }

  /** What stands in the template for a user's value: a `Bound`, a node, or a list of them. */
  value(value: unknown): unknown {
    if (value instanceof Node) return value.template(this);
    if (value === null || typeof value === "boolean") return constantBound(value);
    if (isList(value)) {
      const list = toArray(value);
      if (list.some(isNested)) return list.map((item) => this.value(item));
      return this.next(list);
    }
    return this.next(value);
  }

  next(value: unknown): Bound {
    const bound = new Bound(this.slot++, value);
    this.bounds.push(bound);
    return bound;
  }

  /** Reserves the slots of a nested queryset's values; returns the first of them. */
  reserve(count: number): number {
    const first = this.slot;
    this.slot += count;
    for (let i = 0; i < count; i++) this.bounds.push(null);
    return first;
  }
}

/** A list is one value unless an expression stands in it. */
function isNested(value: unknown): boolean {
  return value instanceof Node || (isList(value) && toArray(value).some(isNested));
}

/** Lists are arrays and sets; strings, bytes, maps and plain objects are single values. */
export function isList(value: unknown): value is readonly unknown[] | ReadonlySet<unknown> {
  return Array.isArray(value) || value instanceof Set;
}

export function toArray(value: readonly unknown[] | ReadonlySet<unknown>): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [...(value as ReadonlySet<unknown>)];
}

/** Somebody forgot to wait: the promise would be compared with, or stored, as a text. */
export function promiseError(): ArgumentTypeError {
  return new ArgumentTypeError("A promise is not a value: await it first.");
}

export function undefinedError(): ArgumentTypeError {
  return new ArgumentTypeError(
    "undefined is not a value: pass null for NULL, or leave the key out (check for a misspelt property or a missing await).",
  );
}

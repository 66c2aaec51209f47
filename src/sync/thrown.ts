/**
 * Errors that cross between threads with class name, message, `code`, stack, cause and own properties.
 *
 * Classes of JavaScript and of this library arrive as the same classes (`instanceof` holds); any other as an error
 * whose constructor has the same name and which extends the nearest class that is known.
 */

import { inspect } from "node:util";
import * as libraryErrors from "../errors.ts";
import * as workerErrors from "./errors.ts";
import type { Packed } from "./values.ts";

/** An error taken apart. */
export interface PackedError {
  /** The names of its classes, from its own to `Error`; empty: the thrown value is no error. */
  readonly classes: readonly string[];
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** `code`, `cause` and the other own properties, each packed alone. */
  readonly properties: readonly (readonly [key: string, value: Packed, enumerable: boolean])[];
}

type Pack = (values: readonly unknown[], describe: (index: number) => string) => Packed;
type Unpack = (packed: Packed) => unknown[];
type ErrorClass = { readonly prototype: object; readonly name: string };

const KEPT_APART: ReadonlySet<string> = new Set(["name", "message", "stack", "code", "cause", "errors"]);

/** Takes an error, or whatever else was thrown, apart. Never throws. */
export function packError(thrown: unknown, pack: Pack): PackedError {
  if (!(thrown instanceof Error)) return packOther(thrown, pack);
  const properties: [string, Packed, boolean][] = [];
  const keep = (key: string, enumerable: boolean): void => {
    try {
      properties.push([
        key,
        pack([(thrown as unknown as Record<string, unknown>)[key]], () => key),
        enumerable,
      ]);
    } catch (error) {
      // What cannot cross is left out, but a cause is worth its text.
      if (key === "cause") properties.push([key, { value: [textOf(thrown.cause, error)] }, enumerable]);
    }
  };
  if (read(thrown, "code") !== undefined) keep("code", true);
  if (Object.hasOwn(thrown, "cause")) keep("cause", false);
  if (thrown instanceof AggregateError) keep("errors", false);
  for (const key of Object.keys(thrown)) if (!KEPT_APART.has(key)) keep(key, true);
  return {
    classes: classesOf(thrown),
    name: String(read(thrown, "name")),
    message: String(read(thrown, "message")),
    stack: String(read(thrown, "stack")),
    properties,
  };
}

/** Makes the error again, or gives the value that was thrown. */
export function unpackError(packed: PackedError, unpack: Unpack): unknown {
  const values = packed.properties.map(
    ([key, value, enumerable]) => [key, unpack(value)[0], enumerable] as const,
  );
  if (packed.classes.length === 0) return values[0]?.[1];
  const prototype = classFor(packed.classes).prototype;
  const error: Error =
    prototype instanceof DOMException || prototype === DOMException.prototype
      ? new DOMException(packed.message, packed.name)
      : Object.setPrototypeOf(new Error(packed.message), prototype);
  if (read(error, "message") !== packed.message) define(error, "message", packed.message, false);
  if (read(error, "name") !== packed.name) define(error, "name", packed.name, false);
  define(error, "stack", packed.stack, false);
  for (const [key, value, enumerable] of values) {
    if (key !== "code" || read(error, "code") !== value) define(error, key, value, enumerable);
  }
  return error;
}

function packOther(thrown: unknown, pack: Pack): PackedError {
  const other = { classes: [], name: "", message: "", stack: "" };
  try {
    return { ...other, properties: [["thrown", pack([thrown], () => "the thrown value"), false]] };
  } catch {
    const text = `a value that is no error, and cannot leave its thread, was thrown: ${inspect(thrown, { depth: 1 })}`;
    return packError(new workerErrors.UncloneableValueError(text), pack);
  }
}

function textOf(value: unknown, problem: unknown): string {
  try {
    return inspect(value, { depth: 1 });
  } catch {
    return String(problem);
  }
}

/** Reads a property which may be a getter that throws. */
function read(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}

function classesOf(error: Error): string[] {
  const names: string[] = [];
  for (let proto = Object.getPrototypeOf(error); proto && proto !== Object.prototype; ) {
    const name = (proto as { constructor?: { name?: unknown } }).constructor?.name;
    if (typeof name === "string" && name !== "" && name !== names.at(-1)) names.push(name);
    proto = Object.getPrototypeOf(proto);
  }
  return names;
}

/** The classes by their line of names, `"IntegrityError>DatabaseError>AsgimodError>Error"`. */
const classes = new Map<string, ErrorClass>();

for (const known of [
  ...[
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
    AggregateError,
    DOMException,
  ],
  ...Object.values(libraryErrors),
  ...Object.values(workerErrors),
]) {
  if (typeof known === "function" && known.prototype instanceof Error)
    classes.set(lineOf(known.prototype), known);
}
classes.set("Error", Error);

function lineOf(prototype: Error): string {
  return classesOf(Object.create(prototype)).join(">");
}

/** The class of a line of names; an unknown one is made, once. */
function classFor(names: readonly string[]): ErrorClass {
  const line = names.join(">");
  const known = classes.get(line);
  if (known !== undefined) return known;
  const parent = names.length > 1 ? classFor(names.slice(1)) : Error;
  const made = class extends (parent as ErrorConstructor) {};
  Object.defineProperty(made, "name", { value: names[0], configurable: true });
  // Lines come from whatever the called code throws: classes made in a loop must not pile up here.
  if (classes.size < 1000) classes.set(line, made);
  return made;
}

/**
 * The package as the runner sees it: by name, since the cases name what they need.
 * A name that is missing makes a case unsupported, not the whole run.
 */
import { Unsupported } from "./format.ts";

export type AnyFunction = (...args: unknown[]) => unknown;
export type AnyClass = new (...args: unknown[]) => unknown;

export interface Library {
  readonly [name: string]: unknown;
}

/** Loads the package's public entry and the few inner modules that only a test may touch. */
export async function loadLibrary(): Promise<Library> {
  const load = async (path: string): Promise<Record<string, unknown>> =>
    (await import(new URL(`../../src/${path}`, import.meta.url).href)) as Record<string, unknown>;
  const modules = ["index.ts", "schema.ts", "util/clock.ts"].map(load);
  return Object.assign({}, ...(await Promise.all(modules))) as Library;
}

/** The export of that name, or {@link Unsupported}. */
export function exported(library: Library, name: string): unknown {
  const value = library[name];
  if (value === undefined) throw new Unsupported(`the package does not export ${name}`);
  return value;
}

function isClass(value: AnyFunction): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** Calls a factory of the package; a plain class is constructed. */
export function make(library: Library, name: string, args: unknown[]): unknown {
  const factory = exported(library, name) as AnyFunction;
  if (typeof factory !== "function") throw new Unsupported(`${name} is not a function`);
  return isClass(factory) ? new (factory as unknown as AnyClass)(...args) : factory(...args);
}

/** The method of that name, bound to its object, or {@link Unsupported}. */
export function method(object: unknown, name: string): AnyFunction {
  const found = (object as Record<string, unknown> | null | undefined)?.[name];
  if (typeof found !== "function") throw new Unsupported(`no method ${name}()`);
  return (found as AnyFunction).bind(object);
}

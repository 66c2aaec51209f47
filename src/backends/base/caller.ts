/**
 * Where in the user's code a query comes from: the first line of the stack that is neither of this package nor of
 * Node.js. Stacks are dear, so nothing here runs unless somebody has asked for it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { fileURLToPath } from "node:url";

/** The directory of this package's sources: src/ or dist/. */
const LIBRARY = new URL("../../", import.meta.url).href;
const DEPTH = 60;
/** A file, not `node:internal/...`. */
const PLACE = /(?:\(|at |async )((?:file:\/\/)?\/[^()]*:\d+:\d+|[A-Za-z]:\\[^()]*:\d+:\d+)\)?$/;

let wanted = 0;
const sites = new WeakMap<object, string>();
let storage: AsyncLocalStorage<string> | null = null;

/** Whether anybody asks for callers. */
export function callersWanted(): boolean {
  return wanted > 0;
}

/** Asks for callers; the function that it returns takes that back. */
export function wantCallers(): () => void {
  wanted += 1;
  let isOver = false;
  return () => {
    if (!isOver) wanted -= 1;
    isOver = true;
  };
}

/** The line of user code that is running: `/app/orders.ts:12:30`. `null`: there is none on the stack. */
export function callerHere(): string | null {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of stack.split("\n").slice(1)) {
    const place = PLACE.exec(line)?.[1];
    if (place === undefined || isOurs(place)) continue;
    return place.startsWith("file:") ? fileOf(place) : place;
  }
  return null;
}

function isOurs(place: string): boolean {
  return place.startsWith(LIBRARY) || place.startsWith(LIBRARY.slice("file://".length));
}

function fileOf(place: string): string {
  const [, url = "", position = ""] = /^(.*?)(:\d+:\d+)$/.exec(place) ?? [];
  return `${fileURLToPath(url)}${position}`;
}

/** Remembers the running line for something that asks the database later, when no user code is on the stack. */
export function rememberCaller(object: object): void {
  const caller = storage?.getStore() ?? callerHere();
  if (caller !== null) sites.set(object, caller);
}

/** The line that was remembered. */
export function callerOf(object: object): string | undefined {
  return sites.get(object);
}

/** Calls `fn`; what it asks, also later, comes from the running line or, where there is none, from that of `object`. */
export function fromCaller<T>(object: object, fn: () => T): T {
  const caller = callerHere() ?? sites.get(object) ?? storage?.getStore();
  if (caller === undefined) return fn();
  storage ??= new AsyncLocalStorage();
  return storage.run(caller, fn);
}

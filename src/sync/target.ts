/** A function named by its module's URL and its export's name: what can be called in another thread. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ArgumentTypeError } from "../errors.ts";
import { WorkerLoadError } from "./errors.ts";
import type { PackedError } from "./thrown.ts";
import { packError, unpackError } from "./thrown.ts";
import type { Packed } from "./values.ts";
import { pack, unpack } from "./values.ts";

export interface Target {
  readonly url: string;
  readonly name: string;
}

/** How a call ended: its packed result, or what it threw. */
export type Outcome = { readonly ok: Packed } | { readonly error: PackedError };

/** The two spellings of a module's file: as it is written, and as it is built. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  [".ts", ".js"],
  [".mts", ".mjs"],
];

/**
 * Checks what the user gave, and finds the file.
 *
 * A `.js` file that is not there is looked for as `.ts`, and the reverse: `new URL("./work.ts", import.meta.url)` is
 * not rewritten by a compiler, and should work from the sources and from what was built.
 */
export function targetOf(caller: string, url: unknown, name: unknown): Target {
  const href = url instanceof URL ? url.href : url;
  if (typeof href !== "string" || !URL.canParse(href)) {
    throw new ArgumentTypeError(
      `${caller} takes the URL of a module, new URL("./work.js", import.meta.url), and the name of its export` +
        (typeof href === "string" ? `, not the path '${href}'.` : "."),
    );
  }
  if (typeof name !== "string" || name === "") {
    throw new ArgumentTypeError(`${caller} needs the name of the export as its second argument.`);
  }
  return { url: href.startsWith("file:") ? existing(href) : href, name };
}

function existing(href: string): string {
  const url = new URL(href);
  if (existsSync(fileURLToPath(url))) return href;
  for (const [written, built] of SPELLINGS) {
    for (const [from, to] of [
      [written, built],
      [built, written],
    ] as const) {
      if (!url.pathname.endsWith(from)) continue;
      const other = new URL(href);
      other.pathname = other.pathname.slice(0, -from.length) + to;
      if (existsSync(fileURLToPath(other))) return other.href;
    }
  }
  return href;
}

/** The URL of a file of this folder, with the extension that this one has: `.ts` in the sources, `.js` when built. */
export function siblingUrl(stem: string): URL {
  const extension = /\.ts$/.test(new URL(import.meta.url).pathname) ? ".ts" : ".js";
  return new URL(`./${stem}${extension}`, import.meta.url);
}

/** Packs the arguments of a call. */
export function packArguments(target: Target, args: readonly unknown[]): Packed {
  return pack(args, (index) => `argument ${index + 1} of ${target.name}()`);
}

/** Gives the result of an outcome, or throws what the call threw. */
export function settle(outcome: Outcome): unknown {
  if ("error" in outcome) throw unpackError(outcome.error, unpack);
  return unpack(outcome.ok)[0];
}

/** The outcome of a failure. */
export function failed(error: unknown): Outcome {
  return { error: packError(error, pack) };
}

const functions = new Map<string, (...args: unknown[]) => unknown>();

/** In a worker: calls the export and packs what comes of it. Never throws. */
export async function invoke(target: Target, args: Packed): Promise<Outcome> {
  try {
    const key = `${target.url} ${target.name}`;
    let fn = functions.get(key);
    if (fn === undefined) {
      fn = await load(target);
      functions.set(key, fn);
    }
    const result = await fn(...unpack(args));
    return { ok: pack([result], () => `the result of ${target.name}()`) };
  } catch (error) {
    return failed(error);
  }
}

async function load({ url, name }: Target): Promise<(...args: unknown[]) => unknown> {
  let module: Record<string, unknown>;
  try {
    module = (await import(url)) as Record<string, unknown>;
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new WorkerLoadError(`${url} could not be loaded in a worker (${reason}).`, { cause });
  }
  const found = module[name];
  if (typeof found === "function") return found as (...args: unknown[]) => unknown;
  const names = Object.keys(module).filter((key) => typeof module[key] === "function");
  throw new WorkerLoadError(
    `${url} has no exported function '${name}'` +
      (name in module
        ? `: '${name}' is ${typeof found === "object" ? "an object" : `a ${typeof found}`}`
        : "") +
      (names.length > 0 ? `. Its functions are: ${names.sort().join(", ")}.` : ". It exports no function."),
  );
}

/**
 * What crosses between threads: structured clone, without its silent losses.
 *
 * Structured clone copies a class instance as a plain object, so a `Decimal` or a model would arrive as a heap of
 * private parts. Here the values that this library hands out (decimals, Temporal, microseconds of a `Date`, `Buffer`,
 * `URL`, errors) arrive as what they were, and every other class instance is refused, by its place and class.
 */

import { types } from "node:util";
import { Decimal } from "../util/decimal.ts";
import { isRawJson, type RawJson, rawJson } from "../util/json.ts";
import { dateOf, subMilliseconds } from "../util/microseconds.ts";
import { Temporal } from "../util/temporal.ts";
import { UncloneableValueError } from "./errors.ts";
import type { PackedError } from "./thrown.ts";
import { packError, unpackError } from "./thrown.ts";

/** A value as it is posted; `tagged` says that some parts have to be made again on the other side. */
export interface Packed {
  readonly value: unknown;
  readonly tagged?: true;
}

/** The key of a stand-in. */
const TAG = "asgimod:tag";

/** What is posted in the place of a value. */
interface StandIn {
  readonly [TAG]: string;
  readonly data: unknown;
}

/** A class of values that cross, and how. */
interface Crossing {
  readonly name: string;
  /** Whether the value is one; subclasses are others' own. */
  is(value: object): boolean;
  /** What structured clone can copy. */
  data(value: object): unknown;
  make(data: unknown): unknown;
}

const TEMPORAL = ["PlainDate", "PlainTime", "PlainDateTime", "Instant", "ZonedDateTime", "Duration"] as const;

const crossings = new Map<string, Crossing>();

/** Lets the instances of a class cross: `data` takes one apart, `make` puts it together on the other side. */
export function registerCrossing<T extends object, D>(
  name: string,
  Class: abstract new (...args: never[]) => T,
  data: (value: T) => D,
  make: (data: D) => T,
): void {
  crossings.set(name, {
    name,
    is: (value) => Object.getPrototypeOf(value) === Class.prototype,
    data: (value) => data(value as T),
    make: (given) => make(given as D),
  });
}

registerCrossing("Decimal", Decimal, String, (text) => new Decimal(text));
registerCrossing(
  "Date",
  Date,
  (date): [number, number] => [date.getTime(), subMilliseconds(date)],
  (data) => dateOf(...data),
);
registerCrossing("URL", URL, String, (text) => new URL(text));
registerCrossing(
  "Buffer",
  Buffer as unknown as abstract new () => Buffer,
  (buffer) => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice(),
  (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
);
for (const name of TEMPORAL) {
  crossings.set(name, {
    name,
    is: (value) => (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === `Temporal.${name}`,
    data: String,
    make: (text) => Temporal[name].from(text as string),
  });
}
const RAW_JSON: Crossing = {
  name: "RawJSON",
  is: isRawJson,
  data: (value) => (value as RawJson).rawJSON,
  make: (text) => rawJson(text as string),
};
crossings.set(RAW_JSON.name, RAW_JSON);
crossings.set("Error", {
  name: "Error",
  is: (value) => value instanceof Error,
  data: (error) => packError(error, pack),
  make: (data) => unpackError(data as PackedError, unpack),
});

/** What structured clone copies faithfully, by prototype. */
const FAITHFUL: ReadonlySet<unknown> = new Set<unknown>([
  Date.prototype,
  RegExp.prototype,
  Boolean.prototype,
  Number.prototype,
  String.prototype,
  BigInt.prototype,
  ArrayBuffer.prototype,
  SharedArrayBuffer.prototype,
  DataView.prototype,
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array].map(
    (c) => c.prototype,
  ),
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array, Blob].map((c) => c.prototype),
]);

/**
 * Prepares values for `postMessage`, or says which of them cannot cross.
 *
 * @param values the values; nothing in them is changed
 * @param describe names the value of an index in an error, such as `argument 1 of work()`
 * @throws UncloneableValueError where a value cannot be copied, or would lose its class
 */
export function pack(values: readonly unknown[], describe: (index: number) => string): Packed {
  return scan(values, describe) ? { value: standIn(values, new Map()), tagged: true } : { value: values };
}

/** The values of {@link pack}, after structured clone. */
export function unpack(packed: Packed): unknown[] {
  return (packed.tagged ? revive(packed.value, new Map()) : packed.value) as unknown[];
}

/** Looks through everything; says whether there is anything that needs a stand-in. Iterative, so that depth does not matter. */
function scan(root: readonly unknown[], describe: (index: number) => string): boolean {
  let tagged = false;
  const nodes: object[] = [root];
  const parents: number[] = [-1];
  const keys: unknown[] = [null];
  let seen: Set<object> | null = null;

  const refuse = (at: number, key: unknown, why: string): never => {
    const path: unknown[] = [key];
    for (let i = at; i > 0; i = parents[i] as number) path.unshift(keys[i]);
    const inside = path.slice(1).map(pathStep).join("");
    throw new UncloneableValueError(
      `${describe(path[0] as number)} cannot be passed between threads: ${inside ? `\`${inside}\` ` : "it "}${why}. ` +
        "Only data can be copied: pass plain objects and arrays of values, for a model instance its primary key or toJSON().",
    );
  };
  const visit = (value: unknown, parent: number, key: unknown): void => {
    if (typeof value === "function")
      refuse(parent, key, value.name ? `is the function ${value.name}` : "is a function");
    if (typeof value === "symbol") refuse(parent, key, `is a symbol (${String(value)})`);
    if (typeof value !== "object" || value === null) return;
    const proto: unknown = Object.getPrototypeOf(value);
    if (types.isProxy(value)) refuse(parent, key, "is a Proxy");
    if (FAITHFUL.has(proto)) {
      if (proto === Date.prototype) tagged ||= subMilliseconds(value as Date) !== 0;
      else if (isDetached(value)) refuse(parent, key, "is a detached buffer");
      return;
    }
    if (isContainer(value, proto)) {
      seen ??= new Set();
      if (seen.has(value)) return;
      seen.add(value);
      nodes.push(value);
      parents.push(parent);
      keys.push(key);
      return;
    }
    if (crossingOf(value) !== null) tagged = true;
    else if (!types.isKeyObject(value) && !types.isCryptoKey(value))
      refuse(parent, key, `is ${nameOf(value)}`);
  };

  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as object;
    if (Array.isArray(node)) {
      for (let j = 0; j < node.length; j++) visit(node[j], i, j);
    } else if (node instanceof Map) {
      for (const [key, value] of node) {
        visit(key, i, key);
        visit(value, i, key);
      }
    } else if (node instanceof Set) {
      for (const value of node) visit(value, i, value);
    } else {
      for (const key of Object.keys(node)) {
        if (key === TAG) refuse(i, key, "is a name that this library uses itself");
        visit((node as Record<string, unknown>)[key], i, key);
      }
    }
  }
  return tagged;
}

function isContainer(value: object, proto: unknown): boolean {
  if (proto === null) return !isRawJson(value);
  if (proto === Object.prototype) return !(value instanceof Error);
  if (proto === Array.prototype || proto === Map.prototype || proto === Set.prototype) return true;
  // a plain object of another realm (node:vm, a test runner)
  return (
    Object.getPrototypeOf(proto) === null &&
    (proto as { constructor?: { name?: unknown } }).constructor?.name === "Object"
  );
}

function isDetached(value: object): boolean {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  return (buffer as { detached?: boolean }).detached === true;
}

/** How the instances of a prototype cross: a look at every class for each value would be dear. */
const byPrototype = new WeakMap<object, Crossing | null>();

function crossingOf(value: object): Crossing | null {
  const proto = Object.getPrototypeOf(value) as object | null;
  if (proto === null) return RAW_JSON;
  let crossing = byPrototype.get(proto);
  if (crossing === undefined) {
    crossing = [...crossings.values()].find((candidate) => candidate.is(value)) ?? null;
    byPrototype.set(proto, crossing);
  }
  return crossing;
}

function nameOf(value: object): string {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  if (types.isPromise(value)) return "a promise (await it first)";
  return typeof name === "string" && name !== "" ? `an instance of ${name}` : "an object with a class";
}

function pathStep(key: unknown): string {
  if (typeof key === "number") return `[${key}]`;
  return typeof key === "string" && /^[A-Za-z_$][\w$]*$/.test(key)
    ? `.${key}`
    : `[${String(JSON.stringify(key) ?? typeof key)}]`;
}

/** A copy in which every tagged value is a stand-in. */
function standIn(value: unknown, made: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  const proto: unknown = Object.getPrototypeOf(value);
  if (!isContainer(value, proto)) {
    const crossing = crossingOf(value);
    if (crossing === null || (proto === Date.prototype && subMilliseconds(value as Date) === 0)) return value;
    const copy: StandIn = { [TAG]: crossing.name, data: crossing.data(value) };
    made.set(value, copy);
    return copy;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = new Array(value.length);
    made.set(value, copy);
    for (let i = 0; i < value.length; i++) if (i in value) copy[i] = standIn(value[i], made);
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    made.set(value, copy);
    for (const [key, item] of value) copy.set(standIn(key, made), standIn(item, made));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    made.set(value, copy);
    for (const item of value) copy.add(standIn(item, made));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  made.set(value, copy);
  for (const key of Object.keys(value))
    setOwn(copy, key, standIn((value as Record<string, unknown>)[key], made));
  return copy;
}

/** Puts the real values back, in place: the clone belongs to nobody else. */
function revive(value: unknown, made: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (made.has(value)) return made.get(value);
  if (Array.isArray(value)) {
    made.set(value, value);
    for (let i = 0; i < value.length; i++) if (i in value) value[i] = revive(value[i], made);
  } else if (value instanceof Map) {
    made.set(value, value);
    const entries = [...value];
    value.clear();
    for (const [key, item] of entries) value.set(revive(key, made), revive(item, made));
  } else if (value instanceof Set) {
    made.set(value, value);
    const items = [...value];
    value.clear();
    for (const item of items) value.add(revive(item, made));
  } else if (TAG in value) {
    const real = made.get(value) ?? realOf(value as StandIn);
    made.set(value, real);
    return real;
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    made.set(value, value);
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) setOwn(record, key, revive(record[key], made));
  }
  return value;
}

function realOf({ [TAG]: kind, data }: StandIn): unknown {
  const crossing = crossings.get(kind);
  if (crossing === undefined)
    throw new UncloneableValueError(`A value of the kind '${kind}' is not known here.`);
  return crossing.make(data);
}

/** Assigns an own property, also where the key is `__proto__`. */
function setOwn(target: object, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else (target as Record<string, unknown>)[key] = value;
}

/**
 * The N+1 detector: tells when the same relation, or the same deferred column, is loaded one by one from the objects of
 * one queryset. For development; it takes a stack for each fetch.
 */
import { callerHere, callerOf, rememberCaller, wantCallers } from "../backends/base/caller.ts";
import { ArgumentTypeError, NPlusOneError, ValueError } from "../errors.ts";
import { prefetcherOf } from "../execute/prefetchers.ts";
import { ForeignObject } from "../fields/related/foreign-object.ts";
import { OneToOneRel } from "../fields/related/rel.ts";
import { type Asked, type LazyLoadObserver, lazyLoads, observeLazyLoads } from "../models/lazy-loads.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Hint } from "../query/chain/base.ts";

/** What the detector has found. */
export interface NPlusOne {
  /** The label of the model whose objects load something: `"shop.Pizza"`. */
  readonly model: string;
  /** The relation or column. */
  readonly name: string;
  /** From how many objects of one queryset it was loaded by now. */
  readonly count: number;
  /** The line of user code that loads, `/app/orders.ts:12:30`. */
  readonly caller: string | undefined;
  /** The line of user code that fetched the objects. */
  readonly fetchedAt: string | undefined;
  /** What would load everything along: `selectRelated("box")`. */
  readonly cure: string;
  /** All of it as a sentence. */
  readonly message: string;
}

export interface NPlusOneOptions {
  /** From how many objects of one queryset the same thing may be loaded one by one. Default 5. */
  threshold?: number;
  /** `"warn"` prints a warning, once for each queryset; `"throw"` throws `NPlusOneError`; or a function. Default `"warn"`. */
  action?: "warn" | "throw" | ((found: NPlusOne) => void);
}

/** The objects of one queryset, or what was reached from them over one path. */
class Origin {
  readonly path: readonly string[];
  readonly fetchedAt: string | undefined;
  readonly loads = new Map<string, Load>();
  readonly #children = new Map<string, Origin>();

  constructor(path: readonly string[], fetchedAt: string | undefined) {
    this.path = path;
    this.fetchedAt = fetchedAt;
  }

  child(name: string): Origin {
    let child = this.#children.get(name);
    if (child === undefined) {
      child = new Origin([...this.path, name], this.fetchedAt);
      this.#children.set(name, child);
    }
    return child;
  }
}

/** How often one thing was loaded, each object counted once. */
interface Load {
  readonly seen: WeakSet<ModelInstance>;
  count: number;
  told: boolean;
}

type Kind = Asked | "column" | "filtered";

class Detector implements LazyLoadObserver {
  readonly #threshold: number;
  readonly #tell: (found: NPlusOne) => void;
  /** What is told once, and what each time. */
  readonly #once: boolean;
  readonly #origins = new WeakMap<ModelInstance, Origin>();
  readonly #readings = new WeakMap<object, Origin>();
  readonly #plain = new WeakSet<object>();
  /** Whether the way to the objects goes over relations to one object only. */
  readonly #many = new WeakSet<Origin>();

  constructor(threshold: number, tell: (found: NPlusOne) => void, once: boolean) {
    this.#threshold = threshold;
    this.#tell = tell;
    this.#once = once;
  }

  fetched(objects: readonly ModelInstance[], hint: Hint | null, peers: object | undefined): void {
    const origin = this.#originOf(hint, peers);
    for (const object of objects) this.#adopt(object, origin);
  }

  #originOf(hint: Hint | null, peers: object | undefined): Origin {
    const parent = hint?.cacheName === undefined ? undefined : this.#origins.get(hint.instance);
    if (hint?.cacheName !== undefined && parent !== undefined) {
      const child = parent.child(hint.cacheName);
      const isMany = prefetcherOf(hint.instance, hint.cacheName)?.single !== true;
      if (isMany || this.#many.has(parent)) this.#many.add(child);
      return child;
    }
    const known = peers === undefined ? undefined : this.#readings.get(peers);
    if (known !== undefined) return known;
    const key = {};
    rememberCaller(key);
    const origin = new Origin([], callerOf(key));
    if (peers !== undefined) this.#readings.set(peers, origin);
    return origin;
  }

  /** Also what was loaded along belongs to the queryset. */
  #adopt(object: ModelInstance, origin: Origin): void {
    if (this.#origins.has(object)) return;
    this.#origins.set(object, origin);
    for (const [name, cached] of Object.entries(object._state.fieldsCache ?? {})) {
      const related = cached.value as ModelInstance | null;
      if (related === null || typeof related !== "object" || !("_state" in related)) continue;
      const child = origin.child(name);
      if (this.#many.has(origin)) this.#many.add(child);
      this.#adopt(related, child);
    }
  }

  isPlain(queryset: object): void {
    this.#plain.add(queryset);
  }

  loading({ instance, cacheName }: Hint, asked: Asked, source: object): void {
    if (cacheName === undefined) return;
    const single = prefetcherOf(instance, cacheName)?.single === true;
    const filtered = asked === "rows" && !single && !this.#plain.has(source);
    this.#count(instance, cacheName, filtered ? "filtered" : asked, source);
  }

  loadingColumns(instance: ModelInstance, attnames: readonly string[]): void {
    for (const name of attnames) this.#count(instance, name, "column", instance);
  }

  #count(instance: ModelInstance, name: string, kind: Kind, source: object): void {
    const origin = this.#origins.get(instance);
    if (origin === undefined) return;
    let load = origin.loads.get(`${kind} ${name}`);
    if (load === undefined) {
      load = { seen: new WeakSet(), count: 0, told: false };
      origin.loads.set(`${kind} ${name}`, load);
    }
    if (load.seen.has(instance)) return;
    load.seen.add(instance);
    load.count += 1;
    if (load.count <= this.#threshold || (load.told && this.#once)) return;
    load.told = true;
    this.#tell(this.#finding(instance, name, kind, origin, load.count, callerHere() ?? callerOf(source)));
  }

  #finding(
    instance: ModelInstance,
    name: string,
    kind: Kind,
    origin: Origin,
    count: number,
    caller: string | undefined,
  ): NPlusOne {
    const { label, objectName } = instance._meta;
    const isSelectable = kind !== "column" && !this.#many.has(origin) && isJoinable(instance, name);
    const cure = cureFor([...origin.path, name].join("__"), kind, isSelectable);
    const { fetchedAt } = origin;
    const message =
      `N+1 queries: ${objectName}.${name} was ${VERBS[kind]} one by one for ${count} objects of one queryset` +
      `${caller === undefined ? "" : `, at ${caller}`}. Load it along${
        fetchedAt === undefined ? "" : ` where the objects are fetched, at ${fetchedAt}`
      }: ${cure}.`;
    return { model: label, name, count, caller, fetchedAt, cure, message };
  }
}

/** Whether `selectRelated` can load the relation. */
function isJoinable(instance: ModelInstance, name: string): boolean {
  const relation = prefetcherOf(instance, name)?.relation;
  return relation instanceof ForeignObject || relation instanceof OneToOneRel;
}

const VERBS: Readonly<Record<Kind, string>> = {
  rows: "loaded",
  filtered: "queried",
  count: "counted",
  exists: "asked for",
  column: "loaded",
};

function cureFor(path: string, kind: Kind, isSelectable: boolean): string {
  switch (kind) {
    case "column":
      return `only(..., "${path}"), or no defer("${path}")`;
    case "count":
      return `annotate(Count("${path}")), or prefetchRelated("${path}")`;
    case "exists":
      return `annotate({ ...: Exists(...) }), or prefetchRelated("${path}")`;
    case "filtered":
      return `prefetchRelated(Prefetch("${path}", { queryset: ... }))`;
    default:
      return isSelectable ? `selectRelated("${path}")` : `prefetchRelated("${path}")`;
  }
}

/**
 * Watches, from now on, for relations and deferred columns that are loaded one by one from the objects of one queryset,
 * and tells the line of code and the cure. For development and tests: each fetch costs some microseconds more.
 *
 * @returns a function that ends it
 * @throws `NPlusOneError`, with `{ action: "throw" }`, where one object too many loads the same thing
 *
 * @example
 * const stop = detectNPlusOne({ action: "throw" });
 * for (const pizza of Pizza.objects.all()) pizza.box?.name; // throws, from the sixth pizza on:
 * // N+1 queries: Pizza.box was loaded one by one for 6 objects of one queryset, at /app/menu.ts:2:52. Load it along
 * // where the objects are fetched, at /app/menu.ts:2:20: selectRelated("box").
 */
export function detectNPlusOne(options: NPlusOneOptions = {}): () => void {
  const { threshold = 5, action = "warn" } = options;
  if (!Number.isInteger(threshold) || threshold < 1)
    throw new ValueError("threshold must be a number of objects.");
  const tell = typeof action === "function" ? action : ACTIONS[action];
  if (tell === undefined) throw new ArgumentTypeError(`action must be "warn", "throw" or a function.`);
  const detector = new Detector(threshold, tell, action !== "throw");
  const without = wantCallers();
  observeLazyLoads(detector);
  return () => {
    without();
    if (lazyLoads === detector) observeLazyLoads(null);
  };
}

const ACTIONS: Readonly<Record<string, (found: NPlusOne) => void>> = {
  warn: ({ message }) => console.warn(message),
  throw: ({ message }) => {
    throw new NPlusOneError(message);
  },
};

/**
 * Models, objects and querysets without their types, so that a case is written once, in the words of the sync half, for both
 * colours: in the async one `blog.entry_set` is `blog.aentry_set`, and what follows a promise waits for it.
 */
import * as asgimod from "asgimod";
import * as models from "./models.ts";

export type Colour = "sync" | "async";

type Name =
  | "Author"
  | "Avg"
  | "Blog"
  | "Case"
  | "Count"
  | "Detail"
  | "Entry"
  | "Exists"
  | "ExtractYear"
  | "F"
  | "FilteredRelation"
  | "FloatField"
  | "IntegerField"
  | "Length"
  | "Lower"
  | "Max"
  | "Membership"
  | "Min"
  | "OuterRef"
  | "Person"
  | "Prefetch"
  | "Q"
  | "StdDev"
  | "Subquery"
  | "Sum"
  | "Team"
  | "ThemeBlog"
  | "Upper"
  | "Value"
  | "Variance"
  | "When"
  | "Window"
  | "_state"
  | "add"
  | "adding"
  | "aggregate"
  | "alias"
  | "all"
  | "and"
  | "annotate"
  | "aprefetchRelatedObjects"
  | "asc"
  | "at"
  | "authors"
  | "blog"
  | "blog_id"
  | "blog_ptr"
  | "bs"
  | "bulkCreate"
  | "bulkUpdate"
  | "clear"
  | "contains"
  | "count"
  | "create"
  | "dates"
  | "datetimes"
  | "db"
  | "defer"
  | "delete"
  | "desc"
  | "detail"
  | "difference"
  | "distinct"
  | "div"
  | "earliest"
  | "entry_id"
  | "entry_set"
  | "equals"
  | "eval"
  | "exclude"
  | "exists"
  | "explain"
  | "extra"
  | "filter"
  | "first"
  | "fromDb"
  | "fullClean"
  | "g"
  | "get"
  | "getDeferredFields"
  | "getOrCreate"
  | "get_next_by_published"
  | "get_previous_by_published"
  | "get_size_display"
  | "headline"
  | "id"
  | "inBulk"
  | "intersection"
  | "invited"
  | "iterator"
  | "last"
  | "latest"
  | "members"
  | "membership_set"
  | "mentor"
  | "mul"
  | "nom"
  | "none"
  | "not"
  | "objects"
  | "only"
  | "or"
  | "orderBy"
  | "ordered"
  | "pk"
  | "pk2"
  | "prefetchRelated"
  | "prefetchRelatedObjects"
  | "published"
  | "pupils"
  | "rating"
  | "raw"
  | "refreshFromDb"
  | "remove"
  | "reverse"
  | "save"
  | "selectForUpdate"
  | "selectRelated"
  | "set"
  | "size"
  | "slice"
  | "tagline"
  | "team_set"
  | "text"
  | "theme"
  | "themeblog"
  | "through"
  | "two"
  | "union"
  | "update"
  | "updateOrCreate"
  | "using"
  | "values"
  | "valuesList"
  | "xor";

/** Anything: a model, an object, a queryset, a method, a value. */
export type Loose = { [K in Name | 0 | 1]: Loose } & {
  (...args: readonly unknown[]): Loose;
  new (...args: readonly unknown[]): Loose;
};

type Call = (...args: unknown[]) => unknown;
type Class = new (...args: unknown[]) => object;

/** Functions that take objects in the words of the sync half, and classes that make such. */
function taking(exports: object, colour: Colour): Loose {
  return new Proxy(exports, {
    get(target, name) {
      const found = (target as Record<string | symbol, unknown>)[name];
      if (typeof found !== "function") return found;
      return new Proxy(found, {
        get: (f, key) => Reflect.get(f, key, f) as unknown,
        apply: (f, _this, args: readonly unknown[]) => (f as Call)(...args.map(bare)),
        construct: (f, args: readonly unknown[]) =>
          inColour(new (f as unknown as Class)(...args.map(bare)), colour),
      });
    },
  }) as Loose;
}

/** Everything that the library exports. */
export const library = taking({ ...asgimod }, "sync");

/** The models; their objects are in the words of the sync half. */
export const classesIn = (colour: Colour): Loose => taking({ ...models }, colour);

/** The first manager of a model in a colour. */
export function managerOf(model: Loose, colour: Colour): Loose {
  const { objects, aobjects } = model as unknown as Record<"objects" | "aobjects", object>;
  return colour === "sync" ? (objects as Loose) : wrap(aobjects);
}

/** An object in the words of the sync half. */
export function inColour(object: unknown, colour: Colour): Loose {
  return colour === "sync" ? (object as Loose) : wrap(object);
}

/** What `make` gives for each of the rows, one after the other. */
export async function each(rows: unknown, make: (row: Loose) => unknown, colour: Colour): Promise<unknown[]> {
  const result: unknown[] = [];
  for await (const row of unwrap(await rows) as AsyncIterable<unknown>)
    result.push(await plain(make(inColour(row, colour))));
  return result;
}

const targets = new WeakMap<object, unknown>();

export function unwrap(value: unknown): unknown {
  const isObject = typeof value === "function" || (typeof value === "object" && value !== null);
  return isObject && targets.has(value) ? targets.get(value) : value;
}

/** An argument, with what it holds, as it is. */
function bare(argument: unknown): unknown {
  const value = unwrap(argument);
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, bare(part)]));
}

function isInstance(value: unknown): boolean {
  return typeof value === "object" && value !== null && "_meta" in value && "_state" in value;
}

/** An attribute; of an object its async half, where there is one. */
function member(target: object, name: string | symbol): unknown {
  const half = typeof name === "string" && isInstance(target) ? `a${name}` : name;
  const found = half in target ? half : name;
  const value = (target as Record<string | symbol, unknown>)[found];
  return typeof value === "function" && !("_meta" in value) ? value.bind(target) : value;
}

/** What a promise resolves to, in a box: a queryset, which may be awaited, stays one. */
interface Box {
  readonly value: unknown;
}

const boxed = async (value: unknown): Promise<Box> =>
  value instanceof Promise ? { value: await value } : { value };

function wrap(given: unknown): Loose {
  const target = unwrap(given);
  if (typeof target !== "function" && (typeof target !== "object" || target === null)) return target as Loose;
  return target instanceof Promise ? later(boxed(target)) : now(target);
}

/** What comes of a value that is there. */
function now(target: object): Loose {
  return proxy(target, {
    get: (name) => wrap(member(target, name)),
    call: (args) => wrap((target as Call)(...args)),
    settle: "then" in target && typeof target.then === "function" ? async () => wrap(await target) : null,
  });
}

/** What will come of a promise. */
function later(box: Promise<Box>): Loose {
  return proxy(box, {
    get: (name) => later(box.then(({ value }) => boxed(member(value as object, name)))),
    call: (args) => later(box.then(({ value }) => boxed((value as Call)(...args)))),
    settle: async () => wrap((await box).value),
  });
}

interface Behaviour {
  get(name: string | symbol): Loose;
  call(args: unknown[]): Loose;
  /** What is awaited, if anything is. */
  settle: (() => Promise<unknown>) | null;
}

function proxy(target: object, { get, call, settle }: Behaviour): Loose {
  const made = new Proxy(function anything() {}, {
    get(_target, name) {
      if (name !== "then") return get(name);
      if (settle === null) return undefined;
      return (done: (value: unknown) => unknown, failed: (error: unknown) => unknown) =>
        settle().then(done, failed);
    },
    set(_target, name, value) {
      (target as Record<string | symbol, unknown>)[name] = unwrap(value);
      return true;
    },
    apply: (_target, _this, args: readonly unknown[]) => call(args.map(bare)),
  });
  if (target instanceof Promise) target.catch(() => {});
  targets.set(made, target);
  return made as unknown as Loose;
}

/** A value as `django_answers.py` writes it. */
export async function plain(given: unknown): Promise<unknown> {
  const value = unwrap(await given);
  if (value === undefined) return null;
  if (typeof value === "number") return Number.isInteger(value) ? value : Math.round(value * 1e9) / 1e9;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString().slice(0, 19);
  if (isInstance(value)) {
    const instance = value as { pk: unknown; _meta: { objectName: string } };
    return `${instance._meta.objectName}:${String(instance.pk)}`;
  }
  if (value instanceof Set) return [...value].map(String).sort();
  if (value instanceof asgimod.Decimal || String(value.constructor?.name).startsWith("Plain"))
    return String(value);
  if (Symbol.iterator in value) return all(value as Iterable<unknown>);
  if (Symbol.asyncIterator in value) {
    const rows: unknown[] = [];
    for await (const row of value as AsyncIterable<unknown>) rows.push(row);
    return all(rows);
  }
  return all(Object.entries(value));
}

async function all(values: Iterable<unknown>): Promise<unknown[]> {
  const result: unknown[] = [];
  for (const value of values) result.push(await plain(value));
  return result;
}

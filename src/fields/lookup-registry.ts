/**
 * Which lookups and transforms a field class knows. Nothing here knows what a lookup is: the classes register
 * themselves, on a field class for all its fields, or on one field.
 */

/** A lookup (`exact`, `icontains`) or a transform (`year`, `lower`). */
export interface RegisteredLookup {
  readonly lookupName?: string | null;
  /** Transforms may be followed by more; lookups end a path. */
  readonly lookupKind: "lookup" | "transform";
}

type Own = Map<string, RegisteredLookup>;

const ofClass = new WeakMap<object, Own>();
/** Lookups of a class and of all that it extends; forgotten when any class learns a lookup. */
let merged = new WeakMap<object, Own>();

let changed: () => void = () => {};

/** Says what is to be done when a lookup comes or goes: queries that were resolved before must not be kept. */
export function onLookupsChanged(listener: () => void): void {
  changed = listener;
}

/**
 * Makes a lookup known to a class (or to one field) and to all that extend it.
 *
 * @param owner - a field class, or a field.
 * @param name - the name in queries; the lookup's own `lookupName` when left out.
 */
export function registerLookup<L extends RegisteredLookup>(owner: object, lookup: L, name?: string): L {
  const key = name ?? lookup.lookupName;
  if (key === null || key === undefined)
    throw new TypeError("A lookup needs a lookupName, or a name to be registered by.");
  const own = ofClass.get(owner) ?? new Map<string, RegisteredLookup>();
  own.set(key, lookup);
  ofClass.set(owner, own);
  merged = new WeakMap();
  changed();
  return lookup;
}

/** Takes a lookup away again. */
export function unregisterLookup(owner: object, lookup: RegisteredLookup, name?: string): void {
  ofClass.get(owner)?.delete(name ?? lookup.lookupName ?? "");
  merged = new WeakMap();
  changed();
}

/** The lookups of a class, with those of the classes that it extends. */
export function classLookups(owner: object): ReadonlyMap<string, RegisteredLookup> {
  const known = merged.get(owner);
  if (known !== undefined) return known;
  const parent: unknown = Object.getPrototypeOf(owner);
  const inherited = typeof parent === "function" && parent !== Function.prototype ? classLookups(parent) : [];
  const all = new Map([...inherited, ...(ofClass.get(owner) ?? [])]);
  merged.set(owner, all);
  return all;
}

/** The lookups of one field: those of its class, and its own. */
export function lookupsOf(field: object): ReadonlyMap<string, RegisteredLookup> {
  const own = ofClass.get(field);
  const inherited = classLookups(field.constructor);
  return own === undefined ? inherited : new Map([...inherited, ...own]);
}

/** One lookup or transform of a field. */
export function findLookup(field: object, name: string): RegisteredLookup | undefined {
  return ofClass.get(field)?.get(name) ?? classLookups(field.constructor).get(name);
}

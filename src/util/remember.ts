/** A memory for readers of database rows, whose values repeat. */

const LIMIT = 4096;

/**
 * Remembers what a function made of its argument. Only for results that never change; making a Temporal value
 * costs a microsecond, finding one again a fiftieth of it.
 */
export function remembering<K, T>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    // A Map takes -0 for 0.
    if (Object.is(key, -0)) return make(key);
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = make(key);
    if (known.size >= LIMIT) known.clear();
    known.set(key, value);
    return value;
  };
}

/** The clock behind `autoNow` and `autoNowAdd`; a test can stop it. */

let source: () => Date = () => new Date();

/** The present moment. */
export function now(): Date {
  return source();
}

/**
 * Replaces the clock, for tests.
 *
 * @param clock - gives the present moment; `null` is the system's clock.
 * @returns a function that puts the former clock back.
 * @example
 * setClock(() => new Date("2024-01-15T12:00:00Z"));
 */
export function setClock(clock: (() => Date) | null): () => void {
  const former = source;
  source = clock ?? (() => new Date());
  return () => {
    source = former;
  };
}

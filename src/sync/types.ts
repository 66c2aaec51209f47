/** The types of wrapped functions. */

/** Any function, as a constraint. */
export type AnyFunction = (...args: never[]) => unknown;

/**
 * `F` with a promise of its result.
 *
 * @example
 * type A = Asyncified<(title: string, words?: number) => string>; // (title: string, words?: number) => Promise<string>
 */
export type Asyncified<F extends AnyFunction> = F extends (...args: infer A) => infer R
  ? (...args: A) => Promise<Awaited<R>>
  : never;

/**
 * `F` with what its promise is fulfilled with.
 *
 * @example
 * type A = Syncified<(id: number) => Promise<string>>; // (id: number) => string
 */
export type Syncified<F extends AnyFunction> = F extends (...args: infer A) => infer R
  ? (...args: A) => Awaited<R>
  : never;
